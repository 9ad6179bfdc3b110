#include "tests/fault_server/inject.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <string>

namespace loadgen {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

awaitable<void> send(tcp::socket& socket, std::string_view text) {
    co_await boost::asio::async_write(socket, boost::asio::buffer(text), use_awaitable);
}

awaitable<void> sleep(tcp::socket& socket, std::chrono::milliseconds time) {
    co_await boost::asio::steady_timer(socket.get_executor(), time).async_wait(use_awaitable);
}

void reset(tcp::socket& socket) {
    socket.set_option(boost::asio::socket_base::linger(true, 0));
    socket.close();
}

awaitable<void> wait_for_client_to_close(tcp::socket& socket) {
    char byte = 0;
    boost::system::error_code error;
    while (!error)
        co_await socket.async_read_some(boost::asio::buffer(&byte, 1),
                                        boost::asio::redirect_error(use_awaitable, error));
}

// Where only its time-out ends the client's attempt, slowly enough for others to have their turn in that
// time.
awaitable<void> flood(tcp::socket& socket, const Fault& fault) {
    const std::size_t at_once = fault.demand.patience ? 4 * 1024 : 64 * 1024;
    std::string many;
    while (many.size() < at_once)
        many += fault.repeats;
    for (;;) { // until the write fails, since the client has closed
        co_await send(socket, many);
        if (fault.demand.patience)
            co_await sleep(socket, 50ms);
    }
}

awaitable<void> trickle(tcp::socket& socket, std::string_view words) {
    for (std::size_t i = 0;; i = (i + 1) % words.size()) {
        co_await send(socket, words.substr(i, 1));
        co_await sleep(socket, 1s);
    }
}

} // namespace

awaitable<void> inject(const Fault& fault, tcp::socket& socket) {
    if (!fault.says.empty())
        co_await send(socket, fault.says);
    switch (fault.ending) {
    case Ending::reset:
        reset(socket);
        break;
    case Ending::close:
        socket.close();
        break;
    case Ending::fin_then_reset:
        socket.shutdown(tcp::socket::shutdown_send);
        reset(socket);
        break;
    case Ending::silence:
        if (fault.moment == Moment::mid_request)
            co_await sleep(socket, 1min); // unread, the client's close cannot be seen either
        else
            co_await wait_for_client_to_close(socket);
        break;
    case Ending::surplus:
        // Long enough to be no part of the answer, for a client that pauses.
        co_await sleep(socket, fault.demand.pause ? 100ms : 2ms);
        co_await send(socket, "surplus");
        break;
    case Ending::trickle:
        co_await trickle(socket, fault.repeats);
        break;
    case Ending::flood:
        co_await flood(socket, fault);
        break;
    }
}

} // namespace loadgen
