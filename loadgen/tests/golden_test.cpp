// Every table and sentence of the reports, as people see them, held against tests/golden/*.txt. To renew
// these after a change that is wanted: LOADGEN_WRITE_GOLDEN=1 loadgen-tests --source-file='*golden_test.cpp',
// and read the diff.
#include "options/gate_rules.hpp"
#include "report/comparison_text.hpp"
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
    check(name + ".junit",
          junit(std::vector{Suite{"loadgen regress", subject_of(result), cases_of(result)}}));
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
    const std::string subject = subject_of(info().label, info().url);
    const auto rules = parse_rules("lost>0,p99>50ms,resets>1%,closed_await>=2");
    check("run-gates.junit", junit(std::vector{Suite{"loadgen run", subject, cases_of(result, rules)}}));
    check("run-no-gate.junit", junit(std::vector{Suite{"loadgen run", subject, cases_of(result, {})}}));
    check("run-stored.junit", junit(std::vector{Suite{"loadgen run", subject, stored_cases_of(result)}}));
    const NoResult none{"nightly", RunEnding::invalid("nothing listens at 127.0.0.1:1 (connection refused): "
                                                      "\"up\" & <running>?")};
    check("invalid.junit", junit(std::vector{Suite{"loadgen run", none.subject, cases_of(none)}}));
    check("invalid.markdown", no_markdown(none));
}

TEST_CASE("a run that did not come to its end says so before anything else") {
    for (const RunEnding& ended :
         {RunEnding::interrupted(), RunEnding::invalid("nothing listens at h:1: is it up?")}) {
        Recording recording = recording_of(10, {{refused, 90}});
        recording.ended = ended;
        const RunResult result{info(), recording, 0.95};
        const std::string kind = fmt::format("run-{}", name(ended.kind()));
        check(kind, result);
        check(kind + ".junit",
              junit(std::vector{Suite{"loadgen run", "x", cases_of(result, parse_rules("lost>0"))}}));
    }
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
    check("regress-interrupted",
          judged(claim,
                 {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 90}})},
                  {"good", Expectation::fixed, recording_of(50, {}), RunEnding::interrupted()}},
                 std::nullopt));
}

TEST_CASE("interrupted when every claim was decided: nothing is green") {
    check("regress-interrupted-decided",
          judged(claim,
                 {{"bad", Expectation::faulty, recording_of(900, {{reset_send, 900}})},
                  {"good", Expectation::fixed, recording_of(5'000, {}), RunEnding::interrupted()}},
                 std::nullopt));
}

TEST_CASE("a regression with a block that says nothing of the server") {
    check("regress-invalid",
          judged(claim,
                 {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 90}})},
                  {"good", Expectation::fixed, recording_of(0, {{refused, 50}}),
                   RunEnding::invalid(
                       "nothing listens at 127.0.0.1:1 (connection refused): is the server up?")}},
                 std::nullopt));
}

TEST_CASE("a regression of several machines, which nobody judged") {
    check("regress-merged", judged(claim,
                                   {{"bad", Expectation::faulty, recording_of(900, {{reset_send, 900}})},
                                    {"good", Expectation::fixed, recording_of(5'000, {})}},
                                   std::nullopt));
}

TEST_CASE("a comparison with a run that is invalid, and one that was interrupted") {
    const auto series = [](const char* label, Count count, const RunEnding& ended) {
        return ComparedSeries{.counts = {.label = label, .blocks = {count}}, .ended = ended};
    };
    ComparisonResult result{
        .confidence = 0.999,
        .inputs = "results/a, results/b",
        .baseline = "before",
        .series = {series("before", {100, 1'000}, {}), series("after", {0, 1'000}, {}),
                   series("worse", {900, 1'000}, {}), series("cut", {0, 50}, RunEnding::interrupted()),
                   series("down", {0, 5'000}, RunEnding::invalid("nothing listens at h:1"))},
        .pairs = {}};
    const auto pair = [](const char* more, Count many, const char* fewer, Count few) {
        return PairFinding{more, fewer, compare_two_sided(many, few, 0.999), true};
    };
    result.pairs = {pair("before", {100, 1'000}, "after", {0, 1'000}),
                    pair("worse", {900, 1'000}, "before", {100, 1'000}),
                    pair("before", {100, 1'000}, "cut", {0, 50})};
    check("compare-not-whole.text", comparison_text(result));
    check("compare-not-whole.markdown", comparison_markdown(result));
    check("compare-not-whole.junit",
          junit(std::vector{Suite{"loadgen compare", result.inputs, cases_of(result)}}));
    CHECK(result.ended().is_invalid());
}

TEST_CASE("what names tell runs apart by") {
    CHECK(subject_of("nightly", "http://h/x") == "nightly");
    CHECK(subject_of("/x", "http://h:80/x?y=1") == "http://h:80/x?y=1");
    CHECK(subject_of("/", "http://h") == "http://h");
    CHECK(subject_of("/", "http://h/") == "http://h/");
    CHECK(subject_of("/other", "http://h/x") == "/other");
    CHECK(subject_of("", "http://h/x") == "http://h/x");
    RegressionResult result;
    CHECK(subject_of(result).empty());
    const auto add = [&](const char* url) {
        VariantResult variant;
        variant.info.url = url;
        result.variants.push_back(variant);
    };
    add("http://h:8/repro/bad.dll?work=5");
    CHECK(subject_of(result) == "http://h:8/repro/?work=5");
    add("http://h:8/repro/baker.dll?work=5");
    CHECK(subject_of(result) == "http://h:8/repro/?work=5");
    add("http://h:8/own?work=6");
    CHECK(subject_of(result) == "http://h:8/");
    result.label = "nightly";
    CHECK(subject_of(result) == "nightly");
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
