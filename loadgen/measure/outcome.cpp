#include "measure/outcome.hpp"

#include <algorithm>

namespace loadgen {
namespace {

constexpr std::array<std::string_view, all_phases.size()> phase_names = {
    "connect", "send", "await", "receive", "finish", "idle", "reuse"};
constexpr std::array<std::string_view, all_causes.size()> cause_names = {
    "reset",       "broken_pipe", "aborted",   "closed", "refused",
    "unreachable", "timeout",     "malformed", "tls",    "local"};

} // namespace

std::string_view name(Phase phase) {
    return phase_names.at(index(phase));
}
std::string_view name(Cause cause) {
    return cause_names.at(index(cause));
}

std::optional<Cause> cause_named(std::string_view wanted) {
    const auto* found = std::find(cause_names.begin(), cause_names.end(), wanted);
    if (found == cause_names.end())
        return std::nullopt;
    return all_causes.at(static_cast<std::size_t>(found - cause_names.begin()));
}

} // namespace loadgen
