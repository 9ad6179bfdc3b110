// What is read back from an output folder, and what is refused: a folder that is torn says which file.
#include "report/stored_results.hpp"
#include "storage/table/timestamp.hpp"
#include "tests/stored_recordings.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <random>

namespace loadgen {

using namespace std::chrono_literals;
using std::chrono::microseconds;

TEST_CASE("a killed run is left out and named; anything else that is torn or missing is refused") {
    std::mt19937_64 random(4);
    const TemporaryFolder scratch;
    const auto folder = scratch.path() / "a";
    const Recording recording = random_recording(random);
    {
        RunFiles files(folder);
        files.write(info_of("a"), recording, 0.95);
        files.write_events(info_of("killed"), {recording.events.data(), 5});
    }
    std::ofstream(folder / "events.csv", std::ios::app) << "killed,x,12"; // a line cut short
    const StoredRuns read = read_stored_runs(folder);
    check_same(read.runs.at(0).recording, recording);
    REQUIRE(read.killed.size() == 1);
    CHECK(read.killed[0].id == "killed");
    CHECK(read.killed[0].sentence.find("of a killed run: killed has no row in runs.csv") !=
          std::string::npos);
    CHECK(read.killed[0].sentence.find("left out: 5") != std::string::npos);
    // Names of errors stand in the events alone, and are not missed where these are not read.
    CHECK(read_stored_runs(folder, WithEvents::no).runs.at(0).recording.counters.of(Cause::local) > 0);

    const auto refused = [&](const char* file, std::string_view what, std::string_view with,
                             const char* sentence) {
        const TemporaryFolder other;
        const auto copy = other.path() / "a"; // MinGW's copy() wants to make the folder itself
        std::filesystem::copy(folder, copy);
        replace_in(copy / file, what, with);
        CHECK_THROWS_WITH_AS(read_stored_runs(copy), doctest::Contains(sentence), std::runtime_error);
    };
    const std::string attempts = fmt::format(",{},", recording.counters.attempts);
    refused("runs.csv", attempts, ",1,", "it is not whole");
    refused("runs.csv", ",delayed_starts", ",starts", "no column 'delayed_starts'");
    refused("runs.csv", ",whole\n", ",wholly\n", "ended 'wholly' is none that this version knows");
    refused("runs.csv", "2027-", "soon-", "started_utc 'soon-");
    refused("intervals.csv", "a,x,0,", "a,x,1,", "second 1 where 0 should follow");
    refused("histograms.csv", "a,x,connect,", "a,x,elsewhere,", "'elsewhere' is no measure");
    refused("events.csv", "a,x,", "b,x,", "it is not whole");
    refused("events.csv", ",127.0.0.1,0,", ",127.0.0.1,65536,", "local_port '65536' is no port");
    for (const char* file : {"runs", "outcomes", "intervals", "histograms", "events"}) {
        const TemporaryFolder other;
        const auto copy = other.path() / "a";
        std::filesystem::copy(folder, copy);
        const auto path = copy / (std::string(file) + ".csv");
        const std::string whole = contents(path);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, whole.rfind("\na,x,") + 1);
        if (file != std::string_view("runs"))
            CHECK_THROWS_WITH_AS(read_stored_runs(copy), doctest::Contains("it is not whole"),
                                 std::runtime_error);
        std::filesystem::remove(path);
        CHECK_THROWS_WITH_AS(read_stored_runs(copy), doctest::Contains(file), std::runtime_error);
    }
    const TemporaryFolder empty;
    { RunFiles(empty.path()).write_events(info_of("killed"), {}); }
    const StoredRuns nothing = read_stored_runs(empty.path());
    CHECK(nothing.runs.empty());
    REQUIRE(nothing.killed.size() == 1);
    CHECK(nothing.killed[0].sentence.find("is the folder of a killed run") != std::string::npos);
}

TEST_CASE(
    "a run that was killed before its first failure is known by its call, and a regression by its blocks") {
    std::mt19937_64 random(5);
    const TemporaryFolder scratch;
    const auto folder = scratch.path();
    {
        RunFiles files(folder);
        write_invocation(folder, {"whole", {}});
        files.write(info_of("whole"), random_recording(random), 0.95);
        write_invocation(folder, {"dead", {}});
        for (const std::string regression : {"done", "cut"}) {
            write_invocation(folder, {regression, {}});
            BlockInfo block = info_of(regression + ".001");
            block.expectation = "faulty";
            files.write(block, random_recording(random), 0.95);
        }
        write_regression(folder, {.run_id = "done", .plan = "rounds", .counted = "resets"});
    }
    const StoredRuns read = read_stored_runs(folder, WithEvents::no);
    CHECK(read.runs.size() == 3);
    REQUIRE(read.killed.size() == 2);
    CHECK(read.killed[0].id == "dead");
    CHECK_FALSE(read.killed[0].is_regression);
    CHECK(read.killed[1].id == "cut");
    CHECK(read.killed[1].is_regression);
    for (const KilledRun& one : read.killed)
        CHECK(one.sentence.find(folder.string()) != std::string::npos);

    const std::vector<AnyResult> results = results_of(read, {}, {});
    REQUIRE(results.size() == 4);
    CHECK(std::get<RunResult>(results[0]).recording.ended.is_whole());
    CHECK(std::get<RegressionResult>(results[2]).ended.is_invalid());
    CHECK_FALSE(std::get<RegressionResult>(results[2]).has_verdict());
    CHECK(std::get<NoResult>(results[3]).ended.sentence() == read.killed[0].sentence);
}

TEST_CASE("how a run ended is read as it was written; files without it are taken for whole, which is said") {
    std::mt19937_64 random(6);
    for (const RunEnding& ended :
         {RunEnding(), RunEnding::interrupted(), RunEnding::invalid("a, \"b\": c?")}) {
        const TemporaryFolder scratch;
        Recording recording = random_recording(random);
        recording.ended = ended;
        RunFiles(scratch.path()).write(info_of("a"), recording, 0.95);
        const StoredRuns read = read_stored_runs(scratch.path());
        CHECK(read.runs.at(0).recording.ended == ended);
        CHECK(read.tells_endings);
    }
    const TemporaryFolder old;
    RunFiles(old.path()).write(info_of("a"), random_recording(random), 0.95);
    replace_in(old.path() / "runs.csv", ",ended\n", "\n");
    replace_in(old.path() / "runs.csv", ",whole\n", "\n");
    const StoredRuns read = read_stored_runs(old.path());
    CHECK(read.runs.at(0).recording.ended.is_whole());
    CHECK_FALSE(read.tells_endings);
}

TEST_CASE("where nothing was answered no file has a latency, and older ones with a 0 are read all the same") {
    const TemporaryFolder scratch;
    Recording recording;
    recording.started = noon;
    recording.elapsed = 3s;
    recording.starts = 3;
    recording.record(
        {.connect_time = 70us, .answered = Answered{.status = 200, .first_byte = 40us, .latency = 50us}}, 0s);
    for (const auto second : {1s, 2s})
        recording.record(
            {.connect_time = 70us, .failure = Event{.time = noon, .outcome = {Cause::timeout, Phase::await}}},
            second);
    RunFiles files(scratch.path());
    files.write(info_of("a"), recording, 0.95);
    Recording refused;
    refused.started = noon + 10s;
    refused.elapsed = 1s;
    refused.starts = 1;
    refused.record({.failure = Event{.time = noon, .outcome = {Cause::refused, Phase::connect}}}, 0s);
    files.write(info_of("b"), refused, 0.95);

    CsvReader seconds(scratch.path() / "intervals.csv", {});
    for (const char* p99 : {"50", "", "", ""}) {
        REQUIRE(seconds.next());
        CHECK(seconds.field("latency_p50_us") == p99);
        CHECK(seconds.field("latency_p99_us") == p99);
    }
    CsvReader runs(scratch.path() / "runs.csv", {});
    REQUIRE(runs.next());
    CHECK(runs.field("latency_max_us") == "50");
    CHECK(runs.field("connect_p99_us") == "70");
    REQUIRE(runs.next());
    for (const char* column :
         {"latency_p50_us", "latency_p90_us", "latency_p99_us", "latency_p999_us", "latency_max_us",
          "connect_p50_us", "connect_p99_us", "first_byte_p50_us", "first_byte_p99_us"}) {
        INFO(column);
        CHECK(runs.field(column).empty());
    }
    CHECK_FALSE(read_stored_runs(scratch.path()).runs.at(1).recording.latency.max());
    replace_in(scratch.path() / "runs.csv", ",0.0,,,,,,,,0,,,", ",0.0,0,0,0,0,0,0,0,0,0,0,");
    CHECK(read_stored_runs(scratch.path()).runs.size() == 2);
    replace_in(scratch.path() / "runs.csv", ",0.0,0,0,0,0,0,", ",0.0,0,0,0,0,7,");
    CHECK_THROWS_WITH_AS(read_stored_runs(scratch.path()), doctest::Contains("highest latency"),
                         std::runtime_error);
}

TEST_CASE("a histogram is what its buckets say, and takes no others") {
    Histogram histogram;
    for (const microseconds value : {0us, 255us, 256us, 257us, 1'000'001us})
        histogram.record(value);
    Histogram again;
    auto buckets = histogram.buckets();
    std::reverse(buckets.begin(), buckets.end());
    for (const Histogram::Bucket& bucket : buckets)
        again.add(bucket);
    check_same(again, histogram);
    for (const Histogram::Bucket& wrong :
         {Histogram::Bucket{257us, 259us, 1}, Histogram::Bucket{256us, 259us, 1},
          Histogram::Bucket{256us, 256us, 1}, Histogram::Bucket{-1us, 1us, 1},
          Histogram::Bucket{1us, 2us, 0}})
        CHECK_THROWS_AS(again.add(wrong), std::invalid_argument);
    check_same(again, histogram);
}

TEST_CASE("times are read as they are written") {
    const auto time = noon + 7ms;
    CHECK(parse_iso8601(iso8601(time)) == time);
    for (const std::string_view wrong :
         {"", "2027-01-15", "2027-13-15T08:00:00.000Z", "2027-01-15T08:00:00.00xZ",
          "2027-02-30T08:00:00.000Z", "2027-01-15T24:00:00.000Z"})
        CHECK_FALSE(parse_iso8601(wrong));
}

} // namespace loadgen
