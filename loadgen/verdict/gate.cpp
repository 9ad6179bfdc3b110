#include "verdict/gate.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

using std::chrono::nanoseconds;

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

template <class Number>
bool stands(Number measured, Relation relation, Number limit) {
    switch (relation) {
    case Relation::above:
        return measured > limit;
    case Relation::at_least:
        return measured >= limit;
    case Relation::below:
        return measured < limit;
    case Relation::at_most:
        return measured <= limit;
    }
    return true;
}

std::string duration_text(nanoseconds length) {
    using namespace std::chrono_literals;
    if (length % 1s == 0ns)
        return fmt::format("{}s", length / 1s);
    if (length % 1ms == 0ns)
        return fmt::format("{}ms", length / 1ms);
    return fmt::format("{}us", static_cast<double>(length.count()) / 1e3);
}

bool is_lowest(const Limit& limit) {
    return std::visit(Overloaded{[](std::uint64_t count) { return count == 0; },
                                 [](Percent share) { return !(share.value > 0); },
                                 [](double rate) { return !(rate > 0); },
                                 [](nanoseconds time) { return time == nanoseconds::zero(); }},
                      limit);
}

bool is_highest(const Limit& limit) {
    const auto* const share = std::get_if<Percent>(&limit);
    return share != nullptr && share->value >= 100;
}

// Exact where they are equal: both are the nearest to the same decimal number.
double percentage(std::uint64_t count, std::uint64_t attempts) {
    return 100.0 * static_cast<double>(count) / static_cast<double>(attempts);
}

bool is_broken(const Rule& rule, const Amount& measured, std::uint64_t attempts) {
    return std::visit(
        Overloaded{[&](std::uint64_t limit) {
                       return stands(std::get<std::uint64_t>(measured), rule.relation, limit);
                   },
                   [&](Percent limit) {
                       const double share = percentage(std::get<std::uint64_t>(measured), attempts);
                       return stands(share, rule.relation, limit.value);
                   },
                   [&](double limit) { return stands(std::get<double>(measured), rule.relation, limit); },
                   [&](nanoseconds limit) {
                       return stands(nanoseconds{std::get<std::chrono::microseconds>(measured)},
                                     rule.relation, limit);
                   }},
        rule.limit);
}

} // namespace

std::string_view sign(Relation relation) {
    switch (relation) {
    case Relation::above:
        return ">";
    case Relation::at_least:
        return ">=";
    case Relation::below:
        return "<";
    case Relation::at_most:
        return "<=";
    }
    return {};
}

std::string text(const Rule& rule) {
    const std::string limit =
        std::visit(Overloaded{[](std::uint64_t count) { return fmt::format("{}", count); },
                              [](Percent share) { return fmt::format("{}%", share.value); },
                              [](double rate) { return fmt::format("{}", rate); },
                              [](nanoseconds time) { return duration_text(time); }},
                   rule.limit);
    return fmt::format("{}{}{}", rule.name, sign(rule.relation), limit);
}

bool is_always_broken(const Rule& rule) {
    return (rule.relation == Relation::at_least && is_lowest(rule.limit)) ||
           (rule.relation == Relation::at_most && is_highest(rule.limit));
}

bool is_never_broken(const Rule& rule) {
    return (rule.relation == Relation::below && is_lowest(rule.limit)) ||
           (rule.relation == Relation::above && is_highest(rule.limit));
}

std::optional<BrokenRule> broken(const Rule& rule, const Recording& recording) {
    const Quantity quantity = quantity_named(rule.name).value();
    BrokenRule result{.rule = rule,
                      .unit = quantity.unit,
                      .measured = quantity.measured(recording),
                      .attempts = recording.counters.attempts,
                      .where = {}};
    if (std::holds_alternative<Percent>(rule.limit) && result.attempts == 0)
        result.measured.reset();
    if (result.measured && !is_broken(rule, *result.measured, result.attempts))
        return std::nullopt;
    if (quantity.cells.size() > 1)
        result.where = filled(quantity.cells, recording.counters);
    return result;
}

} // namespace loadgen
