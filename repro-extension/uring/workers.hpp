// Who answers requests: the fault, and the fix.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace uring {

using Job = std::function<void()>;

class Workers {
  public:
    Workers() = default;
    virtual ~Workers() = default;
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    virtual void run(Job job) = 0;
    /// Waits until every job is done.
    virtual void finish() = 0;
    /// The function at which its threads begin.
    virtual const char* thread_start() const = 0;
};

/// A new thread for each job, which then exits: the fault.
class ThreadPerJob final : public Workers {
  public:
    ~ThreadPerJob() override { finish(); }
    void run(Job job) override;
    void finish() override;
    const char* thread_start() const override { return "ThreadPerJob::work"; }

  private:
    void work(const Job& job);

    std::mutex guard_;
    std::condition_variable all_ended_;
    unsigned under_way_ = 0;
};

/// Threads that stay: the fix.
class ThreadPool final : public Workers {
  public:
    explicit ThreadPool(unsigned threads);
    ~ThreadPool() override { finish(); }
    void run(Job job) override;
    void finish() override;
    const char* thread_start() const override { return "ThreadPool::work"; }

  private:
    void work();

    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool finishing_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace uring
