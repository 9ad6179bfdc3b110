# shellcheck shell=bash
# How each tool is called and where its output has the numbers. Sourced by scripts/bench.sh.
#
# TOOL_command sets `command`, by `kept` (empty: a connection per request), `connections`, `threads`, `seconds`, `port`, `url`. It
# fails where the tool has no such mode.
# TOOL_counts OUT prints `ATTEMPTS FAILURES` by what the tool wrote, TOOL_version its version.
# shellcheck disable=SC2034,SC2154 # command is read, and the others are set, by bench.sh

floor_command() { command=("$floor" ${kept:+-k} -c "$connections" -d "$seconds" 127.0.0.1 "$port" /); }
floor_counts() { awk '{ is[$1] = $2 } END { if ("attempts" in is) print is["attempts"], is["failures"] }' "$1"; }
floor_version() { echo -; }

loadgen_command() { # loadgen-ENGINE stands for an engine of it
    rm -rf "$scratch/loadgen"
    command=("$loadgen" run -t "$threads" -c "$connections" -d "${seconds}s" ${kept:+-k} --quiet --output "$scratch/loadgen" "$url")
    [ "$tool" = loadgen ] || command+=(--engine "${tool#loadgen-}")
}
loadgen_counts() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
             { print $at["attempts"], $at["attempts"] - $at["http_2xx"] + $at["reset_finish"] }' "$scratch/loadgen/runs.csv"
}
loadgen_failures() { # what they were, to go behind their number; the others do not say it in one place
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; separator = ": "; next }
             { printf "%s%d %s in %s", separator, $at["count"], $at["cause"], $at["phase"]; separator = ", " }' "$scratch/loadgen/outcomes.csv"
}
loadgen_version() { "$loadgen" --version | awk '{ print $2; exit }'; }

wrk_command() {
    command=(wrk -t "$threads" -c "$connections" -d "${seconds}s" "$url")
    [ -n "$kept" ] || command+=(-H 'Connection: close')
}
wrk_counts() { # its requests are those answered
    awk '/requests in/ { requests = $1; found = 1 }
         /Socket errors:/ { gsub(/,/, ""); for (i = 3; i < NF; i += 2) errors += $(i + 1) }
         /Non-2xx/ { bad = $NF }
         END { if (found) print requests + errors, errors + bad }' "$1"
}
wrk_version() { { wrk -v 2>&1 || true; } | sed -n 's|^wrk [a-z]*/*\([0-9][^ ]*\) .*|\1|p'; }

ab_command() { command=(ab -q ${kept:+-k} -t "$seconds" -n "$((seconds * 1000000))" -c "$connections" "$url"); } # -t alone ends at 50,000
ab_counts() {
    awk '/^Complete requests:/ { complete = $NF; found = 1 } /^Failed requests:/ { failed = $NF } /^Non-2xx/ { bad = $NF }
         END { if (found) print complete, failed + bad }' "$1"
}
ab_version() { ab -V | awk '/Version/ { print $5; exit }'; }

hey_command() {
    command=(env GOMAXPROCS="$threads" hey -z "${seconds}s" -c "$connections" "$url")
    [ -n "$kept" ] || command=("${command[@]:0:3}" -disable-keepalive "${command[@]:3}")
}
hey_counts() {
    awk '/^Status code distribution:/ { status = found = 1 } /^Error distribution:/ { status = 0; errors = 1 }
         status && $1 ~ /^\[[0-9]+\]$/ { all += $2; if ($1 != "[200]") bad += $2 }
         errors && $1 ~ /^\[[0-9]+\]$/ { gsub(/[][]/, "", $1); all += $1; bad += $1 }
         END { if (found) print all, bad + 0 }' "$1"
}
hey_version() { dpkg-query --show --showformat='${Version}' hey 2>/dev/null || echo -; } # it doesn't know its own

h2load_command() {
    [ -n "$kept" ] || return 1
    command=(h2load --h1 -t "$threads" -D "$seconds" -c "$connections" "$url")
}
h2load_counts() {
    awk '/^requests:/ { gsub(/,/, ""); for (i = 2; i < NF; i += 2) is[$(i + 1)] = $i; print is["done"], is["done"] - is["succeeded"] }' "$1"
}
h2load_version() { h2load --version | sed 's|.*/||'; }

installed() {
    case $1 in
        floor | loadgen*) true ;;
        *) command -v "$1" >/dev/null ;;
    esac
}
