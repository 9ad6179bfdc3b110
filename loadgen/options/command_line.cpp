#include "options/command_line.hpp"

#include "help/text.hpp"
#include "measure/shown.hpp"
#include "options/duration.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <utility>

namespace loadgen {
namespace {

template <class Set>
options::value_semantic* checked_value(const char* value_name, Set set) {
    return options::value<std::string>()->value_name(value_name)->notifier(std::move(set));
}

template <class Number>
bool is_number(std::string_view text, Number& number) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && rest == end && !text.empty();
}

// Runs `parse`, putting the option's name before what it complains of.
template <class Parse>
auto named(const std::string& option, Parse parse) {
    try {
        return parse();
    } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("--{} {}", option, error.what()));
    }
}

OptionHelp help_of(const options::option_description& option) {
    using namespace options::command_line_style;
    const std::string dashed = option.canonical_display_name(allow_dash_for_short);
    const bool has_value = option.semantic()->max_tokens() > 0;
    return {.name = option.long_name(),
            .letter = dashed.size() == 2 ? dashed.substr(1) : "",
            .value = has_value ? option.semantic()->name() : "",
            .text = option.description(),
            .is_repeatable = option.semantic()->is_composing()};
}

UsageError too_short(const std::string& option, std::chrono::nanoseconds low, const std::string& text) {
    return UsageError{fmt::format("--{} '{}' is too short: at least {} is wanted", option, text,
                                  Delay::constant(low).text())};
}

std::chrono::nanoseconds checked_duration(const std::string& option, std::chrono::nanoseconds low,
                                          const std::string& text) {
    const auto duration = named(option, [&] { return parse_duration(text); });
    if (duration < low)
        throw too_short(option, low, text);
    return duration;
}

std::uint64_t checked_count(const std::string& option, std::uint64_t low, std::uint64_t high,
                            const std::string& text) {
    std::uint64_t number = 0;
    if (!is_number(text, number) || number < low || number > high)
        throw UsageError(fmt::format("--{} '{}' is not a whole number from {} to {}", option,
                                     shown_value(text), low, high));
    return number;
}

double checked_positive(const std::string& option, const std::string& text) {
    double number = 0;
    if (!is_number(text, number) || !(number > 0) || !std::isfinite(number))
        throw UsageError(fmt::format("--{} '{}' is not a number greater than 0", option, shown_value(text)));
    return number;
}

// Values of a repeatable option, each checked.
template <class Check, class Set>
options::value_semantic* checked_values(const char* value_name, Check check, Set set) {
    return options::value<std::vector<std::string>>()
        ->composing()
        ->value_name(value_name)
        ->notifier([=](const std::vector<std::string>& texts) {
            std::vector<decltype(check(std::string{}))> values;
            std::transform(texts.begin(), texts.end(), std::back_inserter(values), check);
            set(std::move(values));
        });
}

// The name alone: what stands behind it, or in its place, may be a secret.
std::string option_name_in(const std::string& text) {
    const auto end = std::find_if(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_';
    });
    const bool is_letter = text.starts_with('-') && !text.starts_with("--");
    const auto length = static_cast<std::size_t>(end - text.begin());
    return text.substr(0, is_letter ? std::min<std::size_t>(length, 2) : length);
}

// What a shell has made of a value without quotes. It may be a secret, so that it is named by its place.
void refuse_stray(Arguments arguments, const std::vector<std::string>& positional) {
    for (const std::string& word : positional)
        if (word.find("://") == std::string::npos)
            throw UsageError(
                fmt::format("argument {} is neither an option nor a URL; a value with a space in it needs "
                            "quotes, as in -H 'Name: value' (see --help)",
                            std::find(arguments.begin(), arguments.end(), word) - arguments.begin() + 1));
}

// What is wrong with the options. Boost's own sentences quote what was given.
std::string sentence_of(const options::error& error) {
    if (const auto* const unknown = dynamic_cast<const options::unknown_option*>(&error))
        return fmt::format("unrecognised option '{}'", option_name_in(unknown->get_option_name()));
    if (const auto* const invalid = dynamic_cast<const options::validation_error*>(&error))
        return fmt::format("the value of the option '{}' is invalid",
                           option_name_in(invalid->get_option_name()));
    if (dynamic_cast<const options::invalid_config_file_syntax*>(&error) != nullptr)
        return "the config file has a line that is not of the form `name = value`";
    return error.what();
}

} // namespace

options::value_semantic* count_value(std::string option, std::uint64_t low, std::uint64_t high,
                                     std::function<void(std::uint64_t)> set) {
    return checked_value("N", [=, option = std::move(option), set = std::move(set)](const std::string& text) {
        set(checked_count(option, low, high, text));
    });
}

options::value_semantic* count_values(std::string option, std::uint64_t low, std::uint64_t high,
                                      std::function<void(std::vector<std::uint64_t>)> set) {
    return checked_values(
        "N",
        [=, option = std::move(option)](const std::string& text) {
            return checked_count(option, low, high, text);
        },
        std::move(set));
}

options::value_semantic* duration_value(std::string option, std::chrono::nanoseconds low,
                                        std::function<void(std::chrono::nanoseconds)> set) {
    return checked_value("T", [=, option = std::move(option), set = std::move(set)](const std::string& text) {
        set(checked_duration(option, low, text));
    });
}

options::value_semantic* delay_values(std::string option, std::chrono::nanoseconds low,
                                      std::function<void(std::vector<Delay>)> set) {
    return checked_values(
        "D",
        [=, option = std::move(option)](const std::string& text) {
            const Delay delay = named(option, [&] { return parse_delay(text); });
            if (delay.mean() < low)
                throw too_short(option, low, text);
            return delay;
        },
        std::move(set));
}

options::value_semantic* delay_value(std::string option, std::function<void(Delay)> set) {
    return checked_value("D", [option = std::move(option), set = std::move(set)](const std::string& text) {
        set(named(option, [&] { return parse_delay(text); }));
    });
}

options::value_semantic* positive_value(std::string option, const char* value_name,
                                        std::function<void(double)> set) {
    return checked_value(value_name, [option = std::move(option), set = std::move(set)](
                                         const std::string& text) { set(checked_positive(option, text)); });
}

options::value_semantic* positive_values(std::string option, const char* value_name,
                                         std::function<void(std::vector<double>)> set) {
    return checked_values(
        value_name,
        [option = std::move(option)](const std::string& text) { return checked_positive(option, text); },
        std::move(set));
}

options::value_semantic* fraction_value(std::string option, double low, double high,
                                        std::function<void(double)> set) {
    return checked_value("P", [=, option = std::move(option), set = std::move(set)](const std::string& text) {
        double number = 0;
        if (!is_number(text, number) || !(number >= low && number < high))
            throw UsageError(fmt::format("--{} '{}' is not a number from {} to below {}", option,
                                         shown_value(text), low, high));
        set(number);
    });
}

CommandLine::CommandLine(std::string usage, std::string about, std::vector<Section> sections)
    : usage_(std::move(usage)), about_(std::move(about)), sections_(std::move(sections)) {}

options::options_description& CommandLine::group(const std::string& title) {
    const auto found =
        std::find_if(groups_.begin(), groups_.end(), [&](const auto& group) { return group.title == title; });
    return (found != groups_.end() ? *found : groups_.emplace_back(OptionGroup{title, {}})).options;
}

std::deque<OptionGroup> CommandLine::all_groups() const {
    std::deque<OptionGroup> groups = groups_;
    if (groups.size() != 1)
        groups.emplace_back(OptionGroup{"Other", {}});
    groups.back().options.add_options()(
        "config", options::value<std::string>()->value_name("FILE"),
        "more options from FILE, a `name = value` a line; the command line wins")("help,h", "show this help");
    return groups;
}

CommandHelp CommandLine::help() const {
    CommandHelp help{.name = usage_.substr(0, usage_.find(' ')),
                     .summary = {},
                     .usage = usage_,
                     .about = about_,
                     .groups = {},
                     .sections = sections_};
    for (const OptionGroup& group : all_groups()) {
        auto& options = help.groups.emplace_back(OptionGroupHelp{group.title, {}}).options;
        for (const auto& option : group.options.options())
            options.push_back(help_of(*option));
    }
    return help;
}

bool CommandLine::parse(Arguments arguments, std::vector<std::string>& positional, std::size_t most) {
    options::options_description visible;
    for (const auto& group : all_groups())
        visible.add(group.options);
    options::options_description all;
    all.add(visible).add_options()("positional", options::value<std::vector<std::string>>());
    options::positional_options_description positions;
    positions.add("positional", -1);

    try {
        using namespace options::command_line_style;
        options::variables_map values;
        options::store(
            options::command_line_parser(std::vector<std::string>(arguments.begin(), arguments.end()))
                .options(all)
                .positional(positions)
                .style(unix_style & ~allow_guessing)
                .run(),
            values);
        if (values.count("help") > 0) {
            fmt::print("{}", help_text(help()));
            return false;
        }
        if (values.count("config") > 0) {
            const auto path = values["config"].as<std::string>();
            std::ifstream file(path);
            if (!file)
                throw UsageError(fmt::format("cannot read the config file '{}'", path));
            options::store(options::parse_config_file(file, visible), values);
        }
        options::notify(values);
        if (values.count("positional") > 0)
            positional = values["positional"].as<std::vector<std::string>>();
        if (values.count("header") + values.count("body") > 0)
            refuse_stray(arguments, positional);
    } catch (const options::error& error) {
        throw UsageError(fmt::format("{} (see --help)", sentence_of(error)));
    }
    if (positional.size() > most)
        throw UsageError(fmt::format("unexpected argument '{}' (see --help)", shown_url(positional[most])));
    return true;
}

} // namespace loadgen
