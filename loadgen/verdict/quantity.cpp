#include "verdict/quantity.hpp"

#include "verdict/cells.hpp"
#include "verdict/percentile.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace loadgen {
namespace {

struct NamedCount {
    std::string_view name;
    Unit unit;
    std::uint64_t (*count)(const Recording&);
};

template <std::uint64_t Counters::*member>
std::uint64_t counter(const Recording& recording) {
    return recording.counters.*member;
}

template <std::uint64_t Recording::*member>
std::uint64_t starts(const Recording& recording) {
    return recording.*member;
}

template <std::size_t digit>
std::uint64_t answers_of_class(const Recording& recording) {
    return recording.counters.by_status_class.at(digit);
}

constexpr auto counts = std::to_array<NamedCount>({
    {"attempts", Unit::number, counter<&Counters::attempts>},
    {"established", Unit::attempts, counter<&Counters::established>},
    {"requests_sent", Unit::attempts, counter<&Counters::requests_sent>},
    {"answers", Unit::attempts, counter<&Counters::answers>},
    {"http_1xx", Unit::attempts, answers_of_class<1>},
    {"http_2xx", Unit::attempts, answers_of_class<2>},
    {"http_3xx", Unit::attempts, answers_of_class<3>},
    {"http_4xx", Unit::attempts, answers_of_class<4>},
    {"http_5xx", Unit::attempts, answers_of_class<5>},
    {"idle_closes", Unit::attempts, counter<&Counters::idle_closes>},
    {"delayed_starts", Unit::attempts, starts<&Recording::delayed_starts>},
    {"unstarted", Unit::number, starts<&Recording::unstarted>}, // in no other count
});

struct NamedCells {
    std::string_view name;
    bool (*holds)(Outcome);
};

constexpr auto sums = std::to_array<NamedCells>({
    {"resets", [](Outcome outcome) { return is_reset(outcome.cause); }},
    {"lost", is_loss},
});

constexpr auto rates = std::to_array<std::pair<std::string_view, std::uint64_t Counters::*>>({
    {"answers_per_s", &Counters::answers},
    {"attempts_per_s", &Counters::attempts},
});

constexpr auto latencies = std::to_array<std::pair<std::string_view, Histogram Recording::*>>({
    {"connect_", &Recording::connect},
    {"first_byte_", &Recording::first_byte},
    {"", &Recording::latency},
});

constexpr std::string_view resets_in = "reset_";

std::vector<Outcome> cells_named(std::string_view wanted) {
    for (const NamedCells& sum : sums)
        if (sum.name == wanted)
            return cells_where(sum.holds);
    if (wanted.starts_with(resets_in))
        if (const auto phase = phase_named(wanted.substr(resets_in.size())))
            return cells_where([&](Outcome cell) { return is_reset(cell.cause) && cell.phase == *phase; });
    for (const Cause cause : all_causes) {
        if (cause == Cause::reset || !wanted.starts_with(name(cause)))
            continue;
        const std::string_view rest = wanted.substr(name(cause).size());
        if (rest.empty())
            return cells_where([&](Outcome cell) { return cell.cause == cause; });
        if (const auto phase = phase_named(rest.substr(1)); phase && rest.front() == '_')
            return {{cause, *phase}};
    }
    return {};
}

std::optional<Quantity> latency_named(std::string_view wanted) {
    const auto found = std::find_if(latencies.begin(), latencies.end(),
                                    [&](const auto& latency) { return wanted.starts_with(latency.first); });
    const std::string_view prefix = found->first;
    Histogram Recording::*const histogram = found->second;
    const std::string_view rest = wanted.substr(prefix.size());
    const auto percentile = percentile_named(rest);
    if (!percentile && rest != "max")
        return std::nullopt;
    return Quantity{.name = std::string(prefix) + (percentile ? percentile->name : "max"),
                    .unit = Unit::time,
                    .cells = {},
                    .measured = [histogram, percentile](const Recording& recording) -> std::optional<Amount> {
                        const Histogram& latency = recording.*histogram;
                        const auto time = percentile ? latency.quantile(percentile->fraction) : latency.max();
                        return time ? std::optional<Amount>(*time) : std::nullopt;
                    }};
}

Quantity rate_of(std::string_view name, std::uint64_t Counters::*count) {
    return {.name = std::string(name),
            .unit = Unit::rate,
            .cells = {},
            .measured = [count](const Recording& recording) -> std::optional<Amount> {
                const double seconds = std::chrono::duration<double>(recording.elapsed).count();
                if (!(seconds > 0))
                    return std::nullopt;
                return static_cast<double>(recording.counters.*count) / seconds;
            }};
}

Quantity sum_of(std::string_view name, const std::vector<Outcome>& cells) {
    return {.name = std::string(name),
            .unit = Unit::attempts,
            .cells = cells,
            .measured = [cells](const Recording& recording) -> std::optional<Amount> {
                std::uint64_t sum = 0;
                for (const Outcome cell : cells)
                    sum += recording.counters.at(cell);
                return sum;
            }};
}

} // namespace

std::optional<Quantity> quantity_named(std::string_view wanted) {
    for (const NamedCount& one : counts)
        if (one.name == wanted)
            return Quantity{std::string(wanted), one.unit, {}, one.count};
    for (const auto& [name, count] : rates)
        if (name == wanted)
            return rate_of(name, count);
    if (const auto cells = cells_named(wanted); !cells.empty())
        return sum_of(wanted, cells);
    return latency_named(wanted);
}

std::vector<std::string_view> count_names() {
    std::vector<std::string_view> names;
    names.reserve(sums.size() + all_causes.size() + counts.size());
    for (const NamedCells& sum : sums)
        names.push_back(sum.name);
    for (const Cause cause : all_causes)
        if (cause != Cause::reset)
            names.push_back(name(cause));
    for (const NamedCount& count : counts)
        names.push_back(count.name);
    return names;
}

std::vector<std::string_view> rate_names() {
    std::vector<std::string_view> names;
    names.reserve(rates.size());
    for (const auto& [name, count] : rates)
        names.push_back(name);
    return names;
}

} // namespace loadgen
