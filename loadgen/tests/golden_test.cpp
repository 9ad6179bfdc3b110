// Every table and sentence of the reports, as people see them, held against tests/golden/*.txt. To renew
// these after a change that is wanted: LOADGEN_WRITE_GOLDEN=1 loadgen-tests --source-file='*golden_test.cpp',
// and read the diff.
#include "options/gate_rules.hpp"
#include "report/formats.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "tests/results.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr Outcome reset_send{Cause::reset, Phase::send};
constexpr Outcome reset_await{Cause::reset, Phase::await};
constexpr Outcome reset_finish{Cause::reset, Phase::finish};
constexpr Outcome closed_await{Cause::closed, Phase::await};
constexpr Outcome timeout_await{Cause::timeout, Phase::await};
constexpr Outcome refused{Cause::refused, Phase::connect};

// To nine digits: the last ones of a p-value are the mathematical library's.
std::string with_short_numbers(const std::string& text) {
    static const std::regex long_number("[0-9]+\\.[0-9]{9,}(E[-+]?[0-9]+)?");
    std::string result;
    auto from = text.cbegin();
    for (std::sregex_iterator number(text.begin(), text.end(), long_number), end; number != end; ++number) {
        result.append(from, (*number)[0].first);
        result += fmt::format("{:.9g}", std::stod(number->str()));
        from = (*number)[0].second;
    }
    return result.append(from, text.cend());
}

void check(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(LOADGEN_GOLDEN) / (name + ".txt");
    if (std::getenv("LOADGEN_WRITE_GOLDEN") != nullptr)
        std::ofstream(path, std::ios::binary) << text;
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file, path.string() << " cannot be read");
    const std::string wanted(std::istreambuf_iterator<char>(file), {});
    CHECK_MESSAGE(with_short_numbers(text) == with_short_numbers(wanted), path.string()
                                                                              << " has something else:\n"
                                                                              << text);
}

void check(const std::string& name, const RegressionResult& result) {
    for (const Format& format : formats())
        check(name + "." + std::string(format.name), format.regression(result));
    check(name + ".junit", junit(std::vector{Suite{"loadgen regress", cases_of(result)}}));
    check(name + ".markdown", regression_markdown(result));
}

void check(const std::string& name, const RunResult& result) {
    for (const Format& format : formats())
        check(name + "." + std::string(format.name), format.run(result));
    check(name + ".markdown", run_markdown(result));
}

BlockInfo info() {
    return {.run_id = "20261125T120000Z-1",
            .label = "/repro/x.dll",
            .url = "http://127.0.0.1:8080/repro/x.dll",
            .connections = 64,
            .threads = 2,
            .engine = "io_uring",
            .send_delay = "0s"};
}

constexpr Claim claim{.confidence = 0.999, .max_reset_rate = 0.01};

} // namespace

TEST_CASE("a run without a failure") {
    check("run-healthy", RunResult{info(), recording_of(12'345, {}), 0.95});
}

TEST_CASE("a run with every kind of remark") {
    Recording recording =
        recording_of(3'000, {{reset_send, 1'500}, {reset_await, 70}, {reset_finish, 12}, {closed_await, 3}});
    recording.record({.failure = Event{.outcome = refused}}, 1s);
    recording.record({.connect_time = 3ms, .answered = Answered{.status = 503, .latency = 1'200ms}}, 1s);
    recording.elapsed = 2'500ms;
    recording.counters.idle_closes = 17;
    recording.abandoned = 4;
    recording.delayed_starts = 1'000;
    recording.unstarted = 20;
    BlockInfo about = info();
    about.urls = 3;
    about.keep_alive = true;
    about.rate = 2'000;
    about.send_delay = "exp:20ms";
    check("run-remarks", RunResult{about, recording, 0.95});
}

TEST_CASE("gates, and measurements that are none") {
    const Recording recording = recording_of(1'000, {{reset_send, 3}, {closed_await, 2}});
    const RunResult result{info(), recording, 0.95};
    check("run-gates.junit",
          junit(std::vector{Suite{
              "loadgen run", cases_of(result, parse_rules("lost>0,p99>50ms,resets>1%,closed_await>=2"))}}));
    check("run-no-gate.junit", junit(std::vector{Suite{"loadgen run", cases_of(result, {})}}));
    const std::string sentence = "nothing listens at 127.0.0.1:1 (connection refused): \"up\" & <running>?";
    check("invalid.junit", junit(std::vector{Suite{"loadgen", case_of("invalid", sentence)}}));
    check("invalid.markdown", invalid_markdown(sentence));
}

TEST_CASE("a run that nothing came of") {
    check("run-nothing", RunResult{info(), Recording{}, 0.95});
}

TEST_CASE("reproduced, and fixed") {
    check("regress-reproduced", judged(claim, {{"thread-per-request", Expectation::faulty,
                                                recording_of(1'600, {{reset_send, 900}, {closed_await, 5}})},
                                               {"thread-pool", Expectation::fixed, recording_of(2'500, {})},
                                               {"keep-alive", Expectation::fixed, recording_of(4'000, {})}}));
}

TEST_CASE("reproduced, one fix only") {
    check("regress-one-fix",
          judged(claim, {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 90}})},
                         {"good", Expectation::fixed, recording_of(2'500, {})}}));
}

TEST_CASE("a fix that resets") {
    check("regress-failed",
          judged(claim, {{"bad", Expectation::faulty, recording_of(900, {{reset_send, 100}})},
                         {"worse", Expectation::fixed,
                          recording_of(800, {{reset_send, 150}, {timeout_await, 50}})}}));
}

TEST_CASE("a fix that holds, and nothing faulty beside it") {
    check("regress-fixed-alone", judged(claim, {{"good", Expectation::fixed, recording_of(5'000, {})}}));
}

TEST_CASE("not shown, and too few attempts") {
    check("regress-inconclusive",
          judged(claim, {{"bad", Expectation::faulty, recording_of(300, {{reset_send, 1}})},
                         {"good", Expectation::fixed, recording_of(200, {})}}));
}

TEST_CASE("lost, and not reset") {
    check("regress-lost-not-reset",
          judged(claim,
                 {{"bad", Expectation::faulty, recording_of(1'000, {{closed_await, 400}, {reset_send, 2}})},
                  {"good", Expectation::fixed, recording_of(3'000, {})}}));
}

TEST_CASE("judged by lost attempts") {
    Claim by_lost = claim;
    by_lost.counted = Counted::lost;
    check("regress-count-lost",
          judged(by_lost,
                 {{"bad", Expectation::faulty, recording_of(1'000, {{closed_await, 400}, {reset_send, 2}})},
                  {"good", Expectation::fixed, recording_of(3'000, {})}}));
}

TEST_CASE("interrupted") {
    check("regress-interrupted", judged(claim,
                                        {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 90}})},
                                         {"good", Expectation::fixed, recording_of(50, {})}},
                                        std::nullopt));
}

TEST_CASE("until decided") {
    Claim until = claim;
    until.looks = Looks::any_time;
    check("regress-decided", judged(until,
                                    {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 50}})},
                                     {"good", Expectation::fixed, recording_of(1'000, {})}},
                                    Stop::decided));
    check("regress-spent", judged(until,
                                  {{"bad", Expectation::faulty, recording_of(300, {{reset_send, 1}})},
                                   {"good", Expectation::fixed, recording_of(200, {})}},
                                  Stop::spent));
}

} // namespace loadgen
