// A loaded module: its name, its place in memory, and what it exports.
#pragma once

#include "faults/symbol_files.hpp"

#include <windows.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace host {

/// The module that an address is in; null: none. Nothing keeps it loaded.
HMODULE module_at(const void* address) noexcept;

/// A module's file; up to 1,023 characters of its name.
std::filesystem::path file_of(HMODULE module);

/// Where functions of a module begin, as far as something names them; ascending offsets.
struct Functions {
    std::vector<std::uint64_t> all;
    std::vector<std::uint64_t>
        runtime; ///< those in which the C and C++ run-times linked into it begin a thread
};

/// Lives no longer than the module is loaded.
class Image {
  public:
    Image() = default;
    explicit Image(HMODULE module, std::string name = {}, Functions functions = {}) noexcept;

    /// The file's name, as it was given.
    const std::string& name() const noexcept { return name_; }

    bool contains(const void* address) const noexcept;
    /// The function that the address is in begins there: by the unwind tables of x64; on x86 the last
    /// of the module's Functions before it. The address itself where there is none.
    const void* function_of(const void* address) const noexcept;
    /// Whether the function that begins there is one of those of the run-times.
    bool is_runtime(const void* function) const noexcept;
    /// What it exports by name.
    std::vector<Symbol> exports() const;
    /// When it was linked, as its file has it: which build it is.
    std::uint32_t timestamp() const noexcept;

  private:
    std::uintptr_t base_ = 0;
    std::uintptr_t size_ = 0;
    std::string name_;
    Functions functions_;
};

} // namespace host
