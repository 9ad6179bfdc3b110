// The formats of the help, over tables and texts that nobody would write.
#include "help/bash_completion.hpp"
#include "help/man_page.hpp"
#include "help/prose.hpp"
#include "help/text.hpp"
#include "temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

namespace loadgen {
namespace {

class Draw {
  public:
    explicit Draw(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }
    std::string of(std::string_view letters, std::size_t most) {
        std::string word;
        for (std::size_t i = 1 + below(most); i > 0; --i)
            word += letters[below(letters.size())];
        return word;
    }
    /// Words that roff or a shell would take for something else, among others.
    std::string text() {
        constexpr std::string_view hostile[] = {
            ".SH",  "'br",  "\\fB", "\\",    "\\e",   "\"",    "'x'",    "``",   "-",   "--", "...", "^~",
            "\\\"", "%d{}", "$(x",  "\\(aq", "don't", ".\\\"", "\\n(.l", "e.g.", "\\c", "||", "#",   "\\&"};
        std::string text = "a";
        for (std::size_t i = below(40); i > 0; --i)
            text += fmt::format(" {}", below(2) == 0 ? std::string(hostile[below(std::size(hostile))])
                                                     : of("abc.'-\\\"`^~_", 9));
        return text;
    }

  private:
    std::mt19937_64 random_;
};

ProgramHelp random_help(Draw& draw) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view values[] = {"", "N", "FILE", "DIR", "one|two", "'K: V'", "A[,B-C]", "T\\"};
    ProgramHelp program{
        .version = "1.2", .summary = draw.text(), .about = draw.text(), .commands = {}, .sections = {}};
    for (std::size_t i = 1 + draw.below(3); i > 0; --i) {
        CommandHelp& command = program.commands.emplace_back();
        command.name = draw.of(letters, 8);
        command.summary = draw.text();
        command.usage = command.name + " [options] DIR...";
        command.about = draw.text() + "\n" + draw.text();
        command.sections = {{"Rules of --it", draw.text() + "\n  term  " + draw.text()},
                            {"Examples", "  .first \\ -x\n  'second'\n" + draw.text()}};
        OptionGroupHelp& group = command.groups.emplace_back(OptionGroupHelp{"Group \"one\"", {}});
        for (std::size_t j = 1 + draw.below(5); j > 0; --j)
            group.options.push_back({.name = draw.of(letters, 8) + "-" + draw.of(letters, 8),
                                     .letter = draw.below(2) == 0 ? "" : draw.of(letters, 1),
                                     .value = std::string(values[draw.below(std::size(values))]),
                                     .text = draw.text(),
                                     .is_repeatable = draw.below(2) == 0});
    }
    return program;
}

// One space where there were any, or a line's end.
std::string squeezed(const std::string& text) {
    std::istringstream words(text);
    std::string result;
    for (std::string word; words >> word;)
        result += word + " ";
    return result;
}

} // namespace

TEST_CASE("prose is paragraphs, definitions and examples") {
    const auto all = paragraphs("one line\n  term  its text\n  an example  with a gap\n    deeper\nend");
    REQUIRE(all.size() == 5);
    CHECK(all[0].text == "one line");
    CHECK(all[1].kind == ParagraphKind::definition);
    CHECK(all[1].term == "term");
    CHECK(all[1].text == "its text");
    CHECK(all[2].kind == ParagraphKind::example);
    CHECK(all[2].text == "an example  with a gap");
    CHECK(all[3].text == "  deeper");
    CHECK(all[4].kind == ParagraphKind::text);
    CHECK(paragraphs("").empty());
}

TEST_CASE("lines are wrapped at spaces, and no word is lost") {
    CHECK(wrapped("aa bb cc", 5) == std::vector<std::string>{"aa bb", "cc"});
    CHECK(wrapped("a word-that-is-long b", 5) == std::vector<std::string>{"a", "word-that-is-long", "b"});
    CHECK(wrapped("word-that-is-long", 5) == std::vector<std::string>{"word-that-is-long"});
    Draw draw(5);
    for (int i = 0; i < 1000; ++i) {
        const std::string text = draw.text();
        std::string joined;
        for (const std::string& line : wrapped(text, 1 + draw.below(30)))
            joined += line + " ";
        CHECK(squeezed(joined) == squeezed(text));
    }
}

#ifndef _WIN32
namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("groff has nothing to say of any manual page, and shows its text letter by letter") {
    if (std::system("groff --version >/dev/null 2>&1") != 0) {
        MESSAGE("skipped: groff is not installed");
        return;
    }
    const TemporaryFolder folder;
    const auto in = folder.path() / "page.1";
    const auto out = folder.path() / "page";
    const auto said = folder.path() / "said";
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Draw draw(seed);
        const ProgramHelp program = random_help(draw);
        std::ofstream(in) << man_page(program);
        REQUIRE(std::system(fmt::format("groff -man -ww -Tutf8 -P-c '{}' >'{}' 2>'{}'", in.string(),
                                        out.string(), said.string())
                                .c_str()) == 0);
        CHECK(contents(said) == "");
        // Bold and underlined letters are overstruck.
        std::string page = contents(out);
        for (auto at = page.find('\b'); at != std::string::npos; at = page.find('\b'))
            page.erase(at - 1, 2);
        page = squeezed(page);
        const auto shows = [&](const std::string& text) {
            CAPTURE(text);
            CHECK(page.find(squeezed(text)) != std::string::npos);
        };
        for (const CommandHelp& command : program.commands) {
            shows(fmt::format("{} {}", command.name, command.summary));
            shows(command.about);
            for (const Section& section : command.sections)
                shows(fmt::format("{} {}", section.title, section.text));
            for (const OptionHelp& option : command.groups.front().options)
                shows(fmt::format("--{} {} {}", option.name, option.value, option.text));
        }
    }
}
#endif

TEST_CASE("every option of any table is in --help and in the completion") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Draw draw(seed);
        const ProgramHelp program = random_help(draw);
        const std::string completion = bash_completion(program);
        for (const CommandHelp& command : program.commands) {
            const std::string help = squeezed(help_text(command));
            for (const OptionHelp& option : command.groups.front().options) {
                CHECK(help.find(squeezed(fmt::format("--{} {} {}", option.name, option.value,
                                                     option.text))) != std::string::npos);
                CHECK(completion.find(
                          fmt::format("\n{} {} {} ", option.name, option.letter.empty() ? "-" : option.letter,
                                      option.is_repeatable ? "often" : "once")) != std::string::npos);
            }
        }
    }
}

} // namespace loadgen
