#!/bin/sh
# What fleet.sh runs on each machine, under whatever sh is there, as
#     sh -c THIS fleet LOADGEN OPTION-OF-RUN...
# Commands come line by line on stdin; the first line is a folder to make. When stdin ends, the load
# ends: so it does, too, when the connection is lost.
loadgen=$1
shift
umask 077
read -r folder || exit 4
mkdir "$folder" "$folder/results" || exit 4
echo 0 >"$folder/late"

nanoseconds() {
    time=$(date +%s%N)
    case $time in *[!0-9]*) time=$(date +%s)000000000 ;; esac # a date without %N
    echo "$time"
}

# wait_until EPOCH: notes how late it was, in ms; 0 if it was not.
wait_until() {
    left=$(($1 * 1000 - $(nanoseconds) / 1000000))
    [ "$left" -lt 0 ] && late=$((-left)) || late=0
    echo "$late" >"$folder/late"
    [ "$left" -gt 0 ] || return 0
    sleep "$((left / 1000)).$(printf %03d $((left % 1000)))" >/dev/null 2>&1 &
    sleeping=$!
    trap 'kill "$sleeping"; exit 130' TERM
    wait "$sleeping"
    trap - TERM
}

start=
while read -r command argument; do
    case $command in
        copy)
            head -c "$argument" >"$folder/loadgen" && chmod +x "$folder/loadgen" || exit 4
            loadgen=$folder/loadgen ;;
        version) "$loadgen" --version 2>&1 | head -n 1 ;;
        time) nanoseconds ;;
        start) start=$argument; break ;;
    esac
done
if [ -z "$start" ]; then # stdin ended before
    rm -rf "$folder"
    exit 130
fi

# TERM and not INT, which a shell has its background processes ignore until they say otherwise.
exec 3<&0
(wait_until "$start" && exec "$loadgen" run "$@" --output "$folder/results" >"$folder/results/output.txt") </dev/null 3<&- &
load=$!
(read -r _ <&3; kill "$load") >/dev/null 2>&1 &
watcher=$!
wait "$load"
code=$?
kill "$watcher" 2>/dev/null

echo "ended $code $(cat "$folder/late")"
tar -C "$folder/results" -cf - . && rm -rf "$folder"
