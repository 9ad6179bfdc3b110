// --format: what goes to stdout.
#pragma once

#include "options/command_line.hpp"
#include "report/formats.hpp"

#include <string>

namespace loadgen {

class FormatOption {
  public:
    /// Adds --format and --json, which must be parsed before chosen() is asked.
    void add_to(options::options_description& group);
    /// Throws UsageError if there is no such format, or two are asked for.
    const Format& chosen() const;

  private:
    std::string name_;
    bool json_ = false;
};

} // namespace loadgen
