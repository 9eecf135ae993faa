#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The properties of the tape over ten thousand random stations, other ones each
# day (the seed is printed), and a minute on the air of all five channels.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

SEED=${KETANG_SEED:-$(date +%Y%m%d)}
PORTS=$((5100 + $$ % 900))
K=2325

many_plans() {
    KETANG_SEED=$SEED KETANG_PLANS=10000 "$BUILD/tests/unit/test_tape_plans" >"$TMP/plans.txt"
    local status=$?
    cat "$TMP/plans.txt"
    return $status
}

many_slices() {
    KETANG_SEED=$SEED "$BUILD/tests/unit/test_tape"
}

five_channels() {
    local channel n=0 frame failed=0 captures=()
    station_make && station_media || return 1
    sed -i "s/port = 500\([1-5]\)/port = $PORTS\1/" "$STATION"
    frame=$(((($(date +%s) + 8) * 25) / 3 * 3))
    for channel in zhangdian zhoucun linzi huantai gaoqing; do
        n=$((n + 1))
        mkdir -p "$STATE/plans/$channel"
        "$BUILD/tests/make-plan" "$MEDIA" "$STATE/plans/$channel" $frame 90 $((SEED + n)) &&
            rm "$STATE/plans/$channel/journal" &&
            sed -i "s/^channel: .*/channel: $channel/" "$STATE/plans/$channel/1.yaml"
    done
    ketang-playout --station "$STATION" --trust-clock 2>"$TMP/engine.log" &
    local engine=$!
    for n in 1 2 3 4 5; do
        "$BUILD/tests/udp-capture" 127.0.0.1 $PORTS$n 75 $K "$TMP/$n.ts" >"$TMP/$n.txt" &
        captures+=($!)
    done
    wait "${captures[@]}"
    kill -TERM $engine
    wait
    n=0
    for channel in zhangdian zhoucun linzi huantai gaoqing; do
        n=$((n + 1))
        read -r _ first _ slots _ <"$TMP/$n.txt"
        ketang render --station "$STATION" --transport $channel --first-slot "$first" \
            --slots "$slots" -o "$TMP/render.ts" && cmp "$TMP/$n.ts" "$TMP/render.ts" &&
            "$BUILD/tests/ts-check" --slots-per-second $K --first-slot "$first" --quiet \
                "$TMP/$n.ts" || failed=$((failed + 1))
        echo "$channel: $slots packets"
    done
    [ $failed -eq 0 ] || cat "$TMP/engine.log"
    [ $failed -eq 0 ]
}

echo "# seed $SEED"
tap "ten thousand random stations are clean, seed $SEED" many_plans
grep '^# checked: ' "$TMP/plans.txt"
tap "slices of random plans are equal, seed $SEED" many_slices
tap "five channels are received as rendered, for 75 s" five_channels
tap_done
