#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The engine when something around it breaks: whoever reads its log dies, it
# was muted before it started, media is found damaged while on air.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=2325
PORTS=$((2000 + $$ % 3000)) # without their last digit
PORT=${PORTS}1
PLANS=$STATE/plans/zhangdian
PID=$TMP/engine.pid

# start_engine LOG
start_engine() {
    sh -c "echo \$\$ >'$PID'; exec ketang-playout --station '$STATION' --trust-clock" >/dev/null 2>"$1" &
    wait_for 5 test -s "$PID"
}

end_engine() {
    [ -s "$PID" ] || return 0
    kill "-$1" "$(cat "$PID")" 2>/dev/null
    wait_for 10 has_ended
    rm -f "$PID"
}

has_ended() {
    ! kill -0 "$(cat "$PID")"
}

trap 'end_engine KILL' EXIT

# Somebody waits for datagrams on $PORT.
is_heard() {
    grep -q ":$(printf %04X "$PORT") " /proc/net/udp
}

capture() {
    "$BUILD/tests/udp-capture" 127.0.0.1 "$PORT" "$1" $K "$2" >"$2.txt" &
    CAPTURE=$!
    wait_for 5 is_heard
}

word() {
    awk -v key="$2" '{ for (i = 1; i < NF; i++) if ($i == key) print $(i + 1) }' "$1.txt"
}

survives_its_log() {
    mkfifo "$TMP/log"
    head -n 1 "$TMP/log" >/dev/null &
    start_engine "$TMP/log"
    wait_for 10 status || return 1
    ketang mute --station "$STATION" zhangdian && ketang mute --station "$STATION" --off zhangdian
    sleep 0.5 # it is not to die: time itself is tested, for the log's thread to write
    kill -0 "$(cat "$PID")"
}

# A second of datagrams was due and held back.
has_held_back() {
    [ "$(status | sed -n 's/.*"muted_datagrams": *\([0-9]*\).*/\1/p' | head -n 1)" -ge $((K / 7)) ]
}

stays_silent_from_the_first_datagram() {
    ketang mute --station "$STATION" zhangdian || return 1
    end_engine KILL
    capture 1 "$TMP/silence.ts"
    start_engine "$TMP/engine.log"
    wait_for 9 has_held_back || { status; return 1; }
    [ ! -s "$TMP/silence.ts" ] || { ls -l "$TMP/silence.ts"; return 1; }
    ketang mute --station "$STATION" --off zhangdian
    wait $CAPTURE
}

# Leaves the asset of the first event, which has begun already and lasts 11 s or more, in $TMP/asset.
plan_of_a_long_item() {
    local seed
    end_engine TERM
    for seed in $(seq 1 200); do
        rm -f "$PLANS"/*
        "$BUILD/tests/make-plan" "$MEDIA" "$PLANS" $((($(date +%s%N) / 40000000 - 25) / 3 * 3)) \
            60 "$seed" || return 1
        awk '/asset:/ && !a { a = $2 } /duration:/ && !d { d = $2 } /in_point:/ && !p { p = $2 }
             END { if (d < 276) exit 1; print a }' "$PLANS/1.yaml" >"$TMP/asset" && return 0
    done
    return 1
}

# What it shows until the cut, and from there on, is what the journal says.
damage_is_cut_out_once() {
    plan_of_a_long_item || return 1
    local file
    file=$MEDIA/$(cat "$TMP/asset").mp4
    printf '\0' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 1)) conv=notrunc 2>/dev/null
    start_engine "$TMP/engine.log"
    capture 8 "$TMP/damage.ts"
    wait $CAPTURE || return 1
    cat "$PLANS/journal" "$TMP/engine.log"
    [ "$(grep -c '"substitute":1,' "$PLANS/journal")" -eq 1 ] || return 1
    ketang render --station "$STATION" --transport zhangdian -o "$TMP/damage.render" \
        --first-slot "$(word "$TMP/damage.ts" first-slot)" --slots "$(word "$TMP/damage.ts" slots)"
    cmp "$TMP/damage.ts" "$TMP/damage.render"
}

station_make
mkdir -p "$PLANS"
sed -i "s/port = 500/port = $PORTS/" "$STATION"
tap "real footage becomes assets" station_media
tap "it goes on when nobody reads its log any more" survives_its_log
tap "a muted channel is silent from the first datagram after a restart" \
    stays_silent_from_the_first_datagram
tap "media found damaged on air is cut out once, where the journal says" damage_is_cut_out_once
tap_done
