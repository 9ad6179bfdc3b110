// Runs written, read back and added up: the sum of what was recorded, to the last count.
#include "storage/merged_runs.hpp"
#include "storage/run_files.hpp"
#include "storage/stored_runs.hpp"
#include "storage/timestamp.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using Folders = std::vector<std::filesystem::path>;

constexpr std::chrono::system_clock::time_point noon{1'800'000'000s};

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void replace_in(const std::filesystem::path& path, std::string_view what, std::string_view with) {
    std::string text = contents(path);
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text.replace(at, what.size(), with);
}

BlockInfo info_of(std::string run_id, std::string label = "x") {
    return {.run_id = std::move(run_id),
            .label = std::move(label),
            .url = "http://h/",
            .connections = 8,
            .threads = 2,
            .engine = "epoll",
            .send_delay = "0s"};
}

// A load of which nothing is regular, as the engines record it; every latency goes to `raw` too.
Recording random_recording(std::mt19937_64& random, std::vector<microseconds>* raw = nullptr) {
    const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    std::lognormal_distribution<double> latencies(8 + 0.1 * up_to(20), 1.5);
    Recording r;
    r.started = noon + std::chrono::milliseconds{up_to(4'000)};
    const int seconds = 1 + up_to(5);
    r.elapsed = std::chrono::milliseconds{1000 * seconds - 1};
    r.intervals.resize(static_cast<std::size_t>(seconds));
    for (int i = up_to(2'000); i > 0; --i) {
        const auto second = std::chrono::seconds{up_to(seconds - 1)};
        const microseconds latency{static_cast<std::int64_t>(latencies(random))};
        AttemptEnd end;
        end.bytes_read = static_cast<std::uint64_t>(up_to(500));
        end.request_sent = up_to(9) > 0;
        end.found_closed = up_to(9) == 0;
        if (up_to(9) > 0)
            end.connect_time = latency / 3;
        if (up_to(3) > 0) {
            end.answered = {.status = 100 * (1 + static_cast<unsigned>(up_to(4))),
                            .first_byte = latency / 2,
                            .latency = latency};
            if (raw)
                raw->push_back(latency);
        }
        if (!end.answered || up_to(4) == 0) {
            const Outcome outcome{all_causes.at(static_cast<std::size_t>(up_to(all_causes.size() - 1))),
                                  end.answered ? Phase::finish
                                               : all_phases.at(static_cast<std::size_t>(up_to(3)))};
            end.failure = {.time = r.started + second + microseconds{up_to(999'999)},
                           .worker = static_cast<unsigned>(up_to(7)),
                           .attempt = r.counters.attempts,
                           .local_address = up_to(1) > 0 ? "127.0.0.1" : "",
                           .remote_address = up_to(1) > 0 ? "127.0.0.2" : "::1",
                           .target = fmt::format("/a?b={},c", up_to(9)),
                           .outcome = outcome,
                           .os_error = up_to(200),
                           .os_error_name = outcome.cause == Cause::local ? "EMFILE" : "a \"b\", c",
                           .age = latency};
        }
        ++r.starts;
        r.record(std::move(end), second);
    }
    std::stable_sort(r.events.begin(), r.events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    r.delayed_starts = static_cast<std::uint64_t>(up_to(9));
    r.unstarted = static_cast<std::uint64_t>(up_to(9));
    return r;
}

std::string new_id() {
    return "sum";
}

std::vector<StoredRun> read_all(const Folders& folders) {
    std::vector<StoredRun> runs;
    for (const auto& folder : folders) {
        StoredRuns stored = read_stored_runs(folder);
        std::move(stored.runs.begin(), stored.runs.end(), std::back_inserter(runs));
    }
    return runs;
}

std::filesystem::path merge_into(const std::filesystem::path& output, const Folders& folders) {
    write_merged(output, merged(read_all(folders), new_id), [](const StoredRun&) { return 0.95; });
    return output;
}

void check_same(const Histogram& a, const Histogram& b) {
    CHECK(a.buckets() == b.buckets());
    CHECK(a.count() == b.count());
    CHECK(a.max() == b.max());
}

// All figures but those of time, and the events.
void check_same(const Recording& a, const Recording& b) {
    CHECK(a.counters.attempts == b.counters.attempts);
    CHECK(a.counters.established == b.counters.established);
    CHECK(a.counters.requests_sent == b.counters.requests_sent);
    CHECK(a.counters.answers == b.counters.answers);
    CHECK(a.counters.bytes_read == b.counters.bytes_read);
    CHECK(a.counters.by_status_class == b.counters.by_status_class);
    CHECK(a.counters.failures == b.counters.failures);
    CHECK(a.local_errors == b.local_errors);
    CHECK(a.delayed_starts == b.delayed_starts);
    CHECK(a.unstarted == b.unstarted);
    check_same(a.connect, b.connect);
    check_same(a.first_byte, b.first_byte);
    check_same(a.latency, b.latency);
}

void check_same_intervals(const std::vector<Interval>& a, const std::vector<Interval>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t second = 0; second < a.size(); ++second) {
        CHECK(a[second].attempts == b[second].attempts);
        CHECK(a[second].answers == b[second].answers);
        CHECK(a[second].resets == b[second].resets);
        CHECK(a[second].other_failures == b[second].other_failures);
        check_same(a[second].latency, b[second].latency);
    }
}

std::vector<Event> events_of(const std::filesystem::path& folder) {
    CsvReader row(folder / "events.csv", {});
    std::vector<Event> events;
    while (row.next())
        events.push_back({.time = std::chrono::system_clock::time_point{microseconds{row.integer("time_us")}},
                          .worker = static_cast<unsigned>(row.count("worker")),
                          .attempt = row.count("attempt"),
                          .local_address = row.field("local_address"),
                          .remote_address = row.field("remote_address"),
                          .target = row.field("target"),
                          .os_error_name = row.field("os_error_name")});
    return events;
}

} // namespace

TEST_CASE("what is written and merged reads the same as what is added in memory") {
    std::mt19937_64 random(813531);
    for (int trial = 0; trial < 30; ++trial) {
        const TemporaryFolder scratch;
        const Recording a = random_recording(random);
        Recording b = random_recording(random);
        if (trial % 2 == 0)
            b.started = a.started; // add_later has seconds begin at the same time
        RunFiles(scratch.path() / "a").write(info_of("a"), a, 0.95);
        RunFiles(scratch.path() / "b").write(info_of("b"), b, 0.95);
        const auto both = merge_into(scratch.path() / "both", {scratch.path() / "a", scratch.path() / "b"});

        Recording sum = a;
        sum.add_later(b);
        const StoredRuns read = read_stored_runs(both);
        REQUIRE(read.runs.size() == 1);
        check_same(read.runs[0].recording, sum);
        if (trial % 2 == 0)
            check_same_intervals(read.runs[0].recording.intervals, sum.intervals);
        const std::vector<Event> events = events_of(both);
        REQUIRE(events.size() == sum.events.size());
        for (std::size_t i = 0; i < events.size(); ++i)
            CHECK(events[i].time == sum.events[i].time);
        for (const auto field :
             {&Event::local_address, &Event::remote_address, &Event::target, &Event::os_error_name}) {
            std::vector<std::string> there;
            std::vector<std::string> expected;
            for (std::size_t i = 0; i < events.size(); ++i) {
                there.push_back(events[i].*field);
                expected.push_back(sum.events[i].*field);
            }
            CHECK(there == expected);
        }
        CHECK(read.runs[0].recording.started == std::min(a.started, b.started));
        CHECK(read.runs[0].recording.started + read.runs[0].recording.elapsed ==
              std::max(a.started + a.elapsed, b.started + b.elapsed));
    }
}

TEST_CASE("percentiles of merged runs are those of the pooled raw values, within one per cent") {
    std::mt19937_64 random(1);
    const TemporaryFolder scratch;
    std::vector<microseconds> raw;
    Folders folders;
    for (const std::string name : {"a", "b", "c", "d"}) {
        folders.push_back(scratch.path() / name);
        RunFiles(folders.back()).write(info_of(name), random_recording(random, &raw), 0.95);
    }
    CsvReader row(merge_into(scratch.path() / "sum", folders) / "runs.csv", {});
    REQUIRE(row.next());
    REQUIRE(row.count("answers") == raw.size());
    std::sort(raw.begin(), raw.end());
    const auto exact = [&](double fraction) {
        return static_cast<double>(
            raw.at(static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(raw.size()))) - 1)
                .count());
    };
    for (const auto& [column, fraction] :
         {std::pair{"latency_p50_us", 0.5}, std::pair{"latency_p90_us", 0.9},
          std::pair{"latency_p99_us", 0.99}, std::pair{"latency_p999_us", 0.999}})
        CHECK(std::abs(row.number(column) - exact(fraction)) <= 0.01 * exact(fraction) + 0.5);
    CHECK(row.integer("latency_max_us") == raw.back().count());
    CHECK_FALSE(row.next());
}

TEST_CASE("in whatever steps and order runs are merged, all files come out the same") {
    std::mt19937_64 random(2);
    for (int trial = 0; trial < 20; ++trial) {
        const TemporaryFolder scratch;
        Folders folders;
        for (const std::string name : {"a", "b", "c"}) {
            folders.push_back(scratch.path() / name);
            BlockInfo info = info_of(name);
            info.rate =
                0.1 * (1 + static_cast<double>(folders.size())); // 0.2 + 0.3 + 0.4 depends on the order
            info.url += name;
            RunFiles(folders.back()).write(info, random_recording(random), 0.95);
        }
        const auto all = merge_into(scratch.path() / "abc", folders);
        const auto ab = merge_into(scratch.path() / "ab", {folders[1], folders[0]});
        const auto cb = merge_into(scratch.path() / "cb", {folders[2], folders[1]});
        for (const Folders& steps : {Folders{ab, folders[2]}, Folders{folders[2], ab},
                                     Folders{folders[0], cb}, Folders{folders[2], folders[0], folders[1]}}) {
            const TemporaryFolder other;
            merge_into(other.path(), steps);
            for (const char* file : {"runs", "outcomes", "intervals", "histograms", "events", "parts"}) {
                const std::string name = std::string(file) + ".csv";
                INFO(name);
                CHECK(contents(all / name) == contents(other.path() / name));
            }
        }
    }
}

TEST_CASE("what differs between the machines is summed or listed, and each part is named") {
    const TemporaryFolder scratch;
    BlockInfo a = info_of("a");
    BlockInfo b = info_of("b");
    b.url = "http://g/";
    b.engine = "io_uring";
    b.connections = 3;
    a.rate = 10;
    b.rate = 20.5;
    Recording recording;
    recording.started = noon;
    recording.elapsed = 2s;
    recording.starts = 1;
    recording.record({.failure = Event{.time = noon, .outcome = {Cause::closed, Phase::await}}}, 0s);
    RunFiles(scratch.path() / "a").write(a, recording, 0.95);
    recording.started += 1'700ms;
    RunFiles(scratch.path() / "b").write(b, recording, 0.95);
    const auto sum = merge_into(scratch.path() / "sum", {scratch.path() / "a", scratch.path() / "b"});
    CsvReader row(sum / "runs.csv", {});
    REQUIRE(row.next());
    CHECK(row.field("url") == "http://g/ http://h/");
    CHECK(row.field("engine") == "epoll io_uring");
    CHECK(row.count("connections") == 11);
    CHECK(row.count("threads") == 4);
    CHECK(row.field("rate") == "30.5");
    CHECK(row.field("send_delay") == "0s");
    CHECK(row.field("started_utc") == iso8601(noon));
    CHECK(row.field("duration_s") == "3.700");
    CsvReader parts(sum / "parts.csv", {});
    REQUIRE(parts.next());
    CHECK(parts.field("part") == "a");
    CHECK(parts.field("source") == (scratch.path() / "a").string());
    REQUIRE(parts.next());
    CHECK(parts.field("url") == "http://g/");
    CHECK(parts.count("lost") == 1);
    const auto wrong = scratch.path() / "wrong";
    std::filesystem::copy(sum, wrong);
    replace_in(wrong / "parts.csv", ",1,0,0,1\n", ",1,0,0,2\n");
    CHECK_THROWS_WITH_AS(read_stored_runs(wrong), doctest::Contains("3 lost attempts"), std::runtime_error);

    b.rate.reset();
    RunFiles(scratch.path() / "closed").write(b, recording, 0.95);
    CHECK_THROWS_WITH_AS(merged(read_all({scratch.path() / "a", scratch.path() / "closed"}), new_id),
                         doctest::Contains("an open loop"), std::runtime_error);
    CHECK_THROWS_WITH_AS(merged(read_all({scratch.path() / "a", sum}), new_id),
                         doctest::Contains("the run a is there twice"), std::runtime_error);
    recording.started += 2h;
    RunFiles(scratch.path() / "later").write(info_of("later"), recording, 0.95);
    CHECK_THROWS_WITH_AS(merged(read_all({scratch.path() / "closed", scratch.path() / "later"}), new_id),
                         doctest::Contains("minutes apart"), std::runtime_error);
}

TEST_CASE("seconds are put beside one another by the wall clock") {
    const auto starting = [](std::chrono::system_clock::time_point start, std::uint64_t attempts) {
        Recording r;
        r.started = start;
        r.elapsed = 1s;
        r.intervals.resize(1);
        r.intervals[0].attempts = attempts;
        return r;
    };
    Recording sum = starting(noon + 40ms, 1);
    sum.add_concurrent(starting(noon - 40ms, 10)); // the same second, agreed on beforehand
    sum.add_concurrent(starting(noon + 2s, 100));
    sum.add_concurrent(starting(noon - 1s, 1000));
    REQUIRE(sum.intervals.size() == 4);
    CHECK(sum.intervals[0].attempts == 1000);
    CHECK(sum.intervals[1].attempts == 11);
    CHECK(sum.intervals[2].attempts == 0);
    CHECK(sum.intervals[3].attempts == 100);
    CHECK(sum.started == noon - 1s);
    CHECK(sum.elapsed == 4s);
}

TEST_CASE("labels stay apart, and of a regression the blocks of one number are added") {
    std::mt19937_64 random(3);
    const TemporaryFolder scratch;
    for (const std::string machine : {"m", "n"}) {
        RunFiles files(scratch.path() / machine);
        for (int block = 1; block <= 4; ++block) {
            BlockInfo info = info_of(fmt::format("{}.{:03}", machine, block), block % 2 > 0 ? "bad" : "good");
            info.expectation = block % 2 > 0 ? "faulty" : "fixed";
            Recording recording = random_recording(random);
            recording.started = noon + std::chrono::seconds{10 * block};
            files.write(info, recording, 0.999);
        }
    }
    const auto sum = merge_into(scratch.path() / "sum", {scratch.path() / "m", scratch.path() / "n"});
    CsvReader row(sum / "runs.csv", {});
    for (const auto& [id, label] : {std::pair{"sum.001", "bad"}, std::pair{"sum.002", "good"},
                                    std::pair{"sum.003", "bad"}, std::pair{"sum.004", "good"}}) {
        REQUIRE(row.next());
        CHECK(row.field("run_id") == id);
        CHECK(row.field("label") == label);
        CHECK(row.count("connections") == 16);
    }
    CHECK_FALSE(row.next());
}

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
