#include "faults/call_watch.hpp"

#include "faults/image.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace host {

thread_local CallWatch::Thread* CallWatch::current = nullptr;

void CallWatch::add_this_thread() {
    HANDLE handle = nullptr;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &handle, SYNCHRONIZE,
                         FALSE, 0))
        throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "thread");
    const std::lock_guard lock(guard_);
    current = threads_.emplace_back(std::make_unique<Thread>()).get();
    current->handle.reset(handle);
}

LongCall CallWatch::describe(const Thread& thread) {
    return {
        thread.image->name(), fmt::format("{} for {} {}", thread.function, thread.method, thread.path),
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - thread.since)};
}

void CallWatch::look(std::chrono::seconds limit, const std::function<void(const LongCall&)>& on_long,
                     const std::function<void(const LongCall&)>& on_ended) {
    std::vector<std::pair<LongCall, Interrupted*>> ended;
    {
        const std::lock_guard lock(guard_);
        std::erase_if(threads_, [&](const std::unique_ptr<Thread>& one) {
            Thread& thread = *one;
            const bool exited = WaitForSingleObject(thread.handle.get(), 0) == WAIT_OBJECT_0;
            const std::lock_guard thread_lock(thread.guard);
            if (thread.image == nullptr)
                return exited;
            const LongCall call = describe(thread);
            if (exited)
                ended.emplace_back(call, thread.caller);
            else if (call.since >= limit && !std::exchange(thread.told, true))
                on_long(call);
            return exited;
        });
    }
    for (const auto& [call, caller] : ended) {
        on_ended(call);
        caller->on_thread_ended();
    }
}

WatchedCall::WatchedCall(const Image& image, std::string_view function, std::string_view method,
                         std::string_view path, Interrupted& caller) noexcept {
    CallWatch::Thread* const thread = CallWatch::current;
    if (thread == nullptr)
        return;
    const std::lock_guard lock(thread->guard);
    thread->image = &image;
    thread->function = function;
    thread->method = method;
    thread->path = path;
    thread->caller = &caller;
    thread->since = std::chrono::steady_clock::now();
    thread->told = false;
}

WatchedCall::~WatchedCall() {
    if (CallWatch::Thread* const thread = CallWatch::current; thread != nullptr) {
        const std::lock_guard lock(thread->guard);
        thread->image = nullptr;
    }
}

} // namespace host
