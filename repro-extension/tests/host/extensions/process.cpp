// What the host's process holds, as "handles threads KB": for scripts/soak.sh.
#include "extensions/threads.hpp"

#include <fmt/format.h>

#include <psapi.h>
#include <tlhelp32.h>

#include <cstdint>
#include <string>

namespace {

std::string held() {
    DWORD handles = 0;
    GetProcessHandleCount(GetCurrentProcess(), &handles);
    if (handles == 0) { // Wine 8 does not tell; but a new handle gets the lowest number that is free
        auto* const event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
        handles = static_cast<DWORD>(reinterpret_cast<std::uintptr_t>(event) / 4);
        CloseHandle(event);
    }
    PROCESS_MEMORY_COUNTERS memory{};
    K32GetProcessMemoryInfo(GetCurrentProcess(), &memory, sizeof(memory));
    auto* const snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry{};
    entry.dwSize = sizeof(entry);
    unsigned threads = 0;
    for (BOOL there = Thread32First(snapshot, &entry); there; there = Thread32Next(snapshot, &entry))
        threads += entry.th32OwnerProcessID == GetCurrentProcessId() ? 1U : 0U;
    CloseHandle(snapshot);
    return fmt::format("{} {} {}", handles, threads, memory.WorkingSetSize / 1024);
}

} // namespace

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    answer(block, held());
    return HSE_STATUS_SUCCESS;
}
