// A command's options, on Boost.Program_options: values checked with a sentence, --help that teaches,
// --config.
#pragma once

#include "client/delay.hpp"
#include "help/help.hpp"
#include "process/exit_code.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

using Arguments = std::span<const std::string>;
namespace options = boost::program_options;

/// Values that refuse what they cannot use, with a sentence naming the option.
options::value_semantic* count_value(std::string option, std::uint64_t low, std::uint64_t high,
                                     std::function<void(std::uint64_t)> set);
options::value_semantic* duration_value(std::string option, std::chrono::nanoseconds low,
                                        std::function<void(std::chrono::nanoseconds)> set);
options::value_semantic* delay_value(std::string option, std::function<void(Delay)> set);
/// A number greater than 0.
options::value_semantic* positive_value(std::string option, const char* value_name,
                                        std::function<void(double)> set);
/// The same of options that are repeatable: all their values, in the order in which they were given. A delay
/// is not shorter than `low` on average.
options::value_semantic* delay_values(std::string option, std::chrono::nanoseconds low,
                                      std::function<void(std::vector<Delay>)> set);
options::value_semantic* count_values(std::string option, std::uint64_t low, std::uint64_t high,
                                      std::function<void(std::vector<std::uint64_t>)> set);
options::value_semantic* positive_values(std::string option, const char* value_name,
                                         std::function<void(std::vector<double>)> set);
/// low <= value < high
options::value_semantic* fraction_value(std::string option, double low, double high,
                                        std::function<void(double)> set);

/// Options under a title.
struct OptionGroup {
    std::string title;
    options::options_description options;
};

class CommandLine {
  public:
    /// What there is to say beside the options: usage, about and sections, as in help/help.hpp.
    CommandLine(std::string usage, std::string about, std::vector<Section> sections);

    /// The options of a group, to be filled in. --help shows groups in the order in which they were first
    /// asked for, each under its title, and the options of one in the order in which they were added.
    options::options_description& group(const std::string& title);

    /// Parses, --config file included (the command line wins). False when --help was asked for and printed.
    /// Positional arguments come back in `positional`, `most` of them at the most. Throws UsageError.
    bool parse(Arguments arguments, std::vector<std::string>& positional, std::size_t most);

    /// What --help says.
    CommandHelp help() const;

  private:
    std::deque<OptionGroup> all_groups() const; ///< with those that every command has

    std::string usage_;
    std::string about_;
    std::vector<Section> sections_;
    std::deque<OptionGroup> groups_; // they stay where they are
};

} // namespace loadgen
