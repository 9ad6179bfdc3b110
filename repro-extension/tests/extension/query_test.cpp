// The query's grammar, through the one variant that answers in the calling thread.
#include "extension_dll.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace repro::test;

namespace {

struct Accepted {
    const char* query;
    std::size_t bytes;
};

struct Refused {
    std::string query;
    std::string sentence;
};

} // namespace

TEST_SUITE_BEGIN("query");

TEST_CASE("good queries") {
    ExtensionDll dll{"synchronous"};
    dll.require_start();
    for (const auto& good : {
             Accepted{"", 64},
             Accepted{"bytes=7", 7},
             Accepted{"bytes=007", 7},
             Accepted{"work=0&linger=60000&bytes=16777216", 16'777'216},
             Accepted{"bytes=3&linger=1&work=1", 3},
             Accepted{"bytes=3&bytes=4", 4},
             Accepted{"linger=5&", 64},
         }) {
        CAPTURE(good.query);
        FakeRequest request{good.query};
        CHECK(dll.process(request) == HSE_STATUS_SUCCESS);
        CHECK(request.answer().status == "200 OK");
        CHECK(request.answer().body.size() == good.bytes);
    }
}

TEST_CASE("bad queries get a sentence") {
    const auto bad_value = [](const std::string& name, const std::string& value, const std::string& right) {
        return Refused{name + "=" + value, "Parameter " + name + " has the value \"" + value +
                                               "\": it takes a whole number of " + right + ".\n"};
    };
    const std::string time = "milliseconds from 0 to 60000";
    const std::string size = "bytes from 0 to 16777216";
    const auto unknown = [](const std::string& query, const std::string& name) {
        return Refused{query, "Parameter \"" + name + "\" is unknown: there are work, linger and bytes.\n"};
    };
    ExtensionDll dll{"synchronous"};
    dll.require_start();
    for (const auto& bad : {
             bad_value("work", "", time),
             bad_value("work", "60001", time),
             bad_value("work", "-1", time),
             bad_value("work", "+1", time),
             bad_value("work", " 1", time),
             bad_value("work", "1ms", time),
             bad_value("work", "1.5", time),
             bad_value("work", "0x10", time),
             bad_value("work", "1=2", time),
             bad_value("linger", "99999999999999999999", time),
             bad_value("linger", "4294967296", time),
             bad_value("bytes", "16777217", size),
             bad_value("bytes", "%31", size),
             Refused{"work", bad_value("work", "", time).sentence},
             Refused{"linger=1&bytes=many", bad_value("bytes", "many", size).sentence},
             Refused{"bytes=" + std::string(4000, '9'),
                     bad_value("bytes", std::string(40, '9'), size).sentence},
             unknown("wrok=1", "wrok"),
             unknown("Work=1", "Work"),
             unknown("work=1&&bytes=1", ""),
             unknown("&", ""),
             unknown("=1", ""),
             unknown(std::string(4000, 'w'), std::string(40, 'w')),
         }) {
        CAPTURE(bad.query);
        FakeRequest request{bad.query};
        CHECK(dll.process(request) == HSE_STATUS_SUCCESS);
        CHECK(request.answer().status == "400 Bad Request");
        CHECK(request.answer().body == bad.sentence);
    }
}

TEST_SUITE_END();
