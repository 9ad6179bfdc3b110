// https against a server with a certificate of its own making.
#include "client/load.hpp"
#include "tests/identities.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <doctest/doctest.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

namespace loadgen {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

template <auto Free>
struct Freed {
    void operator()(auto* pointer) const { Free(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    const unsigned char text[] = "loadgen test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const Extension host(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
    X509_add_ext(certificate.get(), host.get(), -1);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

/// Answers every request; then closes, every third time without the close_notify that TLS asks for.
class TlsServer {
  public:
    explicit TlsServer(const std::filesystem::path& folder)
        : certificate_file_((folder / "certificate.pem").string()),
          acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        const Key key(EVP_EC_gen("P-256"));
        const Certificate certificate = self_signed(key.get());
        const std::string key_file = (folder / "key.pem").string();
        PEM_write_X509(File(std::fopen(certificate_file_.c_str(), "w")).get(), certificate.get());
        PEM_write_PrivateKey(File(std::fopen(key_file.c_str(), "w")).get(), key.get(), nullptr, nullptr, 0,
                             nullptr, nullptr);
        tls_.use_certificate_file(certificate_file_, ssl::context::pem);
        tls_.use_private_key_file(key_file, ssl::context::pem);
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
    const std::string& certificate_file() const { return certificate_file_; }

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

    std::string certificate_file_;
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
