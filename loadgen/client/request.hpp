// The bytes of a request, the same for every attempt of a load.
#pragma once

#include "client/load_plan.hpp"
#include "client/url.hpp"

#include <string>

namespace loadgen {

/// Host, User-Agent, Connection and Content-Length are added unless the plan's headers have them.
std::string request_bytes(const Url& url, const LoadPlan& plan);

} // namespace loadgen
