#include "error.hpp"

#include "base/utf8.hpp"

namespace probe {

void fail(const std::string& call, unsigned long error) {
    throw CannotFindOut(call + " failed: " + host::error_text(error));
}

} // namespace probe
