// Locks for what many threads do often.
#pragma once

#include <windows.h>

namespace host {

/// As std::mutex. MinGW's goes to the kernel when two threads meet, which under Wine is another process.
class Mutex {
  public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() noexcept { AcquireSRWLockExclusive(&lock_); }
    bool try_lock() noexcept { return TryAcquireSRWLockExclusive(&lock_) != FALSE; }
    void unlock() noexcept { ReleaseSRWLockExclusive(&lock_); }

  protected:
    SRWLOCK lock_ = SRWLOCK_INIT;
};

/// As std::shared_mutex.
class SharedMutex : public Mutex {
  public:
    void lock_shared() noexcept { AcquireSRWLockShared(&lock_); }
    void unlock_shared() noexcept { ReleaseSRWLockShared(&lock_); }
};

} // namespace host
