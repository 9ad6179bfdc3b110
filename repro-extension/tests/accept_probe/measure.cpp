#include "measure.hpp"

#include "error.hpp"
#include "pending_accept.hpp"

#include <mswsock.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace probe {
namespace {

constexpr std::chrono::seconds for_late_bytes{5};
constexpr std::uint32_t status_success = 0;
constexpr std::uint32_t status_cancelled = 0xC0000120;

enum class Then { close_plainly, close_with_linger0, send_late };

std::string last_error() {
    return fmt::format("error {}", WSAGetLastError());
}

template <class Value>
bool set_option(SOCKET socket, int name, const Value& value) noexcept {
    return setsockopt(socket, SOL_SOCKET, name, reinterpret_cast<const char*>(&value), sizeof(value)) == 0;
}

std::string text_of(const std::optional<Packet>& packet) {
    if (!packet)
        return "none";
    return packet->error == 0 ? fmt::format("0 with {} bytes", packet->bytes)
                              : fmt::format("{}", packet->error);
}

std::string text_of_status(std::uint32_t status) {
    switch (status) {
    case status_success:
        return "no, completed";
    case status_cancelled:
        return "yes";
    case 0x103: // STATUS_PENDING
        return "no, pending";
    default:
        return fmt::format("no, 0x{:08X}", status);
    }
}

/// One run of a case.
class Run {
  public:
    Run(const Case& what, Client& client, std::chrono::milliseconds patience)
        : client_(client), patience_(patience), accept_(what) {
        row_.what = what;
    }

    Row operator()(Then then) {
        bring_client();
        end_it();
        look();
        if (then == Then::send_late) {
            row_.later = send_late();
        } else {
            ask_socket();
            close(then);
        }
        client_.close();
        return row_;
    }

  private:
    bool has_client() const { return row_.what.client != ClientKind::none; }
    bool packets() const { return row_.what.port && row_.what.event != Event::low_bit; }

    void bring_client() {
        if (!has_client())
            return;
        client_port_ = client_.connect(accept_.port());
        if (row_.what.client == ClientKind::has_sent)
            client_.send();
        if (row_.what.client == ClientKind::has_sent || row_.what.length == 0)
            accept_.wait_for_completion();
        else
            accept_.wait_for_connection();
    }

    void end_it() {
        switch (row_.what.ended_by) {
        case EndedBy::thread_exit:
            return accept_.end_thread();
        case EndedBy::cancel_io_ex:
            return accept_.cancel();
        case EndedBy::close_accepted:
            return accept_.close_accepted();
        case EndedBy::close_listener:
            return accept_.close_listener();
        case EndedBy::nothing:
            return;
        }
    }

    void look() {
        if (row_.what.port)
            row_.packet = text_of(accept_.take_packet(patience_));
        accept_.completes(row_.packet == "none" ? std::chrono::milliseconds(0) : patience_);
        row_.cancelled = text_of_status(accept_.status());
        if (has_client())
            row_.client_before = client_.see(patience_);
    }

    std::string peer() const {
        sockaddr_in address{};
        int size = sizeof(address);
        if (getpeername(accept_.accepted(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            return last_error();
        return has_client() && ntohs(address.sin_port) == client_port_ &&
                       address.sin_addr.s_addr == htonl(INADDR_LOOPBACK)
                   ? "the client"
                   : "another";
    }

    void ask_socket() {
        if (row_.what.ended_by == EndedBy::close_accepted)
            return;
        const auto time = connect_time(accept_.accepted());
        row_.connect_time = time.error != 0    ? fmt::format("error {}", time.error)
                            : time.connected() ? "connected"
                                               : "nobody";
        row_.peer = peer();
        if (row_.what.ended_by == EndedBy::close_listener)
            return;
        row_.update_context = set_option(accept_.accepted(), SO_UPDATE_ACCEPT_CONTEXT, accept_.listener())
                                  ? "well"
                                  : last_error();
        row_.peer_updated = peer();
    }

    void close(Then then) {
        if (row_.what.ended_by == EndedBy::close_accepted || !has_client() || row_.client_before != "nothing")
            return accept_.close_accepted();
        auto& seen = then == Then::close_with_linger0 ? row_.client_linger0 : row_.client_plain;
        if (then == Then::close_with_linger0 && !set_option(accept_.accepted(), SO_LINGER, linger{1, 0})) {
            seen = "SO_LINGER: " + last_error();
            return;
        }
        accept_.close_accepted();
        seen = client_.see(patience_);
    }

    std::string send_late() {
        if (!has_client())
            client_.connect(accept_.port());
        client_.send();
        const auto expected = std::min(row_.what.length, Client::sent_bytes);
        if (packets()) {
            const auto packet = accept_.take_packet(for_late_bytes);
            return packet && packet->error == 0 && packet->bytes == expected ? "completes" : text_of(packet);
        }
        if (!accept_.completes(for_late_bytes))
            return "nothing";
        return accept_.status() == status_success && accept_.bytes() == expected
                   ? "completes"
                   : text_of_status(accept_.status());
    }

    Row row_;
    Client& client_;
    std::chrono::milliseconds patience_;
    PendingAccept accept_;
    std::uint16_t client_port_ = 0;
};

} // namespace

Row measure(const Case& what, Client& client, std::chrono::milliseconds patience) {
    try {
        const bool sockets_stay =
            what.ended_by != EndedBy::close_accepted && what.ended_by != EndedBy::close_listener;
        Row row = Run(what, client, patience)(Then::close_plainly);
        const bool pending = row.cancelled == "no, pending";
        if (what.client != ClientKind::none && what.ended_by != EndedBy::close_accepted)
            merge(row, Run(what, client, patience)(Then::close_with_linger0));
        if (pending && sockets_stay)
            merge(row, Run(what, client, patience)(Then::send_late));
        return row;
    } catch (const CannotFindOut& error) {
        throw CannotFindOut(fmt::format("{} ({})", error.what(), describe(what)));
    }
}

} // namespace probe
