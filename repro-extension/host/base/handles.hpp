// RAII owners of what Windows hands out: kernel handles, sockets, the use of Winsock.
#pragma once

#include <winsock2.h>

#include <windows.h>

#include <memory>
#include <utility>

namespace host {

struct HandleCloser {
    using pointer = HANDLE;
    void operator()(HANDLE handle) const noexcept { CloseHandle(handle); }
};

/// Owns a kernel handle; empty is null, so INVALID_HANDLE_VALUE must not be stored.
using UniqueHandle = std::unique_ptr<void, HandleCloser>;

struct ModuleCloser {
    using pointer = HMODULE;
    void operator()(HMODULE handle) const noexcept { FreeLibrary(handle); }
};

/// Owns one reference to a loaded module.
using UniqueModule = std::unique_ptr<HMODULE, ModuleCloser>;

/// Owns a socket. The destructor is a plain close: what was sent is delivered, then FIN.
class UniqueSocket {
  public:
    UniqueSocket() noexcept = default;
    explicit UniqueSocket(SOCKET socket) noexcept : socket_(socket) {}
    UniqueSocket(UniqueSocket&& other) noexcept : socket_(std::exchange(other.socket_, INVALID_SOCKET)) {}
    UniqueSocket& operator=(UniqueSocket&& other) noexcept {
        std::swap(socket_, other.socket_);
        other.reset();
        return *this;
    }
    UniqueSocket(const UniqueSocket&) = delete;
    UniqueSocket& operator=(const UniqueSocket&) = delete;
    ~UniqueSocket() { reset(); }

    SOCKET get() const noexcept { return socket_; }
    explicit operator bool() const noexcept { return socket_ != INVALID_SOCKET; }

    void reset() noexcept {
        if (*this)
            closesocket(std::exchange(socket_, INVALID_SOCKET));
    }

  private:
    SOCKET socket_ = INVALID_SOCKET;
};

/// Keeps Winsock usable as long as it lives.
class Winsock {
  public:
    Winsock() noexcept {
        WSADATA data;
        started_ = WSAStartup(MAKEWORD(2, 2), &data) == 0;
    }
    Winsock(const Winsock&) = delete;
    Winsock& operator=(const Winsock&) = delete;
    ~Winsock() {
        if (started_)
            WSACleanup();
    }

  private:
    bool started_ = false;
};

} // namespace host
