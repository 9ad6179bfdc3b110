#include "worker_pool.hpp"

#include "resources.hpp"
#include "serve.hpp"

#include <array>
#include <atomic>
#include <memory>

namespace repro::worker_pool {
namespace {

/// Workers sleep through `work` and `linger`, so their number bounds the rate: 32 of them complete
/// 6,400 requests/s that take 5 ms each, more than a thread per request reaches, without weighing
/// on a machine of 2000.
constexpr int worker_count = 32;

/// A client waits for its answer, so the queue is at most as long as there are clients: room for a
/// thousand. It has a bound because every queued packet takes non-paged pool.
constexpr int queue_limit = 1024;

/// The completion key that ends a worker; all others are addresses of control blocks.
constexpr ULONG_PTR quit = 0;

class Pool : public OnProcessHeap {
  public:
    /// False if not all could be started; the destructor ends those that were.
    bool start() noexcept {
        if (!port_)
            return false;
        for (Handle& thread : threads_) {
            thread = Handle{CreateThread(nullptr, 0, run, this, 0, nullptr)};
            if (!thread)
                return false;
        }
        return true;
    }

    Pool() noexcept = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    ~Pool() {
        // A failure means that non-paged pool is out. Unloading code that a worker still runs would
        // be worse than waiting.
        for (const Handle& thread : threads_)
            while (thread && !PostQueuedCompletionStatus(port_.get(), 0, quit, nullptr))
                Sleep(1);
        for (const Handle& thread : threads_)
            if (thread)
                WaitForSingleObject(thread.get(), INFINITE);
    }

    /// False if the queue is full, or the kernel takes no more packets.
    bool post(ECB& ecb) noexcept {
        if (queued_.fetch_add(1) < queue_limit &&
            PostQueuedCompletionStatus(port_.get(), 0, reinterpret_cast<ULONG_PTR>(&ecb), nullptr))
            return true;
        queued_.fetch_sub(1);
        return false;
    }

  private:
    static DWORD WINAPI run(LPVOID parameter) noexcept {
        static_cast<Pool*>(parameter)->work();
        return 0;
    }

    void work() noexcept {
        DWORD bytes = 0;
        ULONG_PTR key = quit;
        OVERLAPPED* overlapped = nullptr;
        while (GetQueuedCompletionStatus(port_.get(), &bytes, &key, &overlapped, INFINITE) && key != quit) {
            queued_.fetch_sub(1);
            // NOLINTNEXTLINE(performance-no-int-to-ptr): a completion key is an integer
            serve_pending(*reinterpret_cast<ECB*>(key));
        }
    }

    Handle port_{CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0)};
    std::array<Handle, worker_count> threads_;
    std::atomic<int> queued_{0};
};

/// Owned from start() to stop(): a smart pointer here would need a static destructor, and those
/// need the C run-time.
constinit Pool* pool = nullptr;

} // namespace

bool start() noexcept {
    std::unique_ptr<Pool> starting{new Pool};
    if (!starting || !starting->start())
        return false;
    pool = starting.release();
    return true;
}

DWORD process(ECB& ecb) noexcept {
    return pool->post(ecb) ? HSE_STATUS_PENDING
                           : refuse(ecb, "All workers are busy and the queue is full.\n");
}

void stop() noexcept {
    std::unique_ptr<Pool>{std::exchange(pool, nullptr)}.reset();
}

} // namespace repro::worker_pool
