// How a run, or one block of a regression, came to its end. The exit code, the files and every report say so
// from this one value, whether the run was just made or is read back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace loadgen {

class RunEnding {
  public:
    /// The later, the worse.
    enum class Kind {
        whole,       ///< it went on to the end that was asked for
        interrupted, ///< Ctrl-C; what was measured until then counts
        invalid,     ///< what was measured says nothing of the server
    };

    /// Whole.
    RunEnding() = default;
    static RunEnding interrupted() { return {Kind::interrupted, "interrupted before the load was over"}; }
    /// `sentence`: why. Not empty.
    static RunEnding invalid(std::string sentence) { return {Kind::invalid, std::move(sentence)}; }

    Kind kind() const { return kind_; }
    bool is_whole() const { return kind_ == Kind::whole; }
    bool is_invalid() const { return kind_ == Kind::invalid; }
    /// Why it is not whole; empty if it is.
    const std::string& sentence() const { return sentence_; }

    friend bool operator==(const RunEnding&, const RunEnding&) = default;

  private:
    RunEnding(Kind kind, std::string sentence) : kind_(kind), sentence_(std::move(sentence)) {}

    Kind kind_ = Kind::whole;
    std::string sentence_;
};

/// whole, interrupted or invalid
std::string_view name(RunEnding::Kind kind);

/// As runs.csv has it: "whole", "interrupted", or "invalid: " and the sentence.
std::string text(const RunEnding& ending);
/// Reads that; nothing if it is something else.
std::optional<RunEnding> ending_of(std::string_view text);

/// The worse of two; of equally bad ones the first.
const RunEnding& worse_of(const RunEnding& first, const RunEnding& second);

} // namespace loadgen
