// Calls of code that may crash.
#pragma once

#include "faults/stack.hpp"

#include <windows.h>

#include <optional>
#include <string>

namespace host {

class Image;

/// What a crash was.
struct Crash {
    std::string what;  ///< "access violation reading 0x0"
    std::string place; ///< "module+0xoffset (function)"
};

/// What an exception is called, and where it came from: the innermost code that is to blame, or what
/// raised it if there is none.
Crash describe_exception(const EXCEPTION_POINTERS& exception, const CodeFilter& blamed);

/// Calls `function(argument)`. Nothing if it returned; else the exception that it did not handle,
/// C++'s and the stack's overflow too. Frames between are left without their destructors. GCC's C++
/// exceptions are no structured ones on x86: there, one that nobody catches ends the process by abort().
std::optional<Crash> call_guarded(void (*function)(void*), void* argument, const Image& image) noexcept;

/// The same for anything that can be called.
template <class Function>
std::optional<Crash> guarded(const Image& image, Function& function) noexcept {
    return call_guarded([](void* pointer) { (*static_cast<Function*>(pointer))(); }, &function, image);
}

} // namespace host
