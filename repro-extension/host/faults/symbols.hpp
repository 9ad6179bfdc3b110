// What an address in a module is called.
#pragma once

#include "faults/image.hpp"

#include <windows.h>

#include <string>

namespace host {

/// "module.dll+0x1a2b" for an address in a loaded module, else "unknown+0xADDRESS".
std::string describe_address(const void* address);

/// The name nearest before the address, and how far: "worker", "worker+0x1b"; empty: none. From the
/// module's exports, its COFF symbol table, and a map file of link.exe or lld beside it (MODULE.map).
/// Reads the files at each call.
std::string function_at(const void* address);

/// "module.dll+0x1a2b (worker)", or the place alone where there is no name.
std::string place_with(const std::string& place, const std::string& function);

/// The same for an address.
std::string place_of(const void* address);

/// By the same names. Those of run-times are where winpthreads, libstdc++ and Microsoft's run-time call the
/// function of a thread, and the templates of the C++ library.
Functions functions_of(HMODULE module);

} // namespace host
