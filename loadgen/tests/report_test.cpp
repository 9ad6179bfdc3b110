#include "report/json.hpp"
#include "report/numbers.hpp"
#include "report/progress.hpp"
#include "storage/run_files.hpp"
#include "storage/table/csv.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/json/parse.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 2> columns = {"name", "value"};

std::vector<std::vector<std::string>> read_all(const std::string& text) {
    std::istringstream input(text);
    CsvReader reader(input, "input", columns);
    std::vector<std::vector<std::string>> rows;
    while (reader.next())
        rows.push_back({reader.field("name"), reader.field("value")});
    return rows;
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

using Rows = std::vector<std::vector<std::string>>;

} // namespace

TEST_CASE("fields are quoted as RFC 4180 says, and read back") {
    CHECK(csv_quoted("plain") == "plain");
    CHECK(csv_quoted("a,b") == "\"a,b\"");
    CHECK(csv_quoted("say \"x\"") == "\"say \"\"x\"\"\"");
    CHECK(csv_quoted("two\nlines") == "\"two\nlines\"");
    CHECK(csv_quoted("").empty());

    const TemporaryFolder folder;
    const std::array<std::string, 2> awkward = {"a,\"b\"\r\nc", ""};
    {
        CsvWriter file(folder.path() / "x.csv", columns);
        file.add(awkward);
        file.flush();
    }
    CHECK(read_all(contents(folder.path() / "x.csv")) == Rows{{awkward[0], awkward[1]}});
}

TEST_CASE("the progress bar is full at the end, and never longer") {
    CHECK(progress_bar(0) == "[>                   ]");
    CHECK(progress_bar(0.5) == "[==========>         ]");
    CHECK(progress_bar(0.999) == "[===================>]");
    for (const double end : {1.0, 1.5})
        CHECK(progress_bar(end) == "[====================]");
}

TEST_CASE("a block's rate counts no time before the block") {
    const AttemptRate::Clock::time_point start{};
    AttemptRate first(start);
    CHECK(first.until(start + 10s, 8000) == doctest::Approx(800));
    CHECK(first.until(start + 20s, 8100) == doctest::Approx(10));
    // The next line comes a fifth of a second after the begin of the next block.
    AttemptRate second(start + 29800ms);
    CHECK(second.until(start + 30s, 160) == doctest::Approx(800));
    CHECK(second.until(start + 30s, 160) == doctest::Approx(0));
}

TEST_CASE("a regression as JSON") {
    const Claim claim{.confidence = 0.99, .max_reset_rate = 0.01};
    std::vector<VariantLoads> loads = {
        {{.label = "bad"}, {}, {"bad", Expectation::faulty, {{50, 1000}, {60, 1000}}}},
        {{.label = "good"}, {}, {"good", Expectation::fixed, {{0, 1000}, {0, 1000}}}},
        {{.label = "short"}, {}, {"short", Expectation::fixed, {{0, 10}}}}};
    loads.front().recording.counters.attempts = 2000;
    const auto result = boost::json::parse(regression_json(
        regression_result(std::move(loads), claim, Course{.rounds = 2, .stop = Stop::rounds_done})));
    CHECK(result.at("verdict") == "inconclusive");
    const auto& variants = result.at("variants").as_array();
    CHECK(variants.size() == 3);
    CHECK(variants[0].at("label") == "bad");
    CHECK(variants[0].at("finding") == "shown");
    CHECK(variants[0].at("attempts") == 2000);
    CHECK(variants[2].at("finding") == "undecided");
    CHECK(variants[2].at("attempts_needed").to_number<int>() > 10);
    CHECK(result.at("comparisons").as_array().size() == 2);
    CHECK(result.at("comparisons").at(0).at("candidate") == "good");
    CHECK(result.at("comparisons").at(0).at("evident") == true);
}

TEST_CASE("a file is appended to, under one header") {
    const TemporaryFolder folder;
    for (const std::string value : {"1", "2"}) {
        CsvWriter file(folder.path() / "x.csv", columns);
        file.add(std::array<std::string, 2>{"a", value});
        file.flush();
    }
    CHECK(contents(folder.path() / "x.csv") == "name,value\na,1\na,2\n");
    constexpr std::array<std::string_view, 1> others = {"other"};
    CHECK_THROWS_WITH_AS(CsvWriter(folder.path() / "x.csv", others), doctest::Contains("other columns"),
                         std::runtime_error);
}

TEST_CASE("reading goes by column name, and leaves out a line that was cut short") {
    CHECK(read_all("value,extra,name\n1,x,a\r\n2,y,b\n3,z") == Rows{{"a", "1"}, {"b", "2"}});
    CHECK(read_all("name,name,value\na,x,1\n") == Rows{{"a", "1"}});
    CHECK_THROWS_WITH_AS(read_all("name,name,value\na,1\n"), doctest::Contains("line 2"), std::runtime_error);
    CHECK_THROWS_WITH_AS(read_all("name\n"), doctest::Contains("no column 'value'"), std::runtime_error);
    CHECK_THROWS_WITH_AS(read_all(""), doctest::Contains("no header"), std::runtime_error);
    CHECK_THROWS_WITH_AS(read_all("name,value\na\n"), doctest::Contains("line 2"), std::runtime_error);
    std::istringstream input("name,value\na,x1\n");
    CsvReader reader(input, "input", columns);
    REQUIRE(reader.next());
    CHECK_THROWS_WITH_AS(reader.integer("value"), doctest::Contains("line 2: value 'x1'"),
                         std::runtime_error);
}

TEST_CASE("a file cut short at any byte is read to its last whole row, and goes on from there") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "x.csv";
    const Rows rows = {{"plain", "1"}, {"two\nlines, \"quoted\"", "2"}, {"", "3"}};
    std::vector<std::size_t> ends; // of header and rows
    {
        CsvWriter file(path, columns);
        ends.push_back(contents(path).size());
        for (const auto& row : rows) {
            file.add(row);
            file.flush();
            ends.push_back(contents(path).size());
        }
    }
    const std::string whole = contents(path);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        INFO("cut at ", size);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
        const auto complete =
            std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= size; });
        Rows expected(rows.begin(), rows.begin() + std::max<std::ptrdiff_t>(complete - 1, 0));
        if (complete > 0)
            CHECK(read_all(contents(path)) == expected);
        CsvWriter file(path, columns);
        file.add(std::array<std::string, 2>{"more", "4"});
        file.flush();
        expected.push_back({"more", "4"});
        CHECK(read_all(contents(path)) == expected);
    }
}

TEST_CASE("the files of a run agree with what was recorded") {
    const TemporaryFolder folder;
    Recording recording;
    recording.started = std::chrono::system_clock::time_point{1'000'000'000s + 7ms};
    recording.elapsed = 2s;
    recording.counters.attempts = 10;
    recording.counters.answers = 8;
    recording.counters.count({Cause::reset, Phase::send});
    recording.counters.count({Cause::broken_pipe, Phase::send});
    recording.events.push_back({.time = recording.started, .outcome = {Cause::reset, Phase::send}});
    recording.intervals.resize(2);
    const BlockInfo info{
        .run_id = "r1", .label = "a \"label\", quoted", .expectation = "faulty", .url = "http://h/"};
    RunFiles(folder.path()).write(info, recording, 0.95);

    constexpr std::array<std::string_view, 4> wanted = {"started_utc", "resets", "reset_send",
                                                        "answers_per_s"};
    CsvReader runs(folder.path() / "runs.csv", wanted);
    REQUIRE(runs.next());
    CHECK(runs.field("started_utc") == "2001-09-09T01:46:40.007000Z");
    CHECK(runs.field("label") == info.label);
    CHECK(runs.integer("resets") == 2);
    CHECK(runs.integer("reset_send") == 2);
    CHECK(runs.field("answers_per_s") == "4.0");
    CHECK_FALSE(runs.next());

    CsvReader outcomes(folder.path() / "outcomes.csv", {});
    std::int64_t sum = 0;
    while (outcomes.next())
        sum += outcomes.integer("count");
    CHECK(sum == 2);
    CsvReader events(folder.path() / "events.csv", {});
    REQUIRE(events.next());
    CHECK(events.integer("time_us") == 1'000'000'000'007'000);
    CHECK(events.field("local_port").empty());
}

TEST_CASE("numbers as people read them") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(12'345'678) == "12,345,678");
    CHECK(percent(0) == "0 %");
    CHECK(percent(0.4361) == "43.6 %");
    CHECK(percent(0.00077) == "0.077 %");
    CHECK(percent(0.001) == "0.1 %");
    CHECK(percent(0.999) == "99.9 %");
    CHECK(percent(0.9999) == "99.99 %");
    CHECK(percent(1) == "100 %");
    CHECK(brief(850us) == "850 us");
    CHECK(brief(3'140us) == "3.1 ms");
    CHECK(brief(2'500ms) == "2.5 s");
    CHECK(brief(std::nullopt) == "-");
}

} // namespace loadgen
