// One request from its query to its completion, the same in every variant.
#pragma once

#include "windows.hpp"

#include <chrono>
#include <string_view>

namespace repro {

/// What a served request leaves to be done.
struct Served {
    /// HSE_STATUS_SUCCESS, or HSE_STATUS_SUCCESS_AND_KEEP_CONN.
    DWORD status;
    /// What the query asked for; the caller applies it, for the control block is gone by then.
    std::chrono::milliseconds linger;
};

/// Parses, works and answers in the calling thread; the session isn't finished yet.
Served serve(ECB& ecb) noexcept;

/// serve(), HSE_REQ_DONE_WITH_SESSION, linger: the life of a pending request, in the thread that
/// owns it. `ecb` is invalid afterwards.
void serve_pending(ECB& ecb) noexcept;

/// Answers 503 with a sentence, for a request that found no worker. Returns what HttpExtensionProc
/// has to return.
DWORD refuse(ECB& ecb, std::string_view sentence) noexcept;

} // namespace repro
