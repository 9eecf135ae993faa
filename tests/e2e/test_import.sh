#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What ketang import makes of tests/e2e/import/*: for each FILE, FILE.said is
# what it says, word for word, and FILE.yaml what it writes.  When something has
# been changed on purpose: KETANG_GOLDEN=1 tests/e2e/test_import.sh writes them
# anew; read them before you commit.
. "$(dirname "$0")/../tap.sh"
export LC_ALL=C.UTF-8 LANGUAGE=

FILES=$PWD/tests/e2e/import
# Files of the folder's own station would give other numbers.
sed "s|media = \"var/media\"|media = \"$TMP/media\"|" schedules/station.cfg >"$TMP/default.cfg"
export KETANG_STATION=$TMP/default.cfg

# Also sees to it that the table has what the file says, and the exit status what the errors say.
says_and_writes() {
    local file=$1 status=0
    (cd "$FILES" && ketang import "$file" --channel zhangdian) >"$TMP/said" 2>&1 || status=$?
    (cd "$FILES" && ketang import "$file" --channel zhangdian --with-errors -o -) >"$TMP/yaml" 2>/dev/null
    if [ -n "${KETANG_GOLDEN:-}" ]; then
        cp "$TMP/said" "$FILES/$file.said"
        cp "$TMP/yaml" "$FILES/$file.yaml"
    fi
    diff -u "$FILES/$file.said" "$TMP/said" && diff -u "$FILES/$file.yaml" "$TMP/yaml" &&
        { grep -q '^No errors' "$TMP/said" && [ $status -eq 0 ] ||
            { grep -q '^[0-9]* errors\?\.$' "$TMP/said" && [ $status -eq 1 ]; }; }
}

without_places() {
    sed 's/  # 请核对.*//; s/^# 由 ketang import.*//' "$1"
}

# station_of TIMETABLE [CALENDAR]: a station file whose timetables are this one alone.
station_of() {
    mkdir -p "$TMP/timetables"
    rm -f "$TMP/timetables"/*.yaml*
    cp -r schedules/calendars "$TMP/timetables"
    sed "${2:+s/^channel: .*/&\\ncalendar: $2/}" "$1" >"$TMP/timetables/zhangdian.yaml"
    sed "s|timetables = .*|timetables = \"$TMP/timetables\";|" "$KETANG_STATION" >"$TMP/station.cfg"
}

# A workbook with merged cells, hidden sheet and all, says what the CSV says.
workbook_is_the_same() {
    local name=$1
    "$BUILD/tests/make-sheet" "$FILES/$name.csv" "$TMP/$name.xls.xlsx" || return 1
    ketang import "$TMP/$name.xls.xlsx" --channel zhangdian --with-errors -o - >"$TMP/book.yaml" 2>"$TMP/said"
    without_places "$TMP/book.yaml" >"$TMP/book"
    without_places "$FILES/$name.csv.yaml" >"$TMP/csv"
    diff -u "$TMP/csv" "$TMP/book" && grep -q '旧课表: warning: this sheet is hidden' "$TMP/said" &&
        grep -q "课表![A-Z][0-9]*: " "$TMP/said"
}

# count PATTERN FILE N
count() {
    [ "$(grep -c "$1" "$FILES/$2")" -eq "$3" ] || { grep -c "$1" "$FILES/$2"; return 1; }
}

sample_weeks_are_whole() {
    count '  - {house_number' c-a.csv.yaml 55 && count '  - {house_number' c-b.csv.yaml 60 &&
        count '  - {house_number' c-c.csv.yaml 24 &&
        grep -q 'from: 15:30, until: 19:40, pitch: 25, periods: \[第一节,.*第十节\]' "$FILES/c-a.csv.yaml" &&
        grep -q 'from: 16:30, until: 18:55, pitch: 30, periods: \[第一节, 第二节, 第三节, 第四节, 第五节\]' "$FILES/c-b.csv.yaml" &&
        grep -q '新闻联播, start: 19:00, end: 19:30' "$FILES/c-b.csv.yaml" &&
        grep -q 'of: 本周, days: \[周日\], when: always, from: 08:00, until: 18:00, pitch: 25' "$FILES/c-c.csv.yaml" &&
        grep -q '{date: 2020-05-09, runs: 2020-05-05' "$FILES/c-c.csv.yaml"
}

real_errors_are_found() {
    grep -q 'r1.csv:A3: error: .*12:00.*12:05' "$FILES/r1.csv.said" &&
        grep -q 'r2.csv:D8: error: .05 AM English S.4.: the hour or the minutes of this time are missing' "$FILES/r2.csv.said" &&
        grep -q 'r3.csv:A6: error: .*10:00-10:40, overlaps .*10:00-10:20' "$FILES/r3.csv.said"
}

nothing_is_written_with_errors() {
    ketang import "$FILES/r3.csv" --channel zhangdian -o "$TMP/r3.yaml" && return 1
    [ ! -e "$TMP/r3.yaml" ] || return 1
    ketang import "$FILES/r3.csv" --channel zhangdian -o "$TMP/r3.yaml" --with-errors && return 1
    grep -q '请核对 A6：时间与其他节次重叠' "$TMP/r3.yaml"
}

never_over_a_file() {
    echo mine >"$TMP/a.yaml"
    ketang import "$FILES/r3.csv" --channel zhangdian -o "$TMP/a.yaml" >"$TMP/out" 2>"$TMP/said" && return 1
    [ "$(cat "$TMP/a.yaml")" = mine ] && grep -q '^.*r3.csv:A6: error: ' "$TMP/out" && [ "$(wc -l <"$TMP/said")" -eq 2 ] &&
        grep -q 'nothing is written, for .*a.yaml is there already' "$TMP/said" || return 1
    ketang import "$FILES/c-a.csv" --channel zhangdian -o "$TMP/a.yaml" >"$TMP/out" 2>"$TMP/said" && return 1
    [ "$(cat "$TMP/a.yaml")" = mine ] && grep -q '^No errors' "$TMP/out" && [ "$(wc -l <"$TMP/said")" -eq 1 ] || return 1
    ketang import "$FILES/c-a.csv" --channel zhangdian -o "$TMP/a.yaml" --force >/dev/null &&
        diff "$FILES/c-a.csv.yaml" "$TMP/a.yaml" && [ -z "$(ls "$TMP" | grep part)" ]
}

# The channel has the periods of the sheet, under other names of the same numbers.
one_week_is_an_addition() {
    sed 's/第一节/第1节/' "$FILES/c-a.csv.yaml" >"$TMP/base.yaml"
    station_of "$TMP/base.yaml" zibo
    ketang import "$FILES/c-a.csv" --channel zhangdian --station "$TMP/station.cfg" --week 2 \
        -o "$TMP/w2.yaml" >"$TMP/said" || { cat "$TMP/said"; return 1; }
    grep -q 'warning: one week has lessons alone' "$TMP/said" && grep -q '^      第1节: ' "$TMP/w2.yaml" || return 1
    ! grep -q '^periods\|^breaks\|^repeats' "$TMP/w2.yaml" && grep -q '  - week: 第2周' "$TMP/w2.yaml" || return 1
    ketang import "$FILES/c-a.csv" --week 3 && return 1
    ketang import "$FILES/wakeup.csv" --week 6 --channel zhangdian -o - --with-errors 2>/dev/null >"$TMP/w6.yaml"
    grep -q 英语 "$TMP/w6.yaml" && ! grep -q '物理\|数学' "$TMP/w6.yaml"
}

times_of_the_channel_are_compared() {
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n二,8:50-9:30,语文 乙\n早读,7:30-7:50,语文 丙\n' >"$TMP/week.csv"
    station_of schedules/zhangdian.yaml zibo
    ketang import "$TMP/week.csv" --channel zhangdian --station "$TMP/station.cfg" --week 3 -o "$TMP/w3.yaml" \
        >"$TMP/said" && return 1
    [ ! -e "$TMP/w3.yaml" ] && [ "$(grep -c 'error:' "$TMP/said")" -eq 2 ] &&
        grep -q 'week.csv:B3: error: 第二节 is 08:50-09:30 here, but 08:45-09:25 in .*zhangdian.yaml, line 27' "$TMP/said" &&
        grep -q "week.csv:A4: error: the timetable of the channel has no period '早读'" "$TMP/said" || return 1
    ketang import "$TMP/week.csv" --channel zhangdian --station "$TMP/none.cfg" --week 3 >"$TMP/said" || return 1
    grep -q 'warning: the times are not compared with those of channel .zhangdian.' "$TMP/said"
}

lessons_that_a_week_leaves_out_are_counted() {
    station_of schedules/zhangdian.yaml zibo
    set -- --channel zhangdian --station "$TMP/station.cfg" --week 3 -o "$TMP/timetables/w3.yaml"
    printf '节次,周一,周二\n1,语文 甲,\n2,停课,停课\n' >"$TMP/week.csv"
    ketang import "$TMP/week.csv" "$@" >"$TMP/said" || { cat "$TMP/said"; return 1; }
    cat "$TMP/said"
    grep -q "week.csv:B3: warning: '停课': 2 cells say so or the like, and have no lesson" "$TMP/said" &&
        grep -q "warning: 3 lessons of the channel's timetable do not air in week 3, .*the first: 周二, 第一节" "$TMP/said" &&
        grep -q '^      第二节: *\[~, *~\]' "$TMP/timetables/w3.yaml"
}

times_of_a_week_may_be_left_to_its_channel() {
    station_of schedules/zhangdian.yaml zibo
    set -- --channel zhangdian --station "$TMP/station.cfg" --week 3
    printf '节次,周一,周二\n1,语文 甲,数学 乙\n第二节,语文 丙,\n眼保健操,眼保健操,眼保健操\n' >"$TMP/week.csv"
    ketang import "$TMP/week.csv" "$@" -o "$TMP/timetables/w3.yaml" >"$TMP/said" || { cat "$TMP/said"; return 1; }
    grep -q '^第一节 *08:00-08:40' "$TMP/said" && grep -q 'week.csv:B4: warning: .* this is left out' "$TMP/said" &&
        ketang check --station "$TMP/station.cfg" | grep -q '^No errors' || return 1
    printf '周一,周二\n语文 甲,数学 乙\n语文 丙,\n' >"$TMP/week.csv"
    ketang import "$TMP/week.csv" "$@" >"$TMP/said" && grep -q '^第二节 *08:45-09:25' "$TMP/said" || return 1
    ketang import "$TMP/week.csv" >"$TMP/said" && return 1
    [ "$(grep -c 'error: when this period is on is not said' "$TMP/said")" -eq 2 ]
}

# Else `check` refuses the addition, and with it the timetable of the channel.
a_week_needs_a_calendar_that_has_it() {
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/week.csv"
    set -- "$TMP/week.csv" --channel zhangdian --station "$TMP/station.cfg" -o "$TMP/timetables/week.yaml"
    station_of schedules/zhangdian.yaml
    ketang import "$@" --week 3 >"$TMP/said" && return 1
    [ ! -e "$TMP/timetables/week.yaml" ] && [ "$(grep -c 'error:' "$TMP/said")" -eq 1 ] &&
        grep -q "timetables/zhangdian.yaml, names none; write a line such as 'calendar: zibo'" "$TMP/said" || return 1
    sed -i 's/^# calendar: zibo/calendar: zibo/' "$TMP/timetables/zhangdian.yaml"
    ketang import "$@" --week 22 >"$TMP/said" && return 1
    [ "$(grep -c 'error:' "$TMP/said")" -eq 1 ] && grep -q 'has no term with a week 22' "$TMP/said" || return 1
    ketang import "$@" --week 21 && ketang check --station "$TMP/station.cfg" | grep -q '^No errors'
}

fillers_outlive_a_new_grid() {
    cp schedules/zhangdian.yaml "$TMP/z.yaml"
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n课间,8:40-8:50,\n' >"$TMP/grid.csv"
    ketang import "$TMP/grid.csv" --channel zhangdian --force -o "$TMP/z.yaml" 2>"$TMP/said" >&2 || return 1
    grep -q 'FILL-01' "$TMP/z.yaml" && grep -q '^rest: loop' "$TMP/z.yaml" && grep -q '^repeats: {of: 最近' "$TMP/z.yaml" &&
        ! grep -q 'KT-01\|眼保健操' "$TMP/z.yaml" && cmp schedules/zhangdian.yaml "$TMP/z.yaml.old" &&
        grep -q 'says nothing of them: title, rest, repeats, fillers\.$' "$TMP/said" &&
        grep -q 'what the sheet says: lessons, periods, days, grid, breaks\.$' "$TMP/said" || return 1
    station_of "$TMP/z.yaml"
    ketang check --station "$TMP/station.cfg" | grep -q '^No errors' || return 1
    ketang import "$TMP/grid.csv" --channel zhangdian --force -o "$TMP/z.yaml" >/dev/null &&
        cmp schedules/zhangdian.yaml "$TMP/z.yaml.old" && [ -e "$TMP/z.yaml.old2" ]
}

# A sheet has no column for what makes a lesson air otherwise.
what_was_set_by_hand_outlives_a_sheet() {
    sed 's/\(KT-01, .*\)}/\1, substitute: KT-02, media: 20}/; s/\(第一节, start.*\)}/\1, fixed: true}/
        s/\(第九节, start.*\)}/\1, media: 30}/' schedules/zhangdian.yaml >"$TMP/hand.yaml"
    printf '节次,时间,周一\n1,8:00-8:40,一年级 语文 春夏秋冬\n' >"$TMP/1.csv"
    ketang import "$TMP/1.csv" --channel zhangdian --force -o "$TMP/hand.yaml" 2>"$TMP/said" >&2 || return 1
    cat "$TMP/said"
    grep -q 'KT-01, .*, teacher: 示例教师01, substitute: KT-02, media: 20}$' "$TMP/hand.yaml" &&
        grep -q '第一节, start: 08:00, end: 08:40, fixed: true}$' "$TMP/hand.yaml" &&
        grep -q 'that stay, where .*: teacher, substitute, media, fixed\.$' "$TMP/said" &&
        grep -q 'These are not in the sheet, .*: 第九节 (media); .* copy it from .*hand.yaml.old' "$TMP/said" || return 1
    station_of "$TMP/hand.yaml"
    ketang check --station "$TMP/station.cfg" | grep -q '^No errors'
}

# Else the film of the last week airs under the title of this one.
numbers_stay_with_their_lessons() {
    local week=$TMP/next.yaml
    printf '节次,时间,周一,周二\n1,8:00-8:40,一年级 语文 甲,一年级 语文 乙\n' >"$TMP/1.csv"
    printf '节次,时间,周一,周二\n1,8:00-8:40,一年级 语文 丙,一年级 语文 甲\n' >"$TMP/2.csv"
    printf '节次,时间,周一,周二\n1,8:00-8:40,一年级 语文 丁,语文\n' >"$TMP/3.csv"
    ketang import "$TMP/1.csv" --channel zhangdian -o "$week" 2>"$TMP/said" >&2 || return 1
    ! grep -q 'House numbers' "$TMP/said" || return 1
    ketang import "$TMP/2.csv" --channel zhangdian -o "$week" --force 2>"$TMP/said" >&2 || return 1
    grep -q 'ZHANGDIAN-1-1, .*甲}$' "$week" && grep -q 'ZHANGDIAN-1-1-2, .*丙}$' "$week" &&
        grep -q '^  第一节: *\[ZHANGDIAN-1-1-2, ZHANGDIAN-1-1\]' "$week" &&
        grep -q 'House numbers: 1 kept.*; 1 new\.$' "$TMP/said" && ! grep -q 'no title' "$TMP/said" &&
        grep -qx '  ZHANGDIAN-1-1-2 丙, new' "$TMP/said" && ! grep -q 'stay with the numbers' "$TMP/said" || return 1
    ketang import "$TMP/3.csv" --channel zhangdian -o "$week" --force 2>"$TMP/said" >&2 || return 1
    grep -q 'ZHANGDIAN-1-1-3, .*丁}$' "$week" && grep -q 'ZHANGDIAN-2-1-2, .*语文}' "$week" &&
        grep -q 'House numbers: 0 kept.*; 2 new\.$' "$TMP/said" && grep -q 'signatures stay with the numbers' "$TMP/said" &&
        grep -qx '  ZHANGDIAN-1-1-3 丁, new; ZHANGDIAN-1-1-2 丙 stood there' "$TMP/said" || return 1
    ketang import "$TMP/3.csv" --channel zhangdian -o "$week" --force 2>"$TMP/said" >&2 || return 1
    grep -q 'House numbers: 2 kept.*; 0 new\.$' "$TMP/said" && grep -q 'them 1 have no title' "$TMP/said"
}

breaks_between_no_lessons_are_told() {
    cp schedules/zhangdian.yaml "$TMP/noon.yaml"
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n2,8:45-9:25,语文 乙\n3,14:00-14:40,语文 丙\n' >"$TMP/1.csv"
    ketang import "$TMP/1.csv" --channel zhangdian --force -o "$TMP/noon.yaml" 2>"$TMP/said" >&2 || { cat "$TMP/said"; return 1; }
    grep breaks "$TMP/said"
    grep -q 'These breaks of it have no lesson .*: .*课间 12:25-12:30, 眼保健操 13:10-13:15' "$TMP/said" &&
        ! grep -q 'breaks.*课间 08:40' "$TMP/said"
}

numbers_of_a_week_stay_too() {
    local week=$TMP/timetables/w3.yaml
    station_of schedules/zhangdian.yaml zibo
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n2,8:45-9:25,语文 乙\n' >"$TMP/1.csv"
    printf '节次,时间,周一\n1,8:00-8:40,语文 丙\n2,8:45-9:25,语文 甲\n' >"$TMP/2.csv"
    set -- --channel zhangdian --station "$TMP/station.cfg" --week 3 -o "$week"
    ketang import "$TMP/1.csv" "$@" && ketang import "$TMP/2.csv" "$@" --force || return 1
    grep -q 'ZHANGDIAN-W03-1-1, .*甲}' "$week" && grep -q 'ZHANGDIAN-W03-1-1-2, .*丙}' "$week" &&
        ketang check --station "$TMP/station.cfg" | grep -q '^No errors'
}

# Else their films and signatures are lost to them.
a_week_keeps_the_numbers_of_its_channel() {
    local week=$TMP/timetables/w3.yaml
    station_of schedules/zhangdian.yaml zibo
    printf '节次,时间,周一,周二\n1,8:00-8:40,三年级 英语 Unit 1 Lesson 1 示例教师03,一年级 语文 春夏秋冬 王老师\n' >"$TMP/1.csv"
    set -- "$TMP/1.csv" --channel zhangdian --station "$TMP/station.cfg" --week 3 -o "$week"
    ketang import "$@" 2>"$TMP/said" >&2 || { cat "$TMP/said"; return 1; }
    grep -q 'House numbers: 1 kept.*; 1 new\.$' "$TMP/said" && grep -q 'them 1 is not listed again' "$TMP/said" &&
        ! grep -q 'house_number: KT' "$week" && grep -q '^      第一节: *\[KT-03, ZHANGDIAN-W03-2-1\]' "$week" || return 1
    ketang check --station "$TMP/station.cfg" | grep -q '^No errors' || return 1
    sed -i 's/春夏秋冬 王老师/春夏秋冬/' "$TMP/1.csv"
    rm "$week"
    ketang import "$@" 2>"$TMP/said" >&2 && grep -q 'House numbers: 2 kept.*; 0 new\.$' "$TMP/said" &&
        ! grep -q '^lessons' "$week" && ketang check --station "$TMP/station.cfg" | grep -q '^No errors'
}

# A week that is over is deleted: no other one may need its lessons.
a_week_needs_no_other_week() {
    local week=$TMP/timetables/w
    station_of schedules/zhangdian.yaml zibo
    printf '节次,时间,周一\n1,8:00-8:40,一年级 语文 甲\n' >"$TMP/1.csv"
    set -- ketang import "$TMP/1.csv" --channel zhangdian --station "$TMP/station.cfg"
    "$@" --week 3 -o "${week}3.yaml" && "$@" --week 4 -o "${week}4.yaml" || return 1
    ketang check --station "$TMP/station.cfg" | grep -q '^No errors' && rm "${week}3.yaml" &&
        ketang check --station "$TMP/station.cfg" | grep -q '^No errors'
}

numbers_with_a_file_are_not_given() {
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/1.csv"
    "$BUILD/ketang" ingest --station "$KETANG_STATION" --house-number ZHANGDIAN-1-1 tests/media/phone-rotated.mov >"$TMP/said" 2>&1 ||
        { cat "$TMP/said"; return 1; }
    ketang import "$TMP/1.csv" --channel zhangdian -o "$TMP/new.yaml" && grep -q 'ZHANGDIAN-1-1-2, .*甲}' "$TMP/new.yaml"
}

# The mount point of a disk that is away, of which a lesson is planned; then not even that is there.
a_media_folder_that_is_away_is_told() {
    local cause
    sed "s|state = \"var/state\"|state = \"$TMP/state\"|" "$KETANG_STATION" >"$TMP/away.cfg"
    rm -r "$TMP/media" && mkdir -p "$TMP/media" "$TMP/state/plans/zhangdian" || return 1
    cat >"$TMP/state/plans/zhangdian/1.yaml" <<EOF
format: 1
channel: zhangdian
revision: 1
effective: 44155800000
fillers: []
events: [{seq: 1, start: 44155845000, duration: 30000, kind: lesson, programme: 1, asset: $(printf "%064d" 1)}]
EOF
    for cause in 'is empty, and what is planned was in it' 'cannot be read: No such file'; do
        ketang import "$TMP/1.csv" --channel zhangdian --station "$TMP/away.cfg" -o "$TMP/away.yaml" --force >"$TMP/said" 2>&1
        cat "$TMP/said"
        grep -q "error: the media folder \"$TMP/media\" $cause" "$TMP/said" &&
            grep -q '^ketang import: a new lesson might get the house number of a file there' "$TMP/said" || return 1
        rm -rf "$TMP/media"
    done
}

# Else a good file gives way to one that check refuses, and the channel goes on by a list that no file has.
what_would_not_air_replaces_nothing() {
    local advice file=$TMP/timetables/zhangdian.yaml
    station_of schedules/zhangdian.yaml
    cp "$file" "$TMP/good.yaml"
    printf '节次,时间,周一\n1,8:00-8:45,语文 甲\n' >"$TMP/1.csv"
    set -- "$TMP/1.csv" --channel zhangdian --station "$TMP/station.cfg" --force
    (cd "$TMP/timetables" && ketang import "$@" -o zhangdian.yaml 2>"$TMP/said" >&2) && return 1
    cat "$TMP/said"
    cmp "$TMP/good.yaml" "$file" && [ ! -e "$file.old" ] && grep -q 'house_number: ZHANGDIAN-1-1' "$file.new" &&
        grep -q '^ketang import: zhangdian.yaml is left as it was' "$TMP/said" &&
        grep -q '^zhangdian.yaml.new:[0-9]*: error: .*08:40' "$TMP/said" && ! grep -q ':0: \|is written\|warning' "$TMP/said" &&
        advice=$(sed -n "s/.* in place with '\([^']*\)'.*/\1/p" "$TMP/said") && [ -n "$advice" ] || return 1
    ketang import "$@" -o "$file" >/dev/null; [ $? -eq 1 ] && [ -e "$file.new2" ] || return 1
    sed -i 's/08:40, end: 08:45/08:45, end: 08:50/' "$file.new" && (cd "$TMP/timetables" && eval "$advice") &&
        cmp "$TMP/good.yaml" "$file.old" && ketang check --station "$TMP/station.cfg" | grep -q '^No errors' || return 1
    touch "$file.new"
    ketang import "$@" -o "$file" 2>"$TMP/said" >&2 && [ -e "$file.old2" ] &&
        grep -q "outdated now: .* 'rm $file.new $file.new2'" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# Else all that it has besides its grid is lost for one slip of the keyboard.
what_cannot_be_read_is_not_replaced() {
    local file=$TMP/slip.yaml
    sed 's/^grid:/grid：/' schedules/zhangdian.yaml >"$file"
    cp "$file" "$TMP/slip"
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/1.csv"
    ketang import "$TMP/1.csv" --channel zhangdian --force -o "$file" 2>"$TMP/said" >&2 && return 1
    cat "$TMP/said"
    cmp "$TMP/slip" "$file" && [ ! -e "$file.old" ] && [ ! -e "$file.new" ] && ! grep -q 'is written' "$TMP/said" &&
        grep -q "^$file:[1-9][0-9]*.* error: " "$TMP/said" && grep -q 'slip.yaml is left as it was, for it cannot be read' "$TMP/said"
}

# The scheduler reads it once it is put in place; a copy that is there is not advised to be written over.
what_would_not_air_is_as_readable_as_the_good_file() {
    local file=$TMP/timetables/zhangdian.yaml
    station_of schedules/zhangdian.yaml
    chmod 664 "$file" && touch "$file.old"
    printf '节次,时间,周一\n1,8:00-8:45,语文 甲\n' >"$TMP/1.csv"
    (umask 077 && ketang import "$TMP/1.csv" --channel zhangdian --station "$TMP/station.cfg" --force -o "$file" >"$TMP/said" 2>&1) && return 1
    [ "$(stat -c %a "$file.new")" = 664 ] && grep -q "'ln $file $file.old2 && mv $file.new $file'" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# A week that names lessons of the timetable needs them there.
a_lesson_that_a_week_needs_is_not_lost() {
    local file=$TMP/timetables/zhangdian.yaml
    station_of schedules/zhangdian.yaml zibo
    printf 'format: 1\nchannel: zhangdian\nweeks: [{week: 3, days: [周一], grid: {第一节: [KT-03]}}]\n' >"$TMP/timetables/w3.yaml"
    printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/1.csv"
    ketang import "$TMP/1.csv" --channel zhangdian --station "$TMP/station.cfg" -o "$file" --force 2>"$TMP/said" >&2 && return 1
    cat "$TMP/said"
    [ ! -e "$file.old" ] && grep -q "^w3.yaml:3:[0-9]*: error: .*KT-03" "$TMP/said"
}

# The name has room for ".old", but not for that of the file that is written first.
what_fails_leaves_all_as_it_was() {
    local name i
    name=$TMP/$(printf 'n%.0s' {1..246}).yaml
    echo mine >"$name"
    ketang import "$FILES/c-a.csv" --channel zhangdian -o "$name" --force >"$TMP/said" 2>&1 && return 1
    grep -q 'cannot be written: File name too long' "$TMP/said" && ! grep -q 'is kept as' "$TMP/said" &&
        [ "$(cat "$name")" = mine ] && [ ! -e "$name.old" ] || return 1
    echo mine | tee "$TMP/old.yaml" >"$TMP/old.yaml.old"
    for i in {2..99}; do
        cp "$TMP/old.yaml" "$TMP/old.yaml.old$i"
    done
    ketang import "$FILES/c-a.csv" --channel zhangdian -o "$TMP/old.yaml" --force >"$TMP/said" 2>&1 && return 1
    grep -q '99 older copies .* move .*old.yaml.old and those after it' "$TMP/said" &&
        ! grep -q 'is kept as' "$TMP/said" && [ "$(cat "$TMP/old.yaml")" = mine ] && [ -z "$(ls "$TMP" | grep part)" ]
}

# A new file is as readable as the operator's are, one that is replaced as it was.
modes_are_kept() {
    local mask name=$TMP/mode
    for mask in 027 002; do
        (umask $mask && ketang import "$FILES/c-a.csv" --channel zhangdian -o "$name-$mask.yaml" >/dev/null) || return 1
    done
    [ "$(stat -c %a "$name-027.yaml" "$name-002.yaml" | paste -sd ' ')" = '640 664' ] && chmod 600 "$name-002.yaml" &&
        ketang import "$FILES/c-a.csv" --channel zhangdian -o "$name-002.yaml" --force >/dev/null &&
        [ "$(stat -c %a "$name-002.yaml" "$name-002.yaml.old" | paste -sd ' ')" = '600 600' ]
}

old_books_are_refused() {
    printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old' >"$TMP/old.xls"
    ketang import "$TMP/old.xls" >"$TMP/said" && return 1
    grep -q '另存为' "$TMP/said" || return 1
    printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0' >"$TMP/locked.xlsx"
    ketang import "$TMP/locked.xlsx" >"$TMP/said" && return 1
    grep -q password "$TMP/said"
}

# Days down the rows: the sheet has no head of days, and is the one that is read.
a_turned_workbook_is_read() {
    printf '课程表,,\n日期,第1节,第2节\n,8:00-8:40,8:45-9:25\n周一,语文 甲,数学 乙\n周二,语文 丙,数学 丁\n' >"$TMP/turned.csv"
    "$BUILD/tests/make-sheet" "$TMP/turned.csv" "$TMP/turned.xlsx" &&
        ketang import "$TMP/turned.xlsx" >"$TMP/said" && cat "$TMP/said" && grep -q '^4 lessons' "$TMP/said" &&
        [ "$(grep -c 'not read' "$TMP/said")" -eq 1 ] && grep -q 'hidden and is not read' "$TMP/said"
}

# Which of the squares that were made one is meant, nobody can tell.
ditto_below_merged_cells_is_told() {
    printf '课程表,,,\n节次,时间,周一,周二\n1,8:00-8:40,语文 甲,同\n2,8:50-9:30,语文 乙,同上\n' >"$TMP/above.csv"
    "$BUILD/tests/make-sheet" "$TMP/above.csv" "$TMP/above.xlsx" || return 1
    ketang import "$TMP/above.xlsx" >"$TMP/said" && return 1
    cat "$TMP/said"
    [ "$(grep -c 'error:' "$TMP/said")" -eq 1 ] && grep -q "D4: error: '同上': what stands there is merged of several cells" "$TMP/said"
}

an_unknown_sheet_is_told_with_those_there_are() {
    "$BUILD/tests/make-sheet" "$FILES/c-a.csv" "$TMP/sheets.xlsx" || return 1
    ketang import "$TMP/sheets.xlsx" --sheet 第9周 >"$TMP/said" && return 1
    grep -q "error: there is no sheet called '第9周'; this workbook has: 课表, .*旧课表 (hidden)" "$TMP/said" || return 1
    ketang import "$FILES/c-a.csv" --sheet 课表 >"$TMP/said" && return 1
    grep -q 'this is no workbook, and has no sheet called' "$TMP/said"
}

lines_can_be_said() {
    printf '节次,时间,周一\n1,8:00-8:40,"语文\n王小明\n春夏秋冬"\n' >"$TMP/lines.csv"
    ketang import "$TMP/lines.csv" >"$TMP/said" && return 1
    grep -q 'lines.csv:C2: error: which of these' "$TMP/said" || return 1
    ketang import "$TMP/lines.csv" --channel zhoucun --lines 学科,教师,课题 -o - 2>/dev/null |
        grep -q 'title: 春夏秋冬, teacher: 王小明}$'
}

# Without a word the teacher would air as the title.
a_name_for_a_title_is_told() {
    printf '节次,时间,周一,周二,周三\n1,8:00-8:40,"一年级 数学\n\n李强","四年级 科学\n刘敏\n第4课 课题4",语文 孔乙己\n' >"$TMP/name.csv"
    ketang import "$TMP/name.csv" --lines 学科,课题,教师 >"$TMP/said" || return 1
    [ "$(grep -c 'warning:' "$TMP/said")" -eq 2 ] &&
        grep -q "name.csv:C2: warning: '李强' is taken as the title, but looks like a person's name" "$TMP/said" &&
        grep -q "name.csv:D2: warning: '刘敏' is taken as the title, but looks like a person's name" "$TMP/said"
}

a_week_in_the_heading_is_asked_about() {
    printf '第13周课表,,\n节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/w13.csv"
    ketang import "$TMP/w13.csv" --channel zhangdian -o "$TMP/w13.yaml" 2>"$TMP/said" &&
        grep -q 'for that week alone say --week 13' "$TMP/said" || return 1
    printf '2026年11月30日—12月4日课表,,\n节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/w13.csv"
    ketang import "$TMP/w13.csv" --channel zhangdian --force -o "$TMP/w13.yaml" 2>"$TMP/said" &&
        grep -q 'the sheet has dates, .* say --week N' "$TMP/said" || return 1
    printf '日期,节次,时间,学科,课题\n2026-12-01,1,8:00-8:40,语文,甲\n' >"$TMP/w13.csv"
    ketang import "$TMP/w13.csv" --channel zhangdian --force -o "$TMP/w13.yaml" 2>"$TMP/said" &&
        grep -q 'the sheet has dates, .* say --week N' "$TMP/said"
}

an_unknown_channel_is_refused() {
    ketang import "$FILES/c-a.csv" --channel zhangdan -o "$TMP/none.yaml" 2>"$TMP/said" && return 1
    grep -q "did you mean zhangdian" "$TMP/said" && [ ! -e "$TMP/none.yaml" ]
}

wrong_usage() {
    ketang import; [ $? -eq 2 ] || return 1
    ketang import "$TMP/none.csv"; [ $? -eq 1 ] || return 1
    ketang import "$FILES/c-a.csv" --week 99; [ $? -eq 2 ] || return 1
    ketang import tests/media/phone-rotated.mov | grep -q 'this is no table, but a film, a picture or the like' || return 1
    ketang import --help | grep -q Examples && [ "$(ketang import --help | wc -L)" -le 80 ]
}

speaks_chinese() {
    (
        unset LC_ALL LANGUAGE
        export LANG=zh_CN.UTF-8
        ketang import "$FILES/r1.csv" | grep -q '：错误：.*12:05' || exit 1
        ketang import 2>&1 | grep -q '^ketang import：请给出一个文件。$' || exit 1
        ketang import "$FILES/r1.csv" --lines x 2>&1 | grep -q '应为：学科、课题、.*，如 学科,课题,教师。$' || exit 1
        [ "$(ketang import --help | LC_ALL=C.UTF-8 wc -L)" -le 80 ]
    )
}

for file in "$FILES"/*.csv "$FILES"/*.xml "$FILES"/*.json; do
    name=$(basename "$file")
    tap "$name: what is said and written" says_and_writes "$name"
done
for name in c-a c-b c-c r1 r2 r3; do
    tap "$name as a workbook with merged cells says the same" workbook_is_the_same "$name"
done
tap "the three sample weeks are whole: 55, 60 and 24 lessons, their repeats and relay" sample_weeks_are_whole
tap "the errors of the three real timetables are found" real_errors_are_found
tap "with errors nothing is written, unless that is asked for" nothing_is_written_with_errors
tap "nothing is written over a file that is there" never_over_a_file
tap "a week is an addition" one_week_is_an_addition
tap "a week at other times than the channel's is told of" times_of_the_channel_are_compared
tap "what a week leaves out of the term is counted" lessons_that_a_week_leaves_out_are_counted
tap "a week without times airs at those of its channel" times_of_a_week_may_be_left_to_its_channel
tap "a week needs a calendar that has it" a_week_needs_a_calendar_that_has_it
tap "a new grid keeps the fillers, and the old file" fillers_outlive_a_new_grid
tap "breaks that are kept between no lessons are told" breaks_between_no_lessons_are_told
tap "what was set by hand for a lesson stays with it; what is lost is named" what_was_set_by_hand_outlives_a_sheet
tap "a lesson keeps its house number, and another never gets it" numbers_stay_with_their_lessons
tap "so it is in an addition of one week" numbers_of_a_week_stay_too
tap "a week keeps the house numbers that its channel has" a_week_keeps_the_numbers_of_its_channel
tap "a week needs no file of another one" a_week_needs_no_other_week
tap "nor does it get one that has a file" numbers_with_a_file_are_not_given
tap "a media folder that is away is told" a_media_folder_that_is_away_is_told
tap "what would not air replaces no good timetable" what_would_not_air_replaces_nothing
tap "nor does anything replace one that cannot be read" what_cannot_be_read_is_not_replaced
tap "it is as readable as the good one, and keeps older copies" what_would_not_air_is_as_readable_as_the_good_file
tap "nor does what loses a lesson that a week needs" a_lesson_that_a_week_needs_is_not_lost
tap "what cannot be written leaves all as it was, and says what to do" what_fails_leaves_all_as_it_was
tap "a new file heeds the umask, one that is replaced keeps its mode" modes_are_kept
tap "old and locked workbooks are refused with the way out" old_books_are_refused
tap "a turned workbook is read, and only others are told of" a_turned_workbook_is_read
tap "同上 below merged cells is told" ditto_below_merged_cells_is_told
tap "a sheet that is not there is told with those there are" an_unknown_sheet_is_told_with_those_there_are
tap "the order of lines can be said" lines_can_be_said
tap "a name where the title should be is told" a_name_for_a_title_is_told
tap "a week in the heading is asked about" a_week_in_the_heading_is_asked_about
tap "a channel that the station has not is refused" an_unknown_channel_is_refused
tap "wrong usage is told" wrong_usage
tap "messages come in Chinese" speaks_chinese
tap_done
