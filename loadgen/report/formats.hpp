// The formats in which a result goes to stdout: one list, from which the command line has their names.
#pragma once

#include "report/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace loadgen {

/// A format is a function of the result of each command.
struct Format {
    std::string_view name; ///< as --format has it
    std::string (*run)(const RunResult& result);
    std::string (*regression)(const RegressionResult& result);
};

/// The first is the default.
std::span<const Format> formats();

/// nullptr when there is none of that name.
const Format* format_named(std::string_view name);

} // namespace loadgen
