#include "tests/engine/tls_under_test.hpp"

#include "client/engine/tls.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/tls_certificate.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace loadgen {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class TlsPeerStream final : public PeerStream {
  public:
    TlsPeerStream(tcp::socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

    awaitable<void> establish() override {
        co_await stream_.async_handshake(ssl::stream_base::server, use_awaitable);
    }
    awaitable<std::size_t> read_some(std::span<char> space) override {
        co_return co_await stream_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                                                   use_awaitable);
    }
    awaitable<void> write(std::string_view bytes) override {
        co_await boost::asio::async_write(stream_, boost::asio::buffer(bytes), use_awaitable);
    }
    awaitable<void> announce_end() override { co_await stream_.async_shutdown(use_awaitable); }
    tcp::socket& socket() override { return stream_.next_layer(); }

  private:
    ssl::stream<tcp::socket> stream_;
};

/// What the two ends have in common.
struct Tls {
    Tls() { certificate.configure(server); }

    TemporaryFolder folder;
    TlsCertificate certificate{folder.path()};
    std::shared_ptr<TlsClient> client = make_tls_client("127.0.0.1", {.ca_file = certificate.file()});
    ssl::context server{ssl::context::tls_server};
};

} // namespace

LoopUnderTest tls_under_test() {
    const auto tls = std::make_shared<Tls>();
    return {"TLS", [tls] { return make_event_loop(Engine::asio, tls->client.get()); },
            [tls](tcp::socket socket) {
                return std::make_shared<TlsPeerStream>(std::move(socket), tls->server);
            }};
}

} // namespace loadgen
