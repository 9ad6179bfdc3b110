// GetServerVariable.
#include "calls.hpp"
#include "rows.hpp"

#include <algorithm>
#include <charconv>

namespace repro::conformance {
namespace {

/// "variable=NAME&size=N": with a buffer of N bytes, as "error size value".
void variable(ECB& ecb, Reply& reply) noexcept {
    constexpr std::string_view before_size = "&size=";
    std::string_view name = ecb.lpszQueryString;
    name.remove_prefix(name.find('=') + 1);
    Buffer value{};
    auto size = static_cast<DWORD>(value.size());
    if (const std::size_t end = name.find(before_size); end != std::string_view::npos) {
        std::from_chars(name.data() + end + before_size.size(), name.data() + name.size(), size);
        size = std::min(size, static_cast<DWORD>(value.size()));
        name = {name.data(), end};
    }
    Buffer asked = holding(name);
    const BOOL there = ecb.GetServerVariable(ecb.ConnID, asked.data(), value.data(), &size);
    reply.text << (there ? 0 : GetLastError()) << " " << size << " " << (there ? value.data() : "");
}

constexpr auto rows = std::to_array<Row>({
    {"variable=REQUEST_METHOD", variable},
    {"variable=QUERY_STRING", variable},
    {"variable=SCRIPT_NAME", variable},
    {"variable=URL", variable},
    {"variable=PATH_INFO", variable},
    {"variable=PATH_TRANSLATED", variable},
    {"variable=CONTENT_LENGTH", variable},
    {"variable=CONTENT_TYPE", variable},
    {"variable=SERVER_PROTOCOL", variable},
    {"variable=SERVER_NAME", variable},
    {"variable=SERVER_SOFTWARE", variable},
    {"variable=SERVER_PORT_SECURE", variable},
    {"variable=GATEWAY_INTERFACE", variable},
    {"variable=HTTPS", variable},
    {"variable=AUTH_TYPE", variable},
    {"variable=REMOTE_USER", variable},
    {"variable=CERT_SUBJECT", variable},
    {"variable=INSTANCE_ID", variable},
    {"variable=APPL_MD_PATH", variable},
    {"variable=APPL_PHYSICAL_PATH", variable},
    {"variable=HTTP_ACCEPT_ENCODING", variable},
    {"variable=HTTP_NOT_SENT", variable},
    {"variable=NO_SUCH_THING", variable},
    {"variable=REQUEST_METHOD&size=3", variable},
});

} // namespace

constinit const std::span<const Row> variable_rows{rows};

} // namespace repro::conformance
