// What is read back from an output folder, and what is refused: a folder that is torn says which file.
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
    REQUIRE(read.left_out.size() == 1);
    CHECK(read.left_out[0].find("the run killed has no row in runs.csv") != std::string::npos);
    CHECK(read.left_out[0].find("5 rows") != std::string::npos);
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
    CHECK_THROWS_WITH_AS(read_stored_runs(empty.path()), doctest::Contains("has no run"), std::runtime_error);
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
