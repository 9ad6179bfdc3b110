// Owners of what kernel32 hands out.
#pragma once

#include "windows.hpp"

#include <cstddef>
#include <utility>

namespace repro {

/// Closes a kernel handle; nullptr is none.
class Handle {
  public:
    Handle() noexcept = default;
    explicit Handle(HANDLE handle) noexcept : handle_{handle} {}
    Handle(Handle&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Handle() {
        if (handle_ != nullptr)
            CloseHandle(handle_);
    }

    HANDLE get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

  private:
    HANDLE handle_ = nullptr;
};

class CriticalSection {
  public:
    CriticalSection() noexcept { InitializeCriticalSection(&section_); }
    CriticalSection(const CriticalSection&) = delete;
    CriticalSection& operator=(const CriticalSection&) = delete;
    ~CriticalSection() { DeleteCriticalSection(&section_); }

    void lock() noexcept { EnterCriticalSection(&section_); }
    void unlock() noexcept { LeaveCriticalSection(&section_); }

  private:
    CRITICAL_SECTION section_;
};

/// std::lock_guard without <mutex>, which needs the C run-time.
class Lock {
  public:
    explicit Lock(CriticalSection& section) noexcept : section_{section} { section_.lock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { section_.unlock(); }

  private:
    CriticalSection& section_;
};

/// Base of what lives on the process heap: there is no C run-time to bring operator new. Being
/// noexcept, `new` gives nullptr when memory is out.
struct OnProcessHeap {
    static void* operator new(std::size_t size) noexcept { return HeapAlloc(GetProcessHeap(), 0, size); }
    static void operator delete(void* memory) noexcept { HeapFree(GetProcessHeap(), 0, memory); }
};

} // namespace repro
