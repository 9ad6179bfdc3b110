#include "measure/run_ending.hpp"

#include <array>

namespace loadgen {
namespace {

constexpr std::string_view before_sentence = "invalid: ";

} // namespace

std::string_view name(RunEnding::Kind kind) {
    constexpr std::array<std::string_view, 3> names = {"whole", "interrupted", "invalid"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string text(const RunEnding& ending) {
    return ending.is_invalid() ? std::string(before_sentence) + ending.sentence()
                               : std::string(name(ending.kind()));
}

std::optional<RunEnding> ending_of(std::string_view text) {
    if (text == name(RunEnding::Kind::whole))
        return RunEnding();
    if (text == name(RunEnding::Kind::interrupted))
        return RunEnding::interrupted();
    if (text.starts_with(before_sentence) && text.size() > before_sentence.size())
        return RunEnding::invalid(std::string(text.substr(before_sentence.size())));
    return std::nullopt;
}

const RunEnding& worse_of(const RunEnding& first, const RunEnding& second) {
    return second.kind() > first.kind() ? second : first;
}

} // namespace loadgen
