// Runs of several machines, added up exactly.
#pragma once

#include "storage/stored_run.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace loadgen {

/// Adds the runs of the same label, expectation and mode into one, blocks of a regression those of the same
/// number: counts, histograms and intervals exactly, connections, threads and rates too; of confidences the
/// highest; what else differs is listed. In order of their start. `new_id` names what comes out. Whatever has
/// been added up before makes no difference. Throws std::runtime_error, with a sentence naming the runs,
/// where they can't be added: one that is there twice, open with closed loops, or more than an hour between
/// them.
std::vector<StoredRun> merged(std::vector<StoredRun> runs, const std::function<std::string()>& new_id);

/// Of the runs that were added into one some began only when others had ended.
bool apart_in_time(const StoredRun& run);

/// Writes all files of an output folder. Throws OutputError.
void write_merged(const std::filesystem::path& folder, const std::vector<StoredRun>& runs);

} // namespace loadgen
