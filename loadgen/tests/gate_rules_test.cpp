// Gate rules as they are written, refused and told.
#include "options/gate_rules.hpp"
#include "report/gate_text.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <array>
#include <random>
#include <stdexcept>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using Random = std::mt19937_64;

int up_to(int most, Random& random) {
    return std::uniform_int_distribution<int>(0, most)(random);
}

std::string any_name(Random& random) {
    const auto counts = count_names();
    switch (up_to(3, random)) {
    case 0:
        return fmt::format("p{}", 1 + up_to(98, random));
    case 1:
        return fmt::format("connect_p{}", static_cast<double>(1 + up_to(99'998, random)) / 1000);
    case 2:
        return up_to(1, random) == 0 ? "first_byte_max" : "answers_per_s";
    default:
        return std::string(
            counts.at(static_cast<std::size_t>(up_to(static_cast<int>(counts.size()) - 1, random))));
    }
}

Limit any_limit(Unit unit, Random& random) {
    const auto number = std::uniform_int_distribution<std::uint64_t>(1)(random) >> up_to(62, random) | 1U;
    switch (unit) {
    case Unit::attempts:
        if (up_to(1, random) == 0)
            return Percent{std::uniform_real_distribution<double>(0, 100)(random)};
        [[fallthrough]];
    case Unit::number:
        return number;
    case Unit::rate:
        return std::uniform_real_distribution<double>(1e-6, 1e9)(random);
    case Unit::time:
        break;
    }
    const std::array<std::chrono::nanoseconds, 4> units = {1ns, 1us, 1ms, 1s};
    return units.at(static_cast<std::size_t>(up_to(3, random))) *
           static_cast<std::int64_t>(1 + number % 1'000'000);
}

Rule only(std::string_view text) {
    const auto rules = parse_rules(text);
    REQUIRE(rules.size() == 1);
    return rules.front();
}

} // namespace

TEST_CASE("a rule is read as it is written") {
    Random random(7);
    for (int i = 0; i < 20'000; ++i) {
        Rule rule;
        const Quantity quantity = quantity_named(any_name(random)).value();
        rule.name = quantity.name;
        rule.relation = static_cast<Relation>(up_to(3, random));
        rule.limit = any_limit(quantity.unit, random);
        INFO(text(rule));
        CHECK(only(text(rule)) == rule);
    }
    const std::vector<std::pair<std::string, std::string>> spellings = {
        {" lost > 0 ", "lost>0"},       {"p999>=1.5s", "p99.9>=1500ms"},
        {"p9999<2m", "p99.99<120s"},    {"p99.90>1ms", "p99.9>1ms"},
        {"p05>1ms", "p5>1ms"},          {"first_byte_p50<=0.5us", "first_byte_p50<=0.5us"},
        {"resets>0.10%", "resets>0.1%"}};
    for (const auto& [written, canonical] : spellings)
        CHECK(text(only(written)) == canonical);
    const auto several = parse_rules("lost>0,p99>50ms , resets>0.1%");
    REQUIRE(several.size() == 3);
    CHECK(several[0] == Rule{"lost", Relation::above, std::uint64_t{0}});
    CHECK(several[1] == Rule{"p99", Relation::above, std::chrono::nanoseconds{50ms}});
    CHECK(several[2] == Rule{"resets", Relation::above, Percent{0.1}});
}

TEST_CASE("what is no rule is refused with the rule, the reason and the cure") {
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"", "'': this is no rule; write a name"},
        {"lost", "'lost': this is no rule"},
        {"lost=0", "'lost=0': this is no rule"},
        {"lost>0,", "'': this is no rule"},
        {"losses>0", "'losses>0': there is no 'losses' to measure; write a name such as lost"},
        {"Lost>0", "there is no 'Lost'"},
        {"reset>0", "there is no 'reset', which would leave out some resets; write resets"},
        {"reset_nowhere>0", "there is no 'reset_nowhere'"},
        {"closed-reuse>0", "there is no 'closed-reuse'"},
        {"p100>1s", "there is no 'p100'"},
        {"p0>1s", "there is no 'p0'"},
        {"p975>1s", "there is no 'p975'"},
        {"p99.>1s", "there is no 'p99.'"},
        {"p.5>1s", "there is no 'p.5'"},
        {"pmax>1s", "there is no 'pmax'"},
        {"connect_>1s", "there is no 'connect_'"},
        {"lost>", "'' is neither a whole number nor a share of the attempts; write 10 or 0.1%"},
        {"lost>-1", "'-1' is neither"},
        {"lost>1.5", "'1.5' is neither"},
        {"lost>1e3", "'1e3' is neither"},
        {"lost>99999999999999999999", "is neither"},
        {"lost>50ms", "'50ms' is neither"},
        {"lost>%", "'%' is no share of the attempts; write one from 0% to 100%"},
        {"lost>101%", "'101%' is no share"},
        {"lost>nan%", "'nan%' is no share"},
        {"lost>>0", "'>0' is neither"},
        {"attempts<5%", "'5%' is not a whole number, and attempts is no share of the attempts"},
        {"answers_per_s<x", "'x' is not a number per second"},
        {"answers_per_s<inf", "'inf' is not a number per second"},
        {"p99>50", "'50' is not a duration such as 500ms, 2s or 1m"},
        {"p99>1%", "'1%' is not a duration"},
        {"lost>=0", "every run breaks this rule; write > for >="},
        {"lost<=100%", "every run breaks this rule"},
        {"p99>=0ms", "every run breaks this rule"},
        {"lost<0", "no run can break this rule"},
        {"resets>100%", "no run can break this rule"},
        {"answers_per_s<0", "no run can break this rule"}};
    for (const auto& one : wrong) {
        INFO(one.first);
        CHECK_THROWS_WITH_AS(parse_rules(one.first), doctest::Contains(one.second.c_str()),
                             std::invalid_argument);
    }
}

TEST_CASE("what --help names can be asked for") {
    for (const auto& names : {count_names(), rate_names()})
        for (const std::string_view name : names) {
            INFO(name);
            CHECK(quantity_named(name).value().name == name);
            CHECK(rules_help().find(name) != std::string::npos);
        }
    for (const char* name :
         {"closed_reuse", "p50", "p99", "p99.9", "p999", "max", "connect_p99", "first_byte_p99"})
        CHECK(quantity_named(name));
}

TEST_CASE("a broken rule as it is told") {
    const auto told = [](std::string_view rule, const Recording& recording) {
        const auto found = broken(only(rule), recording);
        return found ? text(*found) : std::string("kept");
    };
    Recording recording;
    CHECK(told("p99>50ms", recording) == "p99>50ms: nothing was measured: there was no answer");
    CHECK(told("connect_max<1s", recording) == "connect_max<1s: nothing was measured: no connection came up");
    CHECK(told("answers<99%", recording) == "answers<99%: nothing was measured: there was no attempt");
    CHECK(told("answers_per_s<1", recording) ==
          "answers_per_s<1: nothing was measured: there was no attempt");
    CHECK(told("answers<1", recording) == "answers<1: 0");

    const auto fail = [&](int times, Cause cause, Phase phase) {
        for (int i = 0; i < times; ++i)
            recording.record({.failure = Event{.outcome = {cause, phase}}}, 0s);
    };
    fail(13, Cause::reset, Phase::reuse);
    fail(120, Cause::closed, Phase::reuse);
    fail(2, Cause::closed, Phase::idle); // not lost
    for (int i = 0; i < 1145; ++i)
        recording.record({.answered = Answered{.status = 503, .latency = 50'001us}}, 0s);
    recording.elapsed = 2s;
    recording.unstarted = 1'234;
    CHECK(told("lost>0", recording) ==
          "lost>0: 133 of 1,280 attempts (10.4 %): closed in reuse 120, reset in reuse 13");
    CHECK(told("lost>133", recording) == "kept");
    CHECK(told("resets>0.1%", recording) == "resets>0.1%: 13 of 1,280 attempts (1 %): reset in reuse 13");
    CHECK(told("closed_reuse>=120", recording) == "closed_reuse>=120: 120 of 1,280 attempts (9.4 %)");
    CHECK(told("http_5xx>50%", recording) == "http_5xx>50%: 1,145 of 1,280 attempts (89.5 %)");
    CHECK(told("answers<90%", recording) == "answers<90%: 1,145 of 1,280 attempts (89.5 %)");
    CHECK(told("max>50ms", recording) == "max>50ms: 50.001 ms");
    CHECK(told("unstarted>0", recording) == "unstarted>0: 1,234");
    CHECK(told("answers_per_s<600", recording) == "answers_per_s<600: 572.5");
    CHECK(told("timeout<1", recording) == "timeout<1: 0 of 1,280 attempts (0 %)");
}

} // namespace loadgen
