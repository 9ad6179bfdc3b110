// __try and __except, for compilers that have them and for GCC, which has not.
#pragma once

#include <windows.h>

namespace host {

class ExceptionObserver {
  public:
    /// The stack that raised it is still there.
    virtual void on_exception(const EXCEPTION_POINTERS& exception) noexcept = 0;

  protected:
    ~ExceptionObserver() = default;
};

/// Calls `function(argument)`. True if it returned. False if it raised a structured exception that it did
/// not handle; the observer was told of it. Frames between are left without their destructors.
bool returned_well(void (*function)(void*), void* argument, ExceptionObserver& observer) noexcept;

} // namespace host
