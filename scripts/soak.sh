#!/usr/bin/env bash
# isapi-host for a long time under all kinds of requests: what its process holds stays flat.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
options "$@" <<'TEXT'
usage: scripts/soak.sh [OPTION...]

Starts isapi-host under Wine with the five variants and the test extensions. Loads them in turn: each
variant with a connection per request and with kept ones, bodies of 200 KB by ReadClient and by
asynchronous reads, answers by asynchronous writes and vectors, and requests that break off. After
each turn the host tells how many handles and threads its process has, and how much memory. The first
third of the turns warms it up. After that the last quarter may not have more than the first.

  --time SECONDS     how long (1800)
  --output FILE      CSV with a row per turn
  --preset NAME      build preset (release)
  --no-build         take what is built

TRANSMIT_FILE is left out: Wine 8 itself leaks 4 KB of the process with each TransmitFile.

Exit code: 0 flat; 1 not; 2 bad usage; 4 a request failed that should not, or the host did not end well.
TEXT

built tests loadgen/loadgen windows-x86_64/host/isapi-host.exe
host=$tree/windows-x86_64/host/isapi-host.exe

scratch=$(mktemp -d)
clean_up() {
    kill_server
    rm -rf "$scratch"
}
trap clean_up EXIT
mkdir "$scratch/root"
cp "$tree"/windows-x86_64/extension/*.dll "$scratch/root"
cp "$tree"/windows-x86_64/tests/{host/{process,client-io},conformance/conformance}.dll "$scratch/root"
head -c 200000 /dev/urandom >"$scratch/body"
start_server setsid "$top/scripts/wine.sh" "$host" --root "$scratch/root" --port 0 --listen-backlog 200 --log-level error \
    2>"$scratch/host.log" || { cat "$scratch/host.log" >&2; fail "isapi-host did not start" 4; }
base=http://$address/repro

# load QUERY [OPTION...]: all are answered, but for those that the fault resets.
load() {
    local path=$1
    shift
    "$loadgen" run -c 16 -t 1 --quiet --fail-on 'malformed>0,timeout>0,http_4xx>0,http_5xx>0' "$@" "$base/$path" \
        >"$scratch/load.txt" && return
    local code=$?
    cat "$scratch/load.txt" >&2
    fail "$path: loadgen ended with $code" 4
}
turn() {
    local variant
    for variant in synchronous thread-pool keep-alive-pool keep-alive thread-per-request; do
        load "$variant.dll" -n 200
        load "$variant.dll" -n 200 -k
    done
    load 'client-io.dll?read' -n 60 -k -m POST --body-file "$scratch/body"
    load 'client-io.dll?async-read' -n 60 -m POST --body-file "$scratch/body"
    load 'client-io.dll?ignore' -n 60 -m POST --body-file "$scratch/body"
    load 'client-io.dll?async-write&bytes=300000' -n 60
    load 'client-io.dll/client-io.dll?async-vector' -n 60
    for what in map map-ex connected token normalize no-buffer; do load "conformance.dll?$what" -n 20; done
    # A client that leaves in the middle of its body.
    "$loadgen" run -c 8 -n 8 -t 1 --quiet --timeout 100ms -m POST -H 'Content-Length: 500000' "$base/client-io.dll?async-read" \
        >/dev/null 2>&1 || true
}

rows=$scratch/rows.csv
echo turn,seconds,handles,threads,memory_kb >"$rows"
end=$((SECONDS + time))
number=0
while [ "$SECONDS" -lt "$end" ]; do
    number=$((number + 1))
    turn
    sleep 1 # for the threads of the last requests
    held=$(curl -sS --max-time 20 "$base/process.dll") || fail "the host does not tell of itself" 4
    read -r handles threads memory <<<"$held"
    echo "$number,$SECONDS,$handles,$threads,$memory" | tee -a "$rows"
done
stop_server || fail "the host ended with exit code $?: $server_said" 4
echo "$server_said"
[ -z "$output" ] || cp "$rows" "$output"

/usr/bin/python3 -I - "$rows" <<'PYTHON'
import csv, statistics, sys

rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
warm = rows[len(rows) // 3:]
if len(warm) < 8:
    sys.exit(f"soak.sh: {len(rows)} turns are too few to tell: give it more --time")
quarter = len(warm) // 4
flat = True
# What noise there is: a thread or two that is on its way out, some pages of the heap.
for name, noise in (("handles", 8), ("threads", 2), ("memory_kb", 1024)):
    first, last = (statistics.median(int(row[name]) for row in part) for part in (warm[:quarter], warm[-quarter:]))
    grows = last > first + noise
    flat = flat and not grows
    print(f"{name}: {first:g} then {last:g}" + (": it grows" if grows else ""))
sys.exit(0 if flat else 1)
PYTHON
