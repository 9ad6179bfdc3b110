// A line asks, a line answers; clients.py has the other half.
#include "client.hpp"

#include "base/handles.hpp"
#include "error.hpp"
#include "net/sockets.hpp"

#include <fmt/format.h>
#include <ws2tcpip.h>

#include <charconv>
#include <optional>

namespace probe {
namespace {

std::optional<sockaddr_in> parse(const std::string& text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return {};
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end || port == 0 ||
        inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1)
        return {};
    address.sin_port = htons(port);
    return address;
}

class Outside final : public Client {
  public:
    explicit Outside(const std::string& address) : socket_(host::make_socket()) {
        auto there = parse(address).value();
        if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&there), sizeof(there)) != 0)
            fail("connect to --clients " + address, static_cast<unsigned long>(WSAGetLastError()));
    }

    std::uint16_t connect(std::uint16_t port) override {
        const auto answer = ask(fmt::format("connect {}", port));
        std::uint16_t own = 0;
        if (std::from_chars(answer.data(), answer.data() + answer.size(), own).ec != std::errc{} || own == 0)
            throw CannotFindOut(fmt::format("the client outside cannot connect: {}", answer));
        return own;
    }
    void send() override {
        const auto answer = ask("send");
        if (answer != fmt::format("{}", sent_bytes))
            throw CannotFindOut(fmt::format("the client outside cannot send: {}", answer));
    }
    std::string see(std::chrono::milliseconds patience) override {
        return ask(fmt::format("see {}", patience.count()));
    }
    void close() override { ask("close"); }

  private:
    std::string ask(const std::string& question) {
        const std::string line = question + "\n";
        if (::send(socket_.get(), line.data(), static_cast<int>(line.size()), 0) !=
            static_cast<int>(line.size()))
            fail("send to --clients", static_cast<unsigned long>(WSAGetLastError()));
        std::string answer;
        for (char byte = 0;;) {
            const int count = recv(socket_.get(), &byte, 1, 0);
            if (count < 0)
                fail("recv from --clients", static_cast<unsigned long>(WSAGetLastError()));
            if (count == 0)
                throw CannotFindOut(fmt::format("the client outside has left at '{}'", question));
            if (byte == '\n')
                return answer;
            answer += byte;
        }
    }

    host::UniqueSocket socket_;
};

} // namespace

std::unique_ptr<Client> client_outside(const std::string& address) {
    return std::make_unique<Outside>(address);
}

bool is_address(const std::string& address) {
    return parse(address).has_value();
}

} // namespace probe
