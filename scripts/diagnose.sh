#!/usr/bin/env bash
# Does an ISAPI extension reset connections, by which of its threads, and how many would it reset?
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/results.sh
. "$top/scripts/lib/results.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
# The file comes first: what follows are options.
dll=''
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
    dll=$1
    shift
fi
options "$@" <<'TEXT'
usage: scripts/diagnose.sh MY.dll [OPTION...] [-- LOADGEN-OPTION...]

Loads an ISAPI extension of your own into isapi-host, under Wine. First come a few requests, one
after the other: a thread that exits with an AcceptEx of its own pending shows then, without any
load. Then the extension is loaded until it is decided whether it resets connections. A diagnosis in
plain words follows: which threads, how many resets, how many to expect elsewhere, and the cure. The
DLL is loaded from where it is, so that it finds its own DLLs there. It must be for x86_64.

  --query Q              goes to every request, behind a question mark
  --path P               another path than /NAME.dll, for an extension that wants one behind its name
  --body FILE            POST this as the body of every request
  --probes N             requests before the load (20)
  --connections N        connections open at once under load (64)
  --send-delay D         how long clients wait between connect and first byte (50ms)
  --max-attempts N       attempts under load at the most (20000)
  --max-reset-rate P     an extension that resets at most this share of attempts holds (0.001)
  --output DIR           results folder; without it, results/ and the UTC time
  --preset NAME          build preset (release)
  --no-build             take what is built

What comes after -- goes to loadgen regress.

Exit code: 0 clean: no exposure, and at most --max-reset-rate of attempts reset; 1 faulty: exposures
or resets; 2 bad usage; 3 undecided; 4 invalid: the extension did not load or did not answer.
TEXT
[ -n "$dll" ] || fail "a DLL is missing: it comes first (see --help)"
[ -f "$dll" ] || fail "there is no file '$dll'"
folder=$(cd "$(dirname "$dll")" && pwd)
name=$(basename "$dll")
[[ $name =~ ^[A-Za-z0-9._-]+\.[dD][lL][lL]$ ]] ||
    fail "'$name' is not a name that the host serves: letters, digits, dot, underscore and hyphen, and .dll at its end"
label=${name%.*}

built repro loadgen/loadgen windows-x86_64/host/isapi-host.exe
"$top/scripts/wine.sh" --first-start
host=$tree/windows-x86_64/host/isapi-host.exe
new_results

url_path=/repro/$name
[ -z "$path" ] || url_path=/repro/${path#/}
request=()
[ -z "$body" ] || request=(--method POST --body-file "$body")

# serve EXPOSURES_CSV: the host with the user's folder.
serve() {
    start_server setsid "$top/scripts/wine.sh" "$host" --root "$folder" --port 0 --listen-backlog 200 \
        --exposures "$1" --victims "$output/victims.csv" 2>>"$output/host.log" ||
        { cat "$output/host.log" >&2; fail "isapi-host did not start" 4; }
}
# end_serving: 4 if the host did not end well: then the extension has broken a rule, or the host.
end_serving() {
    local code=0
    stop_server || code=$?
    echo "$server_said" >>"$output/host.log"
    [ "$code" -ne 0 ] || return 0
    local broken
    broken=$(sed -n 's/^broken: //p' <<<"$server_said")
    fail "${broken:-the host ended with exit code $code} (see $output/host.log)" 4
}
# exposed FILE COLUMN [least]: the sum of a column over the DLL's rows, or the least.
exposed() { /usr/bin/python3 -I "$top/scripts/lib/exposures.py" "$1" "$name" "${@:2}"; }

trap kill_server EXIT
# A regression's blocks share a folder; what a diagnosis before left in it is of another time.
rm -f "$output/exposures-probes.csv" "$output/exposures.csv"
serve "$output/exposures-probes.csv"
echo "$name: $probes requests, one after the other, then load"
probe_code=0
"$loadgen" run --connections 1 --threads 1 --requests "$probes" --quiet "${request[@]}" --label "$label: probes" \
    "http://$address$url_path${query:+?$query}" >"$output/probes.txt" || probe_code=$?
sleep 1 # as long as regress gives the last threads of a block to exit
end_serving
[ "$probe_code" -eq 0 ] || fail "the extension could not be tried: see $output/host.log and $output/probes.txt" 4
grep -q '^answers .* 2xx ' "$output/probes.txt" ||
    fail "$name gave no good answer (2xx) to $probes requests: see $output/probes.txt and $output/host.log; --query, --path and --body say what to ask" 4
exposures=$(exposed "$output/exposures-probes.csv" exposures)

serve "$output/exposures.csv"
echo
claim=--fixed
[ "$exposures" -eq 0 ] || claim=--faulty
code=0
"$loadgen" regress "$claim" "$label=$url_path" --connections "$connections" --send-delay "$send_delay" \
    --requests 500 --max-attempts "$max_attempts" --max-reset-rate "$max_reset_rate" "${request[@]}" \
    --output "$output" --label "$label" --junit "$output/junit.xml" --markdown "$output/summary.md" "${rest[@]}" \
    "http://$address${query:+?$query}" >"$output/load.txt" || code=$?
end_serving
cat "$output/load.txt"
[ "$code" -ne 2 ] && [ "$code" -ne 4 ] && [ "$code" -ne 130 ] || exit "$code"
# Its exit code is the regression's once more.
why=$("$loadgen" report "$output" 2>&1 >/dev/null) || true
[ -s "$output/report.html" ] || echo "diagnose.sh: no report.html: $why" >&2

verdict=0
/usr/bin/python3 -I "$top/scripts/lib/diagnosis.py" "$name" "$probes" "$output" || verdict=$?
if [ "$verdict" -eq 1 ]; then
    echo "How many connections it would reset elsewhere, by how many come per second and how long after the"
    # The longer its threads live on after DONE_WITH_SESSION, the more often the next client's bytes come in time.
    linger=$(exposed "$output/exposures-probes.csv" exit_after_us_min least)
    echo "connect their request comes (a model, for 40 AcceptEx calls pending, as in IIS, and threads that exit"
    echo "$linger us after DONE_WITH_SESSION, as in the first requests):"
    "$loadgen" predict --linger "${linger}us" | sed 's/^/    /'
    echo
fi
echo "files in $output; report.html shows them"
exit "$verdict"
