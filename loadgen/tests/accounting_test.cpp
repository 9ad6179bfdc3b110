// Every attempt is counted once, whatever the server sends: the cases that once went wrong, and the recount
// of recordings made at random. The hunt for further cases is random-scripts.
#include "measure/identities.hpp"
#include "tests/identities.hpp"

#ifdef LOADGEN_HAS_SCRIPT_SERVER
#include "tests/script_server/trial.hpp"
#endif

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <array>
#include <map>
#include <random>

namespace loadgen {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

class Draw {
  public:
    explicit Draw(std::uint64_t seed) : random_(seed) {}

    bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

    AttemptEnd end() {
        AttemptEnd end;
        if (chance(0.7))
            end.connect_time = microseconds{below(100'000)};
        end.request_sent = chance(0.8);
        end.found_closed = chance(0.1);
        end.bytes_read = below(1'000);
        if (chance(0.7))
            end.answered = {.status = static_cast<unsigned>(below(1'000)),
                            .first_byte = microseconds{below(10'000)},
                            .latency = microseconds{below(1'000'000)}};
        if (!end.answered || chance(0.2))
            end.failure = {.outcome = {all_causes.at(below(all_causes.size())),
                                       end.answered ? Phase::finish : phase_before_finish()},
                           .os_error_name = fmt::format("E{}", below(3))};
        return end;
    }

  private:
    Phase phase_before_finish() {
        for (;;)
            if (const Phase phase = all_phases.at(below(all_phases.size())); phase != Phase::finish)
                return phase;
    }

    std::mt19937_64 random_;
};

/// What is lost is what has an established connection, no answer, and an end that came from the server.
bool is_lost(const AttemptEnd& end) {
    if (end.answered || !end.failure)
        return false;
    const std::string_view cause = name(end.failure->outcome.cause);
    const std::string_view phase = name(end.failure->outcome.phase);
    const bool by_server =
        cause == "reset" || cause == "broken_pipe" || cause == "aborted" || cause == "closed";
    return by_server && phase != "connect" && phase != "idle";
}

/// Counts one thing over all the ends.
template <class Is>
std::uint64_t count(const std::vector<AttemptEnd>& ends, Is is) {
    return static_cast<std::uint64_t>(std::count_if(ends.begin(), ends.end(), is));
}

bool resets(const AttemptEnd& end) {
    return end.failure && is_reset(end.failure->outcome.cause);
}

} // namespace

TEST_CASE("a recording says what a recount of the attempts says") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        INFO("seed ", seed);
        Draw draw(seed);
        std::vector<AttemptEnd> ends;
        std::map<std::size_t, std::vector<AttemptEnd>> by_second;
        Recording recording;
        for (std::size_t i = draw.below(2'000); i > 0; --i) {
            const std::size_t second = draw.below(4);
            ends.push_back(draw.end());
            by_second[second].push_back(ends.back());
            ++recording.starts;
            recording.record(ends.back(), std::chrono::seconds{second} + milliseconds{draw.below(1'000)});
        }
        check_identities(recording);
        const Counters& counters = recording.counters;
        CHECK(counters.attempts == ends.size());
        CHECK(counters.answers == count(ends, [](const auto& end) { return end.answered.has_value(); }));
        CHECK(counters.established ==
              count(ends, [](const auto& end) { return end.connect_time.has_value(); }));
        CHECK(counters.requests_sent == count(ends, [](const auto& end) { return end.request_sent; }));
        CHECK(counters.idle_closes == count(ends, [](const auto& end) { return end.found_closed; }));
        CHECK(counters.resets() == count(ends, resets));
        CHECK(counters.lost() == count(ends, is_lost));
        CHECK(recording.events.size() ==
              count(ends, [](const auto& end) { return end.failure.has_value(); }));
        for (const Cause cause : all_causes)
            for (const Phase phase : all_phases)
                CHECK(counters.at({cause, phase}) == count(ends, [&](const auto& end) {
                          return end.failure && end.failure->outcome == Outcome{cause, phase};
                      }));
        for (const unsigned digit : {1U, 2U, 3U, 4U, 5U})
            CHECK(counters.by_status_class.at(digit) == count(ends, [&](const auto& end) {
                      const unsigned first = end.answered ? end.answered->status / 100 : 0;
                      return end.answered && (first >= 1 && first <= 5 ? first : 5) == digit;
                  }));
        for (const auto& [second, those] : by_second) {
            const Interval& interval = recording.intervals.at(second);
            CHECK(interval.attempts == those.size());
            CHECK(interval.resets == count(those, resets));
            CHECK(interval.lost == count(those, is_lost));
            CHECK(interval.answers == count(those, [](const auto& end) { return end.answered.has_value(); }));
        }
    }
}

TEST_CASE("a recording that does not add up is found out, and what of it is named") {
    const auto recorded = [] {
        Draw draw(813531);
        Recording recording;
        for (int i = 0; i < 500; ++i) {
            ++recording.starts;
            recording.record(draw.end(), milliseconds{draw.below(3'000)});
        }
        return recording;
    };
    REQUIRE_FALSE(broken_identity(recorded()));
    const auto broken_by = [&](auto change) {
        Recording recording = recorded();
        change(recording);
        const auto broken = broken_identity(recording, &recording.counters);
        return broken ? std::string(name(broken->record)) + ": " + broken->what : std::string("adds up");
    };
    CHECK(broken_by([](Recording& r) { ++r.starts; }) == "counters: starts");
    CHECK(broken_by([](Recording& r) { --r.starts; }) == "counters: starts");
    CHECK(broken_by([](Recording& r) { ++r.abandoned; }) == "counters: starts");
    CHECK(broken_by([](Recording& r) { ++r.counters.answers; }) == "outcomes: attempts without an answer");
    CHECK(broken_by([](Recording& r) {
              r.counters.count({Cause::closed, Phase::await});
          }) == "outcomes: attempts without an answer");
    CHECK(broken_by([](Recording& r) { ++r.counters.by_status_class[4]; }) == "counters: answers by status");
    CHECK(broken_by([](Recording& r) { ++r.intervals[0].attempts; }) == "intervals: attempts");
    CHECK(broken_by([](Recording& r) { ++r.intervals[0].answers; }) == "histograms: answers in one second");
    CHECK(broken_by([](Recording& r) { ++r.intervals[0].resets; }) == "intervals: resets");
    CHECK(broken_by([](Recording& r) { ++r.intervals[0].lost; }) == "intervals: lost attempts");
    CHECK(broken_by([](Recording& r) { ++r.intervals[0].other_failures; }) == "intervals: other failures");
    CHECK(broken_by([](Recording& r) { r.latency.record(microseconds{1}); }) == "histograms: answers");
    CHECK(broken_by([](Recording& r) { r.first_byte.record(microseconds{1}); }) == "histograms: first bytes");
    CHECK(broken_by([](Recording& r) { r.connect.record(microseconds{1}); }) == "histograms: connections");
    CHECK(broken_by([](Recording& r) { ++r.local_errors["EMFILE"]; }) == "events: local faults");
    CHECK(broken_by([](Recording& r) { ++r.tls_errors["alert"]; }) == "events: failures of TLS");
    CHECK(broken_by([](Recording& r) { r.counters.requests_sent = r.counters.attempts + 1; }) ==
          "counters: requests sent");
    // A reset that came after the answer: no attempt more without one.
    CHECK(broken_by([](Recording& r) {
              r.counters.count({Cause::reset, Phase::finish});
          }) == "intervals: resets");
    const Counters none;
    const Recording recording = recorded();
    REQUIRE(broken_identity(recording, &none));
    CHECK(broken_identity(recording, &none)->record == Record::events);
}

#ifdef LOADGEN_HAS_SCRIPT_SERVER
// As hand-written ISAPI headers look: of 2,000 attempts 133 to 154 were neither answers nor failures.
TEST_CASE("an answer that claims to keep the connection and is ended by its close is one attempt's") {
    const Script script{.connection = ConnectionField::keep_alive,
                        .framing = Framing::until_close,
                        .body = 20,
                        .goodbye = Goodbye::fin};
    for (const Engine engine : permitted_engines())
        for (const bool keep_alive : {false, true}) {
            const Setting setting{.engine = engine, .keep_alive = keep_alive, .connections = 64};
            INFO(text(setting));
            const Result result = run_trial(setting, {script}, 2'000, 1, nullptr);
            CHECK(result.attempts == 2'000);
            for (const Disagreement& disagreement : result.disagreements)
                FAIL_CHECK(disagreement.what);
        }
}
#endif

} // namespace loadgen
