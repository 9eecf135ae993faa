#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Eight services in a 64-QAM multiplex of 38 Mb/s, on the air with eight days
# of programme guide, in GB2312 and in UTF-8: what is received equals the
# rendering, nothing is wrong with it, and every name is read back.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=25275
PORT=$((20000 + $$ % 20000))
SECONDS_ON_AIR=25

station_make && station_media || exit 1
cp "$STATION" "$TMP/plain.cfg"
station_multiplex "$TMP/gb2312.cfg" gb2312 $PORT
station_multiplex "$TMP/utf8.cfg" utf8 $PORT
NOW=$(date +%s)
# On the join grid, and a whole second, for every service.
START=$((((NOW + 4) / 3 * 3) * 25))

make_plans() {
    local n
    for n in 1 2 3 4 5 6 7 8; do
        mkdir -p "$STATE/plans/m$n"
        "$BUILD/tests/make-week" "$TMP/gb2312.cfg" "$STATE/plans/m$n" m$n $START $n >"$TMP/names.$n" || return 1
    done
    cat "$TMP"/names.? >"$TMP/names"
    echo "$(wc -l <"$TMP/names") named lessons"
}

# status_of CHANNEL: in $TMP/told, that one alone.
status_of() {
    LC_ALL=C ketang status --station "$TMP/gb2312.cfg" "$1" >"$TMP/told" 2>&1 &&
        [ "$(grep -c '^m[1-8] ' "$TMP/told")" -eq 1 ] && grep -q "^$1 " "$TMP/told" &&
        [ "$(ketang status --station "$TMP/gb2312.cfg" --json "$1" | grep -c '"transport"')" -eq 1 ]
}

# What is muted has no rate, and the answer says how it is sent again.
one_is_told() {
    local status=0
    status_of m3 && grep -q ' Mb/s' "$TMP/told" || status=1
    LC_ALL=C ketang mute --station "$TMP/gb2312.cfg" multiplex | grep -qF '`ketang mute multiplex --off`' || status=1
    status_of m3 && grep -q ' MUTED ' "$TMP/told" && ! grep ' Mb/s' "$TMP/told" || status=1
    ketang mute --station "$TMP/gb2312.cfg" multiplex --off || status=1
    LC_ALL=C ketang status --station "$TMP/gb2312.cfg" m9 2>&1 | grep -q "no channel 'm9'; did you mean m" || status=1
    [ $status -eq 0 ] || cat "$TMP/told"
    return $status
}

airs() {
    local status
    ketang-playout --station "$TMP/gb2312.cfg" --trust-clock 2>"$TMP/engine.log" &
    local engine=$!
    "$BUILD/tests/udp-capture" 127.0.0.1 $PORT $SECONDS_ON_AIR $K "$TMP/wire.ts" >"$TMP/captured"
    status=$?
    one_is_told >"$TMP/one" 2>&1 || { status=1; cat "$TMP/one"; }
    kill -TERM $engine
    wait $engine
    cat "$TMP/captured" "$TMP/engine.log"
    [ $status -eq 0 ] && [ "$(grep -c 'event=adopt ' "$TMP/engine.log")" -eq 8 ]
}

read_captured() {
    read -r _ FIRST _ SLOTS _ <"$TMP/captured"
}

equals_rendering() {
    read_captured
    ketang render --station "$TMP/gb2312.cfg" --transport multiplex --first-slot "$FIRST" \
        --slots "$SLOTS" -o "$TMP/render.ts" && cmp "$TMP/wire.ts" "$TMP/render.ts"
}

is_right() {
    read_captured
    "$BUILD/tests/ts-check" --slots-per-second $K --first-slot "$FIRST" "$1" >"$TMP/checked"
    local status=$?
    tail -n 40 "$TMP/checked"
    return $status
}

has_all_services() {
    ffprobe -v error -show_entries program=program_id:program_tags=service_name -of csv=p=0 "$1" |
        sort -u >"$TMP/programs"
    cat "$TMP/programs"
    local n
    for n in 1 2 3 4 5 6 7 8; do
        grep -q "^$((200 + n)),.*第$n套电视课堂" "$TMP/programs" || return 1
    done
}

render_utf8() {
    read_captured
    ketang render --station "$TMP/utf8.cfg" --transport multiplex --first-slot "$FIRST" \
        --slots $((SLOTS)) -o "$TMP/utf8.ts"
}

# names_are_back FILE SELECTOR CHARSET: libdvbpsi's events against what was planned.
# GB2312 is read as GBK, which is the same but for the dash: iconv's GB2312 takes
# A1AA for U+2015, and Chinese boxes for U+2014.
names_are_back() {
    local day=$((START / 25 / 86400 * 86400))
    # It complains of new versions, which a plan that comes on air brings.
    "$BUILD/tests/dvbpsi-read" --events "$1" >"$TMP/events" 2>/dev/null || return 1
    # service_id event_id start duration hex(name) hex(text)
    awk '{ print $1, $3, $4 }' "$TMP/events" >"$TMP/times"
    awk -v selector="$2" '{ sub("^" selector, "", $5); printf "%s0a", $5 }' "$TMP/events" |
        perl -ne 'print pack("H*", $_)' | iconv -f "$3" -t UTF-8 >"$TMP/read" || return 1
    paste -d' ' "$TMP/times" "$TMP/read" | sort -u >"$TMP/is"
    awk -v from=$day -v to=$((day + 8 * 86400)) '$2 >= from && $2 < to' "$TMP/names" | sort -u >"$TMP/should"
    # Present and following of each service are among them, and nothing else.
    diff "$TMP/should" "$TMP/is" | head -n 10
    echo "$(wc -l <"$TMP/is") names read, $(wc -l <"$TMP/should") planned"
    cmp -s "$TMP/should" "$TMP/is"
}

tshark_reads_the_names() {
    tshark -r "$TMP/utf8.ts" -Y dvb_eit -T fields -E occurrence=a -E aggregator='|' \
        -e mpeg_descr.short_evt.name 2>/dev/null | tr '|' '\n' | sed 's/^\x15//' | grep . | sort -u >"$TMP/tshark"
    cut -d' ' -f4- "$TMP/should" | sort -u >"$TMP/titles"
    comm -23 "$TMP/titles" "$TMP/tshark" | head -n 5
    [ -s "$TMP/tshark" ] && [ -z "$(comm -23 "$TMP/titles" "$TMP/tshark")" ]
}

monitor() {
    ketang monitor --against "$TMP/gb2312.cfg" --transport multiplex "$@" >"$TMP/monitored"
    local status=$?
    grep -v '^  ' "$TMP/monitored" | tail -n 30
    return $status
}

monitor_finds_nothing() {
    monitor "$TMP/wire.ts" && grep -q "equal, 0 differ, 0 missing, 0 too many" "$TMP/monitored"
}

# spoil FAULT EXPECTED: the first packet that is not as on the tape is named.
spoil() {
    "$BUILD/tests/ts-spoil" "$1" <"$TMP/wire.ts" >"$TMP/spoilt.ts" 2>"$TMP/place" || return 1
    local planted
    planted=$(awk '{print $2}' "$TMP/place")
    monitor "$TMP/spoilt.ts"
    [ $? -eq 1 ] || return 1
    cat "$TMP/place"
    grep -qE "^packet $planted .*$2" "$TMP/monitored"
}

is_bound() {
    grep -qi ":$(printf %04X $1) " /proc/net/udp
}

# In a terminal, while it comes: on the screen, and when that has been left.
screen_names_the_difference() {
    local port=$((PORT + 1)) planted sender
    "$BUILD/tests/ts-spoil" transport-error 30000 <"$TMP/wire.ts" >"$TMP/spoilt.ts" 2>"$TMP/place" || return 1
    planted=$(awk '{print $2}' "$TMP/place")
    (
        wait_for 10 is_bound $port
        exec "$BUILD/tests/ts-send" 38014700 udp 127.0.0.1 $port <"$TMP/spoilt.ts"
    ) 2>/dev/null &
    sender=$!
    TERM=xterm LC_ALL=C.UTF-8 script -qefc "stty cols 120 rows 40; exec ketang monitor --seconds 9 \
        --against $TMP/gb2312.cfg --transport multiplex udp://127.0.0.1:$port" "$TMP/typescript" \
        </dev/null >/dev/null
    local status=$?
    kill $sender 2>/dev/null
    wait $sender
    # Up to where the screen is left, and what is behind it.
    sed '/\x1b\[?1049l/q' "$TMP/typescript" >"$TMP/on-screen"
    sed '1,/\x1b\[?1049l/d' "$TMP/typescript" | tr -d '\r' >"$TMP/behind"
    tail -n 15 "$TMP/behind"
    [ $status -eq 1 ] && grep -q "first difference: packet $planted " "$TMP/on-screen" &&
        grep -q "^packet $planted .*1 packet differs from the tape, from byte 1" "$TMP/behind" &&
        grep -q "^The first difference: packet $planted " "$TMP/behind"
}

# What is wrong with the station file is told, not wiped away with the screen.
screen_leaves_problems() {
    TERM=xterm LC_ALL=C.UTF-8 script -qefc "ketang monitor --against $TMP/none.cfg --transport multiplex \
        udp://127.0.0.1:$((PORT + 1))" "$TMP/typescript" </dev/null >/dev/null
    [ $? -eq 2 ] || return 1
    cat "$TMP/typescript"
    grep -q "none.cfg" "$TMP/typescript" && ! grep -q $'\x1b\[?1049h' "$TMP/typescript"
}

tap "eight plans of nine days are made" make_plans
tap "the multiplex airs in real time" airs
tap "what is received equals the rendering" equals_rendering
tap "the independent reader finds nothing wrong with it" is_right "$TMP/wire.ts"
tap "ketang monitor finds nothing, and nothing that is not on the tape" monitor_finds_nothing
tap "a damaged packet is named" spoil transport-error "1 packet differs from the tape, from byte 1"
tap "a lost packet is named" spoil lost "1 packet of the tape did not come"
tap "the full screen names a damaged packet" screen_names_the_difference
tap "the full screen does not hide why there is nothing to compare with" screen_leaves_problems
tap "all eight services are named by ffprobe" has_all_services "$TMP/wire.ts"
tap "libdvbpsi reads every name of eight days in GB2312" names_are_back "$TMP/wire.ts" 13 GBK
tap "the same is rendered in UTF-8" render_utf8
tap "libdvbpsi reads every name of eight days in UTF-8" names_are_back "$TMP/utf8.ts" 15 UTF-8
tap "nothing is wrong with that either" is_right "$TMP/utf8.ts"
if command -v tshark >/dev/null; then
    tap "tshark reads the same names" tshark_reads_the_names
else
    tap_skip "tshark reads the same names" "tshark is not installed"
fi
tap_done
