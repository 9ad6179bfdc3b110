// What the kernel knew, and when its client looked: for servers that tell a request that crossed their end
// from one that its client should not have sent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace loadgen {

/// When a client last looked whether anything had come over a connection is kept for every socket of this
/// process that has_unread() asks about (client/engine/unread.hpp): the linker puts a poll() of ours in the
/// place of the system's. The time just before the last look at the connection between these ports; none:
/// there was none.
std::optional<std::chrono::system_clock::time_point> last_look(std::uint16_t local_port,
                                                               std::uint16_t remote_port);

/// From now on the kernel notes when bytes arrive at the socket (SO_TIMESTAMPNS; socket(7)).
void note_arrivals(int descriptor);

struct Received {
    ssize_t bytes; ///< 0: the peer's end; less: none now, or an error (errno)
    /// When the kernel had the last of them. If more came before they were read, or the peer's FIN, it may
    /// be the time of that.
    std::optional<std::chrono::system_clock::time_point> at;
};
/// Of such a socket, without waiting.
Received receive(int descriptor, std::span<char> space);

} // namespace loadgen
