#!/usr/bin/env bash
# One machine of a fleet, seen from here: connects, agrees on the start, waits for the end, gathers.
# fleet.sh has GNU parallel run it for each machine, and its exit code is that of the load there.
# All it needs to know is in FLEET_ variables.
set -euo pipefail

machine=${1:?to be run by fleet.sh}
trap '' PIPE # a lost connection is told by what comes back
trap 'echo "$?" >"$FLEET_WORK/codes/$machine"' EXIT

# GNU parallel puts the machine's name before each line.
say() { echo "fleet.sh: $1" >&2; }
give_up() {
    say "$1"
    exit 4
}

read -r -a ssh <<<"$FLEET_SSH"
# It starts when told to: bash forgets a coprocess that ends before it was looked at.
coproc REMOTE { read -r _ && exec "${ssh[@]}" "$machine" "$(cat "$FLEET_WORK/command")"; }
ssh_pid=$REMOTE_PID
exec {from}<&"${REMOTE[0]}" {to}>&"${REMOTE[1]}" {REMOTE[0]}<&- {REMOTE[1]}>&-
echo start >&"$to"
# fleet.sh alone holds the other end: when it stops the loads, or dies, this ends.
exec {lifeline}<"$FLEET_WORK/lifeline"

folder=/tmp/loadgen-fleet-$FLEET_ID-$machine
echo "$folder" 1>&"$to" 2>/dev/null || give_up 'no connection'

# ask QUESTION: sets $reply.
ask() {
    if ! { echo "$1" 1>&"$to" 2>/dev/null && IFS= read -r -t "$FLEET_PATIENCE" -u "$from" reply; }; then
        give_up 'no connection, or none in time'
    fi
}

if [ -n "$FLEET_COPY" ]; then
    { echo "copy $(stat -L -c %s "$FLEET_COPY")" && cat "$FLEET_COPY"; } 1>&"$to" 2>/dev/null || give_up 'no connection to copy loadgen over'
fi
ask version
[[ $reply == 'loadgen '* ]] || give_up "loadgen can't run there: $reply (--loadgen PATH says where it is, --copy brings it)"
version=$reply

# The second answer: the first may have waited for the other end to be ready.
for _ in 1 2; do
    before=${EPOCHREALTIME/[.,]/}
    ask time
    after=${EPOCHREALTIME/[.,]/}
done
offset=$((reply / 1000 - (before + after) / 2))
within=$(((after - before + 1) / 2))
if [ $((${offset#-} - within)) -gt 500000 ]; then
    say "its clock is $((offset / 1000)) ms ahead of ours: its load starts so much too early, and its times are so far off"
fi

echo "start $FLEET_START" 1>&"$to" 2>/dev/null || give_up 'the connection was lost before the start'
cat <&"$lifeline" 1>&"$to" 2>/dev/null &
keeper=$!
exec {to}>&- {lifeline}<&-

lost="the connection was lost; what was measured may be in $folder there"
read -r -u "$from" word code late || give_up "$lost"
[ "$word" = ended ] || give_up "$lost"
mkdir -p "$FLEET_OUTPUT/$machine"
tar -xf - -C "$FLEET_OUTPUT/$machine" <&"$from" || give_up "$lost"
kill "$keeper" 2>/dev/null || true
wait "$ssh_pid" || true

echo "$machine,$version,$code,$offset,$within,$late" >>"$FLEET_OUTPUT/machines.csv"
[ "$late" -eq 0 ] || say "late: it began $late ms after the agreed start; a longer --lead gives it time to connect"
[ "$code" -eq 0 ] || [ "$code" -eq 130 ] || say "its loadgen ended with exit code $code"
exit "$code"
