// Named events through which a test and an extension in the same process wait for each other.
#pragma once

#include <windows.h>

#include <string>

namespace test {

/// A manual-reset event of this process. Whoever opens the name first makes it, and it goes with the last
/// who has it open. So a test has its events before its host: an extension may come to one only after the
/// test has set it.
class Event {
  public:
    explicit Event(const std::string& name)
        : handle_(CreateEventA(
              nullptr, TRUE, FALSE,
              ("isapi-host-test-" + std::to_string(GetCurrentProcessId()) + "-" + name).c_str())) {}
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { CloseHandle(handle_); }

    void set() const noexcept { SetEvent(handle_); }
    void reset() const noexcept { ResetEvent(handle_); }
    /// False after 20 s: the test then fails instead of hanging.
    bool wait() const noexcept { return WaitForSingleObject(handle_, 20'000) == WAIT_OBJECT_0; }

  private:
    HANDLE handle_;
};

} // namespace test
