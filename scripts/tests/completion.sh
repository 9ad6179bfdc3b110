#!/usr/bin/env bash
# The completion, in bash: it offers every option that --help has, and nothing that loadgen refuses.
. "$(dirname "$0")/expect.sh"

"$loadgen" --help=bash >"$scratch/loadgen"
if command -v shellcheck >/dev/null; then
    expect_that 'shellcheck has nothing to say' shellcheck "$scratch/loadgen"
else
    echo 'skipped: no shellcheck; ./scripts/setup.sh lint installs it'
fi
. "$scratch/loadgen"
# Outside of a completion there is no such thing. What it asks readline for comes as an offer.
compopt() { asked="<${*: -1}>"; }

# offers WORD...: sets $offered to what stands for the last word, sorted.
offers() {
    local asked=''
    COMP_WORDS=(loadgen "$@") COMP_CWORD=$#
    _loadgen
    mapfile -t offered < <(printf '%s\n' ${asked:+"$asked"} "${COMPREPLY[@]}" | grep . | LC_ALL=C sort)
}
# expect_offers OFFERS WORD...
expect_offers() {
    local expected=$1
    shift
    offers "$@"
    expect_that "loadgen $*: '${offered[*]}' is '$expected'" test "${offered[*]}" = "$expected"
}

mapfile -t commands < <("$loadgen" --help | sed -n -E 's/^  ([a-z]+) .*/\1/p')
expect_that 'there are commands' test "${#commands[@]}" -ge 7
expect_offers "$(printf '%s\n' --help --version "${commands[@]}" | LC_ALL=C sort | paste -s -d ' ')" ''
expect_offers 'reconcile regress report' re
expect_offers 'asio auto epoll io_uring' run --engine ''
expect_offers 'epoll' run --engine = ep
expect_offers 'asio auto epoll io_uring' run --engine =
expect_offers 'csv json text' regress --format ''
expect_offers '--engine' run -k --eng
expect_offers '' run --engine epoll --eng           # once only
expect_offers '' run -c 4 --conn                    # by its letter, too
expect_offers '--header' run -H 'A: 1' --head       # this one is repeatable
expect_offers '--keep-alive' run --send-delay uniform : 1ms..4ms --kee
expect_offers '' run --label --eng                  # a name
expect_offers '<default>' run --html ''
expect_offers '<default>' compare --html =
expect_offers '<default>' compare ''
expect_offers '<dirnames>' report ''
expect_offers '<dirnames>' merge --output ''
expect_offers '' run -- --eng                       # no options behind --
expect_offers '' run http
expect_offers '' nonsense ''

# A user who takes only what is offered. What takes a value of his own offers nothing for it, or files.
# walk: sets $line, the words of a call.
walk() {
    local option words # as bash takes them apart
    line=("${commands[RANDOM % ${#commands[@]}]}")
    words=("${line[@]}")
    for ((steps = RANDOM % 12; steps > 0; steps--)); do
        offers "${words[@]}" --
        [ "${#offered[@]}" -gt 0 ] || return
        option=${offered[RANDOM % ${#offered[@]}]}
        [ "$option" != --help ] || continue
        offers "${words[@]}" "$option" ''
        if [[ ${offered[0]-} = --* ]]; then
            line+=("$option") words+=("$option")
            continue
        fi
        value=${offered[RANDOM % (${#offered[@]} + !${#offered[@]})]-7}
        if ((RANDOM % 2)); then
            line+=("$option" "$value") words+=("$option" "$value")
        else
            line+=("$option=$value") words+=("$option" "=" "$value")
        fi
    done
}
RANDOM=${SEED:-1}
for ((i = 0; i < 100; i++)); do
    walk
    expect 0 'usage: loadgen' "$loadgen" "${line[@]}" --help
done

# options_of COMMAND: as --help has them, a line each.
options_of() { "$loadgen" "$1" --help | sed '/^Exit codes/,$d' | sed -n -E 's/^ +(-., )?(--[a-z].*)/\2/p'; }

# Each option is offered, and each word of a choice is one that loadgen knows.
nobody=http://127.0.0.1:1
for command in "${commands[@]}"; do
    expect_offers "$(options_of "$command" | sed 's/ .*//' | LC_ALL=C sort | paste -s -d ' ')" "$command" --
    while read -r option values; do
        expect_offers "$(tr '|' '\n' <<<"$values" | LC_ALL=C sort | paste -s -d ' ')" "$command" "$option" ''
        variant=()
        [ "$command" != regress ] || variant=(--fixed a)
        call=("$loadgen" "$command" "${variant[@]}" -n 1 --rate 9 --quiet) target=("$nobody")
        [ "$command" != predict ] || { call=("$loadgen" predict --rate 9) target=(); }
        expect 2 "$option 'nonsense' is n" "${call[@]}" "$option" nonsense "${target[@]}"
        for value in "${offered[@]}"; do
            "${call[@]}" "$option" "$value" "${target[@]}" >"$scratch/output" 2>&1
            expect_that "$option $value is known" grep -q -E "refused|unreachable|doesn't permit|^connections/s" "$scratch/output"
        done
    done < <(options_of "$command" | sed -n -E 's/^(--[a-z-]+) ([a-z_]+(\|[a-z_]+)+)( .*)?$/\1 \2/p')
done

expect_that 'a terminal completes' /usr/bin/python3 -I "$scripts/tests/completion.py" "$scratch/loadgen"
finish
