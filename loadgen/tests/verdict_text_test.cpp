// The sentences and tables of a regression, judged by resets and by lost attempts.
#include "report/json.hpp"
#include "report/regression_table.hpp"
#include "report/silent_clients.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"
#include "storage/run_files.hpp"
#include "tests/results.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/json/parse.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

/// A block of a faulty and of a fixed variant, judged as `regress` does.
struct Judged {
    RegressionResult regression;

    Judged(Counted counted, const std::vector<Recording>& of_faulty_and_fixed) {
        std::vector<Block> blocks;
        blocks.reserve(of_faulty_and_fixed.size());
        for (const Recording& recording : of_faulty_and_fixed)
            blocks.push_back({blocks.empty() ? "bad" : "good",
                              blocks.empty() ? Expectation::faulty : Expectation::fixed, recording});
        regression =
            judged({.confidence = 0.99, .max_reset_rate = 0.1, .counted = counted}, std::move(blocks));
    }
    std::string verdict() const { return verdict_text(regression); }
    std::string table() const { return regression_table(regression); }
};

constexpr Outcome closed_await{Cause::closed, Phase::await};
constexpr Outcome reset_send{Cause::reset, Phase::send};
constexpr Outcome reset_finish{Cause::reset, Phase::finish};

} // namespace

TEST_CASE("a fault that shows as closed connections is named where resets do not show it") {
    const Judged judged(Counted::resets,
                        {recording_of(150, {{closed_await, 48}, {reset_send, 2}}), recording_of(200, {})});
    CHECK(judged.regression.verdict == Verdict::inconclusive);
    CHECK(judged.regression.variants[0].finding.lost_evident);
    CHECK_FALSE(judged.regression.variants[1].finding.lost_evident);
    CHECK(
        judged.verdict() ==
        "inconclusive: the fault was not shown: bad reset 2 of 200 attempts, no more than chance explains.\n"
        "But 50 of its 200 attempts were lost, more than chance explains: closed in await 48, reset in send "
        "2.\n"
        "The fault shows as closed connections: a proxy or a user-mode network (QEMU's) may be between, or "
        "the server closes instead of resetting.\n"
        "--count lost judges by these.\n");
}

TEST_CASE("whatever the load was, a load that shows the fault is named") {
    std::mt19937_64 random(20'261'126);
    const auto between = [&](double low, double high) { // of any order of magnitude alike
        return std::exp(std::uniform_real_distribution<double>(std::log(low), std::log(high))(random));
    };
    for (int i = 0; i < 25; ++i) {
        const double delay = between(1e-6, 2);
        VariantResult variant;
        variant.info.mean_send_delay = std::chrono::nanoseconds(static_cast<std::int64_t>(delay * 1e9));
        variant.info.connections = static_cast<unsigned>(between(1, 10'000));
        if (i % 2 == 0)
            variant.info.rate = between(0.1, 10'000);
        variant.recording.elapsed = 1s;
        variant.recording.counters.attempts = static_cast<std::uint64_t>(between(1, 20'000));
        CAPTURE(i);
        CAPTURE(delay);
        const std::string text = silent_clients_text(variant);
        CAPTURE(text);
        CHECK((text.find(" with --") != std::string::npos ||
               text.find("this DLL does not have the fault") != std::string::npos));
    }
}

TEST_CASE("losses are evident by the same test as resets, and only where resets are not") {
    const auto lost_evident = [](Counted counted, const std::vector<Recording>& recordings) {
        return Judged(counted, recordings).regression.variants[0].finding.lost_evident;
    };
    const Recording lossy = recording_of(150, {{closed_await, 50}});
    const Recording sound = recording_of(200, {});
    CHECK(lost_evident(Counted::resets, {lossy, sound}));
    CHECK(lost_evident(Counted::resets, {lossy}));
    CHECK_FALSE(lost_evident(Counted::lost, {lossy, sound}));   // they are the verdict
    CHECK_FALSE(lost_evident(Counted::resets, {lossy, lossy})); // the fixed one loses, too
    CHECK_FALSE(lost_evident(Counted::resets, {sound, sound})); // nothing lost
    CHECK_FALSE(lost_evident(Counted::resets, {recording_of(196, {{closed_await, 4}}), sound}));
    CHECK(lost_evident(Counted::resets, {recording_of(193, {{closed_await, 7}}), sound}));
    CHECK_FALSE(lost_evident(Counted::resets, {recording_of(150, {{reset_send, 50}}), sound})); // shown
    CHECK_FALSE(
        lost_evident(Counted::resets, {recording_of(150, {{{Cause::timeout, Phase::await}, 50}}), sound}));
}

TEST_CASE("losses by resets alone are no closed connections") {
    // The fixed one resets as often, but after its answers: nothing of it is lost.
    const Judged judged(Counted::resets,
                        {recording_of(150, {{reset_send, 50}}), recording_of(150, {{reset_finish, 50}})});
    CHECK(judged.regression.variants[0].finding.lost_evident);
    RegressionResult regression = judged.regression;
    regression.verdict = Verdict::inconclusive;
    const std::string text = verdict_text(regression);
    CHECK(text.find("But 50 of its 200 attempts were lost, more than chance explains: reset in send 50.") !=
          std::string::npos);
    CHECK(text.find("closed connections") == std::string::npos);
}

TEST_CASE("what its blocks do not allow to tell is not called chance") {
    Claim until{.confidence = 0.999, .max_reset_rate = 0.01, .looks = Looks::any_time};
    const auto text = [&](std::vector<Count> blocks) {
        VariantLoads loads{.info = {.label = "bad"}, .recording = {}, .counts = {}, .stretches = {}};
        loads.counts = {
            .label = "bad", .expectation = Expectation::faulty, .blocks = blocks, .lost = sum_of(blocks)};
        return verdict_text(regression_result({loads}, until, {.max_attempts = 1, .stop = Stop::spent}));
    };
    CHECK(text({{100, 500}, {110, 500}, {90, 500}}) == "inconclusive: the fault was not shown: bad reset 300 "
                                                       "of 1,500 attempts, but in 3 rounds, and it takes "
                                                       "4 at least to tell.\n");
    CHECK(text({{10, 500}, {300, 500}, {10, 500}, {200, 500}, {1, 500}}) ==
          "inconclusive: the fault was not shown: bad reset 521 of 2,500 attempts, but its blocks differ so "
          "much "
          "that whole rounds are compared, and 5 rounds were too few.\n");
}

TEST_CASE("judged by lost attempts, all says so") {
    const Judged judged(Counted::lost, {recording_of(150, {{closed_await, 50}, {reset_finish, 3}}),
                                        recording_of(200, {{reset_finish, 100}})});
    CHECK(judged.regression.verdict == Verdict::as_expected);
    CHECK(judged.verdict() == "reproduced: bad loses attempts on established connections.\n"
                              "good does not: at most 10 % of attempts lost, with 99 % confidence.\n");
    CHECK(comparison_lines(judged.regression.pairs, judged.regression.claim.counted)
              .starts_with("bad : good   loses attempts at least "));
    const std::string table = judged.table();
    CHECK(table.find("answers  resets  lost") != std::string::npos);
    CHECK(table.find("bad: lost: closed in await 50\n") != std::string::npos);
    CHECK(table.find("good: lost") == std::string::npos);

    const Judged failed(Counted::lost,
                        {recording_of(100, {{closed_await, 100}}), recording_of(100, {{closed_await, 100}})});
    CHECK(failed.verdict() ==
          "failed: good was expected not to lose, and lost 100 of 200 attempts (50 %).\n");
    CHECK(failed.table().find("loses") != std::string::npos);
    const Judged short_one(Counted::lost, {recording_of(10, {}), recording_of(10, {})});
    CHECK(short_one.verdict().find("bad lost 0 of 10 attempts") != std::string::npos);
    CHECK(short_one.verdict().find("good lost 0 of 10 attempts") != std::string::npos);
}

TEST_CASE("judged by resets, the table has what was lost beside them") {
    const Judged judged(Counted::resets,
                        {recording_of(100, {{closed_await, 20}, {reset_send, 80}}), recording_of(200, {})});
    CHECK(judged.table().find("answers  lost  resets  rate") != std::string::npos);
    CHECK(judged.table().find("    100   100      80  40 %") != std::string::npos);
    CHECK(judged.table().find("bad: resets in send 80\nbad: other failures: closed 20\n") !=
          std::string::npos);
    CHECK(judged.verdict() == "reproduced: bad resets established connections.\n"
                              "good does not: at most 10 % of attempts reset, with 99 % confidence.\n");
    CHECK(comparison_lines(judged.regression.pairs, judged.regression.claim.counted)
              .starts_with("bad : good   resets at least "));
}

TEST_CASE("files and JSON say what was counted") {
    for (const Counted counted : {Counted::resets, Counted::lost}) {
        const Judged judged(counted, {recording_of(150, {{closed_await, 50}}), recording_of(200, {})});
        const TemporaryFolder folder;
        write_comparisons(folder.path(), judged.regression.pairs, judged.regression.claim.counted);
        CsvReader row(folder.path() / "comparison.csv", {});
        REQUIRE(row.next());
        CHECK(row.field("count") == name(counted));
        CHECK(row.count("resets_baseline") == (counted == Counted::lost ? 50 : 0));
        CHECK(row.field("verdict") == (counted == Counted::lost ? "fewer" : "~"));
        const auto result = boost::json::parse(regression_json(judged.regression));
        CHECK(result.at("count").as_string() == name(counted));
        const auto& bad = result.at("variants").at(0).as_object();
        CHECK(bad.at("lost") == 50);
        CHECK(bad.at("finding") == (counted == Counted::lost ? "shown" : "not shown"));
        CHECK(bad.contains("lost_evident") == (counted == Counted::resets));
    }
}

TEST_CASE("a run says what was lost, and which closes were no failures") {
    Recording recording = recording_of(120, {{closed_await, 20}, {reset_send, 5}, {reset_finish, 5}});
    std::string summary = run_summary({{}, recording, 0.95});
    CHECK(summary.find("resets    10, 6.7 % of attempts (95 % interval: 3.2 % to 11.9 %)\n") !=
          std::string::npos);
    CHECK(summary.find("lost      25, 16.7 % of attempts (95 % interval: 11.1 % to 23.6 %)\n") !=
          std::string::npos);
    CHECK(summary.find("idle") == std::string::npos);
    recording.counters.idle_closes = 1'283;
    summary = run_summary({{}, recording, 0.95});
    CHECK(summary.find(
              "1,283 attempts found their idle connection closed and went on over a new one; that is no "
              "failure\n") != std::string::npos);
}

} // namespace loadgen
