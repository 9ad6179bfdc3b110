#include "net/sockets.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <ws2tcpip.h>

#include <stdexcept>

namespace host {
namespace {

constexpr const char* cannot_listen = "cannot listen";

sockaddr* as_sockaddr(sockaddr_in& address) noexcept {
    return reinterpret_cast<sockaddr*>(&address);
}

sockaddr_in address_in(const Options& options) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    if (inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) != 1) {
        throw std::runtime_error(
            fmt::format("--address {} is not an IPv4 address such as 127.0.0.1", options.address));
    }
    return address;
}

} // namespace

void throw_socket_error(const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", what, error_text(static_cast<DWORD>(WSAGetLastError()))));
}

UniqueSocket make_socket() noexcept {
    return UniqueSocket(WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED));
}

void bind_to_address(SOCKET socket, const Options& options) {
    sockaddr_in address = address_in(options);
    // Without it another program could take over the port on Windows.
    const BOOL exclusive = TRUE;
    setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&exclusive),
               sizeof(exclusive));
    if (bind(socket, as_sockaddr(address), sizeof(address)) == 0)
        return;
    const auto error = static_cast<DWORD>(WSAGetLastError());
    if (error == WSAEADDRINUSE || error == WSAEACCES) {
        throw std::runtime_error(fmt::format(
            "port {} of {} is in use; stop the other server or choose a port with --port (0 picks one)",
            options.port, options.address));
    }
    throw std::runtime_error(
        fmt::format("cannot listen on {}:{}; give an address of this machine with --address: {}",
                    options.address, options.port, error_text(error)));
}

std::uint16_t listen_on(SOCKET socket, int backlog) {
    sockaddr_in address{};
    int size = sizeof(address);
    if (listen(socket, backlog) != 0 || getsockname(socket, as_sockaddr(address), &size) != 0)
        throw_socket_error(cannot_listen);
    return ntohs(address.sin_port);
}

namespace {

// Null: the system has none.
template <class Function>
Function find_function(SOCKET socket, GUID id) noexcept {
    Function found = nullptr;
    DWORD bytes = 0;
    const int error = WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id), &found,
                               sizeof(found), &bytes, nullptr, nullptr);
    return error == 0 ? found : nullptr;
}

} // namespace

LPFN_ACCEPTEX find_accept_ex(SOCKET socket) {
    auto* const found = find_function<LPFN_ACCEPTEX>(socket, WSAID_ACCEPTEX);
    if (found == nullptr)
        throw_socket_error(cannot_listen);
    return found;
}

LPFN_TRANSMITFILE find_transmit_file(SOCKET socket) noexcept {
    return find_function<LPFN_TRANSMITFILE>(socket, WSAID_TRANSMITFILE);
}

bool failed_transmit_sends_packet(int error) noexcept {
    return error == WSAECONNRESET &&
           GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

} // namespace host
