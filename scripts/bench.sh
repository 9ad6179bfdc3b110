#!/usr/bin/env bash
# What an attempt costs the client: loadgen and other load generators against nginx, held against a
# floor in plain C.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server_core=0
client_core=1
seconds_of_many=10 # mode 3
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
# shellcheck source=scripts/lib/nginx.sh
. "$top/scripts/lib/nginx.sh"
# shellcheck source=scripts/lib/tools.sh
. "$top/scripts/lib/tools.sh"
# shellcheck source=scripts/bench/machine.sh
. "$top/scripts/bench/machine.sh"
# shellcheck source=scripts/bench/measure.sh
. "$top/scripts/bench/measure.sh"
options "$@" <<TEXT
usage: scripts/bench.sh [OPTION...]

Runs each load generator that is installed in turn against an nginx of its own (one worker on core
$server_core, a five-byte answer, loopback). Pins it to core $client_core. Prints the medians:
answers per second, and the client's CPU time per attempt. Rounds are interleaved, each begins one
tool later. The floor is epoll-floor, an epoll loop in C that does only what no client can avoid.

  1  a connection per request, 64 connections
  2  keep-alive, 64 connections
  3  keep-alive, --connections, $seconds_of_many s each: also resident memory per connection; only floor,
     loadgen and wrk
  4  loadgen with 1 and 2 threads, a connection per request, not pinned

How much isapi-host serves is measured by scripts/bench-host.sh.

  --modes "M..."     which of them (1 2 3 4)
  --tools "T..."     which tools; loadgen with each engine that this system permits
                     (floor loadgen wrk ab hey h2load)
  --rounds N         runs of each tool in a mode (5)
  --seconds N        length of a run (3)
  --retries N        repeat a run in which other processes used over 0.1 of a core, so often (0)
  --connections N    of mode 3, at most 25000 (10000)
  --output FILE      write the medians there, as CSV
  --preset NAME      build preset that loadgen and epoll-floor are from (release)
  --no-build         take them as they are
  --loadgen PATH     this loadgen instead
  --floor PATH       this epoll-floor instead

Attempts and failures are the tool's own numbers; nginx's counts check them. Wall and CPU time (user
and system, all threads, from start to exit) are those of bash's \`time\`, the same for all. Memory
is VmHWM from /proc, less that with one connection. Nothing else should run: a line below each table
says how much of a core other processes took.

Exit code: 0; 1 a tool gave no numbers; 2 bad usage, or something it needs is missing.
TEXT
note() { echo "bench.sh: $1" >&2; }
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
        fail "mode 3 needs $((connections + 100)) descriptors and 'ulimit -n' allows $descriptors: \
raise it, or lower --connections"
    fi
    backlog=$(cat /proc/sys/net/core/somaxconn 2>/dev/null || echo "$connections")
    [ "$backlog" -ge "$connections" ] ||
        note "net.core.somaxconn is $backlog: some of $connections connections made at once may need a second \
try by the kernel, after 1 s"
fi

scratch=$(mktemp -d)
runner_pid=''
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    [ -z "$runner_pid" ] || kill "$(cat "$scratch/pid")" 2>/dev/null || true
    kill_server
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
code=0

chosen=()
for tool in $tools; do
    tool_has counts "$tool" || fail "'$tool' is no tool it knows (see --help)"
    if ! installed "$tool"; then
        note "$tool is not installed"
    elif [ "$tool" = loadgen ]; then
        engines=$(loadgen_engines)
        for engine in $engines; do chosen+=("loadgen-$engine"); done
        [ -n "$engines" ] || chosen+=(loadgen) # an old one, which does not say
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

start_nginx taskset -c "$server_core" || fail "there is no server"
# shellcheck disable=SC2034 # for tools.sh
url=http://127.0.0.1:$port/ requests=''
columns=(mode connections threads tool version round_count rate_median rate_min rate_max cpu_us_per_attempt_median
    cpu_us_per_attempt_min cpu_us_per_attempt_max cpu_ratio_to_floor failures memory_kb_per_connection
    user_us_per_attempt_median)
[ -z "$output" ] || (IFS=, && echo "${columns[*]}") >"$output"
many=$connections short=$seconds
pin=(taskset -c "$client_core")
for number in $modes; do
    connections=64 seconds=$short kept=''
    case $number in
        1) mode='connection-per-request'; among 'floor|loadgen.*|wrk|ab|hey' 1
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
