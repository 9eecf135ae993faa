#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Demonstration lessons: films as a teacher would hand them in.
. "$(dirname "$0")/../tap.sh"
export TMPDIR=$TMP

# stream FILE ENTRY: of both streams, joined by commas.
streams() {
    ffprobe -v error -show_entries "stream=$2" -of csv=p=0 "$1" | sort | paste -sd ' '
}

makes_a_lesson() {
    ketang demo --lesson KT-05 --seconds 12 -o "$TMP/lesson.mp4" || return 1
    [ "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$TMP/lesson.mp4")" = 12.000000 ] &&
        [ "$(streams "$TMP/lesson.mp4" codec_name)" = 'aac h264' ] &&
        [ "$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets \
            -of csv=p=0 "$TMP/lesson.mp4")" = 300 ] &&
        ! ffmpeg -v error -i "$TMP/lesson.mp4" -f null - 2>&1 | grep .
}

# The loudest sound of a file, in dB.
max_volume() {
    ffmpeg -v info -i "$1" -vn -af volumedetect -f null - 2>&1 | sed -n 's/.*max_volume: \(-*[0-9]*\).*/\1/p'
}

speaks() {
    [ "$(max_volume "$TMP/lesson.mp4")" -gt -20 ]
}

# The clock and the bar move: no second looks like the one before.
moves() {
    local seconds
    seconds=$(ffmpeg -v error -i "$TMP/lesson.mp4" -an -vf fps=1 -f framemd5 - | grep -v '^#' |
        awk '{ print $NF }' | sort -u | wc -l)
    [ "$seconds" -ge 11 ] || { echo "$seconds different pictures in 12 s"; return 1; }
}

# Whatever PATH holds, espeak-ng is not in it.
is_silent_without_espeak() {
    PATH=$TMP/empty "$BUILD/ketang-demo" --lesson KT-01 --seconds 10 -o "$TMP/silent.mp4" 2>"$TMP/err" &&
        grep -q espeak-ng "$TMP/err" && [ "$(max_volume "$TMP/silent.mp4")" -lt -80 ]
}

takes_any_title() {
    ketang demo --title '古诗 "村居": 100% 春天' --lesson X-7 --seconds 10 -o "$TMP/other.mp4"
}

refuses() {
    local status
    ketang demo "$@" >"$TMP/out" 2>"$TMP/err"
    status=$?
    [ "$status" -eq 2 ] && [ -s "$TMP/err" ] && [ ! -e "$TMP/refused.mp4" ]
}

leaves_nothing_when_it_cannot_write() {
    ! ketang demo --lesson KT-01 --seconds 10 -o "$TMP/no/such/folder.mp4" 2>"$TMP/err" &&
        grep -q "no/such/folder.mp4" "$TMP/err"
}

no_leftovers() {
    ! find "$TMP" -name 'ketang-demo-*' | grep .
}

# Every lesson that the timetables name is there, under the same title.
fits_the_timetables() {
    local number title
    ketang demo --list | grep '^KT-' | while IFS=$'\t' read -r number _ _ _ title; do
        grep -q "$number, .*title: $title," schedules/*.yaml || { echo "$number $title"; exit 1; }
    done
}

tap "a lesson has pictures and sound of the wanted length" makes_a_lesson
tap "a voice is heard" speaks
tap "the clock moves in every second" moves
tap "without espeak-ng the lesson is silent, and says so" is_silent_without_espeak
tap "a title may hold any characters" takes_any_title
tap "too short is refused" refuses --lesson KT-01 --seconds 9 -o "$TMP/refused.mp4"
tap "a word for a number is refused" refuses --lesson KT-01 --seconds ten -o "$TMP/refused.mp4"
tap "a missing output is refused" refuses --lesson KT-01
tap "a missing lesson is refused" refuses -o "$TMP/refused.mp4"
tap "a folder that is not there is said" leaves_nothing_when_it_cannot_write
tap "no temporary folder is left behind" no_leftovers
if ls schedules/*.yaml >/dev/null 2>&1; then
    tap "lessons fit the timetables" fits_the_timetables
fi
tap_done
