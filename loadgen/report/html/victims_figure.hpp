// Which threads took connections away: the host's side of the same resets.
#pragma once

#include "report/html/figure.hpp"
#include "report/result.hpp"

#include <optional>
#include <span>

namespace loadgen {

/// Nothing without victims.
std::optional<Figure> victims_figure(std::span<const ThreadStart> starts);

} // namespace loadgen
