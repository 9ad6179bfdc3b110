#!/usr/bin/env bash
# The comparison with other load generators, for the one that is always here: exact in every column,
# or exit code 1.
. "$(dirname "$0")/expect.sh"

expect 0 '| loadgen | 100 -> reset in await 100 | 100 -> closed in await 100 | 100 -> reset in receive 100 | 100 -> closed in receive 100 | 100 -> reset in finish 100 | exact |' \
    "$scripts/peers.sh" --no-build --preset "$(basename "$tree")" --tools loadgen
finish
