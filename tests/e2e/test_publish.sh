#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Two editions of a week (tests/e2e/publish/), as published, word for word, and
# as readers that did not write them see them.  When a document has been
# changed on purpose: KETANG_GOLDEN=1 tests/e2e/test_publish.sh writes those of
# publish/expected anew; look at them before you commit.
. "$(dirname "$0")/../tap.sh"
export LC_ALL=C.UTF-8 LANGUAGE=

HERE=$PWD/tests/e2e/publish
STATION=$TMP/station.cfg
WEEK=$TMP/state/published/2020-05-04

station() {
    sed -e "s#\"var/media\"#\"$TMP/media\"#; s#\"var/state\"#\"$TMP/state\"#" \
        -e "s#timetables = \"schedules\"#timetables = \"$TMP/schedules\"#" \
        -e 's#text = "gb2312"#text = "utf8"#' schedules/station.cfg >"$STATION"
    cp -r "$HERE/schedules" "$TMP/schedules"
}

# publish ARGUMENT...: what it says goes to $TMP/said.
publish() {
    ketang publish --station "$STATION" "$@" >"$TMP/said" 2>&1
    local status=$?
    cat "$TMP/said"
    return $status
}

# is_expected EDITION: the documents, byte by byte.
is_expected() {
    local result=0 name
    while read -r name document; do
        if [ -n "${KETANG_GOLDEN:-}" ]; then
            cp "$WEEK/$document" "$HERE/expected/$name"
        fi
        diff -u "$HERE/expected/$name" "$WEEK/$document" || result=1
    done <<EOF
epg-$1.xml epg.xml
grade-9-$1.html grid/zhangdian-九年级.html
zhangdian-$1.html list/zhangdian.html
grade-9-$1.ics ics/zhangdian-九年级.ics
edition-$1.json edition.json
EOF
    return $result
}

first_edition() {
    publish --week 2020-05-06 --time 2020-04-30T16:00:00 &&
        grep -q 'edition 1,' "$TMP/said" && is_expected 1 && cp -r "$WEEK" "$TMP/first"
}

nothing_has_changed() {
    publish --week 2020-05-06 --time 2020-05-05T09:00:00 && grep -q 'nothing has changed' "$TMP/said" &&
        diff -r "$TMP/first" "$WEEK"
}

second_edition() {
    cp "$HERE/later/zhangdian-changes.yaml" "$TMP/schedules"
    publish --week 13 --time 2020-05-05T10:00:00 && grep -q 'edition 2,' "$TMP/said" &&
        is_expected 2 && cmp "$TMP/first/edition.json" "$WEEK/edition-1.json"
}

a_broken_timetable_takes_nothing_out() {
    cp "$TMP/schedules/zhoucun.yaml" "$TMP/zhoucun.yaml"
    cp -r "$WEEK" "$TMP/second"
    echo 'grid: [' >>"$TMP/schedules/zhoucun.yaml"
    publish --week 2020-05-04
    local status=$?
    cp "$TMP/zhoucun.yaml" "$TMP/schedules/zhoucun.yaml"
    [ $status -eq 1 ] && grep -q 'nothing has changed, edition 2' "$TMP/said" &&
        grep -q 'zhoucun.yaml:.*error' "$TMP/said" &&
        grep -q '^ketang publish: zhoucun stays as it was published last: its timetable cannot be read; .*zhoucun.yaml:' "$TMP/said" && grep -q 欧姆定律 "$WEEK/epg.xml" &&
        [ -s "$WEEK/eit/zhoucun/2020-05-06-schedule.ts" ] && diff -r "$TMP/second" "$WEEK"
}

# Before there was an edition with it.  Of that channel alone the documents would be empty.
what_is_not_published_is_named() {
    cp "$TMP/schedules/zhoucun.yaml" "$TMP/zhoucun.yaml"
    echo 'grid: [' >>"$TMP/schedules/zhoucun.yaml"
    publish --week 2020-05-11 -o "$TMP/new"
    local status=$?
    [ $status -eq 1 ] && grep -q 'edition 1,' "$TMP/said" && [ -s "$TMP/new/epg.xml" ] &&
        grep -q '^ketang publish: zhoucun is not published: its timetable cannot be read; .*zhoucun.yaml:' "$TMP/said" || return 1
    cp -r "$TMP/new" "$TMP/new.before"
    publish --week 2020-05-11 -o "$TMP/new" --channel zhoucun
    status=$?
    cp "$TMP/zhoucun.yaml" "$TMP/schedules/zhoucun.yaml"
    [ $status -eq 1 ] && grep -q '^ketang publish: nothing is published: ' "$TMP/said" && diff -r "$TMP/new.before" "$TMP/new"
}

is_valid_xmltv() {
    xmllint --noout --nonet --dtdvalid "$HERE/xmltv.dtd" "$TMP/first/epg.xml" "$WEEK/epg.xml"
}

calendars() {
    python3 "$HERE/read.py" ics "$TMP/first/ics/zhangdian-九年级.ics" "$WEEK/ics/zhangdian-九年级.ics"
}

pages() {
    python3 "$HERE/read.py" html "$WEEK"/grid/*.html "$WEEK"/list/*.html
}

programmes() {
    python3 "$HERE/read.py" xmltv "$TMP/first/epg.xml" "$WEEK/epg.xml"
}

# read_eit NAME...: the tables of files played twice, one after the other.
read_eit() {
    local name
    for name in "$@"; do
        cat "$WEEK/eit/zhangdian/$name" "$WEEK/eit/zhangdian/$name" >"$TMP/loop.ts"
        "$BUILD/tests/dvbpsi-read" "$TMP/loop.ts" || return 1
    done
}

guide() {
    publish --week 2020-05-04 --channel zhangdian --format xmltv --format eit -o "$TMP/one" || return 1
    read_eit 2020-05-03-schedule.ts 2020-05-09-schedule.ts >"$TMP/tables" &&
        python3 "$HERE/read.py" guide "$TMP/one/epg.xml" "$TMP/tables"
}

by_tshark() {
    local file bad
    for file in "$WEEK"/eit/zhangdian/*.ts; do
        tshark -r "$file" >"$TMP/seen" 2>/dev/null || return 1
        grep -q 'Event Information Table' "$TMP/seen" || return 1
        bad=$(tshark -r "$file" -Y '_ws.malformed || mp2t.cc.drop || _ws.expert.severity >= 0x600000' 2>/dev/null)
        [ -z "$bad" ] || { echo "$file: $bad"; return 1; }
    done
}

event_ids() {
    ketang plan --station "$STATION" --from 2020-05-03T20:00:00 --days 5 >"$TMP/said" 2>&1
    cat "$TMP/said"
    publish --week 2020-05-04 --time 2020-05-05T12:00:00 || return 1
    read_eit 2020-05-03-schedule.ts >"$TMP/tables" &&
        python3 "$HERE/read.py" ids "$TMP/state/plans/zhangdian/1.yaml" "$TMP/tables"
}

only_what_was_asked_for() {
    publish --week 2020-05-04 --channel zhangdian --grade 八年级 --format ics --format grid -o "$TMP/some" || return 1
    (cd "$TMP/some" && find . -type f | sort) | diff - <(printf '%s\n' ./edition.json ./grid/八年级.html ./ics/八年级.ics)
}

# Else 0 files look like success.
lacking_grades_are_told() {
    mkdir -p "$TMP/ungraded" && cp -r "$HERE/schedules/calendars" "$TMP/ungraded" || return 1
    sed '/^grade:/d; s/grade: [^,]*, //' "$HERE/schedules/zhangdian.yaml" >"$TMP/ungraded/zhangdian.yaml"
    sed "s#\"$TMP/schedules\"#\"$TMP/ungraded\"#" "$STATION" >"$TMP/ungraded.cfg"
    set -- ketang publish --station "$TMP/ungraded.cfg" --week 2020-05-04 --channel zhangdian
    "$@" --format grid -o "$TMP/none" >"$TMP/said" 2>&1 && grep -q 'edition 1, 0 files' "$TMP/said" &&
        [ "$(grep -c "no lesson of this week names its grade" "$TMP/said")" -eq 1 ] || { cat "$TMP/said"; return 1; }
    "$@" --format list -o "$TMP/lists" >"$TMP/said" 2>&1 && ! grep -q 'its grade' "$TMP/said" || return 1
    publish --week 2020-05-04 --format grid -o "$TMP/graded" && ! grep -q 'its grade' "$TMP/said"
}

# Who meant the next week sees at once that he has published this one.
without_a_week_it_says_which() {
    publish --time 2020-05-05T12:00:00 --format xmltv -o "$TMP/bare" || return 1
    [ "$(head -n 1 "$TMP/said")" = 'This week is published, as --week is left out; the next: `ketang publish --week next`.' ] &&
        grep -q '^week of 2020-05-04: ' "$TMP/said" || return 1
    publish --week this --time 2020-05-05T12:00:00 --format xmltv -o "$TMP/bare" && ! grep 'left out' "$TMP/said"
}

# The table names each kind of file that was written, and no other.
readers_are_told() {
    local file
    publish --week 2020-05-04 -o "$TMP/all" || return 1
    for file in list/ grid/ ics/ epg.xml eit/; do
        grep -q "^$file" "$TMP/said" && [ -n "$(find "$TMP/all" -path "$TMP/all/$file*")" ] || return 1
    done
    grep -q '^grid/.*schools and classes' "$TMP/said" && grep -q '^epg.xml.*headend' "$TMP/said" || return 1
    publish --week 2020-05-04 --format ics -o "$TMP/families" && grep -q '^ics/' "$TMP/said" &&
        ! grep -q '^grid/\|^eit/\|^list/\|^epg' "$TMP/said" || return 1
    env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 ketang publish --station "$STATION" --week 2020-05-04 -o "$TMP/all" >"$TMP/said"
    grep -q '^list/频道\.html.*观众' "$TMP/said" && grep -q '^grid/年级\.html.*学校、班级' "$TMP/said"
}

# refuses STATUS WORDS ARGUMENT...
refuses() {
    local status=$1 words=$2
    shift 2
    publish "$@"
    [ $? -eq "$status" ] && grep -q -- "$words" "$TMP/said"
}

wrong_usage() {
    refuses 2 "no format 'pdf'" --format pdf &&
        refuses 1 "no channel 'nowhere'" --channel nowhere &&
        refuses 1 "no lessons for '十年级'" --week 2020-05-04 --grade 十年级 &&
        refuses 1 "'monday' is no week; write this, next, a day of it" --week monday &&
        refuses 1 "no week 40" --week 40 --time 2020-05-05T10:00:00 &&
        refuses 1 "is no time" --time soon &&
        refuses 2 'ketang help publish' more words
}

damaged_edition() {
    mkdir -p "$TMP/damaged" && echo '{"format":1' >"$TMP/damaged/edition.json"
    refuses 1 'edition.json is damaged' --week 2020-05-04 -o "$TMP/damaged" &&
        [ "$(cat "$TMP/damaged/edition.json")" = '{"format":1' ] || return 1
    refuses 1 'of another week' --week 2020-05-11 -o "$WEEK"
}

a_full_disk_is_told() {
    local name
    for name in edition.json epg.xml; do
        rm -rf "$TMP/full"
        mkdir -p "$TMP/full"
        ln -s /dev/full "$TMP/full/$name.tmp"
        refuses 1 "$TMP/full cannot be written: No space left on device" --week 2020-05-04 -o "$TMP/full" ||
            { echo "$name"; cat "$TMP/said"; return 1; }
    done
}

station
tap "the first edition of a week, word for word" first_edition
tap "without a change there is no edition, and the same bytes" nothing_has_changed
tap "the second edition marks what has changed, word for word" second_edition
tap "a broken timetable takes nothing out of what is published" a_broken_timetable_takes_nothing_out
tap "what a broken timetable keeps from a first edition is named" what_is_not_published_is_named
tap "without a week this one is published, and the first line says so" without_a_week_it_says_which
if command -v xmllint >/dev/null; then
    tap "XMLTV has its elements in the order of the DTD" is_valid_xmltv
tap "the table says which file is for whom" readers_are_told
else
    tap_skip "XMLTV has its elements in the order of the DTD" "xmllint is not there"
fi
if command -v python3 >/dev/null; then
    tap "a calendar that is imported again changes, and doubles nothing" calendars
    tap "programmes of XMLTV never overlap" programmes
    tap "pages are balanced, fetch nothing, run nothing" pages
    tap "EIT, read by libdvbpsi, tells the programmes of XMLTV" guide
    tap "event_ids are those that go on air" event_ids
else
    tap_skip "calendars, pages and EIT by other readers" "python3 is not there"
fi
if command -v tshark >/dev/null; then
    tap "tshark finds nothing wrong with EIT" by_tshark
else
    tap_skip "tshark finds nothing wrong with EIT" "tshark is not there"
fi
tap "only what was asked for is written" only_what_was_asked_for
tap "a week whose lessons name no grade is told, for it has no pages of grades" lacking_grades_are_told
tap "wrong usage is told, with what would be right" wrong_usage
tap "a damaged edition is left alone" damaged_edition
tap "a disk without room is called so" a_full_disk_is_told
tap_done
