#include "faults/guarded_call.hpp"

#include "faults/image.hpp"
#include "faults/stack.hpp"
#include "faults/structured_exceptions.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>

#include <malloc.h>

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

class Note final : public ExceptionObserver {
  public:
    explicit Note(const Image& blamed) noexcept : blamed_(blamed) {}
    void on_exception(const EXCEPTION_POINTERS& exception) noexcept override {
        try {
            crash_ =
                describe_exception(exception, [&](const void* address) { return blamed_.contains(address); });
        } catch (const std::exception&) {
            crash_ = Crash{};
        }
    }
    std::optional<Crash> crash() && noexcept { return std::move(crash_); }

  private:
    const Image& blamed_;
    std::optional<Crash> crash_;
};

} // namespace

Crash describe_exception(const EXCEPTION_POINTERS& exception, const CodeFilter& blamed) {
    const EXCEPTION_RECORD& record = *exception.ExceptionRecord;
    const void* const code = innermost_code(exception, blamed);
    return {name_of(record), place_of(code == nullptr ? record.ExceptionAddress : code)};
}

std::optional<Crash> call_guarded(void (*function)(void*), void* argument, const Image& image) noexcept {
    // The filter of an overflow needs some stack of its own.
    ULONG for_filter = 64 * 1024;
    SetThreadStackGuarantee(&for_filter);
    Note note(image);
    if (!returned_well(function, argument, note))
        _resetstkoflw(); // nothing to do unless it was one
    return std::move(note).crash();
}

} // namespace host
