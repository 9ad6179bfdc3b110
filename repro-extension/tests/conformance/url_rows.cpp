// URLs: as paths, normalised, and as answers.
#include "calls.hpp"
#include "rows.hpp"

namespace repro::conformance {
namespace {

void map(ECB& ecb, Reply& reply, std::string_view url, DWORD size) noexcept {
    Buffer buffer = holding(url);
    const DWORD error = call(ecb, HSE_REQ_MAP_URL_TO_PATH, buffer.data(), &size);
    reply.text << error << " " << size << " " << (error == 0 ? buffer.data() : "");
}

void map_ex(ECB& ecb, Reply& reply) noexcept {
    const std::string_view url = "/repro/sub/x.txt";
    Buffer buffer = holding(url);
    auto size = static_cast<DWORD>(url.size());
    HSE_URL_MAPEX_INFO info{};
    const DWORD error = call(ecb, HSE_REQ_MAP_URL_TO_PATH_EX, buffer.data(), &size, &info);
    const std::string_view path = info.lpszPath;
    reply.text << error << " " << info.cchMatchingURL << " " << yes_or_no(path.size() >= info.cchMatchingPath)
               << " " << path;
}

void normalize(ECB& ecb, Reply& reply, std::string_view url) noexcept {
    Buffer buffer = holding(url);
    reply.text << call(ecb, HSE_REQ_NORMALIZE_URL, buffer.data()) << " " << buffer.data();
}

/// Of SEND_URL_REDIRECT_RESP and SEND_URL: what is sent is the answer.
void send(ECB& ecb, Reply& reply, DWORD function, std::string_view url) noexcept {
    Buffer buffer = holding(url);
    auto size = static_cast<DWORD>(url.size());
    if (const DWORD error = call(ecb, function, buffer.data(), &size); error != 0)
        reply.text << error;
}

constexpr auto rows = std::to_array<Row>({
    {"map", [](ECB& ecb, Reply& reply) noexcept { map(ecb, reply, "/repro/sub/x.txt", 1024); }},
    {"map-whole-site", [](ECB& ecb, Reply& reply) noexcept { map(ecb, reply, "/elsewhere/x.txt", 1024); }},
    {"map-small", [](ECB& ecb, Reply& reply) noexcept { map(ecb, reply, "/rep", 4); }},
    {"map-up", [](ECB& ecb, Reply& reply) noexcept { map(ecb, reply, "/repro/../x", 1024); }},
    {"map-ex", map_ex},
    {"normalize", [](ECB& ecb, Reply& reply) noexcept { normalize(ecb, reply, "/a%20b%2Fc"); }},
    {"normalize-wrong", [](ECB& ecb, Reply& reply) noexcept { normalize(ecb, reply, "/a%2"); }},
    {"redirect",
     [](ECB& ecb, Reply& reply) noexcept {
         send(ecb, reply, HSE_REQ_SEND_URL_REDIRECT_RESP, "http://there/x");
     }},
    {"redirect-split",
     [](ECB& ecb, Reply& reply) noexcept {
         send(ecb, reply, HSE_REQ_SEND_URL_REDIRECT_RESP, "/x\r\nEvil: 1");
     }},
    {"send-url",
     [](ECB& ecb, Reply& reply) noexcept { send(ecb, reply, HSE_REQ_SEND_URL, "/repro/no-such.txt"); }},
});

} // namespace

constinit const std::span<const Row> url_rows{rows};

} // namespace repro::conformance
