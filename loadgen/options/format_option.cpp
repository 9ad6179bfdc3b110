#include "options/format_option.hpp"

#include "measure/shown.hpp"
#include "process/exit_code.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

std::string names(std::string_view between) {
    std::string text;
    for (const Format& format : formats())
        text += fmt::format("{}{}", text.empty() ? "" : between, format.name);
    return text;
}

} // namespace

void FormatOption::add_to(options::options_description& group) {
    group.add_options()("format", options::value(&name_)->value_name(names("|")),
                        fmt::format("what goes to stdout ({})", formats().front().name).c_str())(
        "json", options::bool_switch(&json_), "the same as --format json");
}

const Format& FormatOption::chosen() const {
    if (json_ && !name_.empty() && name_ != "json")
        throw UsageError(fmt::format("--json and --format {} exclude each other", name_));
    const std::string wanted = json_ ? "json" : name_.empty() ? std::string(formats().front().name) : name_;
    if (const Format* const format = format_named(wanted))
        return *format;
    throw UsageError(fmt::format("--format '{}' is none of {}", shown_value(wanted), names(", ")));
}

} // namespace loadgen
