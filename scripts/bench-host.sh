#!/usr/bin/env bash
# What isapi-host costs beside the least that a server with AcceptEx can do, on the same Wine.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
options "$@" <<'TEXT'
usage: scripts/bench-host.sh [OPTION...]

Runs loadgen, a connection per request, against isapi-host with two variants and against
minimal-server: an AcceptEx loop that sends one fixed answer, head and body by two calls as an
extension does, or both by one. All under Wine, in turn, each round begins one further. Prints the
medians of the answers per second. Nothing else should run.

  --rounds N         runs of each server (5)
  --seconds N        length of a run (3)
  --connections N    open at once (32)
  --output FILE      write the medians there, as CSV
  --preset NAME      build preset (release)
  --no-build         take what is built

Exit code: 0; 1 a server gave no numbers; 2 bad usage, or something it needs is missing.
TEXT
for number in rounds seconds connections; do
    [[ ${!number} =~ ^[1-9][0-9]{0,4}$ ]] || fail "--$number must be a whole number, not '${!number}'"
done

built tests loadgen/loadgen windows-x86_64/host/isapi-host.exe windows-x86_64/bench/minimal-server.exe
windows=$tree/windows-x86_64

scratch=$(mktemp -d)
clean_up() {
    kill_server
    rm -rf "$scratch"
}
trap clean_up EXIT

servers=(minimal minimal-one-send synchronous thread-pool)
# command_of SERVER: what starts it.
command_of() {
    local host=("$windows/host/isapi-host.exe" --root "$windows/extension" --port 0 --listen-backlog 200 --pool-threads 20)
    case $1 in
        minimal) command=("$windows/bench/minimal-server.exe" 20 40 2) ;;
        minimal-one-send) command=("$windows/bench/minimal-server.exe" 20 40 1) ;;
        *) command=("${host[@]}") ;;
    esac
}
for ((round = 0; round < rounds; round++)); do
    for ((i = 0; i < ${#servers[@]}; i++)); do
        server=${servers[(round + i) % ${#servers[@]}]}
        command_of "$server"
        start_server setsid "$top/scripts/wine.sh" "${command[@]}" 2>"$scratch/log" || { cat "$scratch/log" >&2; fail "$server did not start" 1; }
        "$loadgen" run -c "$connections" -t 1 -d "${seconds}s" --quiet --json "http://$address/repro/$server.dll" >"$scratch/run.json" ||
            fail "$server gave no numbers" 1
        stop_server || fail "$server ended with exit code $?" 1
        /usr/bin/python3 -I -c '
import json, sys
run = json.load(open(sys.argv[1], encoding="utf-8"))
print(sys.argv[2], run["answers"] / run["duration_s"], run["attempts"] - run["answers"])' "$scratch/run.json" "$server" >>"$scratch/all"
    done
done
/usr/bin/python3 -I - "$scratch/all" "$output" <<'PYTHON'
import statistics, sys

rates, failures = {}, {}
for line in open(sys.argv[1], encoding="utf-8"):
    server, rate, failed = line.split()
    rates.setdefault(server, []).append(float(rate))
    failures[server] = failures.get(server, 0) + int(failed)
order = ["minimal", "minimal-one-send", "synchronous", "thread-pool"]
floor = statistics.median(rates["minimal"])
rows = [(name, statistics.median(rates[name]), min(rates[name]), max(rates[name]), failures[name]) for name in order]
print(f"{'server':18}{'answers/s':>10}{'':>18}{'to minimal':>12}{'failures':>10}")
for name, median, least, most, failed in rows:
    print(f"{name:18}{median:10.0f}  {least:6.0f} to {most:6.0f}{median / floor:12.2f}{failed:10}")
if sys.argv[2]:
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("server,answers_per_s_median,answers_per_s_min,answers_per_s_max,ratio_to_minimal,failures\n")
        for name, median, least, most, failed in rows:
            file.write(f"{name},{median:.0f},{least:.0f},{most:.0f},{median / floor:.3f},{failed}\n")
PYTHON
