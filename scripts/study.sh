#!/usr/bin/env bash
# Does the model of the fault (loadgen predict) say what is measured?
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
options "$@" <<'TEXT'
usage: scripts/study.sh [OPTION...]

Measures how often thread-per-request resets, in the loads of scripts/study/points.csv, and compares
with what the model predicts (loadgen predict). Each point has an isapi-host of its own, under Wine,
and some blocks. Sixteen points were held out: they were measured only when the model stood. Leaves
study.csv, a row for each point in the order in which they were finished, and study.svg. Ctrl-C
keeps what is measured.

  --which WHICH          all, held-out, others, or numbers: 1,5,7 (all)
  --blocks N             blocks of a point (8)
  --block T              length of a block, after a second of warm-up (4s)
  --jobs N               points measured at a time (2)
  --confidence P         of the intervals (0.99)
  --no-measure           only compare again what was measured into --output, with the model of now
  --output DIR           results folder; without it, results/ and the UTC time
  --preset NAME          build preset (release)
  --no-build             take what is built

Exit code: 0 measured; 2 bad usage; 4 a host did not start, or ended badly.
TEXT
if ! [[ $blocks =~ ^[0-9]+$ && $jobs =~ ^[0-9]+$ ]] || [ "$blocks" -lt 2 ] || [ "$jobs" -lt 1 ]; then
    fail "--blocks takes a number from 2, --jobs one from 1"
fi
points=$top/scripts/study/points.csv
case $which in
    all) wanted='$1 ~ /^[0-9]+$/' ;;
    held-out) wanted='$3 == "yes"' ;;
    others) wanted='$3 == "no"' ;;
    *) [[ $which =~ ^[0-9]+(,[0-9]+)*$ ]] || fail "--which '$which' is none of all, held-out, others, and no list of numbers"
        wanted="\$1 ~ /^(${which//,/|})\$/" ;;
esac
mapfile -t ids < <(awk -F, "$wanted {print \$1}" "$points")
[ "${#ids[@]}" -gt 0 ] || fail "no point is called '$which'"

# Other work on the machine is to wait: a thread that cannot exit in time is another load.
renice -n -10 $$ >/dev/null 2>&1 || echo "study.sh: may not go before other work on this machine (nice -10)" >&2

built repro loadgen/loadgen windows-x86_64/host/isapi-host.exe
windows_programs
host=$tree/windows-x86_64/host/isapi-host.exe
new_results -study
mkdir -p "$output/points"
if ! $measure || [ ! -s "$output/study.csv" ]; then
    /usr/bin/python3 -I "$top/scripts/study/row.py" --header >"$output/study.csv"
fi

# load_of ID: sets what the point is.
load_of() {
    local point
    IFS=, read -r -a point < <(awk -F, -v id="$1" '$1 == id' "$points" | sed 's/$/,/')
    outstanding=${point[3]} listen_backlog=${point[4]} linger=${point[5]} rate=${point[6]}
    send_delay=${point[10]} left_over=${point[11]}
    if [ -n "$rate" ]; then
        load=(--rate "$rate" --arrivals "${point[7]}")
    else
        load=(--connections "${point[8]}" ${point[9]:+--ramp "${point[9]}"})
    fi
}

# leave_accepts: thread-pool answers so many clients at a time, and leaves as many AcceptEx calls behind.
leave_accepts() {
    [ "$left_over" -eq 0 ] || "$loadgen" run --connections "$left_over" --requests "$left_over" --send-delay 500ms --ramp 0s \
        --timeout 30s --threads 1 --quiet --fail-on "answers<$left_over" "http://$address/repro/thread-pool.dll?work=400" \
        >>"$folder/output.txt" 2>&1
}

# measure ID: its blocks.
measure() {
    local folder=$output/points/$1 block_number
    rm -rf "$folder"
    mkdir "$folder"
    start_server "${session[@]}" "${wine[@]}" "$host" --root "$tree/windows-x86_64/extension" --port 0 \
        --accept-outstanding "$outstanding" --listen-backlog "$listen_backlog" \
        --exposures "$folder/exposures.csv" 2>"$folder/host.log" ||
        { cat "$folder/host.log" >&2; fail "isapi-host did not start" 4; }
    for ((block_number = 1; block_number <= blocks; block_number++)); do
        leave_accepts
        "$loadgen" run "${load[@]}" ${rate:+--connections 1000} --send-delay "$send_delay" --threads 1 \
            --warm-up 1s --duration "$block" --seed $((1000 * $1 + block_number)) --quiet --output "$folder" \
            "http://$address/repro/thread-per-request.dll?linger=$linger" >>"$folder/output.txt" 2>&1
        sleep "0.$((linger + 100))" # the threads of this block exit
    done
    stop_server
    echo "$server_said" >>"$folder/host.log"
}

# compare ID: a row of study.csv for what is measured.
compare() {
    local folder=$output/points/$1 row
    local model=("$loadgen" predict "${load[@]}" --send-delay "$send_delay" --outstanding "$outstanding"
        --backlog "$listen_backlog" --linger "${linger}ms" --left-over "$left_over" --warm-up 1s --duration "$block" --csv)
    "${model[@]}" --attempts 200000 >"$folder/prediction.csv"
    : >"$folder/replay.csv"
    [ -z "$rate" ] || "${model[@]}" --replay "$blocks" --seed $((1000 * $1 + 1)) >"$folder/replay.csv"
    row=$(/usr/bin/python3 -I "$top/scripts/study/row.py" "$points" "$1" "$folder/runs.csv" \
        "$folder/prediction.csv" "$folder/replay.csv" "$confidence")
    echo "$row" >>"$output/study.csv"
}

# worker NUMBER: every --jobs-th point.
worker() {
    local i
    trap kill_server EXIT
    for ((i = $1; i < ${#ids[@]}; i += jobs)); do
        load_of "${ids[i]}"
        ! $measure || measure "${ids[i]}"
        compare "${ids[i]}"
        progress
    done
}
progress() {
    local done_points left
    done_points=$(($(wc -l <"$output/study.csv") - rows_before))
    left=$(((SECONDS * (${#ids[@]} - done_points)) / done_points))
    echo "study.sh: $done_points of ${#ids[@]} points, $((left / 60)):$(printf %02d $((left % 60))) left" >&2
}
draw() {
    /usr/bin/python3 -I "$top/scripts/study/figure.py" "$output/study.csv" "$output/study.svg"
}

rows_before=$(wc -l <"$output/study.csv")
SECONDS=0
workers=()
# Ctrl-C comes to the workers too; their hosts are in sessions of their own.
trap 'echo "study.sh: interrupted" >&2; kill "${workers[@]}" 2>/dev/null || true; wait; draw; exit 130' INT TERM
for ((w = 0; w < jobs; w++)); do
    worker "$w" &
    workers+=($!)
done
code=0
for pid in "${workers[@]}"; do
    wait "$pid" || code=4
done
draw
echo "files in $output"
exit "$code"
