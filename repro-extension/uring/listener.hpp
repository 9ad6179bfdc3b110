// A TCP socket, and one that listens.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>

namespace uring {

class Descriptor {
  public:
    /// Throws std::system_error for a negative number, by errno.
    explicit Descriptor(int number);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

  private:
    int number_;
};

Descriptor tcp_socket();

class Listener {
  public:
    /// Port 0 picks a free one. Throws std::runtime_error.
    Listener(const std::string& address, std::uint16_t port, int backlog);

    int number() const { return socket_.number(); }
    const sockaddr_in& address() const { return address_; }

  private:
    Descriptor socket_;
    sockaddr_in address_{};
};

} // namespace uring
