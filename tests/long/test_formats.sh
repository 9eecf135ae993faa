#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Each house format: ten minutes with sixty joins of real material, ingested
# here, rendered, decoded without a murmur, and judged by ts-check and monitor
# (uhd: a minute, its encoder is slow).  KETANG_FORMATS chooses some of them.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

FORMATS=${KETANG_FORMATS:-sd sd-mpeg2 hd hd-720p50 uhd}

# Bit rate of a transport of one service.
rate_of() {
    case $1 in
    sd) echo 3500000 ;;
    sd-mpeg2) echo 5400000 ;;
    hd) echo 10000000 ;;
    hd-720p50) echo 8000000 ;;
    uhd) echo 20000000 ;;
    esac
}

# A second in which a window opens, after 08:00 in China: then the file begins
# and ends between two items.  The plan starts a lead later, on every join grid.
choose_start() {
    LEAD=14
    [ "$1" = sd-mpeg2 ] && LEAD=6
    SECOND=1795392000
    while [ $(((SECOND * 25 + LEAD) % 24)) -ne 0 ]; do SECOND=$((SECOND + 1)); done
    K=$(($(rate_of "$1") / 1504 / 25 * 25))
}

# A station of one channel of the format.
make_station() {
    STATION=$TMP/$1.cfg MEDIA=$TMP/$1.media STATE=$TMP/$1.state
    station_make
    grep -m 1 '^ *outputs:' "$STATION" | station_alone
    sed -i -e '/^transports:/,$s/profile = "sd"/profile = "'"$1"'"/' \
        -e '/^transports:/,$s/bitrate_bps = .*/bitrate_bps = '"$(rate_of "$1")"';/' "$STATION"
}

make_media() {
    tests/support/make_format_media.sh "$MEDIA" "$STATION" "$1"
}

plan_joins() {
    local plans=$STATE/plans/zhangdian events
    mkdir -p "$plans"
    "$BUILD/tests/make-plan" "$MEDIA" "$plans" $((SECOND * 25 + LEAD)) "$LENGTH" "${KETANG_SEED:-1}" \
        zhangdian "$STATION" "$ITEM" >"$TMP/events" || return 1
    cat "$TMP/events"
    read -r events _ <"$TMP/events"
    [ "$events" -gt "$JOINS" ]
}

render() {
    ketang render --station "$STATION" --transport zhangdian --first-slot $((SECOND * K)) \
        --slots $((LENGTH * K)) -o "$TMP/format.ts"
}

# But for the last second: the file ends within an access unit of audio.
is_silent() {
    local output
    output=$(ffmpeg -v error -t $((LENGTH - 1)) -i "$TMP/format.ts" -f null - 2>&1 | head -n 20)
    echo "$output"
    [ -z "$output" ]
}

is_right() {
    "$BUILD/tests/ts-check" --slots-per-second $K --first-slot $((SECOND * K)) \
        --max-video-delay-ms 1000 "$TMP/format.ts" | tail -n 12
    [ "${PIPESTATUS[0]}" -eq 0 ]
}

monitor_finds_nothing() {
    ketang monitor --plain "$TMP/format.ts" | grep -v '^  ' | tail -n 12
    [ "${PIPESTATUS[0]}" -eq 0 ]
}

for format in $FORMATS; do
    LENGTH=${KETANG_LENGTH:-600} ITEM=12 JOINS=$((LENGTH / 10))
    [ "$format" = uhd ] && LENGTH=60 ITEM=2 JOINS=20
    make_station "$format"
    choose_start "$format"
    tap "$format: material is made" make_media "$format"
    tap "$format: there are more than $JOINS joins in the plan" plan_joins
    tap "$format: $LENGTH s are rendered" render
    tap "$format: ffmpeg decodes it without a murmur" is_silent
    tap "$format: the independent reader finds nothing wrong" is_right
    tap "$format: ketang monitor finds nothing in any priority" monitor_finds_nothing
    rm -rf "$TMP/format.ts" "$TMP/$format.media"
done
tap_done
