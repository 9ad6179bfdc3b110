// The HTML report: every verdict has its page, a page's size does not grow with the load, and nothing in it
// is taken for markup. How it looks, scripts/tests/page.sh asks a browser.
#include "report/html/chapters.hpp"
#include "report/html/evidence_figure.hpp"
#include "report/html/scale.hpp"
#include "tests/results.hpp"
#include "verdict/evidence.hpp"
#include "verdict/standing.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr Outcome reset_send{Cause::reset, Phase::send};
constexpr Claim claim{.confidence = 0.999, .max_reset_rate = 0.01};

std::string page(const RegressionResult& result) {
    return html(page_of({chapter_of(result)}));
}

bool has(const std::string& text, std::string_view wanted) {
    return text.find(wanted) != std::string::npos;
}

std::size_t times(const std::string& text, std::string_view wanted) {
    std::size_t count = 0;
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
        ++count;
    return count;
}

Claim until_decided_claim() {
    Claim until = claim;
    until.looks = Looks::any_time;
    return until;
}

// An hour in which each second had attempts of every latency.
Recording hour() {
    Recording recording;
    recording.started = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
    recording.elapsed = 1h;
    std::mt19937_64 random(1);
    for (int second = 0; second < 3'600; ++second)
        for (int i = 0; i < 20; ++i) {
            ++recording.starts;
            const auto latency = std::chrono::microseconds(1 + random() % 1'000'000);
            if (i == 0)
                recording.record({.connect_time = 1ms, .failure = Event{.outcome = reset_send}},
                                 std::chrono::seconds(second));
            else
                recording.record(
                    {.connect_time = 1ms, .answered = Answered{.status = 200, .latency = latency}},
                    std::chrono::seconds(second));
        }
    return recording;
}

} // namespace

TEST_CASE("each verdict has its page") {
    const Recording faulty = recording_of(100, {{reset_send, 90}});
    const Recording fine = recording_of(5'000, {});
    const auto verdict = [&](const Recording& bad, const Recording& good, std::optional<Stop> stop) {
        return page(
            judged(until_decided_claim(),
                   {{"bad", Expectation::faulty, bad},
                    {"good", Expectation::fixed, good, stop ? RunEnding() : RunEnding::interrupted()}},
                   stop));
    };
    const std::string expected = verdict(faulty, fine, Stop::decided);
    CHECK(has(expected, "badge good\">as expected<"));
    CHECK(has(expected, "<h1>Reproduced: bad resets established connections.</h1>"));
    CHECK(times(expected, "<figure>") == 5);
    const std::string failed = verdict(faulty, faulty, Stop::decided);
    CHECK(has(failed, "badge bad\">failed<"));
    CHECK(has(failed, "<h1>good was expected not to reset, and reset 90 of 190 attempts (47.4 %).</h1>"));
    const std::string open = verdict(recording_of(300, {}), recording_of(200, {}), Stop::spent);
    CHECK(has(open, "badge open\">inconclusive<"));
    CHECK(has(open, "<h1>The fault was not shown"));
    CHECK(has(open, "Stopped when 40,000 attempts"));
    CHECK(has(verdict(faulty, recording_of(50, {}), std::nullopt), "badge open\">interrupted<"));
    CHECK(has(html(page_of({chapter_of(NoResult{"x", RunEnding::invalid("nothing listens there")})})),
              "<h1>Nothing listens there.</h1>"));
}

TEST_CASE("what did not come to its end says so on its page, and what was added up, too") {
    const auto badge = [&](const RunEnding& ended) {
        return page(judged(claim,
                           {{"bad", Expectation::faulty, recording_of(100, {{reset_send, 90}}), ended}},
                           std::nullopt));
    };
    CHECK(has(badge(RunEnding::interrupted()), "badge open\">interrupted<"));
    CHECK(has(badge(RunEnding::invalid("nothing listens")), "badge bad\">invalid<"));
    CHECK(has(badge(RunEnding::invalid("nothing listens")), "<h1>Nothing listens.</h1>"));
    CHECK(has(badge({}), "badge open\">merged<"));

    RunResult run{.info = {.label = "x"}, .recording = recording_of(10, {})};
    const auto stored = [&] {
        return html(page_of({chapter_of(StoredResult{.folder = "results/x", .result = run}, "results/x")}));
    };
    CHECK(has(stored(), "badge plain\">measured<"));
    CHECK(has(stored(), "Gates (--fail-on) are not stored"));
    CHECK_FALSE(has(html(page_of({chapter_of(run, {})})), "not stored"));
    run.recording.ended = RunEnding::invalid("nothing listens");
    CHECK(has(stored(), "badge bad\">invalid<"));
    CHECK_FALSE(has(stored(), "not stored"));
    const std::vector<StoredResult> killed = {
        {.folder = "a", .result = NoResult{"1", RunEnding::invalid("killed")}},
        {.folder = "b", .result = NoResult{"2", RunEnding::invalid("killed")}}};
    CHECK(overview_of(killed).empty());
}

TEST_CASE("a page of nothing is a page") {
    const std::string text = page(judged(claim, {{"bad", Expectation::faulty, Recording{}}}, std::nullopt));
    CHECK(has(text, "no attempts"));
    CHECK_FALSE(has(text, "nan"));
    CHECK_FALSE(has(text, "inf"));
}

TEST_CASE("interrupted before the first block") {
    VariantLoads none{
        .info = {.label = "bad", .send_delay = "0s"}, .recording = {}, .counts = {}, .stretches = {}};
    none.counts.label = "bad";
    none.counts.expectation = Expectation::faulty;
    none.recording.ended = RunEnding::interrupted();
    const std::string text =
        page(regression_result({none}, until_decided_claim(), Course{.max_attempts = 100}));
    CHECK(has(text, "badge open\">interrupted<"));
    CHECK(times(text, "<figure>") == 2); // the rate, and the evidence
    CHECK_FALSE(has(text, "nan"));
}

TEST_CASE("names are text, not markup") {
    const std::string text = page(judged(claim, {{"</svg><script>alert(1)</script>&", Expectation::faulty,
                                                  recording_of(10, {{reset_send, 9}})}}));
    CHECK_FALSE(has(text, "<script"));
    CHECK(has(text, "&lt;/svg>&lt;script>alert(1)&lt;/script>&amp;"));
}

TEST_CASE("a page does not grow with the load") {
    std::vector<Block> blocks;
    for (int i = 0; i < 12; ++i)
        blocks.push_back(
            {fmt::format("variant-{}", i), i == 0 ? Expectation::faulty : Expectation::fixed, hour()});
    const std::string text = page(judged(claim, std::move(blocks)));
    CHECK(text.size() < 2'000'000);
    CHECK(times(text, "<figure>") == 4);
}

TEST_CASE("the evidence drawn is that which decided") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 100; ++i) {
        std::vector<VariantCounts> counts = {{.label = "bad", .expectation = Expectation::faulty},
                                             {.label = "good", .expectation = Expectation::fixed}};
        const std::size_t rounds = 1 + random() % 40;
        for (std::size_t round = 0; round < rounds; ++round)
            for (VariantCounts& variant : counts)
                if (random() % 8 != 0)
                    variant.blocks.push_back({random() % 4, 5 + random() % 100});
        const std::size_t most = 1 + random() % 50;
        const Claim until = until_decided_claim();
        const auto courses = evidence_course(counts, until, most);
        const auto standing = standings(counts, until);
        REQUIRE(courses.size() == counts.size());
        for (std::size_t variant = 0; variant < counts.size(); ++variant) {
            if (counts[variant].blocks.empty())
                continue;
            REQUIRE(!courses[variant].empty());
            CHECK(courses[variant].size() <= most + 1);
            CHECK(courses[variant].back().attempts == sum_of(counts[variant].blocks).trials);
            CHECK(courses[variant].back().expected == standing[variant].evidence);
            CHECK(courses[variant].back().contrary == standing[variant].contrary);
        }
    }
}

TEST_CASE("axes: values stand where they belong, and marks are round") {
    const Scale linear(Scale::Kind::linear, 0, 10, 100, 200);
    CHECK(linear(5) == doctest::Approx(150));
    CHECK(linear(-1) == doctest::Approx(100));
    CHECK(linear(11) == doctest::Approx(200));
    const Scale logarithmic(Scale::Kind::logarithmic, 0.001, 1, 0, 300);
    CHECK(logarithmic(0.01) == doctest::Approx(100));
    CHECK(round_up(0.0013) == doctest::Approx(0.002));
    CHECK(round_up(5) == doctest::Approx(5));
    CHECK(round_up(51) == doctest::Approx(100));
    CHECK(powers_of_ten(0.001, 1).size() == 4);
    CHECK(round_values(0, 35, 6).back() == doctest::Approx(30));
    CHECK(round_values(0, 0, 6).empty());
}

} // namespace loadgen
