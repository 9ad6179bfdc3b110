#include "isapi/script_path.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_CASE("names of extensions") {
    const auto name = [](std::string_view path) { return host::script_path(path, "/repro").name; };
    CHECK(name("/repro/thread-pool.dll") == "thread-pool.dll");
    CHECK(name("/repro/A_1.b.DLL") == "A_1.b.DLL");
    for (const auto* path :
         {"/repro", "/repro/", "/repro/.dll", "/repro/x.exe", "/repro/../x.dll", "/repro/a/b.dll",
          "/repro/a\\b.dll", "/repro/C:x.dll", "/repro/%2e.dll", "/reproduce/x.dll", "/x.dll"}) {
        CAPTURE(path);
        CHECK(name(path).empty());
    }
    CHECK(host::script_path("/x.dll", "").name == "x.dll");
    CHECK(name("/repro/%74hread%2Dpool.dl%6c") == "thread-pool.dll");
    CHECK(name("%2Frepro/x.dll/more/x.dll") == "x.dll");
    for (const auto* path :
         {"/repro/%2e%2e%2fx.dll", "/repro/a%5cb.dll", "/repro/%252e.dll", "/repro/%2574x.dll",
          "/repro/x%00.dll", "/repro/x.dll%", "/repro/x.dll%4", "/repro/x.dll/..", "/repro/x.dll/a/..%5cb",
          "/repro/%zz.dll", "/repro/.x.dll", "/repro/x%2ea.exe"}) {
        CAPTURE(path);
        CHECK(name(path).empty());
    }
}

TEST_CASE("a NUL in a path is refused, encoded or not") {
    const std::string path("/repro/x.dll/..\0/y", 18);
    CHECK(host::script_path(path, "/repro").name.empty());
    CHECK(host::script_path("/repro/x.dll/..%00/y", "/repro").name.empty());
}

TEST_CASE("script maps") {
    const std::vector<host::ScriptMap> maps = {*host::parse_script_map(".ext=a.dll"),
                                               *host::parse_script_map(".x=B.DLL")};
    const auto found = [&maps](std::string_view path) {
        const auto [script, name, info, prefix, file] = host::script_path(path, "/repro", maps);
        return script + " " + name + " " + info + " " + file;
    };
    CHECK(found("/repro/one.ext") == "/repro/one.ext a.dll /repro/one.ext /one.ext");
    CHECK(found("/repro/f/g/one.EXT/more") ==
          "/repro/f/g/one.EXT a.dll /repro/f/g/one.EXT/more /f/g/one.EXT/more");
    CHECK(found("/repro/a.x/b.ext") == "/repro/a.x B.DLL /repro/a.x/b.ext /a.x/b.ext");
    CHECK(found("/repro/c.dll/b.ext") == "/repro/c.dll c.dll /b.ext /b.ext");
    for (const auto* none : {"/repro/.ext", "/repro/one.extra", "/repro/../one.ext",
                             "/repro/a/%2e%2e/one.ext", "/elsewhere/one.ext", "/repro/"}) {
        CAPTURE(none);
        CHECK(found(none) == "   ");
    }
    for (const auto* wrong :
         {"", "ext=a.dll", ".ext", ".ext=", ".=a.dll", ".ext=a.exe", ".ext=../a.dll", ".e/x=a.dll"}) {
        CAPTURE(wrong);
        CHECK_FALSE(host::parse_script_map(wrong));
    }
}
