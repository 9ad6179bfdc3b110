#include "isapi/url_functions.hpp"

#include "isapi/files.hpp"
#include "isapi/script_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace host::url {
namespace {

struct MappedPath {
    std::string path;
    std::size_t matching_path; ///< how much of it is the folder's
    std::size_t matching_url;  ///< how much of the URL stands for the folder
};

// The site is the folder of --root, under the prefix and as a whole. Nothing where the URL leads out.
std::optional<MappedPath> mapped(const ControlBlock& block, std::string_view url) {
    const std::string_view prefix = block.path().prefix;
    MappedPath result{.path = block.extension().folder(), .matching_path = 0, .matching_url = 0};
    result.matching_path = result.path.size();
    if (leads_up(url))
        return std::nullopt;
    if (url.starts_with(prefix) && (url.size() == prefix.size() || url[prefix.size()] == '/'))
        result.matching_url = prefix.size();
    result.path += url.substr(result.matching_url);
    std::ranges::replace(result.path, '/', '\\');
    return result;
}

} // namespace

std::string_view bounded(const char* text, DWORD cch) noexcept {
    return text == nullptr ? std::string_view() : std::string_view(text, strnlen(text, cch));
}

DWORD redirect(ControlBlock& block, void* buffer, DWORD* size, DWORD*) {
    const std::string_view url = bounded(static_cast<const char*>(buffer), size == nullptr ? longest : *size);
    if (url.empty() || url.find_first_of("\r\n") != std::string_view::npos)
        return ERROR_INVALID_PARAMETER;
    const std::string_view body =
        "<html><head><title>302</title></head><body>The document has moved.</body></html>\n";
    return block.send(
        block.head("302 Object Moved",
                   fmt::format("Location: {}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{}", url,
                               body.size(), body),
                   std::nullopt));
}

DWORD map(ControlBlock& block, void* buffer, DWORD* size, DWORD*) {
    if (buffer == nullptr || size == nullptr)
        return ERROR_INVALID_PARAMETER;
    const auto found = mapped(block, bounded(static_cast<const char*>(buffer), *size));
    if (!found)
        return ERROR_INVALID_PARAMETER;
    const auto needed = static_cast<DWORD>(found->path.size() + 1);
    if (std::exchange(*size, needed) < needed)
        return ERROR_INSUFFICIENT_BUFFER;
    std::memcpy(buffer, found->path.c_str(), needed);
    return 0;
}

DWORD map_ex(ControlBlock& block, void* buffer, DWORD* size, DWORD* type) {
    auto* const info = reinterpret_cast<HSE_URL_MAPEX_INFO*>(type);
    if (buffer == nullptr || info == nullptr)
        return ERROR_INVALID_PARAMETER;
    const auto found =
        mapped(block, bounded(static_cast<const char*>(buffer), size == nullptr ? longest : *size));
    if (!found)
        return ERROR_INVALID_PARAMETER;
    if (found->path.size() >= sizeof(info->lpszPath))
        return ERROR_INSUFFICIENT_BUFFER;
    *info = {};
    std::memcpy(&info->lpszPath[0], found->path.c_str(), found->path.size() + 1);
    info->dwFlags = HSE_URL_FLAGS_READ | HSE_URL_FLAGS_EXECUTE | HSE_URL_FLAGS_SCRIPT;
    info->cchMatchingPath = static_cast<DWORD>(found->matching_path);
    info->cchMatchingURL = static_cast<DWORD>(found->matching_url);
    return 0;
}

DWORD send(ControlBlock& block, void* buffer, DWORD* size, DWORD*) {
    const auto url = bounded(static_cast<const char*>(buffer), size == nullptr ? longest : *size);
    const auto found = url.empty() ? std::nullopt : mapped(block, url.substr(0, url.find('?')));
    if (!found)
        return ERROR_INVALID_PARAMETER;
    const UniqueHandle file = open_to_read(found->path);
    std::string bytes;
    if (!file)
        return block.send(block.head("404 Not Found", "Content-Length: 0\r\n\r\n", std::nullopt));
    if (const DWORD error = append_file(bytes, file.get(), 0, 0); error != 0)
        return error;
    return block.send(block.head("", fmt::format("Content-Length: {}\r\n\r\n", bytes.size()), std::nullopt) +
                      bytes);
}

DWORD normalize(ControlBlock&, void* buffer, DWORD*, DWORD*) {
    auto* const url = static_cast<char*>(buffer);
    const auto decoded = percent_decoded(bounded(url, longest));
    if (url == nullptr || !decoded)
        return ERROR_INVALID_PARAMETER;
    std::memcpy(url, decoded->c_str(), decoded->size() + 1); // it is never longer
    return 0;
}

} // namespace host::url
