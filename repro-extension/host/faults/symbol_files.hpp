// What a linker wrote down of a module's functions: map files, and the symbol table that MinGW leaves
// in a DLL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace host {

/// A name of a module, and how far from the module's base it is.
struct Symbol {
    std::uint64_t offset = 0;
    std::string name; ///< as the linker has it

    bool operator==(const Symbol&) const = default;
};

/// A map file of link.exe (/MAP) or lld.
struct LinkerMap {
    std::uint32_t timestamp = 0; ///< the module's, by which one tells whether the map is of this build
    std::vector<Symbol> symbols; ///< empty: it is no such file
};

/// Reads "Publics by Value" and "Static symbols": lines of section:offset, name, Rva+Base. Lines that
/// it does not understand are passed over.
LinkerMap read_linker_map(std::string_view text);

/// The functions of a module's COFF symbol table (Microsoft's "PE Format", "COFF Symbol Table"), from
/// the bytes of its file. None if it has been stripped, or is no module; an entry that points out of
/// the file is passed over.
std::vector<Symbol> read_coff_symbols(std::string_view file);

} // namespace host
