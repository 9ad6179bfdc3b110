#!/usr/bin/env bash
# What other load generators report when a server fails them an exactly known number of times, side
# by side with loadgen.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
connections=10
every=10
limit=30
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
# shellcheck source=scripts/lib/tools.sh
. "$top/scripts/lib/tools.sh"
# shellcheck source=scripts/peers/document.sh
. "$top/scripts/peers/document.sh"
options "$@" <<TEXT
usage: scripts/peers.sh [OPTION...]

Runs each load generator that is installed against fault-server, which fails every ${every}th of its
first N requests in one way: by a reset or a plain close, after the request, within the body or
after the answer. Prints a Markdown document with what was injected and what the tool reported, in
its own words and numbers. Everything stays on loopback; the tools run one at a time.

  --tools "T..."    which ones (wrk ab ab-r hey h2load h2load-D siege autocannon loadgen)
  --requests N      requests of a run, a multiple of $connections (1000)
  --output FILE     write the document there as well
  --preset NAME     build preset that loadgen and fault-server are from (release)
  --no-build        take them as they are

wrk, ab, hey, h2load and siege are run if they are installed (scripts/setup.sh peers does that).
autocannon is installed into build/peers by npm, where there is one.

Exit code: 0; 1 loadgen's own numbers are not exactly those injected; 2 bad usage.
TEXT
if ! [[ $requests =~ ^[1-9][0-9]*$ ]] || [ $((requests % connections)) -ne 0 ]; then
    fail "--requests must be a multiple of $connections, not '$requests'"
fi
[ -z "$output" ] || [ -d "$(dirname "$output")" ] || fail "there is no folder for '$output'"

if $build; then "$top/scripts/build.sh" --preset "$preset"; fi
loadgen=$top/build/$preset/loadgen/loadgen
fault_server=$top/build/$preset/loadgen/tests/fault-server
for program in "$loadgen" "$fault_server"; do
    [ -x "$program" ] || fail "'$program' is not built"
done

scratch=$(mktemp -d)
tool_pid=''
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$tool_pid" ] || kill "$tool_pid" 2>/dev/null || true
    kill_server
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

autocannon=$(command -v autocannon || echo "$top/build/peers/node_modules/.bin/autocannon")
if [[ " $tools " = *' autocannon '* && ! -x $autocannon ]] && command -v npm >/dev/null; then
    echo "peers.sh: installing autocannon into build/peers with npm" >&2
    npm install --prefix "$top/build/peers" --cache "$scratch/npm" --no-fund --no-audit --no-update-notifier autocannon@8 \
        >"$scratch/npm.log" 2>&1 || tail -n 5 "$scratch/npm.log" >&2
fi

modes=(close keep-alive)
declare -A faults=(
    [close]='reset-after-request close-after-request reset-in-body close-in-body reset-after-answer'
    [keep-alive]='reset-after-request close-after-request reset-in-body close-in-body'
)

# How a tool is called here: once for each fault, with so many requests. `command_of TOOL MODE` sets
# `command`.
# shellcheck disable=SC2034 # for tools.sh
threads=1 seconds='' url=URL
command_of() {
    local kept='' tool=$1
    [ "$2" = close ] || kept=yes
    tool_do command "$tool"
}

# Runs a tool once: `run TOOL/MODE/FAULT`. What came of it is kept under that key.
declare -A fresh reused ended report
run() {
    local tool mode fault line code=0 command
    IFS=/ read -r tool mode fault <<<"$1"
    if ! command_of "$tool" "$mode"; then
        ended[$1]=without
        return
    fi
    # No faults after the first N requests: a tool that runs for a time has then met all of them
    # before it ends.
    start_server "$fault_server" --every "$every" --until "$requests" "$fault" || fail "fault-server did not start"

    # HOME: siege writes its configuration there.
    HOME=$scratch timeout -k 5 "$limit" "${command[@]/#URL/http://$address/}" </dev/null \
        >"$scratch/out" 2>"$scratch/err" {from_server}<&- {to_server}>&- &
    tool_pid=$!
    wait "$tool_pid" || code=$?
    tool_pid=''

    stop_server || true
    IFS=, read -r _ fresh["$1"] reused["$1"] < <(tail -n 1 <<<"$server_said")
    [ -n "${reused[$1]}" ] || fail "fault-server ended without its counts"

    ended[$1]=reported
    report[$1]=$(tool_do report "$tool" "$scratch/out" "$scratch/err" || true)
    if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
        ended[$1]=hung
    elif [ -z "${report[$1]}" ]; then
        ended[$1]=stopped
        line=$(grep ': ' "$scratch/err" | tail -n 1) || true
        report[$1]="${line:+\"${line#*: }\", }exit $code"
    fi
}

chosen=() missing=()
for tool in $tools; do
    tool_has report "$tool" || fail "'$tool' is no tool it knows (see --help)"
    if installed "$tool"; then chosen+=("$tool"); else missing+=("$tool"); fi
done

code=0
declare -A verdict
for tool in "${chosen[@]}"; do
    SECONDS=0
    for mode in "${modes[@]}"; do
        for fault in ${faults[$mode]}; do run "$tool/$mode/$fault"; done
        for fault in ${faults[$mode]}; do
            key=$tool/$mode/$fault
            verdict[$key]=$(judge "$key")
            if [ "$tool" = loadgen ] && ! { [ "${verdict[$key]}" = exact ] && loadgen_in_its_cells "$key"; }; then
                verdict[$key]='not exact'
                echo "peers.sh: loadgen is not exact in $mode, $fault: $(cell "$key")" >&2
                code=1
            fi
        done
    done
    echo "$(row_name "$tool"): $SECONDS s" >&2
done
for tool in "${missing[@]}"; do echo "$(row_name "$tool"): not installed" >&2; done

document >"$scratch/document"
[ -z "$output" ] || cp "$scratch/document" "$output"
cat "$scratch/document"
exit "$code"
