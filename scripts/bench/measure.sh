# shellcheck shell=bash
# The runs of a mode, and what each costs. Sourced by scripts/bench.sh.
# shellcheck disable=SC2034,SC2154 # the settings are in bench.sh

exec {never}<> <(:) # reading it with a time limit is a pause without a process

# Runs `command` and sets attempts, failures, wall, cpu and user (s), peak (KiB), opened and asked
# (by nginx) and others (cores that somebody else used). Fails if the tool gave no numbers.
measure() {
    local limit pid key value system TIMEFORMAT='%3R %3U %3S'
    ask_status || fail "nginx does not answer any more"
    ask_machine
    others=$busy opened=$nginx_accepts asked=$nginx_requests peak=0 attempts=0 failures=0
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
    opened=$((nginx_accepts - opened - 1)) asked=$((nginx_requests - asked - 1))
    read -r wall user system < <(tail -n 1 "$scratch/time")
    read -r cpu others < <(awk "BEGIN { cpu = $user + $system
        printf \"%.3f %.3f\\n\", cpu, ($others / $ticks_per_second - cpu) / $wall }")
    read -r attempts failures < <(tool_do counts "$tool" "$scratch/out" 2>/dev/null) && [ "${attempts:-0}" -gt 0 ]
}

# nginx's counts against the tool's; what was in flight at the end may differ.
cross_check() {
    local slack=$((asked / 100 + connections)) apart=$((attempts - asked))
    [ "${apart#-}" -le "$slack" ] || note "warning: $tool says $attempts attempts, nginx counted $asked requests"
    if [ -n "$kept" ]; then
        [ "$opened" -ge "$connections" ] || note "warning: $tool opened only $opened of $connections connections"
        [ "$opened" -le "$slack" ] ||
            note "warning: $tool opened $opened connections for $asked requests in keep-alive mode"
    else
        [ "$opened" -ge $((asked - slack)) ] || note "warning: $tool opened only $opened connections for $asked requests"
    fi
}

# What loadgen's failures were, to go behind their number. The others do not say it in one place.
failures_by_kind() {
    if [[ $tool != loadgen* ]]; then return; fi
    loadgen_report | awk -F'\t' '$1 > 0 { printf "%s%d %s", (n++ ? ", " : ": "), $1, $2 }'
}

# One run of TOOL:THREADS to a line in $scratch/runs.
sample() {
    local tool=${1%:*} threads=${1#*:} base='' memory=- try
    if [ "$mode" = many-connections ]; then
        connections=1 seconds=$short
        tool_do command "$tool"
        if measure; then base=$peak; fi
        connections=$many seconds=$seconds_of_many
    fi
    for ((try = 0; try <= retries; ++try)); do
        [ "$try" -eq 0 ] || sleep 2
        tool_do command "$tool"
        measure || { note "$tool gave no numbers: $(tail -n 1 "$scratch/err")"; code=1; return; }
        [[ ! $others =~ ^(-|0\.0) ]] || break # under 0.1
    done
    cross_check
    [ "$failures" -eq 0 ] || note "$tool: $failures of $attempts attempts failed$(failures_by_kind)"
    if [ -n "$base" ]; then memory=$(awk "BEGIN { printf \"%.3f\", ($peak - $base) / ($connections - 1) }"); fi
    awk -v OFS='\t' "BEGIN {
        print \"$mode\", $connections, $threads, \"$tool\", \"$(tool_do version "$tool")\", ($attempts - $failures) / $wall,
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
