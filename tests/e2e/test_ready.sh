#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The readiness board: what an operator reads of it, in both languages, what
# programs get, and what the scheduler says by itself.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

LOG=$TMP/scheduler.log
MONDAY_MS=1606694400000 # 2020-11-30, 8:00 in China

# record HASH-DIGIT HOUSE_NUMBER CREATED_MS [KIND]: an asset as the library takes it.
record() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 "$1")
    touch "$MEDIA/$hash.mp4" "$MEDIA/$hash.idx"
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"%s","profile":"sd","title":"示例","duration_frames":30000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":%s}' \
        "$hash" "$2" "${4:-lesson}" "$3" >"$MEDIA/$hash.json"
}

timetable() {
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons:
  - {house_number: KT-01, grade: 三年级, subject: 语文, title: 荷花, substitute: KT-90}
  - {house_number: KT-02, grade: 三年级, subject: 数学, title: 周长}
  - {house_number: KT-03, grade: 四年级, subject: 英语, title: "U1L1"}
  - {house_number: KT-04, grade: 四年级, subject: 科学, title: 水}
  - {house_number: KT-05, grade: 四年级, title: 答疑, live: 演播室}
periods:
  - {name: 一, start: 8:00, end: 8:20}
  - {name: 二, start: 8:25, end: 8:45}
  - {name: 三, start: 8:50, end: 9:10}
  - {name: 四, start: 9:15, end: 9:35}
  - {name: 五, start: 9:40, end: 10:00}
days: [周一]
grid: {一: [KT-01], 二: [KT-02], 三: [KT-03], 四: [KT-04], 五: [KT-05]}
fillers: [FILL-01]
EOF
}

ready() {
    ketang ready --station "$STATION" --now 2020-11-30T07:55 --days 1 "$@"
}

# presses COMMAND...: something within the hour is not ready, says its status.
presses() {
    "$@"
    [ $? -eq 3 ]
}

# says PATTERN COMMAND...: of a board on which something presses.
says() {
    local pattern=$1
    shift
    presses "$@" >"$TMP/said" 2>&1 || { cat "$TMP/said"; return 1; }
    grep -Eq -- "$pattern" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

the_board_tells_each_state() {
    says '^2020-11-30 Monday, today$' ready &&
        says '^  08:00  zhangdian  KT-01 +TOO LATE +first run  三年级  语文 荷花 +decided: KT-90 airs instead; `ketang replace` still airs it$' ready &&
        says '^  08:25  zhangdian  KT-02 +MISSING +first run  三年级  数学 周长 +in 30 min; the slate airs instead$' ready &&
        says '^  08:50  zhangdian  KT-03 +NOT APPROVED .* in 55 min; the slate airs instead; to sign it: ketang approve --station [^ ]+ KT-03 --stage 1$' ready &&
        says '^  09:15  zhangdian  KT-04 +ready .* an older file airs: the newer one is not approved; to sign it: ketang approve --station [^ ]+ KT-04 --stage 1$' ready &&
        says '^  09:40  zhangdian  KT-05 +live .* no substitute is declared$' ready &&
        says '^3 of 5 slots are not ready: 1 MISSING, 1 NOT APPROVED, 1 TOO LATE\. Of them 3 within the hour\. Fillers and cards not ready: 1\.$' ready
}

it_speaks_chinese() {
    local speak=(env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 ketang ready --station "$STATION"
        --now 2020-11-30T07:55 --days 1)
    says '^2020-11-30 周一，今天$' "${speak[@]}" &&
        says '^  08:00  zhangdian  KT-01     迟到    首播  三年级  语文 荷花  已定：由 KT-90 替补；仍可用 ketang replace 播出本课$' "${speak[@]}" &&
        says '^  08:25  zhangdian  KT-02     缺素材  首播  三年级  数学 周长  30 分钟后；由垫片代替$' "${speak[@]}" &&
        says '^5 档中有 3 档没有就绪：1 缺素材，1 未审签，1 迟到。其中一小时之内 3 档。没有就绪的垫播和卡片：1 个。$' "${speak[@]}"
}

# Its index says that it was longer.
a_damaged_file_is_no_missing_one() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 7)
    record 7 KT-02 1000
    printf 'KTINDEX2%0200d' 0 >"$MEDIA/$hash.idx"
    says '^  08:25  zhangdian  KT-02 +DAMAGED +first run .* in 30 min; the slate airs instead$' ready &&
        says '1 DAMAGED, 1 NOT APPROVED' ready &&
        says '^What is missing or damaged is made by ingesting it, the first one by$' ready &&
        says '--house-number KT-02 FILE$' ready &&
        ready --json | grep -q '"damaged": 1' &&
        says '  KT-02     已损坏 ' env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 ketang ready --station "$STATION" --now 2020-11-30T07:55 --days 1 || return 1
    rm "$MEDIA/$hash".*
}

what_is_missing_is_all_that_is_not_ready() {
    presses ready --missing --plain >"$TMP/said" &&
        printf '%s\n' KT-01 KT-02 KT-03 FILL-01 | cmp - "$TMP/said" || { cat "$TMP/said"; return 1; }
    presses ready --missing >"$TMP/said" && ! grep -q 'KT-04\|KT-05' "$TMP/said"
}

# The table of what is missing is of today and tomorrow; days that are asked for are all shown.
what_is_missing_later_is_counted() {
    local command=(ketang ready --station "$STATION" --now 2020-11-27T07:55 --missing)
    "${command[@]}" >"$TMP/said" || return 1
    ! grep -q 'KT-02 *MISSING' "$TMP/said" &&
        grep -qx 'Only today and tomorrow are shown; lines of later days: 3.  To see them: ketang ready --missing --days 7' "$TMP/said" &&
        "${command[@]}" --days 7 >"$TMP/said" && grep -q 'KT-02 *MISSING' "$TMP/said" &&
        ! grep -q 'Only today' "$TMP/said" &&
        "${command[@]}" --plain | grep -qx KT-02
}

the_status_tells_of_the_coming_hour() {
    ketang ready --station "$STATION" --now 2020-11-30T06:00 --days 1 >"$TMP/said" &&
        grep -q 'KT-02 *MISSING' "$TMP/said" || return 1
    presses ketang ready --station "$STATION" --now 2020-11-30T07:25 --days 1 >"$TMP/said" || return 1
    presses ketang ready --station "$STATION" --now 2020-11-30T09:05 --days 1 >"$TMP/said" || return 1
    ketang ready --station "$STATION" --now 2020-11-30T09:11 --days 1 >"$TMP/said"
}

# Late is what has come; what has not is missing, whatever the time.
what_is_missing_stays_missing() {
    ketang ready --station "$STATION" --now 2020-11-30T08:09 --days 1 | grep -q 'KT-02 *MISSING .* in 16 min' &&
        ketang ready --station "$STATION" --now 2020-11-30T08:11 --days 1 |
        grep -q 'KT-02 *MISSING .* not there by 08:10, decided: the slate airs instead; once it is ready, `ketang replace` still airs it$'
}

two_weeks_name_a_house_number_once() {
    presses ketang ready --station "$STATION" --now 2020-11-30T07:55 --days 14 --plain >"$TMP/said" &&
        [ -z "$(sort "$TMP/said" | uniq -d)" ] && [ "$(wc -l <"$TMP/said")" -eq 6 ] &&
        [ "$(ketang ready --station "$STATION" --now 2020-11-30T07:55 --days 14 | grep -c '  KT-02 ')" -eq 2 ]
}

programs_get_json() {
    ready --json | python3 -c '
import json, sys
board = json.load(sys.stdin)
rows = {row["house_number"]: row for row in board["rows"]}
assert board["counts"]["late"] == 1 and board["counts"]["not_ready_within_the_hour"] == 3
assert rows["KT-01"]["state"] == "late" and rows["KT-01"]["airs"] == "KT-90"
assert rows["KT-01"]["urgency"] == "decided" and rows["KT-01"]["time"] == "2020-11-30T08:00:00+0800"
assert rows["KT-02"]["state"] == "missing" and rows["KT-02"]["urgency"] == "due" and rows["KT-02"]["airs"] is None
assert rows["KT-04"]["ready"] and rows["KT-04"]["newer_file"] == "unapproved"
assert rows["FILL-01"]["time"] is None and rows["FILL-01"]["run"] == "filler"'
}

no_colour_without_a_terminal() {
    local command="ketang ready --station $STATION --now 2020-11-30T07:55 --days 1"
    $command | grep -q $'\033' && return 1
    presses script -qec "$command" /dev/null >"$TMP/said" </dev/null &&
        grep -q $'\033\[1;31mTOO LATE\033\[0m' "$TMP/said" || return 1
    NO_COLOR=1 presses script -qec "$command" /dev/null >"$TMP/said" </dev/null &&
        grep -q 'TOO LATE' "$TMP/said" && ! grep -q $'\033\[' "$TMP/said"
}

mistakes_are_told() {
    ketang ready --station "$STATION" --channel nowhere 2>"$TMP/said" && return 1
    grep -q "no channel 'nowhere'" "$TMP/said" || return 1
    ketang ready --station "$STATION" --days 0 2>"$TMP/said" && return 1
    grep -q "no number of days" "$TMP/said" || return 1
    ketang ready --station "$STATION" --now soon 2>"$TMP/said" && return 1
    grep -q "is no time" "$TMP/said" || return 1
    ketang ready --station "$STATION" --now 2026-02-31T08:00 2>"$TMP/said" && return 1
    grep -q "the calendar has no day '2026-02-31T08:00'" "$TMP/said" || return 1
    ketang ready --station "$STATION" nowhere 2>"$TMP/said" && return 1
    grep -q "no channel 'nowhere'" "$TMP/said" || return 1
    local word
    for word in 2020-11-30T07:55 2020-11-30; do
        ketang ready --station "$STATION" "$word" 2>"$TMP/said" && return 1
        grep -q "'$word' is no channel; the time is given by --now" "$TMP/said" || return 1
    done
    diff <(ketang ready --station "$STATION" --channel zhangdian) <(ketang ready zhangdian --station "$STATION") || return 1
    ketang ready --station "$STATION" zhangdian linzi 2>"$TMP/said"
    [ $? -eq 2 ] && grep -q "'linzi'" "$TMP/said" || return 1
    ketang ready --chanel zhangdian 2>"$TMP/said" && return 1
    grep -qx 'Did you mean --channel?' "$TMP/said"
}

# says_order LINE COMMAND...: that the channel comes first, whether the scheduler runs or not.
says_order() {
    local line=$1
    shift
    ketang "$1" --station "$STATION" "${@:2}" >"$TMP/said" 2>&1
    [ $? -eq 1 ] && grep -qxF "ketang $1: the channel comes first: ketang $1 $line …" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

swapped_words_are_told() {
    says_order 'zhangdian next' take next zhangdian --reason x &&
        says_order 'zhangdian 10:20' replace 10:20 zhangdian KT-01 --reason x &&
        says_order 'zhangdian 3' undo 3 zhangdian &&
        says_order 'zhangdian 2020-11-30' freeze 2020-11-30 zhangdian &&
        says_order 'zhangdian 08:00' explain 08:00 zhangdian &&
        says_order 'zhangdian 08:00' remark 08:00 zhangdian --reason x || return 1
    ketang take --station "$STATION" nowhere next --reason x 2>"$TMP/said" && return 1
    ! grep -q 'comes first' "$TMP/said"
}

# says_time_order LINE WORD...: the same of `replace`, whose time comes before the house number.
says_time_order() {
    local line=$1
    shift
    ketang replace --station "$STATION" zhangdian "$@" --reason x >"$TMP/said" 2>&1
    [ $? -eq 1 ] && grep -qxF "ketang replace: the time comes before the house number: ketang replace zhangdian $line …" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

a_time_behind_the_house_number_is_told() {
    says_time_order '10:20 KT-01' KT-01 10:20 && says_time_order 'next KT-01' KT-01 next &&
        says_time_order "'tomorrow 第三节' KT-01" KT-01 'tomorrow 第三节' &&
        says_time_order '现在 KT-01' KT-01 现在 || return 1
    ketang replace --station "$STATION" zhangdian 10:20 KT-01 --reason x 2>"$TMP/said" && return 1
    ! grep -q 'comes before' "$TMP/said"
}

# clock MINUTES: so many from now, in China; past midnight it goes on to 24:00.
clock() {
    local now
    now=$(($(TZ=Asia/Shanghai date +'%-H * 60 + %-M') + $1))
    printf '%d:%02d' $((now / 60)) $((now % 60))
}

# A lesson in half an hour, and one in five minutes; none is there.
soon_timetable() {
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: KT-01, title: 荷花, substitute: KT-90}, {house_number: KT-02, title: 周长}]
periods:
  - {name: 一, start: "$(clock 6)", end: "$(clock 26)"}
  - {name: 二, start: "$(clock 30)", end: "$(clock 50)"}
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid:
  一: [KT-01, KT-01, KT-01, KT-01, KT-01, KT-01, KT-01]
  二: [KT-02, KT-02, KT-02, KT-02, KT-02, KT-02, KT-02]
EOF
}

the_scheduler_warns_by_itself() {
    wait_for 10 grep -q 'event=lesson_missing .*house_number="KT-02"' "$LOG" || { cat "$LOG"; return 1; }
    grep -q '^warning event=lesson_missing channel=zhangdian time=....-..-..T..:..:00+0800 house_number="KT-01" state=missing text="荷花: its file is not there yet; KT-90 airs instead"$' "$LOG" &&
        grep -q 'event=substitute_decided channel=zhangdian .*house_number="KT-01" state=missing airs="KT-90" text="荷花: KT-90 airs instead"$' "$LOG" &&
        ! grep -q 'event=substitute_decided .*KT-02' "$LOG" || { cat "$LOG"; return 1; }
    touch "$TMP/schedules/zhangdian.yaml" # it is looked at again, and told no more
    sleep 1.5
    [ "$(grep -c event=lesson_missing "$LOG")" -eq 2 ] &&
        [ "$(grep -c event=substitute "$LOG")" -eq 1 ] || { cat "$LOG"; return 1; }
}

status_tells_of_the_scheduler() {
    ketang status --station "$STATION" >"$TMP/said" 2>&1 && return 1 # no engine is on the air
    grep -Eq '^! zhangdian [0-9:]+ KT-02 周长 is not ready' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang status --station "$STATION" zhangdian 2>/dev/null | grep -q 'KT-02 周长 is not ready' || return 1
    ketang status --station "$STATION" linzi >"$TMP/said" 2>&1 # which has no timetable
    grep -q '^! linzi: there is no plan, and the slate is on the air: ' "$TMP/said" && ! grep -q 'KT-02\|all is well' "$TMP/said" ||
        { cat "$TMP/said"; return 1; }
    echo 'nonsense: 1' >>"$TMP/schedules/zhangdian.yaml"
    wait_for 10 grep -q event=timetable_error "$LOG" || return 1
    ketang status --station "$STATION" >"$TMP/said" 2>&1
    grep -q '^! .*zhangdian.yaml:[0-9]*:[0-9]*: .*nonsense' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# all_day PITCH: a lesson that is repeated from the first minute of the day to the last.
all_day() {
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: KT-02, title: 周长}]
periods: [{name: 一, start: 0:00, end: 0:01}]
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid: {一: [KT-02, KT-02, KT-02, KT-02, KT-02, KT-02, KT-02]}
repeats: {of: 最近, from: 0:01, until: 24:00, pitch: $1, loop: true}
EOF
}

not_ready_once() {
    [ "$(ketang status --station "$STATION" 2>/dev/null | grep -c 'KT-02 .*is not ready')" -eq 1 ]
}

status_tells_of_a_loop_once() {
    all_day 5
    wait_for 10 not_ready_once || { ketang status --station "$STATION"; return 1; }
}

says_well() {
    ketang status --station "$STATION" zhangdian 2>/dev/null | grep -q "^The scheduler: all is well; .*tomorrow's lists: 0 closed, 1 open\.$"
}

status_says_that_all_is_well() {
    printf 'format: 1\nchannel: zhangdian\nperiods: []\ndays: [周一]\n' >"$TMP/schedules/zhangdian.yaml"
    wait_for 10 says_well
}

# The socket of one that was killed is still there.
ready_says_no_engine_where_a_scheduler_runs() {
    local off='^! no engine is on the air'
    ketang ready --station "$STATION" --days 1 | grep "$off" || return 1
    kill -KILL "$SCHEDULER"
    wait "$SCHEDULER" 2>/dev/null
    [ -e "$TMP/state/run/scheduler.sock" ] && ! ketang ready --station "$STATION" --days 1 | grep "$off"
}

status_says_that_it_is_not_running() {
    ketang status --station "$STATION" >"$TMP/said" 2>&1 && return 1
    grep -q '^! the scheduler is not running: no plans are made; while ketang-playout runs' "$TMP/said"
}

# says_unknown PATTERN ARGUMENT...: what a board says, on which nothing is known of linzi.
says_unknown() {
    local pattern=$1
    shift
    ketang ready --station "$STATION" --now 2020-11-30T06:00 --days 1 "$@" >"$TMP/said" 2>"$TMP/error"
    local status=$?
    cat "$TMP/said" "$TMP/error"
    [ $status -eq 1 ] && ! grep -q 'ready\.$' "$TMP/said" && grep -Eq -- "$pattern" "$TMP/said" "$TMP/error"
}

a_timetable_that_cannot_be_read_is_not_ready() {
    local line="! linzi: nothing is known of its slots: its timetable cannot be read; mend it .*/linzi.yaml:[0-9]+:[0-9]+: "
    printf 'format: 1\nchannel: linzi\nlessons: {\n' >"$TMP/schedules/linzi.yaml"
    says_unknown "$line" linzi && says_unknown "$line" linzi --missing && says_unknown "$line" &&
        says_unknown "$line" --missing --plain &&
        says_unknown '"channel": "linzi",' --json || return 1
    grep -q '"unknown": \[' "$TMP/said" && presses ready >"$TMP/said" 2>&1 && grep -Eq "^$line" "$TMP/said" || return 1
    ketang ready --station "$STATION" --now 2020-11-30T06:00 --days 1 zhangdian >"$TMP/said" 2>&1 || return 1
    rm "$TMP/schedules/linzi.yaml"
    ! grep -q '^!' "$TMP/said" && says_unknown '! linzi: .*it has no timetable in ' linzi || return 1
    ketang ready --station "$STATION" --now 2020-11-30T06:00 --days 1 >"$TMP/said" 2>&1 && grep -q '^! linzi: .*it has no timetable in ' "$TMP/said"
}

a_day_without_slots_is_not_called_ready() {
    ketang ready --station "$STATION" --now 2020-12-01T06:00 --days 1 zhangdian >"$TMP/said"
    grep -q '^No slot of these days needs a file\. Fillers and cards not ready: 1\.$' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang ready --station "$STATION" --now 2020-12-01T06:00 --days 1 >"$TMP/said"
    grep -q '^The other channels: No slot of these days' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# What airs over and over has one line, and one sentence of the scheduler.
loop_timetable() {
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: KT-01, title: 荷花}, {house_number: KT-02, title: 周长}]
periods: [{name: 一, start: 8:00, end: 8:10}, {name: 二, start: 8:10, end: 8:20}]
days: [周一]
grid: {一: [KT-01], 二: [KT-02]}
repeats: {of: 当日, from: 9:00, until: 12:00, pitch: 10, loop: true}
EOF
}

rounds_of_a_loop_have_one_line() {
    loop_timetable
    ready >"$TMP/said"
    cat "$TMP/said"
    [ "$(grep -c '  KT-02 ' "$TMP/said")" -eq 2 ] &&
        grep -q '^  09:10 .* KT-02  *MISSING  *repeat .*; 8 more that day, the last at 11:50$' "$TMP/said" &&
        grep -q '^20 of 20 slots are not ready' "$TMP/said" &&
        [ "$(ready --json | grep -c '"house_number": "KT-02"')" -eq 10 ]
}

# Another format than the first one is what a hint may forget.
hint_mends() {
    local house_number command
    house_number=$1
    ketang ready --station "$TMP/hint.cfg" --now 2020-11-30T06:00 --days 1 >"$TMP/said"
    command=$(sed -n 's/^  ketang ingest //p' "$TMP/said")
    case $command in
    *"--house-number $house_number FILE") ;;
    *) cat "$TMP/said"; return 1 ;;
    esac
    # shellcheck disable=SC2086
    ketang ingest --station "$TMP/hint.cfg" --preset ultrafast ${command% FILE} "$TMP/hint/phone-8.mov" >"$TMP/made" 2>&1 ||
        { cat "$TMP/made"; return 1; }
    ketang ready --station "$TMP/hint.cfg" --now 2020-11-30T06:00 --days 1 >"$TMP/said"
    grep -q "$house_number  *ready" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# Both streams in one file, and more of the table than a buffer holds.
an_error_has_a_line_of_its_own() {
    mkdir -p "$TMP/lost"
    echo '{"format":1,"stages":0,"alone":true,"approved":[],"closed":[]}' >"$TMP/lost/signoff.json"
    sed "s|state = .*|state = \"$TMP/lost\";|; s|media = .*|media = \"$TMP/lost\";|" schedules/station.cfg >"$TMP/lost.cfg"
    ketang ready --station "$TMP/lost.cfg" --days 7 >"$TMP/said" 2>&1
    [ "$(wc -c <"$TMP/said")" -gt 8192 ] &&
        grep -q "^$TMP/lost/ketang.db: error: the store is gone" "$TMP/said" || { grep -C 1 'is gone' "$TMP/said"; return 1; }
}

# What the scheduler goes on by is shown, and said.
a_damaged_store_leaves_the_board() {
    sed "s|state = .*|state = \"$TMP/harmed\";|" "$STATION" >"$TMP/harmed.cfg"
    mkdir -p "$TMP/harmed"
    echo '{"format":1,"stages":1,"alone":true,"approved":[],"closed":[]}' >"$TMP/harmed/signoff.json"
    head -c 65536 /dev/zero | tr '\0' x >"$TMP/harmed/ketang.db"
    ketang ready --station "$TMP/harmed.cfg" --now 2020-11-30T06:00 --days 1 >"$TMP/said" 2>"$TMP/error"
    cat "$TMP/said" "$TMP/error"
    grep -q ' KT-01 ' "$TMP/said" &&
        grep -q "^$TMP/harmed/ketang.db: error: .*ketang store restore.*Until then what was approved and closed last holds, as it is kept in $TMP/harmed/signoff.json" "$TMP/error"
}

following_the_hint_mends_the_slot() {
    mkdir -p "$TMP/hint/media"
    ffmpeg -v error -stream_loop 3 -i tests/media/phone-rotated.mov -c copy "$TMP/hint/phone-8.mov" || return 1
    sed -e 's/profile = "sd";/profile = "sd-mpeg2";/' -e "s#\"$MEDIA\"#\"$TMP/hint/media\"#" \
        -e 's/approval_stages = 1/approval_stages = 0/' -e 's/cutoff_minutes = 15/cutoff_minutes = 0/' "$STATION" >"$TMP/hint.cfg"
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: KT-01, title: 荷花}]
periods: [{name: 一, start: 8:00, end: 8:20}]
days: [周一]
grid: {一: [KT-01]}
fillers: [FILL-01]
EOF
    hint_mends KT-01 && hint_mends FILL-01 &&
        ! ketang ready --station "$TMP/hint.cfg" --now 2020-11-30T06:00 --days 1 | grep -q 'ketang ingest'
}

station_make
sed -i -e 's/approval_stages = 0/approval_stages = 1/' -e 's/cutoff_minutes = 0/cutoff_minutes = 15/' "$STATION"
timetable
record a KT-01 $((MONDAY_MS - 600000))
record b KT-90 1000
record c KT-03 1000
record d KT-04 1000
ketang approve --station "$STATION" KT-01 KT-90 KT-04 --stage 1 --by 王 >"$TMP/said" || cat "$TMP/said"
record e KT-04 2000
tap "the board tells of each slot what it lacks and what airs" the_board_tells_each_state
tap "it lines up and reads well in Chinese" it_speaks_chinese
tap "--missing is all that is not ready, the soonest first, fillers last" what_is_missing_is_all_that_is_not_ready
tap "the exit status is 3 when the coming hour is not ready" the_status_tells_of_the_coming_hour
tap "a damaged file is no missing one" a_damaged_file_is_no_missing_one
tap "what is missing later is counted" what_is_missing_later_is_counted
tap "at the cutoff what is missing stays missing, and its time is told" what_is_missing_stays_missing
tap "--plain names each house number once" two_weeks_name_a_house_number_once
tap "programs get everything as JSON" programs_get_json
tap "states are coloured on a terminal alone" no_colour_without_a_terminal
tap "what cannot be meant is told" mistakes_are_told
tap "a channel that stands behind its place is told" swapped_words_are_told
tap "a time behind the house number is told" a_time_behind_the_house_number_is_told
tap "a channel whose timetable cannot be read is never ready" a_timetable_that_cannot_be_read_is_not_ready
tap "nor is one called so that has no slots" a_day_without_slots_is_not_called_ready
tap "an error does not land within a row of the table" an_error_has_a_line_of_its_own
tap "with a store that is damaged the board shows what holds" a_damaged_store_leaves_the_board
tap "what airs over and over has one line a day" rounds_of_a_loop_have_one_line
rm "$MEDIA"/*a.json
soon_timetable
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
tap "the scheduler warns once an hour before, and once at the cutoff" the_scheduler_warns_by_itself
tap "ketang status tells what the scheduler has to say" status_tells_of_the_scheduler
tap "of a lesson that airs over and over it tells once" status_tells_of_a_loop_once
tap "and says when all is well" status_says_that_all_is_well
tap "the board says that no engine airs only where a scheduler runs" ready_says_no_engine_where_a_scheduler_runs
tap "the status says that the scheduler is not running" status_says_that_it_is_not_running
tap "what the board says of a missing file, done, mends the slot" following_the_hint_mends_the_slot
tap_done
