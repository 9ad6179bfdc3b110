#include "report/gate_text.hpp"

#include "report/numbers.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

// To the last microsecond, unlike brief(): what is just over a limit must not read as the limit.
std::string exact(std::chrono::microseconds time) {
    const auto us = static_cast<double>(time.count());
    if (us < 1000)
        return fmt::format("{} us", us);
    return us < 1e6 ? fmt::format("{} ms", us / 1e3) : fmt::format("{} s", us / 1e6);
}

std::string nothing_measured(const BrokenRule& broken) {
    switch (broken.unit) {
    case Unit::time:
        return broken.rule.name.starts_with("connect_") ? "nothing was measured: no connection came up"
                                                        : "nothing was measured: there was no answer";
    case Unit::attempts:
    case Unit::number:
    case Unit::rate:
        break;
    }
    return "nothing was measured: there was no attempt";
}

std::string share(std::uint64_t count, const BrokenRule& broken) {
    if (broken.attempts == 0)
        return grouped(count);
    const double rate = static_cast<double>(count) / static_cast<double>(broken.attempts);
    return fmt::format("{} of {} attempts ({})", grouped(count), grouped(broken.attempts), percent(rate));
}

std::string measured_text(const BrokenRule& broken) {
    if (!broken.measured)
        return nothing_measured(broken);
    if (const auto* const time = std::get_if<std::chrono::microseconds>(&*broken.measured))
        return exact(*time);
    if (const auto* const rate = std::get_if<double>(&*broken.measured))
        return fmt::format("{}", *rate);
    const auto count = std::get<std::uint64_t>(*broken.measured);
    return broken.unit == Unit::attempts ? share(count, broken) : grouped(count);
}

} // namespace

std::string text(const BrokenRule& broken) {
    return fmt::format("{}: {}{}{}", text(broken.rule), measured_text(broken),
                       broken.where.empty() ? "" : ": ", listed(broken.where));
}

} // namespace loadgen
