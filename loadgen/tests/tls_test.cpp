// https against a server with a certificate of its own making.
#include "client/load.hpp"
#include "tests/identities.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/tls_certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <doctest/doctest.h>

#include <string>
#include <thread>

namespace loadgen {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

/// Answers every request; then closes, every third time without the close_notify that TLS asks for.
class TlsServer {
  public:
    explicit TlsServer(const std::filesystem::path& folder)
        : certificate_(folder),
          acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        certificate_.configure(tls_);
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    ~TlsServer() {
        thread_.request_stop();
        tcp::socket wake(context_); // out of accept()
        boost::system::error_code ignored;
        wake.connect(acceptor_.local_endpoint(), ignored);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::string url(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }
    const std::string& certificate_file() const { return certificate_.file(); }

  private:
    void serve(const std::stop_token& stop) {
        for (unsigned number = 1;; ++number) {
            tcp::socket socket = acceptor_.accept();
            if (stop.stop_requested())
                return;
            boost::system::error_code error;
            ssl::stream<tcp::socket> stream(std::move(socket), tls_);
            stream.handshake(ssl::stream_base::server, error);
            if (error)
                continue;
            std::string request;
            while (!error) {
                const std::size_t size =
                    boost::asio::read_until(stream, boost::asio::dynamic_buffer(request), "\r\n\r\n", error);
                if (error)
                    break;
                const bool keep = request.find("keep-alive") != std::string::npos;
                request.erase(0, size);
                const std::string answer =
                    std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: ") +
                    (keep ? "keep-alive" : "close") + "\r\n\r\nhello";
                boost::asio::write(stream, boost::asio::buffer(answer), error);
                if (!keep)
                    break;
            }
            if (number % 3 != 0)
                stream.shutdown(error);
        }
    }

    TlsCertificate certificate_;
    boost::asio::io_context context_;
    ssl::context tls_{ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::jthread thread_;
};

Recording load(const std::string& url, bool keep_alive, const TlsOptions& tls) {
    LoadPlan plan;
    plan.connections = 1; // the server serves one after the other
    plan.requests = 30;
    plan.keep_alive = keep_alive;
    plan.timeout = 20s;
    plan.tls = tls;
    return Load(plan, make_target(parse_url(url), plan)).take();
}

} // namespace

TEST_CASE("https: trusted, every attempt is answered") {
    const TemporaryFolder folder;
    const TlsServer server(folder.path());
    for (const bool keep_alive : {false, true}) {
        for (const TlsOptions& tls :
             {TlsOptions{.ca_file = server.certificate_file()}, TlsOptions{.verify = false}}) {
            const Recording recording = load(server.url("127.0.0.1"), keep_alive, tls);
            CHECK(recording.counters.answers == 30);
            CHECK(recording.counters.established == (keep_alive ? 1 : 30));
            CHECK(recording.events.empty());
            check_identities(recording);
        }
    }
}

TEST_CASE("https: a certificate that nobody vouches for, or of another host, is a failure of TLS") {
    const TemporaryFolder folder;
    const TlsServer server(folder.path());
    const TlsOptions trusting{.ca_file = server.certificate_file()};
    for (const Recording& recording :
         {load(server.url("127.0.0.1"), false, {}), load(server.url("localhost"), false, trusting)}) {
        CHECK(recording.counters.at({Cause::tls, Phase::connect}) == 30);
        CHECK(recording.counters.attempts == 30);
        CHECK(recording.events.front().os_error_name.find("certificate verify failed") != std::string::npos);
        check_identities(recording);
    }
}

TEST_CASE("https: the file of authorities is checked") {
    CHECK_THROWS_WITH_AS(make_tls_client("h", {.ca_file = "/nowhere/ca.pem"}),
                         doctest::Contains("/nowhere/ca.pem"), std::invalid_argument);
}

} // namespace loadgen
