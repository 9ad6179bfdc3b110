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

using host::Symbol;

namespace {

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

TEST_CASE("the symbol table of a DLL: what it exports is there, too") {
    const Loaded dll(test::program_folder() / "probe.dll");
    const std::string file = bytes_of(test::program_folder() / "probe.dll");
    const auto symbols = host::read_coff_symbols(file);
    const auto exports = host::Image(dll.get()).exports();
    REQUIRE(exports.size() == 3);
    for (const Symbol& one : exports)
        CHECK(std::ranges::find(symbols, one) != symbols.end());
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
