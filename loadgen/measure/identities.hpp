// A recording counts the same things in several ways: these must agree, whatever happened. The one place
// where it stands which.
#pragma once

#include "measure/recording.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

/// Where in a recording a number stands.
enum class Record { counters, outcomes, intervals, histograms, events };
std::string_view name(Record record);

/// Two numbers that count the same and differ.
struct BrokenIdentity {
    Record record;    ///< that differs from the counters
    std::string what; ///< "answers in one second"
    std::uint64_t here = 0;
    std::uint64_t wanted = 0;
};

/// The first identity that the recording breaks; nothing if it adds up. `happened` are the cells of all its
/// events, where they have been taken out of it; without them its events aren't checked.
std::optional<BrokenIdentity> broken_identity(const Recording& recording, const Counters* happened = nullptr);

/// "it has 12 answers in its intervals where there should be 13"
std::string text(const BrokenIdentity& broken);

} // namespace loadgen
