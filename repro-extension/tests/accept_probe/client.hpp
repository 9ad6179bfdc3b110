// The client's end of a connection, one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace probe {

class Client {
  public:
    Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    /// Returns its own port. A connection from before is closed.
    virtual std::uint16_t connect(std::uint16_t port) = 0;
    virtual void send() = 0; ///< sent_bytes of them
    /// RST, FIN, data, error N; or nothing, if so long nothing comes.
    virtual std::string see(std::chrono::milliseconds patience) = 0;
    virtual void close() = 0;

    static constexpr unsigned sent_bytes = 4;
};

/// In this process. Exact on Windows; Wine tells its programs of most resets as of an ordinary close.
std::unique_ptr<Client> client_inside();

/// In another process, which clients.py is. `address`: HOST:PORT, an IPv4 address.
std::unique_ptr<Client> client_outside(const std::string& address);

/// Whether `address` is of that form.
bool is_address(const std::string& address);

} // namespace probe
