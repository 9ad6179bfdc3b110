# shellcheck shell=bash
# Whether the machine was ours during a run. Sourced by scripts/bench.sh.
# shellcheck disable=SC2034,SC2154 # busy is read, and server_pid set, by bench.sh

# Sets `busy` to the clock ticks that everything but nginx has run so far, what the hypervisor took
# included.
ask_machine() {
    local user nice system irq softirq steal fields worker=''
    read -r _ user nice system _ _ irq softirq steal _ </proc/stat
    busy=$((user + nice + system + irq + softirq + steal))
    read -r worker _ <"/proc/$server_pid/task/$server_pid/children" 2>/dev/null || true
    if [ -n "$worker" ] && read -r -a fields 2>/dev/null <"/proc/$worker/stat"; then
        busy=$((busy - fields[13] - fields[14]))
    fi
}
ticks_per_second=$(getconf CLK_TCK)
