// The end of a request, in the server's thread and in one of this DLL's, and whether the connection
// is kept.
#include "calls.hpp"
#include "rows.hpp"
#include "serve.hpp"
#include "worker_pool.hpp"

namespace repro {
namespace conformance {
namespace {

bool keeps(const ECB& ecb) noexcept {
    return std::string_view{ecb.lpszQueryString} == "done-keep";
}

/// DONE_WITH_SESSION comes from a thread that stays: one that exits would be the fault of KB
/// 813531.
void in_a_worker(ECB& ecb, Reply& reply) noexcept {
    reply.status = worker_pool::process(ecb);
}

constexpr auto rows = std::to_array<Row>({
    {"keep",
     [](ECB& ecb, Reply& reply) noexcept {
         answer(ecb, "SUCCESS_AND_KEEP_CONN", true);
         reply.status = HSE_STATUS_SUCCESS_AND_KEEP_CONN;
     }},
    {"keep-success", [](ECB& ecb, Reply&) noexcept { answer(ecb, "SUCCESS after fKeepConn", true); }},
    {"keep-not",
     [](ECB& ecb, Reply& reply) noexcept {
         answer(ecb, "SUCCESS_AND_KEEP_CONN without fKeepConn", false);
         reply.status = HSE_STATUS_SUCCESS_AND_KEEP_CONN;
     }},
    {"error", [](ECB&, Reply& reply) noexcept { reply.status = HSE_STATUS_ERROR; }},
    {"done-at-once",
     [](ECB& ecb, Reply& reply) noexcept {
         answer(ecb, "done before the return", false);
         done(ecb);
         reply.status = HSE_STATUS_PENDING;
     }},
    {"done", in_a_worker},
    {"done-keep", in_a_worker},
});

} // namespace

constinit const std::span<const Row> done_rows{rows};

} // namespace conformance

// What the pool calls; the variants have these in serve.cpp.

void serve_pending(ECB& ecb) noexcept {
    const bool keep = conformance::keeps(ecb);
    conformance::answer(ecb, "done by a worker", keep);
    conformance::done(ecb, keep ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS);
}

DWORD refuse(ECB& ecb, std::string_view sentence) noexcept {
    conformance::answer(ecb, sentence, false);
    return HSE_STATUS_SUCCESS;
}

} // namespace repro
