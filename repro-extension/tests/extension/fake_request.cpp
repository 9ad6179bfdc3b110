#include "fake_request.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace repro::test {
namespace {

bool signalled(HANDLE handle, std::chrono::milliseconds time) {
    return WaitForSingleObject(handle, static_cast<DWORD>(time.count())) == WAIT_OBJECT_0;
}

} // namespace

std::optional<std::string> Answer::header(const std::string& name) const {
    const std::string start = "\r\n" + name + ": ";
    const std::string text = "\r\n" + headers;
    const auto found = text.find(start);
    if (found == std::string::npos)
        return std::nullopt;
    const auto value = found + start.size();
    return text.substr(value, text.find("\r\n", value) - value);
}

bool Done::thread_ends(std::chrono::milliseconds time) const {
    return signalled(thread.get(), time);
}

FakeRequest::FakeRequest(std::string query, std::string method)
    : query_{std::move(query)}, method_{std::move(method)} {
    void* const page =
        VirtualAlloc(nullptr, sizeof(EXTENSION_CONTROL_BLOCK), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (page == nullptr)
        throw std::bad_alloc{};
    ecb_.reset(new (page) EXTENSION_CONTROL_BLOCK{});
    ecb_->cbSize = sizeof(EXTENSION_CONTROL_BLOCK);
    ecb_->dwVersion = HSE_VERSION;
    ecb_->ConnID = this;
    ecb_->lpszMethod = method_.data();
    ecb_->lpszQueryString = query_.data();
    ecb_->GetServerVariable = get_server_variable;
    ecb_->WriteClient = write_client;
    ecb_->ReadClient = read_client;
    ecb_->ServerSupportFunction = server_support_function;
}

bool FakeRequest::wait_for_header() {
    return signalled(header_sent_.get(), patience);
}

bool FakeRequest::wait_for_done() {
    return signalled(session_done_.get(), patience);
}

FakeRequest& FakeRequest::from(HCONN connection) {
    auto* const request = static_cast<FakeRequest*>(connection);
    if (request->self_ != request) {
        std::fputs("a callback was given something other than the ConnID\n", stderr);
        std::abort();
    }
    return *request;
}

BOOL WINAPI FakeRequest::get_server_variable(HCONN, LPSTR, LPVOID, LPDWORD) {
    SetLastError(ERROR_INVALID_INDEX);
    return FALSE;
}

BOOL WINAPI FakeRequest::read_client(HCONN, LPVOID, LPDWORD size) {
    *size = 0;
    return TRUE;
}

// NOLINTNEXTLINE(readability-non-const-parameter): the signature is ISAPI's
BOOL WINAPI FakeRequest::write_client(HCONN connection, LPVOID data, LPDWORD size, DWORD) {
    FakeRequest& request = from(connection);
    ++request.answer_.writes;
    if (request.writes_refused_) {
        SetLastError(WSAECONNRESET);
        return FALSE;
    }
    request.answer_.body.append(static_cast<const char*>(data), *size);
    return TRUE;
}

BOOL WINAPI FakeRequest::server_support_function(HCONN connection, DWORD function, LPVOID buffer, LPDWORD,
                                                 LPDWORD) {
    FakeRequest& request = from(connection);
    switch (function) {
    case HSE_REQ_SEND_RESPONSE_HEADER_EX:
        return request.send_header(*static_cast<const HSE_SEND_HEADER_EX_INFO*>(buffer));
    case HSE_REQ_DONE_WITH_SESSION:
        return request.done_with_session(static_cast<const DWORD*>(buffer));
    default:
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
}

BOOL FakeRequest::send_header(const HSE_SEND_HEADER_EX_INFO& info) {
    ++answer_.headers_sent;
    answer_.at = Clock::now();
    answer_.status.assign(info.pszStatus, info.cchStatus);
    answer_.headers.assign(info.pszHeader, info.cchHeader);
    answer_.keep_connection = info.fKeepConn != FALSE;
    answer_.logged_status = ecb_->dwHttpStatusCode;
    SetEvent(header_sent_.get());
    WaitForSingleObject(opened_.get(), INFINITE);
    return TRUE;
}

BOOL FakeRequest::done_with_session(const DWORD* state) {
    ++done_.calls;
    done_.at = Clock::now();
    if (state != nullptr)
        done_.state = *state;
    done_.thread_id = GetCurrentThreadId();
    HANDLE thread = nullptr;
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    done_.thread.reset(thread);
    DWORD before = 0;
    VirtualProtect(ecb_.get(), sizeof(EXTENSION_CONTROL_BLOCK), PAGE_NOACCESS, &before);
    SetEvent(session_done_.get());
    return TRUE;
}

} // namespace repro::test
