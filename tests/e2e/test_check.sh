#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What ketang check says of tests/e2e/check/*.yaml, word for word.  When a
# message has been changed on purpose: KETANG_GOLDEN=1 tests/e2e/test_check.sh
# writes the *.expected files anew; read them before you commit.
. "$(dirname "$0")/../tap.sh"
export LC_ALL=C.UTF-8 LANGUAGE=

FILES=$PWD/tests/e2e/check
STATION=$PWD/schedules/station.cfg

says_what_is_expected() {
    local name=$1 status=0
    (cd "$TMP/check" && ketang check --station "$STATION" "$name.yaml") >"$TMP/said" 2>&1 || status=$?
    if [ -n "${KETANG_GOLDEN:-}" ]; then
        cp "$TMP/said" "$FILES/$name.expected"
    fi
    diff -u "$FILES/$name.expected" "$TMP/said" &&
        { grep -q '^No errors' "$TMP/said" && [ $status -eq 0 ] || [ $status -eq 1 ]; }
}

our_own_are_clean() {
    ketang check --station "$STATION" >"$TMP/said"
    local status=$?
    cat "$TMP/said"
    [ $status -eq 0 ] && ! grep -v 'no media yet\|no slate\|unused-calendar' "$TMP/said" | grep -q warning:
}

# station_with FOLDER: our timetables, and no media but what is there.
station_with() {
    mkdir -p "$TMP/$1/media"
    sed "s|media = .*|media = \"$TMP/$1/media\";|; s|timetables = .*|timetables = \"$PWD/schedules\";|" "$STATION" >"$TMP/$1/station.cfg"
}

# record FOLDER HASH-DIGIT HOUSE_NUMBER KIND
record() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 "$2")
    touch "$TMP/$1/media/$hash.mp4" "$TMP/$1/media/$hash.idx"
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"%s","profile":"sd","title":"示例","duration_frames":30000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":1}' \
        "$hash" "$3" "$4" >"$TMP/$1/media/$hash.json"
}

no_media_at_all_is_one_warning() {
    station_with empty
    ketang check --station "$TMP/empty/station.cfg" >"$TMP/said" || return 1
    rmdir "$TMP/empty/media"
    sed -i "s|state = .*|state = \"$TMP/empty/state\";|" "$TMP/empty/station.cfg"
    ketang check --station "$TMP/empty/station.cfg" | diff - "$TMP/said" || return 1 # 'ketang ingest' makes the folder
    [ "$(grep -c 'missing-media\]' "$TMP/said")" -eq 1 ] &&
        grep -q 'warning: all 50 lessons of 5 channels have no media yet, nor have the fillers' "$TMP/said" &&
        grep -Eq 'accept: \{(missing-media|unused-calendar): …\}$' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# said_for_all PATTERN: once, with the places of all five channels.
said_for_all() {
    [ "$(grep -c "$1" "$TMP/said")" -eq 1 ] && [ "$(grep "$1" "$TMP/said" | grep -o '\.yaml' | wc -l)" -eq 5 ]
}

# Before the files of timetables, which come before it by name.
a_media_folder_that_cannot_be_read_comes_first() {
    station_with unread
    rmdir "$TMP/unread/media" && touch "$TMP/unread/media"
    ketang check --station "$TMP/unread/station.cfg" schedules/gaoqing.yaml >"$TMP/said" && return 1
    head -n 1 "$TMP/said" | grep -q "station.cfg: error: the media folder .* cannot be read: Not a directory; " &&
        ! grep missing- "$TMP/said" && grep -q '^1 error' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

what_airs_instead_is_said_as_it_is() {
    station_with some
    record some 1 KT-01 lesson
    ketang check --station "$TMP/some/station.cfg" >"$TMP/said" || return 1
    said_for_all '9 lessons have no media yet, the slate will air instead: KT-02' || return 1
    record some 2 FILL-01 filler
    ketang check --station "$TMP/some/station.cfg" >"$TMP/said" || return 1
    said_for_all '9 lessons have no media yet, fillers will air instead: KT-02'
}

# Lessons are made week by week; without a filler the slate airs between all of them.
fillers_are_another_warning() {
    local name
    station_with accepted
    mkdir "$TMP/accepted/timetables"
    cp -r schedules/*.yaml schedules/calendars "$TMP/accepted/timetables"
    sed -i "s|timetables = .*|timetables = \"$TMP/accepted/timetables\";|" "$TMP/accepted/station.cfg"
    for name in "$TMP"/accepted/timetables/*.yaml; do
        echo 'accept: {missing-media: 示例}' >>"$name"
    done
    ketang check --station "$TMP/accepted/station.cfg" >"$TMP/said" || return 1
    ! grep -q 'missing-media\]' "$TMP/said" && said_for_all 'FILL-01.*\[missing-filler\]' || { cat "$TMP/said"; return 1; }
    sed -i 's/^accept: .*/accept: {missing-media: 示例, missing-filler: 示例}/' "$TMP"/accepted/timetables/*.yaml
    ketang check --station "$TMP/accepted/station.cfg" >"$TMP/said" && ! grep 'missing-' "$TMP/said"
}

# As orders name them; what has gone by, too.
periods_are_explained_by_name() {
    local day
    day=$(TZ=Asia/Shanghai date -d tomorrow +%F)
    ketang explain --station "$STATION" zhangdian '明天 第三节' >"$TMP/said" || return 1
    grep -q "^zhangdian $day" "$TMP/said" && grep -q ' 第三节, ' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang explain --station "$STATION" zhangdian '2020-02-17第三节' | grep -q '^zhangdian 2020-02-17' || return 1
    ketang explain --station "$STATION" zhangdian '明天 第九十节' 2>"$TMP/said" && return 1
    grep -q "^ketang explain: '明天 第九十节': .* has no period '第九十节'; the timetable has these: 第一节, " "$TMP/said"
}

# Repeats go on to the morning: a file says hours up to 30:00, what is later has its own date.
hours_of_the_next_day_are_dated() {
    ketang explain --station "$STATION" zhangdian 2026-11-25T07:10 >"$TMP/said" || return 1
    grep -q ' 重播, 2026-11-25 06:55 to 2026-11-25 07:20$' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang explain --station "$STATION" zhangdian 2026-11-25T03:00 >"$TMP/said" || return 1
    grep -q ' 重播, 26:45 to 27:10$' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# A change that the scheduler has not planned yet, and one of no lesson.
a_plan_that_is_behind_is_told() {
    local day
    day=$(TZ=Asia/Shanghai date -d tomorrow +%F)
    mkdir -p "$TMP/behind"
    sed "s|timetables = .*|timetables = \"$TMP/behind\";|; s|state = .*|state = \"$TMP/behind/state\";|" \
        "$STATION" >"$TMP/behind.cfg"
    cat >"$TMP/behind/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: A, title: 示例一}, {house_number: B, title: 示例二}]
periods: [{name: 第一节, start: 08:00, end: 08:40}, {name: 第二节, start: 09:00, end: 09:40}]
days: [mon, tue, wed, thu, fri, sat, sun]
grid:
  第一节: [A, A, A, A, A, A, A]
  第二节: [~, ~, ~, ~, ~, ~, ~]
EOF
    ketang plan --station "$TMP/behind.cfg" zhangdian >/dev/null || return 1
    for period in 第一节 第二节; do
        ketang explain --station "$TMP/behind.cfg" zhangdian "$day $period" >"$TMP/said"
        ! grep 'not caught up' "$TMP/said" || { cat "$TMP/said"; return 1; }
    done
    sed -i 's/reason: nothing is planned$/reason: "nothing is planned; order 1 undone by 示例"/' \
        "$TMP/behind/state/plans/zhangdian/1.yaml"
    sed -i 's/第一节: \[A.*/第一节: [B, B, B, B, B, B, B]/; s/第二节: \[~.*/第二节: [A, A, A, A, A, A, A]/' "$TMP/behind/zhangdian.yaml"
    for period in 第一节 第二节; do
        ketang explain --station "$TMP/behind.cfg" zhangdian "$day $period" >"$TMP/said"
        grep -q '^  note .*the plan has not caught up with the timetable yet' "$TMP/said" || { cat "$TMP/said"; return 1; }
    done
    # As if A had had media when it was planned; now no lesson is there.
    local frame=$(($(TZ=Asia/Shanghai date -d "$day 08:00" +%s) * 25))
    sed -i "/^    start: $frame /,/source/{s/kind: slate/kind: lesson\n    asset: $(printf '%064d' 1)/; s/instead_of: A/house_number: A/}" \
        "$TMP/behind/state/plans/zhangdian/1.yaml"
    sed -i 's/第一节: \[B.*/第一节: [~, ~, ~, ~, ~, ~, ~]/' "$TMP/behind/zhangdian.yaml"
    ketang explain --station "$TMP/behind.cfg" zhangdian "$day 08:10" >"$TMP/said"
    cat "$TMP/said"
    grep -q 'event .* lesson A' "$TMP/said" && grep -q '^  note .*not caught up' "$TMP/said"
}

# As schedules/README.md says.
saturday_runs_monday() {
    mkdir -p "$TMP/swap"
    cp -r schedules/*.yaml schedules/calendars "$TMP/swap"
    sed "s|timetables = .*|timetables = \"$TMP/swap\";|" "$STATION" >"$TMP/swap.cfg"
    sed -i 's/^# calendar: zibo/calendar: zibo/' "$TMP/swap"/*.yaml
    ketang explain --station "$TMP/swap.cfg" zhangdian 2026-11-28T08:10 | grep -q KT-06 || return 1
    ketang explain --station "$TMP/swap.cfg" zhangdian 2026-02-31T08:10 2>"$TMP/said" && return 1
    grep -qx "ketang explain: '2026-02-31T08:10': the calendar has no such day." "$TMP/said" || return 1
    sed -n 's/^    \(- {date: 2026-11-28, runs: .*\)/  \1/p' schedules/README.md >>"$TMP/swap/calendars/zibo.yaml"
    ketang check --station "$TMP/swap.cfg" >"$TMP/said" && grep -q '^No errors' "$TMP/said" &&
        ! grep 'nothing is planned in' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang explain --station "$TMP/swap.cfg" zhangdian 2026-11-28T08:10 >"$TMP/said" &&
        grep -q 'zibo.yaml:.* school day, runs 周一 2026-11-23, week 13: 调休$' "$TMP/said" &&
        grep -q 'KT-01 ' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# Ours run in every week of the year until the operator names the calendar.
calendars_that_nobody_names() {
    mkdir -p "$TMP/named"
    cp -r schedules/*.yaml schedules/calendars "$TMP/named"
    sed "s|timetables = .*|timetables = \"$TMP/named\";|" "$STATION" >"$TMP/named.cfg"
    ketang check --station "$TMP/named.cfg" >"$TMP/said" || return 1
    [ "$(grep -c "calendars/zibo.yaml: warning: .*'calendar: zibo'.*\[unused-calendar\]" "$TMP/said")" -eq 1 ] || return 1
    printf 'format: 1\nterm: []\n' >"$TMP/named/calendars/other.yaml"
    ketang check --station "$TMP/named.cfg" >"$TMP/said" && return 1
    grep -q "calendars/other.yaml:2:1: error: unknown key 'term'" "$TMP/said" || return 1
    rm "$TMP/named/calendars/other.yaml"
    echo 'accept: {unused-calendar: 示例}' >>"$TMP/named/zhangdian.yaml"
    ketang check --station "$TMP/named.cfg" >"$TMP/said" && ! grep unused-calendar "$TMP/said" || return 1
    sed -i '/^accept/d; s/^# calendar: zibo/calendar: zibo/' "$TMP/named/zhangdian.yaml"
    ketang check --station "$TMP/named.cfg" >"$TMP/said" && ! grep unused-calendar "$TMP/said"
}

# All five timetables name it.
a_mistake_of_the_calendar_is_told_once() {
    mkdir -p "$TMP/wrong"
    cp -r schedules/*.yaml schedules/calendars "$TMP/wrong"
    sed "s|timetables = .*|timetables = \"$TMP/wrong\";|" "$STATION" >"$TMP/wrong.cfg"
    sed -i 's/^# calendar: zibo/calendar: zibo/' "$TMP/wrong"/*.yaml
    sed -i 's/runs: 2026-10-07/runs: 星期八/' "$TMP/wrong/calendars/zibo.yaml"
    ketang check --station "$TMP/wrong.cfg" >"$TMP/said" && return 1
    [ "$(grep -c 'error:' "$TMP/said")" -eq 1 ] && grep 'calendars/zibo.yaml:14:.*error:.*星期八' "$TMP/said" &&
        grep -q '^1 error' "$TMP/said" || { cat "$TMP/said"; return 1; }
    cp schedules/calendars/zibo.yaml "$TMP/wrong/calendars/zibo.yaml"
    sed -i 's/^calendar: zibo/calendar: zobo/' "$TMP/wrong/linzi.yaml"
    ketang check --station "$TMP/wrong.cfg" >"$TMP/said" && return 1
    [ "$(grep -c 'error:' "$TMP/said")" -eq 1 ] &&
        grep "linzi.yaml:[0-9]*:11: error: there is no calendar calendars/zobo.yaml beside this file; did you mean 'zibo'?$" "$TMP/said" || { cat "$TMP/said"; return 1; }
    sed -i 's/^calendar: zobo/calendar: qingdao/' "$TMP/wrong/linzi.yaml"
    ketang check --station "$TMP/wrong.cfg" >"$TMP/said" && return 1
    grep 'there is no calendar calendars/qingdao.yaml beside this file$' "$TMP/said"
}

a_folder_that_is_not_there() {
    sed 's|timetables = .*|timetables = "nowhere";|' "$STATION" >"$TMP/nowhere.cfg"
    ketang check --station "$TMP/nowhere.cfg" >"$TMP/said" && return 1
    grep -q "nowhere.cfg: error: the folder that 'timetables' names, \"nowhere\".* relative to .*$PWD:" "$TMP/said" &&
        ! grep 'no timetable' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# Root can make any folder, the scheduler cannot.
a_store_in_no_folder() {
    station_with stored
    sed -i "s|approval_stages = 0;|& store = \"$TMP/nowhere/x.db\";|" "$TMP/stored/station.cfg"
    ketang check --station "$TMP/stored/station.cfg" >"$TMP/said" && return 1
    grep -q "station.cfg: error: 'store' of 'scheduler' is \"$TMP/nowhere/x.db\", and there is no folder $TMP/nowhere:" "$TMP/said" || return 1
    mkdir "$TMP/nowhere" && ketang check --station "$TMP/stored/station.cfg" >"$TMP/said" || return 1
    echo 'this is text, and no database at all' >"$TMP/nowhere/x.db"
    ketang check --station "$TMP/stored/station.cfg" >"$TMP/said" && return 1
    grep -q 'x.db: error: file is not a database; move it away' "$TMP/said" &&
        ketang check --station "$TMP/stored/station.cfg" schedules/zhangdian.yaml
}

# Before the scheduler starts with another number of stages.
lessons_that_nobody_signed() {
    station_with unsigned
    sed -i "s|state = .*|state = \"$TMP/unsigned/state\";|" "$TMP/unsigned/station.cfg"
    record unsigned 1 KT-01 lesson
    ketang check --station "$TMP/unsigned/station.cfg" >"$TMP/said" && ! grep signatures "$TMP/said" || return 1
    sed -i 's/approval_stages = 0;/approval_stages = 2;/' "$TMP/unsigned/station.cfg"
    ketang check --station "$TMP/unsigned/station.cfg" >"$TMP/said" &&
        grep -q "station.cfg: warning: 'approval_stages' is 2: [0-9]* airings .* the first [a-z]* [-0-9]* [0-9]*:[0-9]* KT-01;" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

no_such_file() {
    ketang check --station "$STATION" "$TMP/nowhere.yaml" && return 1
    ketang check --station "$TMP/no-station.cfg" && return 1
    return 0
}

all_of_a_folder() {
    local status=0
    sed "s|timetables = .*|timetables = \"$TMP/check\";|" "$STATION" >"$TMP/station.cfg"
    ketang check --station "$TMP/station.cfg" >"$TMP/said" 2>&1 || status=$?
    [ $status -eq 1 ] && grep -q '^15 errors' "$TMP/said" || { tail -n 3 "$TMP/said"; return 1; }
}

# rate BPS: what is said of the sample station with the first transport at that rate.
rate() {
    sed "0,/bitrate_bps = 3500000/s//bitrate_bps = $1/" "$STATION" >"$TMP/rate.cfg"
    ketang check --station "$TMP/rate.cfg" schedules/zhangdian.yaml >"$TMP/said" 2>&1
    local status=$?
    cat "$TMP/said"
    return $status
}

a_low_rate() {
    rate 3000000 && return 1
    local enough
    enough=$(sed -n "s/.*'zhangdian'.*bitrate_bps = \([0-9]*\) would do.*/\1/p" "$TMP/said")
    [ -n "$enough" ] && rate "$enough" && ! rate $((enough - 37600))
}

speaks_chinese() {
    env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 ketang check --station "$STATION" "$TMP/check/shape.yaml" |
        grep '[0-9]：错误：不是 YAML' >"$TMP/said"
    ! LC_ALL=C grep -q '[a-z]' <(sed 's/^[^：]*：//' "$TMP/said") && [ -s "$TMP/said" ] || { cat "$TMP/said"; return 1; }
    echo 'name = ' >"$TMP/slip.cfg"
    env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 ketang check --station "$TMP/slip.cfg" >"$TMP/said" 2>&1
    grep -q 'slip.cfg:[0-9]*：错误：.*这一行或上一行' "$TMP/said" && ! grep 'syntax' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

mkdir -p "$TMP/check"
cp "$FILES"/*.yaml "$TMP/check"
for file in "$FILES"/*.yaml; do
    name=$(basename "$file" .yaml)
    tap "$name.yaml: every problem by file, line and column" says_what_is_expected "$name"
done
tap "the timetables of schedules/ are on air at every minute" our_own_are_clean
tap "one line of the calendar airs Monday's lessons on a Saturday" saturday_runs_monday
tap "periods are explained by name" periods_are_explained_by_name
tap "hours of the next day are said with its date" hours_of_the_next_day_are_dated
tap "before the first ingest all that is missing is one warning" no_media_at_all_is_one_warning
tap "a plan that has not caught up with its timetable is told" a_plan_that_is_behind_is_told
tap "what is missing is replaced by fillers, or by the slate when there are none" what_airs_instead_is_said_as_it_is
tap "a media folder that cannot be read comes first" a_media_folder_that_cannot_be_read_comes_first
tap "who accepts lessons without media is still told of fillers" fillers_are_another_warning
tap "a calendar that no timetable names is read, and told of" calendars_that_nobody_names
tap "a mistake of a calendar is told once, and a mistyped name of one with the right one" a_mistake_of_the_calendar_is_told_once
tap "a folder of timetables that is not there is told by its setting" a_folder_that_is_not_there
tap "a store whose folder is not there, or that is none, is an error" a_store_in_no_folder
tap "what would not air for want of signatures is told before" lessons_that_nobody_signed
tap "a file that is not there is an error" no_such_file
tap "a whole folder is checked at once" all_of_a_folder
tap "a rate that is too low is an error, and the one that is named is enough, just" a_low_rate
tap "messages come in Chinese" speaks_chinese
tap_done
