// The exit code's sentence, on rows that no system here gives.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "verdict.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using probe::Case;
using probe::ClientKind;
using probe::EndedBy;
using probe::Event;
using probe::Row;

/// As it must be.
std::vector<Row> good() {
    std::vector<Row> rows;
    for (const auto client : {ClientKind::none, ClientKind::silent}) {
        rows.push_back({Case{EndedBy::thread_exit, true, Event::set, client}, "yes", "995"});
        rows.push_back({Case{EndedBy::thread_exit, true, Event::none, client}, "no, pending", "none"});
        rows.back().later = "completes";
    }
    return rows;
}

std::string sentence(const std::vector<Row>& rows) {
    return probe::otherwise(rows).value_or("");
}

} // namespace

TEST_CASE("nothing is said where all is as it must be") {
    CHECK(sentence(good()).empty());
}

TEST_CASE("the row that is otherwise is named") {
    auto rows = good();
    SUBCASE("no cancel with an event") {
        rows[2].cancelled = "no, pending";
    }
    SUBCASE("a cancel without its packet") {
        rows[2].packet = "none";
    }
    SUBCASE("one run of two without a cancel") {
        rows[2].cancelled = "no, pending or yes";
    }
    CHECK(sentence(rows).starts_with("With a port and an event"));
    CHECK(sentence(rows).find("client: silent") != std::string::npos);
    CHECK(sentence(rows).ends_with("packet: " + rows[2].packet + "."));
}

TEST_CASE("so is one without an event") {
    auto rows = good();
    SUBCASE("cancelled") {
        rows[1].cancelled = "yes";
    }
    SUBCASE("a packet all the same") {
        rows[1].packet = "995";
    }
    SUBCASE("not cancelled, and dead") {
        rows[1].later = "none";
    }
    CHECK(sentence(rows).starts_with("With a port and no event"));
    CHECK(sentence(rows).find("client: none") != std::string::npos);
}

TEST_CASE("what the host does not rest on is data, and so is what the client sees") {
    auto rows = good();
    rows[0].client_before = "RST";
    rows[2].connect_time = "error 10057";
    rows.push_back({Case{EndedBy::thread_exit, true, Event::low_bit, ClientKind::silent}, "no, pending"});
    rows.push_back({Case{EndedBy::thread_exit, false, Event::set, ClientKind::silent}, "no, pending"});
    rows.push_back({Case{EndedBy::thread_exit, true, Event::set, ClientKind::has_sent}, "no, completed"});
    rows.push_back({Case{EndedBy::thread_exit, true, Event::set, ClientKind::none, 0}, "no, pending"});
    rows.push_back({Case{EndedBy::nothing, true, Event::set, ClientKind::silent}, "no, pending"});
    CHECK(sentence(rows).empty());
}

TEST_CASE("two runs that differ are both told") {
    Row row{Case{}, "yes", "995"};
    merge(row, {Case{}, "no, pending", "995"});
    CHECK(row.cancelled == "yes or no, pending");
    CHECK(row.packet == "995");
    CHECK(row.later == "-");
    merge(row, {Case{}, "-", "-", "-", "-", "-", "-", "-", "-", "-", "completes"});
    CHECK(row.packet == "995");
    CHECK(row.later == "completes");
}
