#include "net/response_head.hpp"

#include "base/mutex.hpp"
#include "base/options.hpp"
#include "net/request_parser.hpp"

#include <fmt/format.h>

#include <windows.h>

#include <array>
#include <cstring>
#include <mutex>

namespace host {
namespace {

constexpr std::string_view blank_line = "\r\n\r\n";

// Made anew once a second. Not in each thread: see start_of_this_thread in faults/thread_origin.cpp.
void append_date(std::string& head) {
    static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static Mutex guard;
    static std::string text;
    static SYSTEMTIME made{};
    SYSTEMTIME now;
    GetSystemTime(&now);
    now.wMilliseconds = 0;
    const std::lock_guard lock(guard);
    if (std::memcmp(&now, &made, sizeof(now)) != 0) {
        made = now;
        text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[now.wDayOfWeek], now.wDay,
                           months[now.wMonth - 1], now.wYear, now.wHour, now.wMinute, now.wSecond);
    }
    head += text;
}

bool has_connection_header(std::string_view headers) {
    constexpr std::string_view name = "Connection:";
    headers = headers.substr(0, headers.find(blank_line));
    for (;;) {
        if (equal_ignoring_case(headers.substr(0, name.size()), name))
            return true;
        const std::size_t end = headers.find("\r\n");
        if (end == std::string_view::npos)
            return false;
        headers.remove_prefix(end + 2);
    }
}

} // namespace

std::string response_head(std::string_view status, std::string_view headers, bool keep) {
    std::string head;
    head.reserve(headers.size() + status.size() + 160);
    head.append("HTTP/1.1 ").append(status.empty() ? "200 OK" : status);
    head.append("\r\nServer: isapi-host/").append(version);
    head.append("\r\nDate: ");
    append_date(head);
    head.append("\r\n");
    if (!has_connection_header(headers))
        head += keep ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
    head += headers;
    if (!headers.starts_with("\r\n") && headers.find(blank_line) == std::string_view::npos)
        head += headers.empty() || headers.ends_with("\r\n") ? "\r\n" : blank_line;
    return head;
}

std::string error_answer(std::string_view status, std::string_view sentence, bool head_only) {
    const std::string headers = fmt::format(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n", sentence.size() + 1);
    std::string answer = response_head(status, headers, false);
    if (!head_only)
        answer.append(sentence).append("\n");
    return answer;
}

} // namespace host
