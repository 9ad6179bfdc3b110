#include "tests/fault_server/fault_server.hpp"

#include "tests/fault_server/inject.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

namespace loadgen {
namespace {

namespace http = boost::beast::http;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

// Small, so that a client with a long request is soon stopped in the midst of it.
constexpr int receive_buffer_for_long_requests = 64 * 1024;

constexpr std::string_view kept_answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello";
constexpr std::string_view last_answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

std::vector<const Fault*> those_of(const std::vector<const Fault*>& faults, auto&& of_moment) {
    std::vector<const Fault*> chosen;
    std::copy_if(faults.begin(), faults.end(), std::back_inserter(chosen),
                 [&](const Fault* fault) { return of_moment(fault->moment); });
    return chosen;
}

bool of_handshake(Moment moment) {
    return moment == Moment::handshake;
}
bool of_accept(Moment moment) {
    return moment == Moment::accept;
}
bool of_request(Moment moment) {
    return !of_handshake(moment) && !of_accept(moment);
}

/// A request's first bytes have come. False when the client has closed instead.
awaitable<bool> request_begins(tcp::socket& socket) {
    boost::system::error_code error;
    char byte = 0;
    socket.non_blocking(true);
    do { // a wait may end without cause, by an event of a closed socket that had the same descriptor
        co_await socket.async_wait(tcp::socket::wait_read, boost::asio::redirect_error(use_awaitable, error));
        if (!error)
            socket.receive(boost::asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    } while (error == boost::asio::error::would_block);
    co_return !error;
}

using Request = http::request_parser<http::string_body>;

awaitable<bool> read_request(tcp::socket& socket, boost::beast::flat_buffer& buffer, Request& request) {
    boost::system::error_code error;
    request.body_limit(boost::none);
    co_await http::async_read(socket, buffer, request, boost::asio::redirect_error(use_awaitable, error));
    co_return !error;
}

} // namespace

FaultServer::FaultServer(const std::vector<const Fault*>& faults, std::uint64_t every, std::uint64_t until,
                         const tcp::endpoint& at)
    : of_handshakes_(those_of(faults, of_handshake), every, until),
      of_connections_(those_of(faults, of_accept), every, until),
      of_requests_(those_of(faults, of_request), every, until) {
    for (const Fault* fault : faults)
        injected_[fault];
    listen(at, std::any_of(faults.begin(), faults.end(),
                           [](const Fault* fault) { return fault->demand.long_request; }));
    thread_ = std::jthread([this] { context_.run(); });
}

FaultServer::~FaultServer() {
    context_.stop();
}

void FaultServer::listen(const tcp::endpoint& at, bool long_requests) {
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    if (long_requests) // accepted sockets inherit it
        acceptor_.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer_for_long_requests));
    acceptor_.bind(at);
    endpoint_ = acceptor_.local_endpoint();
    if (const Fault* fault = of_handshakes_.next()) {
        if (fault->ending == Ending::silence)
            acceptor_.listen(0);
        return;
    }
    acceptor_.listen();
    boost::asio::co_spawn(context_, accept_connections(), boost::asio::detached);
}

void FaultServer::stall(std::chrono::milliseconds length, std::chrono::milliseconds period) {
    const auto stall_for_ever = [this, length, period]() -> awaitable<void> {
        for (boost::asio::steady_timer timer(context_, std::chrono::steady_clock::now());;) {
            std::this_thread::sleep_for(length); // the one thread that serves
            timer.expires_at(timer.expiry() + period);
            co_await timer.async_wait(use_awaitable);
        }
    };
    boost::asio::co_spawn(context_, stall_for_ever, boost::asio::detached);
}

std::string FaultServer::url() const {
    std::ostringstream text;
    text << "http://" << endpoint_ << '/';
    return std::move(text).str();
}

std::uint64_t FaultServer::injected() const {
    std::uint64_t sum = 0;
    for (const auto& [fault, injected] : injected_)
        sum += injected.sum();
    return sum;
}

awaitable<void> FaultServer::accept_connections() {
    for (;;) {
        tcp::socket socket = co_await acceptor_.async_accept(use_awaitable);
        socket.set_option(tcp::no_delay(true));
        boost::asio::co_spawn(context_, serve(std::move(socket)), boost::asio::detached);
    }
}

awaitable<void> FaultServer::serve(tcp::socket socket) {
    if (const Fault* fault = of_connections_.next()) {
        ++injected_.at(fault).fresh;
        co_return co_await inject(*fault, socket);
    }
    boost::beast::flat_buffer buffer;
    buffer.reserve(64 * std::size_t{1024}); // else Beast reads 512 bytes at a time
    for (bool reused = false; co_await request_begins(socket); reused = true) {
        const Fault* const fault = of_requests_.next();
        if (fault)
            ++(reused ? injected_.at(fault).reused : injected_.at(fault).fresh);
        if (fault && fault->moment != Moment::after_request)
            co_return co_await inject(*fault, socket);
        Request request;
        if (!co_await read_request(socket, buffer, request))
            co_return;
        if (fault)
            co_return co_await inject(*fault, socket);
        const bool keep = request.get().keep_alive();
        co_await boost::asio::async_write(socket, boost::asio::buffer(keep ? kept_answer : last_answer),
                                          use_awaitable);
        if (!keep)
            co_return;
    }
}

} // namespace loadgen
