#include "report/progress.hpp"

#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 200ms;
constexpr auto append_every = 10s;

bool stderr_is_terminal() {
#ifdef _WIN32
    return _isatty(_fileno(stderr)) != 0;
#else
    return isatty(fileno(stderr)) != 0;
#endif
}

} // namespace

ProgressLine::ProgressLine(bool quiet)
    : style_(quiet                  ? Style::none
             : stderr_is_terminal() ? Style::redrawn
                                    : Style::appended) {}

void ProgressLine::begin_block(std::string_view label, std::size_t index, std::size_t count) {
    label_ = label;
    index_ = index;
    count_ = count;
    seen_ = 0;
}

void ProgressLine::update(const Progress& progress, double share_of_block) {
    const auto now = Clock::now();
    const bool due = now - last_ >= (style_ == Style::redrawn ? Clock::duration{redraw_every} : append_every);
    if (style_ == Style::none || !due)
        return;
    const auto previous = std::exchange(last_, now);

    const double done =
        (static_cast<double>(index_) + std::min(1.0, share_of_block)) / static_cast<double>(count_);
    std::string line = fmt::format("{:3.0f} %", 100 * done);
    if (done > 0) {
        const std::chrono::duration<double> elapsed = now - started_;
        line += fmt::format(", {:.0f} s left", elapsed.count() * (1 - done) / done);
    }
    const std::uint64_t ended = progress.attempts - std::min(progress.attempts, seen_);
    const double rate = static_cast<double>(ended) / std::chrono::duration<double>(now - previous).count();
    seen_ = progress.attempts;
    line += fmt::format("  {}: {} attempts, {:.0f}/s, {} answers, {} resets, p99 {}", label_,
                        grouped(progress.attempts), rate, grouped(progress.answers), grouped(progress.resets),
                        brief(progress.p99));
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
