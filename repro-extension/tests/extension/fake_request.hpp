// A request as a server hands it to an extension, and a record of what the extension does with it.
#pragma once

#include <windows.h>

#include <httpext.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace repro::test {

using Clock = std::chrono::steady_clock;

/// No wait of the tests is longer; what takes longer hangs.
constexpr std::chrono::seconds patience{30};

struct HandleCloser {
    void operator()(HANDLE handle) const noexcept { CloseHandle(handle); }
};
using UniqueHandle = std::unique_ptr<void, HandleCloser>;

/// What the extension sent.
struct Answer {
    std::string status;
    std::string headers;
    std::string body;
    DWORD logged_status = 0;
    bool keep_connection = false;
    Clock::time_point at;
    int headers_sent = 0;
    int writes = 0;

    /// The value of a header, or nothing.
    std::optional<std::string> header(const std::string& name) const;
};

/// A call of HSE_REQ_DONE_WITH_SESSION.
struct Done {
    std::optional<DWORD> state;
    UniqueHandle thread;
    DWORD thread_id = 0;
    Clock::time_point at;
    int calls = 0;

    /// Whether the thread that called ends within `time`.
    bool thread_ends(std::chrono::milliseconds time = patience) const;
};

/// Outlives the extension's use of it. At DONE_WITH_SESSION the page of the control block becomes
/// inaccessible, so that an extension that still looks at it crashes the test.
class FakeRequest {
  public:
    explicit FakeRequest(std::string query = {}, std::string method = "GET");
    FakeRequest(const FakeRequest&) = delete;
    FakeRequest& operator=(const FakeRequest&) = delete;

    EXTENSION_CONTROL_BLOCK* ecb() const noexcept { return ecb_.get(); }

    /// Holds the extension where it sends the header, until open().
    void hold() { ResetEvent(opened_.get()); }
    void open() { SetEvent(opened_.get()); }
    /// WriteClient fails, as it does when the client is gone.
    void refuse_writes() { writes_refused_ = true; }

    /// Whether the header was sent, the session done, within `patience`.
    bool wait_for_header();
    bool wait_for_done();

    /// For a request that's no longer in the extension's hands.
    const Answer& answer() const noexcept { return answer_; }
    const Done& done() const noexcept { return done_; }

  private:
    struct PageFreer {
        void operator()(void* page) const noexcept { VirtualFree(page, 0, MEM_RELEASE); }
    };

    static FakeRequest& from(HCONN connection);
    static BOOL WINAPI get_server_variable(HCONN, LPSTR, LPVOID, LPDWORD);
    static BOOL WINAPI write_client(HCONN, LPVOID, LPDWORD, DWORD);
    static BOOL WINAPI read_client(HCONN, LPVOID, LPDWORD);
    static BOOL WINAPI server_support_function(HCONN, DWORD, LPVOID, LPDWORD, LPDWORD);

    BOOL send_header(const HSE_SEND_HEADER_EX_INFO& info);
    BOOL done_with_session(const DWORD* state);

    const FakeRequest* self_ = this;
    std::string query_;
    std::string method_;
    std::unique_ptr<EXTENSION_CONTROL_BLOCK, PageFreer> ecb_;
    bool writes_refused_ = false;
    Answer answer_;
    Done done_;
    // Events and no mutex: whoever waited for the last of them may destroy the request, and with it
    // a mutex that the extension's thread is still about to unlock.
    UniqueHandle opened_{CreateEventA(nullptr, TRUE, TRUE, nullptr)};
    UniqueHandle header_sent_{CreateEventA(nullptr, TRUE, FALSE, nullptr)};
    UniqueHandle session_done_{CreateEventA(nullptr, TRUE, FALSE, nullptr)};
};

} // namespace repro::test
