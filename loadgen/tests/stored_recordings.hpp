// Runs made at random, written to folders and read back.
#pragma once

#include "storage/merged_runs.hpp"
#include "storage/run_files.hpp"
#include "storage/stored_runs.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

using Folders = std::vector<std::filesystem::path>;

inline constexpr std::chrono::system_clock::time_point noon{std::chrono::seconds{1'800'000'000}};

inline std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void replace_in(const std::filesystem::path& path, std::string_view what, std::string_view with) {
    std::string text = contents(path);
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text.replace(at, what.size(), with);
}

inline BlockInfo info_of(std::string run_id, std::string label = "x") {
    return {.run_id = std::move(run_id),
            .label = std::move(label),
            .url = "http://h/",
            .connections = 8,
            .threads = 2,
            .engine = "epoll",
            .send_delay = "0s"};
}

// A load of which nothing is regular, as the engines record it; every latency goes to `raw` too.
inline Recording random_recording(std::mt19937_64& random,
                                  std::vector<std::chrono::microseconds>* raw = nullptr) {
    const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    std::lognormal_distribution<double> latencies(8 + 0.1 * up_to(20), 1.5);
    Recording r;
    r.started = noon + std::chrono::milliseconds{up_to(4'000)};
    const int seconds = 1 + up_to(5);
    r.elapsed = std::chrono::milliseconds{1000 * seconds - 1};
    r.intervals.resize(static_cast<std::size_t>(seconds));
    for (int i = up_to(2'000); i > 0; --i) {
        const auto second = std::chrono::seconds{up_to(seconds - 1)};
        const std::chrono::microseconds latency{static_cast<std::int64_t>(latencies(random))};
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
            end.failure = {.time = r.started + second + std::chrono::microseconds{up_to(999'999)},
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

inline std::string new_id() {
    return "sum";
}

inline std::vector<StoredRun> read_all(const Folders& folders) {
    std::vector<StoredRun> runs;
    for (const auto& folder : folders) {
        StoredRuns stored = read_stored_runs(folder);
        std::move(stored.runs.begin(), stored.runs.end(), std::back_inserter(runs));
    }
    return runs;
}

inline std::filesystem::path merge_into(const std::filesystem::path& output, const Folders& folders) {
    write_merged(output, merged(read_all(folders), new_id));
    return output;
}

inline void check_same(const Histogram& a, const Histogram& b) {
    CHECK(a.buckets() == b.buckets());
    CHECK(a.count() == b.count());
    CHECK(a.max() == b.max());
}

// All figures but those of time, and the events.
inline void check_same(const Recording& a, const Recording& b) {
    CHECK(a.counters.attempts == b.counters.attempts);
    CHECK(a.counters.established == b.counters.established);
    CHECK(a.counters.requests_sent == b.counters.requests_sent);
    CHECK(a.counters.answers == b.counters.answers);
    CHECK(a.counters.bytes_read == b.counters.bytes_read);
    CHECK(a.counters.by_status_class == b.counters.by_status_class);
    CHECK(a.counters.failures == b.counters.failures);
    CHECK(a.local_errors == b.local_errors);
    CHECK(a.tls_errors == b.tls_errors);
    CHECK(a.delayed_starts == b.delayed_starts);
    CHECK(a.unstarted == b.unstarted);
    check_same(a.connect, b.connect);
    check_same(a.first_byte, b.first_byte);
    check_same(a.latency, b.latency);
}

inline void check_same_intervals(const std::vector<Interval>& a, const std::vector<Interval>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t second = 0; second < a.size(); ++second) {
        CHECK(a[second].attempts == b[second].attempts);
        CHECK(a[second].answers == b[second].answers);
        CHECK(a[second].resets == b[second].resets);
        CHECK(a[second].other_failures == b[second].other_failures);
        check_same(a[second].latency, b[second].latency);
    }
}

inline std::vector<Event> events_of(const std::filesystem::path& folder) {
    CsvReader row(folder / "events.csv", {});
    std::vector<Event> events;
    while (row.next())
        events.push_back(
            {.time = std::chrono::system_clock::time_point{std::chrono::microseconds{row.integer("time_us")}},
             .worker = static_cast<unsigned>(row.count("worker")),
             .attempt = row.count("attempt"),
             .local_address = row.field("local_address"),
             .remote_address = row.field("remote_address"),
             .target = row.field("target"),
             .os_error_name = row.field("os_error_name")});
    return events;
}

} // namespace loadgen
