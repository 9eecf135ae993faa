#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A minute of a join-rich plan, real footage in it, rendered and read back by
# readers that did not write it: ts-check, libdvbpsi, ffprobe, ffmpeg.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

# 08:00:01 in China, a second whose start is the opening of a window: 25 s + 14
# frames is on the join grid.  So the file begins and ends between two items.
SECOND=1795392001
FRAME=$((SECOND * 25 + 14))
SLOTS=2325
FROM=2026-11-23T08:00:01+08:00

render() {
    ketang render --station "$STATION" --transport zhangdian "$@"
}

make_plan() {
    mkdir -p "$STATE/plans/zhangdian"
    "$BUILD/tests/make-plan" "$MEDIA" "$STATE/plans/zhangdian" "$FRAME" 60 "${KETANG_SEED:-1}"
}

has_whole_seconds() {
    [ "$(stat -c %s "$TMP/whole.ts")" -eq $((60 * SLOTS * 188)) ]
}

is_silent() {
    local output
    output=$(ffmpeg -v error -i "$TMP/whole.ts" -f null - 2>&1)
    echo "$output"
    [ -z "$output" ]
}

checks() {
    "$BUILD/tests/ts-check" --slots-per-second $SLOTS --first-slot $((SECOND * SLOTS)) \
        --max-video-delay-ms 1000 --max-audio-delay-ms 125 "$TMP/whole.ts"
}

probes() {
    ffprobe -v error -show_streams -show_programs "$TMP/whole.ts" >"$TMP/probe"
    grep -q 'codec_name=h264' "$TMP/probe" && grep -q 'width=720' "$TMP/probe" &&
        grep -q 'height=576' "$TMP/probe" && grep -q 'codec_name=mp2' "$TMP/probe" &&
        grep -q 'service_name=张店电视课堂' "$TMP/probe"
}

slice_is_equal() {
    render --from 2026-11-23T08:00:21+08:00 --seconds 20 -o "$TMP/slice.ts" &&
        tail -c +$((20 * SLOTS * 188 + 1)) "$TMP/whole.ts" | head -c $((20 * SLOTS * 188)) |
        cmp - "$TMP/slice.ts"
}

decodes_every_frame() {
    local frames
    frames=$(ffprobe -v error -count_frames -select_streams v -show_entries \
        stream=nb_read_frames -of csv=p=0 "$TMP/whole.ts" | head -n 1 | tr -d ,)
    echo "$frames frames"
    [ "$frames" -eq 1500 ]
}

refuses_a_missing_asset() {
    local asset
    asset=$(grep -o -m 1 'asset: [0-9a-f]*' "$STATE/plans/zhangdian/1.yaml" | cut -d ' ' -f 2)
    mv "$MEDIA/$asset.mp4" "$TMP/"
    render --from $FROM --seconds 60 -o "$TMP/missing.ts" 2>"$TMP/error"
    local status=$?
    mv "$TMP/$asset.mp4" "$MEDIA/"
    [ $status -eq 1 ] && grep -q "$asset" "$TMP/error"
}

station_make
tap "real footage becomes assets" station_media
tap "a join-rich plan is made" make_plan
tap "a minute is rendered" render --from $FROM --seconds 60 -o "$TMP/whole.ts"
tap "whole seconds are whole seconds of slots" has_whole_seconds
tap "ffmpeg decodes it without a word" is_silent
tap "every frame is decoded" decodes_every_frame
tap "ffprobe names service, picture and sound" probes
tap "a part rendered alone is a slice of the whole" slice_is_equal
tap "the independent reader finds nothing wrong" checks
tap "a missing asset is told, and nothing is made up" refuses_a_missing_asset
tap_done
