// Objects that stay where they were for a while after their end.
#pragma once

#include "base/mutex.hpp"

#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace host {

/// Tells whether an address is that of an object it has made, and keeps objects that have ended, so
/// that whoever still uses such an address is found out, and reaches nobody else's object. Their
/// place is used again once `kept` others have ended after them. All calls are thread-safe.
template <class Object>
class Quarantine {
  public:
    /// `most` objects at a time. Throws std::bad_alloc without the address space for them.
    Quarantine(std::size_t most, std::size_t kept)
        : most_(most),
          kept_(kept),
          place_(VirtualAlloc(nullptr, most * sizeof(Slot), MEM_RESERVE, PAGE_NOACCESS)) {
        if (place_ == nullptr)
            throw std::bad_alloc();
    }
    Quarantine(const Quarantine&) = delete;
    Quarantine& operator=(const Quarantine&) = delete;
    ~Quarantine() {
        for (std::size_t i = 0; i < made_; ++i)
            std::destroy_at(&at(i));
    }

    /// Null: there are `most` already. What the constructor throws is passed on.
    template <class... Arguments>
    [[nodiscard]] Object* make(Arguments&&... arguments) {
        const std::lock_guard lock(guard_);
        if (ended_.size() > kept_ || (made_ == most_ && !ended_.empty())) {
            Object& again = ended_.front()->emplace(std::forward<Arguments>(arguments)...);
            ended_.pop_front();
            return &again;
        }
        if (made_ == most_ || !commit(at(made_)))
            return nullptr;
        Object& first = std::construct_at(&at(made_))->emplace(std::forward<Arguments>(arguments)...);
        ++made_;
        return &first;
    }

    /// The object has ended; it is destroyed when its place is used again.
    void end(Object& object) {
        const std::lock_guard lock(guard_);
        ended_.push_back(&at(index_of(&object)));
    }

    /// Calls `look` with the object at `address`, which may have ended, or with null if none was
    /// ever made there. No place is used again meanwhile.
    template <class Look>
    auto find(const void* address, Look look) const {
        const std::lock_guard lock(guard_);
        const std::size_t index = index_of(address);
        const bool known = index < made_ && at(index) && &*at(index) == address;
        return look(known ? &*at(index) : nullptr);
    }

    /// Calls `visit` with every object, ended or not.
    template <class Visit>
    void for_each(Visit visit) const {
        const std::lock_guard lock(guard_);
        for (std::size_t i = 0; i < made_; ++i)
            if (at(i))
                visit(*at(i));
    }

  private:
    struct Release {
        void operator()(void* place) const noexcept { VirtualFree(place, 0, MEM_RELEASE); }
    };

    using Slot = std::optional<Object>; // empty where a constructor has thrown

    Slot& at(std::size_t index) const noexcept { return static_cast<Slot*>(place_.get())[index]; }
    std::size_t index_of(const void* address) const noexcept {
        return (reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(place_.get())) /
               sizeof(Slot);
    }
    static bool commit(Slot& slot) noexcept {
        return VirtualAlloc(&slot, sizeof(Slot), MEM_COMMIT, PAGE_READWRITE) != nullptr;
    }

    std::size_t most_;
    std::size_t kept_;
    std::unique_ptr<void, Release> place_;
    mutable Mutex guard_;
    std::size_t made_ = 0;
    std::deque<Slot*> ended_;
};

} // namespace host
