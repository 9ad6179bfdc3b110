#include "help/text.hpp"

#include "help/prose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace loadgen {
namespace {

constexpr std::size_t line_width = 100;

// "-c, --connections N"
std::string usage_of(const OptionHelp& option) {
    const std::string letter = option.letter.empty() ? "" : fmt::format("-{}, ", option.letter);
    const std::string_view space = option.value.empty() ? "" : " ";
    return fmt::format("{:<4}--{}{}{}", letter, option.name, space, option.value);
}

// "  TERM  TEXT", the terms in a column; one that is too wide for it has a line of its own.
std::string definition(std::string term, std::size_t column, const std::string& text) {
    std::string result;
    if (term.size() > column)
        result += fmt::format("  {}\n", std::exchange(term, {}));
    for (const std::string& line : wrapped(text, line_width - column - 4)) {
        result += fmt::format("  {:<{}}  {}\n", term, column, line);
        term.clear();
    }
    return result;
}

std::string options_text(const std::vector<OptionGroupHelp>& groups) {
    constexpr std::size_t widest = 32;
    std::size_t column = 0;
    for (const auto& group : groups)
        for (const auto& option : group.options)
            if (const auto size = usage_of(option).size(); size <= widest)
                column = std::max(column, size);
    std::string text;
    for (const auto& group : groups) {
        text += fmt::format("\n{}:\n", group.title);
        for (const auto& option : group.options)
            text += definition(usage_of(option), column, option.text);
    }
    return text;
}

std::string prose_text(std::string_view prose) {
    const std::vector<Paragraph> all = paragraphs(prose);
    std::size_t column = 0;
    for (const Paragraph& paragraph : all)
        column = std::max(column, paragraph.term.size());
    std::string text;
    for (const Paragraph& paragraph : all) {
        if (paragraph.kind == ParagraphKind::example)
            text += fmt::format("  {}\n", paragraph.text);
        else if (paragraph.kind == ParagraphKind::definition)
            text += definition(paragraph.term, column, paragraph.text);
        else
            text += fmt::format("{}\n", fmt::join(wrapped(paragraph.text, line_width), "\n"));
    }
    return text;
}

std::string usage_text(const CommandHelp& command) {
    std::string text;
    for (const std::string& form : single_lines(command.usage))
        text += fmt::format("{} loadgen {}\n", text.empty() ? "usage:" : "      ", form);
    return text;
}

} // namespace

std::string help_text(const CommandHelp& command) {
    std::string text =
        fmt::format("{}\n{}{}", usage_text(command), prose_text(command.about), options_text(command.groups));
    for (const Section& section : command.sections) {
        const char* const gap = section.text.starts_with(' ') ? "\n" : " ";
        text += fmt::format("\n{}", prose_text(fmt::format("{}:{}{}", section.title, gap, section.text)));
    }
    return text;
}

std::string help_text(const ProgramHelp& program) {
    std::string text = fmt::format("usage: loadgen COMMAND [options]\n\n{}\n", prose_text(program.about));
    for (const CommandHelp& command : program.commands)
        text += fmt::format("  {:<10} {}\n", command.name, command.summary);
    return text +
           "\n`loadgen COMMAND --help` explains each; `loadgen --version` names this build.\n"
           "`loadgen --help=man` prints the manual page, `loadgen --help=bash` completions for bash.\n";
}

} // namespace loadgen
