#include "faults/guarded_call.hpp"

#include "faults/image.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>

#include <malloc.h>

#include <bit>
#include <cstdint>
#include <exception>
#include <utility>

namespace host {
namespace {

constexpr DWORD gcc_exception = 0x20474343;  // libgcc's unwind-seh.c
constexpr DWORD msvc_exception = 0xE06D7363; // Microsoft's "Why is the exception code 0xE06D7363?"

std::string name_of(const EXCEPTION_RECORD& record) {
    switch (record.ExceptionCode) {
    case EXCEPTION_ACCESS_VIOLATION: {
        const ULONG_PTR how = record.ExceptionInformation[0];
        return fmt::format("access violation {} {:#x}",
                           how == 0   ? "reading"
                           : how == 1 ? "writing"
                                      : "executing",
                           record.ExceptionInformation[1]);
    }
    case EXCEPTION_STACK_OVERFLOW:
        return "stack overflow";
    case EXCEPTION_INT_DIVIDE_BY_ZERO:
        return "division by zero";
    case EXCEPTION_ILLEGAL_INSTRUCTION:
        return "illegal instruction";
    case EXCEPTION_BREAKPOINT:
        return "breakpoint";
    case gcc_exception:
    case msvc_exception:
        return "C++ exception that nobody caught";
    default:
        return fmt::format("exception {:#x}", record.ExceptionCode);
    }
}

// What the filter found, for the frame that has called.
thread_local const Image* guarded_image = nullptr;
thread_local std::optional<Crash> found;

[[maybe_unused]] LONG note(EXCEPTION_POINTERS* exception) noexcept {
    try {
        found = describe_exception(*exception,
                                   [](const void* address) { return guarded_image->contains(address); });
    } catch (const std::exception&) {
        found = Crash{};
    }
    return EXCEPTION_EXECUTE_HANDLER;
}

} // namespace

Crash describe_exception(const EXCEPTION_POINTERS& exception, const CodeFilter& blamed) {
    const EXCEPTION_RECORD& record = *exception.ExceptionRecord;
    const void* const code = innermost_code(exception, blamed);
    return {name_of(record), place_of(code == nullptr ? record.ExceptionAddress : code)};
}

const void* innermost_code(const EXCEPTION_POINTERS& exception, const CodeFilter& wanted) {
    if (wanted(exception.ExceptionRecord->ExceptionAddress))
        return exception.ExceptionRecord->ExceptionAddress;
#ifdef _WIN64
    CONTEXT context = *exception.ContextRecord;
    for (int frames = 0; frames < 64 && context.Rip != 0; ++frames) {
        if (const auto* address = std::bit_cast<const void*>(context.Rip); wanted(address))
            return address;
        DWORD64 base = 0;
        auto* const entry = RtlLookupFunctionEntry(context.Rip, &base, nullptr);
        if (entry == nullptr)
            return nullptr;
        void* data = nullptr;
        DWORD64 frame = 0;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, entry, &context, &data, &frame, nullptr);
    }
#endif
    return nullptr;
}

} // namespace host

#if defined(_MSC_VER)

static bool returned_well(void (*function)(void*), void* argument) noexcept {
    __try {
        function(argument);
    } __except (host::note(GetExceptionInformation())) {
        return false;
    }
    return true;
}

#elif defined(_WIN64)

// GCC has no __try. This is what one is made of: a frame whose language handler is the C run-time's,
// with one guarded range, its filter, and where to go on (Microsoft's "x64 exception handling",
// C_SCOPE_TABLE).
extern "C" {
bool isapi_host_returned_well(void (*function)(void*), void* argument);
LONG isapi_host_filter(EXCEPTION_POINTERS* exception, void*) {
    return host::note(exception);
}
}

asm(".text\n"
    ".globl isapi_host_returned_well\n"
    ".def isapi_host_returned_well; .scl 2; .type 32; .endef\n"
    ".seh_proc isapi_host_returned_well\n"
    "isapi_host_returned_well:\n"
    "  subq $40, %rsp\n"
    "  .seh_stackalloc 40\n"
    "  .seh_endprologue\n"
    "  movq %rcx, %rax\n"
    "  movq %rdx, %rcx\n"
    ".Lguarded_begin:\n"
    "  call *%rax\n"
    "  nop\n"
    ".Lguarded_end:\n"
    "  movl $1, %eax\n"
    "  addq $40, %rsp\n"
    "  ret\n"
    ".Lguarded_crashed:\n"
    "  xorl %eax, %eax\n"
    "  addq $40, %rsp\n"
    "  ret\n"
    "  .seh_handler __C_specific_handler, @except\n"
    "  .seh_handlerdata\n"
    "  .long 1\n"
    "  .rva .Lguarded_begin, .Lguarded_end, isapi_host_filter, .Lguarded_crashed\n"
    "  .text\n"
    "  .seh_endproc\n");

static bool returned_well(void (*function)(void*), void* argument) noexcept {
    return isapi_host_returned_well(function, argument);
}

#else

static bool returned_well(void (*function)(void*), void* argument) noexcept {
    function(argument);
    return true;
}

#endif

namespace host {

std::optional<Crash> call_guarded(void (*function)(void*), void* argument, const Image& image) noexcept {
    // The filter of an overflow needs some stack of its own.
    ULONG for_filter = 64 * 1024;
    SetThreadStackGuarantee(&for_filter);
    const Image* const outer = std::exchange(guarded_image, &image);
    const bool well = returned_well(function, argument);
    guarded_image = outer;
    if (well)
        return std::nullopt;
    _resetstkoflw(); // nothing to do unless it was one
    return std::exchange(found, std::nullopt);
}

} // namespace host
