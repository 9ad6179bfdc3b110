#include "tests/script_server/script_server.hpp"

#include "tests/script_server/performance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>
#include <utility>

namespace loadgen {
namespace {

using boost::asio::awaitable;
using boost::asio::ip::tcp;

template <class Stream>
awaitable<void> perform(Stream stream, const Play& play, LedgerConnection& entry) {
    Performance<Stream> performance(std::move(stream), play, entry);
    co_await performance.run();
}

} // namespace

ScriptServer::ScriptServer(const Play& play)
    : play_(play),
      random_(play.seed),
      acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
      endpoint_(acceptor_.local_endpoint()) {
    boost::asio::co_spawn(context_, accept_connections(), boost::asio::detached);
    thread_ = std::jthread([this] { context_.run(); });
}

ScriptServer::~ScriptServer() {
    context_.stop();
}

Ledger ScriptServer::finish() {
    boost::asio::io_context context;
    tcp::socket last(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    last_port_ = last.local_endpoint().port();
    last.connect(endpoint_);
    thread_.join(); // nothing is left to do when the last connection has ended
    return {connections_.begin(), connections_.end()};
}

awaitable<void> ScriptServer::accept_connections() {
    for (;;) {
        tcp::endpoint client;
        tcp::socket socket = co_await acceptor_.async_accept(client, boost::asio::use_awaitable);
        if (client.port() == last_port_)
            co_return;
        boost::system::error_code error;
        socket.set_option(tcp::no_delay(true), error);
        LedgerConnection& entry = connections_.emplace_back(
            LedgerConnection{.client_port = client.port(), .reception = draw_reception()});
#ifdef LOADGEN_HAS_HTTPS
        if (play_.tls != nullptr) {
            boost::asio::co_spawn(
                context_,
                perform(boost::asio::ssl::stream<tcp::socket>(std::move(socket), *play_.tls), play_, entry),
                boost::asio::detached);
            continue;
        }
#endif
        boost::asio::co_spawn(context_, perform(std::move(socket), play_, entry), boost::asio::detached);
    }
}

Reception ScriptServer::draw_reception() {
    constexpr std::array odd = {Reception::reset,   Reception::fin,     Reception::half,
                                Reception::garbage, Reception::unasked, Reception::unasked_open};
    if (!std::bernoulli_distribution(play_.odd_receptions)(random_))
        return Reception::normal;
    return odd.at(std::uniform_int_distribution<std::size_t>(0, odd.size() - 1)(random_));
}

} // namespace loadgen
