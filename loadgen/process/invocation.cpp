#include "process/invocation.hpp"

#include <algorithm>
#include <cctype>
#include <thread>

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

} // namespace

std::string shell_line(std::span<const std::string> words) {
    std::string line;
    for (const std::string& word : words) {
        line += line.empty() ? "" : " ";
        line += shell_quoted(word);
    }
    return line;
}

std::vector<std::string> shell_words(std::string_view line) {
    std::vector<std::string> words;
    bool in_word = false;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == ' ' && !quoted) {
            in_word = false;
            continue;
        }
        if (!in_word)
            words.emplace_back();
        in_word = true;
        if (c == '\'')
            quoted = !quoted;
        else if (c == '\\' && !quoted && i + 1 < line.size())
            words.back() += line[++i];
        else
            words.back() += c;
    }
    return words;
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
