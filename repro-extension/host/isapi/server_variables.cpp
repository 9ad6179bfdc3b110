#include "isapi/server_variables.hpp"

#include "base/options.hpp"

#include <fmt/format.h>

#include <ws2tcpip.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

namespace host {
namespace {

using AddressOf = decltype(&getpeername);

std::string address(const ControlBlock& block, AddressOf end) {
    sockaddr_in name{};
    int size = sizeof(name);
    std::array<char, INET_ADDRSTRLEN> text{};
    if (end(block.connection().socket.get(), reinterpret_cast<sockaddr*>(&name), &size) == 0)
        inet_ntop(AF_INET, &name.sin_addr, text.data(), text.size());
    return text.data();
}

std::string port(const ControlBlock& block, AddressOf end) {
    sockaddr_in name{};
    int size = sizeof(name);
    const int error = end(block.connection().socket.get(), reinterpret_cast<sockaddr*>(&name), &size);
    return error == 0 ? std::to_string(ntohs(name.sin_port)) : "";
}

std::string server_name(const ControlBlock& block) {
    const std::string host = block.request().header("Host");
    return host.empty() ? address(block, &getsockname) : host.substr(0, host.find(':'));
}

/// "Accept-Language" as "HTTP_ACCEPT_LANGUAGE".
std::string variable_name(std::string_view header) {
    std::string name = "HTTP_";
    std::ranges::transform(header, std::back_inserter(name), [](unsigned char letter) {
        return letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
    });
    return name;
}

std::string all_http(const ControlBlock& block) {
    std::string all;
    for (const Header& header : block.request().headers)
        all += fmt::format("{}:{}\n", variable_name(header.name), header.value);
    return all;
}

std::string all_raw(const ControlBlock& block) {
    std::string all;
    for (const Header& header : block.request().headers)
        all += fmt::format("{}: {}\r\n", header.name, header.value);
    return all;
}

std::string script(const ControlBlock& block) {
    return block.path().script;
}

std::string folder(const ControlBlock& block) {
    return block.extension().folder() + "\\";
}

// The site and application that a metabase would tell of.
std::string instance_id(const ControlBlock&) {
    return "1";
}
std::string instance_path(const ControlBlock&) {
    return "/LM/W3SVC/1";
}
std::string application_path(const ControlBlock&) {
    return "/LM/W3SVC/1/ROOT";
}

// No authentication, no certificate: known, and empty, as MSDN says of anonymous requests.
std::string empty(const ControlBlock&) {
    return {};
}

struct Variable {
    std::string_view name;
    std::string (*value)(const ControlBlock&);
};

constexpr auto variables = std::to_array<Variable>({
    {"ALL_HTTP", &all_http},
    {"ALL_RAW", &all_raw},
    {"APPL_MD_PATH", &application_path},
    {"APPL_PHYSICAL_PATH", &folder},
    {"AUTH_PASSWORD", &empty},
    {"AUTH_TYPE", &empty},
    {"AUTH_USER", &empty},
    {"CERT_COOKIE", &empty},
    {"CERT_FLAGS", &empty},
    {"CERT_ISSUER", &empty},
    {"CERT_KEYSIZE", &empty},
    {"CERT_SECRETKEYSIZE", &empty},
    {"CERT_SERIALNUMBER", &empty},
    {"CERT_SERVER_ISSUER", &empty},
    {"CERT_SERVER_SUBJECT", &empty},
    {"CERT_SUBJECT", &empty},
    {"CONTENT_LENGTH", [](const ControlBlock& block) { return std::to_string(block.cbTotalBytes); }},
    {"CONTENT_TYPE", [](const ControlBlock& block) { return std::string(block.lpszContentType); }},
    {"GATEWAY_INTERFACE", [](const ControlBlock&) { return std::string("CGI/1.1"); }},
    {"HTTPS", [](const ControlBlock&) { return std::string("off"); }},
    {"HTTPS_KEYSIZE", &empty},
    {"HTTPS_SECRETKEYSIZE", &empty},
    {"HTTPS_SERVER_ISSUER", &empty},
    {"HTTPS_SERVER_SUBJECT", &empty},
    {"INSTANCE_ID", &instance_id},
    {"INSTANCE_META_PATH", &instance_path},
    {"LOCAL_ADDR", [](const ControlBlock& block) { return address(block, &getsockname); }},
    {"LOGON_USER", &empty},
    {"PATH_INFO", [](const ControlBlock& block) { return block.path().info; }},
    {"PATH_TRANSLATED", [](const ControlBlock& block) { return std::string(block.lpszPathTranslated); }},
    {"QUERY_STRING", [](const ControlBlock& block) { return block.request().query; }},
    {"REMOTE_ADDR", [](const ControlBlock& block) { return address(block, &getpeername); }},
    {"REMOTE_HOST", [](const ControlBlock& block) { return address(block, &getpeername); }},
    {"REMOTE_PORT", [](const ControlBlock& block) { return port(block, &getpeername); }},
    {"REMOTE_USER", &empty},
    {"REQUEST_METHOD", [](const ControlBlock& block) { return block.request().method; }},
    {"SCRIPT_NAME", &script},
    {"SERVER_NAME", &server_name},
    {"SERVER_PORT", [](const ControlBlock& block) { return port(block, &getsockname); }},
    {"SERVER_PORT_SECURE", [](const ControlBlock&) { return std::string("0"); }},
    {"SERVER_PROTOCOL",
     [](const ControlBlock& block) {
         return std::string(block.request().version == 10 ? "HTTP/1.0" : "HTTP/1.1");
     }},
    {"SERVER_SOFTWARE", [](const ControlBlock&) { return fmt::format("isapi-host/{}", version); }},
    {"UNMAPPED_REMOTE_USER", &empty},
    {"URL", &script},
});

} // namespace

DWORD server_variable(const ControlBlock& block, std::string_view name, std::string& value) {
    for (const Variable& variable : variables) {
        if (variable.name == name) {
            value = variable.value(block);
            return 0;
        }
    }
    for (const Header& header : block.request().headers) {
        if (variable_name(header.name) == name) {
            value = block.request().header(header.name);
            return 0;
        }
    }
    return ERROR_INVALID_INDEX;
}

} // namespace host
