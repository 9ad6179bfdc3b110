# One mode's runs to a table on stdout and, given `csv`, to rows of that file. A line of input is a
# run: mode, connections, threads, tool, version, answers per second, CPU us per attempt, user CPU
# us per attempt, failures, memory per connection in KiB or -, cores used by others.
# Called by scripts/bench.sh.

BEGIN { FS = OFS = "\t" }

{
    key = $4 "\t" $3
    if (!(key in runs)) { keys[++rows] = key; tool[key] = $4; threads[key] = $3; version[key] = $5 }
    n = ++runs[key]
    mode = $1; connections = $2
    rate[key, n] = $6; cpu[key, n] = $7; user[key, n] = $8; failures[key] += $9
    if ($10 != "-") { memory[key, n] = $10; has_memory[key] = 1 }
    others["all", NR] = $11
    widest = runs[key] > widest ? runs[key] : widest
}

# Sorts samples[key, 1..n] into `sorted` and gives the median.
function median(samples, key, n,    i, j, value) {
    for (i = 1; i <= n; i++) {
        value = samples[key, i] + 0
        for (j = i - 1; j > 0 && sorted[j] > value; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = value
    }
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
function ratio(value, floor) { return floor > 0 ? sprintf("%.2f", value / floor) : "" }
function range(format, low, high) { return sprintf(format " to " format, low, high) }

END {
    printf "  %-18s %9s  %-18s %8s  %9s  %-16s %8s %7s %9s%s\n", "tool", "answers/s", "", "to floor", "CPU us", "", "to floor", \
        "user us", "failures", mode == "many-connections" ? "  KiB/connection" : ""
    for (i = 1; i <= rows; i++) {
        key = keys[i]; n = runs[key]
        rates = median(rate, key, n); rate_low = sorted[1]; rate_high = sorted[n]
        cpus = median(cpu, key, n); cpu_low = sorted[1]; cpu_high = sorted[n]
        users = median(user, key, n)
        if (tool[key] == "floor") { floor_rate = rates; floor_cpu = cpus }
        kib = has_memory[key] ? sprintf("%.2f", median(memory, key, n)) : ""
        name = tool[key] (mode == "threads" ? " -t " threads[key] : "")
        printf "  %-18s %9d  %-18s %8s  %9.2f  %-16s %8s %7.2f %9d%s%s\n", name, rates, range("%d", rate_low, rate_high), \
            ratio(rates, floor_rate), cpus, range("%.2f", cpu_low, cpu_high), ratio(cpus, floor_cpu), users, \
            failures[key], kib == "" ? "" : sprintf("  %14s", kib), n < widest ? sprintf("  (%d of %d runs)", n, widest) : ""
        if (csv != "")
            printf "%s,%d,%d,%s,%s,%d,%.1f,%.1f,%.1f,%.3f,%.3f,%.3f,%s,%d,%s,%.3f\n", mode, connections, threads[key], tool[key], \
                version[key], n, rates, rate_low, rate_high, cpus, cpu_low, cpu_high, ratio(cpus, floor_cpu), failures[key], kib, users >>csv
    }
    if (NR == 0) exit
    printf "  Other processes used %.2f of a core (median), ", median(others, "all", NR)
    printf "%.2f at most.\n", sorted[NR]
}
