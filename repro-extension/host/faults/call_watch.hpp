// What the threads of the pool do in extensions, seen from another thread.
#pragma once

#include "base/handles.hpp"
#include "base/mutex.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace host {

class Image;

/// Whoever made a call out of which the thread has ended.
class Interrupted {
  public:
    /// In another thread, once: the call will never return.
    virtual void on_thread_ended() noexcept = 0;

  protected:
    ~Interrupted() = default;
};

/// A call that has not returned.
struct LongCall {
    std::string extension;
    std::string what; ///< "HttpExtensionProc for GET /repro/x.dll"
    std::chrono::seconds since;
};

class CallWatch {
  public:
    /// The calling thread's calls are watched from here on. Its place is free again once it has
    /// exited outside of a call.
    void add_this_thread();

    /// `on_long`: for each call that has lasted `limit`, once. `on_ended`: for each thread that has
    /// ended in a call, before that is told to the caller.
    void look(std::chrono::seconds limit, const std::function<void(const LongCall&)>& on_long,
              const std::function<void(const LongCall&)>& on_ended);

  private:
    friend class WatchedCall;

    struct Thread {
        UniqueHandle handle;
        Mutex guard;
        const Image* image = nullptr; ///< null: not in a call
        std::string_view function;
        std::string_view method;
        std::string_view path;
        Interrupted* caller = nullptr;
        std::chrono::steady_clock::time_point since;
        bool told = false;
    };
    static thread_local Thread* current;
    static LongCall describe(const Thread& thread);

    Mutex guard_;
    std::vector<std::unique_ptr<Thread>> threads_;
};

/// A call into an extension, from here to the end of the scope. In a thread that is not watched it is
/// nothing. The texts and the caller must live as long.
class WatchedCall {
  public:
    WatchedCall(const Image& image, std::string_view function, std::string_view method, std::string_view path,
                Interrupted& caller) noexcept;
    WatchedCall(const WatchedCall&) = delete;
    WatchedCall& operator=(const WatchedCall&) = delete;
    ~WatchedCall();
};

} // namespace host
