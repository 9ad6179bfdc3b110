#!/usr/bin/env bash
# The container as its file says: built on a bare Debian 13, then run as root and as an ordinary
# user.
. "$(dirname "$0")/root.sh"

if ! command -v buildah >/dev/null || ! command -v podman >/dev/null; then
    skip 'no buildah or no podman; ./scripts/setup.sh roots installs them'
fi
# Images of the test's own, and a runtime that starts wherever there is a control group.
storage=(--root "$scratch/storage" --runroot "$scratch/run")
runtime=()
[ -z "$(command -v runc)" ] || runtime=(--runtime runc)
make_root "$scratch/root" trixie
# Without what is mounted in it.
tar --create --one-file-system --directory "$scratch/root" . |
    podman "${storage[@]}" import --quiet - bare-debian >"$scratch/log" 2>&1 || give_up 'podman imports it'
buildah "${storage[@]}" bud --isolation chroot --network host --build-arg BASE=localhost/bare-debian --tag kb813531 \
    --file "$scripts/Containerfile" "$scripts/.." >"$scratch/log" 2>&1 || give_up 'the image is built'

for user in 0 1000; do
    results=$scratch/results-$user
    mkdir -m 777 "$results"
    podman "${storage[@]}" "${runtime[@]}" run --rm --network host --user "$user" --volume "$results:/src/results" \
        --ulimit nofile=2048:2048 --ulimit nproc=4096:4096 kb813531 --output results/run >"$scratch/log" 2>&1 ||
        { cut -c1-300 "$results/run/host.log" | tail -n 60; give_up "user $user: reproduced"; }
    cat "$scratch/log"
    resets=$(columns "$results/run/events.csv" rows where cause=reset,broken_pipe,aborted)
    expect_that "user $user: at least 100 resets, not $resets" test "$resets" -ge 100
    expect_that "user $user: as many victims as resets ($resets)" \
        test "$(columns "$results/run/victims.csv" rows)" -eq "$resets"
done
finish
