# shellcheck shell=bash
# The options of a script, read from the text of its --help. To be sourced.
#
#     options "$@" <<'TEXT'
#     usage: scripts/example.sh [OPTION...] [quick] [-- LOADGEN-OPTION...]
#
#       --rounds N      how many rounds (5)
#       --qemu ARG      one more argument for QEMU; repeatable
#       --dry-run       only say what would be done
#       --no-build      take what is built
#     TEXT
#
# - `--rounds N` takes a value, in $rounds. What ends its description in parentheses is the default.
# - `--qemu ARG` is called repeatable, so its values are in the array `qemu`.
# - `--dry-run` takes none: $dry_run is false, and true when it is given. `--no-build` makes $build
#   false.
# - The array `rest` has the words that the usage shows in brackets, such as quick, and all that
#   stands after --. Where the usage has no --, it is refused.
# `--rounds 5` and `--rounds=5` are the same. Wrong use ends the script with exit code 2.

# fail SENTENCE [EXIT-CODE]
fail() {
    echo "${0##*/}: $1" >&2
    exit "${2:-2}"
}

options() {
    local text usage line option='' variable value hint='(see --help)'
    local -A takes=() about=()
    IFS= read -r -d '' text || true
    usage=${text%%$'\n\n'*}
    [[ $usage != *'-- '* ]] || hint+='; options that are passed on come after --'

    while IFS= read -r line; do
        if [[ $line =~ ^'  --'([a-z][a-z0-9-]*)(' '[^\ ]+)?('  '.*)?$ ]]; then
            option=${BASH_REMATCH[1]}
            takes[$option]=${BASH_REMATCH[2]} about[$option]=${BASH_REMATCH[3]}
        elif [[ $line =~ ^'    '' '*(.*)$ && -n $option ]]; then
            about[$option]+=" ${BASH_REMATCH[1]}"
        else
            option=''
        fi
    done <<<"$text"

    for option in "${!takes[@]}"; do
        variable=${option//-/_}
        if [ -z "${takes[$option]}" ]; then
            if [[ $option = no-* ]]; then declare -g "${variable#no_}=true"; else declare -g "$variable=false"; fi
        elif [[ ${about[$option]} = *repeatable* ]]; then
            declare -ga "$variable=()"
        elif [[ ${about[$option]} =~ \(([^()]*)\)$ ]]; then
            declare -g "$variable=${BASH_REMATCH[1]}"
        else
            declare -g "$variable="
        fi
    done

    rest=()
    while [ $# -gt 0 ]; do
        option=${1%%=*}
        option=${option#--}
        variable=${option//-/_}
        if [ "$1" = --help ] || [ "$1" = -h ]; then
            printf '%s' "$text"
            exit 0
        elif [ "$1" = -- ] && [[ $usage = *'-- '* ]]; then
            rest+=("${@:2}")
            return
        elif [[ $1 = [a-z]* && $usage = *"[$1]"* ]]; then
            rest+=("$1")
        elif [[ $1 != -* ]]; then
            fail "'$1' is not expected there (see --help)"
        elif [[ $1 != --[a-z]* || -z ${takes[$option]+known} ]]; then
            fail "unknown option '$1' $hint"
        elif [ -z "${takes[$option]}" ]; then
            [[ $1 != *=* ]] || fail "option '--$option' takes no value (see --help)"
            if [[ $option = no-* ]]; then declare -g "${variable#no_}=false"; else declare -g "$variable=true"; fi
        else
            if [[ $1 = *=* ]]; then
                value=${1#*=}
            else
                [ $# -ge 2 ] || fail "option '$1' needs a value (see --help)"
                value=$2
                shift
            fi
            if [[ ${about[$option]} = *repeatable* ]]; then
                declare -ga "$variable+=(\"\$value\")"
            else
                declare -g "$variable=$value"
            fi
        fi
        shift
    done
}
