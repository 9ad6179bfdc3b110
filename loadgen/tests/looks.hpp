// When a client last looked whether anything had come over a connection. Kept for every socket of this
// process that has_unread() asks about (client/engine/unread.hpp): the linker puts a poll() of ours in the
// place of the system's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace loadgen {

/// The time just before the last look at the connection between these ports; none: there was none.
std::optional<std::chrono::system_clock::time_point> last_look(std::uint16_t local_port,
                                                               std::uint16_t remote_port);

} // namespace loadgen
