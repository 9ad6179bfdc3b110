#include "client.hpp"

#include "base/handles.hpp"
#include "error.hpp"
#include "net/sockets.hpp"

#include <fmt/format.h>

#include <string_view>

namespace probe {
namespace {

unsigned long last_error() noexcept {
    return static_cast<unsigned long>(WSAGetLastError());
}

class Inside final : public Client {
  public:
    std::uint16_t connect(std::uint16_t port) override {
        socket_ = host::make_socket();
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int size = sizeof(address);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::connect(socket_.get(), any, size) != 0)
            fail("the client's connect", last_error());
        if (getsockname(socket_.get(), any, &size) != 0)
            fail("the client's getsockname", last_error());
        return ntohs(address.sin_port);
    }

    void send() override {
        static constexpr std::string_view bytes = "ping";
        static_assert(bytes.size() == sent_bytes);
        if (::send(socket_.get(), bytes.data(), static_cast<int>(bytes.size()), 0) !=
            static_cast<int>(bytes.size()))
            fail("the client's send", last_error());
    }

    std::string see(std::chrono::milliseconds patience) override {
        const auto timeout = static_cast<DWORD>(patience.count());
        if (setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&timeout),
                       sizeof(timeout)) != 0)
            fail("the client's setsockopt(SO_RCVTIMEO)", last_error());
        char byte = 0;
        const int count = recv(socket_.get(), &byte, 1, 0);
        if (count >= 0)
            return count == 0 ? "FIN" : "data";
        const auto error = last_error();
        if (error == WSAETIMEDOUT)
            return "nothing";
        return error == WSAECONNRESET ? "RST" : fmt::format("error {}", error);
    }

    void close() override { socket_.reset(); }

  private:
    host::UniqueSocket socket_;
};

} // namespace

std::unique_ptr<Client> client_inside() {
    return std::make_unique<Inside>();
}

} // namespace probe
