// What a client gets to see: the same from every variant, but for the name and the connection's
// fate.
#include "extension_dll.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace repro::test;

namespace {

/// Hands over a request and returns once it's answered and, if pending, done.
DWORD complete(ExtensionDll& dll, FakeRequest& request) {
    const DWORD status = dll.process(request);
    if (status == HSE_STATUS_PENDING)
        REQUIRE(request.wait_for_done());
    return status;
}

} // namespace

TEST_SUITE_BEGIN("answer");

TEST_CASE("an extension says who it is") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        CHECK(dll.version().dwExtensionVersion == HSE_VERSION);
        CHECK(std::string{dll.version().lpszExtensionDesc}.find(variant) != std::string::npos);
    }
}

TEST_CASE("an answer has its variant's name, its length and that many bytes") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        for (const std::size_t bytes : {0u, 1u, 16'383u, 16'384u, 16'385u, 16u * 1024 * 1024}) {
            CAPTURE(bytes);
            FakeRequest request{"bytes=" + std::to_string(bytes)};
            complete(dll, request);
            const Answer& answer = request.answer();
            CHECK(answer.status == "200 OK");
            CHECK(answer.logged_status == 200);
            CHECK(answer.headers_sent == 1);
            CHECK(answer.header("X-Repro-Variant") == variant);
            CHECK(answer.header("Content-Type") == "text/plain");
            CHECK(answer.header("Content-Length") == std::to_string(bytes));
            CHECK(answer.headers.ends_with("\r\n\r\n"));
            CHECK(answer.body.size() == bytes);
            CHECK(answer.keep_connection == keeps_alive(variant));
        }
    }
}

TEST_CASE("HEAD gets the header of GET and no body") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        FakeRequest good{"bytes=1000", "HEAD"};
        complete(dll, good);
        CHECK(good.answer().status == "200 OK");
        CHECK(good.answer().header("Content-Length") == "1000");
        CHECK(good.answer().writes == 0);

        FakeRequest get{"bytes=x"};
        FakeRequest head{"bytes=x", "HEAD"};
        complete(dll, get);
        complete(dll, head);
        CHECK(head.answer().status == "400 Bad Request");
        CHECK(head.answer().headers == get.answer().headers);
        CHECK(head.answer().writes == 0);
    }
}

TEST_CASE("a bad query is answered with 400 under the variant's name") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        FakeRequest request{"linger=soon"};
        complete(dll, request);
        const Answer& answer = request.answer();
        CHECK(answer.status == "400 Bad Request");
        CHECK(answer.logged_status == 400);
        CHECK(answer.header("X-Repro-Variant") == variant);
        CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
        CHECK(answer.keep_connection == keeps_alive(variant));
    }
}

TEST_CASE("the first failing write ends the answer, and its connection isn't kept") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        FakeRequest request{"bytes=1000000"};
        request.refuse_writes();
        const DWORD status = complete(dll, request);
        CHECK(request.answer().writes == 1);
        if (status == HSE_STATUS_PENDING)
            CHECK_FALSE(request.done().state.has_value());
        else
            CHECK(status == HSE_STATUS_SUCCESS);
    }
}

TEST_SUITE_END();
