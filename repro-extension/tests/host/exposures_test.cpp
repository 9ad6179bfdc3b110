// One request proves the fault: each thread that exits with an AcceptEx of its own pending is counted,
// and put down to the extension whose request it had completed.
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <numeric>

namespace {

std::uint64_t exposures_of(const host::Host& host) {
    const auto all = host.exposures().all();
    return std::accumulate(all.begin(), all.end(), std::uint64_t{0},
                           [](auto sum, const host::ThreadExits& one) { return sum + one.exposures; });
}

/// Requests one after the other: nobody is ever on a doomed AcceptEx, since older ones are pending.
host::Options quiet_options() {
    host::Options options = test::test_options();
    options.accept_outstanding = 4;
    return options;
}

} // namespace

TEST_CASE("threads that the C run-time began are put down to the extension, not to the run-time") {
    host::Host host(quiet_options());
    for (int i = 0; i < 20; ++i)
        CHECK(test::fetch(host.port(), "std-thread.dll").status == 200);
    REQUIRE(test::wait_until([&] { return exposures_of(host) == 20; }));
    const auto exits = host.exposures().all();
    REQUIRE(exits.size() == 1);
    CHECK(exits[0].extension == "std-thread.dll");
    CHECK(exits[0].thread_start.starts_with("std-thread.dll+0x"));
    CHECK(exits[0].function.find("answer(_EXTENSION_CONTROL_BLOCK*)") != std::string::npos);
    CHECK(exits[0].request == "/repro/std-thread.dll");
    CHECK(exits[0].victims == 0);
    CHECK(exits[0].reads == 0);
    CHECK(exits[0].shortest <= exits[0].longest);
    host.stop();
    CHECK(host.counters().harmless_cancels.value() == 20);
    REQUIRE(host.served().size() == 1);
    CHECK(host.served()[0].requests == 20);
    const std::string table = host::exposure_table(host.served(), exits);
    CHECK(table.find("std-thread.dll        20         20        0      0      0  std-thread.dll+0x") !=
          std::string::npos);
}

TEST_CASE("an extension that answers at once has no exposure, and one does not pay for another's threads") {
    host::Host host(quiet_options());
    for (int i = 0; i < 20; ++i) {
        CHECK(test::fetch(host.port(), "probe.dll").status == 200);
        CHECK(test::fetch(host.port(), "done-before-return.dll").status == 200);
    }
    REQUIRE(test::wait_until([&] { return exposures_of(host) == 20; }));
    host.stop();
    const auto exits = host.exposures().all();
    REQUIRE(exits.size() == 1);
    CHECK(exits[0].extension == "done-before-return.dll");
    CHECK(exits[0].thread_start.starts_with("done-before-return.dll+0x"));
    CHECK(host.served().size() == 2);
}

TEST_CASE("the file of exposures has a line for each extension, the clean ones too") {
    const test::TemporaryFile file;
    host::Options options = quiet_options();
    host::Host host(options);
    CHECK(test::fetch(host.port(), "std-thread.dll").status == 200);
    CHECK(test::fetch(host.port(), "probe.dll").status == 200);
    REQUIRE(test::wait_until([&] { return exposures_of(host) == 1; }));
    host.stop();
    host::write_exposures(file.path(), host.served(), host.exposures().all());
    const auto lines = file.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].starts_with("extension,requests,thread_start,function,request,exposures,victims"));
    CHECK(lines[1] == "probe.dll,1,,,,0,0,0,0,0,0,0");
    CHECK(lines[2].starts_with("std-thread.dll,1,std-thread.dll+0x"));
}
