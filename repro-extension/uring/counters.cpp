#include "counters.hpp"

#include <fmt/format.h>

namespace uring {

std::string to_line(const Counters& c) {
    return fmt::format("accepted={} requests={} answers={} victims={} harmless_cancels={} left={} errors={}",
                       c.accepted, c.requests, c.answers, c.victims, c.harmless_cancels, c.left, c.errors);
}

} // namespace uring
