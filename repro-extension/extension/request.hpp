// What a client asks of the extension: the query `work=MS&linger=MS&bytes=N`.
#pragma once

#include "text.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace repro {

struct Request {
    /// Time the request takes before it is answered: 0 to 60000 ms.
    std::chrono::milliseconds work{0};
    /// Time between HSE_REQ_DONE_WITH_SESSION and the return of the thread function (KB 813531,
    /// steps 1 to 2): 0 to 60000 ms.
    std::chrono::milliseconds linger{0};
    /// Length of the answer's body: 0 to 16 MiB.
    std::uint32_t bytes{64};
};

/// Reads a query. Parameters may come in any order; the last of a name counts; a missing one keeps
/// its default. On an unknown parameter or a bad value: nothing, and a sentence in `fault`.
std::optional<Request> parse_query(std::string_view query, Text& fault) noexcept;

} // namespace repro
