# shellcheck shell=bash disable=SC2034
# The load generators that bench.sh and peers.sh drive: all that is known of each. To be sourced.
#
# - TOOL_command sets `command`. It goes by $kept (empty: a connection per request), $connections,
#   $threads, $url, and by $seconds or $requests, one of which is empty. It fails if the tool has no
#   such mode.
# - TOOL_counts OUT prints `ATTEMPTS FAILURES` from the tool's stdout; nothing if it made no report.
# - TOOL_report OUT ERR prints a line `COUNT<tab>NAME` for each kind of failure that the tool names,
#   and before them `COUNT<tab>=NAME` if it has a total of its own; nothing if it made no report.
# - TOOL_version prints its version.
# bench.sh drives what has _counts, peers.sh what has _report. They set $loadgen, $floor,
# $autocannon and $scratch.

declare -A package_of=([wrk]=wrk [ab]=apache2-utils [hey]=hey [h2load]=nghttp2-client [siege]=siege) # Debian's

# tool_has WHAT TOOL: there is TOOL_WHAT. `tool_do WHAT TOOL ARGUMENT...` calls it.
# ab-r is a tool of its own, ab_r; loadgen-ENGINE is loadgen with that engine.
tool_has() { declare -F "$(function_of "$@")" >/dev/null; }
tool_do() { "$(function_of "$@")" "${@:3}"; }
function_of() { if [[ $2 = loadgen-* ]]; then echo "loadgen_$1"; else echo "${2//-/_}_$1"; fi; }

installed() {
    case $1 in
        floor | loadgen*) true ;;
        autocannon) [ -x "$autocannon" ] ;;
        *) command -v "${1%%-*}" >/dev/null ;;
    esac
}

# The engines that this system permits, in the order in which loadgen tries them.
loadgen_engines() { "$loadgen" --version | sed -n 's/^engines: *//p'; }
loadgen_command() {
    rm -rf "$scratch/loadgen"
    command=("$loadgen" run --quiet ${kept:+-k} -c "$connections")
    if [ -n "$seconds" ]; then command+=(-t "$threads" -d "${seconds}s"); else command+=(-n "$requests"); fi
    command+=(--output "$scratch/loadgen")
    [[ $tool != loadgen-* ]] || command+=(--engine "${tool#loadgen-}")
    command+=("$url")
}
loadgen_counts() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
             { print $at["attempts"], $at["attempts"] - $at["http_2xx"] + $at["reset_finish"] }' "$scratch/loadgen/runs.csv"
}
loadgen_report() {
    [ -e "$scratch/loadgen/outcomes.csv" ] || return 0
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "0\t"; next }
             { print $at["count"] "\t" $at["cause"] " in " $at["phase"] }' "$scratch/loadgen/outcomes.csv"
}
loadgen_version() { "$loadgen" --version | awk '{ print $2; exit }'; }

floor_command() { command=("$floor" ${kept:+-k} -c "$connections" -d "$seconds" 127.0.0.1 "$port" /); }
floor_counts() { awk '{ is[$1] = $2 } END { if ("attempts" in is) print is["attempts"], is["failures"] }' "$1"; }
floor_version() { echo -; }

wrk_command() { # it knows no number of requests
    command=(wrk -t "$threads" -c "$connections" -d "${seconds:-2}s")
    [ -n "$kept" ] || command+=(-H 'Connection: close')
    command+=("$url")
}
wrk_counts() { # its requests are those answered
    awk '/requests in/ { requests = $1; found = 1 }
         /Socket errors:/ { gsub(/,/, ""); for (i = 3; i < NF; i += 2) errors += $(i + 1) }
         /Non-2xx/ { bad = $NF }
         END { if (found) print requests + errors, errors + bad }' "$1"
}
wrk_report() {
    awk '/requests in/ { print "0\t" }
         /Socket errors:/ { gsub(/,/, ""); for (i = 3; i < NF; i += 2) print $(i + 1) "\t" $i }
         /Non-2xx/ { print $NF "\tNon-2xx or 3xx" }' "$1"
}
wrk_version() { { wrk -v 2>&1 || true; } | sed -n 's|^wrk [a-z]*/*\([0-9][^ ]*\) .*|\1|p'; }

ab_command() {
    local length=(-s 5 -n "$requests") # -s: its patience, 30 s by default
    [ -z "$seconds" ] || length=(-t "$seconds" -n "$((seconds * 1000000))") # -t alone ends at 50,000
    command=(ab -q ${kept:+-k} "${length[@]}" -c "$connections" "$url")
}
ab_counts() {
    awk '/^Complete requests:/ { complete = $NF; found = 1 } /^Failed requests:/ { failed = $NF } /^Non-2xx/ { bad = $NF }
         END { if (found) print complete, failed + bad }' "$1"
}
ab_report() {
    awk '/^Failed requests:/ { print $NF "\t=Failed" }
         /\(Connect:/ { gsub(/[(),:]/, ""); for (i = 1; i < NF; i += 2) print $(i + 1) "\t" $i }
         /^Non-2xx/ { print $NF "\tNon-2xx" }' "$1"
}
ab_version() { ab -V | awk '/Version/ { print $5; exit }'; }

ab_r_command() {
    ab_command
    command=(ab -r "${command[@]:1}")
}
ab_r_report() { ab_report "$@"; }

hey_command() {
    command=(hey -n "$requests")
    [ -z "$seconds" ] || command=(env GOMAXPROCS="$threads" hey -z "${seconds}s")
    command+=(-c "$connections")
    [ -n "$kept" ] || command+=(-disable-keepalive)
    command+=("$url")
}
hey_counts() {
    awk '/^Status code distribution:/ { status = found = 1 } /^Error distribution:/ { status = 0; errors = 1 }
         status && $1 ~ /^\[[0-9]+\]$/ { all += $2; if ($1 != "[200]") bad += $2 }
         errors && $1 ~ /^\[[0-9]+\]$/ { gsub(/[][]/, "", $1); all += $1; bad += $1 }
         END { if (found) print all, bad + 0 }' "$1"
}
hey_report() { # each error stands there with its own port: by the last words
    awk '/^Status code distribution:/ { print "0\t" }
         /^Error distribution:/ { errors = 1; print "0\t"; next }
         errors && /\[[0-9]+\]/ { count = $1; gsub(/[][]/, "", count); sub(/.*: /, ""); sum[$0] += count }
         END { for (name in sum) print sum[name] "\t" name }' "$1"
}
hey_version() { dpkg-query --show --showformat='${Version}' hey 2>/dev/null || echo -; } # it doesn't know its own

h2load_command() {
    [ -n "$kept" ] || return 1
    local length=(-n "$requests")
    [ -z "$seconds" ] || length=(-t "$threads" -D "$seconds")
    command=(h2load --h1 "${length[@]}" -c "$connections" "$url")
}
h2load_counts() {
    awk '/^requests:/ { gsub(/,/, ""); for (i = 2; i < NF; i += 2) is[$(i + 1)] = $i
             print is["done"], is["done"] - is["succeeded"] }' "$1"
}
h2load_report() {
    awk '/^requests:/ { gsub(/,/, ""); for (i = 2; i < NF; i += 2) is[$(i + 1)] = $i
             print is["failed"] "\t=failed"; print is["errored"] "\terrored"; print is["timeout"] "\ttimeout" }' "$1"
}
h2load_version() { h2load --version | sed 's|.*/||'; }

h2load_D_command() {
    local seconds=2
    h2load_command
}
h2load_D_report() { h2load_report "$@"; }

siege_command() {
    local connection=close
    [ -z "$kept" ] || connection=keep-alive
    printf '%s\n' "connection = $connection" 'verbose = false' 'logging = false' 'json_output = true' \
        >"$scratch/siegerc.$connection"
    command=(siege -q -b -R "$scratch/siegerc.$connection" -r "$((requests / connections))" -c "$connections" "$url")
}
siege_report() { # it prints a line per error besides
    awk '/"failed_transactions":/ { gsub(/,/, ""); print $NF "\t=failed" }' "$1"
    awk '/error/ && /: / { sub(/.*: /, ""); sum["\"" $0 "\""]++ }
         END { for (name in sum) print sum[name] "\t" name }' "$2"
}

autocannon_command() { # -H Connection=close would go out beside its own Connection: keep-alive
    command=("$autocannon" --json -n -a "$requests" -c "$connections")
    [ -n "$kept" ] || command+=(--reconnectRate 1)
    command+=("$url")
}
autocannon_report() {
    grep -o '"\(errors\|timeouts\|mismatches\|non2xx\)":[0-9]*' "$1" | tr -d '"' |
        awk -F: '{ print $2 "\t" ($1 == "errors" ? "=" : "") $1 }'
}
