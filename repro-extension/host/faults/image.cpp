#include "faults/image.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace host {
namespace {

template <class Value>
const Value* at(std::uintptr_t base, std::uintptr_t offset) noexcept {
    return std::bit_cast<const Value*>(base + offset);
}

const IMAGE_NT_HEADERS& headers_of(std::uintptr_t base) noexcept {
    return *at<IMAGE_NT_HEADERS>(base, static_cast<DWORD>(at<IMAGE_DOS_HEADER>(base, 0)->e_lfanew));
}

} // namespace

HMODULE module_at(const void* address) noexcept {
    if (address == nullptr)
        return nullptr; // would be the program
    HMODULE module = nullptr;
    const BOOL found = GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                              GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                                          static_cast<LPCWSTR>(address), &module);
    return found ? module : nullptr;
}

std::filesystem::path file_of(HMODULE module) {
    std::array<wchar_t, 1024> file;
    const DWORD length = GetModuleFileNameW(module, file.data(), static_cast<DWORD>(file.size()));
    return std::wstring_view(file.data(), length);
}

Image::Image(HMODULE module, std::string name, Functions functions) noexcept
    : base_(std::bit_cast<std::uintptr_t>(module)),
      size_(headers_of(base_).OptionalHeader.SizeOfImage),
      name_(std::move(name)),
      functions_(std::move(functions)) {}

bool Image::contains(const void* address) const noexcept {
    return std::bit_cast<std::uintptr_t>(address) - base_ < size_;
}

bool Image::is_runtime(const void* function) const noexcept {
    return std::ranges::binary_search(functions_.runtime, std::bit_cast<std::uintptr_t>(function) - base_);
}

const void* Image::function_of(const void* address) const noexcept {
#ifdef _WIN64
    DWORD64 base = 0;
    const auto* entry = RtlLookupFunctionEntry(std::bit_cast<DWORD64>(address), &base, nullptr);
    if (entry != nullptr)
        return at<void>(base, entry->BeginAddress);
    return address;
#else
    const auto after =
        std::ranges::upper_bound(functions_.all, std::bit_cast<std::uintptr_t>(address) - base_);
    return after == functions_.all.begin() ? address
                                           : at<void>(base_, static_cast<std::uintptr_t>(*(after - 1)));
#endif
}

std::vector<Symbol> Image::exports() const {
    const IMAGE_DATA_DIRECTORY& place =
        headers_of(base_).OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    if (place.Size == 0)
        return {};
    const auto* exports = at<IMAGE_EXPORT_DIRECTORY>(base_, place.VirtualAddress);
    const auto* functions = at<DWORD>(base_, exports->AddressOfFunctions);
    const auto* names = at<DWORD>(base_, exports->AddressOfNames);
    const auto* ordinals = at<WORD>(base_, exports->AddressOfNameOrdinals);
    std::vector<Symbol> symbols;
    for (DWORD i = 0; i < exports->NumberOfNames; ++i)
        symbols.push_back({functions[ordinals[i]], at<char>(base_, names[i])});
    return symbols;
}

std::uint32_t Image::timestamp() const noexcept {
    return headers_of(base_).FileHeader.TimeDateStamp;
}

} // namespace host
