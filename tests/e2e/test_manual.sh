#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The manual pages tell of all there is, and of nothing else: held against the
# programs and their sources.
. "$(dirname "$0")/../tap.sh"
export LC_ALL=C.UTF-8 LANGUAGE=

# The text of PAGE's section of a command, hyphens as they are read.
section() {
    sed 's/\\-/-/g' "$1" | awk -v name="$2" '
        /^\.S[SH] / { inside = ($0 == ".SS " name) }
        inside { print }'
}

# Names of options, one a line.
options() {
    grep -oE '(^|[^a-z-])--[a-z][a-z-]*' | grep -oE -e '--[a-z-]+' | sort -u
}

commands_are_told() {
    ketang help --commands | sort >"$TMP/known"
    sed -n 's/^\.SS \([a-z]*\)$/\1/p' "$1" | sort >"$TMP/told"
    [ -s "$TMP/known" ] && diff "$TMP/known" "$TMP/told"
}

# --help is told of once for all.
options_are_told() {
    local command failed=0 known
    for command in $(ketang help --commands); do
        [ -e "$TMP/options.$command" ] ||
            ketang "$command" --help | options | grep -v '^--help$' >"$TMP/options.$command"
        known=$(<"$TMP/options.$command")
        diff <(printf '%s' "${known:+$known
}") <(section "$1" "$command" | options | grep -v '^--help$') >"$TMP/diff" || {
            echo "$command (<: not told of, >: not there):"
            grep '^[<>]' "$TMP/diff"
            failed=1
        }
    done
    return $failed
}

examples_are_there() {
    local command failed=0
    for command in $(ketang help --commands); do
        section "$1" "$command" | sed -n '/^\.EX/,/^\.EE/p' | grep -q "ketang $command\>" || {
            echo "no example of $command"
            failed=1
        }
    done
    return $failed
}

# On any terminal; wc -L counts columns, two for a Chinese character.
help_fits_80_columns() {
    local command language failed=0
    for command in $(ketang help --commands); do
        for language in C.UTF-8 zh_CN.UTF-8; do
            env -u LC_ALL -u LANGUAGE LANG=$language ketang "$command" --help >"$TMP/help"
            [ "$(wc -L <"$TMP/help")" -le 80 ] || {
                echo "$command, $language: $(wc -L <"$TMP/help") columns"
                failed=1
            }
        done
    done
    return $failed
}

# Commands of ketang itself; the programs of their own speak for themselves.
wrong_usage_leads_to_the_help() {
    local command
    for command in $(ketang help --commands | grep -vxE 'backup|ingest|scheduler|playout|demo'); do
        ketang "$command" --no-such-option 2>"$TMP/said"
        [ $? -eq 2 ] && [ "$(wc -l <"$TMP/said")" -le 3 ] &&
            [ "$(tail -n 1 "$TMP/said")" = "See: ketang help $command" ] || { cat "$TMP/said"; return 1; }
        cmp <(ketang help "$command") <(ketang "$command" --help) || return 1
    done
    ketang help none 2>"$TMP/said"
    [ $? -eq 2 ]
}

# The examples of a page, one a line.
examples() {
    sed 's/\\-/-/g' "$1" | sed -n '/^\.EX/,/^\.EE/p' | grep -v '^\.E[XE]'
}

# monday_in WEEKS [DAYS]: the Monday so many weeks from this one, and days on.
monday_in() {
    TZ=Asia/Shanghai date -d "$(TZ=Asia/Shanghai date +%F) -$(($(TZ=Asia/Shanghai date +%u) - 1)) days +$1 weeks +${2:-0} days" +%F
}

# The dates of the page, as if it were of this week; none is tomorrow, which the page freezes too.
of_this_week() {
    sed "s/2026-11-23/$(monday_in -1)/g; s/2026-11-24/$(monday_in -1 1)/g; s/2026-11-30/$(monday_in 1 1)/g" <<<"$1"
}

# A station of its own in the midst of a term, and the files that the examples name.
make_sandbox() {
    export KETANG_BACKUP_DIR=$TMP/backups KETANG_BACKUP_TARGET=
    mkdir -p "$TMP/sandbox/backup" && cp -R schedules "$TMP/sandbox/" &&
        cp tests/media/phone-rotated.mov "$TMP/sandbox/lesson.mp4" &&
        cp tests/media/small-640x360.mp4 "$TMP/sandbox/other.mp4" &&
        cp tests/media/small-640x360.mp4 "$TMP/sandbox/KT-05.mp4" &&
        mkdir -p "$TMP/sandbox/第2周" "$TMP/sandbox/inbox/示例学校A" && cp tests/media/small-640x360.mp4 "$TMP/sandbox/第2周/KT-06.mp4" &&
        printf '文件,教师\nKT-06.mp4,示例教师06\n' >"$TMP/sandbox/第2周/清单.csv" &&
        printf '节次,时间,周一\n1,8:00-8:40,语文 甲\n' >"$TMP/sandbox/第3周.csv" &&
        sed -i 's/approval_stages = 0/approval_stages = 3/' "$TMP/sandbox/schedules/station.cfg" &&
        sed -i 's/^# calendar: zibo/calendar: zibo/' "$TMP"/sandbox/schedules/*.yaml &&
        printf 'format: 1\nterms:\n  - {name: 示例, week_1: %s, weeks: 21}\n' "$(monday_in -4)" \
            >"$TMP/sandbox/schedules/calendars/zibo.yaml" &&
        (
            cd "$TMP/sandbox" && ketang ingest --slate --preset ultrafast &&
                ketang ingest --house-number KT-05 other.mp4 && ketang ingest --house-number KT-42 lesson.mp4
        ) >/dev/null 2>&1
}

# Orders need a station on the air: test_orders.sh gives them.
is_order() {
    case $1 in
    slate | emergency | live | return | take | insert | replace | skip | hold | release | extend | undo | orders | mute) ;;
    *) return 1 ;;
    esac
}

# With what an example ends here: 0, or what is said why.
expected_exit() {
    case $1 in
    # nothing is on the air, or ever was
    'ketang status' | 'ketang verify '* | 'ketang remark '*) echo 1 ;;
    'ketang jobs --cancel '*) echo 1 ;; # there is no number 12
    'ketang rehearse --compare '*) echo 1 ;; # that rehearsal was ended before its end
    'ketang ready '*) echo '0|3' ;; # 3: one of the hour, if there is any, is missing
    'ketang rehearse '* | 'ketang demo '*) echo 124 ;; # they take minutes,
    'ketang monitor '* | 'ketang scheduler '* | 'ketang playout '*) echo 124 ;; # these for ever
    *) echo 0 ;;
    esac
}

# What runs on is ended: what matters is whether it was understood.
does_as_expected() {
    local command=$1 expected status limit=60
    expected=$(expected_exit "$command")
    [ "$expected" != 124 ] || limit=2
    (cd "$TMP/sandbox" && timeout $limit bash -c "$command") >"$TMP/said" 2>&1
    status=$?
    [[ $status =~ ^($expected)$ ]] && ! grep -q 'Usage:\|See: ketang help\|option' "$TMP/said" && return
    echo "$command: $status, expected $expected"
    cat "$TMP/said"
    return 1
}

examples_do_as_expected() {
    local line words failed=0 count=0
    [ -d "$TMP/sandbox" ] || make_sandbox || return 1
    while read -r line; do
        line=${line#sudo -u ketang }
        read -ra words <<<"$line"
        is_order "${words[1]}" && continue
        count=$((count + 1))
        line=$(of_this_week "${line//\/etc\/ketang\//schedules\/}")
        does_as_expected "${line// \/backup/ backup}" </dev/null || failed=1
    done < <(examples "$1")
    [ "$count" -gt 20 ] || { echo "only $count examples"; return 1; }
    return $failed
}

examples_are_the_same() {
    diff <(examples man/ketang.1 | sort) <(examples man/zh_CN/ketang.1 | sed 's/明天/tomorrow/' | sort)
}

# Every word of standard input stands in PAGE as a word.
tells_all() {
    local word failed=0 count=0
    sed 's/\\-/-/g' "$1" >"$TMP/page"
    while read -r word; do
        count=$((count + 1))
        grep -qw -- "$word" "$TMP/page" || {
            echo "$1 does not tell of $word"
            failed=1
        }
    done
    [ "$count" -gt "$2" ] || { echo "only $count words"; return 1; }
    return $failed
}

schema_keys() {
    ketang schema "$1" | awk '
        /"properties": [{]$/ { match($0, /^ */); inside[RLENGTH + 2] = 1; next }
        /^ *"[a-z_0-9]+": [{]$/ {
            match($0, /^ */)
            if (inside[RLENGTH]) { gsub(/[ ":{]/, ""); print }
        }
        /^ *[}]/ { match($0, /^ */); delete inside[RLENGTH + 2] }' | sort -u
}

station_keys() {
    grep -ohE 'settings_[a-z_]+\([^";]*"[a-z_0-9]+"' playout/station*.c | grep -oE '"[a-z_0-9]+"' |
        tr -d '"' | sort -u
}

plan_keys() {
    grep -oE '\{"[a-z_]+", FIELD_' playout/plan_read.c | grep -oE '[a-z_]{2,}' | sort -u
}

as_run_keys() {
    grep -oE 'set_[a-z]+\(object, "[a-z_]+"' playout/as_run_record.c | grep -oE '"[a-z_]+"' | tr -d '"'
    echo aired
    echo chain
}

record_keys() {
    grep -oE '(get|string)\(object, "[a-z_0-9]+"\)' playout/asset.c | grep -oE '"[a-z_0-9]+"' | tr -d '"' | sort -u
}

warnings_of_timetables() {
    grep -hA 3 'timetable_warn(\|= find(' scheduler/*.c | grep -oE '"[a-z]+(-[a-z]+)+"' | tr -d '"' | sort -u
}

alarm_keys() {
    grep -hoE '(channel|engine)_alarm\([^"]*"[a-z_]+"' playout/*.c | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u
}

every_program_has_a_page() {
    local program failed=0
    make -s BUILD="$BUILD" version="$(cat "$BUILD/version")" prefix=/usr DESTDIR="$TMP/image" install >/dev/null || return 1
    for program in "$TMP"/image/usr/bin/*; do
        ls "$TMP"/image/usr/share/man/man[18]/"${program##*/}".[18] >/dev/null || failed=1
    done
    [ -s "$TMP/image/usr/share/man/zh_CN/man1/ketang.1" ] && return $failed
}

is_silent() {
    local output
    output=$("$@" 2>&1 >/dev/null)
    echo "$output"
    [ -z "$output" ]
}

lints() {
    local output
    output=$(mandoc -T lint -W warning man/*.[158] man/*/*.[158])
    echo "$output"
    [ -z "$output" ]
}

formats() {
    local page
    for page in man/*.[158] man/*/*.[158]; do
        is_silent man --warnings -E UTF-8 -l -Tutf8 -Z "$page" || { echo "$page"; return 1; }
    done
}

for page in man/ketang.1 man/zh_CN/ketang.1; do
    tap "$page tells of all commands and no others" commands_are_told $page
    tap "$page tells of all options of each command and no others" options_are_told $page
    tap "$page has an example of each command" examples_are_there $page
done
tap "what --help says fits 80 columns, in both languages" help_fits_80_columns
tap "all examples do what they should, orders apart" examples_do_as_expected man/ketang.1
tap "the page in Chinese has the same examples" examples_are_the_same
tap "all keys of timetables are told of" tells_all man/ketang-timetable.5 60 < <(schema_keys timetable)
tap "all keys of calendars are told of" tells_all man/ketang-calendar.5 10 < <(schema_keys calendar)
tap "all settings of a station are told of" tells_all man/ketang-station.5 60 < <(station_keys)
tap "all keys of plans are told of" tells_all man/ketang-plan.5 30 < <(plan_keys)
tap "all members of the as-run record are told of" tells_all man/ketang-asrun.5 15 < <(as_run_keys)
tap "all members of media records are told of" tells_all man/ketang-metadata.5 10 < <(record_keys)
tap "all warnings of timetables are told of" tells_all man/ketang-timetable.5 12 < <(warnings_of_timetables)
tap "all alarms are told of" tells_all man/ketang-playout.8 15 < <(alarm_keys)
tap "wrong usage leads to the help, in a line" wrong_usage_leads_to_the_help
tap "every program has a page" every_program_has_a_page
if command -v mandoc >/dev/null; then
    tap "mandoc finds nothing to warn of" lints
else
    tap_skip "mandoc finds nothing to warn of" "mandoc is not installed"
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
    tap "groff finds nothing to warn of" formats
else
    tap_skip "groff finds nothing to warn of" "man-db or groff is not installed"
fi
tap_done
