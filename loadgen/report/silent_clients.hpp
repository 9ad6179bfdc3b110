// Why a fault may not have been shown: the load has to be heavy enough for it.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

/// How many clients were connected and silent at a time, on average: attempts per second times the send delay
/// (Little's law).
double silent_clients(const VariantResult& variant);

/// What the load was, how much of it the fault would have reset by the model (verdict/fault_model.hpp), and
/// what it takes to see it. IIS 4 and 5 keep 40 AcceptEx calls pending (Microsoft Q301310). Nothing for kept
/// connections, which are accepted once.
std::string silent_clients_text(const VariantResult& variant);

} // namespace loadgen
