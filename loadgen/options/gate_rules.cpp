#include "options/gate_rules.hpp"

#include "options/duration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <charconv>
#include <stdexcept>

namespace loadgen {
namespace {

template <class... Arguments>
[[noreturn]] void refuse(std::string_view rule, fmt::format_string<Arguments...> why,
                         Arguments&&... arguments) {
    throw std::invalid_argument(
        fmt::format("'{}': {}", rule, fmt::format(why, std::forward<Arguments>(arguments)...)));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

template <class Number, class... Format>
std::optional<Number> number_in(std::string_view text, Format... format) {
    Number number{};
    const char* const end = text.data() + text.size();
    if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0) // no sign, inf or nan
        return std::nullopt;
    const auto [rest, error] = std::from_chars(text.data(), end, number, format...);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return number;
}

std::optional<double> decimal_in(std::string_view text) {
    return number_in<double>(text, std::chars_format::fixed);
}

Limit parse_share(std::string_view text, std::string_view rule) {
    const auto share = decimal_in(text.substr(0, text.size() - 1));
    if (!share || *share > 100)
        refuse(rule, "'{}' is no share of the attempts; write one from 0% to 100%", text);
    return Percent{*share};
}

Limit parse_limit(std::string_view text, const Quantity& quantity, std::string_view rule) {
    const bool is_share = text.ends_with('%');
    switch (quantity.unit) {
    case Unit::attempts:
        if (is_share)
            return parse_share(text, rule);
        if (const auto count = number_in<std::uint64_t>(text))
            return *count;
        refuse(rule, "'{}' is neither a whole number nor a share of the attempts; write 10 or 0.1%", text);
    case Unit::number:
        if (const auto count = number_in<std::uint64_t>(text))
            return *count;
        refuse(rule, "'{}' is not a whole number, and {} is no share of the attempts; write 10", text,
               quantity.name);
    case Unit::rate:
        if (const auto rate = decimal_in(text))
            return *rate;
        refuse(rule, "'{}' is not a number per second; write 1000 or 0.5", text);
    case Unit::time:
        break;
    }
    try {
        return parse_duration(text);
    } catch (const std::invalid_argument& error) {
        refuse(rule, "{}", error.what());
    }
}

Quantity parse_name(std::string_view text, std::string_view rule) {
    if (auto quantity = quantity_named(text))
        return std::move(*quantity);
    if (text == "reset")
        refuse(rule,
               "there is no 'reset', which would leave out some resets; write resets, or reset_reuse for "
               "those of a phase");
    refuse(rule,
           "there is no '{}' to measure; write a name such as lost, resets, closed_reuse, http_5xx, "
           "p99.9 or answers_per_s (see --help)",
           text);
}

Rule parse_rule(std::string_view text) {
    const auto at = text.find_first_of("<>");
    if (at == std::string_view::npos)
        refuse(text, "this is no rule; write a name, one of > >= < <=, and a limit, such as lost>0");
    const bool or_equal = text.substr(at + 1).starts_with('=');
    const Quantity quantity = parse_name(trimmed(text.substr(0, at)), text);
    Rule rule{.name = quantity.name};
    if (text[at] == '>')
        rule.relation = or_equal ? Relation::at_least : Relation::above;
    else
        rule.relation = or_equal ? Relation::at_most : Relation::below;
    rule.limit = parse_limit(trimmed(text.substr(at + (or_equal ? 2 : 1))), quantity, text);
    if (is_always_broken(rule))
        refuse(text, "every run breaks this rule; write > for >=, or < for <=");
    if (is_never_broken(rule))
        refuse(text, "no run can break this rule; write what must not be, such as lost>0 or answers<99%");
    return rule;
}

} // namespace

std::vector<Rule> parse_rules(std::string_view text) {
    std::vector<Rule> rules;
    for (std::size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
        end = text.find(',', begin);
        rules.push_back(parse_rule(trimmed(text.substr(begin, end - begin))));
    }
    return rules;
}

std::string rules_help() {
    return fmt::format(
        "a name, one of > >= < <=, and a limit. A broken one is named on stderr with what was measured, and "
        "for failures in which cause and phase. Where nothing was measured it is broken, too.\n"
        "  counts      {}; closed_reuse and the like, CAUSE_PHASE; reset_PHASE: all resets in that phase. "
        "Limit: a whole number, or a share of the attempts (0.1%)\n"
        "  per-second  {}. Limit: a number\n"
        "  latencies   p50 p99 p99.9 (p999) max, of the answers; connect_p99, first_byte_p99, ... likewise. "
        "Limit: a duration (50ms)",
        fmt::join(count_names(), " "), fmt::join(rate_names(), " "));
}

} // namespace loadgen
