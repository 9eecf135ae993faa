#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The reports of days that never were (make-broadcast), word for word, and
# what ketang verify says of records that were tampered with.
#
# When a report has been changed on purpose: KETANG_GOLDEN=1
# tests/e2e/test_report.sh writes tests/e2e/report/*.expected.* anew; read
# them, and look at the pages in a browser, before you commit.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

GOLDEN=$PWD/tests/e2e/report
ASRUN=$STATE/asrun/zhangdian

# A day as planned, one with every kind of fault, a holiday.
make_station() {
    station_make && cp "$GOLDEN"/*.yaml "$TMP/schedules/" &&
        sed -i -e 's/name = "淄博电视课堂"/name = "示例电视课堂"/' "$STATION" &&
        tests_make zhangdian 2020-02-17 1 clean &&
        tests_make zhangdian 2020-02-18 11 faults &&
        tests_make zhangdian 2020-02-19 21 holiday &&
        cp -R "$STATE" "$TMP/sound"
}

tests_make() {
    "$BUILD/tests/make-broadcast" "$STATION" "$@"
}

report() {
    ketang report --station "$STATION" --channel zhangdian "$@"
}

# as_expected NAME ARGUMENT...: the report is that of NAME, byte for byte, twice.
as_expected() {
    local name=$1
    shift
    report "$@" -o "$TMP/$name" && report "$@" -o "$TMP/again" || return 1
    if [ -n "${KETANG_GOLDEN:-}" ]; then
        cp "$TMP/$name" "$GOLDEN/$name"
    fi
    cmp "$TMP/$name" "$TMP/again" && diff -u "$GOLDEN/$name" "$TMP/$name"
}

in_chinese() {
    local name=$1
    shift
    (unset LC_ALL LANGUAGE && LANG=zh_CN.UTF-8 && export LANG && as_expected "$name" "$@")
}

nil_report_says_so() {
    report --day 2020-02-17 | grep -q '^Nil report (零报告)' &&
        report --day 2020-02-19 | grep -q '^No lessons on this day. Nil report (零报告)' &&
        ! report --day 2020-02-18 | grep -q 'Nil report'
}

a_day_without_record_is_not_nil() {
    report --day 2020-02-16 >"$TMP/said"
    cat "$TMP/said"
    ! grep -q 'Nil report\|No lessons' "$TMP/said" && grep -q '^No as-run record of this day exists' "$TMP/said" &&
        grep -q 'zhangdian: the first as-run record is of 2020-02-17: the channel was not on the air before\|zhangdian: as-run records are kept' "$TMP/said"
}

# Of a holiday nothing is planned, of a day without record nothing is known.
each_absence_says_why() {
    local days
    days=$(sed -n 's/.*as_run_days = \([0-9]*\).*/\1/p' "$STATION")
    report --day 2020-02-16 | grep -q "kept $days days (as_run_days); the first one that is left is of 2020-02-17" &&
        report --day 2020-02-21 | grep -q 'the last as-run record is of 2020-02-19: the engine was not running since' &&
        ketang report --station "$STATION" --channel linzi --day 2020-02-18 |
            grep -q "no as-run record exists of any day in $STATE/asrun/linzi" || return 1
    mv "$ASRUN/2020-02-18.jsonl" "$TMP/away"
    report --day 2020-02-18 >"$TMP/said"
    mv "$TMP/away" "$ASRUN/2020-02-18.jsonl"
    grep -q 'records of days before and after' "$TMP/said" && grep -q '^No as-run record of this day' "$TMP/said"
}

# The hours before the first plan count nothing, on its day and on the days before it.
what_had_not_begun_counts_nothing() {
    report --week 2020-02-12 >"$TMP/said"
    cat "$TMP/said"
    [ "$(grep -c '^2020-02-1.* 0.00  *0  *not begun$' "$TMP/said")" -eq 7 ] &&
        ! grep -q '86400\|Nil report' "$TMP/said" && grep -q '^No as-run record of this week exists' "$TMP/said"
}

# Nor does a day before the first record of a channel that never had a plan: as long as one would be kept.
what_was_not_yet_on_the_air_is_no_gap() {
    local folder=$STATE/asrun/linzi
    mkdir -p "$folder" && touch "$folder/$(date -d '2 days ago' +%F).jsonl" || return 1
    LC_ALL=zh_CN.UTF-8 LANG=zh_CN.UTF-8 ketang report --station "$STATION" --channel linzi \
        --day "$(date -d '5 days ago' +%F)" >"$TMP/said"
    rm -r "$folder"
    cat "$TMP/said"
    grep -q ' 0.00  *0  *尚未开播$' "$TMP/said" && grep -q '^当日没有播出记录，也还没有播出单：尚未开播' "$TMP/said" &&
        grep -q '在那之前频道没有播出' "$TMP/said" && ! grep -q '86400\|无从得知' "$TMP/said"
}

workbook_is_the_same_twice() {
    report --day 2020-02-18 --format xlsx -o "$TMP/1.xlsx" && sleep 2.1 &&
        report --day 2020-02-18 --format xlsx -o "$TMP/2.xlsx" && cmp "$TMP/1.xlsx" "$TMP/2.xlsx" &&
        [ "$(head -c 2 "$TMP/1.xlsx")" = PK ] && ! ls "$TMP"/*.tmp
}

page_is_alone_and_escaped() {
    report --day 2020-02-18 --format html >"$TMP/page.html"
    ! grep -E 'src=|href=|url\(|@import|<script' "$TMP/page.html" &&
        grep -q '=1+1 &lt;b&gt;心理健康&lt;/b&gt; &amp; &quot;示例&quot;' "$TMP/page.html" &&
        grep -q '<svg' "$TMP/page.html" && ! grep -q '<b>' "$TMP/page.html"
}

exports_are_sound() {
    ketang asrun --station "$STATION" zhangdian --day 2020-02-18 --format xml >"$TMP/asrun.xml" &&
        ketang asrun --station "$STATION" zhangdian --day 2020-02-18 --format csv >"$TMP/asrun.csv" &&
        ketang asrun --station "$STATION" zhangdian --day 2020-02-18 >"$TMP/asrun.txt" || return 1
    [ "$(grep -c '<event ' "$TMP/asrun.xml")" -eq 13 ] && [ "$(wc -l <"$TMP/asrun.csv")" -eq 15 ] &&
        grep -q '^14 records' "$TMP/asrun.txt" &&
        grep -q '<off_air from="2020-02-18T08:00:00.000+08:00" to="2020-02-18T08:00:10.120+08:00"/>' "$TMP/asrun.xml"
}

usage_is_told() {
    local wrong
    for wrong in "--day soon" "--week soon" "--day 2026-02-30" "--format pdf" "--format xlsx" "--day 2020-02-18 --week 2020-02-18"; do
        # shellcheck disable=SC2086
        report $wrong >"$TMP/said" 2>&1
        [ $? -eq 2 ] || { echo "$wrong"; cat "$TMP/said"; return 1; }
    done
    ketang report --station "$STATION" --channel nowhere 2>"$TMP/said"
    [ $? -eq 1 ] && grep -q nowhere "$TMP/said" || return 1
    report --week soon 2>&1 | grep -q "'soon' is no week; write this, last" || return 1
    report --week next 2>&1 | grep -q 'that week is still to come' && report --day tomorrow 2>&1 | grep -q 'that day is still to come' && ketang asrun --station "$STATION" zhangdian --day tomorrow 2>&1 | grep -qx 'ketang asrun: that day is still to come.' && report --week this >/dev/null || return 1
    report --day 2999-01-01 2>"$TMP/said"
    [ $? -eq 1 ] && grep -q 'still to come' "$TMP/said" &&
        ! ketang asrun zhangdian 2020-02-18 2>"$TMP/said" && grep -q 'or write --day 2020-02-18' "$TMP/said" &&
        ! ketang asrun --station "$STATION" nowhere 2>"$TMP/said" && grep -q nowhere "$TMP/said"
}

a_file_is_told_of() {
    report --day 2020-02-18 -o "$TMP/told.txt" >"$TMP/said" &&
        grep -qx "The daily report of 2020-02-18 is in $TMP/told.txt." "$TMP/said" &&
        report --week 2020-02-19 --format csv -o "$TMP/told.csv" >"$TMP/said" &&
        grep -qx "The weekly report from 2020-02-17 on is in $TMP/told.csv." "$TMP/said" &&
        report --day 2020-02-18 >"$TMP/said" && cmp "$TMP/said" "$TMP/told.txt"
}

# What is wrong with files is no wrong usage.
a_broken_station_is_a_failure() {
    echo 'station: {' >"$TMP/broken.cfg"
    local words
    for words in "report --day 2020-02-18" "asrun zhangdian" "remark zhangdian 08:00 --reason x"; do
        # shellcheck disable=SC2086
        ketang $words --station "$TMP/broken.cfg" 2>"$TMP/said"
        [ $? -eq 1 ] && grep -q 'broken.cfg:' "$TMP/said" || { echo "$words"; return 1; }
    done
}

# --- Tampering ---------------------------------------------------------------------

verify() {
    ketang verify --station "$STATION" zhangdian "$@" >"$TMP/said" 2>&1
    local status=$?
    cat "$TMP/said"
    return $status
}

restore() {
    rm -rf "$STATE" && cp -R "$TMP/sound" "$STATE"
}

sound_record_is_good() {
    restore
    verify && grep -q 'zhangdian: 28 lines are good, from 2020-02-17.jsonl:1 to 2020-02-19.jsonl:1' "$TMP/said" &&
        verify --from 2020-02-18 --until 2020-02-18 && grep -q '14 lines are good' "$TMP/said"
}

# tampered WHERE WHAT COMMAND...: the command spoils the record; verify names the place.
tampered() {
    local where=$1 what=$2
    shift 2
    restore
    "$@" || return 1
    verify
    [ $? -eq 1 ] && grep -q "$ASRUN/$where: .*$what" "$TMP/said"
}

change() { sed -i '5s/语文\|英语/体育/' "$ASRUN/2020-02-18.jsonl"; }
change_length() { sed -i '2s/"duration":[0-9]*/"duration":30000/' "$ASRUN/2020-02-18.jsonl"; }
remove_line() { sed -i 4d "$ASRUN/2020-02-18.jsonl"; }
remove_end() { sed -i '$d' "$ASRUN/2020-02-17.jsonl"; }
insert_line() { sed -i '3{h;p;s/"seq":[0-9]*/"seq":77/}' "$ASRUN/2020-02-18.jsonl"; }
insert_plain() { sed -i '3i {"seq":77,"kind":"slate","start":1,"end":2}' "$ASRUN/2020-02-18.jsonl"; }
swap_lines() { sed -i '3{h;d};4{G}' "$ASRUN/2020-02-18.jsonl"; }
truncate_file() { truncate -s -100 "$ASRUN/2020-02-18.jsonl"; }
remove_day() { rm "$ASRUN/2020-02-18.jsonl"; }
append_line() { head -n 1 "$ASRUN/2020-02-18.jsonl" >>"$ASRUN/2020-02-19.jsonl"; }

a_crash_is_no_tampering() {
    restore
    printf '{"seq":4711,"kind":"les' >>"$ASRUN/2020-02-19.jsonl"
    tests_make zhangdian 2020-02-20 31 holiday
    verify && grep -q 'cut off by a crash, 2020-02-19.jsonl:2' "$TMP/said"
}

# Whoever seals everything anew is found by the printed chain.
anchor_finds_what_was_sealed_anew() {
    restore
    local anchor
    anchor=$(report --day 2020-02-18 | sed -n 's/^zhangdian: last chain \([0-9a-f]*\) .*/\1/p')
    [ ${#anchor} -eq 64 ] && verify --anchor "$anchor" &&
        grep -q 'zhangdian: the anchor is among the chains' "$TMP/said" || return 1
    rm -rf "$STATE"
    tests_make zhangdian 2020-02-17 1 clean && tests_make zhangdian 2020-02-18 11 clean &&
        tests_make zhangdian 2020-02-19 21 holiday && verify || return 1
    verify --anchor "$anchor"
    [ $? -eq 1 ] && grep -q 'the anchor is not among the chains' "$TMP/said"
}

all_channels_at_once() {
    restore
    ketang verify --station "$STATION" all >"$TMP/said" 2>&1
    [ $? -eq 1 ] && grep -q '^zhangdian: 28 lines' "$TMP/said" && grep -q 'zhoucun has no as-run record' "$TMP/said"
}

shell_can_check_a_line() {
    restore
    local file=$ASRUN/2020-02-18.jsonl before chain line
    before=$(tail -n 1 "$ASRUN/2020-02-17.jsonl" | sed 's/.*"chain":"\([0-9a-f]*\)"}$/\1/')
    chain=$(head -n 1 "$file" | sed 's/.*"chain":"\([0-9a-f]*\)"}$/\1/')
    line=$(head -n 1 "$file" | sed 's/,"chain":"[0-9a-f]*"}$/}/')
    [ "$(printf '%s%s' "$before" "$line" | sha256sum | cut -c 1-64)" = "$chain" ]
}

times_that_run_backwards_are_told() {
    restore
    sed -i 13d "$ASRUN/2020-02-18.jsonl" && sed -n 3p "$ASRUN/2020-02-18.jsonl" >>"$ASRUN/2020-02-18.jsonl"
    report --day 2020-02-18 >"$TMP/said"
    tail -n 4 "$TMP/said"
    grep -q 'as-run times run backwards, 1 in all' "$TMP/said" && grep -q 'tampered with or damaged' "$TMP/said"
}

damaged_files_stop_no_report() {
    restore
    sed -i '3s/^{/[/' "$ASRUN/2020-02-18.jsonl" && head -c 3000 /dev/urandom >>"$ASRUN/2020-02-18.jsonl"
    rm "$STATE/plans/zhangdian/12.yaml"
    echo '{"adopt":' >>"$STATE/plans/zhangdian/journal"
    echo '{}' >>"$STATE/plans/zhangdian/journal"
    report --day 2020-02-18 >"$TMP/said" 2>"$TMP/errors" && grep -q 'damaged lines' "$TMP/said" &&
        grep -q 'journal:.*damaged' "$TMP/errors"
}

# --- Reasons told afterwards --------------------------------------------------------

remark() {
    ketang remark --station "$STATION" zhangdian "$@" >"$TMP/said" 2>&1
    local status=$?
    cat "$TMP/said"
    return $status
}

a_reason_told_afterwards_is_reported() {
    restore
    (umask 0 && remark "2020-02-18 08:00" --reason "光缆中断" --by "示例值班员") &&
        [ "$(stat -c %a "$STATE/remarks" "$STATE/remarks/zhangdian" | uniq)" = 755 ] && grep -q 'zhangdian\|张店' "$TMP/said" || return 1
    report --day 2020-02-18 >"$TMP/report"
    grep -q '08:00:00.00 .*no signal .*光缆中断 (told afterwards by 示例值班员)' "$TMP/report" &&
        ! grep -q '08:47:00.00 .*told afterwards' "$TMP/report" &&
        grep -q 'zhangdian: 4 incidents have no reason yet, the first at 08:47:00' "$TMP/report" || return 1
    remark "2020-02-18 08:25" --reason x --by A || return 1
    # Beside the reason of an order, and the last one counts.
    remark "2020-02-18 10:12:30" --reason "first" --by B && remark "2020-02-18 10:12:30" --reason "信号源断电" --by B &&
        grep -q "in place of what B said at .*$STATE/remarks/zhangdian/2020-02-18.json" "$TMP/said" &&
        report --day 2020-02-18 | grep -q '10:12:00.00 .*信号异常; 信号源断电 (told afterwards by B) *示例值班员' &&
        verify
}

# Nobody's reason is replaced without being told of, and none is lost.
another_persons_reason_stands() {
    restore
    remark "2020-02-18 08:00" --reason "光缆中断" --by 王 || return 1
    remark "2020-02-18 08:00" --reason "停电" --by 李
    [ $? -eq 1 ] && grep -q 'nothing was kept: 王 has given a reason already, at 20' "$TMP/said" && grep -qx '  光缆中断' "$TMP/said" &&
        grep -q -e '--replace' "$TMP/said" && report --day 2020-02-18 | grep -q '光缆中断 (told afterwards by 王)' || return 1
    remark "2020-02-18 08:00" --reason "停电" --by 李 --replace && grep -q 'in place of what 王 said' "$TMP/said" &&
        report --day 2020-02-18 | grep -q '停电 (told afterwards by 李)' &&
        grep -q '光缆中断' "$STATE/remarks/zhangdian/2020-02-18.json"
}

# It is shown no more, and may be said anew; what was said is not lost.
a_wrong_reason_is_taken_away() {
    restore
    remark "2020-02-18 08:00" --remove --by 王
    [ $? -eq 1 ] && grep -q 'nothing was taken away' "$TMP/said" && ! [ -e "$STATE/remarks/zhangdian/2020-02-18.json" ] || return 1
    remark "2020-02-18 08:00" --reason "光缆中断" --by 王 || return 1
    remark "2020-02-18 08:00" --remove --by 李
    [ $? -eq 1 ] && grep -q '王 has given a reason already' "$TMP/said" || return 1
    remark "2020-02-18 08:00" --remove --reason x --by 王
    [ $? -eq 2 ] || return 1
    remark "2020-02-18 08:00" --remove --by 李 --replace && grep -q 'What 王 said at .* stays in ' "$TMP/said" &&
        report --day 2020-02-18 >"$TMP/report" && ! grep -q 'told afterwards' "$TMP/report" &&
        grep -q 'zhangdian: 5 incidents have no reason yet, the first at 08:00:00' "$TMP/report" &&
        grep -q '光缆中断' "$STATE/remarks/zhangdian/2020-02-18.json" || return 1
    remark "2020-02-18 08:00" --reason "停电" --by 李 &&
        report --day 2020-02-18 | grep -q '停电 (told afterwards by 李)'
}

# Which one is meant is not guessed.
of_two_in_a_minute_one_is_to_be_said() {
    restore
    tests_make zhangdian 2020-02-20 31 twice
    remark "2020-02-20 16:20" --reason "闪断"
    [ $? -eq 1 ] && grep -q 'nothing was kept: at 2020-02-20 16:20 there were 3 incidents' "$TMP/said" &&
        [ "$(grep -c '16:20:.0.[04][08] *0.20 s  no signal' "$TMP/said")" -eq 3 ] && ! [ -e "$STATE/remarks" ] || return 1
    remark "2020-02-20 16:20:10" --reason "闪断" --by A &&
        report --day 2020-02-20 | grep -q '16:20:10.00 .*闪断 (told afterwards by A)' || return 1
    # Of two in a second as well, as they are listed; none that was not counted is.
    remark "2020-02-20 16:20:00" --reason "闪断"
    [ $? -eq 1 ] && grep -q 'at 2020-02-20 16:20:00 there were 2 incidents' "$TMP/said" &&
        [ "$(grep -c '16:20:00.* no signal' "$TMP/said")" -eq 2 ] || return 1
    remark "$(sed -n 's/^  \(.*00.48\) .*0.20 s .*/\1/p' "$TMP/said")" --reason "再断" --by B &&
        report --day 2020-02-20 >"$TMP/report" && grep -q '16:20:00.48 .*再断 (told afterwards by B)' "$TMP/report" &&
        [ "$(grep -c '再断' "$TMP/report")" -eq 1 ] || return 1
    remark "2020-02-20 16:20:00.00" --reason "初断" --by C &&
        report --day 2020-02-20 | grep -q '16:20:00.00 .*初断 (told afterwards by C)'
}

a_remark_needs_an_incident() {
    restore
    remark "2020-02-18 12:00" --reason x
    [ $? -eq 1 ] && grep -q 'no incident at 2020-02-18 12:00' "$TMP/said" && grep -q '08:00:00.00 *10.12 s  no signal' "$TMP/said" || return 1
    local wrong
    remark "2020-02-18 08:00" --reason x --by ''
    [ $? -eq 2 ] || return 1
    remark soon --reason x
    [ $? -eq 2 ] || return 1
    for wrong in "soon --reason x" "12:00" "12:00 --reason" "--reason x"; do
        # shellcheck disable=SC2086
        remark $wrong && return 1
    done
    ! [ -e "$STATE/remarks" ]
}

a_damaged_remark_is_kept_and_told() {
    restore
    remark "2020-02-18 08:00" --reason x && truncate -s 20 "$STATE/remarks/zhangdian/2020-02-18.json" || return 1
    report --day 2020-02-18 >"$TMP/said" 2>"$TMP/errors"
    grep -q 'no signal' "$TMP/said" && grep -q '2020-02-18.json is left out' "$TMP/errors" || return 1
    remark "2020-02-18 08:00" --reason y && return 1
    grep -q 'damaged.*Nothing was kept' "$TMP/said" && [ "$(stat -c %s "$STATE/remarks/zhangdian/2020-02-18.json")" -eq 20 ]
}

a_full_disk_is_not_told_as_too_many_remarks() {
    restore
    mkdir -p "$STATE/remarks/zhangdian" && ln -s /dev/full "$STATE/remarks/zhangdian/2020-02-18.json.tmp" || return 1
    remark "2020-02-18 08:00" --reason x && return 1
    grep -q '/remarks/zhangdian/2020-02-18.json cannot be written: No space left on device. Nothing was kept' "$TMP/said" ||
        { cat "$TMP/said"; return 1; }
}

many_who_remark_at_once_lose_nothing() {
    restore
    local i pids=()
    for i in $(seq 12); do
        ketang remark --station "$STATION" zhangdian "2020-02-18 08:00" --reason "reason $i" >/dev/null &
        pids+=($!)
    done
    wait "${pids[@]}"
    [ "$(grep -c '"reason": "reason' "$STATE/remarks/zhangdian/2020-02-18.json")" -eq 12 ]
}

make_station || { echo "Bail out! no station"; exit 1; }
tap "the daily report, as text" as_expected day.expected.txt --day 2020-02-18
tap "the daily report, as CSV" as_expected day.expected.csv --day 2020-02-18 --format csv
tap "the daily report, as a page, in Chinese" in_chinese day.expected.html --day 2020-02-18 --format html
tap "the nil report of a holiday, in Chinese" in_chinese nil.expected.txt --day 2020-02-19
tap "the report of a week" as_expected week.expected.txt --week 2020-02-19
tap "a day without faults gets a nil report, a holiday too" nil_report_says_so
tap "a day without any record gets none, and is no holiday" a_day_without_record_is_not_nil
tap "where no record is, the report says why" each_absence_says_why
tap "before the first plan nothing is missing" what_had_not_begun_counts_nothing
tap "nor before the first record" what_was_not_yet_on_the_air_is_no_gap
tap "the workbook is the same twice" workbook_is_the_same_twice
tap "the page needs nothing from elsewhere, and everything is escaped" page_is_alone_and_escaped
tap "the exports say the same, as CSV and XML" exports_are_sound
tap "wrong usage is told" usage_is_told
tap "a report that went into a file is told of" a_file_is_told_of
tap "a station file that is broken is no wrong usage" a_broken_station_is_a_failure
tap "verify: a sound record is good" sound_record_is_good
tap "verify: a changed title" tampered 2020-02-18.jsonl:5 changed change
tap "verify: a changed length" tampered 2020-02-18.jsonl:2 changed change_length
tap "verify: a line that is gone" tampered 2020-02-18.jsonl:4 'taken away' remove_line
tap "verify: the end of a day that is gone" tampered 2020-02-18.jsonl:1 '2020-02-17.jsonl' remove_end
tap "verify: a line that was inserted" tampered 2020-02-18.jsonl:4 inserted insert_line
tap "verify: a line without chain" tampered 2020-02-18.jsonl:3 'no chain' insert_plain
tap "verify: two lines that were swapped" tampered 2020-02-18.jsonl:3 inserted swap_lines
tap "verify: a file that was cut off" tampered 2020-02-18.jsonl:14 'cut off' truncate_file
tap "verify: a day that is missing" tampered 2020-02-19.jsonl:1 '2020-02-17.jsonl' remove_day
tap "verify: a line that was appended" tampered 2020-02-19.jsonl:2 changed append_line
tap "verify: a crash is no tampering" a_crash_is_no_tampering
tap "verify: a printed chain finds what was sealed anew" anchor_finds_what_was_sealed_anew
tap "verify: all channels at once" all_channels_at_once
tap "a shell can check a line" shell_can_check_a_line
tap "as-run times that run backwards are told" times_that_run_backwards_are_told
tap "damaged files stop no report" damaged_files_stop_no_report
tap "remark: a reason told afterwards is in the report" a_reason_told_afterwards_is_reported
tap "remark: another person's reason stands until it is replaced on purpose" another_persons_reason_stands
tap "remark: a wrong reason is taken away, and not lost" a_wrong_reason_is_taken_away
tap "remark: of two in a minute, or a second, one is to be said" of_two_in_a_minute_one_is_to_be_said
tap "remark: where no incident is, those there are get listed" a_remark_needs_an_incident
tap "remark: a damaged file is told, and stays" a_damaged_remark_is_kept_and_told
tap "remark: a full disk is told as one, with its file" a_full_disk_is_not_told_as_too_many_remarks
tap "remark: many at once lose nothing" many_who_remark_at_once_lose_nothing
tap_done
