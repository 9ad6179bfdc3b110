// The seam between the exports every DLL shares (entry.cpp) and the one thing in which the DLLs
// differ.
#pragma once

#include "windows.hpp"

namespace repro {

/// How one DLL completes its requests. Each DLL links exactly one definition of `variant`.
struct Variant {
    /// The DLL's name without ".dll"; the value of X-Repro-Variant.
    const char* name;
    /// Ask the server to keep the connection (KB 813531, second workaround); it does so only if the
    /// client asked too.
    bool keep_alive;
    /// From GetExtensionVersion; false if the extension can't serve.
    bool (*start)() noexcept;
    /// From HttpExtensionProc, on a thread of the server; returns HSE_STATUS_*.
    DWORD (*process)(ECB& ecb) noexcept;
    /// From TerminateExtension, once the server calls no more: afterwards no thread runs code of
    /// the DLL.
    void (*stop)() noexcept;
};

extern const Variant variant;

} // namespace repro
