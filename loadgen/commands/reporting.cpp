#include "commands/reporting.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <variant>

namespace loadgen {
namespace {

ExitCode exit_code_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::as_expected:
        return ExitCode::success;
    case Verdict::fixed_resets:
        return ExitCode::gate_failed;
    case Verdict::inconclusive:
        break;
    }
    return ExitCode::inconclusive;
}

} // namespace

ExitCode exit_code_of(const RunEnding& ended) {
    switch (ended.kind()) {
    case RunEnding::Kind::whole:
        return ExitCode::success;
    case RunEnding::Kind::interrupted:
        return ExitCode::interrupted;
    case RunEnding::Kind::invalid:
        break;
    }
    return ExitCode::invalid;
}

ExitCode exit_code_of(const RegressionResult& result) {
    return result.has_verdict() ? exit_code_of(result.verdict) : exit_code_of(result.ended);
}

ExitCode exit_code_of(const StoredResult& stored) {
    if (const auto* const regression = std::get_if<RegressionResult>(&stored.result))
        return exit_code_of(*regression);
    return exit_code_of(ended(stored));
}

ExitCode worse_of(ExitCode first, ExitCode second) {
    for (const ExitCode one :
         {ExitCode::invalid, ExitCode::interrupted, ExitCode::gate_failed, ExitCode::inconclusive})
        if (first == one || second == one)
            return one;
    return ExitCode::success;
}

void warn_taken_for_whole(const std::vector<std::string>& inputs) {
    if (!inputs.empty())
        spdlog::warn(
            "an older loadgen wrote '{}', where no column 'ended' says how a run ended: all are taken "
            "for whole",
            fmt::join(inputs, "', '"));
}

} // namespace loadgen
