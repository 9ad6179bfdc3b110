#include "measure/outcome.hpp"

#include <algorithm>

namespace loadgen {
namespace {

constexpr std::array<std::string_view, all_phases.size()> phase_names = {
    "connect", "send", "await", "receive", "finish", "idle", "reuse"};
constexpr std::array<std::string_view, all_causes.size()> cause_names = {
    "reset",       "broken_pipe", "aborted",   "closed", "refused",
    "unreachable", "timeout",     "malformed", "tls",    "local"};

template <class Word, std::size_t Size>
std::optional<Word> named(std::string_view wanted, const std::array<std::string_view, Size>& names,
                          const std::array<Word, Size>& words) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end())
        return std::nullopt;
    return words.at(static_cast<std::size_t>(found - names.begin()));
}

} // namespace

std::string_view name(Phase phase) {
    return phase_names.at(index(phase));
}
std::string_view name(Cause cause) {
    return cause_names.at(index(cause));
}

std::optional<Cause> cause_named(std::string_view wanted) {
    return named(wanted, cause_names, all_causes);
}
std::optional<Phase> phase_named(std::string_view wanted) {
    return named(wanted, phase_names, all_phases);
}

} // namespace loadgen
