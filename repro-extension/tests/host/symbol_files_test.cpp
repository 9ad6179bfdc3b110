// The readers of what linkers write down: real files, random ones, and damaged ones.
#include "faults/symbol_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <windows.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using host::Symbol;

namespace {

// From lld-link's /MAP of a small DLL (LLVM 14), which has the form of link.exe's.
const std::string real_map =
    " m\n\n"
    " Timestamp is 6b081a72 (Thu Nov 26 11:39:30 2026)\n\n"
    " Preferred load address is 0000000180000000\n\n"
    " Start         Length     Name                   Class\n"
    " 0001:00000000 00000070H .text                   CODE\n\n"
    "  Address         Publics by Value              Rva+Base               Lib:Object\n\n"
    " 0001:00000000       ?serve@Page@site@@SAKPEAX@Z 0000000180001000     m.obj\n"
    " 0001:00000020       HttpExtensionProc          0000000180001020     m.obj\n\n"
    " entry point at         0001:00000050\n\n"
    " Static symbols\n\n"
    " 0001:00000040       ?worker@@YAKPEAX@Z         0000000180001040     m.obj\n"
    " 0001:00000058       .text                      0000000180001058     kernel32.obj\n"
    " 0000:00003000       nothing                    0000000180003000     kernel32.obj\n";

template <class Value>
void append(std::string& bytes, const Value& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

struct Module {
    std::string file;
    std::vector<Symbol> functions; ///< what is to be read of it
};

/// The headers, sections and symbols of a DLL, and nothing else: functions with short names and long
/// ones, sections of one function, and symbols of other kinds with auxiliary records.
Module random_module(std::mt19937& random) {
    constexpr WORD function_type = 0x20;
    Module module;
    std::string strings(4, '\0');
    std::string symbols;
    DWORD count = 0;
    std::vector<IMAGE_SECTION_HEADER> sections(1 + random() % 5);
    for (IMAGE_SECTION_HEADER& section : sections)
        section.VirtualAddress = random() % 0x100000;
    const auto add = [&](const std::string& name, WORD type, SHORT section, BYTE extra) {
        IMAGE_SYMBOL symbol{};
        if (name.size() <= 8 && random() % 2 == 0) {
            name.copy(reinterpret_cast<char*>(symbol.N.ShortName), 8);
        } else {
            symbol.N.Name.Long = static_cast<DWORD>(strings.size());
            strings.append(name).push_back('\0');
        }
        symbol.Value = random() % 0x10000;
        symbol.SectionNumber = section;
        symbol.Type = type;
        symbol.NumberOfAuxSymbols = extra;
        append(symbols, symbol);
        for (BYTE i = 0; i < extra; ++i) { // taken for a symbol, it would be a function
            IMAGE_SYMBOL other{};
            other.N.ShortName[0] = '?';
            other.SectionNumber = 1;
            other.Type = function_type;
            append(symbols, other);
        }
        count += 1U + extra;
        return symbol.Value;
    };
    for (unsigned i = random() % 40; i > 0; --i) {
        const auto section = static_cast<SHORT>(1 + random() % sections.size());
        const std::string name = fmt::format("f{}", random() % 2 == 0 ? random() : random() % 1000);
        const std::uint64_t base = sections.at(static_cast<std::size_t>(section) - 1).VirtualAddress;
        switch (random() % 5) {
        case 0: // no function
            add(name, 0, section, static_cast<BYTE>(random() % 3));
            break;
        case 1: // not in a section
            add(name, function_type, random() % 2 == 0 ? SHORT{0} : SHORT{-1}, 0);
            break;
        case 2:
            module.functions.push_back({base + add(".text$" + name, 0, section, 1), name});
            break;
        default:
            module.functions.push_back({base + add(name, function_type, section, 0), name});
        }
    }
    IMAGE_DOS_HEADER dos{};
    dos.e_magic = IMAGE_DOS_SIGNATURE;
    dos.e_lfanew = sizeof(dos);
    IMAGE_FILE_HEADER header{};
    header.NumberOfSections = static_cast<WORD>(sections.size());
    header.SizeOfOptionalHeader = static_cast<WORD>(random() % 200);
    header.NumberOfSymbols = count;
    header.PointerToSymbolTable =
        static_cast<DWORD>(sizeof(dos) + sizeof(DWORD) + sizeof(header) + header.SizeOfOptionalHeader +
                           sections.size() * sizeof(IMAGE_SECTION_HEADER));
    append(module.file, dos);
    append(module.file, DWORD{IMAGE_NT_SIGNATURE});
    append(module.file, header);
    module.file.append(header.SizeOfOptionalHeader, '?');
    for (const IMAGE_SECTION_HEADER& section : sections)
        append(module.file, section);
    module.file += symbols + strings;
    return module;
}

/// Bytes behind which a read crashes.
class BeforeAGuardPage {
  public:
    explicit BeforeAGuardPage(std::string_view bytes)
        : room_((bytes.size() + page - 1) / page * page),
          place_(static_cast<char*>(VirtualAlloc(nullptr, room_ + page, MEM_RESERVE, PAGE_NOACCESS))) {
        if (room_ > 0)
            VirtualAlloc(place_, room_, MEM_COMMIT, PAGE_READWRITE);
        view_ = {place_ + room_ - bytes.size(), bytes.size()};
        bytes.copy(place_ + room_ - bytes.size(), bytes.size());
    }
    BeforeAGuardPage(const BeforeAGuardPage&) = delete;
    BeforeAGuardPage& operator=(const BeforeAGuardPage&) = delete;
    ~BeforeAGuardPage() { VirtualFree(place_, 0, MEM_RELEASE); }
    std::string_view view() const { return view_; }

  private:
    static constexpr std::size_t page = 4096;
    std::size_t room_;
    char* place_;
    std::string_view view_;
};

} // namespace

TEST_CASE("a linker's map file") {
    const host::LinkerMap map = host::read_linker_map(real_map);
    CHECK(map.timestamp == 0x6b081a72);
    const std::vector<Symbol> expected = {{0x1000, "?serve@Page@site@@SAKPEAX@Z"},
                                          {0x1020, "HttpExtensionProc"},
                                          {0x1040, "?worker@@YAKPEAX@Z"}};
    CHECK(map.symbols == expected);
}

TEST_CASE("of a map file of any symbols each is read, and of one cut anywhere those before the cut") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
        const bool wide = random() % 2 == 0;
        const std::uint64_t base = wide ? 0x180000000 : 0x10000000;
        const std::string end = random() % 2 == 0 ? "\r\n" : "\n";
        std::string text =
            fmt::format(" x{0}{0} Timestamp is {1:08x} (Thu){0} Preferred load address is {2:0{3}x}{0}", end,
                        77, base, wide ? 16 : 8);
        std::vector<Symbol> written;
        std::vector<std::size_t> ends;
        for (unsigned i = random() % 30; i > 0; --i) {
            written.push_back({random() % 0x1000000, fmt::format("?f{}@@YAXXZ", random())});
            text += fmt::format(" {:04x}:{:08x}       {:<26} {:0{}x} f {} x.obj{}", 1 + random() % 9,
                                random(), written.back().name, base + written.back().offset, wide ? 16 : 8,
                                random() % 2 == 0 ? "i" : " ", end);
            ends.push_back(text.size());
        }
        CHECK(host::read_linker_map(text).symbols == written);
        const std::size_t cut = random() % (text.size() + 1);
        const auto whole =
            static_cast<std::size_t>(std::ranges::count_if(ends, [&](auto at) { return at <= cut; }));
        const auto read = host::read_linker_map(text.substr(0, cut)).symbols;
        CHECK(read.size() >= whole);
        CHECK(read.size() <= whole + 1); // the cut line may still have all that is wanted of it
        CHECK(
            std::equal(written.begin(), written.begin() + static_cast<std::ptrdiff_t>(whole), read.begin()));
    }
}

TEST_CASE("of a symbol table of any functions each is read, and nothing is read behind a damaged file") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        const auto [file, written] = random_module(random);
        CHECK(host::read_coff_symbols(file) == written);
        std::string damaged = file.substr(0, random() % 3 == 0 ? random() % file.size() : file.size());
        for (unsigned i = random() % 20; i > 0 && damaged.size() > 2; --i)
            damaged[2 + random() % (damaged.size() - 2)] = static_cast<char>(random());
        const BeforeAGuardPage bytes(damaged);
        CHECK(host::read_coff_symbols(bytes.view()).size() <= damaged.size() / IMAGE_SIZEOF_SYMBOL);
    }
}
