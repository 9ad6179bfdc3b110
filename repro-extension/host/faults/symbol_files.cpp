#include "faults/symbol_files.hpp"

#include <windows.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>
#include <sstream>

namespace host {
namespace {

std::optional<std::uint64_t> hex(std::string_view digits) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

// "0001:00001040"; section 0 has absolute values, not places.
bool is_place(std::string_view word) {
    return word.size() == 13 && word[4] == ':' && hex(word.substr(0, 4)).value_or(0) != 0 &&
           hex(word.substr(5)).has_value();
}

std::optional<std::uint64_t> number_after(std::string_view line, std::string_view words) {
    const std::size_t at = line.find(words);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = line.substr(at + words.size());
    return hex(rest.substr(0, rest.find_first_of(" \r")));
}

// The bytes of a file, of which a damaged one promises more than there are.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) noexcept : bytes_(bytes) {}

    template <class Value>
    std::optional<Value> at(std::uint64_t offset) const noexcept {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Value))
            return std::nullopt;
        Value value;
        std::memcpy(&value, bytes_.data() + static_cast<std::size_t>(offset), sizeof(Value));
        return value;
    }

    std::string_view text_at(std::uint64_t offset) const noexcept {
        const std::string_view rest =
            offset < bytes_.size() ? bytes_.substr(static_cast<std::size_t>(offset)) : std::string_view{};
        return rest.substr(0, rest.find('\0'));
    }

  private:
    std::string_view bytes_;
};

// `place`: where in the file the symbol is.
std::string_view name_of(const Bytes& file, const IMAGE_SYMBOL& symbol, std::uint64_t place,
                         std::uint64_t strings) {
    return symbol.N.Name.Short == 0 ? file.text_at(strings + symbol.N.Name.Long)
                                    : file.text_at(place).substr(0, std::size(symbol.N.ShortName));
}

// C's on x86: _name, and _name@8 of a stdcall.
std::string_view undecorated(std::string_view name) {
    if (name.starts_with('_'))
        name.remove_prefix(1);
    const std::size_t at = name.rfind('@');
    const bool is_stdcall = at != std::string_view::npos && at + 1 < name.size() &&
                            name.find_first_not_of("0123456789", at + 1) == std::string_view::npos;
    return is_stdcall ? name.substr(0, at) : name;
}

} // namespace

LinkerMap read_linker_map(std::string_view text) {
    LinkerMap map;
    std::uint64_t base = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (const auto time = number_after(line, "Timestamp is "))
            map.timestamp = static_cast<std::uint32_t>(*time);
        else if (const auto preferred = number_after(line, "Preferred load address is "))
            base = *preferred;
        std::istringstream words{std::string(line)};
        std::string place;
        std::string name;
        std::string address;
        if (!(words >> place >> name >> address) || !is_place(place))
            continue;
        if (const auto value = hex(address); value && *value >= base && !name.starts_with('.'))
            map.symbols.push_back({*value - base, name});
    }
    return map;
}

std::vector<Symbol> read_coff_symbols(std::string_view bytes) {
    constexpr WORD function_type = IMAGE_SYM_DTYPE_FUNCTION << N_BTSHFT;
    constexpr std::string_view own_section = ".text$";
    const Bytes file(bytes);
    const auto dos = file.at<IMAGE_DOS_HEADER>(0);
    if (!dos || dos->e_magic != IMAGE_DOS_SIGNATURE)
        return {};
    const auto headers = static_cast<std::uint32_t>(dos->e_lfanew) + std::uint64_t{sizeof(DWORD)};
    const auto header = file.at<IMAGE_FILE_HEADER>(headers);
    if (!header || header->PointerToSymbolTable == 0)
        return {};
    const std::uint64_t sections = headers + sizeof(IMAGE_FILE_HEADER) + header->SizeOfOptionalHeader;
    const auto symbol_at = [&](std::uint64_t index) {
        return header->PointerToSymbolTable + index * IMAGE_SIZEOF_SYMBOL;
    };
    std::vector<Symbol> symbols;
    for (std::uint64_t i = 0; i < header->NumberOfSymbols; ++i) {
        const std::uint64_t place = symbol_at(i);
        const auto symbol = file.at<IMAGE_SYMBOL>(place);
        if (!symbol)
            break;
        i += symbol->NumberOfAuxSymbols;
        if (symbol->SectionNumber <= 0 || symbol->SectionNumber > header->NumberOfSections)
            continue;
        const auto section = file.at<IMAGE_SECTION_HEADER>(
            sections + (symbol->SectionNumber - std::uint64_t{1}) * sizeof(IMAGE_SECTION_HEADER));
        std::string_view name = name_of(file, *symbol, place, symbol_at(header->NumberOfSymbols));
        // Where a function has its section to itself, as in stripped libraries, that has its name.
        const bool is_own_section = name.starts_with(own_section);
        if (is_own_section)
            name.remove_prefix(own_section.size());
        else if (header->Machine == IMAGE_FILE_MACHINE_I386)
            name = undecorated(name);
        if (section && !name.empty() && (is_own_section || symbol->Type == function_type))
            symbols.push_back({std::uint64_t{section->VirtualAddress} + symbol->Value, std::string(name)});
    }
    return symbols;
}

} // namespace host
