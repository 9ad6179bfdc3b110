#include "experiment/preflight.hpp"

#include "client/answer.hpp"
#include "client/classify.hpp"
#include "client/engine/engine.hpp"
#include "client/engine/stream_end.hpp"
#include "process/exit_code.hpp"

#include <boost/asio/error.hpp>

#include <fmt/format.h>

#include <memory>

namespace loadgen {
namespace {

using boost::system::error_code;

class Exchange final : private TransportUser {
  public:
    Exchange(const Target& target, const Server& server)
        : target_(target),
          server_(server),
          answer_(target.head_only),
          loop_(make_event_loop(Engine::asio, target.tls.get())),
          transport_(loop_->make_transport(*this)) {}

    error_code run_for(std::chrono::nanoseconds timeout) {
        if (const error_code error = transport_->open(server_.endpoint.protocol(), nullptr, false))
            return error;
        transport_->connect_and_exchange(server_.endpoint, target_.requests.front().bytes, answer_.space());
        loop_->wake_at(EventLoop::Clock::now() + timeout);
        loop_->run([this] { loop_->stop(); });
        return error_;
    }

    const AnswerParser& parser() const { return answer_.parser(); }

  private:
    void on_connect(const error_code& error) override {
        if (error)
            end(error);
    }
    void on_write(const error_code& error) override {
        if (error)
            end(error);
    }
    void on_read(const error_code& error, std::size_t bytes) override {
        if (error)
            return end(is_end_of_stream(error) ? answer_.end_of_input(error) : error);
        if (const error_code bad = answer_.advance(bytes))
            return end(bad);
        answer_.complete() ? end({}) : transport_->read(answer_.space());
    }
    void on_closed() override {}

    void end(const error_code& error) {
        error_ = error;
        loop_->stop();
    }

    const Target& target_;
    const Server& server_;
    AnswerReader answer_;
    error_code error_ = boost::asio::error::timed_out; // unless the exchange ends
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<Transport> transport_;
};

std::string why(const error_code& error, const Target& target) {
    switch (classify(error)) {
    case Cause::refused:
        return fmt::format("nothing listens there (connection refused): {}", is_server_up(target));
    case Cause::unreachable:
        return "the network or host is unreachable";
    case Cause::timeout:
        return "no answer in time";
    case Cause::closed:
        return "the server closed the connection without a whole answer";
    case Cause::tls:
        return about_failure(*target.tls, error_name(error));
    case Cause::malformed:
        return fmt::format("the answer is not HTTP ({})", error.message());
    default:
        return fmt::format("{} ({})", error.message(), error_name(error));
    }
}

} // namespace

PreflightAnswer preflight(const Target& target, const Server& server, std::chrono::nanoseconds timeout) {
    // A server that resets half of its connections answers one of ten, nearly always.
    constexpr int tries = 10;
    for (int i = 1;; ++i) {
        Exchange exchange(target, server);
        const error_code error = exchange.run_for(timeout);
        if (!error)
            return {.status = exchange.parser().status(), .variant = exchange.parser().variant()};
        const Cause cause = classify(error);
        if (i == tries || !(is_reset(cause) || cause == Cause::closed))
            throw InvalidError(fmt::format("{}: {}", target.url.text, why(error, target)));
    }
}

} // namespace loadgen
