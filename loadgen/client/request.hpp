// The bytes of a request, the same for every attempt of a load.
#pragma once

#include "client/load_plan.hpp"
#include "client/url.hpp"

#include <optional>
#include <string>

namespace loadgen {

/// Host, User-Agent, Connection and Content-Length are added unless the plan's headers have them. With
/// Transfer-Encoding the body is sent in chunks, without a Content-Length. Throws std::invalid_argument, with
/// one sentence, if headers, method and body contradict each other or what the client does.
std::string request_bytes(const Url& url, const LoadPlan& plan);

/// A warning where the Content-Length that is given promises more than there is.
std::optional<std::string> stalled_upload(const LoadPlan& plan);

} // namespace loadgen
