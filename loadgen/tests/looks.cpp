#include "tests/looks.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace loadgen {
namespace {

using Clock = std::chrono::system_clock;

using Ports = std::pair<std::uint16_t, std::uint16_t>; // local, remote

std::mutex mutex;
std::map<Ports, Clock::time_point>& looks() { // guarded by mutex
    static std::map<Ports, Clock::time_point> all;
    return all;
}

/// Of a socket's own end, or (getpeername) of the other.
std::uint16_t port_of(int descriptor, decltype(&::getsockname) of_which_end) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (of_which_end(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    // It stands in the same place for both families.
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void note_look(int descriptor) {
    const auto now = Clock::now();
    const Ports ports{port_of(descriptor, &::getsockname), port_of(descriptor, &::getpeername)};
    const std::scoped_lock lock(mutex);
    looks()[ports] = now;
}

} // namespace

std::optional<Clock::time_point> last_look(std::uint16_t local_port, std::uint16_t remote_port) {
    const std::scoped_lock lock(mutex);
    const auto found = looks().find({local_port, remote_port});
    return found == looks().end() ? std::nullopt : std::optional(found->second);
}

void note_arrivals(int descriptor) {
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

Received receive(int descriptor, std::span<char> space) {
    alignas(cmsghdr) std::array<char, 256> control{};
    iovec place{.iov_base = space.data(), .iov_len = space.size()};
    msghdr message{};
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Received received{.bytes = ::recvmsg(descriptor, &message, MSG_DONTWAIT), .at = {}};
    if (received.bytes <= 0)
        return received;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPNS)
            continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(part), sizeof time);
        received.at =
            Clock::time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
    }
    return received;
}

// The linker puts this in the place of the system's, and makes both names (ld(1), --wrap).
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
int __real_poll(pollfd* descriptors, nfds_t count, int timeout);

int __wrap_poll(pollfd* descriptors, nfds_t count, int timeout) {
    if (count == 1 && timeout == 0 && descriptors->events == POLLIN) // Asio asks for POLLOUT
        note_look(descriptors->fd);
    return __real_poll(descriptors, count, timeout);
}
}
// NOLINTEND(bugprone-reserved-identifier)

} // namespace loadgen
