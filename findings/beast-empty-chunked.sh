#!/usr/bin/env bash
# A chunked message of Boost.Beast has an empty body.
#
# Version: Boost 1.81 (Debian 12's libboost1.81-dev 1.81.0-5+deb12u1).
# Guess: the message ends with one last chunk, `0\r\n\r\n`, as after any body.
# Behaviour: with string_body and vector_body it ends with two. The first one ends the body, so five
# bytes too many stand before the next message on that connection. Beast writes a chunk even for a
# body of no bytes, and a chunk of size 0 is the last one. empty_body hands over no buffer at all:
# with it there is one. So chunked(true) is for empty_body, and for bodies that are not empty.
# Seen:
#   request, string_body "abc": Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n
#   request, string_body "": Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n0\r\n\r\n
#   request, vector_body of 0: Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n0\r\n\r\n
#   request, empty_body: Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n
#   response, string_body "": Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n0\r\n\r\n
#   response, empty_body: Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
package=libboost1.81-dev=1.81.0-5+deb12u1
cannot() {
    echo "beast-empty-chunked.sh: $1" >&2
    exit 2
}
command -v g++ >/dev/null || cannot 'there is no g++'
apt-get -qq -o APT::Sandbox::User=root download "$package" || cannot "there is no $package"
dpkg -x ./*.deb debian
cat >chunked.cpp <<'CPP'
#include <boost/beast/http.hpp>
#include <boost/version.hpp>
#include <iostream>
#include <sstream>
#include <string>
static_assert(BOOST_VERSION == 108100);
namespace http = boost::beast::http;

template <class Message> void show(const char* what, Message message) {
    message.chunked(true);
    std::ostringstream wire;
    wire << message;
    std::cout << what << ": ";
    for (const char c : wire.str().substr(wire.str().find('\n') + 1)) { // without the first line
        std::cout << (c == '\r' ? "\\r" : c == '\n' ? "\\n" : std::string(1, c));
    }
    std::cout << '\n';
}

int main() {
    const auto post = http::verb::post;
    const auto ok = http::status::ok;
    show("request, string_body \"abc\"", http::request<http::string_body>(post, "/", 11, "abc"));
    show("request, string_body \"\"", http::request<http::string_body>(post, "/", 11));
    show("request, vector_body of 0", http::request<http::vector_body<char>>(post, "/", 11));
    show("request, empty_body", http::request<http::empty_body>(post, "/", 11));
    show("response, string_body \"\"", http::response<http::string_body>(ok, 11));
    show("response, empty_body", http::response<http::empty_body>(ok, 11));
}
CPP
g++ -std=c++17 -isystem debian/usr/include chunked.cpp -o chunked || cannot 'it does not compile'
./chunked >seen || true
cat seen
if ! diff <(sed -n 's/^#   //p' "$self") seen >&2; then
    echo 'changed: Beast ends an empty chunked body otherwise'
    exit 1
fi
