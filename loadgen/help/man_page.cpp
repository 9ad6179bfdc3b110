#include "help/man_page.hpp"

#include "help/prose.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace loadgen {
namespace {

// Letter by letter what stands there: roff would make typographic hyphens, quotes and accents of these.
constexpr std::array<std::pair<char, std::string_view>, 7> escapes = {{{'\\', "\\e"},
                                                                       {'-', "\\-"},
                                                                       {'\'', "\\(aq"},
                                                                       {'"', "\\(dq"},
                                                                       {'`', "\\(ga"},
                                                                       {'^', "\\(ha"},
                                                                       {'~', "\\(ti"}}};

std::string_view escaped(const char& letter) {
    for (const auto& [plain, escape] : escapes)
        if (plain == letter)
            return escape;
    return {&letter, 1};
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char& letter : text)
        result += escaped(letter);
    return result;
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", escaped(text));
}
std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", escaped(text));
}

// A line that begins with a dot would be a request.
std::string guarded(const std::string& line) {
    return fmt::format("{}{}", line.starts_with('.') ? "\\&" : "", line);
}

std::string filled(std::string_view text) {
    constexpr std::size_t width = 78;
    std::string result;
    for (const std::string& line : wrapped(escaped(text), width))
        result += guarded(line) + "\n";
    return result;
}

std::string definition(std::string_view term, std::string_view text) {
    return fmt::format(".TP\n{}\n{}", term, filled(text));
}

// What follows a heading. A paragraph macro right behind that would be empty.
std::string prose(std::string_view text) {
    std::string result;
    bool in_example = false;
    const auto begin_paragraph = [&] { result += result.empty() ? "" : ".PP\n"; };
    for (const Paragraph& paragraph : paragraphs(text)) {
        const bool is_example = paragraph.kind == ParagraphKind::example;
        if (in_example && !is_example)
            result += ".fi\n";
        if (is_example && !in_example) {
            begin_paragraph();
            result += ".nf\n";
        }
        in_example = is_example;
        if (is_example) {
            result += guarded(escaped(paragraph.text)) + "\n";
        } else if (paragraph.kind == ParagraphKind::definition) {
            result += definition(bold(paragraph.term), paragraph.text);
        } else {
            begin_paragraph();
            result += filled(paragraph.text);
        }
    }
    return in_example ? result + ".fi\n" : result;
}

std::string heading(std::string_view macro, std::string_view title) {
    return fmt::format(".{} \"{}\"\n", macro, escaped(title));
}

std::string usage_of(const OptionHelp& option) {
    const std::string letter =
        option.letter.empty() ? "" : fmt::format("{}, ", bold(fmt::format("-{}", option.letter)));
    const std::string value = option.value.empty() ? "" : fmt::format(" {}", italic(option.value));
    return fmt::format("{}{}{}", letter, bold(fmt::format("--{}", option.name)), value);
}

std::string options(const std::vector<OptionGroupHelp>& groups) {
    std::string result;
    for (const OptionGroupHelp& group : groups) {
        result += heading("SS", group.title);
        for (const OptionHelp& option : group.options)
            result += definition(usage_of(option), option.text);
    }
    return result;
}

std::string synopsis(const std::vector<CommandHelp>& commands) {
    std::string result;
    for (const CommandHelp& command : commands)
        for (const std::string& form : single_lines(command.usage)) {
            const auto end = std::min(form.find(' '), form.size());
            result += fmt::format("{}{}{}\n", result.empty() ? "" : ".br\n",
                                  bold("loadgen " + form.substr(0, end)), escaped(form.substr(end)));
        }
    return result;
}

std::string sections(std::string_view macro, const std::vector<Section>& all) {
    std::string result;
    for (const Section& section : all)
        result += heading(macro, section.title) + prose(section.text);
    return result;
}

} // namespace

std::string man_page(const ProgramHelp& program) {
    // Neither words are broken nor lines stretched nor sentences set apart: options and names stay whole.
    std::string page = fmt::format(
        ".TH LOADGEN 1 \"\" \"loadgen {}\" \"User Commands\"\n.nh\n.ad l\n.ss 12 0\n"
        ".SH NAME\nloadgen \\- {}\n.SH SYNOPSIS\n{}.SH DESCRIPTION\n{}",
        escaped(program.version), escaped(program.summary), synopsis(program.commands), prose(program.about));
    for (const CommandHelp& command : program.commands)
        page += definition(bold(command.name), command.summary);
    for (const CommandHelp& command : program.commands)
        page +=
            fmt::format("{}{}{}{}", heading("SH", boost::algorithm::to_upper_copy("loadgen " + command.name)),
                        prose(command.about), options(command.groups), sections("SS", command.sections));
    return page + sections("SH", program.sections);
}

} // namespace loadgen
