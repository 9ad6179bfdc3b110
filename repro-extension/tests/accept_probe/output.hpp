// What was found out, for people and for programs.
#pragma once

#include "row.hpp"
#include "system.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace probe {

struct Findings {
    System system;
    bool clients_outside = false;
    std::chrono::milliseconds patience{};
    std::span<const Row> rows;
    std::optional<std::string> otherwise; ///< see verdict.hpp
};

std::string to_text(const Findings& findings);
std::string to_json(const Findings& findings);

} // namespace probe
