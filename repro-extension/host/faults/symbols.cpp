#include "faults/symbols.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "faults/symbol_files.hpp"

#include <fmt/format.h>

#include <windows.h>

#include <dbghelp.h>
#ifdef __GNUC__
#include <cxxabi.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace host {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Symbol> symbols_of(HMODULE module) {
    const Image image(module);
    const std::filesystem::path file = file_of(module);
    std::vector<Symbol> symbols = image.exports();
    std::ranges::move(read_coff_symbols(bytes_of(file)), std::back_inserter(symbols));
    const auto map_file = std::filesystem::path(file).replace_extension(".map");
    LinkerMap map = read_linker_map(bytes_of(map_file));
    if (!map.symbols.empty() && map.timestamp != image.timestamp())
        warn_once(fmt::format("{} is not of this build of {}: its names are not used",
                              to_utf8(map_file.filename()), to_utf8(file.filename())));
    else
        std::ranges::move(map.symbols, std::back_inserter(symbols));
    return symbols;
}

/// What stands between a thread's start and the function that a program gave it.
bool is_of_runtime(std::string_view name) {
    constexpr std::array<std::string_view, 9> beginnings = {
        "_ZNSt",
        "_ZNKSt",
        "_ZSt",
        "_ZN9__gnu_cxx", // libstdc++'s templates
        "execute_native_thread_routine",
        "pthread_",         // winpthreads'; on x86 what it has called before may still be on the stack
        "??$thread_start@", // and UCRT's
        "_threadstart",
        "_callthreadstart"}; // and those before it
    return name.find("@std@@") != std::string_view::npos ||
           std::ranges::any_of(beginnings, [&](auto word) { return name.starts_with(word); });
}

/// As it stands in the source, where the compiler's way to write it is known.
std::string readable(const std::string& name) {
#ifdef __GNUC__
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> demangled(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
    if (status == 0)
        return demangled.get();
#endif
    std::array<char, 1024> text;
    if (name.starts_with('?') &&
        UnDecorateSymbolName(name.c_str(), text.data(), static_cast<DWORD>(text.size()), UNDNAME_NAME_ONLY) !=
            0)
        return text.data();
    return name;
}

} // namespace

std::string describe_address(const void* address) {
    const auto number = std::bit_cast<std::uintptr_t>(address);
    auto* const module = module_at(address);
    if (module == nullptr)
        return fmt::format("unknown+{:#x}", number);
    return fmt::format("{}+{:#x}", to_utf8(file_of(module).filename()),
                       number - std::bit_cast<std::uintptr_t>(module));
}

std::string function_at(const void* address) {
    auto* const module = module_at(address);
    if (module == nullptr)
        return {};
    const std::uint64_t offset =
        std::bit_cast<std::uintptr_t>(address) - std::bit_cast<std::uintptr_t>(module);
    const std::vector<Symbol> symbols = symbols_of(module);
    const Symbol* nearest = nullptr;
    for (const Symbol& symbol : symbols)
        if (symbol.offset <= offset && (nearest == nullptr || symbol.offset > nearest->offset))
            nearest = &symbol;
    if (nearest == nullptr)
        return {};
    const std::string name = readable(nearest->name);
    return nearest->offset == offset ? name : fmt::format("{}+{:#x}", name, offset - nearest->offset);
}

std::string place_with(const std::string& place, const std::string& function) {
    return function.empty() ? place : fmt::format("{} ({})", place, function);
}

std::string place_of(const void* address) {
    return place_with(describe_address(address), function_at(address));
}

Functions functions_of(HMODULE module) {
    Functions functions;
    for (const Symbol& symbol : symbols_of(module)) {
        functions.all.push_back(symbol.offset);
        if (is_of_runtime(symbol.name))
            functions.runtime.push_back(symbol.offset);
    }
    std::ranges::sort(functions.all);
    std::ranges::sort(functions.runtime);
    return functions;
}

} // namespace host
