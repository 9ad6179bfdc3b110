#include "isapi/script_path.hpp"

#include "net/request_parser.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace host {
namespace {

constexpr std::string_view suffix = ".dll";

bool is_name_letter(unsigned char letter) noexcept {
    return (letter < 0x80 && std::isalnum(letter)) || letter == '.' || letter == '_' || letter == '-';
}

int digit_of(char letter) noexcept {
    const auto lower = static_cast<char>(letter | 0x20);
    return letter >= '0' && letter <= '9' ? letter - '0'
           : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                          : -1;
}

bool is_name(std::string_view name) {
    return name.size() > suffix.size() && name.front() != '.' && std::ranges::all_of(name, is_name_letter) &&
           equal_ignoring_case(name.substr(name.size() - suffix.size()), suffix);
}

} // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    if (text.find('\0') != std::string_view::npos)
        return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0)
            return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

bool leads_up(std::string_view info) {
    while (!info.empty()) {
        const std::size_t end = std::min(info.find_first_of("/\\"), info.size());
        if (info.substr(0, end) == "..")
            return true;
        info.remove_prefix(std::min(end + 1, info.size()));
    }
    return false;
}

std::optional<ScriptMap> parse_script_map(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals < 2 || text.front() != '.' ||
        !std::ranges::all_of(text.substr(1, equals - 1), is_name_letter) || !is_name(text.substr(equals + 1)))
        return std::nullopt;
    return ScriptMap{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

ScriptPath script_path(std::string_view path, std::string_view prefix, std::span<const ScriptMap> maps) {
    auto plain = percent_decoded(path);
    if (!plain || !plain->starts_with(prefix) || plain->substr(prefix.size(), 1) != "/" || leads_up(*plain))
        return {};
    const std::size_t from = prefix.size() + 1;
    const std::size_t end = std::min(plain->find('/', from), plain->size());
    if (const std::string name = plain->substr(from, end - from); is_name(name)) {
        const std::string info = plain->substr(end);
        plain->resize(end);
        return {.script = std::move(*plain),
                .name = name,
                .info = info,
                .prefix = std::string(prefix),
                .file = info};
    }
    for (std::size_t at = from; at < plain->size();) {
        const std::size_t part_end = std::min(plain->find('/', at), plain->size());
        const std::string_view part = std::string_view(*plain).substr(at, part_end - at);
        for (const ScriptMap& map : maps)
            if (part.size() > map.suffix.size() &&
                equal_ignoring_case(part.substr(part.size() - map.suffix.size()), map.suffix))
                return {.script = plain->substr(0, part_end),
                        .name = map.name,
                        .info = *plain,
                        .prefix = std::string(prefix),
                        .file = plain->substr(prefix.size())};
        at = part_end + 1;
    }
    return {};
}

} // namespace host
