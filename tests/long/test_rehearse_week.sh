#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A week of five channels is rehearsed, as it should be and with all kinds of
# faults. How long that takes is told; a busy machine fails no test.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

WEEK=2026-12-07
MOST_S=300 # on two idle cores
REHEARSE_OPTIONS=${REHEARSE_OPTIONS:-} # such as --no-render, to try this script

# The timetables of the five channels, with what lessons there are here.
timetables() {
    local n
    cp schedules/*.yaml "$TMP/schedules/"
    sed -i 's/^rest: loop/rest: filler/' "$TMP"/schedules/*.yaml
    set -- film-5 film-9 phone-8 test-7 noise-12
    for n in 1 2 3 4 5; do
        # Each stands for two of the timetables' ten.
        sed -i "/house_number: KT-$(printf %02d $((n + 5)))/d" "$TMP"/schedules/*.yaml
        sed -i "s/KT-0$n/$1/g; s/KT-$(printf %02d $((n + 5)))/$1/g" "$TMP"/schedules/*.yaml
        shift
    done
}

rehearse() {
    local start
    start=$(date +%s)
    # shellcheck disable=SC2086  # several options
    ketang rehearse --station "$STATION" --week $WEEK $REHEARSE_OPTIONS --out "$TMP/$1" "${@:2}" >"$TMP/said" 2>"$TMP/error"
    local status=$? took=$(($(date +%s) - start))
    tail -n 5 "$TMP/said"
    echo "# $1: one week of 5 channels in $took s" >&3
    [ $took -le $MOST_S ] || echo "# WARNING: more than $MOST_S s" >&3
    [ $status -eq 0 ] || { tail -n 20 "$TMP/error"; return 1; }
    grep -q '^840.0 hours' "$TMP/said" && grep -q '^As-run equals the plan' "$TMP/said"
}

with_faults() {
    mkdir -p "$TMP/new"
    # From Thursday on another lesson in the first period of that day.
    awk '/第一节: \[/ { n = split($0, cell, ","); sub(cell[4], " test-7") } { print }' \
        "$TMP/schedules/zhoucun.yaml" >"$TMP/new/zhoucun.yaml"
    rehearse faults --fault missing:phone-8 --fault 'late:film-9@2026-12-08 10:30' \
        --fault 'overrun:linzi@2026-12-09 10:00+12' \
        --fault "change:$TMP/new/zhoucun.yaml@2026-12-09 18:00" || return 1
    grep -q 'film-9 arrives' "$TMP/said" && grep -q 'goes on longer than planned' "$TMP/said" &&
        grep -q 'fillers instead' "$TMP/said" && grep -q "zhoucun.yaml is the timetable now" "$TMP/said" &&
        first_of_thursday clean | grep -v test-7 && first_of_thursday faults | grep test-7
}

first_of_thursday() {
    grep '"start_time":"2026-12-10 08:00:00.000' "$TMP/$1/asrun/zhoucun/2026-12-10.jsonl"
}

is_the_same_again() {
    rehearse again && diff -r "$TMP/clean/asrun" "$TMP/again/asrun" && diff -r "$TMP/clean/plans" "$TMP/again/plans"
}

# What is left out between joins changes nothing.
all_ticks_come_to_the_same() {
    local kind
    for kind in "" --all-ticks; do
        ketang rehearse --station "$STATION" --day 2026-12-09 --no-render $kind --out "$TMP/day$kind" \
            --fault missing:phone-8 --fault 'late:film-9@2026-12-09 10:31' \
            --fault 'overrun:linzi@2026-12-09 10:00+12' \
            --fault "change:$TMP/new/zhoucun.yaml@2026-12-09 18:00" >"$TMP/said" 2>&1 || return 1
    done
    diff -r "$TMP/day/asrun" "$TMP/day--all-ticks/asrun" && diff -r "$TMP/day/plans" "$TMP/day--all-ticks/plans"
}

exec 3>&1
station_make
tap "media are there" station_media
timetables
tap "the timetables are in order" ketang check --station "$STATION"
tap "a week airs as planned" rehearse clean
tap "with faults it airs by the rules" with_faults
tap "the same week again gives the same bytes" is_the_same_again
tap "every tick of a day with faults comes to the same" all_ticks_come_to_the_same
tap_done
