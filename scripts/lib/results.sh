# shellcheck shell=bash
# The folder that a run leaves its files in. To be sourced, after options.sh and with its $top and
# $output.

# full FOLDER [MB]: there is less than that left on its disk (1).
full() { [ "$(df --output=avail -k -- "$1" | tail -n 1)" -lt $((${2:-1} * 1024)) ]; }

# new_results [SUFFIX]: makes the folder $output, or, where none is named, one under results/ that no
# other run has, and sets $output to it. Where nothing could be left, the script ends before it has
# begun.
new_results() {
    local base number=1 why='' another='--output names another folder'
    if [ -z "$output" ]; then
        mkdir -p -- "$top/results" 2>/dev/null || true
        base=$top/results/$(date -u +%Y%m%dT%H%M%SZ)${1-}
        output=$base
        # Two may start in the same second.
        until why=$(mkdir -- "$output" 2>&1) || [ ! -e "$output" ]; do
            output=$base-$((++number))
            why=''
        done
    else
        why=$(mkdir -p -- "$output" 2>&1) || true
    fi
    # The files name it: where it stands on this machine is nobody's business.
    [ "$PWD" != "$top" ] || output=${output#"$top/"}
    [ -z "$why" ] || fail "cannot make the results folder '$output' (${why##*: }); $another"
    [ -w "$output" ] || fail "cannot write to the results folder '$output'; $another"
    ! full "$output" 5 || fail "the disk of the results folder '$output' is full; make room on it, or $another"
}
