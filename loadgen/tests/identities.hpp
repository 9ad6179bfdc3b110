// What must hold of every recording, whatever happened.
#pragma once

#include "measure/identities.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <string>

namespace loadgen {

inline std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
    return stream << name(outcome.cause) << '/' << name(outcome.phase);
}

/// Each number agrees with every other that counts the same.
inline void check_identities(const Recording& recording) {
    const auto broken = broken_identity(recording);
    CHECK((broken ? text(*broken) : std::string()) == std::string());
}

} // namespace loadgen
