// What this runs on.
#pragma once

#include <optional>
#include <string>

namespace probe {

struct System {
    std::string windows;             ///< what Windows says it is, and what Wine says
    std::optional<std::string> wine; ///< empty: this is none
    unsigned pointer_bits = sizeof(void*) * 8;
};

System this_system();

/// In one line.
std::string to_line(const System& system);

} // namespace probe
