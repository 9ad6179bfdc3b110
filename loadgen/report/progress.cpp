#include "report/progress.hpp"

#include "process/terminal.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 200ms;
constexpr auto append_every = 10s;

} // namespace

std::string progress_bar(double done) {
    constexpr std::size_t width = 20;
    const auto full = static_cast<std::size_t>(std::clamp(done, 0.0, 1.0) * width);
    return fmt::format("[{:=<{}}{:{}}]", "", full, full < width ? ">" : "", width - full);
}

double AttemptRate::until(Clock::time_point now, std::uint64_t attempts) {
    const std::uint64_t ended = attempts - std::min(attempts, seen_);
    const std::chrono::duration<double> time = now - std::exchange(since_, now);
    seen_ = attempts;
    return time.count() > 0 ? static_cast<double>(ended) / time.count() : 0;
}

ProgressLine::ProgressLine(bool quiet)
    : style_(quiet                  ? Style::none
             : stderr_is_terminal() ? Style::redrawn
                                    : Style::appended) {}

void ProgressLine::begin_block(std::string_view label, Span span) {
    label_ = label;
    span_ = span;
    rate_ = AttemptRate(Clock::now());
}

void ProgressLine::update(const Progress& progress, double share_of_block) {
    const auto now = Clock::now();
    const bool due = now - last_ >= (style_ == Style::redrawn ? Clock::duration{redraw_every} : append_every);
    if (style_ == Style::none || !due)
        return;
    last_ = now;
    const double done = std::min(1.0, span_.from + (span_.to - span_.from) * std::min(1.0, share_of_block));
    const std::chrono::duration<double> elapsed = now - started_;
    const double rate = rate_.until(now, progress.attempts);
    // What matters most comes first: a narrow terminal cuts the rest off.
    std::string line = style_ == Style::redrawn ? progress_bar(done) + " " : "";
    line += fmt::format("{:.0f} %", 100 * done);
    if (done > 0)
        line += fmt::format(", {:.0f} s left", elapsed.count() * (1 - done) / done);
    line += fmt::format("  {}: {}/s, {} resets, p99 {}, {} attempts, {} answers", label_,
                        grouped(static_cast<std::uint64_t>(rate)), grouped(progress.resets),
                        brief(progress.p99), grouped(progress.attempts), grouped(progress.answers));
    if (style_ == Style::redrawn)
        line.resize(std::min(line.size(), terminal_width()));
    if (style_ == Style::redrawn)
        fmt::print(stderr, "\r\x1b[K{}", line);
    else
        fmt::print(stderr, "{}\n", line);
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::clear() {
    if (style_ == Style::redrawn && shown_) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
    shown_ = false;
}

} // namespace loadgen
