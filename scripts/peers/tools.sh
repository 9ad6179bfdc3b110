# shellcheck shell=bash
# How each tool is called, and where in its output it speaks of failures. Sourced by scripts/peers.sh.
#
# TOOL_command MODE sets `command`; MODE is close (a connection per request) or keep-alive, and URL stands for the URL. It fails
# where the tool has no such mode.
# TOOL_report OUT ERR, the tool's stdout and stderr, prints a line `COUNT<tab>NAME` for every kind of failure that it names,
# and before them `COUNT<tab>=NAME` if it has a total of its own. Nothing when the tool made no report.
# shellcheck disable=SC2034,SC2154 # command is read, requests, connections, scratch and the paths are set by peers.sh

wrk_command() { # it knows no number of requests
    command=(wrk -t 1 -c "$connections" -d 2s URL)
    [ "$1" = keep-alive ] || command=(wrk -t 1 -c "$connections" -d 2s -H 'Connection: close' URL)
}
wrk_report() {
    awk '/requests in/ { print "0\t" }
         /Socket errors:/ { gsub(/,/, ""); for (i = 3; i < NF; i += 2) print $(i + 1) "\t" $i }
         /Non-2xx/ { print $NF "\tNon-2xx or 3xx" }' "$1"
}

ab_command() { # -s: its patience, 30 s by default
    command=(ab -q -s 5 -n "$requests" -c "$connections" URL)
    [ "$1" = close ] || command=(ab -q -s 5 -k -n "$requests" -c "$connections" URL)
}
ab_report() {
    awk '/^Failed requests:/ { print $NF "\t=Failed" }
         /\(Connect:/ { gsub(/[(),:]/, ""); for (i = 1; i < NF; i += 2) print $(i + 1) "\t" $i }
         /^Non-2xx/ { print $NF "\tNon-2xx" }' "$1"
}

ab_r_command() {
    ab_command "$1"
    command=(ab -r "${command[@]:1}")
}
ab_r_report() { ab_report "$@"; }

hey_command() {
    command=(hey -n "$requests" -c "$connections" URL)
    [ "$1" = keep-alive ] || command=(hey -n "$requests" -c "$connections" -disable-keepalive URL)
}
hey_report() { # each error stands there with its own port: by the last words
    awk '/^Status code distribution:/ { print "0\t" }
         /^Error distribution:/ { errors = 1; print "0\t"; next }
         errors && /\[[0-9]+\]/ { count = $1; gsub(/[][]/, "", count); sub(/.*: /, ""); sum[$0] += count }
         END { for (name in sum) print sum[name] "\t" name }' "$1"
}

h2load_command() {
    [ "$1" = keep-alive ] || return 1
    command=(h2load --h1 -n "$requests" -c "$connections" URL)
}
h2load_report() {
    awk '/^requests:/ { gsub(/,/, ""); for (i = 2; i < NF; i += 2) is[$(i + 1)] = $i
             print is["failed"] "\t=failed"; print is["errored"] "\terrored"; print is["timeout"] "\ttimeout" }' "$1"
}

h2load_D_command() {
    [ "$1" = keep-alive ] || return 1
    command=(h2load --h1 -D 2 -c "$connections" URL)
}
h2load_D_report() { h2load_report "$@"; }

siege_command() {
    printf '%s\n' "connection = $1" 'verbose = false' 'logging = false' 'json_output = true' >"$scratch/siegerc.$1"
    command=(siege -q -b -R "$scratch/siegerc.$1" -r "$((requests / connections))" -c "$connections" URL)
}
siege_report() { # it prints a line per error besides
    awk '/"failed_transactions":/ { gsub(/,/, ""); print $NF "\t=failed" }' "$1"
    awk '/error/ && /: / { sub(/.*: /, ""); sum["\"" $0 "\""]++ }
         END { for (name in sum) print sum[name] "\t" name }' "$2"
}

autocannon_command() { # -H Connection=close would go out beside its own Connection: keep-alive
    command=("$autocannon" --json -n -a "$requests" -c "$connections" URL)
    [ "$1" = keep-alive ] || command=("$autocannon" --json -n -a "$requests" -c "$connections" --reconnectRate 1 URL)
}
autocannon_report() {
    grep -o '"\(errors\|timeouts\|mismatches\|non2xx\)":[0-9]*' "$1" | tr -d '"' |
        awk -F: '{ print $2 "\t" ($1 == "errors" ? "=" : "") $1 }'
}

loadgen_command() {
    rm -rf "$scratch/loadgen"
    command=("$loadgen" run --quiet -n "$requests" -c "$connections" --output "$scratch/loadgen" URL)
    [ "$1" = close ] || command=("$loadgen" run --quiet -k "${command[@]:3}")
}
loadgen_report() {
    [ -e "$scratch/loadgen/outcomes.csv" ] || return 0
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "0\t"; next }
             { print $at["count"] "\t" $at["cause"] " in " $at["phase"] }' "$scratch/loadgen/outcomes.csv"
}
