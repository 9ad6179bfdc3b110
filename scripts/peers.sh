#!/usr/bin/env bash
# What other load generators report when a server fails them an exactly known number of times, side by side with loadgen.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
requests=1000
connections=10
every=10
limit=30
tools='wrk ab ab-r hey h2load h2load-D siege autocannon loadgen'
preset=release
build=true
output=

usage() {
    cat <<TEXT
usage: scripts/peers.sh [options]

Runs each load generator that is installed against fault-server, which fails every ${every}th of its first N requests in one way:
by a reset or a plain close, after the request, within the body or after the answer. Prints a Markdown document with what was
injected and what the tool reported, in its own words and numbers. Everything stays on loopback; the tools run one at a time.

  --tools "T..."    which ones ($tools)
  --requests N      requests of a run, a multiple of $connections ($requests)
  --output FILE     write the document there as well
  --preset NAME     build preset that loadgen and fault-server are from ($preset)
  --no-build        take them as they are

wrk, ab, hey, h2load and siege are run if they are installed (scripts/setup.sh peers does that). autocannon is installed into
build/peers by npm, where there is one.

Exit code: 0; 1 when loadgen's own numbers aren't exactly those injected; 2 bad usage.
TEXT
}

fail() {
    echo "peers.sh: $1" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --no-build) build=false; shift ;;
        --tools | --requests | --output | --preset)
            [ $# -ge 2 ] || fail "option '$1' needs a value (see --help)"
            declare "${1#--}=$2"
            shift 2 ;;
        *) fail "unknown option '$1' (see --help)" ;;
    esac
done
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
server_pid=''
tool_pid=''
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    for pid in $tool_pid $server_pid; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck source=scripts/peers/tools.sh
. "$top/scripts/peers/tools.sh"
# shellcheck source=scripts/peers/document.sh
. "$top/scripts/peers/document.sh"

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

installed() {
    case $1 in
        loadgen) true ;;
        autocannon) [ -x "$autocannon" ] ;;
        *) command -v "${1%%-*}" >/dev/null ;;
    esac
}

# Runs a tool once: `run TOOL/MODE/FAULT`. What came of it is kept under that key.
declare -A fresh reused ended report
run() {
    local tool mode fault line code=0 command
    IFS=/ read -r tool mode fault <<<"$1"
    if ! "${tool//-/_}_command" "$mode"; then
        ended[$1]=without
        return
    fi
    # No faults after the first N requests: a tool that runs for a time has then met all of them before it ends.
    coproc SERVER { exec "$fault_server" --every "$every" --until "$requests" "$fault"; }
    # shellcheck disable=SC2153 # coproc sets it
    server_pid=$SERVER_PID
    # shellcheck disable=SC1083,SC2093
    exec {from_server}<&"${SERVER[0]}" {to_server}>&"${SERVER[1]}" {SERVER[0]}<&- {SERVER[1]}>&-
    read -r -t 10 -u "$from_server" line || fail "fault-server did not start"

    # HOME: siege writes its configuration there.
    HOME=$scratch timeout -k 5 "$limit" "${command[@]/#URL/http://${line#listening on }/}" </dev/null \
        >"$scratch/out" 2>"$scratch/err" {from_server}<&- {to_server}>&- &
    tool_pid=$!
    wait "$tool_pid" || code=$?
    tool_pid=''

    exec {to_server}>&-
    IFS=, read -r _ fresh["$1"] reused["$1"] < <(tail -n 1 <&"$from_server") ||
        fail "fault-server ended without its counts"
    exec {from_server}<&-
    wait "$server_pid" || true
    server_pid=''

    ended[$1]=reported
    report[$1]=$("${tool//-/_}_report" "$scratch/out" "$scratch/err" || true)
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
    [[ $tool =~ ^(wrk|ab|ab-r|hey|h2load|h2load-D|siege|autocannon|loadgen)$ ]] || fail "'$tool' is no tool it knows (see --help)"
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
