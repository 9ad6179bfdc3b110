// A load at work: the workers on their threads, from start to the sum of what they recorded.
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"
#include "client/worker.hpp"
#include "measure/recording.hpp"

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace loadgen {

class Load {
  public:
    /// Starts at once.
    Load(LoadPlan plan, Target target);
    /// Abandons what is still in flight.
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Starts no more attempts; those in flight are finished, which takes the plan's timeout at most.
    void stop();
    /// Gives up those in flight too.
    void abandon();

    Progress progress() const;
    /// The events since the last call, a little behind. In order of time over all calls, but for those of
    /// connections at rest: they are told of when the next attempt has met with them.
    std::vector<Event> take_events();
    /// Waits so long for the end; true when it has come.
    bool wait_for(std::chrono::milliseconds time);

    /// Waits for the end and hands over everything recorded, of the events those not yet taken. Rethrows what
    /// a worker threw.
    Recording take();

  private:
    LoadPlan plan_;
    Target target_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::exception_ptr> failures_; // by worker
    std::vector<Event> held_back_;             // one worker may yet hand over an earlier one
    std::mutex mutex_;
    std::condition_variable ended_;
    std::size_t running_ = 0;           // guarded by mutex_
    std::vector<std::jthread> threads_; // last: joined before what they use goes
};

} // namespace loadgen
