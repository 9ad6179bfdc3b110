#!/usr/bin/env bash
# conformance.sh with a second isapi-host in an IIS's place: one that is the same, one whose paths
# are others, one that is not there, and one without the DLL.
. "$(dirname "$0")/expect.sh"

conformance=("$scripts/iis/conformance.sh" --no-build --preset "$(basename "$tree")")
dlls=$tree/windows-x86_64/tests/conformance
csv=$scratch/rows.csv

# start_host OPTION...: sets $base.
start_host() {
    start_server "$scripts/wine.sh" "$tree/windows-x86_64/host/isapi-host.exe" --port 0 "$@" 2>"$scratch/host.log" ||
        { cat "$scratch/host.log"; exit 1; }
    base=http://$address
}

# is_row ROW ANSWER DIFFERS: what the CSV file has of isapi-host's answer.
is_row() {
    expect_that "$1 is '$2', and differs: $3" /usr/bin/python3 -I -c 'import csv, sys
path, name, answer, differs = sys.argv[1:]
rows = [row for row in csv.DictReader(open(path, newline="")) if row["row"] == name]
sys.exit(f"  got {rows}" if [(row["isapi_host"], row["differs"]) for row in rows] != [(answer, differs)] else 0)' "$csv" "$@"
}

start_host --root "$dlls"
expect 0 'rows, 0 differ' "${conformance[@]}" --target "$base/repro/" --output "$csv"
is_row connected '200 0 true' no
is_row read '200 0 60000 49152 60000 3216323205' no
is_row read-async '200 0 60000 49152 60000 3216323205' no
is_row read-chunked '200 0 4294967295 49152 60000 3216323205' no
is_row write-async '200 written 0 7' no
is_row done-keep '200 kept done by a worker' no
is_row 'done' '200 done by a worker' no
is_row redirect '302 http://there/x <html><head><title>302</title></head><body>The document has moved.</body></html>' no
is_row close 'no answer: closed' no
is_row abort 'no answer: reset' no
expect 2 "cannot write '/dev/full'" "${conformance[@]}" --target "$base/repro" --output /dev/full
port=${address##*:}
stop_server
expect_one_line 4 'no HTTP answer (connection refused): is the server up?' "${conformance[@]}" --target "http://127.0.0.1:$port/repro"

mkdir "$scratch/other"
cp "$dlls/conformance.dll" "$scratch/other/"
start_host --root "$scratch/other" --prefix /other
expect 1 '* map-ex ' "${conformance[@]}" --target "$base/other" --output "$csv"
expect_that 'those that do not differ are not marked' grep -q '^  connected  *200 0 true  *200 0 true$' "$scratch/output"
differing=$(columns "$csv" rows where differs=yes)
expect_that 'it ends with how many rows differ' grep -q -x "$(columns "$csv" rows) rows, $differing differ" "$scratch/output"
expect_that 'all that differ are named' test "$(grep -c '^\* ' "$scratch/output")" -eq "$differing"
is_row variable=URL '200 0 23 /repro/conformance.dll' yes
is_row connected '200 0 true' no
expect_one_line 4 'conformance.dll: status 404, and not from that DLL' "${conformance[@]}" --target "$base/repro"
stop_server

expect_one_line 2 '--target http://SERVER/repro is missing' "${conformance[@]}"
expect_one_line 2 'is not of the form' "${conformance[@]}" --target ftp://there/repro
expect_one_line 2 "unknown option '--frobnicate'" "${conformance[@]}" --frobnicate
expect_one_line 2 'is not built' "$scripts/iis/conformance.sh" --no-build --preset none --target http://127.0.0.1/repro
expect 0 'usage: scripts/iis/conformance.sh' "${conformance[@]}" --help
finish
