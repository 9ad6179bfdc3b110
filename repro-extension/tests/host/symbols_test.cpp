// What an address in a DLL is called: by its exports, by the symbol table that MinGW leaves in it, by a
// map file beside it.
#include "faults/symbols.hpp"

#include "faults/image.hpp"
#include "faults/symbol_files.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

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

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class Loaded {
  public:
    explicit Loaded(const std::filesystem::path& file) : module_(LoadLibraryW(file.c_str())) {
        REQUIRE(module_);
    }
    HMODULE get() const { return module_.get(); }
    const void* at(std::uint64_t offset) const {
        return reinterpret_cast<const char*>(module_.get()) + offset;
    }

  private:
    host::UniqueModule module_;
};

/// A DLL with a name of its own, and the files beside it; gone at the end.
class Copy {
  public:
    explicit Copy(const std::string& dll) : folder_(file_.path()) {
        std::filesystem::remove(folder_);
        std::filesystem::create_directory(folder_);
        std::filesystem::copy_file(test::program_folder() / dll, folder_ / "copy.dll");
    }
    ~Copy() { std::filesystem::remove_all(folder_); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    std::filesystem::path dll() const { return folder_ / "copy.dll"; }
    void write_map(const std::string& text) const {
        std::ofstream(folder_ / "copy.map", std::ios::binary) << text;
    }

  private:
    test::TemporaryFile file_;
    std::filesystem::path folder_;
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

TEST_CASE(
    "the symbol table of a DLL: what it exports is there, too; a damaged one gives no more than it has") {
    const Loaded dll(test::program_folder() / "probe.dll");
    const std::string file = bytes_of(test::program_folder() / "probe.dll");
    const auto symbols = host::read_coff_symbols(file);
    const auto exports = host::Image(dll.get()).exports();
    REQUIRE(exports.size() == 3);
    for (const Symbol& one : exports)
        CHECK(std::ranges::find(symbols, one) != symbols.end());

    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        std::string damaged = file.substr(0, random() % 3 == 0 ? random() % file.size() : file.size());
        for (int i = 0; i < 20 && !damaged.empty(); ++i)
            damaged[random() % std::min<std::size_t>(damaged.size(), 1024)] = static_cast<char>(random());
        if (damaged.size() > 2)
            damaged.replace(0, 2, "MZ");
        for (const Symbol& symbol : host::read_coff_symbols(damaged))
            REQUIRE(symbol.name.size() <= damaged.size());
    }
}

TEST_CASE("an address is called by the function before it") {
    const Loaded dll(test::program_folder() / "probe.dll");
    const auto exports = host::Image(dll.get()).exports();
    for (const Symbol& one : exports) {
        CHECK(host::function_at(dll.at(one.offset)) == one.name);
        CHECK(host::function_at(dll.at(one.offset + 1)) == one.name + "+0x1");
        CHECK(host::place_of(dll.at(one.offset + 1)) ==
              fmt::format("probe.dll+{:#x} ({}+0x1)", one.offset + 1, one.name));
    }
    CHECK(host::function_at(
              reinterpret_cast<const void*>(GetProcAddress(GetModuleHandleW(L"ws2_32"), "bind"))) == "bind");
    CHECK(host::place_of(nullptr) == "unknown+0x0");
}

TEST_CASE("a map file beside the DLL names what its exports do not, if it is of the same build") {
    const Copy copy("probe.dll");
    const Loaded dll(copy.dll());
    const std::uint64_t offset = host::Image(dll.get()).exports().at(0).offset + 1;
    const auto map = [&](std::uint32_t timestamp) {
        return fmt::format(" Timestamp is {:08x} (x)\n Preferred load address is 10000000\n"
                           " 0001:00000040       ?serve@Page@site@@SAKPEAX@Z         {:08x} f   m.obj\n",
                           timestamp, 0x10000000 + offset);
    };
    const auto timestamp = host::Image(dll.get()).timestamp();
    copy.write_map(map(timestamp));
    CHECK(host::function_at(dll.at(offset)) == "site::Page::serve");
    const test::CapturedLog log;
    copy.write_map(map(timestamp + 1));
    CHECK(host::function_at(dll.at(offset)) == host::Image(dll.get()).exports().at(0).name + "+0x1");
    CHECK(log.has("copy.map is not of this build of copy.dll"));
}
