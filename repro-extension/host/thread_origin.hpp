// Which thread it was, and which code it began with: how a victim is put down to a DLL.
#pragma once

#include <string>

namespace host {

/// Which thread did something, and where that thread began.
struct ThreadOrigin {
    unsigned long id = 0;
    const void* start = nullptr; ///< its start address; null if the system will not tell
};

/// The calling thread's (NtQueryInformationThread, ThreadQuerySetWin32StartAddress).
ThreadOrigin current_thread_origin() noexcept;

/// "module.dll+0x1a2b" for an address in a loaded module, else "unknown+0xADDRESS".
std::string describe_address(const void* address);

} // namespace host
