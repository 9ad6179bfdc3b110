#include "process/invocation.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <thread>
#include <vector>

namespace loadgen {
namespace {

bool is_plain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./:=,@%+").find(c) != std::string_view::npos;
}

std::string shell_quoted(std::string_view word) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain))
        return std::string(word);
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? "'\\''" : std::string(1, c);
    return text + "'";
}

bool starts_with_no_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string without_credentials(const std::string& word) {
    for (const std::string_view header : {"authorization:", "proxy-authorization:", "cookie:"})
        for (const std::string_view option : {"", "-H", "--header="})
            if (word.starts_with(option) && starts_with_no_case(word.substr(option.size()), header))
                return word.substr(0, option.size() + header.size()) + " ...";
    return word;
}

} // namespace

std::string shell_line(std::span<const std::string> words) {
    std::string line;
    for (const std::string& word : words) {
        line += line.empty() ? "" : " ";
        line += shell_quoted(without_credentials(word));
    }
    return line;
}

Invocation this_invocation(std::string_view command, std::span<const std::string> arguments) {
    std::vector<std::string> words = {"loadgen", std::string(command)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {.version = LOADGEN_VERSION,
            .system = system_name(),
            .processor = processor_name(),
            .processors = std::thread::hardware_concurrency(),
            .command_line = shell_line(words)};
}

} // namespace loadgen
