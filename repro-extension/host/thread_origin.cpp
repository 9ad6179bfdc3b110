#include "thread_origin.hpp"

#include "utf8.hpp"

#include <fmt/format.h>

#include <windows.h>
#include <winternl.h>

#include <array>
#include <bit>
#include <cstdint>

namespace host {

ThreadOrigin current_thread_origin() noexcept {
    // Microsoft's winternl.h leaves this value out.
    constexpr auto thread_query_set_win32_start_address = static_cast<THREADINFOCLASS>(9);
    ThreadOrigin origin{GetCurrentThreadId(), nullptr};
    void* start = nullptr;
    if (NtQueryInformationThread(GetCurrentThread(), thread_query_set_win32_start_address, &start,
                                 sizeof(start), nullptr) >= 0)
        origin.start = start;
    return origin;
}

std::string describe_address(const void* address) {
    const auto number = std::bit_cast<std::uintptr_t>(address);
    HMODULE module = nullptr;
    std::array<wchar_t, 1024> file;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            static_cast<LPCWSTR>(address), &module))
        return fmt::format("unknown+{:#x}", number);
    const DWORD length = GetModuleFileNameW(module, file.data(), static_cast<DWORD>(file.size()));
    const std::filesystem::path path(std::wstring_view(file.data(), length));
    return fmt::format("{}+{:#x}", to_utf8(path.filename()), number - std::bit_cast<std::uintptr_t>(module));
}

} // namespace host
