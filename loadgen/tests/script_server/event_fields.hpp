// What every field of an event must be, whatever the server did.
#pragma once

#include "client/load_plan.hpp"
#include "measure/attempt_end.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace loadgen {

/// No load lasts as long as its time-out: what is that old was overlooked.
bool is_patient(const LoadPlan& plan);

/// A sentence for each field that is wrong. `script`: the number of the one that the attempt asked for.
std::vector<std::string> wrong_fields(const Event& event, std::size_t script, const LoadPlan& plan);

} // namespace loadgen
