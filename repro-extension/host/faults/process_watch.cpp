#include "faults/process_watch.hpp"

#include "base/utf8.hpp"
#include "faults/guarded_call.hpp"
#include "faults/image.hpp"
#include "faults/symbols.hpp"
#include "faults/thread_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <system_error>

namespace host {
namespace {

#ifdef _WIN64
// jmp [rip+0], and the address behind it
constexpr std::array<std::uint8_t, 6> jump = {0xFF, 0x25, 0, 0, 0, 0};
constexpr std::size_t patch_size = jump.size() + sizeof(void*);
#else
// push ADDRESS; ret
constexpr std::array<std::uint8_t, 1> jump = {0x68};
constexpr std::size_t patch_size = jump.size() + sizeof(void*) + 1;
#endif

std::array<std::uint8_t, patch_size> patch_to(const void* target) noexcept {
    std::array<std::uint8_t, patch_size> patch;
    patch.fill(0xC3); // ret
    std::copy(jump.begin(), jump.end(), patch.begin());
    std::memcpy(patch.data() + jump.size(), &target, sizeof(target));
    return patch;
}

// The beginning of a function, overwritten with a jump to another one.
class Detour {
  public:
    Detour(const wchar_t* module, const char* function, const void* target) noexcept
        : function_(std::bit_cast<void*>(GetProcAddress(GetModuleHandleW(module), function))) {
        if (function_ == nullptr)
            return;
        std::memcpy(before_.data(), function_, patch_size);
        overwrite(patch_to(target));
    }
    Detour(const Detour&) = delete;
    Detour& operator=(const Detour&) = delete;
    ~Detour() {
        if (function_ != nullptr)
            overwrite(before_);
    }

  private:
    void overwrite(const std::array<std::uint8_t, patch_size>& bytes) const noexcept {
        DWORD access = 0;
        if (!VirtualProtect(function_, patch_size, PAGE_EXECUTE_READWRITE, &access))
            return;
        std::memcpy(function_, bytes.data(), patch_size);
        VirtualProtect(function_, patch_size, access, &access);
        FlushInstructionCache(GetCurrentProcess(), function_, patch_size);
    }

    void* function_;
    std::array<std::uint8_t, patch_size> before_{};
};

std::filesystem::path extensions_folder;
UniqueHandle process_ends;
BrokenRule why;
std::atomic<bool> somebody_ends_it = false;

// The module that an address is in, if it is from the folder of the extensions; else null.
HMODULE extension_at(const void* address) {
    auto* const module = module_at(address);
    std::error_code ignored;
    return module != nullptr &&
                   std::filesystem::equivalent(file_of(module).parent_path(), extensions_folder, ignored)
               ? module
               : nullptr;
}

std::string name_of(HMODULE module) {
    return to_utf8(file_of(module).filename());
}

// The innermost of an extension's code on this thread's stack; null: none.
const void* extension_on_stack() {
    std::array<void*, 62> frames;
    const USHORT count =
        RtlCaptureStackBackTrace(0, static_cast<DWORD>(frames.size()), frames.data(), nullptr);
    for (const void* frame : std::span(frames).first(count))
        if (extension_at(frame) != nullptr)
            return frame;
    return nullptr;
}

// Says why, once, and waits for the program to report and end. Whoever holds a lock that the report
// needs is waited for in vain; hence the limit.
[[noreturn]] void end_process(Rule rule, const std::string& extension, const std::string& sentence) {
    if (!somebody_ends_it.exchange(true)) {
        why = {rule, extension, sentence, 1};
        SetEvent(process_ends.get());
    }
    Sleep(10'000);
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(exit_code_of(rule)));
    Sleep(INFINITE);
    std::abort();
}

LONG WINAPI on_unhandled(EXCEPTION_POINTERS* exception) {
    const auto is_extension = [](const void* address) { return extension_at(address) != nullptr; };
    const void* const address = innermost_code(*exception, is_extension);
    const Crash crash = describe_exception(*exception, is_extension);
    const std::string thread = place_of(current_thread_origin().start);
    end_process(
        Rule::crashed, address == nullptr ? "?" : name_of(extension_at(address)),
        fmt::format("crashed in a thread that began at {}: {} at {}", thread, crash.what, crash.place));
}

[[noreturn]] void on_end(const char* function, UINT code) {
    const void* const address = extension_on_stack();
    if (address == nullptr) { // the program itself
        TerminateProcess(GetCurrentProcess(), code);
        Sleep(INFINITE);
    }
    end_process(Rule::ended_process, name_of(extension_at(address)),
                fmt::format("ended the process: {}({}), called at {}", function, code, place_of(address)));
}

[[noreturn]] void WINAPI on_exit_process(UINT code) {
    on_end("ExitProcess", code);
}

[[noreturn]] void on_exit(int code) {
    on_end("exit", static_cast<UINT>(code));
}

} // namespace

struct ProcessWatch::Detours {
    Detour exit_process{L"kernel32.dll", "ExitProcess", std::bit_cast<const void*>(&on_exit_process)};
    // Where the program shares its C run-time with extensions, their exit() destroys the program's
    // objects before it comes to ExitProcess.
    Detour exit{L"msvcrt.dll", "exit", std::bit_cast<const void*>(&on_exit)};
};

ProcessWatch::ProcessWatch(const std::filesystem::path& root) : detours_(std::make_unique<Detours>()) {
    extensions_folder = root;
    process_ends.reset(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!process_ends)
        throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "event");
    SetUnhandledExceptionFilter(&on_unhandled);
}

ProcessWatch::~ProcessWatch() {
    SetUnhandledExceptionFilter(nullptr);
}

HANDLE ProcessWatch::ending() const noexcept {
    return process_ends.get();
}

const BrokenRule& ProcessWatch::broken() const noexcept {
    return why;
}

} // namespace host
