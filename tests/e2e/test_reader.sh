#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The independent reader against streams that neither it nor the tape made:
# FFmpeg's muxer, whose faults are known from the standard's arithmetic.
. "$(dirname "$0")/../tap.sh"

# make_stream BITRATE FILE
make_stream() {
    nice ffmpeg -v error -y -f lavfi -i testsrc2=s=720x576:r=25 -f lavfi -i sine=1000:r=48000 \
        -t 4 -c:v libx264 -preset ultrafast -x264-params aud=1:keyint=24:bframes=2:level=3.0 \
        -b:v 1500k -maxrate 2M -bufsize 1M -c:a mp2 -b:a 192k -ac 2 \
        -muxrate "$1" -f mpegts "$2"
}

# FFmpeg's audio PES packets are 16 packets behind each other: 3008 bytes
# x (1 - 2 Mb/s / rate) wait in a transport buffer of 512.
finds_burst() {
    local rate=$1 peak=$2
    make_stream "$rate" "$TMP/$rate.ts" || return 1
    ts-check --bitrate "$rate" --limit 1000 "$TMP/$rate.ts" >"$TMP/out"
    [ $? -eq 1 ] && grep -q 'pid 0x0101 tb_overflow' "$TMP/out" &&
        grep -q "kind=\"audio\".* tb_peak=$peak " "$TMP/out" &&
        grep -q 'pid 0x0101 b_overflow' "$TMP/out" || { cat "$TMP/out"; return 1; }
}

# Nothing but what FFmpeg really does: bursts of audio, several frames a PES
# packet, no alignment flag, PAT and PMT a little too seldom, no EIT.
finds_nothing_else() {
    ts-check --bitrate 3750000 --quiet --ignore \
        tb_overflow,b_overflow,access_unit,pes_syntax,section_interval,section_gap \
        "$TMP/3750000.ts"
}

refuses() {
    ts-check "$@" >"$TMP/out" 2>&1
    local status=$?
    cat "$TMP/out"
    [ $status -eq 2 ]
}

PATH=$BUILD/tests:$PATH
tap "bursts of audio are found at 3.75 Mb/s" finds_burst 3750000 1404
tap "bursts of audio are found at 8 Mb/s" finds_burst 8000000 2256
tap "bursts of audio are found at 38 Mb/s" finds_burst 38000000 2850
tap "nothing is found that is not there" finds_nothing_else
head -c 1000000 /dev/zero >"$TMP/zeros"
: >"$TMP/empty"
tap "an empty file cannot be judged" refuses --bitrate 3750000 "$TMP/empty"
tap "a missing file cannot be judged" refuses --bitrate 3750000 "$TMP/missing"
tap "without a rate nothing is judged" refuses "$TMP/3750000.ts"
tap "zeros do not pass" eval '! ts-check --bitrate 3750000 --quiet "$TMP/zeros" >/dev/null'
tap_done
