// Gates against a recount that knows nothing of them.
#include "options/gate_rules.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using Random = std::mt19937_64;

int up_to(int most, Random& random) {
    return std::uniform_int_distribution<int>(0, most)(random);
}

/// A recording, and what it must come to, counted by name from the same attempts.
struct Recounted {
    Recording recording;
    std::map<std::string, std::uint64_t> counts;
    std::map<std::string, std::vector<microseconds>> latencies; // by prefix, in order
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void recount_failure(Outcome outcome, std::map<std::string, std::uint64_t>& counts) {
    const std::string cause(name(outcome.cause));
    const std::string phase(name(outcome.phase));
    if (cause != "reset") {
        ++counts[cause];
        ++counts[cause + "_" + phase];
    }
    const bool is_of_resets = is_one_of(cause, {"reset", "broken_pipe", "aborted"});
    if (is_of_resets) {
        ++counts["resets"];
        ++counts["reset_" + phase];
    }
    if ((is_of_resets || cause == "closed") && is_one_of(phase, {"send", "await", "receive", "reuse"}))
        ++counts["lost"];
}

void recount(const AttemptEnd& end, Recounted& result) {
    auto& counts = result.counts;
    ++counts["attempts"];
    counts["requests_sent"] += end.request_sent ? 1 : 0;
    counts["idle_closes"] += end.found_closed ? 1 : 0;
    if (end.connect_time) {
        ++counts["established"];
        result.latencies["connect_"].push_back(std::chrono::duration_cast<microseconds>(*end.connect_time));
    }
    if (end.answered) {
        ++counts["answers"];
        ++counts[fmt::format("http_{}xx", end.answered->status / 100)];
        result.latencies["first_byte_"].push_back(
            std::chrono::duration_cast<microseconds>(end.answered->first_byte));
        result.latencies[""].push_back(std::chrono::duration_cast<microseconds>(end.answered->latency));
    }
    if (end.failure)
        recount_failure(end.failure->outcome, counts);
}

/// Every count has an entry, many of them 0.
std::map<std::string, std::uint64_t> zeros() {
    std::map<std::string, std::uint64_t> counts;
    for (const std::string_view name : count_names())
        counts[std::string(name)] = 0;
    for (const Phase phase : all_phases)
        for (const Cause cause : all_causes)
            counts[fmt::format("{}_{}", name(cause), name(phase))] = 0;
    return counts;
}

Recounted random_recording(int attempts, Random& random) {
    Recounted result{.counts = zeros()};
    std::lognormal_distribution<double> latencies(8, 1.5);
    const int usual_cause = up_to(all_causes.size() - 1, random);
    const bool all_fail = up_to(9, random) == 0;
    for (int i = 0; i < attempts; ++i) {
        AttemptEnd end;
        const microseconds latency{static_cast<std::int64_t>(latencies(random))};
        end.request_sent = up_to(9, random) > 0;
        end.found_closed = up_to(9, random) == 0;
        if (up_to(9, random) > 0)
            end.connect_time = latency / 3;
        if (up_to(3, random) > 0 && !all_fail)
            end.answered = {.status = 100 * static_cast<unsigned>(1 + up_to(4, random)),
                            .first_byte = latency / 2,
                            .latency = latency};
        if (!end.answered || up_to(4, random) == 0) {
            const int cause = up_to(1, random) == 0 ? usual_cause : up_to(all_causes.size() - 1, random);
            const int phase = up_to(all_phases.size() - 1, random);
            end.failure = Event{
                .outcome = {all_causes.at(static_cast<std::size_t>(cause)),
                            end.answered ? Phase::finish : all_phases.at(static_cast<std::size_t>(phase))}};
        }
        recount(end, result);
        result.recording.record(std::move(end), 0s);
    }
    for (auto& [prefix, values] : result.latencies)
        std::sort(values.begin(), values.end());
    result.recording.elapsed = attempts * 1ms;
    result.counts["delayed_starts"] = result.recording.delayed_starts =
        std::uint64_t(up_to(std::min(attempts, 9), random));
    result.counts["unstarted"] = result.recording.unstarted = std::uint64_t(up_to(9, random));
    return result;
}

constexpr std::array signs = {">", ">=", "<", "<="};

bool is_true(auto left, std::string_view sign, auto right) {
    if (left == right)
        return sign.ends_with('=');
    return (left > right) == sign.starts_with('>');
}

void check(const Recounted& recounted, std::string_view name, std::string_view sign, const std::string& limit,
           bool should_break) {
    const std::string rule = fmt::format("{}{}{}", name, sign, limit);
    INFO(rule);
    std::vector<Rule> rules;
    try {
        rules = parse_rules(rule);
    } catch (const std::invalid_argument&) { // of no use, and refused: every run or none would break it
        CHECK((limit == "0" || limit == "0%" || limit == "0us" || limit == "100%"));
        return;
    }
    REQUIRE(rules.size() == 1);
    CHECK(broken(rules.front(), recounted.recording).has_value() == should_break);
}

bool is_share(std::string_view name) {
    return name != "attempts" && name != "unstarted";
}

void check_counts(const Recounted& recounted) {
    const std::uint64_t attempts = recounted.counts.at("attempts");
    for (const auto& [name, count] : recounted.counts)
        for (const std::string_view sign : signs) {
            for (const std::uint64_t limit : {count - std::min<std::uint64_t>(count, 1), count, count + 1})
                check(recounted, name, sign, fmt::format("{}", limit), is_true(count, sign, limit));
            if (!is_share(name))
                continue;
            for (std::uint64_t tenths = 0; tenths <= 1000; tenths += 37) {
                // What is counted as a share, to the tenth of a per cent, and the limits around it.
                const std::uint64_t near = 1000 * count / std::max<std::uint64_t>(attempts, 1);
                for (const std::uint64_t tenth : {tenths, near})
                    check(recounted, name, sign, fmt::format("{}%", static_cast<double>(tenth) / 10),
                          attempts == 0 || is_true(1000 * count, sign, tenth * attempts));
            }
        }
}

// The value that a share of `thousandths` of the values does not exceed.
microseconds nearest_rank(const std::vector<microseconds>& values, std::size_t thousandths) {
    return values.at(std::max<std::size_t>((thousandths * values.size() + 999) / 1000, 1) - 1);
}

void check_latencies(const Recounted& recounted) {
    const std::map<std::string, std::size_t> percentiles = {
        {"p1", 10}, {"p50", 500}, {"p90", 900}, {"p99", 990}, {"p999", 999}, {"p99.9", 999}, {"max", 1000}};
    for (const std::string prefix : {"", "connect_", "first_byte_"})
        for (const auto& [percentile, thousandths] : percentiles)
            for (const std::string_view sign : signs) {
                const std::string name = prefix + percentile;
                const auto found = recounted.latencies.find(prefix);
                if (found == recounted.latencies.end()) {
                    check(recounted, name, sign, "1h", true);
                    continue;
                }
                // A histogram's buckets are 0.8 % wide, and a microsecond at least.
                const auto value = nearest_rank(found->second, thousandths).count();
                for (const std::int64_t limit : {value - value / 50 - 2, value + value / 50 + 2})
                    if (limit > 0)
                        check(recounted, name, sign, fmt::format("{}us", limit), is_true(value, sign, limit));
            }
}

void check_rates(const Recounted& recounted) {
    const auto& [recording, counts, latencies] = recounted;
    for (const std::string name : {"answers", "attempts"}) {
        const std::uint64_t rate = counts.at(name) * 1000 / std::max<std::uint64_t>(counts.at("attempts"), 1);
        for (const std::string_view sign : signs)
            for (const std::uint64_t limit : {rate + 1, rate - std::min<std::uint64_t>(rate, 1) / 2})
                if (limit > 0 && limit != rate)
                    check(recounted, name + "_per_s", sign, fmt::format("{}", limit),
                          recording.elapsed == 0s || is_true(rate, sign, limit));
    }
}

Rule only(std::string_view text) {
    const auto rules = parse_rules(text);
    REQUIRE(rules.size() == 1);
    return rules.front();
}

} // namespace

TEST_CASE("a rule is broken exactly when a recount says so") {
    Random random(20260801);
    for (const int attempts : {0, 1, 2, 10, 1000, 1000, 1280, 777, 5000, 250, 250, 250, 250}) {
        INFO("attempts: ", attempts);
        const Recounted recounted = random_recording(attempts, random);
        check_counts(recounted);
        check_latencies(recounted);
        check_rates(recounted);
    }
}

TEST_CASE("a broken rule says what was measured, and where: the cells add up to it") {
    Random random(5);
    for (int i = 0; i < 50; ++i) {
        const Recounted recounted = random_recording(300, random);
        for (const std::string name : {"resets", "lost", "closed", "reset_send"}) {
            const auto found = broken(only(name + ">0"), recounted.recording);
            const std::uint64_t count = recounted.counts.at(name);
            REQUIRE(found.has_value() == (count > 0));
            if (!found)
                continue;
            CHECK(std::get<std::uint64_t>(*found->measured) == count);
            std::uint64_t sum = 0;
            std::uint64_t last = count;
            for (const CellCount& one : found->where) {
                CHECK(one.count == recounted.recording.counters.at(one.cell));
                CHECK(one.count <= last);
                sum += last = one.count;
            }
            CHECK(sum == count);
        }
    }
}

TEST_CASE("a percentile is that of the summary, to the last digit") {
    Recording recording;
    for (int i = 1; i <= 1000; ++i)
        recording.record({.answered = Answered{.status = 200, .latency = i * 1ms}}, 0s);
    // 99.9 / 100 is a little more than 0.999: it would be the 1,000th value, not the 999th.
    const auto found = broken(only("p999>0us"), recording);
    REQUIRE(found);
    CHECK(std::get<microseconds>(*found->measured) == recording.latency.quantile(0.999));
    CHECK(std::get<microseconds>(*found->measured) != recording.latency.max());
}

} // namespace loadgen
