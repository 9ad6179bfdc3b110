// A loaded module: its name, its place in memory, and what its file calls the functions in it.
#pragma once

#include <windows.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace host {

/// The module that an address is in; null: none. Nothing keeps it loaded.
HMODULE module_at(const void* address) noexcept;

/// A module's file; up to 1,023 characters of its name.
std::filesystem::path file_of(HMODULE module);

/// Lives no longer than the module is loaded.
class Image {
  public:
    Image() = default;
    explicit Image(HMODULE module, std::string name = {}) noexcept;

    /// The file's name, as it was given.
    const std::string& name() const noexcept { return name_; }

    bool contains(const void* address) const noexcept;
    /// The function that the address is in begins there: by the unwind tables of x64. Elsewhere, and
    /// where they have none, the address itself.
    const void* function_of(const void* address) const noexcept;
    /// The name that the module exports for this address; empty: none.
    std::string export_at(const void* address) const;

  private:
    std::uintptr_t base_ = 0;
    std::uintptr_t size_ = 0;
    std::string name_;
};

} // namespace host
