#include "request.hpp"

#include <fmt/format.h>

namespace uring {

bool is_whole(std::string_view head) {
    return head.find("\r\n\r\n") != std::string_view::npos;
}

std::string_view path_of(std::string_view head) {
    constexpr std::string_view method = "GET ";
    if (!head.starts_with(method))
        return {};
    const std::string_view rest = head.substr(method.size());
    return rest.substr(0, rest.find_first_of(" ?\r"));
}

std::string answer_of(std::string_view variant) {
    const std::string body = fmt::format("Answered by {}.\n", variant);
    return fmt::format("HTTP/1.1 200 OK\r\nX-Repro-Variant: {}\r\nContent-Type: text/plain\r\n"
                       "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                       variant, body.size(), body);
}

std::string not_found() {
    constexpr std::string_view body = "There are /thread-per-request and /thread-pool.\n";
    return fmt::format("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n"
                       "Connection: close\r\n\r\n{}",
                       body.size(), body);
}

} // namespace uring
