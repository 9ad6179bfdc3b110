// What happened, in words, for the report of a disagreement.
#pragma once

#include "tests/script_server/expectation.hpp"
#include "tests/script_server/ledger.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

/// "answered, then reset in finish"
std::string words(bool answered, const std::optional<Outcome>& failure);
/// "answered or reset in await"
std::string words(const std::vector<Way>& ways);
/// What the server did with all connections that came from there; each on a line of its own.
std::string story_of(const Ledger& ledger, const std::vector<Script>& scripts, std::uint16_t port);

} // namespace loadgen
