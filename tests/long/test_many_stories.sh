#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Many stories of a channel, other ones each time: every revision is judged.
# SEED=N of the unit test tells one of them again.
. "$(dirname "$0")/../tap.sh"

ROUNDS=40
FIRST=$(((RANDOM << 15 | RANDOM) * 1000))

stories() {
    local seed=$1
    SEED=$seed "$BUILD/tests/unit/test_revise_stories" >"$TMP/said" 2>&1 && return 0
    echo "SEED=$seed"
    grep -A 3 ERROR "$TMP/said"
    tail -n 12 "$TMP/said"
    return 1
}

for ((round = 0; round < ROUNDS; round += 10)); do
    all() {
        local i
        for ((i = round; i < round + 10; i++)); do
            stories $((FIRST + i * 100)) || return 1
        done
    }
    tap "stories from seed $((FIRST + round * 100)) are told in legal revisions" all
done
tap_done
