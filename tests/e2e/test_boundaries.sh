#!/bin/bash
# SPDX-License-Identifier: MIT
#
# On the air across what a clock has in store: PCR and PTS that begin anew, and
# the last midnight of a year, here and in UTC.  The engine's clock is ahead.
# What is received equals the rendering, and nothing is wrong with it.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=2325
PORT=$((20000 + $$ % 20000))

# The plan is on the join grid, and its first window opens with a second.
choose_times() {
    local boundary=$1
    LEAD=14
    OPENS=$((boundary - 5))
    while [ $(((OPENS * 25 + LEAD) % 3)) -ne 0 ]; do OPENS=$((OPENS - 1)); done
    LENGTH=$((boundary - OPENS + 5))
}

plans() {
    rm -rf "$STATE"
    mkdir -p "$STATE/plans/zhangdian"
    touch "$STATE/clock-ahead" # the plan comes with a journal
    "$BUILD/tests/make-plan" "$MEDIA" "$STATE/plans/zhangdian" $((OPENS * 25 + LEAD)) $LENGTH 1 \
        zhangdian "$STATION" 4
}

airs() {
    local ahead=$((OPENS - 4 - $(date +%s)))
    ketang-playout --station "$STATION" --trust-clock --clock-ahead $ahead 2>"$TMP/engine.log" &
    local engine=$!
    ketang monitor --plain --seconds $((LENGTH + 5)) --against "$STATION" --transport zhangdian \
        "udp://127.0.0.1:$((PORT + 1))" >"$TMP/live" 2>&1 &
    local monitor=$!
    "$BUILD/tests/udp-capture" --ahead $ahead 127.0.0.1 $PORT $((LENGTH + 6)) $K "$TMP/wire.ts" >"$TMP/captured"
    local status=$?
    wait $monitor
    echo $? >"$TMP/live.status"
    kill -TERM $engine
    wait $engine
    cat "$TMP/captured" "$TMP/engine.log"
    return $status
}

# From the second in which the plan's first window opens to that in which its last one closes.
equals_rendering() {
    local first slots
    read -r _ first _ slots _ <"$TMP/captured"
    ketang render --station "$STATION" --transport zhangdian --first-slot "$first" --slots "$slots" \
        -o "$TMP/render.ts" && cmp "$TMP/wire.ts" "$TMP/render.ts" || return 1
    dd if="$TMP/wire.ts" of="$TMP/plan.ts" bs=188 skip=$((OPENS * K - first)) count=$((LENGTH * K)) 2>&1 | tail -1
    [ "$(stat -c %s "$TMP/plan.ts")" -eq $((LENGTH * K * 188)) ]
}

monitor_found_nothing() {
    tail -n 20 "$TMP/live"
    [ "$(cat "$TMP/live.status")" -eq 0 ] &&
        grep -q "equal, 0 differ, 0 missing, 0 too many" "$TMP/live"
}

against_the_tape() {
    ketang monitor --plain --against "$STATION" --transport zhangdian "$TMP/wire.ts" >"$TMP/against"
    local status=$?
    tail -n 5 "$TMP/against"
    [ $status -eq 0 ] && grep -q "equal, 0 differ, 0 missing, 0 too many" "$TMP/against"
}

is_right() {
    "$BUILD/tests/ts-check" --slots-per-second $K --first-slot $((OPENS * K)) --max-video-delay-ms 1000 \
        "$TMP/plan.ts" | tail -n 12
    [ "${PIPESTATUS[0]}" -eq 0 ]
}

is_silent() {
    local output
    output=$(ffmpeg -v error -i "$TMP/plan.ts" -f null - 2>&1 | head -n 20)
    echo "$output"
    [ -z "$output" ]
}

# across NAME SECOND
across() {
    choose_times "$2"
    tap "$1: a plan is made" plans
    tap "$1: it airs" airs
    tap "$1: what is received equals the rendering" equals_rendering
    tap "$1: ketang monitor, listening, found nothing" monitor_found_nothing
    tap "$1: ketang monitor finds nothing that is not on the tape" against_the_tape
    tap "$1: the independent reader finds nothing wrong with it" is_right
    tap "$1: ffmpeg decodes it without a murmur" is_silent
}

station_make && station_media || exit 1
station_alone <<END
        outputs: (
            { address = "127.0.0.1"; port = $PORT; ttl = 1; dscp = 34; },
            { address = "127.0.0.1"; port = $((PORT + 1)); ttl = 1; dscp = 34; }
        );
END

# 2^33 / 90000 s x 18750, and of UTC+8 and of UTC the end of 31 December 2026.
across "PCR and PTS begin anew" $(((1 << 33) * 18750 / 90000))
across "the year ends in China" 1798732800
across "the year ends in UTC" 1798761600
tap_done
