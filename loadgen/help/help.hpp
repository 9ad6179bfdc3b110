// What there is to say of the program and its commands, as plain data: --help, the manual page and the
// completion are each a function of it.
#pragma once

#include <string>
#include <vector>

namespace loadgen {

struct OptionHelp {
    std::string name;   ///< without its dashes
    std::string letter; ///< its short form; empty: none
    std::string value;  ///< what stands for it: N, FILE, DIR, constant|poisson; empty: it takes none
    std::string text;   ///< what it does, with its default in parentheses
    bool is_repeatable = false;
};

/// Options under a title.
struct OptionGroupHelp {
    std::string title;
    std::vector<OptionHelp> options;
};

/// Prose under a title; see help/prose.hpp.
struct Section {
    std::string title;
    std::string text;
};

struct CommandHelp {
    std::string name;
    std::string summary; ///< half a sentence
    std::string usage;   ///< what follows the program's name; a line for each form
    std::string about;   ///< prose
    std::vector<OptionGroupHelp> groups;
    std::vector<Section> sections; ///< what follows the options: exit codes, examples
};

struct ProgramHelp {
    std::string version;
    std::string summary; ///< half a sentence
    std::string about;   ///< prose
    std::vector<CommandHelp> commands;
    std::vector<Section> sections; ///< of the manual page alone
};

} // namespace loadgen
