#include "tests/script_server/expectation.hpp"

#include <algorithm>

namespace loadgen {
namespace {

using enum Phase;
using enum Cause;

/// RFC 9112, 9.3.
bool persistent(const Script& script) {
    if (script.connection == ConnectionField::close)
        return false;
    return !script.http10 || script.connection == ConnectionField::keep_alive;
}

/// The offset at which the answer is whole (RFC 9112, 6.3); none: the close of the connection ends it.
std::optional<std::size_t> end_of_answer(const Script& script, const Message& message, bool head_only) {
    if (has_body(script, head_only) && script.framing == Framing::until_close)
        return std::nullopt;
    return message.bytes.size();
}

/// Over TLS a close that nobody announced ends no answer: it is incomplete (RFC 9112, 9.8). The server
/// announces only some of those by which it closes both sides.
bool ends_answers(const Script& script, const Circumstances& circumstances) {
    return !circumstances.tls || (script.goodbye == Goodbye::fin && script.close_notify);
}

/// A client that asked for a close waits for it, unless it is told that none will come; one that wants to
/// keep the connection waits where the answer says that it is the last.
bool waits_for_close(const Script& script, const Circumstances& circumstances) {
    if (circumstances.keep_alive)
        return !persistent(script);
    return script.connection != ConnectionField::keep_alive;
}

class Ways {
  public:
    Ways(std::uint64_t fewest, std::uint64_t most) : fewest_(fewest), most_(most) {}

    void fails(Cause cause, Phase phase) { add(false, Outcome{cause, phase}); }
    void answered() { add(true, {}); }
    void answered_then(Cause cause) { add(true, Outcome{cause, finish}); }
    /// The bytes are read together with the end of the response, which they do not belong to.
    void answered_with(std::string_view unasked) {
        answered_then(malformed);
        ways_.back().fewest_bytes += 1;
        ways_.back().most_bytes += unasked.size();
    }
    std::vector<Way> take() { return std::move(ways_); }

  private:
    void add(bool answered, std::optional<Outcome> failure) {
        ways_.push_back({answered, failure, fewest_, most_});
    }

    std::uint64_t fewest_;
    std::uint64_t most_;
    std::vector<Way> ways_;
};

/// The server closes while the request is still on its way. That makes a RST of its FIN, at once or when
/// more of the request comes, and the client may meet with it while it writes or while it reads, as
/// ECONNRESET or, behind a FIN, as EPIPE (Linux, net/ipv4/tcp_input.c, tcp_reset).
void cut_short(Ways& ways, const Script& script, std::size_t sent, std::optional<std::size_t> whole_at,
               bool by_close, Phase quiet) {
    const bool fin = script.goodbye == Goodbye::fin;
    if (whole_at && sent >= *whole_at) {
        ways.answered(); // the client doesn't wait for the end of a connection that it can't use any more
        ways.answered_then(reset);
        ways.answered_then(broken_pipe);
        if (script.surplus > 0)
            ways.answered_then(malformed);
        return;
    }
    const Phase phase = sent > 0 ? receive : quiet;
    ways.fails(reset, phase);
    if (sent > 0) {
        ways.fails(broken_pipe, receive);
    } else {
        ways.fails(reset, send);
        ways.fails(broken_pipe, send);
        if (fin)
            ways.fails(closed, send);
    }
    if (!fin)
        return;
    if (by_close) {
        ways.answered();
    } else {
        ways.fails(closed, phase);
    }
}

} // namespace

bool serves_on(const Script& script, const Circumstances& circumstances) {
    return script.goodbye == Goodbye::http && persistent(script) &&
           (circumstances.keep_alive || script.connection == ConnectionField::keep_alive);
}

// Longer than fifty lines: what a client meets with stands here in the order in which it meets it.
std::vector<Way> ways_of(const Script& script, const Circumstances& circumstances) {
    const Message message = render(script, circumstances.head_only);
    const auto whole_at = end_of_answer(script, message, circumstances.head_only);
    const std::size_t sent = std::min(script.cut, message.bytes.size());
    const bool is_whole = whole_at && sent >= *whole_at;
    const Phase quiet = circumstances.reused ? reuse : await;
    const std::size_t surplus = sent == message.bytes.size() ? script.surplus : 0;
    const bool unread = script.reads < script.asks;
    const bool waits = waits_for_close(script, circumstances);
    const bool by_close = !whole_at && sent >= message.head_end && ends_answers(script, circumstances);

    if (unread && (script.goodbye == Goodbye::fin || script.goodbye == Goodbye::reset)) {
        Ways ways(std::min<std::size_t>(sent, 1), sent + surplus);
        cut_short(ways, script, sent, whole_at, by_close, quiet);
        return ways.take();
    }

    // What is left unread the server reads later; until then the client may still be sending.
    Ways ways(sent, sent + surplus);
    if (is_whole && surplus > 0) {
        ways.answered_then(malformed);
        if (!waits || unread) // both in one read or not: that is the kernel's to say
            ways.answered();
        return ways.take();
    }
    if (leaves_at_rest(script, circumstances) && script.afterword.says != Unasked::nothing)
        ways.answered_with(bytes_of(script.afterword.says));
    const Phase phase = sent > 0 ? receive : quiet;
    switch (script.goodbye) {
    case Goodbye::http:
        if (is_whole || by_close) // else only whole ones end so
            ways.answered();
        else
            ways.fails(closed, receive);
        break;
    case Goodbye::silence:
        if (!is_whole)
            ways.fails(timeout, phase);
        else if (waits)
            ways.answered_then(timeout);
        if (is_whole && (!waits || unread))
            ways.answered();
        break;
    case Goodbye::fin:
    case Goodbye::half:
        if (is_whole || by_close)
            ways.answered();
        else
            ways.fails(closed, phase);
        if (unread && sent == 0)
            ways.fails(closed, send);
        break;
    case Goodbye::reset:
        if (!is_whole)
            ways.fails(reset, phase);
        else if (waits)
            ways.answered_then(reset);
        else
            ways.answered();
        break;
    }
    return ways.take();
}

std::vector<Outcome> failures_of(Reception reception, const Circumstances& circumstances) {
    // A request that meets a closed socket is answered with a RST; whether that or what was sent before comes
    // first, and whether the client was writing or reading, is a matter of time.
    const std::vector<Outcome> by_reset = {{reset, send}, {reset, await}, {broken_pipe, send}};
    std::vector<Outcome> outcomes;
    switch (reception) {
    case Reception::normal:
        return {};
    case Reception::unasked:
    case Reception::unasked_open:
        // Before any byte of the request it is a response to nothing, and the connection is of no use.
        if (circumstances.pauses)
            return {{closed, send}, {malformed, send}};
        return {};
    case Reception::reset:
        outcomes = by_reset;
        if (!circumstances.tls) // Linux may report the RST in the place of the connection
            outcomes.push_back({reset, connect});
        return outcomes;
    case Reception::fin:
        outcomes = by_reset;
        outcomes.push_back({closed, send});
        outcomes.push_back({closed, await});
        return outcomes;
    case Reception::half:
        return {{closed, send}, {closed, await}};
    case Reception::garbage:
        outcomes = by_reset;
        outcomes.push_back({malformed, receive});
        if (circumstances.pauses)
            outcomes.push_back({malformed, send});
        return outcomes;
    }
    return outcomes;
}

bool leaves_at_rest(const Script& script, const Circumstances& circumstances) {
    const bool whole = script.cut >= render(script, circumstances.head_only).bytes.size();
    const bool delimited =
        !has_body(script, circumstances.head_only) || script.framing != Framing::until_close;
    return circumstances.keep_alive && persistent(script) && whole && delimited;
}

bool passes_for_response(Unasked unasked) {
    return unasked == Unasked::response || unasked == Unasked::until_close;
}

namespace {

// A request that crosses what the server says at rest takes that for its response, and waits for the close
// that it announces.
std::vector<Outcome> crossed_words_of(const Script& script, const Circumstances& circumstances) {
    const Unasked said = script.afterword.says;
    const Goodbye goodbye = script.goodbye;
    const bool resets = goodbye == Goodbye::reset || goodbye == Goodbye::fin; // fin: if a request comes then
    std::vector<Outcome> outcomes;
    if (resets) // the write meets with it
        outcomes = {{reset, send}, {reset, reuse}, {broken_pipe, send}};
    if (goodbye == Goodbye::reset)
        outcomes.push_back({reset, idle});
    const Phase begun = said == Unasked::response ? finish : receive;
    if (resets && said != Unasked::garbage) {
        outcomes.push_back({reset, begun});
        outcomes.push_back({broken_pipe, begun});
    }
    if (said == Unasked::part || (said == Unasked::until_close && !ends_answers(script, circumstances))) {
        outcomes.push_back({malformed, receive});
        outcomes.push_back({closed, receive});
    }
    if (said == Unasked::garbage)
        outcomes.push_back({malformed, receive});
    if (circumstances.head_only &&
        (said == Unasked::part || said == Unasked::until_close)) // an answer to HEAD has no body
        outcomes.push_back({malformed, finish});
    return outcomes;
}

} // namespace

std::vector<Outcome> aftermath_of(const Script& script, const Circumstances& circumstances) {
    if (!leaves_at_rest(script, circumstances))
        return {};
    if (script.afterword.says != Unasked::nothing)
        return crossed_words_of(script, circumstances);
    const std::vector<Outcome> by_reset = {{reset, send}, {reset, reuse}, {broken_pipe, send}};
    std::vector<Outcome> outcomes;
    if (script.goodbye == Goodbye::reset || script.goodbye == Goodbye::fin)
        outcomes = by_reset;
    if (script.surplus > 0) { // what came first is read first
        outcomes.push_back({malformed, receive});
        return outcomes;
    }
    if (script.goodbye == Goodbye::reset || script.reads < script.asks)
        outcomes.push_back({reset, idle});
    if (script.goodbye == Goodbye::fin || script.goodbye == Goodbye::half) {
        outcomes.push_back({closed, send});
        outcomes.push_back({closed, reuse});
    }
    // The request crosses close_notify and the FIN behind it, and is answered with a RST, which the socket
    // knows of when the record is read.
    if (circumstances.tls && script.goodbye == Goodbye::fin && script.close_notify)
        outcomes.push_back({broken_pipe, reuse});
    if (script.goodbye == Goodbye::silence) {
        outcomes.push_back({timeout, send});
        outcomes.push_back({timeout, reuse});
    }
    return outcomes;
}

} // namespace loadgen
