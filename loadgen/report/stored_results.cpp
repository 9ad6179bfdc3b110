#include "report/stored_results.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace loadgen {
namespace {

bool is_block(const StoredRun& run) {
    return !run.info.expectation.empty();
}

template <class Row>
const Row* row_of(std::span<const Row> rows, std::string_view run_id) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.run_id == run_id; });
    return found == rows.end() ? nullptr : &*found;
}

Claim claim_of(const RegressionRow* row, const StoredRun& first) {
    if (row == nullptr)
        return {.confidence = first.confidence};
    return {.confidence = row->confidence,
            .max_reset_rate = row->max_reset_rate,
            .counted = counted_named(row->counted).value_or(Counted::resets),
            .looks = row->rounds ? Looks::once : Looks::any_time};
}

Course course_of(const RegressionRow* row) {
    Course course;
    if (row == nullptr)
        return course;
    if (row->rounds)
        course.rounds = static_cast<unsigned>(*row->rounds);
    course.max_attempts = row->max_attempts.value_or(0);
    course.seed = row->seed;
    course.stop = stop_named(row->stopped);
    return course;
}

// What the row says besides the blocks: files of older versions say it nowhere else.
RunEnding ended_besides(const RegressionRow* row, std::span<const KilledRun> killed, std::string_view id) {
    for (const KilledRun& one : killed)
        if (one.is_regression && one.id == id)
            return RunEnding::invalid(one.sentence);
    return row == nullptr || stop_named(row->stopped) ? RunEnding() : RunEnding::interrupted();
}

void add_block(StoredRun& run, Counted counted, std::vector<VariantLoads>& loads) {
    auto found = std::find_if(loads.begin(), loads.end(),
                              [&](const VariantLoads& one) { return one.info.label == run.info.label; });
    if (found == loads.end()) {
        const bool faulty = run.info.expectation == name(Expectation::faulty);
        VariantLoads fresh{.info = run.info, .recording = {}, .counts = {}, .stretches = {}};
        fresh.counts.label = run.info.label;
        fresh.counts.expectation = faulty ? Expectation::faulty : Expectation::fixed;
        found = loads.insert(loads.end(), std::move(fresh));
    }
    const Counters& counters = run.recording.counters;
    found->counts.blocks.push_back({count_of(counted, counters), counters.attempts});
    found->counts.lost += Count{counters.lost(), counters.attempts};
    found->stretches.push_back(stretch_of(run.recording));
    found->recording.add_later(run.recording);
}

Invocation invocation_of(std::span<const InvocationRow> rows, std::string_view run_id) {
    const InvocationRow* const row = row_of(rows, run_id);
    return row == nullptr ? Invocation{} : row->invocation;
}

} // namespace

std::vector<AnyResult> results_of(StoredRuns stored, std::span<const RegressionRow> regressions,
                                  std::span<const InvocationRow> invocations) {
    std::vector<StoredRun>& runs = stored.runs;
    std::vector<AnyResult> results;
    std::vector<bool> taken(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (taken[i])
            continue;
        if (!is_block(runs[i])) {
            const std::string id = runs[i].info.run_id;
            results.emplace_back(RunResult{std::move(runs[i].info), std::move(runs[i].recording),
                                           runs[i].confidence, invocation_of(invocations, id)});
            continue;
        }
        const std::string id(without_block(runs[i].info.run_id));
        const RegressionRow* const row = row_of(regressions, id);
        const Claim claim = claim_of(row, runs[i]);
        std::vector<VariantLoads> loads;
        for (std::size_t j = i; j < runs.size(); ++j) {
            if (taken[j] || !is_block(runs[j]) || without_block(runs[j].info.run_id) != id)
                continue;
            taken[j] = true;
            add_block(runs[j], claim.counted, loads);
        }
        RegressionResult result = regression_result(std::move(loads), claim, course_of(row));
        result.ended = worse_of(result.ended, ended_besides(row, stored.killed, id));
        result.invocation = invocation_of(invocations, id);
        results.emplace_back(std::move(result));
    }
    for (const KilledRun& one : stored.killed)
        if (!one.is_regression)
            results.emplace_back(NoResult{one.id, RunEnding::invalid(one.sentence)});
    return results;
}

} // namespace loadgen
