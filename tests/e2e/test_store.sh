#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The operator's commands that use the store: approve, approvals, freeze, store.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

TOMORROW=$(TZ=Asia/Shanghai date -d tomorrow +%F)

# record HASH-DIGIT HOUSE_NUMBER CREATED_MS: an asset as the library takes it.
record() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 "$1")
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"lesson","profile":"sd","title":"荷花","duration_frames":3000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":%d}' \
        "$hash" "$2" "$3" >"$MEDIA/$hash.json"
    touch "$MEDIA/$hash.mp4" "$MEDIA/$hash.idx"
}

# says STATUS TEXT COMMAND...: exits so, and says that.
says() {
    local status=$1 text=$2 got=0
    shift 2
    "$@" >"$TMP/said" 2>&1 || got=$?
    [ $got -eq "$status" ] && grep -qF -e "$text" "$TMP/said" || {
        echo "exit status $got"
        cat "$TMP/said"
        return 1
    }
}

approve() {
    ketang approve --station "$STATION" "$@"
}

three_stages() {
    says 1 "stage 1 comes first, it is not signed yet: --stage 1" approve KT-01 --stage 2 --by 李 &&
        says 0 "1 of 3 stages are signed; the next one is stage 2: ketang approve --station $STATION KT-01 --stage 2" approve KT-01 --stage 1 --by 王 &&
        says 0 "2 of 3 stages are signed" approve KT-01 --stage 2 --by 李 --note 好 &&
        says 1 "another person" approve KT-01 --stage 3 --by 王 &&
        says 1 "another person" approve KT-01 --stage 3 --by ' 王　' &&
        says 0 "all 3 stages are signed; it may air" approve KT-01 --stage 3 --by 张 &&
        says 0 "KT-01" ketang approvals --station "$STATION" && ! grep 'with - behind it' "$TMP/said"
}

a_repeat() {
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: KT-01, title: one}, {house_number: KT-02, title: two}]
periods: [{name: p, start: 8:00, end: 8:20}, {name: q, start: 9:00, end: 9:20}]
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid:
  p: [KT-01, KT-01, KT-01, KT-01, KT-01, KT-01, KT-01]
  q: [KT-02, KT-02, KT-02, KT-02, KT-02, KT-02, KT-02]
repeats: [{of: 当日, from: 18:00, until: 19:00, pitch: 25}]
EOF
    says 0 "for the repeat of $TOMORROW: 1 of 3" approve KT-01 --stage 1 --by 王 --repeat "$TOMORROW" &&
        grep -q -- "KT-01 --stage 2 --repeat $TOMORROW$" "$TMP/said"
}

# Two lessons are repeated on the same day; one of them is signed.
all_repeats_of_a_day() {
    record c KT-02 1000
    says 0 "none waits for stage 1" approve --all --stage 1 --by 王 --repeat tomorrow &&
        says 0 "KT-01 (sd, aaaaaaaa) 荷花 (2:00 long, ingested 1970-01-01 08:00) for the repeat of $TOMORROW: 2 of 3" approve --all --stage 2 --by 李 --repeat 明天 &&
        ! grep KT-02 "$TMP/said" && grep -q '^Of the 2 lessons 1 wait for their first run' "$TMP/said" &&
        says 0 "for the repeat of $TOMORROW: rejected in stage 3" approve KT-01 --stage 3 --reject --by 张 --repeat tomorrow &&
        says 0 "none waits for stage 3" approve --all --stage 3 --by 张 --repeat tomorrow &&
        { ketang ready --station "$STATION" --days 2 >"$TMP/said" 2>&1 || true; } &&
        grep 'KT-01 .*; rejected in stage 3: it goes back to who made it$' "$TMP/said" &&
        a_first_run_sent_back &&
        says 1 "by the timetables KT-77 is not repeated" sh -c "cp '$MEDIA'/$(printf '%064d' 0 | tr 0 c).json '$TMP/kept' && sed -i 's/KT-02/KT-77/' '$MEDIA'/c*.json && '$BUILD/ketang' approve --station '$STATION' KT-77 --stage 1 --by 王 --repeat $TOMORROW" &&
        rm "$MEDIA"/c* "$TMP/schedules/zhangdian.yaml"
}

# Its repeat of tomorrow is signed, and does not air all the same.
a_first_run_sent_back() {
    local who
    for who in 1:王 2:李 3:张; do
        approve KT-02 --stage "${who%:*}" --by "${who#*:}" && approve KT-02 --stage "${who%:*}" --by "${who#*:}" --repeat tomorrow || return 1
    done
    says 0 "rejected in stage 2: it does not air" approve KT-02 --stage 2 --reject --by 李 &&
        says 0 "rejected in stage 2: it airs in no run, not in a repeat either" ketang approvals --station "$STATION" KT-02 &&
        says 0 "for the repeat of $TOMORROW: the first run was rejected in stage 2: the file airs in no run" approve KT-02 --stage 1 --withdraw --by 王 --repeat tomorrow &&
        { ketang ready --station "$STATION" --days 2 >"$TMP/said" 2>&1 || true; } &&
        grep 'KT-02 .*repeat.*; rejected in stage 2: it goes back to who made it' "$TMP/said"
}

a_new_version() {
    record b KT-01 2000
    says 0 "bbbbbbbb: 0 of 3 stages are signed" ketang approvals --station "$STATION" KT-01 &&
        grep -q "aaaaaaaa-" "$TMP/said" && grep -q 'with - behind it' "$TMP/said" &&
        says 0 "(sd, bbbbbbbb) 荷花 (2:00 long, ingested 1970-01-01 08:00) for the first run: 1 of 3" approve KT-01 --stage 1 --by 王
}

a_rejection() {
    says 0 "for the first run: rejected in stage 1: it does not air, and goes back to who made it" approve KT-01 --stage 1 --reject --by 李 --note 有错字 &&
        says 0 "有错字" ketang approvals --station "$STATION" &&
        says 0 "bbbbbbbb: rejected in stage 1" ketang approvals --station "$STATION" KT-01 &&
        says 1 "nothing to withdraw" approve KT-01 --stage 1 --withdraw --by 李
}

wrong_use() {
    says 2 "at least one house number" approve --stage 1 &&
        says 2 "which stage" approve KT-01 && grep -q -- "ketang approve .*KT-01 --stage 1$" "$TMP/said" &&
        says 2 "'x' is no stage: write its number, as in --stage 1" approve KT-01 --stage x && ! grep -q 'signed\|KT-01' "$TMP/said" &&
        says 2 "'0' is no stage" approve KT-01 --stage 0 &&
        says 2 "the calendar has no day '2020-02-30'" approve KT-01 --stage 1 --repeat 2020-02-30 &&
        says 2 "'soon' is no day" approve KT-01 --stage 1 --repeat soon &&
        says 2 "repeats of a day" approve --all --stage 1 &&
        says 2 "either" approve KT-01 --stage 1 --reject --withdraw &&
        says 1 "ingest it first" approve KT-77 --stage 1 &&
        says 2 "no action 'bakcup'; did you mean 'backup'?" ketang store --station "$STATION" bakcup &&
        says 2 "one file" ketang store --station "$STATION" backup &&
        says 1 "no channel 'zhangdain'" ketang freeze --station "$STATION" zhangdain 2020-02-17
}

a_frozen_day() {
    mkdir -p "$TMP/schedules/calendars"
    cp schedules/zhangdian.yaml "$TMP/schedules"
    echo "format: 1" >"$TMP/schedules/calendars/zibo.yaml"
    printf 'channel: linzi\n  broken: [\n' >"$TMP/schedules/linzi.yaml"
    says 0 "is frozen (plan 0; files kept: 2)" ketang freeze --station "$STATION" zhangdian "$TOMORROW" --by 王 &&
        says 1 "frozen already, by 王" ketang freeze --station "$STATION" zhangdian "$TOMORROW" --by 李 &&
        says 1 "linzi.yaml:" ketang freeze --station "$STATION" linzi "$TOMORROW" --by 李 &&
        says 1 "has no timetable here" ketang freeze --station "$STATION" huantai "$TOMORROW" &&
        says 1 "is too far ahead: the scheduler plans 9 days ahead, to" ketang freeze --station "$STATION" zhangdian "$(date -d '1 year' +%F)" &&
        says 1 "is not frozen" ketang freeze --station "$STATION" zhangdian "$(date -d '1 year' +%F)" --off --reason 换课 &&
        says 2 "say why" ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off &&
        says 2 "say why" ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off --reason ' 　' &&
        says 0 "open again" ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off --reason 换课
}

# Yesterday's list may still be on the air before six.
a_day_that_is_over() {
    local gone
    gone=$(TZ=Asia/Shanghai date -d '2 days ago' +%F)
    says 1 "$gone is over" ketang freeze --station "$STATION" zhangdian "$gone" &&
        says 1 "$gone is over" ketang freeze --station "$STATION" zhangdian "$gone" --off --reason 换课 &&
        says 1 "$gone is over" approve KT-01 --stage 1 --repeat "$gone" &&
        says 0 "" approve KT-01 --stage 1 --repeat "$(TZ=Asia/Shanghai date +%F)" --by 王
}

what_is_due() {
    rm "$TMP/schedules/linzi.yaml"
    says 1 "does not say at which time" ketang freeze --station "$STATION" --due
    for channel in zhoucun linzi huantai gaoqing; do
        sed "s/^channel: .*/channel: $channel/" schedules/zhangdian.yaml >"$TMP/schedules/$channel.yaml"
    done
    sed 's/# freeze = "18:00"/freeze = "00:00"/' "$STATION" >"$TMP/freezing.cfg"
    says 0 "gaoqing" ketang freeze --station "$TMP/freezing.cfg" --due &&
        ketang freeze --station "$TMP/freezing.cfg" --due >"$TMP/again" && ! grep . "$TMP/again"
}

# One that cannot be closed stops no other.
all_at_once() {
    local day
    day=$(TZ=Asia/Shanghai date -d '3 days' +%F)
    rm "$TMP/schedules/linzi.yaml"
    says 1 "has no timetable here" ketang freeze --station "$STATION" all "$day" --by 王 &&
        [ "$(grep -c "$day is frozen" "$TMP/said")" -eq 4 ] &&
        says 1 "not frozen" ketang freeze --station "$STATION" all "$day" --off --reason 换课 &&
        [ "$(grep -c "$day is open again" "$TMP/said")" -eq 4 ] &&
        says 2 "say why" ketang freeze --station "$STATION" all "$day" --off
}

a_backup() {
    ketang store --station "$STATION" backup "$TMP/backup" &&
        [ "$(stat -c %a "$TMP/backup")" = 600 ] &&
        says 1 "not empty" ketang store --station "$STATION" restore "$TMP/backup" &&
        rm "$STATE/ketang.db" &&
        says 1 "no store here" ketang store --station "$STATION" status &&
        head -n 5 "$TMP/backup" >"$TMP/cut" &&
        says 1 "ends too early" ketang store --station "$STATION" restore "$TMP/cut" &&
        says 0 "rows restored" ketang store --station "$STATION" restore "$TMP/backup" &&
        says 0 "approvals" ketang store --station "$STATION" status &&
        ketang store --station "$STATION" backup - | cmp - "$TMP/backup"
}

# A backup that fails leaves the last one, and nothing else.
a_backup_that_fails() {
    local before
    before=$(sha256sum <"$TMP/backup")
    (
        ulimit -f 2
        trap '' XFSZ
        ketang store --station "$STATION" backup "$TMP/backup"
    ) && return 1
    [ "$(sha256sum <"$TMP/backup")" = "$before" ] && ! ls "$TMP"/backup.*
}

a_loss() {
    rm "$STATE/ketang.db"
    # Something was signed here: a new store would make it unsigned without a word.
    echo '{}' >"$STATE/signoff.json"
    says 1 "the store is gone" approve KT-01 --stage 1 --by 王 &&
        says 1 "ketang store restore" ketang store --station "$STATION" status &&
        says 1 "the store is gone" ketang freeze --station "$STATION" zhangdian tomorrow &&
        ! [ -e "$STATE/ketang.db" ] || return 1
    mkdir -p "$STATE/asrun/zhangdian"
    echo '{"seq":1}' >"$STATE/asrun/zhangdian/2020-02-17.jsonl"
    says 0 "2 asset versions, 0 lessons, 0 plan revisions, 0 orders, 1 as-run lines" \
        ketang store --station "$STATION" rebuild &&
        grep -q "signed last (.*signoff.json): approvals 0, closed days 0" "$TMP/said" &&
        grep -q "^What was signed while no scheduler ran, .* come back from a backup only" "$TMP/said" &&
        says 0 "0 asset versions" ketang store --station "$STATION" rebuild
}

# Whoever asks for it is told what is wrong and the way out, and nothing else.
a_file_that_is_no_store() {
    mv "$STATE/ketang.db" "$TMP/aside"
    echo 'this is text, and no database at all' >"$STATE/ketang.db"
    says 1 'ketang.db: error: file is not a database; move it away, then ' \
        ketang ready --station "$STATION" && [ "$(wc -l <"$TMP/said")" -eq 1 ] &&
        LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN says 1 'ketang.db：错误：这个文件不是数据库；请把它移走' \
        ketang store --station "$STATION" status &&
        says 1 'move it away' ketang store --station "$STATION" rebuild || return 1
    mv "$TMP/aside" "$STATE/ketang.db"
}

# Root may open everything; setpriv makes somebody else of us.
who_may_not_open_it_is_told_how() {
    [ "$(id -u)" -eq 0 ] || return 0
    chmod 755 "$TMP" && cp -r "$BUILD/ketang" "$TMP/ketang" || return 1
    says 1 'sudo -u ketang ketang' as_other 65534 store status
}

# as_other GROUP COMMAND [SUBCOMMAND]
as_other() {
    setpriv --reuid=65534 --regid="$1" --clear-groups "$TMP/ketang" "$2" --station "$STATION" "${@:3}"
}

# As members of the group ketang are: they read what is there, and can make nothing beside it.
who_may_read_it_may_look() {
    [ "$(id -u)" -eq 0 ] || return 0
    chgrp 65533 "$STATE" "$STATE"/ketang.db* && chmod 750 "$STATE" &&
        says 0 KT-01 as_other 65533 approvals || return 1
    as_other 65533 ready >"$TMP/said" 2>&1
    grep -q 'may not open' "$TMP/said" && return 1
        says 1 'sudo -u ketang ketang' as_other 65533 approve KT-01 --stage 1 --by 王
}

station_make
sed -i -e 's/approval_stages = 0/approval_stages = 3/' -e 's/approval_alone = true/approval_alone = false/' "$STATION"
record a KT-01 1000
tap "a lesson is approved in three stages by three people" three_stages
tap "a repeat needs its own" a_repeat
tap "all repeats of a day are signed at once, those that may be" all_repeats_of_a_day
tap "a new version has no approval" a_new_version
tap "a rejection undoes, and stays in the history" a_rejection
tap "wrong use is told" wrong_use
tap "a day is frozen with its files, and opened again" a_frozen_day
tap "a day that is over is neither frozen nor signed" a_day_that_is_over
tap "tomorrow is frozen when it is due, once" what_is_due
tap "all channels are closed and opened at once" all_at_once
tap "a backup is restored to the same bytes" a_backup
tap "a backup that fails leaves the last one alone" a_backup_that_fails
tap "who may not open it is told how to" who_may_not_open_it_is_told_how
tap "who may read it may look" who_may_read_it_may_look
tap "a file that is no store is told with the way out" a_file_that_is_no_store
tap "a store that is lost is rebuilt from files" a_loss
tap_done
