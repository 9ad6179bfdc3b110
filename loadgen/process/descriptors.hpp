// How many sockets this process may have open.
#pragma once

#include <cstdint>

namespace loadgen {

/// Raises the limit to `wanted` as far as the system lets this user (RLIMIT_NOFILE, setrlimit(2)) and says
/// what it is now; never lowers it.
std::uint64_t raise_descriptor_limit(std::uint64_t wanted);

} // namespace loadgen
