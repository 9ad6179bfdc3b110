// The rows: each a query by its name, and what is called for it.
#pragma once

#include "text.hpp"
#include "windows.hpp"

#include <span>
#include <string_view>

namespace repro::conformance {

struct Reply {
    /// What the calls returned. Empty: they have answered, or will.
    TextOf<2048> text;
    /// What HttpExtensionProc has to return.
    DWORD status = HSE_STATUS_SUCCESS;
};

struct Row {
    /// The query. Of one with a value, such as variable=URL, other values do as well.
    std::string_view name;
    void (*ask)(ECB& ecb, Reply& reply) noexcept;
};

extern const std::span<const Row> variable_rows;
extern const std::span<const Row> read_rows;
extern const std::span<const Row> send_rows;
extern const std::span<const Row> done_rows;
extern const std::span<const Row> url_rows;
extern const std::span<const Row> connection_rows;
extern const std::span<const Row> wrong_rows;

} // namespace repro::conformance
