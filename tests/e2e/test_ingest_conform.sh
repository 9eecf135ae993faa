#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What ingest does beside bringing a film into the house format: sides of
# upright pictures, sound on one side, subtitles; and that an asset which is
# handed in again is taken as it is.  The ffmpeg program looks at the results.
. "$(dirname "$0")/../tap.sh"

CLIPS=$TMP/clips
MEDIA=$TMP/media
mkdir -p "$CLIPS" "$MEDIA"

clip() { # NAME ffmpeg-argument...
    local name=$1
    shift
    nice ffmpeg -v error -nostdin -y "$@" "$CLIPS/$name" </dev/null || {
        echo "Bail out! ffmpeg cannot make $name"
        exit 1
    }
}

# station NAME CONFORM-SETTINGS: the station with such a group in its first house format.
station() {
    awk -v group="$2" '{ print } /name = "sd";/ { print "        conform: { " group " };" }' \
        schedules/station.cfg >"$TMP/$1.cfg"
}

ingest() { nice ketang-ingest --station "${STATION:-schedules/station.cfg}" --media "$MEDIA" --preset ultrafast "$@" </dev/null; }

asset() { # HOUSE-NUMBER: path of its newest asset, without the ending
    local json
    json=$(grep -lF "\"house_number\": \"$1\"" "$MEDIA"/*.json | xargs ls -t | head -n 1)
    echo "${json%.json}"
}

# luma NUMBER X Y WIDTH HEIGHT: the mean of such a part of its pictures, half a second in.
luma() {
    ffprobe -v error -f lavfi -i "movie=$(asset "$1").mp4:seek_point=0.5,trim=end_frame=1,crop=$4:$5:$2:$3,signalstats" \
        -show_entries frame_tags=lavfi.signalstats.YAVG -of csv=p=0 | cut -d. -f1
}

# channel NUMBER FILTER: the RMS level of what the filter makes of its sound, in whole dB.
channel() {
    ffmpeg -v info -nostdin -i "$(asset "$1").mp4" -vn -af "$2,astats=measure_perchannel=none:measure_overall=RMS_level" \
        -f null - 2>&1 | sed -n 's/.*RMS level dB: \(-\{0,1\}[0-9inf]*\).*/\1/p'
}

is_between() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "$1 is not from $2 to $3"; return 1; }; }

# --- Sides ---------------------------------------------------------------------

clip upright.mp4 -f lavfi -i color=c=0x808080:s=270x480:r=25:d=1.5 -f lavfi -i sine=d=1.5 -c:v libx264 -preset ultrafast -c:a aac
station black 'sides = "black"'
ingest --house-number UP "$CLIPS/upright.mp4" >"$TMP/out" 2>&1 || cat "$TMP/out"
STATION=$TMP/black.cfg ingest --house-number UP-BLACK "$CLIPS/upright.mp4" >>"$TMP/out" 2>&1 || cat "$TMP/out"
sides_are() { # NUMBER FROM TO: left and right, and the middle untouched
    is_between "$(luma "$1" 20 200 60 100)" "$2" "$3" &&
        is_between "$(luma "$1" 640 200 60 100)" "$2" "$3" &&
        is_between "$(luma "$1" 330 200 60 100)" 120 132
}
tap "an upright picture has itself at its sides, darker" sides_are UP 50 85
tap "or black, where the station wants that" sides_are UP-BLACK 16 17

# --- Sound ---------------------------------------------------------------------

tone() { echo "sine=f=$1:d=2,volume=0.5"; }
clip left.mov -f lavfi -i testsrc2=s=320x240:r=25:d=2 -f lavfi -i "$(tone 300),pan=stereo|c0=c0" -c:v libx264 -preset ultrafast -c:a pcm_s16le
clip opposed.mov -f lavfi -i testsrc2=s=320x240:r=25:d=2 -f lavfi -i "$(tone 400),pan=stereo|c0=c0|c1=-1*c0" -c:v libx264 -preset ultrafast -c:a pcm_s16le
ingest --house-number LEFT "$CLIPS/left.mov" >"$TMP/left" 2>&1
ingest --house-number OPPOSED "$CLIPS/opposed.mov" >"$TMP/opposed" 2>&1
station raw 'mend_sound = false'
STATION=$TMP/raw.cfg ingest --house-number RAW "$CLIPS/left.mov" >"$TMP/raw" 2>&1
both_sides() { # NUMBER: right is as loud as left, and their sum no quieter
    local left right sum
    left=$(channel "$1" 'pan=mono|c0=c0') right=$(channel "$1" 'pan=mono|c0=c1') sum=$(channel "$1" 'pan=mono|c0=0.5*c0+0.5*c1')
    echo "left $left right $right sum $sum"
    is_between "$right" $((left - 1)) $((left + 1)) && is_between "$sum" $((left - 1)) $((left + 1))
}
tap "sound on the left alone comes from both sides" both_sides LEFT
tap "sides that cancel each other out do not any more" both_sides OPPOSED
one_side() { [ "$(channel RAW 'pan=mono|c0=c1')" = -inf ]; }
tap "unless the station leaves it as it is" one_side
tells() { grep -q 'mended' "$TMP/left" && grep -q 'mended' "$TMP/opposed" && ! grep -q 'mended' "$TMP/raw"; }
tap "whoever hands it in is told" tells

# --- Subtitles -----------------------------------------------------------------

printf '1\n00:00:00,500 --> 00:00:01,500\n三年级语文：荷花\n' | iconv -t GB18030 >"$CLIPS/said.srt"
printf '%s\n' '[Script Info]' 'PlayResX: 720' 'PlayResY: 576' '[V4+ Styles]' \
    'Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Alignment, MarginL, MarginR, MarginV' \
    'Style: Default,楷体,60,&H00FFFFFF,0,8,10,10,40' '[Events]' 'Format: Start, End, Style, Text' \
    'Dialogue: 0:00:00.20,0:00:02.00,Default,荷花' >"$CLIPS/top.ass"
for name in said top plain; do
    clip "$name.mp4" -f lavfi -i color=c=0x303030:s=640x360:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -preset ultrafast -c:a aac
done
ingest --house-number SAID "$CLIPS/said.mp4" >"$TMP/out" 2>&1 || cat "$TMP/out"
ingest --house-number TOP --subtitles "$CLIPS/top.ass" "$CLIPS/plain.mp4" >"$TMP/out" 2>&1 || cat "$TMP/out"
ingest --house-number UNSAID --subtitles none "$CLIPS/said.mp4" >"$TMP/out" 2>&1 || cat "$TMP/out"
# brightest NUMBER TIME Y HEIGHT: the brightest luma of so many lines.
brightest() {
    ffprobe -v error -f lavfi -i "movie=$(asset "$1").mp4,select='gte(t,$2)',trim=end_frame=1,crop=720:$4:0:$3,signalstats" \
        -show_entries frame_tags=lavfi.signalstats.YMAX -of csv=p=0 | cut -d. -f1
}
said_in_time() { # below, in the safe area, while they last
    is_between "$(brightest SAID 1 440 100)" 200 255 && is_between "$(brightest SAID 1 0 400)" 0 70 &&
        is_between "$(brightest SAID 1 548 28)" 0 70 && is_between "$(brightest SAID 0.2 0 576)" 0 70 &&
        is_between "$(brightest SAID 1.7 0 576)" 0 70
}
tap "subtitles beside the film, in GBK, are read in their time and place" said_in_time
as_laid_out() { is_between "$(brightest TOP 1 40 80)" 200 255 && is_between "$(brightest TOP 1 200 376)" 0 70; }
tap "those in ASS stand where their author put them" as_laid_out
unsaid() { is_between "$(brightest UNSAID 1 0 576)" 0 70; }
tap "or nowhere, when asked" unsaid
printf 'no subtitles\n' >"$CLIPS/empty.srt"
refused() { # FILE WORDS
    ! ingest --house-number BAD --subtitles "$1" "$CLIPS/plain.mp4" >"$TMP/out" 2>"$TMP/err" || return 1
    cat "$TMP/err"
    grep -q "$2" "$TMP/err" && ! grep -q BAD "$MEDIA"/*.json
}
tap "what is no subtitles is told" refused "$CLIPS/empty.srt" 'nothing that can be shown'
tap "so is what is no text" refused "$CLIPS/upright.mp4" 'neither in UTF-8'

# --- An asset, handed in again ---------------------------------------------------

clip lesson.mp4 -f lavfi -i testsrc2=s=640x360:r=25:d=4 -f lavfi -i sine=d=4 -c:v libx264 -preset ultrafast -c:a aac
ingest --slate >"$TMP/out" 2>&1 || cat "$TMP/out"
ingest --house-number LESSON "$CLIPS/lesson.mp4" >"$TMP/out" 2>&1 || cat "$TMP/out"
cp "$(asset LESSON).mp4" "$CLIPS/export.mp4"
sha=$(basename "$(asset LESSON)")
again() {
    rm "$(asset LESSON)".*
    ingest --house-number LESSON "$CLIPS/export.mp4" >"$TMP/out" 2>&1 || { cat "$TMP/out"; return 1; }
    cat "$TMP/out"
    grep -q 'taken as it is' "$TMP/out" && [ "$(basename "$(asset LESSON)")" = "$sha" ]
}
tap "an asset that is handed in again is taken as it is, to the byte" again
reviewed() {
    python3 - "$MEDIA/reports/LESSON.sd.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["taken_as_is"] and report["ready"], report
assert abs(report["sound"]["lkfs"] + 24) < 0.5, report["sound"]
PYTHON
}
tap "and reviewed all the same" reviewed
as_film() { # FILE: becomes an asset of its own, with no word of being taken as it is
    ingest --house-number "OTHER-$1" "${@:2}" "$CLIPS/$1.mp4" >"$TMP/out" 2>&1 || { cat "$TMP/out"; return 1; }
    ! grep -q 'taken as it is' "$TMP/out" && [ "$(basename "$(asset "OTHER-$1")")" != "$sha" ]
}
damage() { # in the middle of its pictures, one byte
    cp "$CLIPS/export.mp4" "$CLIPS/damaged.mp4" && chmod u+w "$CLIPS/damaged.mp4" &&
        printf '\x55' | dd of="$CLIPS/damaged.mp4" bs=1 seek=$(($(stat -c %s "$CLIPS/export.mp4") / 2)) conv=notrunc status=none
}
damage
tap "one with a damaged byte is decoded and encoded, like any film" as_film damaged
tap "one that is to be a filler, too" as_film export --kind filler

# --- Its length, and its slot ------------------------------------------------------

mkdir "$TMP/timetables"
sed "s|timetables = \"schedules\"|timetables = \"$TMP/timetables\"|" schedules/station.cfg >"$TMP/short.cfg"
cp -r schedules/calendars "$TMP/timetables/"
sed -e 's|^  - {name: 第一节, .*|  - {name: 第一节, start: 08:00, end: 08:01}|' schedules/zhangdian.yaml >"$TMP/timetables/zhangdian.yaml"
clip brief.mp4 -f lavfi -i testsrc=s=320x180:r=25:d=2 -f lavfi -i sine=f=500:d=2 -c:v libx264 -preset ultrafast -c:a aac
clip minute.mp4 -f lavfi -i testsrc=s=160x90:r=5:d=63 -f lavfi -i sine=d=63 -c:v libx264 -preset ultrafast -c:a aac
finds() { # NUMBER FILE KIND WORDS
    STATION=$TMP/short.cfg ingest --house-number "$1" "$CLIPS/$2" >"$TMP/out" 2>&1
    cat "$TMP/out"
    grep -q "\"kind\": \"$3\"" "$MEDIA/reports/$1.sd.json" && grep -q "$4" "$MEDIA/reports/$1.sd.html"
}
tap "what is longer than its slot is told, with the time at which it is cut" finds KT-01 minute.mp4 too_long '3 s too long'
tap "what fills less than half of it, too" finds KT-02 brief.mp4 too_short 'less than half'

tap_done
