// How sockets are made: one for overlapped TCP, and step by step one that listens. The steps throw
// std::runtime_error with a sentence for the user.
#pragma once

#include "base/handles.hpp"
#include "base/options.hpp"

#include <mswsock.h>

#include <cstdint>
#include <string>

namespace host {

/// Empty if there is none to be had.
UniqueSocket make_socket() noexcept;

/// Binds to --address and --port.
void bind_to_address(SOCKET socket, const Options& options);

/// Returns the port, which is the system's choice where none was given.
std::uint16_t listen_on(SOCKET socket, int backlog);

LPFN_ACCEPTEX find_accept_ex(SOCKET socket);

/// Null where there is none.
LPFN_TRANSMITFILE find_transmit_file(SOCKET socket) noexcept;

/// Whether a TransmitFile that fails at once with this error sends its packet all the same. Wine 8's
/// does when the client has reset the connection: WSAECONNRESET from the call, and a packet with
/// ERROR_NETNAME_DELETED afterwards (1 in 300, of clients that reset after the first byte).
bool failed_transmit_sends_packet(int error) noexcept;

/// "WHAT: " and Winsock's last error.
[[noreturn]] void throw_socket_error(const std::string& what);

} // namespace host
