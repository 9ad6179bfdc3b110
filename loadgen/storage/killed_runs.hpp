// Runs that never came to their end: killed, or without room for their results.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

struct KilledRun {
    std::string id; ///< of a regression what the run_ids of its blocks have in common; empty: no file has it
    bool is_regression = false; ///< some of its blocks came to their end
    std::string sentence;       ///< names the folder and the run
};

/// Of the folder whose runs.csv has these run_ids: runs that invocations.csv knows and runs.csv does not,
/// and regressions of which only blocks are there. Runs that merge added up are neither. Where nothing else
/// tells of a run, the empty runs.csv does. Throws std::runtime_error, as RowReader does.
std::vector<KilledRun> killed_runs(const std::filesystem::path& folder,
                                   const std::set<std::string, std::less<>>& run_ids);

/// The sentence of a run of that folder.
std::string killed_sentence(const std::filesystem::path& folder, std::string_view id);

} // namespace loadgen
