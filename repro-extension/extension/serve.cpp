#include "serve.hpp"

#include "answer.hpp"
#include "request.hpp"
#include "variant.hpp"

namespace repro {
namespace {

void pause(std::chrono::milliseconds time) noexcept {
    // Sleep(0) isn't nothing: it gives up the processor.
    if (time.count() > 0)
        Sleep(static_cast<DWORD>(time.count()));
}

DWORD status_after(bool answered) noexcept {
    // After half an answer the client can't tell where the next one begins.
    return variant.keep_alive && answered ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS;
}

void done_with_session(ECB& ecb, DWORD status) noexcept {
    // KB 813531: NULL in the faulty extension, a pointer to the state in the second workaround.
    DWORD* const state = status == HSE_STATUS_SUCCESS ? nullptr : &status;
    ecb.ServerSupportFunction(ecb.ConnID, HSE_REQ_DONE_WITH_SESSION, state, nullptr, nullptr);
}

} // namespace

Served serve(ECB& ecb) noexcept {
    Text fault;
    const auto request = parse_query(ecb.lpszQueryString, fault);
    if (!request)
        return {status_after(answer_text(ecb, "400 Bad Request", fault.view())), {}};
    pause(request->work);
    return {status_after(answer_ok(ecb, request->bytes)), request->linger};
}

void serve_pending(ECB& ecb) noexcept {
    const Served served = serve(ecb);
    done_with_session(ecb, served.status);
    pause(served.linger);
}

DWORD refuse(ECB& ecb, std::string_view sentence) noexcept {
    return status_after(answer_text(ecb, "503 Service Unavailable", sentence));
}

} // namespace repro
