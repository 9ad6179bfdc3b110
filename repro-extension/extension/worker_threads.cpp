#include "worker_threads.hpp"

#include "resources.hpp"
#include "serve.hpp"

#include <memory>

namespace repro::worker_threads {
namespace {

/// A worker is on the list of running ones until its last act, and then among the finished until it
/// is reaped.
struct Worker : OnProcessHeap {
    explicit Worker(ECB& request) noexcept : ecb{request} {}

    ECB& ecb;
    Handle thread;
    bool finished = false;
    Worker* previous = nullptr;
    Worker* next = nullptr;
};

/// Owns all workers. The links are plain pointers because a worker's thread, which gets no more
/// than one pointer from CreateThread, takes itself off the list.
class Workers : public OnProcessHeap {
  public:
    void add(Worker& worker) noexcept {
        const Lock lock{section_};
        worker.next = running_;
        if (running_ != nullptr)
            running_->previous = &worker;
        running_ = &worker;
    }

    void remove(Worker& worker) noexcept {
        const Lock lock{section_};
        unlink(worker);
    }

    /// After CreateThread: by now the worker may have finished.
    void set_thread(Worker& worker, Handle thread) noexcept {
        const Lock lock{section_};
        worker.thread = std::move(thread);
        if (worker.finished)
            move_to_finished(worker);
    }

    /// The last act of a worker. Whichever of this and set_thread() comes second moves it, so that
    /// all finished workers have their handle.
    void finish(Worker& worker) noexcept {
        const Lock lock{section_};
        worker.finished = true;
        if (worker.thread)
            move_to_finished(worker);
    }

    /// Deletes the finished workers whose threads have ended, or within `timeout_ms` end; the
    /// others stay.
    void reap(DWORD timeout_ms) noexcept {
        // The waits are outside of the lock: an exiting worker that had to wait for it would
        // distort the fault.
        Worker* next = take_finished();
        while (next != nullptr) {
            std::unique_ptr<Worker> worker{std::exchange(next, next->next)};
            if (WaitForSingleObject(worker->thread.get(), timeout_ms) != WAIT_OBJECT_0)
                put_back(*worker.release());
        }
    }

    /// Waits until no worker runs. Only once nothing calls add() any more.
    void wait_for_all() noexcept {
        while (const Worker* const worker = first_running())
            WaitForSingleObject(worker->thread.get(), INFINITE);
        reap(INFINITE);
    }

  private:
    void unlink(Worker& worker) noexcept {
        (worker.previous != nullptr ? worker.previous->next : running_) = worker.next;
        if (worker.next != nullptr)
            worker.next->previous = worker.previous;
    }

    void move_to_finished(Worker& worker) noexcept {
        unlink(worker);
        worker.next = finished_;
        finished_ = &worker;
    }

    Worker* take_finished() noexcept {
        const Lock lock{section_};
        return std::exchange(finished_, nullptr);
    }

    void put_back(Worker& worker) noexcept {
        const Lock lock{section_};
        worker.next = finished_;
        finished_ = &worker;
    }

    const Worker* first_running() noexcept {
        const Lock lock{section_};
        return running_;
    }

    CriticalSection section_;
    Worker* running_ = nullptr;
    Worker* finished_ = nullptr;
};

/// Owned from start() to stop(): a smart pointer here would need a static destructor, and those
/// need the C run-time.
constinit Workers* workers = nullptr;

DWORD WINAPI run(LPVOID parameter) noexcept {
    Worker& worker = *static_cast<Worker*>(parameter);
    serve_pending(worker.ecb);
    workers->finish(worker);
    // The thread exits, and on IIS 4/5 the AcceptEx it posted in DONE_WITH_SESSION dies with it.
    return 0;
}

} // namespace

bool start() noexcept {
    workers = new Workers;
    return workers != nullptr;
}

DWORD process(ECB& ecb) noexcept {
    workers->reap(0);
    std::unique_ptr<Worker> worker{new Worker{ecb}};
    if (!worker)
        return refuse(ecb, "There is no memory for another worker thread.\n");
    workers->add(*worker);
    Handle thread{CreateThread(nullptr, 0, run, worker.get(), 0, nullptr)};
    if (!thread) {
        workers->remove(*worker);
        return refuse(ecb, "No worker thread could be created.\n");
    }
    workers->set_thread(*worker.release(), std::move(thread));
    return HSE_STATUS_PENDING;
}

void stop() noexcept {
    // The workers need the list to the end, so the pointer is cleared after they are gone.
    const std::unique_ptr<Workers> ending{workers};
    if (ending)
        ending->wait_for_all();
    workers = nullptr;
}

} // namespace repro::worker_threads
