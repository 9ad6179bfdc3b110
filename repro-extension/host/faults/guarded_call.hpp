// Calls of code that may crash.
#pragma once

#include <windows.h>

#include <functional>
#include <optional>
#include <string>

namespace host {

class Image;

/// What a crash was.
struct Crash {
    std::string what;  ///< "access violation reading 0x0"
    std::string place; ///< "module+0xoffset (function)"
};

/// Whether an address is in code that is looked for.
using CodeFilter = std::function<bool(const void*)>;

/// The innermost such code on the stack that the exception has left; null: none. Call it while the
/// stack is still there. For x64; elsewhere it knows where the exception was raised, and no more.
const void* innermost_code(const EXCEPTION_POINTERS& exception, const CodeFilter& wanted);

/// What an exception is called, and where it came from: the innermost code that is to blame, or what
/// raised it if there is none.
Crash describe_exception(const EXCEPTION_POINTERS& exception, const CodeFilter& blamed);

/// Calls `function(argument)`. Nothing if it returned; else the exception that it did not handle,
/// C++'s and the stack's overflow too. Frames between are left without their destructors. Where the
/// compiler has no structured exceptions (MinGW for x86) a crash is not caught here.
std::optional<Crash> call_guarded(void (*function)(void*), void* argument, const Image& image) noexcept;

/// The same for anything that can be called.
template <class Function>
std::optional<Crash> guarded(const Image& image, Function& function) noexcept {
    return call_guarded([](void* pointer) { (*static_cast<Function*>(pointer))(); }, &function, image);
}

} // namespace host
