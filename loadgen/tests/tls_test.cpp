// https against servers with certificates of their own making.
#include "client/load.hpp"
#include "experiment/block.hpp"
#include "experiment/preflight.hpp"
#include "process/exit_code.hpp"
#include "tests/identities.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/tls_certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace loadgen {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::array versions = {TLS1_2_VERSION, TLS1_3_VERSION};

/// How a server ends its connections.
enum class Close { announced, unannounced };

std::string whole_answer(bool keep) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: ") +
           (keep ? "keep-alive" : "close") + "\r\n\r\nhello";
}

/// Answers every request, as long as the client wants; then closes. Without a configuration it knows no TLS.
class TlsServer {
  public:
    using Configure = std::function<void(ssl::context&)>;

    /// `answer` is what all get; empty: a whole one, and those who want it may go on.
    explicit TlsServer(const Configure& configure, Close close = Close::announced, std::string answer = {})
        : close_(close),
          answer_(std::move(answer)),
          acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        if (configure)
            configure(tls_);
        knows_tls_ = configure != nullptr;
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

    std::string url(const std::string& host = "127.0.0.1") const {
        return "https://" + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }

  private:
    void serve(const std::stop_token& stop) {
        for (;;) {
            tcp::socket socket = acceptor_.accept();
            if (stop.stop_requested())
                return;
            boost::system::error_code error;
            if (!knows_tls_) {
                boost::asio::write(socket, boost::asio::buffer(answer_), error);
                drain(socket);
                continue;
            }
            ssl::stream<tcp::socket> stream(std::move(socket), tls_);
            stream.handshake(ssl::stream_base::server, error);
            if (!error)
                answer(stream);
            else
                drain(stream.next_layer());
        }
    }

    void answer(ssl::stream<tcp::socket>& stream) {
        boost::system::error_code error;
        for (std::string request; !error;) {
            const std::size_t size =
                boost::asio::read_until(stream, boost::asio::dynamic_buffer(request), "\r\n\r\n", error);
            if (error)
                break;
            const bool keep = answer_.empty() && request.find("keep-alive") != std::string::npos;
            request.erase(0, size);
            boost::asio::write(stream, boost::asio::buffer(answer_.empty() ? whole_answer(keep) : answer_),
                               error);
            if (!keep)
                break;
        }
        if (close_ == Close::announced)
            stream.shutdown(error);
    }

    // What is left unread would make a RST of the close, which may overtake the alert.
    static void drain(tcp::socket& socket) {
        boost::system::error_code error;
        socket.shutdown(tcp::socket::shutdown_send, error);
        for (std::array<char, 1024> bytes{}; !error;)
            socket.read_some(boost::asio::buffer(bytes), error);
    }

    Close close_;
    std::string answer_;
    bool knows_tls_ = false;
    boost::asio::io_context context_;
    ssl::context tls_{ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::jthread thread_;
};

TlsServer::Configure with(const TlsCertificate& certificate, int version = 0) {
    return [&certificate, version](ssl::context& server) {
        certificate.configure(server);
        SSL_CTX_set_max_proto_version(server.native_handle(), version); // 0: the highest
    };
}

/// Wants a client certificate for which the authority vouches.
TlsServer::Configure asking(const TlsCertificate& certificate, int version, const TlsCertificate& authority) {
    return [=, &certificate, &authority](ssl::context& server) {
        with(certificate, version)(server);
        server.load_verify_file(authority.file());
        server.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    };
}

struct Loaded {
    Recording recording;
    std::string why_invalid; ///< empty: it is valid
    const Counters& counters() const { return recording.counters; }
};

LoadPlan plan_for(bool keep_alive, const TlsOptions& tls) {
    LoadPlan plan;
    plan.connections = 1; // the server serves one after the other
    plan.requests = 30;
    plan.keep_alive = keep_alive;
    plan.timeout = 20s;
    plan.tls = tls;
    return plan;
}

Loaded load(const std::string& url, bool keep_alive, const TlsOptions& tls) {
    const LoadPlan plan = plan_for(keep_alive, tls);
    const Target target = make_target(parse_url(url), plan);
    Recording recording = Load(plan, target).take();
    check_identities(recording);
    const std::string reason = why_invalid(recording, target).value_or("");
    return {std::move(recording), reason};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// What the error says that is thrown before any load.
std::string refusal_of(const TlsOptions& options) {
    try {
        make_tls_client("h", options);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("https: trusted, every attempt is answered") {
    const TemporaryFolder folder;
    const TlsCertificate certificate(folder.path());
    for (const Close close : {Close::announced, Close::unannounced}) {
        const TlsServer server(with(certificate), close);
        for (const bool keep_alive : {false, true}) {
            for (const TlsOptions& tls :
                 {TlsOptions{.ca_file = certificate.file()}, TlsOptions{.verify = false}}) {
                const Loaded loaded = load(server.url(), keep_alive, tls);
                CHECK(loaded.counters().answers == 30);
                CHECK(loaded.counters().established == (keep_alive ? 1 : 30));
                CHECK(loaded.recording.events.empty());
                CHECK(loaded.why_invalid.empty());
            }
        }
    }
}

// RFC 9112, 9.8: anybody can end a connection; only the server can say that it did.
TEST_CASE("https: a close that nobody announced ends no answer that has no length") {
    const TemporaryFolder folder;
    const TlsCertificate certificate(folder.path());
    struct Answer {
        std::string head;
        std::string body;
        bool has_length;
    };
    const std::vector<Answer> answers = {{"", "hello", false},
                                         {"", "", false},
                                         {"Content-Length: 5\r\n", "hello", true},
                                         {"Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n", true}};
    for (const int version : versions) {
        for (const Answer& answer : answers) {
            for (const Close close : {Close::announced, Close::unannounced}) {
                CAPTURE(version);
                CAPTURE(answer.head);
                CAPTURE(static_cast<int>(close));
                const TlsServer server(with(certificate, version), close,
                                       "HTTP/1.1 200 OK\r\nConnection: close\r\n" + answer.head + "\r\n" +
                                           answer.body);
                const Loaded loaded = load(server.url(), false, {.verify = false});
                const bool whole = answer.has_length || close == Close::announced;
                CHECK(loaded.counters().answers == (whole ? 30 : 0));
                CHECK(loaded.counters().at({Cause::closed, Phase::receive}) == (whole ? 0 : 30));
                CHECK(loaded.counters().lost() == (whole ? 0 : 30));
            }
        }
    }
}

TEST_CASE("https: the reasons for which a server's certificate is refused, and only cures that help") {
    const TemporaryFolder folder;
    const TlsCertificate authority(folder.path(), {.name = "authority"});
    const TlsCertificate self_signed(folder.path(), {.name = "self-signed"});
    const TlsCertificate good(folder.path(), {.name = "good", .issuer = &authority});
    const TlsCertificate hosts(
        folder.path(),
        {.name = "hosts", .hosts = "DNS:a.test,DNS:*.b.test,IP:::1,DNS:c,DNS:d", .issuer = &authority});
    const TlsCertificate old(folder.path(), {.name = "old", .until = -60, .issuer = &authority});
    const TlsCertificate early(folder.path(), {.name = "early", .from = 3000, .issuer = &authority});
    const TlsOptions trusting{.ca_file = authority.file()};
    struct Case {
        const TlsCertificate& certificate;
        std::string host;
        TlsOptions options;
        std::string event;
        std::string reason;
        bool by_cacert;
    };
    const std::vector<Case> cases = {
        {good, "localhost", trusting, "hostname mismatch", "is for 127.0.0.1, not for 'localhost'", false},
        {hosts, "127.0.0.1", trusting, "IP address mismatch",
         "is for a.test, *.b.test, ::1, c and 1 more, not for '127.0.0.1'", false},
        {old, "127.0.0.1", trusting, "certificate has expired", "the server's certificate expired on 20",
         false},
        {early, "127.0.0.1", trusting, "certificate is not yet valid", "is not valid before 20", false},
        {good, "127.0.0.1", {}, "unable to get local issuer certificate", "nobody who is trusted here", true},
        {self_signed, "127.0.0.1", {}, "self-signed certificate", "nobody who is trusted here", true},
    };
    for (const Case& one : cases) {
        for (const int version : versions) {
            CAPTURE(one.event);
            const TlsServer server(with(one.certificate, version));
            const Loaded loaded = load(server.url(one.host), false, one.options);
            CHECK(loaded.counters().at({Cause::tls, Phase::connect}) == 30);
            CHECK(loaded.recording.events.front().os_error_name == one.event);
            CHECK(loaded.recording.tls_errors.at(one.event) == 30);
            CAPTURE(loaded.why_invalid);
            CHECK(loaded.why_invalid.starts_with("no attempt got beyond TLS at 127.0.0.1:"));
            CHECK(contains(loaded.why_invalid, one.reason));
            CHECK(contains(loaded.why_invalid, "--cacert") == one.by_cacert);
            CHECK(contains(loaded.why_invalid, "--insecure"));
        }
    }
}

TEST_CASE("https: a client certificate that the server asks for") {
    const TemporaryFolder folder;
    const TlsCertificate certificate(folder.path());
    const TlsCertificate authority(folder.path(), {.name = "authority"});
    const TlsCertificate right(folder.path(), {.name = "right", .issuer = &authority});
    const TlsCertificate wrong(folder.path(), {.name = "wrong"});
    const std::string both = (folder.path() / "both.pem").string();
    std::ofstream(both) << std::ifstream(right.key_file()).rdbuf() << std::ifstream(right.file()).rdbuf();
    for (const int version : versions) {
        CAPTURE(version);
        const TlsServer server(asking(certificate, version, authority));
        const auto load_with = [&](const std::string& file, const std::string& key) {
            return load(server.url(), false, {.verify = false, .certificate_file = file, .key_file = key});
        };
        CHECK(load_with(right.file(), right.key_file()).counters().answers == 30);
        CHECK(load_with(both, "").counters().answers == 30);

        struct Refused {
            Loaded loaded;
            std::string alert;
            std::string why;
        };
        const std::string missing = version == TLS1_3_VERSION ? "certificate_required" : "handshake_failure";
        for (const Refused& refused :
             {Refused{load_with("", ""), missing, "--cert FILE sends one"},
              Refused{load_with(wrong.file(), wrong.key_file()), "unknown_ca",
                      "does not take the client certificate in '" + wrong.file() + "'"}}) {
            const Counters& counters = refused.loaded.counters();
            CHECK(counters.answers == 0);
            CHECK(counters.of(Cause::tls) == 30);
            // For a client of TLS 1.3 the handshake is over before the server has seen its certificate.
            CHECK(counters.at({Cause::tls, Phase::connect}) == (version == TLS1_3_VERSION ? 0 : 30));
            CHECK(refused.loaded.recording.events.front().os_error_name == "alert " + refused.alert);
            CAPTURE(refused.loaded.why_invalid);
            CHECK(refused.loaded.why_invalid.starts_with("no attempt got beyond TLS at 127.0.0.1:"));
            CHECK(contains(refused.loaded.why_invalid, "the TLS alert " + refused.alert + ";"));
            CHECK(contains(refused.loaded.why_invalid, refused.why));
        }
    }
}

TEST_CASE("https: who knows no TLS is told apart from who refuses") {
    const TlsServer plain(nullptr, Close::unannounced, "HTTP/1.1 400 Bad Request\r\n\r\n");
    const Loaded talks = load(plain.url(), false, {});
    CHECK(talks.counters().at({Cause::tls, Phase::connect}) == 30);
    CAPTURE(talks.why_invalid);
    CHECK(contains(talks.why_invalid, "is it an http:// URL?"));
    const TlsServer mute(nullptr);
    const Loaded closes = load(mute.url(), false, {});
    CHECK(closes.counters().at({Cause::tls, Phase::connect}) == 30);
    CAPTURE(closes.why_invalid);
    CHECK(contains(closes.why_invalid, "the server closed the connection during the TLS handshake"));
}

TEST_CASE("https: the preflight says it, too") {
    const TemporaryFolder folder;
    const TlsCertificate certificate(folder.path());
    const auto why = [](const TlsServer& server, const TlsOptions& tls) -> std::string {
        const LoadPlan plan = plan_for(false, tls);
        const Target target = make_target(parse_url(server.url()), plan);
        try {
            preflight(target, *target.servers->now()->front(), plan.timeout);
        } catch (const InvalidError& error) {
            return error.what();
        }
        return {};
    };
    const TlsOptions anyone{.verify = false};
    for (const int version : versions) {
        CHECK(contains(why(TlsServer(asking(certificate, version, certificate)), anyone), "--cert FILE"));
        CHECK(contains(why(TlsServer(with(certificate, version)), {}), "--cacert FILE"));
        const std::string until_close = "HTTP/1.1 200 OK\r\n\r\nhello";
        CHECK(why(TlsServer(with(certificate, version), Close::announced, until_close), anyone).empty());
        CHECK(contains(why(TlsServer(with(certificate, version), Close::unannounced, until_close), anyone),
                       "without a whole answer"));
    }
}

TEST_CASE("https: a reset may come in the place of the alert, but no answer") {
    const LoadPlan plan = plan_for(false, {.verify = false});
    const Target target = make_target(parse_url("https://127.0.0.1:1/"), plan);
    const auto is_invalid = [&](std::uint64_t tls, Outcome other, std::uint64_t others, bool answers) {
        Recording recording;
        for (std::uint64_t i = 0; i < tls + others; ++i)
            recording.record({.connect_time = 1ms,
                              .failure = Event{.outcome = i < tls ? Outcome{Cause::tls, Phase::await} : other,
                                               .os_error_name = "alert certificate_required"}},
                             1ms);
        if (answers)
            recording.record({.connect_time = 1ms, .answered = Answered{.status = 200}}, 1ms);
        return why_invalid(recording, target).has_value();
    };
    CHECK(is_invalid(300, {}, 0, false));
    CHECK_FALSE(is_invalid(300, {}, 0, true));
    CHECK(is_invalid(299, {Cause::reset, Phase::send}, 1, false));
    CHECK(is_invalid(299, {Cause::broken_pipe, Phase::send}, 1, false));
    CHECK_FALSE(is_invalid(299, {Cause::timeout, Phase::await}, 1, false));
    CHECK_FALSE(is_invalid(1, {Cause::reset, Phase::send}, 299, false));
    CHECK(is_invalid(10, {Cause::timeout, Phase::connect}, 2, false)); // they got no further, either
}

TEST_CASE("https: a server that lets no handshake end is none to measure") {
    const LoadPlan plan = plan_for(false, {.verify = false});
    const auto why = [&](const char* url, Cause cause) {
        Recording recording;
        for (int i = 0; i < 20; ++i)
            recording.record({.failure = Event{.outcome = {cause, Phase::connect}}}, 1ms);
        return why_invalid(recording, make_target(parse_url(url), plan)).value_or("");
    };
    CHECK(contains(why("https://127.0.0.1:1/", Cause::reset), "the server resets the connection"));
    CHECK(contains(why("https://127.0.0.1:1/", Cause::timeout), "no answer in time"));
    CHECK(why("http://127.0.0.1:1/", Cause::reset).empty());
}

TEST_CASE("https: files that cannot be used are named before any load") {
    const TemporaryFolder folder;
    const TlsCertificate one(folder.path(), {.name = "one"});
    const TlsCertificate other(folder.path(), {.name = "other"});
    const std::string encrypted = (folder.path() / "encrypted.key").string();
    one.write_encrypted_key(encrypted);
    const std::string nowhere = "/nowhere/file.pem";
    const auto names = [](const std::string& sentence, const std::vector<std::string>& parts) {
        CAPTURE(sentence);
        for (const std::string& part : parts)
            CHECK(contains(sentence, part));
    };
    names(refusal_of({.ca_file = nowhere}), {"cannot read", nowhere});
    names(refusal_of({.ca_file = one.key_file()}), {one.key_file(), "no file of certificates"});
    names(refusal_of({.certificate_file = nowhere}), {"cannot read", nowhere});
    names(refusal_of({.certificate_file = one.file(), .key_file = nowhere}), {"cannot read", nowhere});
    names(refusal_of({.certificate_file = one.key_file(), .key_file = one.key_file()}),
          {one.key_file(), "no file of certificates"});
    names(refusal_of({.certificate_file = one.file()}), {one.file(), "no private key", "--key FILE"});
    names(refusal_of({.certificate_file = one.file(), .key_file = other.key_file()}),
          {one.file(), other.key_file(), "is not that of the certificate"});
    names(refusal_of({.certificate_file = one.file(), .key_file = encrypted}),
          {encrypted, "is encrypted", "openssl pkey -in"});
    CHECK(refusal_of({.certificate_file = one.file(), .key_file = one.key_file()}).empty());
}

} // namespace loadgen
