#include "client/engine/source_address.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace loadgen {
namespace {

std::string listed(std::string_view text) {
    std::string list;
    for (const auto& address : parse_source_addresses(text))
        list += address.to_string() + ' ';
    return list;
}

} // namespace

TEST_CASE("source addresses are a list of addresses and ranges") {
    CHECK(listed("127.0.0.2") == "127.0.0.2 ");
    CHECK(listed("127.0.0.254-127.0.1.1,10.0.0.1") ==
          "127.0.0.254 127.0.0.255 127.0.1.0 127.0.1.1 10.0.0.1 ");
    CHECK(listed("fe80::ffff-fe80::1:1") == "fe80::ffff fe80::1:0 fe80::1:1 ");
    CHECK(listed("255.255.255.255-255.255.255.255") == "255.255.255.255 ");
    CHECK(parse_source_addresses("10.0.0.0-10.0.255.255").size() == 65'536);
}

TEST_CASE("what is no source address is named") {
    for (const std::string text : {"", "127.0.0.2,", "localhost", "127.0.0.1-", "127.0.0.2/24"})
        CHECK_THROWS_WITH_AS(parse_source_addresses(text), doctest::Contains("is not an IP address"),
                             std::invalid_argument);
    for (const std::string text : {"127.0.0.3-127.0.0.2", "127.0.0.1-::1"})
        CHECK_THROWS_WITH_AS(parse_source_addresses(text), doctest::Contains(("'" + text + "'").c_str()),
                             std::invalid_argument);
    CHECK_THROWS_WITH_AS(parse_source_addresses("10.0.0.0-10.1.0.0"), doctest::Contains("more than 65536"),
                         std::invalid_argument);
}

} // namespace loadgen
