#include "report/text.hpp"

#include "report/numbers.hpp"
#include "report/outcome_table.hpp"
#include "report/table.hpp"
#include "verdict/rate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace loadgen {
namespace {

std::string latency_line(std::string_view what, const Histogram& latency) {
    return fmt::format("{}  p50 {}  p90 {}  p99 {}  p99.9 {}  max {}\n", what, brief(latency.quantile(0.5)),
                       brief(latency.quantile(0.9)), brief(latency.quantile(0.99)),
                       brief(latency.quantile(0.999)), brief(latency.max()));
}

std::string status_classes(const Counters& counters) {
    std::string text;
    for (std::size_t digit = 1; digit < counters.by_status_class.size(); ++digit)
        if (counters.by_status_class.at(digit) > 0)
            text += fmt::format("  {}xx {}", digit, grouped(counters.by_status_class.at(digit)));
    return text;
}

// "2,651, 44.8 % of attempts (95 % interval: 43.5 % to 46.1 %)"
std::string share_of_attempts(Count count, double confidence) {
    const RateInterval interval = rate_interval(count, confidence);
    return fmt::format("{}, {} of attempts ({} interval: {} to {})", grouped(count.events),
                       percent(count.rate()), percent(confidence), percent(interval.low),
                       percent(interval.high));
}

// "2,000", "0.5"
std::string as_given(double number) {
    const double whole = std::floor(number);
    return number == whole && number < 1e15 ? grouped(static_cast<std::uint64_t>(whole))
                                            : fmt::format("{}", number);
}

// What was loaded, and how.
std::string load_lines(const BlockInfo& info, const Recording& recording) {
    return fmt::format("{}{}\n{}, {} on {}, {}, {}{}, {:.1f} s\n\n", info.url,
                       info.urls > 1 ? fmt::format(" and {} more", info.urls - 1) : "",
                       plural(info.connections, "connection"), plural(info.threads, "thread"), info.engine,
                       info.keep_alive ? "keep-alive" : "a connection per request",
                       info.rate ? fmt::format("{} starts/s asked for, ", as_given(*info.rate)) : "",
                       info.send_delay == "0s" ? "no send delay" : "send delay " + info.send_delay,
                       std::chrono::duration<double>(recording.elapsed).count());
}

std::string remarks(const Recording& recording) {
    const std::uint64_t idle_closes = recording.counters.idle_closes;
    std::string text;
    if (idle_closes > 0)
        text += fmt::format("\n{} found {} idle connection closed and went on over a new one; that is no "
                            "failure\n",
                            plural(idle_closes, "attempt"), idle_closes == 1 ? "its" : "their");
    if (recording.abandoned > 0)
        text += fmt::format("\n{} given up at the second Ctrl-C, and in no count above\n",
                            plural(recording.abandoned, "attempt"));
    const std::uint64_t delayed = recording.delayed_starts + recording.unstarted;
    if (delayed > 0)
        text += fmt::format("\n{} had to wait for a free connection{}; the wait is in the latency\n",
                            plural(delayed, "start"),
                            recording.unstarted > 0 ? fmt::format(", {} of them until the load was over",
                                                                  grouped(recording.unstarted))
                                                    : "");
    return text;
}

} // namespace

std::string run_summary(const RunResult& result) {
    const Recording& recording = result.recording;
    const double confidence = result.confidence;
    const Counters& counters = recording.counters;
    std::string text = load_lines(result.info, recording);
    text += fmt::format("attempts  {}, {}/s\n", grouped(counters.attempts),
                        rounded(per_second(counters.attempts, recording)));
    text += fmt::format("answers   {}, {}/s{}\n", grouped(counters.answers),
                        rounded(per_second(counters.answers, recording)), status_classes(counters));
    text +=
        fmt::format("resets    {}\n", share_of_attempts({counters.resets(), counters.attempts}, confidence));
    text +=
        fmt::format("lost      {}\n", share_of_attempts({counters.lost(), counters.attempts}, confidence));
    if (const auto rows = outcome_rows(counters); !rows.empty())
        text += fmt::format("\n{}", aligned(rows));
    text += remarks(recording);
    text += "\n";
    if (counters.established > 0)
        text += latency_line("connect   ", recording.connect);
    if (counters.answers > 0) {
        text += latency_line("first byte", recording.first_byte);
        text += latency_line("answer    ", recording.latency);
    }
    return text;
}

} // namespace loadgen
