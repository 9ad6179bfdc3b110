#include "commands/preflight.hpp"

#include "client/answer.hpp"
#include "client/classify.hpp"
#include "commands/exit_code.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class Exchange {
  public:
    explicit Exchange(const Target& target) : target_(target), socket_(context_), answer_(target.head_only) {}

    error_code run_for(std::chrono::nanoseconds timeout) {
        socket_.async_connect(target_.endpoint, [this](const error_code& ec) { on_connect(ec); });
        context_.run_for(timeout);
        return error_;
    }

    const AnswerParser& parser() const { return answer_.parser(); }

  private:
    void on_connect(const error_code& ec) {
        if (ec)
            return end(ec);
        boost::asio::async_write(
            socket_, boost::asio::buffer(target_.request),
            [this](const error_code& error, std::size_t) { error ? end(error) : read(); });
    }

    void read() {
        const std::span<char> space = answer_.space();
        socket_.async_read_some(
            boost::asio::buffer(space.data(), space.size()),
            [this](const error_code& error, std::size_t bytes) { on_read(error, bytes); });
    }

    void on_read(const error_code& error, std::size_t bytes) {
        if (error)
            return end(error == boost::asio::error::eof ? answer_.end_of_input() : error);
        if (const error_code bad = answer_.advance(bytes))
            return end(bad);
        answer_.complete() ? end({}) : read();
    }

    void end(const error_code& error) { error_ = error; }

    const Target& target_;
    boost::asio::io_context context_;
    tcp::socket socket_;
    AnswerReader answer_;
    error_code error_ = boost::asio::error::timed_out; // unless the exchange ends
};

std::string why(const error_code& error) {
    switch (classify(error)) {
    case Cause::refused:
        return "nothing listens there (connection refused): is the server up?";
    case Cause::unreachable:
        return "the network or host is unreachable";
    case Cause::timeout:
        return "no answer in time";
    case Cause::closed:
        return "the server closed the connection without a whole answer";
    case Cause::malformed:
        return fmt::format("the answer is not HTTP ({})", error.message());
    default:
        return fmt::format("{} ({})", error.message(), error_name(error));
    }
}

} // namespace

PreflightAnswer preflight(const Target& target, std::chrono::nanoseconds timeout) {
    Exchange exchange(target);
    if (const error_code error = exchange.run_for(timeout))
        throw InvalidError(fmt::format("{}: {}", target.url.text, why(error)));
    return {.status = exchange.parser().status(), .variant = exchange.parser().variant()};
}

} // namespace loadgen
