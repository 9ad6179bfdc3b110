// The least that a server with AcceptEx and a completion port can do for a request: what
// scripts/bench.sh holds isapi-host against. It answers whatever it has read with one fixed answer and
// closes. No parsing, no time-outs, no stop; it ends when its stdin does.
//
// usage: minimal-server [THREADS] [OUTSTANDING] [SENDS]
//
// SENDS is 2 for head and body, as an extension sends them by two calls, or 1 for both together.
#include <winsock2.h>

#include <mswsock.h>
#include <windows.h>
#include <ws2tcpip.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr DWORD address_size = sizeof(sockaddr_in) + 16;
constexpr DWORD receive_size = 1024; // as isapi-host

struct Connection : OVERLAPPED {
    SOCKET socket = INVALID_SOCKET;
    std::array<char, receive_size + 2 * address_size> buffer{};
};

SOCKET listener = INVALID_SOCKET;
LPFN_ACCEPTEX accept_ex = nullptr;

std::string answer() {
    const std::string body(64, 'x');
    return "HTTP/1.1 200 OK\r\nServer: minimal\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: "
           "close\r\n"
           "Content-Type: application/octet-stream\r\nX-Repro-Variant: synchronous\r\nContent-Length: "
           "64\r\n\r\n" +
           body;
}

void post(Connection& connection) {
    static_cast<OVERLAPPED&>(connection) = OVERLAPPED{};
    connection.socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
    DWORD bytes = 0;
    accept_ex(listener, connection.socket, connection.buffer.data(), receive_size, address_size, address_size,
              &bytes, &connection);
}

void serve(HANDLE port, bool head_alone) {
    const std::string text = answer();
    const int head = head_alone ? static_cast<int>(text.find("\r\n\r\n") + 4) : 0;
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        OVERLAPPED* packet = nullptr;
        const bool well = GetQueuedCompletionStatus(port, &bytes, &key, &packet, INFINITE) != FALSE;
        auto& connection = *static_cast<Connection*>(packet);
        if (well && bytes > 0) {
            // What Microsoft's AcceptEx page asks for, and what a second send waits without.
            const BOOL at_once = TRUE;
            setsockopt(connection.socket, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
                       reinterpret_cast<const char*>(&listener), sizeof(listener));
            if (head > 0) {
                setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY,
                           reinterpret_cast<const char*>(&at_once), sizeof(at_once));
                send(connection.socket, text.data(), head, 0);
            }
            send(connection.socket, text.data() + head, static_cast<int>(text.size()) - head, 0);
        }
        closesocket(connection.socket);
        post(connection);
    }
}

} // namespace

int main(int count, char** arguments) {
    const int threads = count > 1 ? std::atoi(arguments[1]) : 20;
    const int outstanding = count > 2 ? std::atoi(arguments[2]) : 40;
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    listener = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof(address);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 200) != 0)
        return 2;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    GUID id = WSAID_ACCEPTEX;
    DWORD bytes = 0;
    WSAIoctl(listener, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id), &accept_ex, sizeof(accept_ex),
             &bytes, nullptr, nullptr);
    HANDLE port = CreateIoCompletionPort(reinterpret_cast<HANDLE>(listener), nullptr, 0, 0);
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < outstanding; ++i)
        post(*connections.emplace_back(std::make_unique<Connection>()));
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i)
        pool.emplace_back(serve, port, count <= 3 || std::atoi(arguments[3]) != 1);
    std::printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    TerminateProcess(GetCurrentProcess(), 0);
}
