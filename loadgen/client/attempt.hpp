// One attempt's way through its phases, as a machine of states: what happened goes in, what is to be done
// comes out. It has no socket and no worker, so it cannot end itself or begin the next attempt: whoever
// asks it decides first and acts last.
#pragma once

#include "client/answer.hpp"
#include "measure/outcome.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace loadgen {

/// What is to be done next.
struct Step {
    enum class Move {
        wait,      ///< nothing: something is under way that will be heard of
        read,      ///< have more bytes read into space()
        write,     ///< the request
        reconnect, ///< go on over a new connection: the kept one is closed, and nothing had been sent
        end,       ///< the attempt is over
    };
    struct Failure {
        Cause cause;
        boost::system::error_code error; ///< none where the cause is ours: a time-out, surplus bytes
    };

    Move move = Move::wait;
    bool keep = false;              ///< end: the connection can carry another attempt
    std::optional<Failure> failure; ///< end
};

class Attempt {
  public:
    using Clock = std::chrono::steady_clock;
    using error_code = boost::system::error_code;

    /// keep_alive: it wants its connection kept. head_only: its answers have no body, as those to HEAD.
    Attempt(bool keep_alive, bool head_only) : keep_alive_(keep_alive), reader_(head_only) {}

    /// Anew, over a new connection (phase connect) or one that has carried a request before (phase idle).
    void begin(bool reused);
    /// It goes on over a new connection. Only after Move::reconnect.
    void reconnect();
    /// The reader forgets what it had; space() is for what comes before the next begin().
    void rest() { reader_.restart(); }

    /// Where the next bytes are to be read to.
    std::span<char> space() { return reader_.space(); }

    // What happened:

    [[nodiscard]] Step on_connect(const error_code& error);
    /// The time for the request has come, and nothing that the server has sent is left unread.
    [[nodiscard]] Step on_due();
    /// The request is about to be written.
    void on_writing() {
        phase_ = Phase::send;
        writing_ = asked_ = true;
    }
    /// It is wholly written, or an error has come; `reading`: a read is under way beside it.
    [[nodiscard]] Step on_write(const error_code& error, bool reading);
    /// is_end_of_stream(error) when the server has closed; else so many bytes stand in space().
    [[nodiscard]] Step on_read(const error_code& error, std::size_t bytes, Clock::time_point now);
    /// Before the end of the stream is told: what came behind it. It is the cause where that end is no end of
    /// the response.
    void on_error_behind_end(const error_code& error) { behind_end_ = error; }
    /// Its time is up.
    [[nodiscard]] Step on_deadline();
    /// This machine has no socket for it.
    [[nodiscard]] static Step on_no_socket(const error_code& error);

    Phase phase() const { return phase_; }
    /// The request may still be written: nothing has come of the attempt so far.
    bool still_to_send() const { return phase_ == Phase::send || phase_ == Phase::idle; }
    bool is_sent() const { return sent_; }
    /// The server owes a response: the request is begun, and no response to it is whole.
    bool awaits_response() const { return asked_ && !answer_; }
    std::uint64_t bytes_read() const { return bytes_read_; }

    struct Answer {
        unsigned status;
        Clock::time_point first_byte;
        Clock::time_point complete;
    };
    const std::optional<Answer>& answer() const { return answer_; }

  private:
    static Step failed(Cause cause, const error_code& error = {}) {
        return {.move = Step::Move::end, .failure = Step::Failure{cause, error}};
    }
    static Step ended(bool keep) { return {.move = Step::Move::end, .keep = keep, .failure = {}}; }

    Step on_bytes(std::size_t bytes, Clock::time_point now);
    Step on_unasked(std::size_t bytes);
    Step unasked(const error_code& error = {});
    Step on_end_of_stream(const error_code& end, Clock::time_point now);
    Step on_answer(Clock::time_point now, bool stream_ended);
    Step after_answer() const;
    Step on_error(const error_code& error) const;

    bool keep_alive_;
    AnswerReader reader_;

    Phase phase_ = Phase::connect;
    bool reused_ = false;
    bool asked_ = false; // the request is begun: what comes from here on may be a response to it
    bool writing_ = false;
    bool sent_ = false;
    error_code write_error_; // the connection is reset, but an answer may have come before
    error_code behind_end_;
    struct End {
        error_code error;
        Clock::time_point time;
    };
    std::optional<End> ended_; // the stream from the server, while the request is being written
    std::uint64_t bytes_read_ = 0;
    Clock::time_point first_byte_{};
    std::optional<Answer> answer_;
};

} // namespace loadgen
