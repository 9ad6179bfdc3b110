// Makes the calls that the query names, and answers with what they returned: "error value...".
// For two servers side by side: scripts/iis/conformance.sh.
#include "answer.hpp"
#include "rows.hpp"
#include "variant.hpp"
#include "worker_pool.hpp"

#include <array>

namespace repro {
namespace conformance {
namespace {

/// The wrong uses come last: what a server makes of them nobody knows.
std::array<std::span<const Row>, 7> sections() noexcept {
    return {variable_rows, read_rows, send_rows, done_rows, url_rows, connection_rows, wrong_rows};
}

bool means(std::string_view query, const Row& row) noexcept {
    const std::size_t value = row.name.find('=');
    return query == row.name ||
           (value != std::string_view::npos && query.starts_with({row.name.data(), value + 1}));
}

const Row* find(std::string_view query) noexcept {
    for (const std::span<const Row> section : sections())
        for (const Row& row : section)
            if (means(query, row))
                return &row;
    return nullptr;
}

void list(Reply& reply) noexcept {
    for (const std::span<const Row> section : sections())
        for (const Row& row : section)
            reply.text << row.name << "\n";
}

DWORD process(ECB& ecb) noexcept {
    const std::string_view query = ecb.lpszQueryString;
    Reply reply;
    if (query == "list") {
        list(reply);
    } else if (const Row* const row = find(query)) {
        row->ask(ecb, reply);
    } else {
        answer_text(ecb, "404 Not Found", "There is no such row; the query list names all of them.\n");
    }
    // Without a text another thread may have completed the request by now.
    if (!reply.text.view().empty())
        answer_text(ecb, "200 OK", reply.text.view());
    return reply.status;
}

} // namespace
} // namespace conformance

constinit const Variant variant{
    .name = "conformance",
    .keep_alive = false,
    .start = worker_pool::start,
    .process = conformance::process,
    .stop = worker_pool::stop,
};

} // namespace repro
