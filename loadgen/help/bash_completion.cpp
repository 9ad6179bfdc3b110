#include "help/bash_completion.hpp"

#include "help/prose.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

// What bash can complete, by the name that stands for it in the help; a choice such as text|json is
// its own kind.
std::string kind_of(std::string_view value) {
    while (value.ends_with('.')) // DIR...
        value.remove_suffix(1);
    if (value.empty())
        return "none";
    if (value.find('|') != std::string_view::npos)
        return std::string(value);
    if (value == "DIR")
        return "folder";
    return value == "FILE" || value == "RUNS_CSV_OR_DIR" ? "file" : "any";
}

// What the command takes beside its options: the last word of its usage, unless that is an option's value.
std::string operand_of(const CommandHelp& command) {
    const std::string form = single_lines(command.usage).front();
    const auto last = form.rfind(' ');
    if (last == std::string::npos || form.ends_with(']'))
        return "none";
    const auto before = form.rfind(' ', last - 1);
    return form.compare(before + 1, 2, "--") == 0 ? "none" : kind_of(form.substr(last + 1));
}

std::string table_of(const CommandHelp& command) {
    std::string table;
    for (const OptionGroupHelp& group : command.groups)
        for (const OptionHelp& option : group.options)
            table += fmt::format("\n{} {} {} {}", option.name, option.letter.empty() ? "-" : option.letter,
                                 option.is_repeatable ? "often" : "once", kind_of(option.value));
    return table;
}

// {0}: the commands, {1}: a case for each.
constexpr const char* script = R"(# shellcheck shell=bash
# Completions of loadgen for bash, made by `loadgen --help=bash`.

_loadgen() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} operand='' table=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W '{0} --help --version' -- "$current")
        return
    fi
    # Of each option: name, letter, how often it may stand, and its value.
    case ${{COMP_WORDS[1]}} in
{1}        *) return ;;
    esac

    local name letter times value option i
    local -a candidates=()
    local -A values=() long=()
    while read -r name letter times value; do
        long[--$name]=--$name values[--$name]=$value
        [ "$letter" = - ] || long[-$letter]=--$name
    done <<<"${{table#?}}"

    # What stands before: options, of which the last may wait for its value, and perhaps a --.
    local waiting='' given=' ' ended=false
    for ((i = 2; i < COMP_CWORD; i++)); do
        option=${{COMP_WORDS[i]}}
        if [ -n "$waiting" ]; then
            [ "$option" = = ] || waiting=''
        elif [ "$option" = -- ]; then
            ended=true
        elif [[ $ended = false && $option = -?* && -n ${{long[$option]-}} ]]; then
            option=${{long[$option]}}
            given+="$option "
            [ "${{values[$option]}}" = none ] || waiting=$option
        fi
    done

    local wanted=$operand
    if [ -n "$waiting" ]; then
        wanted=${{values[$waiting]}}
        [ "$current" != = ] || current=''
    elif [[ $ended = false && ($current = -* || -z $current && $operand != file && $operand != folder) ]]; then
        while read -r name letter times value; do
            [[ $times = once && $given = *" --$name "* ]] || candidates+=("--$name")
        done <<<"${{table#?}}"
    fi
    case $wanted in
        file) [ ${{#candidates[@]}} -gt 0 ] || compopt -o default ;;
        folder) [ ${{#candidates[@]}} -gt 0 ] || compopt -o dirnames ;;
        *'|'*) IFS='|' read -r -a candidates <<<"$wanted" ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "${{candidates[*]}}" -- "$current")
}}

complete -F _loadgen loadgen
)";

} // namespace

std::string bash_completion(const ProgramHelp& program) {
    std::string names;
    std::string cases;
    for (const CommandHelp& command : program.commands) {
        names += (names.empty() ? "" : " ") + command.name;
        cases += fmt::format("        {}) operand={} table='{}' ;;\n", command.name, operand_of(command),
                             table_of(command));
    }
    return fmt::format(script, names, cases);
}

} // namespace loadgen
