// The program itself: its streams, its exit codes, its stop.
#include "base/utf8.hpp"
#include "program.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

TEST_CASE("it says where it listens, serves, and stops when its stdin closes") {
    test::Program program(test::root() + "--port 0");
    const std::uint16_t port = program.port();
    CHECK(test::fetch(port, "probe.dll").status == 200);

    test::Program second(fmt::format("{} --port {}", test::root(), port));
    CHECK(second.stderr_line().find(fmt::format("port {} of 127.0.0.1 is in use", port)) !=
          std::string::npos);
    CHECK(second.exit_code() == 2);

    program.close_stdin();
    CHECK(program.stdout_line().starts_with("accepted=1 requests=1 answers=1 "));
    CHECK(program.exit_code() == 0);
}

TEST_CASE("what cannot work is said in a sentence, exit code 2") {
    const auto check = [](const std::string& arguments, const std::string& named) {
        CAPTURE(arguments);
        test::Program program(arguments);
        CHECK(program.stderr_line().find(named) != std::string::npos);
        CHECK(program.exit_code() == 2);
    };
    check("--root no-such-folder", "no-such-folder");
    check(test::root() + "--port 0 --victims no-such-folder/v.csv", "no-such-folder");
    check(test::root() + "--port 0 --address 300.1.2.3", "300.1.2.3");
    check(test::root() + "--accept-timeout soon", "soon");
    check(test::root() + "--port 0 --map htm=probe.dll",
          "--map htm=probe.dll is not of the form .ext=NAME.dll");
}

TEST_CASE("--version and --help go to stdout") {
    test::Program version("--version");
    CHECK(version.stdout_line() == std::string("isapi-host ") + host::version);
    CHECK(version.exit_code() == 0);
    test::Program help("--help");
    CHECK_FALSE(help.stdout_line().empty());
    CHECK(help.exit_code() == 0);
}
