#!/usr/bin/env bash
# What an attempt costs the client: loadgen and other load generators against nginx, held against a floor in plain C.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=5
seconds=3
seconds_of_many=10
connections=10000
retries=0
modes='1 2 3 4'
tools='floor loadgen wrk ab hey h2load'
preset=release
build=true
output='' loadgen='' floor=''
server_core=0
client_core=1

usage() {
    cat <<TEXT
usage: scripts/bench.sh [options]

Runs each load generator that is installed in turn against an nginx of its own (one worker on core $server_core, a five-byte answer, loopback),
pinned to core $client_core, and prints the medians: answers per second and the client's CPU time per attempt. Rounds are interleaved,
each begins one tool later. The floor is epoll-floor, an epoll loop in C that does only what no client can avoid.

  1  a connection per request, 64 connections
  2  keep-alive, 64 connections
  3  keep-alive, --connections: also resident memory per connection; floor, loadgen and wrk, $seconds_of_many s each
  4  loadgen with 1 and 2 threads, a connection per request, not pinned

  --modes "M..."     which of them ($modes)
  --tools "T..."     which tools ($tools)
  --rounds N         runs of each tool in a mode ($rounds)
  --seconds N        length of a run ($seconds)
  --retries N        repeat a run in which other processes used over 0.1 of a core, so often ($retries)
  --connections N    of mode 3, at most 25000 ($connections)
  --output FILE      write the medians there, as CSV
  --preset NAME      build preset that loadgen and epoll-floor are from ($preset)
  --no-build         take them as they are
  --loadgen PATH     this loadgen instead, --floor PATH this epoll-floor

Attempts and failures are the tool's own numbers; nginx's counts check them. Wall and CPU time (user and system, all threads, from start
to exit) are bash's \`time\`, the same for all. Memory is VmHWM from /proc, less that with one connection. Nothing else should run: a line
below each table says how much of a core other processes took.

Exit code: 0; 1 when a tool gave no numbers; 2 bad usage, or something it needs is missing.
TEXT
}

fail() {
    echo "bench.sh: $1" >&2
    exit 2
}
note() { echo "bench.sh: $1" >&2; }

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --no-build) build=false; shift ;;
        --modes | --tools | --rounds | --seconds | --retries | --connections | --output | --preset | --loadgen | --floor)
            [ $# -ge 2 ] || fail "option '$1' needs a value (see --help)"
            declare "${1#--}=$2"
            shift 2 ;;
        *) fail "unknown option '$1' (see --help)" ;;
    esac
done
for option in rounds seconds connections; do
    [[ ${!option} =~ ^[1-9][0-9]{0,4}$ ]] || fail "--$option must be a whole number, not '${!option}'"
done
[[ $retries =~ ^[0-9]{1,4}$ ]] || fail "--retries must be a whole number, not '$retries'"
((connections >= 2 && connections <= 25000)) || fail "--connections must be 2 to 25000, not '$connections'"
[[ $modes =~ ^[1-4](\ [1-4])*$ ]] || fail "--modes must be of 1, 2, 3 and 4, not '$modes'"
[ -z "$output" ] || [ -d "$(dirname "$output")" ] || fail "there is no folder for '$output'"
PATH=$PATH:/usr/sbin
for program in nginx taskset perl; do
    command -v "$program" >/dev/null || fail "'$program' is not installed"
done
for core in "$server_core" "$client_core"; do
    taskset -c "$core" true 2>/dev/null || fail "it needs two cores, $server_core for nginx and $client_core for the client"
done

if $build; then "$top/scripts/build.sh" --preset "$preset"; fi
loadgen=${loadgen:-$top/build/$preset/loadgen/loadgen}
floor=${floor:-$top/build/$preset/loadgen/bench/epoll-floor}
for program in "$loadgen" "$floor"; do
    [ -x "$program" ] || fail "'$program' is not built"
done

ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
if [[ " $modes " = *' 3 '* ]]; then
    descriptors=$(ulimit -n)
    if [ "$descriptors" != unlimited ] && [ "$descriptors" -lt $((connections + 100)) ]; then
        fail "mode 3 needs $((connections + 100)) descriptors and 'ulimit -n' allows $descriptors: raise it, or lower --connections"
    fi
    backlog=$(cat /proc/sys/net/core/somaxconn 2>/dev/null || echo "$connections")
    [ "$backlog" -ge "$connections" ] ||
        note "net.core.somaxconn is $backlog: some of $connections connections made at once may need a second try by the kernel, after 1 s"
fi

scratch=$(mktemp -d)
server_pid='' runner_pid='' port=''
command=()
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$runner_pid" ] || kill "$(cat "$scratch/pid")" 2>/dev/null || true
    [ -z "$server_pid" ] || { kill "$server_pid" && wait "$server_pid"; } 2>/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap : PIPE # a question to an nginx that hangs up; what it runs has the default again

# shellcheck source=scripts/bench/nginx.sh
. "$top/scripts/bench/nginx.sh"
# shellcheck source=scripts/bench/machine.sh
. "$top/scripts/bench/machine.sh"
# shellcheck source=scripts/bench/tools.sh
. "$top/scripts/bench/tools.sh"

exec {never}<> <(:) # reading it with a time limit is a pause without a process
code=0

# Runs `command` and sets attempts, failures, wall, cpu and user (s), peak (KiB), opened and asked (by nginx) and
# others (cores that somebody else used). Fails if the tool gave no numbers.
measure() {
    local limit pid key value accepts='' requests='' system TIMEFORMAT='%3R %3U %3S'
    ask_status || fail "nginx does not answer any more"
    ask_machine
    others=$busy opened=$accepts asked=$requests peak=0 attempts=0 failures=0
    : >"$scratch/pid"
    # Without the inner braces bash does not time it.
    { time { (
        echo "$BASHPID" >"$scratch/pid"
        exec "${pin[@]}" "${command[@]}" <&- >"$scratch/out" 2>"$scratch/err"
    ) || true; }; } 2>"$scratch/time" &
    runner_pid=$!
    limit=$((SECONDS + seconds + 30))
    while kill -0 "$runner_pid" 2>/dev/null; do
        pid=$(<"$scratch/pid")
        while read -r key value _; do
            if [ "$key" = VmHWM: ]; then peak=$value; fi
        done 2>/dev/null <"/proc/${pid:-none}/status" || true
        if [ "$SECONDS" -gt "$limit" ]; then kill -9 "$pid" 2>/dev/null || true; fi
        read -r -t 0.2 -u "$never" || true
    done
    wait "$runner_pid" || true
    runner_pid=''
    ask_machine
    others=$((busy - others))
    ask_status || fail "nginx does not answer any more"
    opened=$((accepts - opened - 1)) asked=$((requests - asked - 1))
    read -r wall user system < <(tail -n 1 "$scratch/time")
    read -r cpu others < <(awk "BEGIN { cpu = $user + $system; printf \"%.3f %.3f\\n\", cpu, ($others / $ticks_per_second - cpu) / $wall }")
    read -r attempts failures < <("${tool%%-*}_counts" "$scratch/out" 2>/dev/null) && [ "${attempts:-0}" -gt 0 ]
}

# nginx's counts against the tool's; what was in flight at the end may differ.
cross_check() {
    local slack=$((asked / 100 + connections)) apart=$((attempts - asked))
    [ "${apart#-}" -le "$slack" ] || note "warning: $tool says $attempts attempts, nginx counted $asked requests"
    if [ -n "$kept" ]; then
        [ "$opened" -ge "$connections" ] || note "warning: $tool opened only $opened of $connections connections"
        [ "$opened" -le "$slack" ] || note "warning: $tool opened $opened connections for $asked requests in keep-alive mode"
    else
        [ "$opened" -ge $((asked - slack)) ] || note "warning: $tool opened only $opened connections for $asked requests"
    fi
}

# One run of TOOL:THREADS to a line in $scratch/runs.
sample() {
    local tool=${1%:*} threads=${1#*:} base='' memory=- try
    if [ "$mode" = many-connections ]; then
        connections=1 seconds=$short
        "${tool%%-*}_command"
        if measure; then base=$peak; fi
        connections=$many seconds=$seconds_of_many
    fi
    for ((try = 0; try <= retries; ++try)); do
        [ "$try" -eq 0 ] || sleep 2
        "${tool%%-*}_command"
        measure || { note "$tool gave no numbers: $(tail -n 1 "$scratch/err")"; code=1; return; }
        [[ ! $others =~ ^(-|0\.0) ]] || break # under 0.1
    done
    cross_check
    [ "$failures" -eq 0 ] || note "$tool: $failures of $attempts attempts failed$("${tool%%-*}_failures" 2>/dev/null || true)"
    if [ -n "$base" ]; then memory=$(awk "BEGIN { printf \"%.3f\", ($peak - $base) / ($connections - 1) }"); fi
    awk -v OFS='\t' "BEGIN { print \"$mode\", $connections, $threads, \"$tool\", \"$("${tool%%-*}_version")\", ($attempts - $failures) / $wall,
        $cpu * 1e6 / $attempts, $user * 1e6 / $attempts, $failures, \"$memory\", $others }" >>"$scratch/runs"
}

# `run_mode TITLE TOOL:THREADS...`: all rounds of a mode, and its table.
run_mode() {
    local title=$1 round i entries=("${@:2}")
    [ ${#entries[@]} -gt 0 ] || return 0
    echo "$title; $rounds rounds of $seconds s:"
    : >"$scratch/runs"
    for ((round = 0; round < rounds; ++round)); do
        for ((i = 0; i < ${#entries[@]}; ++i)); do sample "${entries[(round + i) % ${#entries[@]}]}"; done
    done
    awk -v csv="$output" -f "$top/scripts/bench/summary.awk" "$scratch/runs"
    echo
}

chosen=()
for tool in $tools; do
    [[ $tool =~ ^(floor|loadgen(-[a-z_]+)?|wrk|ab|hey|h2load)$ ]] || fail "'$tool' is no tool it knows (see --help)"
    if ! installed "$tool"; then
        note "$tool is not installed"
    elif [ "$tool" = loadgen ] && "$loadgen" run --help | grep -q -e --engine; then
        chosen+=(loadgen-io_uring loadgen-epoll loadgen-asio)
    else
        chosen+=("$tool")
    fi
done
# The entries of a mode: `among PATTERN THREADS...`
among() {
    local tool thread
    entries=()
    for tool in "${chosen[@]}"; do
        [[ $tool =~ ^($1)$ ]] || continue
        for thread in "${@:2}"; do entries+=("$tool:$thread"); done
    done
}

start_nginx
# shellcheck disable=SC2034 # url is for tools.sh
url=http://127.0.0.1:$port/
[ -z "$output" ] || printf '%s,' mode connections threads tool version round_count rate_median rate_min rate_max cpu_us_per_attempt_median \
    cpu_us_per_attempt_min cpu_us_per_attempt_max cpu_ratio_to_floor failures memory_kb_per_connection user_us_per_attempt_median | sed 's/,$/\n/' >"$output"
many=$connections short=$seconds
pin=(taskset -c "$client_core")
for number in $modes; do
    connections=64 seconds=$short kept=''
    case $number in
        1) mode=connection-per-request; among 'floor|loadgen.*|wrk|ab|hey' 1
            run_mode '1. A connection per request, 64 connections' "${entries[@]}" ;;
        2) mode=keep-alive kept=yes; among '.*' 1
            run_mode '2. Keep-alive, 64 connections' "${entries[@]}" ;;
        3) mode=many-connections kept=yes connections=$many seconds=$seconds_of_many; among 'floor|loadgen.*|wrk' 1
            run_mode "3. Keep-alive, $connections connections" "${entries[@]}" ;;
        4) mode=threads; among 'loadgen.*' 1 2
            pin=(env); run_mode '4. Threads: a connection per request, 64 connections, not pinned' "${entries[@]}"
            pin=(taskset -c "$client_core") ;;
    esac
done
exit "$code"
