#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What is published is what will air: closed days, and what orders have put
# into the plan.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

# A slot half a day ahead: no order is too late for it, and its time is of one day only.
read -r DAY HOUR < <(TZ=Asia/Shanghai date -d '12 hours' '+%F %H')
WEEK=$TMP/week

# record DIGIT HOUSE_NUMBER: an asset as the library takes it.
record() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 "$1")
    touch "$MEDIA/$hash.mp4" "$MEDIA/$hash.idx"
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"lesson","profile":"sd","title":"示例","duration_frames":30000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":1000}' \
        "$hash" "$2" >"$MEDIA/$hash.json"
}

# timetable HOUSE_NUMBER: it airs in the slot, every day.
timetable() {
    local number=$1
    cat >"$TMP/schedules/new" <<EOF
# 示例
format: 1
channel: zhangdian
lessons:
  - {house_number: A, grade: 三年级, subject: 语文, title: 甲}
  - {house_number: B, grade: 三年级, subject: 数学, title: 乙}
periods: [{name: 第一节, start: "$HOUR:00", end: "$HOUR:20"}]
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid: {第一节: [$number, $number, $number, $number, $number, $number, $number]}
EOF
    mv "$TMP/schedules/new" "$TMP/schedules/zhangdian.yaml"
}

# slot_is HOUSE_NUMBER: what the slot is published as.
slot_is() {
    ketang publish --station "$STATION" --week "$DAY" --format xmltv --format grid -o "$WEEK" &&
        grep -A 8 "start=\"${DAY//-/}${HOUR}0000" "$WEEK/epg.xml" | grep ">$1</episode-num>"
}

a_closed_day() {
    timetable A
    ketang freeze --station "$STATION" zhangdian "$DAY" --by 示例 || return 1
    timetable B
    slot_is A || return 1
    ketang freeze --station "$STATION" zhangdian "$DAY" --off --reason 调课 --by 示例 &&
        slot_is B
}

a_lost_store() {
    mv "$STATE/ketang.db" "$TMP/ketang.db"
    echo "this is no database, this is no database" >"$STATE/ketang.db"
    cp "$WEEK/edition.json" "$TMP/before.json"
    ! slot_is B && cmp "$TMP/before.json" "$WEEK/edition.json"
    local status=$?
    mv "$TMP/ketang.db" "$STATE/ketang.db"
    return $status
}

an_order() {
    wait_for 10 slot_is A || return 1
    ketang replace --station "$STATION" zhangdian "$HOUR:00" B --reason 换课 &&
        slot_is B && grep '原为：.*三年级 语文 甲' "$WEEK/grid/三年级.html"
}

# Nobody knows yet when it ends: the days behind it keep their lessons.
an_open_break_in() {
    local behind
    behind=$(TZ=Asia/Shanghai date -d '72 hours' +%F)
    ketang slate --station "$STATION" zhangdian --reason 检修 || return 1
    grep -q 'until: open' "$STATE/plans/zhangdian/3.yaml" &&
        ketang publish --station "$STATION" --week "$behind" --format xmltv -o "$TMP/behind" &&
        grep -A 8 "start=\"${behind//-/}${HOUR}0000" "$TMP/behind/epg.xml" | grep '>A</episode-num>'
}

station_make
record a A
record b B
tap "a closed day is published as it will air, not as the files are now" a_closed_day
tap "without its store nobody knows what is closed: nothing is published" a_lost_store
timetable A
ketang-scheduler --station "$STATION" 2>"$TMP/scheduler.log" &
SCHEDULER=$!
tap "the scheduler plans the day" wait_for 10 test -e "$STATE/plans/zhangdian/1.yaml"
tap "where an order put another lesson, that one is published" an_order
tap "an open break-in leaves the lists of the days behind it as they were" an_open_break_in
kill "$SCHEDULER"
tap_done
