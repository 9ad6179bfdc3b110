#include "report/html/style.hpp"

#include "report/html/drawing.hpp"
#include "report/html/heat.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace loadgen {
namespace {

constexpr std::array inks = {Ink::text, Ink::muted, Ink::grid, Ink::reset, Ink::loss, Ink::data};

constexpr std::string_view light_ground =
    "--ground:#fff;--card:#f7f8fa;--good:#1a6e31;--bad:#b42318;--open:#7d4e00;--on-badge:#fff;";
constexpr std::string_view dark_ground =
    "--ground:#14181d;--card:#1b2026;--good:#56d364;--bad:#ff9389;--open:#e3b341;--on-badge:#14181d;";

// A class for what is filled and for what is stroked; the one for fills serves HTML's text too.
std::string colours(bool dark) {
    std::string text = fmt::format(":root{{{}", dark ? dark_ground : light_ground);
    for (const Ink ink : inks)
        text += fmt::format("--{}:{};", class_of(ink), dark ? dark_colour(ink) : light_colour(ink));
    for (const Heat& heat : heats())
        text += fmt::format("--{}:{};", heat.name, dark ? heat.dark : heat.light);
    return text + "}\n";
}

std::string classes() {
    std::string text;
    for (const Ink ink : inks)
        text += fmt::format(".f-{0}{{fill:var(--{0});color:var(--{0})}}.s-{0}{{stroke:var(--{0})}}\n",
                            class_of(ink));
    for (const Heat& heat : heats())
        text += fmt::format(".{0}{{background:var(--{0})}}\n", heat.name);
    return text;
}

constexpr std::string_view rules = R"(
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:20px 16px 48px;background:var(--ground);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:clamp(22px,3.2vw,32px);line-height:1.25;margin:10px 0 12px;max-width:30em;text-wrap:balance}
h2{font-size:19px;margin:40px 0 12px}
h3{font-size:16px;margin:0 0 4px}
p{margin:6px 0;max-width:72ch}
.badge{display:inline-block;padding:2px 10px;border-radius:3px;font-weight:600;color:var(--on-badge)}
.good{background:var(--good)}.bad{background:var(--bad)}.open{background:var(--open)}.plain{background:var(--muted)}
.name{color:var(--muted);margin:0 0 0 8px}
.chapter+.chapter{border-top:1px solid var(--grid);margin-top:44px;padding-top:28px}
.figures{columns:2 440px;column-gap:20px;margin:24px 0}
figure{margin:0 0 20px;padding:16px;background:var(--card);border-radius:6px;break-inside:avoid}
figure svg{display:block;width:100%;max-width:640px;height:auto}
figcaption p{color:var(--muted);font-size:14px;margin:0 0 12px}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px;margin:8px 0}
caption{text-align:left;font-weight:600;padding:6px 0 2px}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--grid);white-space:nowrap}
th{font-weight:600}thead th{color:var(--muted)}
td[bgcolor]{padding-left:12px}.none{color:var(--muted)}
summary{cursor:pointer;color:var(--data);font-size:14px;margin-top:8px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 20px;margin:8px 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--card);padding:12px;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px}
footer{color:var(--muted);font-size:13px;margin-top:44px}
@media (max-width:560px){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{body{max-width:none;padding:0;font-size:12px}details{display:none}figure{border:1px solid var(--grid)}}
)";

} // namespace

std::string style_sheet() {
    return fmt::format("{}@media screen and (prefers-color-scheme:dark){{{}}}\n{}{}", colours(false),
                       colours(true), classes(), rules);
}

} // namespace loadgen
