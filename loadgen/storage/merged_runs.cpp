#include "storage/merged_runs.hpp"

#include "storage/run_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

namespace loadgen {
namespace {

using Time = std::chrono::system_clock::time_point;

// Between runs of the same load; beyond it the clocks are wrong or the folders are.
constexpr std::chrono::hours longest_pause{1};

Time end_of(const Part& part) {
    return part.started + std::chrono::duration_cast<Time::duration>(part.elapsed);
}

// ".007" of a regression's seventh block, else nothing.
std::string_view block_of(std::string_view run_id) {
    const auto dot = run_id.rfind('.');
    const bool is_block = dot != std::string_view::npos && dot + 1 < run_id.size() &&
                          run_id.find_first_not_of("0123456789", dot + 1) == std::string_view::npos;
    return is_block ? run_id.substr(dot) : std::string_view{};
}

void refuse_repeated(const std::vector<StoredRun>& runs) {
    std::map<std::string_view, std::string_view> sources;
    for (const StoredRun& run : runs)
        for (const Part& part : run.parts)
            if (const auto [seen, is_new] = sources.emplace(part.info.run_id, part.source); !is_new)
                throw std::runtime_error(fmt::format(
                    "the run {} is there twice, from '{}' and from '{}': it would be counted twice",
                    part.info.run_id, seen->second, part.source));
}

// Time without any load between the parts, which are in order of their start: at which of them it ends, and
// how long the longest was.
std::pair<std::size_t, Time::duration> longest_gap(const std::vector<Part>& parts) {
    std::pair<std::size_t, Time::duration> longest{0, 0};
    Time end = end_of(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].started - end > longest.second)
            longest = {i, parts[i].started - end};
        end = std::max(end, end_of(parts[i]));
    }
    return longest;
}

void refuse_pauses(const std::vector<Part>& parts) {
    const auto [next, gap] = longest_gap(parts);
    if (gap > longest_pause)
        throw std::runtime_error(fmt::format("the runs {} and {} of '{}' lie {} minutes apart: runs of "
                                             "machines that loaded at the same time can "
                                             "be added (are their clocks right?)",
                                             parts[next - 1].info.run_id, parts[next].info.run_id,
                                             parts[next].info.label,
                                             std::chrono::duration_cast<std::chrono::minutes>(gap).count()));
}

// The different values, in order, a space between them.
std::string listed(const std::vector<Part>& parts, std::string BlockInfo::*field) {
    std::set<std::string_view> values;
    for (const Part& part : parts)
        values.insert(part.info.*field);
    return fmt::format("{}", fmt::join(values, " "));
}

// From the parts alone, so that it doesn't matter in which steps they were added up.
void describe(BlockInfo& whole, const std::vector<Part>& parts) {
    whole.url = listed(parts, &BlockInfo::url);
    whole.send_delay = listed(parts, &BlockInfo::send_delay);
    whole.engine = listed(parts, &BlockInfo::engine);
    whole.connections = 0;
    whole.threads = 0;
    whole.rate.reset();
    for (const Part& part : parts) {
        whole.connections += part.info.connections;
        whole.threads += part.info.threads;
        if (part.info.rate.has_value() != parts.front().info.rate.has_value())
            throw std::runtime_error(fmt::format("the runs {} and {} of '{}' can't be added: one has a rate "
                                                 "to keep (an open loop), the other has none",
                                                 parts.front().info.run_id, part.info.run_id, whole.label));
        if (part.info.rate)
            whole.rate = whole.rate.value_or(0) + *part.info.rate;
    }
}

} // namespace

std::vector<StoredRun> merged(std::vector<StoredRun> runs, const std::function<std::string()>& new_id) {
    refuse_repeated(runs);
    using Key = std::tuple<std::string, std::string, bool, std::string>;
    std::map<Key, StoredRun> sums;
    for (StoredRun& run : runs) {
        Key key{run.info.label, run.info.expectation, run.info.keep_alive, block_of(run.info.run_id)};
        const auto [found, is_new] = sums.try_emplace(std::move(key));
        StoredRun& sum = found->second;
        if (is_new) {
            sum = std::move(run);
            continue;
        }
        sum.recording.add_concurrent(std::move(run.recording));
        std::move(run.parts.begin(), run.parts.end(), std::back_inserter(sum.parts));
        std::move(run.events.begin(), run.events.end(), std::back_inserter(sum.events));
        sum.confidence = std::max(sum.confidence, run.confidence);
    }

    std::vector<StoredRun> in_order;
    for (auto& [key, sum] : sums) {
        std::sort(sum.parts.begin(), sum.parts.end(), [](const Part& a, const Part& b) {
            return std::tie(a.started, a.info.run_id) < std::tie(b.started, b.info.run_id);
        });
        refuse_pauses(sum.parts);
        describe(sum.info, sum.parts);
        sum.recording.ended = worst_ending(sum.parts);
        in_order.push_back(std::move(sum));
    }
    std::stable_sort(in_order.begin(), in_order.end(), [](const StoredRun& a, const StoredRun& b) {
        return a.recording.started < b.recording.started;
    });

    // Blocks share all but the last part of their run_id, unless machines had another label for that number.
    std::vector<std::string> ids;
    std::map<std::string, std::size_t, std::less<>> used;
    for (StoredRun& run : in_order) {
        const std::string block(block_of(run.info.run_id));
        const std::size_t id = used[block]++;
        if (id == ids.size())
            ids.push_back(new_id());
        run.info.run_id = ids[id] + block;
    }
    return in_order;
}

bool apart_in_time(const StoredRun& run) {
    return longest_gap(run.parts).second > Time::duration::zero();
}

void write_merged(const std::filesystem::path& folder, const std::vector<StoredRun>& runs) {
    RunFiles files(folder);
    std::vector<EventRow> events;
    for (const StoredRun& run : runs)
        events.insert(events.end(), run.events.begin(), run.events.end());
    std::stable_sort(events.begin(), events.end(), [](const EventRow& a, const EventRow& b) {
        return std::tie(a.event.time, a.run_id) < std::tie(b.event.time, b.run_id);
    });
    files.write_events(events);
    RowWriter<PartRow> parts(folder / "parts.csv");
    for (const StoredRun& run : runs)
        for (const Part& part : run.parts)
            parts.add({run.info.run_id, run.info.label, part});
    parts.flush();
    for (const StoredRun& run : runs)
        files.write(run.info, run.recording, run.confidence);
}

} // namespace loadgen
