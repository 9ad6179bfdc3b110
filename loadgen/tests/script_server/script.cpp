#include "tests/script_server/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

class Dice {
  public:
    explicit Dice(std::mt19937_64& random) : random_(random) {}

    bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
    /// low <= number <= high
    std::size_t number(std::size_t low, std::size_t high) {
        return std::uniform_int_distribution<std::size_t>(low, high)(random_);
    }
    template <class Value, std::size_t Size>
    Value one_of(const std::array<Value, Size>& values) {
        return values.at(number(0, Size - 1));
    }
    /// Small ones as often as large ones.
    std::size_t size(std::size_t most) {
        constexpr std::array<std::size_t, 5> scales = {0, 64, 2'000, 20'000, 1'000'000};
        // Large ones cost time and show little that others don't.
        const std::size_t scale = chance(0.05) ? scales.back() : scales.at(number(0, 3));
        return number(0, std::min(scale, most));
    }

  private:
    std::mt19937_64& random_;
};

void draw_answer(Dice& dice, const Limits& limits, Script& script) {
    constexpr std::array statuses = {200U, 200U, 200U, 204U, 304U, 404U, 500U, 301U, 299U};
    constexpr std::array fields = {ConnectionField::absent, ConnectionField::absent, ConnectionField::close,
                                   ConnectionField::keep_alive};
    constexpr std::array framings = {Framing::length, Framing::length, Framing::chunked,
                                     Framing::until_close};
    script.http10 = dice.chance(0.2);
    script.status = dice.one_of(statuses);
    script.connection = dice.one_of(fields);
    script.framing = dice.one_of(framings);
    if (script.http10 && script.framing == Framing::chunked) // HTTP/1.0 has none (RFC 9112, 6.1)
        script.framing = Framing::length;
    script.body = dice.size(limits.longest_answer);
    script.extensions = dice.chance(0.3);
    script.trailers = dice.chance(0.3);
    if (!script.http10 && dice.chance(0.1))
        script.interim = static_cast<unsigned>(dice.number(1, 3));
}

void draw_sending(Dice& dice, std::size_t length, Script& script) {
    if (dice.chance(0.25))
        script.cut =
            dice.chance(0.5) ? dice.number(0, length) : dice.number(0, std::min<std::size_t>(length, 80));
    const std::size_t sent = std::min(script.cut, length);
    if (dice.chance(0.4) && sent > 1)
        for (std::size_t pieces = dice.number(1, 3); pieces > 0; --pieces)
            script.pieces.push_back(
                {dice.number(1, sent), static_cast<unsigned>(dice.chance(0.4) ? dice.number(0, 1'500) : 0)});
    std::sort(script.pieces.begin(), script.pieces.end(),
              [](const auto& a, const auto& b) { return a.end < b.end; });
}

void draw_afterword(Dice& dice, Script& script) {
    constexpr std::array sayings = {Unasked::nothing,     Unasked::response, Unasked::response,
                                    Unasked::until_close, Unasked::part,     Unasked::garbage};
    script.afterword.says = dice.one_of(sayings);
    script.afterword.pause = static_cast<unsigned>(dice.chance(0.7) ? dice.number(0, 1'500) : 0);
    // Longer than any pause of a client: its request is due before the goodbye comes.
    script.afterword.linger = dice.chance(0.3) ? 4'000 : 0;
}

} // namespace

Script draw_script(std::mt19937_64& random, const Limits& limits) {
    Dice dice(random);
    Script script;
    if (limits.longest_request > 0 && dice.chance(0.3)) {
        script.asks = dice.size(limits.longest_request);
        if (dice.chance(0.4))
            script.reads = dice.number(0, script.asks);
    }
    draw_answer(dice, limits, script);
    draw_sending(dice, render(script, false).bytes.size(), script);
    constexpr std::array ends = {Goodbye::fin, Goodbye::fin, Goodbye::half, Goodbye::reset};
    const bool keeps =
        dice.chance(0.5) && script.framing != Framing::until_close && script.cut == Script::all;
    if (!keeps)
        script.goodbye = dice.chance(limits.silent) ? Goodbye::silence : dice.one_of(ends);
    const bool ends_it = script.goodbye != Goodbye::http && script.goodbye != Goodbye::silence;
    if (ends_it && script.framing != Framing::until_close && script.cut == Script::all && dice.chance(0.1))
        script.surplus = dice.number(1, 40);
    script.close_notify = dice.chance(0.5);
    if (ends_it && script.framing != Framing::until_close && script.cut == Script::all &&
        script.surplus == 0 && script.reads == Script::all && dice.chance(0.6))
        draw_afterword(dice, script);
    return script;
}

std::string_view bytes_of(Unasked unasked) {
    switch (unasked) {
    case Unasked::nothing:
        return {};
    case Unasked::response:
        return "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    case Unasked::until_close:
        return "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\nyou were silent";
    case Unasked::part:
        return "HTTP/1.1 408 Request Timeout\r\nContent-Length: 9\r\n\r\nyou";
    case Unasked::garbage:
        return "SSH-2.0-OpenSSH_9.2\r\n";
    }
    return {};
}

bool has_body(const Script& script, bool head_only) {
    return !head_only && script.status != 204 && script.status != 304;
}

Message render(const Script& script, bool head_only) {
    std::string bytes;
    for (unsigned i = 0; i < script.interim; ++i)
        bytes += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"
                            : "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
    bytes +=
        fmt::format("HTTP/1.{} {} Some Reason\r\nServer: script\r\n", script.http10 ? 0 : 1, script.status);
    if (script.connection != ConnectionField::absent)
        bytes += script.connection == ConnectionField::close ? "Connection: close\r\n"
                                                             : "Connection: Keep-Alive\r\n";
    const bool may_say_length = script.status != 204; // RFC 9110, 8.6
    if (script.framing == Framing::length && may_say_length)
        bytes += fmt::format("Content-Length: {}\r\n", script.body);
    if (script.framing == Framing::chunked && may_say_length)
        bytes += "Transfer-Encoding: chunked\r\n";
    bytes += "\r\n";
    Message message{.bytes = {}, .head_end = bytes.size()};
    if (has_body(script, head_only)) {
        if (script.framing != Framing::chunked) {
            bytes.append(script.body, 'b');
        } else {
            for (std::size_t left = script.body; left > 0;) {
                const std::size_t chunk = std::min<std::size_t>(left, 1 + script.body / 3);
                bytes += fmt::format("{:x}{}\r\n", chunk, script.extensions ? ";name=\"a value\"" : "");
                bytes.append(chunk, 'c');
                bytes += "\r\n";
                left -= chunk;
            }
            bytes += fmt::format("0{}\r\n{}\r\n", script.extensions ? ";last" : "",
                                 script.trailers ? "X-Sum: 1\r\nX-More: 2\r\n" : "");
        }
    }
    message.bytes = std::move(bytes);
    return message;
}

std::string text(const Script& script) {
    constexpr std::array<const char*, 3> framings = {"length", "chunked", "until close"};
    constexpr std::array<const char*, 3> fields = {"", ", Connection: close", ", Connection: keep-alive"};
    constexpr std::array<const char*, 5> goodbyes = {"as HTTP says", "silence", "fin", "half close", "reset"};
    constexpr std::array<const char*, 5> sayings = {"nothing", "a response", "a response until the close",
                                                    "a part of a response", "garbage"};
    std::string words;
    if (script.asks > 0)
        words += fmt::format("POST {} bytes, {} read; ", script.asks, std::min(script.reads, script.asks));
    if (script.interim > 0)
        words += fmt::format("{} interim, ", script.interim);
    words += fmt::format("HTTP/1.{} {}{}, {} {}", script.http10 ? 0 : 1, script.status,
                         fields.at(static_cast<std::size_t>(script.connection)),
                         framings.at(static_cast<std::size_t>(script.framing)), script.body);
    if (script.framing == Framing::chunked)
        words += fmt::format("{}{}", script.extensions ? " with extensions" : "",
                             script.trailers ? " with trailers" : "");
    if (script.cut != Script::all)
        words += fmt::format(", cut at {}", script.cut);
    for (const Script::Piece& piece : script.pieces)
        words += fmt::format(", piece to {} (+{} us)", piece.end, piece.pause);
    if (script.surplus > 0)
        words += fmt::format(", {} bytes of surplus", script.surplus);
    if (!(script.afterword == Script::Afterword{}))
        words +=
            fmt::format(", at rest after {} us {}, {} us later", script.afterword.pause,
                        sayings.at(static_cast<std::size_t>(script.afterword.says)), script.afterword.linger);
    return words + fmt::format(", {}", goodbyes.at(static_cast<std::size_t>(script.goodbye)));
}

} // namespace loadgen
