#include "system.hpp"

#include "error.hpp"

#include <windows.h>

#include <fmt/format.h>

#include <bit>

namespace probe {
namespace {

template <class Function>
Function find(const char* name) noexcept {
    return std::bit_cast<Function>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name));
}

} // namespace

System this_system() {
    System system;
    RTL_OSVERSIONINFOEXW version{};
    version.dwOSVersionInfoSize = sizeof(version);
    const auto get_version = find<LONG(WINAPI*)(RTL_OSVERSIONINFOEXW*)>("RtlGetVersion");
    if (get_version == nullptr || get_version(&version) != 0)
        throw CannotFindOut("RtlGetVersion failed");
    system.windows =
        fmt::format("{}.{}.{}{}", version.dwMajorVersion, version.dwMinorVersion, version.dwBuildNumber,
                    version.wProductType == VER_NT_WORKSTATION ? "" : " server");
    if (const auto wine = find<const char*(__cdecl*)()>("wine_get_version"); wine != nullptr)
        system.wine = wine();
    return system;
}

std::string to_line(const System& system) {
    return fmt::format("Windows {}{}, {}-bit pointers", system.windows,
                       system.wine ? fmt::format(" (Wine {})", *system.wine) : "", system.pointer_bits);
}

} // namespace probe
