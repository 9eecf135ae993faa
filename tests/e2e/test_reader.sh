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

# Nothing but what FFmpeg really does: bursts of audio, PAT and PMT a little
# too seldom, no EIT; and what is legal, but not of our house: several frames
# a PES packet, no alignment flag.
finds_nothing_else() {
    ts-check --bitrate 3750000 --quiet --ignore \
        tb_overflow,b_overflow,house,section_interval,section_gap \
        "$TMP/3750000.ts"
}

# encode NAME SIZE:RATE VIDEO-OPTIONS -- AUDIO-OPTIONS
encode() {
    local file=$TMP/$1.ts source=$2 video=()
    shift 2
    while [ "$1" != -- ]; do
        video+=("$1")
        shift
    done
    shift
    nice ffmpeg -v error -y -f lavfi -i "testsrc2=s=$source" -f lavfi -i sine=1000:r=48000 \
        -t 2.5 "${video[@]}" "$@" -muxrate 6000000 -f mpegts "$file"
}

# recognises NAME VIDEO-FRAGMENT AUDIO-FRAGMENT MUXER-FAULTS: every access
# unit is judged, in order and in time; what the muxer does wrong is found.
recognises() {
    local kind
    ts-check --bitrate 6000000 --limit 1000 --ignore house "$TMP/$1.ts" >"$TMP/out"
    grep -q "kind=\"video\" $2 .*b_size=" "$TMP/out" &&
        grep -q "kind=\"audio\" $3 .*b_size=" "$TMP/out" || { cat "$TMP/out"; return 1; }
    for kind in ${4//,/ }; do
        grep -q "pid 0x01.. $kind" "$TMP/out" || { cat "$TMP/out"; return 1; }
    done
    ts-check --bitrate 6000000 --quiet --ignore \
        "house,section_interval,section_gap,section_version,not_empty,si_content,$4" "$TMP/$1.ts"
}

mpeg2_interlaced() {
    encode m2 720x576:r=25 -c:v mpeg2video -flags +ilme+ildct -top 1 -g 12 -bf 2 -b:v 3M \
        -minrate 3M -maxrate 3M -bufsize 1835008 -- -c:a mp2 -b:a 192k -ac 2 &&
        recognises m2 units=62 'units=10[45]' tb_overflow,b_overflow,mb_overflow
}

avc_interlaced() {
    encode avci 720x576:r=25 -c:v libx264 -preset ultrafast -flags +ilme+ildct \
        -x264-params aud=1:keyint=24:bframes=2:level=3.0:tff=1 -b:v 1500k -- \
        -c:a aac -b:a 128k -ac 2 &&
        recognises avci units=62 'units=11[5-9]' tb_overflow,b_overflow
}

# AC-3 in a private stream, named by its descriptor.
avc_of_50_frames() {
    encode avcp 640x360:r=50 -c:v libx264 -preset ultrafast \
        -x264-params aud=1:keyint=48:bframes=2:open-gop=1:level=3.2 -b:v 1500k -- \
        -c:a ac3 -b:a 192k -ac 2 -mpegts_flags system_b &&
        recognises avcp units=124 'units=7[5-9]' tb_overflow,b_overflow
}

# The HRD of its SPS makes Rx 2.4 Mb/s.
hevc() {
    encode hevc 416x240:r=50 -c:v libx265 -preset ultrafast -b:v 1500k -x265-params \
        log-level=error:aud=1:keyint=48:repeat-headers=1:hrd=1:vbv-maxrate=2000:vbv-bufsize=2000 \
        -- -c:a ac3 -b:a 192k -ac 2 &&
        recognises hevc units=124 'units=7[5-9]' tb_overflow,b_overflow &&
        grep -q 'rx_bps=2400000 .* b_size=250000' "$TMP/out"
}

# LATM is not judged, and said to be not.
hevc_latm() {
    encode latm 416x240:r=50 -c:v libx265 -preset ultrafast -b:v 1500k -x265-params \
        log-level=error:aud=1:keyint=48:repeat-headers=1 -- \
        -c:a aac -ac 2 -mpegts_flags latm || return 1
    ts-check --bitrate 6000000 --quiet --ignore \
        house,section_interval,section_gap,tb_overflow,mb_overflow "$TMP/latm.ts" >"$TMP/out"
    [ $? -eq 2 ] && grep -q 'cannot be judged: pid 0x0101: stream_type 0x11' "$TMP/out"
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
tap "interlaced MPEG-2 is judged" mpeg2_interlaced
tap "interlaced H.264 and AAC are judged" avc_interlaced
tap "50 frames a second, open GOPs and AC-3 are judged" avc_of_50_frames
tap "H.265 is judged" hevc
tap "AAC in LATM is not, and never passes" hevc_latm
head -c 1000000 /dev/zero >"$TMP/zeros"
: >"$TMP/empty"
tap "an empty file cannot be judged" refuses --bitrate 3750000 "$TMP/empty"
tap "a missing file cannot be judged" refuses --bitrate 3750000 "$TMP/missing"
tap "without a rate nothing is judged" refuses "$TMP/3750000.ts"
tap "zeros do not pass" eval '! ts-check --bitrate 3750000 --quiet "$TMP/zeros" >/dev/null'
tap_done
