// Whose code is on a stack.
#pragma once

#include <windows.h>

#include <functional>
#include <vector>

namespace host {

class Image;

/// Whether an address is in code that is looked for.
using CodeFilter = std::function<bool(const void*)>;

/// The innermost such code on the stack that the exception has left; null: none. Call it in the thread of
/// the exception, while the stack is still there. On x86 as return_addresses().
const void* innermost_code(const EXCEPTION_POINTERS& exception, const CodeFilter& wanted);

/// Return addresses on the calling thread's stack that lie in the module, innermost first. On x86, which has
/// no unwind tables, what looks like one: it is in the module, and a call instruction is before it. One that
/// an earlier call has left behind may be among them.
std::vector<const void*> return_addresses(const Image& image);

} // namespace host
