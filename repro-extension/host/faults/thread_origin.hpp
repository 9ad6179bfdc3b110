// Which thread it was, and which code it began with: how a victim is put down to a DLL.
#pragma once

namespace host {

class Image;

/// Which thread did something, and where that thread began.
struct ThreadOrigin {
    unsigned long id = 0;
    const void* start = nullptr; ///< its start address; null if the system will not tell
};

/// The calling thread's (NtQueryInformationThread, ThreadQuerySetWin32StartAddress). A thread that
/// the C run-time began (_beginthreadex, std::thread) starts in the run-time: with `image`, the
/// module whose code is running, it is the outermost function of that module on the stack.
ThreadOrigin current_thread_origin(const Image* image = nullptr) noexcept;

} // namespace host
