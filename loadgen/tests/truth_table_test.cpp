// The truth table: whatever the server injects is counted in its own cell, and nothing anywhere else.
#include "client/load.hpp"
#include "process/wine.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/fault_server/trial.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace loadgen::truth_table {
namespace {

using namespace std::chrono_literals;

void check(const Result& result) {
    const Fault& fault = *result.trial.fault;
    const Setting& setting = result.trial.setting;
    INFO(std::string(name(setting.engine)), ", ", std::string(fault.name),
         std::string(setting.keep_alive ? ", kept" : ", a connection per request"), ", connections ",
         setting.connections, ", threads ", setting.threads, ", every ", setting.every);
    const Counters& counters = result.recording.counters;
    CHECK(result.injected() > 0);
    CHECK(wrong(counted(result), expected(result)) == 0);
    CHECK(counters.attempts == result.trial.requests);
    CHECK(counters.answers == result.trial.requests - (fault.answers() ? 0 : result.injected()));
    CHECK(result.recording.events.size() == (fault.harmless ? 0 : result.injected()));
    CHECK(counters.idle_closes == (fault.harmless ? result.injected() : 0));
    for (const Event& event : result.recording.events) {
        INFO(event.outcome, " ", event.os_error_name, ", local port ", event.local_port, ", ",
             event.age.count(), " us old");
        CHECK((event.outcome == fault.cell || event.outcome == on_reused(fault.cell) ||
               event.outcome == fault.or_else));
        CHECK(event.local_address == "127.0.0.1");
        CHECK(event.local_port != 0);
        CHECK(event.age > 0us);
    }
    check_identities(result.recording);
}

// What a client is told of as a reset; Wine tells its clients of most of them as of a close.
bool can_be_seen(const Fault& fault) {
    return !runs_under_wine() || !is_reset(fault.cell.cause);
}

bool applies(const Fault& fault, const Setting& setting) {
    if (!can_be_seen(fault))
        return false;
    if (fault.moment == Moment::handshake)
        return setting.every == 1 && !setting.keep_alive;
    if (fault.moment == Moment::accept) // of kept connections there may be too few for every fifth to come
        return setting.every == 1 || !setting.keep_alive;
    if (fault.demand.long_request && fault.demand.patience) // the good ones would not be done in that time
        return setting.every == 1;
    return !fault.demand.keep_alive || setting.keep_alive;
}

/// What a trial does with most of its time.
enum class Kind {
    works,
    pauses, ///< its client waits, and by then its server must have done what it does
    waits,  ///< for its client's time-outs
    races,  ///< the same, and by then its server must have read megabytes of each client
};

Kind kind_of(const Fault& fault) {
    if (fault.demand.patience)
        return fault.demand.long_request ? Kind::races : Kind::waits;
    return fault.demand.pause ? Kind::pauses : Kind::works;
}

std::uint64_t requests_for(const Fault& fault, const Setting& setting) {
    const bool alone = setting.connections == 1;
    if (fault.cell.cause == Cause::refused && alone) // each waits longer than the one before
        return 5;
    if (fault.demand.patience) // each fault takes a time-out, and alone one after the other
        return setting.every * (alone ? 2 : 64);
    if (fault.demand.pause) // each request takes a pause, and the server is to have several turns
        return alone ? 2 * setting.every + 1 : 193;
    if (fault.demand.long_request)
        return alone ? 11 : 65;
    return 241; // odd, so that the threads' shares differ
}

std::vector<Trial> trials(Engine engine, Kind kind) {
    std::vector<Trial> chosen;
    for (const Fault& fault : all_faults())
        for (const bool keep_alive : {false, true})
            for (const auto& [connections, threads] :
                 {std::pair(1U, 1U), std::pair(64U, 1U), std::pair(64U, 2U)})
                for (const std::uint64_t every : {1U, 5U}) {
                    const Setting setting{engine, keep_alive, connections, threads, every};
                    if (kind_of(fault) == kind && applies(fault, setting))
                        chosen.push_back({&fault, setting, requests_for(fault, setting)});
                }
    return chosen;
}

/// What all the trials came to, a line per fault.
class Summary {
  public:
    void add(const Result& result) {
        Line& line = lines_[result.trial.fault];
        line.attempts += result.recording.counters.attempts;
        line.injected += result.injected();
        line.wrong += wrong(counted(result), expected(result));
    }
    std::uint64_t attempts() const { return sum(&Line::attempts); }

    void print() const {
        fmt::print("{:<26} {:>9} {:>9} {:>6}\n", "fault", "attempts", "injected", "wrong");
        for (const Fault& fault : all_faults())
            if (const auto line = lines_.find(&fault); line != lines_.end())
                fmt::print("{:<26} {:>9} {:>9} {:>6}\n", fault.name, line->second.attempts,
                           line->second.injected, line->second.wrong);
        fmt::print("{:<26} {:>9} {:>9} {:>6}\n", "all", attempts(), sum(&Line::injected), sum(&Line::wrong));
    }

  private:
    struct Line {
        std::uint64_t attempts = 0;
        std::uint64_t injected = 0;
        std::uint64_t wrong = 0;
    };

    std::uint64_t sum(std::uint64_t Line::*member) const {
        std::uint64_t total = 0;
        for (const auto& [fault, line] : lines_)
            total += line.*member;
        return total;
    }

    std::map<const Fault*, Line> lines_;
};

std::vector<Result> run_together(const std::vector<Trial>& trials, std::size_t at_once) {
    std::vector<Result> results(trials.size());
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> runners;
    for (std::size_t i = 0; i < at_once; ++i)
        runners.emplace_back([&] {
            for (std::size_t trial = next++; trial < trials.size(); trial = next++)
                results[trial] = run(trials[trial]);
        });
    runners.clear();
    return results;
}

/// The trials of all engines, so that there are enough of them until the end.
std::vector<Trial> of_all_engines(Kind kind) {
    std::vector<Trial> all;
    for (const Engine engine : permitted_engines())
        for (const Trial& trial : trials(engine, kind))
            all.push_back(trial);
    return all;
}

} // namespace

TEST_CASE("every fault is counted in its own cell") {
    Summary summary;
    const auto take = [&](const Result& result) {
        check(result);
        summary.add(result);
    };
    // Of 24 at once a server now and then took longer to close a connection than its client's pause.
    for (const Result& result : run_together(of_all_engines(Kind::pauses), 8))
        take(result);
    for (const Result& result : run_together(of_all_engines(Kind::races), 2))
        take(result);
    // A time-out is longer than a pause, and leaves the machine to those that work.
    std::vector<Result> waited;
    std::jthread waiting([&] { waited = run_together(of_all_engines(Kind::waits), 16); });
    for (const Trial& trial : of_all_engines(Kind::works))
        take(run(trial));
    waiting.join();
    for (const Result& result : waited)
        take(result);
    summary.print();
    CHECK(summary.attempts() >= 100'000);
}

static void check_all_kinds_at_once(Engine engine) {
    std::vector<const Fault*> mixed;
    for (const Fault& fault : all_faults())
        if (can_be_seen(fault) && fault.moment == Moment::after_request && kind_of(fault) == Kind::works &&
            !fault.demand.long_request)
            mixed.push_back(&fault);
    const Trial trial{mixed.front(),
                      {.engine = engine, .keep_alive = true, .connections = 64, .threads = 2, .every = 2},
                      20'001};
    const FaultServer server(mixed, trial.setting.every);
    const LoadPlan plan = plan_for(trial);
    const Recording recording = Load(plan, make_target(parse_url(server.url()), plan)).take();

    Counters expected_cells;
    for (const Fault* fault : mixed) {
        CHECK(server.injected(*fault).sum() > 0);
        expected_cells += expected(*fault, server.injected(*fault).fresh, server.injected(*fault).reused);
    }
    CHECK(wrong(recording.counters, expected_cells) == 0);
    CHECK(recording.counters.attempts == 20'001);
    CHECK(recording.events.size() == server.injected());
    check_identities(recording);
}

static void check_keep_alive_race(Engine engine) {
    // Which of them it is hangs on whether the FIN, or the RST that answers the request, is there before the
    // request is written and before its answer is read.
    const std::vector<Outcome> ways = {{Cause::closed, Phase::reuse},
                                       {Cause::reset, Phase::reuse},
                                       {Cause::reset, Phase::send},
                                       {Cause::broken_pipe, Phase::send}};
    const Fault& fault = *fault_named("close-when-idle");
    const Trial trial{
        &fault, {.engine = engine, .keep_alive = true, .connections = 64, .threads = 2, .every = 3}, 5'001};
    FaultServer server({&fault}, trial.setting.every, last_to_befall(trial));
    LoadPlan plan = plan_for(trial);
    plan.send_delay = {};
    const Recording recording = Load(plan, make_target(parse_url(server.url()), plan)).take();
    std::uint64_t counted = 0;
    for (const Outcome& way : ways)
        counted += recording.counters.at(way);
    CHECK(server.injected() > 100);
    // Where the close came together with the answer, it is known before the next request.
    CHECK(counted + recording.counters.idle_closes == server.injected());
    CHECK(recording.events.size() == counted);
    check_identities(recording);
}

TEST_CASE("faults of all kinds at once, at full load") {
    for (const Engine engine : permitted_engines())
        check_all_kinds_at_once(engine);
}

TEST_CASE("the keep-alive race: the server closes while the next request is under way") {
    for (const Engine engine : permitted_engines())
        check_keep_alive_race(engine);
}

} // namespace loadgen::truth_table
