// Runs written, read back and added up: the sum of what was recorded, to the last count.
#include "storage/table/timestamp.hpp"
#include "tests/stored_recordings.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

namespace loadgen {

using namespace std::chrono_literals;
using std::chrono::microseconds;

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
    a.send_delay = "20ms";
    b.send_delay = "uniform:0ms..10ms";
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
    CHECK(row.field("send_delay") == "20ms uniform:0ms..10ms");
    CHECK(row.field("started_utc") == iso8601(noon));
    CHECK(row.field("duration_s") == "3.700000");
    CsvReader parts(sum / "parts.csv", {});
    REQUIRE(parts.next());
    CHECK(parts.field("part") == "a");
    CHECK(parts.field("source") == (scratch.path() / "a").string());
    REQUIRE(parts.next());
    CHECK(parts.field("url") == "http://g/");
    CHECK(parts.count("lost") == 1);
    const auto wrong = scratch.path() / "wrong";
    std::filesystem::copy(sum, wrong);
    replace_in(wrong / "parts.csv", ",1,0,0,1,whole\n", ",1,0,0,2,whole\n");
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

TEST_CASE("a sum ended as the worst of its parts, in whatever steps it is made") {
    std::mt19937_64 random(8);
    const RunEnding invalid = RunEnding::invalid("nothing listens, at h:1");
    const std::vector<RunEnding> endings = {RunEnding(), RunEnding::interrupted(), invalid,
                                            RunEnding::invalid("another"), RunEnding()};
    const TemporaryFolder scratch;
    Folders folders;
    for (std::size_t i = 0; i < endings.size(); ++i) {
        folders.push_back(scratch.path() / fmt::format("{}", i));
        Recording recording = random_recording(random);
        recording.started = noon + std::chrono::seconds{i};
        recording.ended = endings[i];
        RunFiles(folders.back()).write(info_of(fmt::format("{}", i)), recording, 0.95);
    }
    const auto ended = [&](const std::string& name, const Folders& parts) {
        return read_all({merge_into(scratch.path() / name, parts)}).front().recording.ended;
    };
    CHECK(ended("whole", {folders[0], folders[4]}).is_whole());
    CHECK(ended("cut", {folders[4], folders[1], folders[0]}) == RunEnding::interrupted());
    CHECK(ended("all", folders) == invalid); // the first to begin of two
    const Folders backwards(folders.rbegin(), folders.rend());
    CHECK(ended("back", backwards) == invalid);
    CHECK(ended("step", {folders[3]}) == endings[3]);
    CHECK(ended("steps", {scratch.path() / "step", folders[2], scratch.path() / "cut"}) == invalid);
    for (const char* other : {"back", "steps"})
        for (const char* file : {"runs.csv", "parts.csv"})
            CHECK(contents(scratch.path() / "all" / file) == contents(scratch.path() / other / file));

    replace_in(scratch.path() / "cut" / "runs.csv", ",interrupted\n", ",whole\n");
    CHECK_THROWS_WITH_AS(read_all({scratch.path() / "cut"}),
                         doctest::Contains("'whole' where its parts come to 'interrupted'"),
                         std::runtime_error);
}

TEST_CASE("random endings, added up in random steps, come to the worst, the first to begin of equal ones") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    for (int trial = 0; trial < 30; ++trial) {
        const TemporaryFolder scratch;
        Folders folders;
        std::string worst = "whole"; // by words alone: their order in the alphabet is another
        for (int i = 0; i < 6; ++i) {
            const std::string sentence = fmt::format("reason {}", i);
            const auto kind = random() % 3;
            Recording recording;
            recording.started = noon + std::chrono::seconds{i};
            recording.elapsed = 1s;
            if (kind == 1)
                recording.ended = RunEnding::interrupted();
            if (kind == 2)
                recording.ended = RunEnding::invalid(sentence);
            if (kind == 1 && worst == "whole")
                worst = "interrupted";
            if (kind == 2 && !worst.starts_with("invalid"))
                worst = "invalid: " + sentence;
            folders.push_back(scratch.path() / fmt::format("{}", i));
            RunFiles(folders.back()).write(info_of(fmt::format("{}", i)), recording, 0.95);
        }
        for (int step = 0; folders.size() > 1; ++step) {
            std::shuffle(folders.begin(), folders.end(), random);
            const auto taken = static_cast<std::ptrdiff_t>(2 + random() % (folders.size() - 1));
            const Folders some(folders.begin(), folders.begin() + taken);
            folders.erase(folders.begin(), folders.begin() + taken);
            folders.push_back(merge_into(scratch.path() / fmt::format("step{}", step), some));
        }
        CsvReader row(folders.front() / "runs.csv", {});
        REQUIRE(row.next());
        CHECK(row.field("ended") == worst);
    }
}

TEST_CASE("runs of other expectations or modes are other sums") {
    std::mt19937_64 random(9);
    const TemporaryFolder scratch;
    Folders folders;
    for (const auto& [expectation, kept] :
         {std::pair{"", false}, std::pair{"faulty", false}, std::pair{"fixed", false}, std::pair{"", true}}) {
        folders.push_back(scratch.path() / fmt::format("{}{}", expectation, kept));
        BlockInfo info = info_of(fmt::format("{}{}", expectation, kept));
        info.expectation = expectation;
        info.keep_alive = kept;
        info.send_delay = fmt::format("{}ms", folders.size());
        RunFiles(folders.back()).write(info, random_recording(random), 0.95);
    }
    for (const StoredRun& run : merged(read_all(folders), new_id)) {
        CHECK(run.parts.size() == 1);
        CHECK(run.info.send_delay == run.parts.front().info.send_delay);
    }
}

TEST_CASE("a merged interval has the confidence that the runs had, the highest of them") {
    const TemporaryFolder one;
    const TemporaryFolder other;
    const TemporaryFolder scratch;
    std::mt19937_64 random(7);
    RunFiles(one.path()).write(info_of("a"), random_recording(random), 0.9);
    RunFiles(other.path()).write(info_of("b"), random_recording(random), 0.99);
    CHECK(read_all({one.path()}).front().confidence == 0.9);
    const auto both = scratch.path() / "both";
    merge_into(both, {one.path(), other.path()});
    CHECK(read_all({both}).front().confidence == 0.99);
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

} // namespace loadgen
