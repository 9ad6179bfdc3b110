#include "tests/fault_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <string_view>

namespace loadgen {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

bool befalls_accept(Fault fault) {
    return fault == Fault::reset_on_accept || fault == Fault::close_on_accept ||
           fault == Fault::fin_then_reset_unread;
}

void reset(tcp::socket& socket) {
    socket.set_option(boost::asio::socket_base::linger(true, 0));
    socket.close();
}

awaitable<void> send(tcp::socket& socket, std::string_view text) {
    co_await boost::asio::async_write(socket, boost::asio::buffer(text), use_awaitable);
}

/// False when the client has closed.
awaitable<bool> read_request(tcp::socket& socket, std::string& received) {
    boost::system::error_code error;
    const std::size_t head =
        co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(received), "\r\n\r\n",
                                               boost::asio::redirect_error(use_awaitable, error));
    received.erase(0, head);
    co_return !error;
}

awaitable<void> wait_for_client_to_close(tcp::socket& socket) {
    char byte = 0;
    boost::system::error_code error;
    while (!error)
        co_await socket.async_read_some(boost::asio::buffer(&byte, 1),
                                        boost::asio::redirect_error(use_awaitable, error));
}

std::string answer(std::string_view connection) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: " + std::string(connection) + "\r\n\r\nhello";
}

/// Does to a request what the fault says; the connection is of no use afterwards.
awaitable<void> inject(Fault fault, tcp::socket& socket) {
    constexpr std::string_view half_head = "HTTP/1.1 200 OK\r\nContent-Le";
    constexpr std::string_view half_body = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    constexpr std::string_view half_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello";
    switch (fault) {
    case Fault::none:
        break;
    case Fault::reset_on_accept:
        reset(socket);
        break;
    case Fault::close_on_accept:
        break;
    case Fault::fin_then_reset_unread: {
        socket.shutdown(tcp::socket::shutdown_send);
        // Until the client's writes have filled both windows: it must be in the midst of its request.
        while (socket.available() < 32 * 1024)
            co_await boost::asio::steady_timer(socket.get_executor(), 1ms).async_wait(use_awaitable);
        reset(socket);
        break;
    }
    case Fault::reset_after_request:
        reset(socket);
        break;
    case Fault::close_after_request:
        break;
    case Fault::silence_after_request:
        co_await wait_for_client_to_close(socket);
        break;
    case Fault::reset_in_head:
        co_await send(socket, half_head);
        reset(socket);
        break;
    case Fault::close_in_head:
        co_await send(socket, half_head);
        break;
    case Fault::silence_in_head:
        co_await send(socket, half_head);
        co_await wait_for_client_to_close(socket);
        break;
    case Fault::reset_in_body:
        co_await send(socket, half_body);
        reset(socket);
        break;
    case Fault::close_in_body:
        co_await send(socket, half_body);
        break;
    case Fault::close_in_chunk:
        co_await send(socket, half_chunk);
        break;
    case Fault::close_before_length:
        co_await send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
        break;
    case Fault::garbage:
        co_await send(socket, "this is not HTTP\r\n\r\n");
        break;
    case Fault::reset_after_answer:
        co_await send(socket, answer("close"));
        reset(socket);
        break;
    case Fault::silence_after_answer:
        co_await send(socket, answer("close"));
        co_await wait_for_client_to_close(socket);
        break;
    case Fault::surplus_after_answer:
        co_await send(socket, answer("close") + "surplus");
        break;
    case Fault::late_surplus:
        co_await send(socket, answer("close"));
        co_await boost::asio::steady_timer(socket.get_executor(), 2ms).async_wait(use_awaitable);
        co_await send(socket, "surplus");
        break;
    case Fault::reset_when_idle:
        co_await send(socket, answer("keep-alive"));
        reset(socket);
        break;
    case Fault::close_when_idle:
        co_await send(socket, answer("keep-alive"));
        break;
    }
}

} // namespace

FaultServer::FaultServer(Fault fault, unsigned every)
    : fault_(fault),
      every_(every),
      acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
    boost::asio::co_spawn(context_, accept_connections(), boost::asio::detached);
    thread_ = std::jthread([this] { context_.run(); });
}

FaultServer::~FaultServer() {
    context_.stop();
}

std::string FaultServer::url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
}

awaitable<void> FaultServer::accept_connections() {
    for (;;) {
        tcp::socket socket = co_await acceptor_.async_accept(use_awaitable);
        socket.set_option(tcp::no_delay(true));
        boost::asio::co_spawn(context_, serve(std::move(socket)), boost::asio::detached);
    }
}

awaitable<void> FaultServer::serve(tcp::socket socket) {
    if (befalls_accept(fault_)) {
        ++injected_;
        co_return co_await inject(fault_, socket);
    }
    std::string received;
    while (co_await read_request(socket, received)) {
        if (++requests_ % every_ == 0) {
            ++injected_;
            co_return co_await inject(fault_, socket);
        }
        co_await send(socket, answer("keep-alive"));
    }
}

} // namespace loadgen
