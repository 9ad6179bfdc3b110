// A call failed that the probe cannot do without.
#pragma once

#include <stdexcept>
#include <string>

namespace probe {

class CannotFindOut : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// "CALL failed: " and the error in words.
[[noreturn]] void fail(const std::string& call, unsigned long error);

} // namespace probe
