// KB 813531, step by step: the extension's thread is done and posts an AcceptEx (1), a client
// connects to it, the thread exits (2), the AcceptEx is cancelled (3).
#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <optional>
#include <sstream>

namespace {

/// A host with two pending AcceptEx: the older posted by the pool, the younger by a thread of the
/// extension that waits for exit().
class Doomed {
  public:
    explicit Doomed(host::Options options) {
        done_.reset();
        exit_.reset();
        host_.emplace(std::move(options));
        CHECK(test::fetch(host_->port(), "done-then-wait.dll").status == 200);
        REQUIRE(done_.wait());
    }
    ~Doomed() { exit_.set(); }

    host::Host& host() { return *host_; }
    /// Returns when the thread is gone.
    void exit() const {
        exit_.set();
        const auto wait_for_threads = std::bit_cast<PFN_TERMINATEEXTENSION>(
            GetProcAddress(GetModuleHandleW(L"done-then-wait.dll"), "TerminateExtension"));
        REQUIRE((wait_for_threads != nullptr));
        wait_for_threads(HSE_TERM_ADVISORY_UNLOAD);
    }
    void wait_for_established(unsigned count) {
        REQUIRE(test::wait_until([&] { return host_->established() == count; }));
    }

  private:
    test::Event done_{"done"};
    test::Event exit_{"exit"};
    std::optional<host::Host> host_;
};

std::vector<std::string> fields(const std::string& row) {
    std::vector<std::string> result;
    std::istringstream text(row);
    for (std::string field; std::getline(text, field, ',');)
        result.push_back(field);
    return result;
}

} // namespace

TEST_CASE("a client on the doomed AcceptEx is the one victim") {
    const test::TemporaryFile victims;
    host::Options options = test::test_options();
    options.victims = victims.path();
    Doomed doomed(options);
    test::Client healthy(doomed.host().port());
    doomed.wait_for_established(1);
    test::Client victim(doomed.host().port());
    doomed.wait_for_established(2);

    doomed.exit();
    CHECK(victim.closed_by_server());
    CHECK(doomed.host().counters().victims.value() == 1);
    CHECK(doomed.host().counters().harmless_cancels.value() == 0);
    const auto rows = victims.lines();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == "time_us,client_address,client_port,thread_id,thread_start,posted_us_before,"
                     "extension,request,operation");
    const auto row = fields(rows[1]);
    REQUIRE(row.size() == 9);
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    CHECK(std::abs(std::stoll(row[0]) - now.count()) < 30'000'000);
    CHECK(row[1] == "127.0.0.1");
    CHECK(row[2] == std::to_string(victim.local_port()));
    CHECK(row[4].starts_with("done-then-wait.dll+0x"));
    CHECK(std::stoll(row[5]) > 0);
    CHECK(row[6] == "done-then-wait.dll");
    CHECK(row[7] == "/repro/done-then-wait.dll");
    CHECK(row[8] == "accept");

    healthy.send(test::get("probe.dll"));
    CHECK(healthy.read_answer().status == 200);
}

TEST_CASE("without the event in the OVERLAPPED nothing is cancelled") {
    host::Options options = test::test_options();
    options.thread_exit = host::ThreadExit::keeps;
    Doomed doomed(options);
    const test::Client older(doomed.host().port());
    doomed.wait_for_established(1);
    test::Client younger(doomed.host().port());
    doomed.wait_for_established(2);

    doomed.exit();
    younger.send(test::get("probe.dll"));
    CHECK(younger.read_answer().status == 200);
    CHECK(doomed.host().counters().victims.value() == 0);
    CHECK(doomed.host().counters().harmless_cancels.value() == 0);
}

TEST_CASE("with nobody connected the cancel is harmless and the AcceptEx is replaced") {
    const test::Event release("release");
    release.reset();
    Doomed doomed(test::test_options());
    // A request in service takes the older AcceptEx away: only the doomed one is left.
    test::Client in_service(doomed.host().port());
    in_service.send(test::get("done-after-return.dll"));
    const test::Event started("started");
    REQUIRE(started.wait());

    doomed.exit();
    REQUIRE(test::wait_until([&] { return doomed.host().counters().harmless_cancels.value() == 1; }));
    CHECK(test::fetch(doomed.host().port(), "probe.dll").status == 200);
    CHECK(doomed.host().counters().victims.value() == 0);
    release.set();
    CHECK(in_service.read_answer().status == 200);
}

TEST_CASE("a kept connection lives if the pool reads, and dies with the thread if the caller does") {
    for (const auto reader : {host::KeepAliveRead::pool, host::KeepAliveRead::caller}) {
        const test::Event done("done");
        const test::Event exit("exit");
        done.reset();
        exit.reset();
        host::Options options = test::test_options();
        options.keep_alive_read = reader;
        host::Host host(options);
        test::Client client(host.port());
        client.send(test::get("done-then-wait.dll?keep"));
        CHECK(client.read_answer().status == 200);
        REQUIRE(done.wait());
        exit.set();
        if (reader == host::KeepAliveRead::pool) {
            client.send(test::get("probe.dll"));
            CHECK(client.read_answer().status == 200);
            CHECK(host.counters().cancelled_reads.value() == 0);
        } else {
            CHECK(client.closed_by_server());
            CHECK(host.counters().cancelled_reads.value() == 1);
        }
        CHECK(host.counters().victims.value() == 0);
        CHECK(host.counters().harmless_cancels.value() == 0);
    }
}
