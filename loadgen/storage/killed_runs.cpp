#include "storage/killed_runs.hpp"

#include "measure/block_info.hpp"
#include "storage/rows/invocation_row.hpp"
#include "storage/rows/regression_row.hpp"

#include <fmt/format.h>

#include <utility>

namespace loadgen {
namespace {

template <class Row>
std::vector<std::string> ids_in(const std::filesystem::path& path) {
    std::vector<std::string> ids;
    if (!std::filesystem::exists(path))
        return ids;
    RowReader<Row> file(path, {"run_id"});
    while (auto row = file.next())
        ids.push_back(std::move(row->run_id));
    return ids;
}

} // namespace

std::string killed_sentence(const std::filesystem::path& folder, std::string_view id) {
    return fmt::format(
        "'{}' is the folder of a killed run: {} has no row in runs.csv (unless it is still running)",
        folder.string(), id);
}

std::vector<KilledRun> killed_runs(const std::filesystem::path& folder,
                                   const std::set<std::string, std::less<>>& run_ids) {
    std::set<std::string, std::less<>> there; // of blocks what they have in common
    std::set<std::string, std::less<>> regressions;
    for (const std::string& id : run_ids) {
        there.emplace(without_block(id));
        if (without_block(id) != id)
            regressions.emplace(without_block(id));
    }
    std::vector<KilledRun> killed;
    for (const std::string& id : ids_in<InvocationRow>(folder / "invocations.csv"))
        if (!there.contains(id))
            killed.push_back({.id = id, .sentence = killed_sentence(folder, id)});
    if (!std::filesystem::exists(folder / "parts.csv")) {
        for (const std::string& id : ids_in<RegressionRow>(folder / "regression.csv"))
            regressions.erase(id);
        for (const std::string& id : regressions)
            killed.push_back({.id = id,
                              .is_regression = true,
                              .sentence = fmt::format("'{}' is the folder of a killed regression: {} has no "
                                                      "row in regression.csv (unless it is still running)",
                                                      folder.string(), id)});
    }
    if (killed.empty() && run_ids.empty())
        killed.push_back({.id = {},
                          .sentence = fmt::format("'{}' is the folder of a killed run: runs.csv has no row "
                                                  "(unless it is still running)",
                                                  folder.string())});
    return killed;
}

} // namespace loadgen
