#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A whole station as an operator runs it: timetable, scheduler, engine.  A
# timetable that breaks and is mended, a lesson changed for later, the slate
# and the return by order, all captured and held against the rendering.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=2325
PORTS=$((4100 + $$ % 900))
PORT=${PORTS}1
TIMETABLE=$TMP/schedules/zhangdian.yaml

# Five channels on ports of their own; one has a timetable.
make_station() {
    station_make
    sed -i "s/port = 500\([1-5]\)/port = $PORTS\1/" "$STATION"
    station_media
}

write_timetable() {
    cat >"$TIMETABLE" <<END
format: 1
channel: zhangdian
title: 示例课表
rest: loop
lessons:
  - {house_number: film-9, grade: 一年级, subject: 语文, title: 示例一, teacher: 示例教师01}
  - {house_number: test-7, grade: 二年级, subject: 数学, title: 示例二, teacher: 示例教师02}
periods:
  - {name: 上午, start: 00:00, end: 12:00}
  - {name: 下午, start: 12:00, end: 23:00}
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid:
  上午: [film-9, film-9, film-9, film-9, film-9, film-9, film-9]
  下午: [film-9, film-9, film-9, film-9, film-9, film-9, film-9]
repeats: {of: last_day, from: 23:00, until: 24:00, pitch: 20, loop: true}
fillers:
  - {house_number: FILL-01, title: 课间}
END
}

start() {
    local name=$1
    shift
    sh -c "echo \$\$ >'$TMP/$name.pid'; exec \"\$@\"" sh "$@" >/dev/null 2>"$TMP/$name.log" &
}

stop_all() {
    local pid
    for pid in "$TMP"/*.pid; do
        [ -s "$pid" ] && kill -KILL "$(cat "$pid")" 2>/dev/null
    done
}
trap stop_all EXIT

is_now() {
    status | tr -d '\n' | grep -q "\"name\": \"zhangdian\".*\"now\": *{[^}]*$1.*\"name\": \"zhoucun\""
}

journal_lines() {
    grep -c adopt "$STATE/plans/zhangdian/journal"
}

capture() {
    "$BUILD/tests/udp-capture" 127.0.0.1 "$PORT" "$1" $K "$2" >"$2.txt" &
    CAPTURE=$!
    sleep 0.2
}

word() {
    awk -v key="$2" '{ for (i = 1; i < NF; i++) if ($i == key) print $(i + 1) }' "$1.txt"
}

same_as_render() {
    ketang render --station "$STATION" --transport zhangdian --first-slot "$(word "$1" first-slot)" \
        --slots "$(word "$1" slots)" -o "$1.render" && cmp "$1" "$1.render"
}

is_clean() {
    "$BUILD/tests/ts-check" --slots-per-second $K --first-slot "$(word "$1" first-slot)" "$1"
}

lesson_is_on_air() {
    write_timetable
    start scheduler ketang-scheduler --station "$STATION"
    start playout ketang-playout --station "$STATION" --trust-clock
    wait_for 20 is_now film-9 || { cat "$TMP"/*.log; status; return 1; }
}

broken_timetable_is_kept_out() {
    local before
    before=$(journal_lines)
    sed -i 's/teacher: 示例教师02/tacher: 示例教师02/' "$TIMETABLE"
    wait_for 10 grep -q "zhangdian.yaml:7.*tacher" "$TMP/scheduler.log" ||
        { cat "$TMP/scheduler.log"; return 1; }
    sleep 2
    [ "$(journal_lines)" -eq "$before" ] && is_now film-9 && status_has_the_scheduler
}

# Its channels by name, each with its timetable; and the mistake, as text too.
status_has_the_scheduler() {
    status | python3 -c '
import json, sys
told = json.load(sys.stdin)["scheduler"]
names = {channel["name"]: channel["timetable"] for channel in told["channels"]}
assert told["ok"] and told["errors"] == 1 and "tacher" in told["problems"][0], told
assert names["zhangdian"] == "zhangdian.yaml", told' &&
        ketang status --station "$STATION" | grep -q '^! .*zhangdian.yaml:7.*tacher'
}

mended_timetable_is_adopted() {
    local before
    before=$(journal_lines)
    capture 8 "$TMP/mend.ts"
    write_timetable
    # Another lesson on all days but today, and today's is not touched.
    case $(TZ=Asia/Shanghai date +%u) in
        7) sed -i 's/  上午: \[film-9,/  上午: [test-7,/' "$TIMETABLE" ;;
        *) sed -i 's/\(  上午: .*\)film-9\]/\1test-7]/' "$TIMETABLE" ;;
    esac
    wait_for 6 sh -c "[ \$(grep -c adopt '$STATE/plans/zhangdian/journal') -gt $before ]" ||
        { cat "$TMP"/*.log; return 1; }
    wait $CAPTURE
    is_now film-9 && same_as_render "$TMP/mend.ts" && is_clean "$TMP/mend.ts"
}

slate_and_return() {
    capture 32 "$TMP/slate.ts"
    ketang slate zhangdian --station "$STATION" --reason "示例:切垫片" || return 1
    wait_for 8 is_now slate || { status; return 1; }
    sleep 2
    ketang return zhangdian --station "$STATION" || return 1
    # A lesson of nine seconds offers few places to join it with five seconds to go.
    wait_for 15 is_now film-9 || { status; return 1; }
    wait $CAPTURE
}

slate_is_in_the_as_run() {
    # The cut lesson, and the slate with its reason, whole groups of pictures long.
    cat "$STATE"/asrun/zhangdian/*.jsonl
    wait_for 20 grep -q '"kind":"slate".*示例:切垫片' "$STATE"/asrun/zhangdian/*.jsonl || return 1
    local duration
    duration=$(grep '"kind":"slate".*示例:切垫片' "$STATE"/asrun/zhangdian/*.jsonl |
        sed 's/.*"duration":\([0-9]*\).*/\1/' | head -n 1)
    [ $((duration % 3)) -eq 0 ] && [ "$duration" -ge 24 ]
}

# The machine has no time for the engine: known at once, not only from the report.
a_loss_of_the_signal_is_told() {
    local engine
    engine=$(cat "$TMP/playout.pid")
    kill -STOP "$engine" && sleep 1.5 && kill -CONT "$engine"
    wait_for 5 sh -c "ketang status --station '$STATION' | grep -q '^! zhangdian: the signal was away for [1-9].* could not send in time, for the machine was overloaded or stopped'" || { status; return 1; }
    grep -q 'event=alarm channel=zhangdian alarm=interrupted' "$TMP/playout.log"
}

unknown_channel_is_refused() {
    ketang slate zhangdain --station "$STATION" --reason x 2>"$TMP/error"
    [ $? -ne 0 ] && grep -q zhangdain "$TMP/error"
}

both_stop_cleanly() {
    local name
    for name in scheduler playout; do
        kill -TERM "$(cat "$TMP/$name.pid")"
        wait_for 5 sh -c "! kill -0 $(cat "$TMP/$name.pid")" || return 1
        rm -f "$TMP/$name.pid"
    done
}

tap "a station is made" make_station
tap "the lesson of the moment is on the air" lesson_is_on_air
tap "a broken timetable is told by file and line, the old one goes on" broken_timetable_is_kept_out
tap "a mended one is adopted, the running lesson untouched" mended_timetable_is_adopted
tap "the slate and the return are ordered on air" slate_and_return
tap "what was received is what is rendered" same_as_render "$TMP/slate.ts"
tap "the independent reader finds nothing wrong" is_clean "$TMP/slate.ts"
tap "the as-run record has the slate and its reason" slate_is_in_the_as_run
tap "a loss of the signal is told at once" a_loss_of_the_signal_is_told
tap "an unknown channel is refused by name" unknown_channel_is_refused
tap "scheduler and engine stop cleanly" both_stop_cleanly
tap_done
