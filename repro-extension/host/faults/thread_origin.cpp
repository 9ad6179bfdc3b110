#include "faults/thread_origin.hpp"

#include "faults/image.hpp"
#include "faults/stack.hpp"

#include <windows.h>
#include <winternl.h>

namespace host {

namespace {

// The outermost that is not a run-time's, if the stack has one. Null: none of the image's functions is
// on it.
const void* outermost_function(const Image& image) {
    const void* of_program = nullptr;
    const void* of_runtime = nullptr;
    for (const void* address : return_addresses(image)) {
        const void* const function = image.function_of(address);
        (image.is_runtime(function) ? of_runtime : of_program) = function;
    }
    return of_program != nullptr ? of_program : of_runtime;
}

bool is_hosts(const void* address) noexcept {
    static const Image host(GetModuleHandleW(nullptr));
    return host.contains(address);
}

// Asked for once a thread: it never changes, and under Wine the question goes to another process. No
// thread_local: in threads that are not its own MinGW's goes through winpthreads, which under load
// mixes up threads that begin with those that end.
void* start_of_this_thread() noexcept {
    // Microsoft's winternl.h leaves this value out.
    constexpr auto thread_query_set_win32_start_address = static_cast<THREADINFOCLASS>(9);
    static const DWORD slot = TlsAlloc();
    if (void* const known = TlsGetValue(slot); known != nullptr)
        return known;
    void* start = nullptr;
    if (NtQueryInformationThread(GetCurrentThread(), thread_query_set_win32_start_address, &start,
                                 sizeof(start), nullptr) < 0)
        return nullptr;
    TlsSetValue(slot, start);
    return start;
}

} // namespace

ThreadOrigin current_thread_origin(const Image* image) noexcept {
    void* const start = start_of_this_thread();
    ThreadOrigin origin{GetCurrentThreadId(), start};
    // The host's own threads never exit, and the extension's need no second look.
    if (image == nullptr || image->contains(start) || is_hosts(start))
        return origin;
    if (const void* const function = outermost_function(*image); function != nullptr)
        origin.start = function;
    return origin;
}

} // namespace host
