#!/bin/bash
# SPDX-License-Identifier: MIT
#
# ketang monitor: planted faults, each found, named and located, and nothing
# else, in a stream of our own and in streams that others' muxers made; and
# the same streams from the network.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=
PATH=$BUILD/tests:$PATH

# --- The streams -------------------------------------------------------------

make_own() {
    station_make
    ketang ingest --slate --media "$MEDIA" &&
        ketang render --station "$STATION" --transport zhangdian \
            --from 2026-11-23T08:00:00+08:00 --seconds 46 -o "$TMP/own.ts"
}

# make_ffmpeg FILE [OPTION...]
make_ffmpeg() {
    local file=$1
    shift
    nice ffmpeg -v error -y -f lavfi -i testsrc2=s=720x576:r=25 -f lavfi -i sine=1000:r=48000 \
        -t 11 -c:v libx264 -preset ultrafast -x264-params aud=1:keyint=24:bframes=2:level=3.0 \
        -b:v 1500k -maxrate 2M -bufsize 1M -c:a mp2 -b:a 192k -ac 2 "$@" -f mpegts "$file"
}

make_gstreamer() {
    timeout 120 gst-launch-1.0 -q mpegtsmux name=mux bitrate=4000000 alignment=7 \
        ! filesink location="$TMP/gst.ts" \
        videotestsrc num-buffers=275 ! video/x-raw,width=720,height=576,framerate=25/1 \
        ! x264enc speed-preset=ultrafast bitrate=1500 key-int-max=24 bframes=0 \
        ! video/x-h264,profile=main ! h264parse ! mux. \
        audiotestsrc num-buffers=515 ! audio/x-raw,rate=48000,channels=2 \
        ! twolamemp2enc bitrate=192 ! mpegaudioparse ! mux.
}

# --- Judging -----------------------------------------------------------------

# judge FILE [OPTION...]: the indicators that are found, in $found, and the
# packet of the first event, in $where.
judge() {
    ketang monitor --plain "$@" >"$TMP/said" 2>&1
    status=$?
    found=$(awk '$2 == "s" && $5 == "packet" {print $3}' "$TMP/said" | sort -uV | paste -sd ' ')
    where=$(awk -v id="${found##* }" '$2 == "s" && $3 == id {print $6; exit}' "$TMP/said")
}

# finds STREAM IGNORED FAULT "INDICATORS" REACH: the fault is found as just
# these, the last of them at most REACH packets behind the place.
finds() {
    local stream=$1 ignored=$2 fault=$3 expected=$4 reach=$5 planted
    ts-spoil "$fault" <"$TMP/$stream.ts" >"$TMP/spoilt.ts" 2>"$TMP/place" ||
        { cat "$TMP/place"; return 1; }
    planted=$(awk '{print $2}' "$TMP/place")
    judge ${ignored:+--ignore "$ignored"} "$TMP/spoilt.ts"
    if [ "$found" != "$expected" ] || [ "$status" -ne $((${#expected} > 0)) ] ||
        { [ -n "$expected" ] && [ $((where - planted)) -lt 0 -o $((where - planted)) -gt "$reach" ]; }; then
        echo "planted at packet $planted; found '$found' at '$where', expected '$expected'; status $status"
        cat "$TMP/said"
        return 1
    fi
}

is_clean() {
    judge "$@"
    cat "$TMP/said"
    [ -z "$found" ] && [ "$status" -eq 0 ]
}

finds_just() {
    local expected=$1
    shift
    judge "$@"
    cat "$TMP/said"
    [ "$found" = "$expected" ] && [ "$status" -eq 1 ]
}

# The buffers that the muxer overflows, with their sizes.
overflows() {
    ketang monitor --json "$1" | tr -d ' \n' >"$TMP/said"
    grep -oE "\"kind\":\"audio\"[^}]*" "$TMP/said" | tee "$TMP/audio"
    local tb b
    tb=$(sed 's/.*"tb_peak":\([0-9]*\).*/\1/' "$TMP/audio")
    b=$(sed 's/.*"b_peak":\([0-9]*\).*/\1/' "$TMP/audio")
    [ "$tb" -gt 512 ] && [ "$b" -gt 3584 ]
}

# --- Faults ------------------------------------------------------------------
# Fault, indicators, how many packets later it may be told. What is missing is
# told when its time is over (at some 2400 packets a second).
FAULTS="lost|1.4|60
doubled||0
trebled|1.4|0
swapped|1.4|0
sync-byte|1.2|0
sync-loss|1.1 1.2|0
transport-error|2.1|0
scrambled|2.6|0
pcr-jump|2.3|0
pcr-stray|2.3|0
pcr-jitter|2.4|0
pcr-gap|2.3|0
crc-pat|2.2|0
crc-pmt|2.2|0
no-pat|1.3|1400
no-pmt|1.5|1400
no-audio|1.6|14000
stranger|3.4|0
pts-gap|2.5|3000
pts-jump|2.5|0"
TABLE_FAULTS="crc-sdt|2.2|0
no-sdt|3.5|5400
crowded|3.5|0"
OWN_FAULTS="no-eit|3.2 3.6|5400
no-tdt|3.2 3.8|71000
burst|3.3|40"

# try_all STREAM IGNORED NAME FAULTS
try_all() {
    local stream=$1 ignored=$2 name=$3 fault expected reach
    while IFS='|' read -r fault expected reach; do
        tap "$name, $fault: ${expected:-nothing}" finds "$stream" "$ignored" "$fault" "$expected" "$reach"
    done <<<"$4"
}

tap "a stream of ours is rendered" make_own
tap "a stream of ours has nothing wrong" is_clean "$TMP/own.ts"
try_all own "" "ours" "$FAULTS
$TABLE_FAULTS
$OWN_FAULTS"

tap "ffmpeg makes a stream of constant rate" make_ffmpeg "$TMP/ff.ts" -muxrate 3750000
tap "ffmpeg's known faults are found, no others" finds_just "3.1 3.3 3.6" "$TMP/ff.ts"
tap "ffmpeg overflows the buffers of sound" overflows "$TMP/ff.ts"
try_all ff 3.1,3.3,3.6 "ffmpeg's" "$FAULTS
$TABLE_FAULTS"

if command -v gst-launch-1.0 >/dev/null; then
    tap "GStreamer makes a stream" make_gstreamer
    tap "GStreamer's missing tables and bursts are found, no others" \
        finds_just "3.1 3.3 3.5 3.6" "$TMP/gst.ts"
    try_all gst 3.1,3.3,3.5,3.6 "GStreamer's" "$FAULTS"
fi

# --- From the network --------------------------------------------------------

# from_wire FAULT PROTOCOL ADDRESS URL "INDICATORS": a stream of ours arrives.
from_wire() {
    local fault=$1 protocol=$2 address=$3 url=$4 expected=$5 sender
    ts-send 3496800 "$protocol" "$address" "${url##*:}" "$fault" <"$TMP/own.ts" 2>"$TMP/sent" &
    sender=$!
    ketang monitor --json --seconds 8 "$url$WHERE" >"$TMP/wire.json" 2>"$TMP/said"
    status=$?
    kill $sender 2>/dev/null
    wait $sender 2>/dev/null
    found=$(tr -d ' \n' <"$TMP/wire.json" | grep -oE '"id":"[0-9.]+","name":"[A-Za-z_]+","priority":[0-9],"ignored":false,"count":[1-9]' |
        sed 's/"id":"\([0-9.]*\)".*/\1/' | paste -sd ' ')
    echo "found '$found', expected '$expected', status $status"
    cat "$TMP/said"
    grep -A 8 '"input"' "$TMP/wire.json"
    [ "$found" = "$expected" ] && [ "$status" -eq $((${#expected} > 0)) ] &&
        grep -q '"bps": 3496800' "$TMP/wire.json"
}

WHERE=
port=$((20000 + $$ % 20000))
tap "datagrams to an address are clean" from_wire none udp 127.0.0.1 "udp://127.0.0.1:$port" ""
tap "a pause is told" from_wire pause udp 127.0.0.1 "udp://127.0.0.1:$port" "1.1"
tap "a lost datagram is told" from_wire lose udp 127.0.0.1 "udp://127.0.0.1:$port" "1.4"
tap "RTP over IPv6 that is overtaken is put in order" from_wire swap rtp ::1 "rtp://[::1]:$port" ""
tap "it is counted" grep -q '"reordered": 1' "$TMP/wire.json"
tap "RTP that comes twice is taken once" from_wire double rtp 127.0.0.1 "rtp://127.0.0.1:$port" ""
tap "it is counted too" grep -q '"duplicates": 1' "$TMP/wire.json"
WHERE="?localaddr=127.0.0.1"
tap "a lost datagram of an RTP group is told" from_wire lose rtp 239.255.77.1 "rtp://239.255.77.1:$port" "1.4"
tap "seven packets are known to be lost" grep -q '"lost": 7' "$TMP/wire.json"

# RTP on udp://, behind a datagram of something else and silence.
stray_first() {
    local monitor sender
    ketang monitor --json --seconds 9 "udp://127.0.0.1:$port" >"$TMP/wire.json" 2>"$TMP/said" &
    monitor=$!
    until grep -q ":$(printf %04X "$port") " /proc/net/udp; do
        kill -0 $monitor || return 1
        sleep 0.1
    done
    echo hello >"/dev/udp/127.0.0.1/$port"
    sleep 1.5
    ts-send 3496800 rtp 127.0.0.1 "$port" none <"$TMP/own.ts" 2>"$TMP/sent" &
    sender=$!
    wait $monitor
    status=$?
    kill $sender 2>/dev/null
    wait $sender 2>/dev/null
    cat "$TMP/said"
    grep -A 8 '"input"' "$TMP/wire.json"
    [ $status -eq 0 ] && grep -q '"rtp": true' "$TMP/wire.json" &&
        grep -q '"foreign": 1' "$TMP/wire.json"
}
tap "a stray datagram does not decide what the stream is" stray_first

# start_monitor OPTION...: in the background, once it listens; its process in $monitor.
start_monitor() {
    ketang monitor "$@" "udp://127.0.0.1:$port" >"$TMP/said" 2>&1 &
    monitor=$!
    until grep -q ":$(printf %04X "$port") " /proc/net/udp; do
        kill -0 $monitor || return 1
        sleep 0.1
    done
}

stray_amid() {
    local sender
    start_monitor --json --seconds 8 || return 1
    ts-send 3496800 udp 127.0.0.1 "$port" none <"$TMP/own.ts" 2>"$TMP/sent" &
    sender=$!
    sleep 5
    echo hello >"/dev/udp/127.0.0.1/$port"
    wait $monitor
    status=$?
    kill $sender 2>/dev/null
    wait $sender 2>/dev/null
    grep -A 8 '"input"' "$TMP/said"
    [ $status -eq 0 ] && grep -q '"foreign": 1' "$TMP/said"
}
tap "a stray datagram amid a stream is left out, and counted" stray_amid

# More comes than the machine takes: with all indicators ignored, that is what remains.
crowded_out() {
    start_monitor --plain --ignore "$(printf '%s,' 1.{1..6} 2.{1..6} 3.{1..9})3.10" || return 1
    kill -STOP $monitor
    cat "$TMP/own.ts" "$TMP/own.ts" "$TMP/own.ts" |
        ts-send 2000000000 udp 127.0.0.1 "$port" none 2>"$TMP/sent"
    kill -CONT $monitor
    sleep 1
    head -c 400000 "$TMP/own.ts" | ts-send 3496800 udp 127.0.0.1 "$port" none 2>"$TMP/sent"
    kill -TERM $monitor
    wait $monitor
    status=$?
    tail -n 3 "$TMP/said"
    [ $status -eq 2 ] && grep -q "found no room on this machine" "$TMP/said"
}
tap "what finds no room here is not called well" crowded_out

stopped_while_reading() {
    rm -f "$TMP/fifo"
    mkfifo "$TMP/fifo"
    ketang monitor --plain - <"$TMP/fifo" >"$TMP/said" 2>&1 &
    local monitor=$!
    exec 7>"$TMP/fifo"
    cat "$TMP/own.ts" >&7
    kill -TERM $monitor
    wait $monitor
    status=$?
    exec 7>&-
    cat "$TMP/said"
    [ $status -eq 0 ] && grep -q "errors of priority 1: 0, 2: 0, 3: 0" "$TMP/said"
}
tap "it may be stopped while it reads standard input" stopped_while_reading

# --- What cannot be judged ---------------------------------------------------

refuses() {
    ketang monitor "$@" >"$TMP/said" 2>&1
    status=$?
    cat "$TMP/said"
    [ $status -eq 2 ]
}

is_packed_in() {
    ketang monitor --json --ignore 3.1 "$2" >"$TMP/said" && grep -q "\"packet_size\": $1" "$TMP/said"
}

says_not_constant() {
    ketang monitor --plain --ignore 3.1,3.6 "$1" >"$TMP/said"
    status=$?
    cat "$TMP/said"
    [ $status -eq 2 ] && grep -q "not judged: buffers" "$TMP/said"
}

pack() {
    perl -e 'binmode STDIN; binmode STDOUT; local $/ = \188;
        while (<STDIN>) { print $ARGV[0], $_, $ARGV[1] }' "$1" "$2" <"$TMP/own.ts"
}

pack "" "0123456789abcdef" >"$TMP/parity.ts"
pack "0123" "" >"$TMP/stamped.ts"
tail -c +100 "$TMP/own.ts" >"$TMP/middle.ts"
head -c 1000000 /dev/zero >"$TMP/zeros"
: >"$TMP/empty"
tap "packets of 204 bytes are recognised" is_packed_in 204 "$TMP/parity.ts"
tap "packets of 192 bytes are recognised" is_packed_in 192 "$TMP/stamped.ts"
tap "a file may begin in the middle of a packet" is_packed_in 188 "$TMP/middle.ts"
tap "ffmpeg makes a stream without a constant rate" make_ffmpeg "$TMP/vbr.ts"
tap "a rate that is not constant is said" says_not_constant "$TMP/vbr.ts"
tap "zeros are refused" refuses "$TMP/zeros"
tap "an empty file is refused" refuses "$TMP/empty"
tap "a missing file is refused" refuses "$TMP/missing"
tap "an unknown indicator is refused" refuses --ignore 4.1 "$TMP/own.ts"
tap "a rate that is none is refused" refuses --bitrate 0.5 "$TMP/own.ts"
tap "an endless time is refused" refuses --seconds 1e10 "$TMP/own.ts"
tap "an address without a port is refused" refuses udp://127.0.0.1
tap "and it is said how one is made" grep -q "Write udp://ADDRESS:PORT" "$TMP/said"
tap "silence is refused" refuses --seconds 1 "udp://127.0.0.1:$port"
tap_done
