#include "workers.hpp"

#include <utility>

namespace uring {

void ThreadPerJob::run(Job job) {
    {
        const std::lock_guard lock(guard_);
        ++under_way_;
    }
    std::thread([this, job = std::move(job)] { work(job); }).detach();
}

void ThreadPerJob::work(const Job& job) {
    job();
    const std::lock_guard lock(guard_);
    --under_way_;
    all_ended_.notify_all();
}

void ThreadPerJob::finish() {
    std::unique_lock lock(guard_);
    all_ended_.wait(lock, [this] { return under_way_ == 0; });
}

ThreadPool::ThreadPool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

void ThreadPool::run(Job job) {
    const std::lock_guard lock(guard_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
}

void ThreadPool::work() {
    std::unique_lock lock(guard_);
    for (;;) {
        changed_.wait(lock, [this] { return finishing_ || !jobs_.empty(); });
        if (jobs_.empty())
            return;
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

void ThreadPool::finish() {
    {
        const std::lock_guard lock(guard_);
        finishing_ = true;
        changed_.notify_all();
    }
    threads_.clear();
}

} // namespace uring
