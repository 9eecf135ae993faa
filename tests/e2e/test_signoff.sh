#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The scheduler and its store: what is signed airs, closed days stay, and a
# store that is lost takes nothing off the air.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

PLANS=$TMP/state/plans/zhangdian
LOG=$TMP/scheduler.log
TOMORROW=$(TZ=Asia/Shanghai date -d tomorrow +%F)

# soon COMMAND...: true within ten seconds, or the end of the log.
soon() {
    wait_for 10 "$@" && return 0
    echo "never true: $*"
    tail -n 5 "$LOG"
    return 1
}

# record HASH-DIGIT HOUSE_NUMBER: an asset as the library takes it.
record() {
    local hash
    hash=$(printf "%064d" 0 | tr 0 "$1")
    touch "$MEDIA/$hash.mp4" "$MEDIA/$hash.idx"
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"lesson","profile":"sd","title":"荷花","duration_frames":30000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":1000}' \
        "$hash" "$2" >"$MEDIA/$hash.json"
}

# timetable HOUSE_NUMBER: it airs at eight, every day.
timetable() {
    local number=$1
    cat >"$TMP/schedules/new" <<EOF
format: 1
channel: zhangdian
lessons: [{house_number: A, title: one}, {house_number: B, title: two}, {house_number: LINZI-6-6, title: three}]
periods: [{name: p, start: 8:00, end: 8:20}]
days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]
grid: {p: [$number, $number, $number, $number, $number, $number, $number]}
EOF
    mv "$TMP/schedules/new" "$TMP/schedules/zhangdian.yaml"
}

# tomorrow_airs PATTERN: the event at eight of the latest plan.
tomorrow_airs() {
    local latest
    latest=$(ls "$PLANS" | sed -n 's,^\([0-9]*\)\.yaml$,\1,p' | sort -n | tail -n 1)
    grep -A 12 "$TOMORROW 08:00:00" "$PLANS/$latest.yaml" | grep -q "$1"
}

approves() {
    ketang approve --station "$STATION" a --stage 1 --by 王 2>"$TMP/said" && return 1
    grep -qx 'ketang approve: there is no file a; did you mean A?' "$TMP/said" || return 1
    ketang approve --station "$STATION" LNZI-6-6 --stage 1 --by 王 2>"$TMP/said" && return 1
    grep -qx 'ketang approve: there is no file LNZI-6-6, and no timetable names it; did you mean LINZI-6-6, whose file is not there yet?' "$TMP/said" || return 1
    soon tomorrow_airs 'not approved yet' &&
        ketang approve --station "$STATION" A --stage 1 --by 王 &&
        soon tomorrow_airs 'house_number: A'
}

# A repeat that there is not, and a file under a name that no timetable has.
what_airs_nowhere_is_not_signed() {
    ketang approve --station "$STATION" A --stage 1 --repeat "$TOMORROW" --by 王 2>"$TMP/said" && return 1
    grep -q "A is not repeated on $TOMORROW" "$TMP/said" && grep -q '^Nothing is signed: ' "$TMP/said" &&
        ! ketang approvals --station "$STATION" A | grep -q "repeat.*$TOMORROW" || { cat "$TMP/said"; return 1; }
    sed -i 's/"house_number":"B"/"house_number":"b-"/' "$MEDIA"/*.json
    ketang approve --station "$STATION" B --stage 1 --by 王 2>"$TMP/said"
    sed -i 's/"house_number":"b-"/"house_number":"B"/' "$MEDIA"/*.json
    grep -q 'there is b-, which no timetable names: if it was misnamed, ingest it again with --house-number B' "$TMP/said"
}

a_withdrawal_counts() {
    ketang approve --station "$STATION" A --stage 1 --by 王 --withdraw &&
        soon tomorrow_airs 'not approved yet' &&
        ketang approve --station "$STATION" A --stage 1 --by 王 &&
        soon tomorrow_airs 'house_number: A'
}

# order_given COMMAND...: its number.
order_given() {
    ketang "$1" --station "$STATION" "${@:2}" >"$TMP/said" || { cat "$TMP/said" >&2; return 1; }
    sed -n 's/.*(order \([0-9]*\),.*/\1/p' "$TMP/said"
}

# A lasts 20 minutes.
what_is_moved_is_listed_as_it_airs() {
    local first other
    first=$(order_given insert zhangdian A --at '明天 20:00' --reason 通知) &&
        other=$(order_given insert zhangdian A --at '明天 19:50' --push --reason 讲话) || return 1
    ketang orders --station "$STATION" | tee "$TMP/said" |
        grep -q " $first .* ordered, moved back from 20:00:00 .* $TOMORROW 20:10:.* $TOMORROW 20:30:" || return 1
    LANGUAGE=zh_CN ketang orders --station "$STATION" | grep -q " $first .* 已下达，自 20:00:00 推迟 " || return 1
    order_given undo zhangdian "$other" && order_given undo zhangdian "$first" || return 1
}

# Its slots air it no more, but what was ordered does: now, and tomorrow.
a_rejection_says_what_airs_it_still() {
    local now later
    now=$(order_given insert zhangdian A --reason 插播) &&
        later=$(order_given insert zhangdian A --at '明天 20:00' --reason 插播) || return 1
    wait_for 20 sh -c "ketang orders --station '$STATION' | grep -q ' $now .* taken '" || return 1
    ketang approve --station "$STATION" A --stage 1 --by 王 --reject | tee "$TMP/said"
    grep -q "^  zhangdian: on air until .*: ketang replace --station $STATION zhangdian now " "$TMP/said" &&
        grep -q "^  zhangdian: order $later (insert), from $TOMORROW 20:00:.*: ketang undo --station $STATION zhangdian $later\$" "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian "$later" && ketang skip --station "$STATION" zhangdian --reason 错播 || return 1
    ketang approve --station "$STATION" A --stage 1 --by 王 >"$TMP/said" && ! grep 'still airs' "$TMP/said" &&
        soon tomorrow_airs 'house_number: A'
}

a_closed_day_stays() {
    ketang approve --station "$STATION" B --stage 1 --by 王 &&
        ketang freeze --station "$STATION" zhangdian "$TOMORROW" --by 王 || return 1
    timetable B
    soon grep -rq 'house_number: B' "$PLANS" && tomorrow_airs 'house_number: A' &&
        ketang explain --station "$STATION" zhangdian "${TOMORROW}T08:10" | grep -q '^  closed .*, by 王: the copy kept then airs' &&
        ketang ready --station "$STATION" | grep -q "^$TOMORROW .*, tomorrow; list closed: zhangdian$" &&
        ketang ready --station "$STATION" --json | grep -q '"list_closed": true' &&
        ketang check --station "$STATION" | grep -q "^zhangdian: the list of $TOMORROW is closed, by 王: " &&
        a_late_cell_is_told && a_late_change_is_told && a_late_swap_is_told
}

# The closed list has A, the grid has B now.
a_late_cell_is_told() {
    ketang check --station "$STATION" | tee "$TMP/said" |
        grep "zhangdian.yaml:6:.* $TOMORROW is closed and is otherwise than the files now, first there: .* A; the files: .* B\. .*ketang freeze zhangdian $TOMORROW --off" &&
        return
    cat "$TMP/said" "$TMP/schedules/zhangdian.yaml"
    return 1
}

# Not which lesson, but what stands around it; tomorrow's list is closed with A.
what_fills_a_closed_slot_is_told() {
    timetable A
    ketang freeze --station "$STATION" zhangdian "$TOMORROW" --by 王 || return 1
    ! ketang check --station "$STATION" | grep 'otherwise than the files' || return 1
    sed -i 's/title: one/title: three/; 1a rest: loop' "$TMP/schedules/zhangdian.yaml"
    printf 'fillers: [FILL-01, FILL-02]\n' >>"$TMP/schedules/zhangdian.yaml"
    ketang check --station "$STATION" >"$TMP/said"
    ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off --reason 重来 --by 王
    timetable B
    grep "zhangdian.yaml:4:.* $TOMORROW is closed .* now: title of 08:00-08:20 A there: one; in the files: three\. .*ketang freeze zhangdian $TOMORROW --off" "$TMP/said" &&
        grep "zhangdian.yaml:7:.* now: rest of 08:00-08:20 A there: filler; in the files: loop\. " "$TMP/said" &&
        grep "zhangdian.yaml: .* now: fillers there: nothing; in the files: FILL-01 FILL-02\. " "$TMP/said" &&
        [ "$(grep -c 'otherwise than the files' "$TMP/said")" -eq 3 ] || { cat "$TMP/said"; return 1; }
}

# As when a Saturday is to run Monday's timetable, and its list is closed.
a_late_swap_is_told() {
    local days=(日 一 二 三 四 五 六)
    printf 'dates: [{date: %s, runs: 周%s, reason: 调休}]\n' "$TOMORROW" "${days[$(date -d "$TOMORROW + 1 day" +%w)]}" >>"$TMP/schedules/zhangdian.yaml"
    ketang check --station "$STATION" | tee "$TMP/said" |
        grep "zhangdian.yaml:7:.* $TOMORROW is closed and runs the timetable of $TOMORROW; that the files say 20[0-9-]* now .*ketang freeze zhangdian $TOMORROW --off"
    local said=$?
    timetable B
    [ $said -eq 0 ] || { cat "$TMP/said"; return 1; }
}

a_late_change_is_told() {
    ! ketang check --station "$STATION" | grep 'without this change' || return 1
    printf 'changes: [{date: %s, period: p, house_number: A, reason: r}]\n' "$TOMORROW" >>"$TMP/schedules/zhangdian.yaml"
    ketang check --station "$STATION" | tee "$TMP/said" |
        grep "zhangdian.yaml:7:.* $TOMORROW is closed without this change.*ketang freeze zhangdian $TOMORROW --off"
    local said=$?
    timetable B
    [ $said -eq 0 ] || { cat "$TMP/said"; return 1; }
}

an_order_for_it_says_that_it_is_closed() {
    ketang replace --station "$STATION" zhangdian 'tomorrow 8:10' B --reason 换课 | tee "$TMP/said"
    grep -q "^The list of .* $TOMORROW is closed: this order changes it" "$TMP/said" &&
        ketang undo --station "$STATION" zhangdian "$(sed -n 's/.*(order \([0-9]*\),.*/\1/p' "$TMP/said")"
}

it_is_opened_again() {
    ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off --reason 教师调课 --by 王 &&
        soon tomorrow_airs 'house_number: B' &&
        ! ketang ready --station "$STATION" | grep 'list closed' &&
        ! ketang check --station "$STATION" | grep 'is closed'
}

# Tomorrow's list is closed with A, and the files say B.
a_day_is_closed_and_the_files_change() {
    timetable A
    soon tomorrow_airs 'house_number: A' &&
        ketang freeze --station "$STATION" zhangdian 明天 --by 王 &&
        ketang explain --station "$STATION" zhangdian '明天 08:10' | grep -q '^  closed' || return 1
    timetable B
    soon grep -q '"closed":\[{' "$STATE/signoff.json"
}

# Nobody can look it up, and nobody forgets it.
a_store_is_lost() {
    soon grep -q 'event=store_lost' "$LOG" && tomorrow_airs 'house_number: A' &&
        ketang slate --station "$STATION" zhangdian --reason test &&
        grep -q 'until: open' "$(ls -v "$PLANS"/*.yaml | tail -n 1)" &&
        ketang return --station "$STATION" zhangdian && tomorrow_airs 'house_number: A'
}

it_comes_back() {
    mv "$TMP/ketang.db" "$STATE/ketang.db"
    soon grep -q 'event=store_back' "$LOG" || return 1
    ketang freeze --station "$STATION" zhangdian "$TOMORROW" --off --reason 教师调课 --by 王 &&
        soon tomorrow_airs 'house_number: B'
}

# An empty one, as after "move it away": what is signed stays on the air, and comes back into it.
another_store() {
    mkdir "$TMP/old" && mv "$STATE"/ketang.db* "$TMP/old" && soon grep -q 'event=store_lost' "$LOG" || return 1
    : >"$LOG"
    ketang store --station "$STATION" migrate && soon grep -q 'event=store_has_lost .*approvals: 2, closed days: 0' "$LOG" &&
        tomorrow_airs 'house_number: B' &&
        ketang check --station "$STATION" | grep 'does not know what was signed (approvals: 2, closed days: 0)' || return 1
    ketang ready --station "$STATION" --days 2 2>&1 >"$TMP/said" |
        grep '^ketang ready: the store does not know .*; `ketang store rebuild` writes them into the store' || return 1
    ketang store --station "$STATION" rebuild >"$TMP/said" && grep 'signoff.json): approvals 2, closed days 0\.$' "$TMP/said" &&
        soon grep -q 'event=store_has_all' "$LOG" && tomorrow_airs 'house_number: B' &&
        ketang approvals --station "$STATION" B | grep '王.*taken over from signoff.json'
}

# From before it was sent back: nobody signs over what the store does not know.
an_old_copy() {
    ketang store --station "$STATION" backup "$TMP/old.jsonl" &&
        ketang approve --station "$STATION" B --stage 1 --by 王 --reject && soon tomorrow_airs 'not approved yet' || return 1
    ketang insert --station "$STATION" zhangdian B --reason test >"$TMP/said" 2>&1 && return 1
    cat "$TMP/said"
    grep -q 'B was rejected in stage 1 and does not air; `ketang approvals B` says by whom' "$TMP/said" || return 1
    : >"$LOG"
    mkdir "$TMP/older" && mv "$STATE"/ketang.db* "$TMP/older" && soon grep -q 'event=store_lost' "$LOG" || return 1
    ketang ready --station "$STATION" --days 2 2>"$TMP/said" | grep ' B ' >"$TMP/rows"
    grep 'who has signed it cannot be read without the store' "$TMP/rows" && ! grep 'to sign it' "$TMP/rows" || return 1
    ketang store --station "$STATION" restore "$TMP/old.jsonl" &&
        soon grep -q 'event=store_has_lost .*approvals: 1, closed days: 0' "$LOG" && tomorrow_airs 'not approved yet' || return 1
    ketang approvals --station "$STATION" B | grep 'rejected or withdrawn, and the store does not know' || return 1
    ketang ready --station "$STATION" --days 2 | grep ' B .*the store has lost that: first `ketang store rebuild`' || return 1
    ketang approve --station "$STATION" B --stage 1 --by 王 >"$TMP/said" && return 1
    grep 'First write that back into the store: `ketang store rebuild`; then sign it anew' "$TMP/said" || return 1
    ketang store --station "$STATION" rebuild && ketang approve --station "$STATION" B --stage 1 --by 王 &&
        soon tomorrow_airs 'house_number: B'
}

# What was signed is known from before; what was signed just now may not be.
orders_wait_for_no_answer() {
    soon ketang slate --station "$STATION" zhangdian --reason test &&
        ketang return --station "$STATION" zhangdian &&
        soon what_is_signed_is_inserted && soon what_is_not_signed_is_refused
}

# Both wait for a moment while the order before is about to take effect.
what_is_signed_is_inserted() {
    ketang insert --station "$STATION" zhangdian B --reason test >"$TMP/said" &&
        grep -q '^The store has not answered in time: what was approved in the last moments may not count here yet\.$' "$TMP/said" &&
        [ -z "$(tail -c 1 "$TMP/said")" ] && ! grep -q '^$' "$TMP/said"
}

# Perhaps the signature was given a moment ago.
what_is_not_signed_is_refused() {
    ! ketang insert --station "$STATION" zhangdian C --reason test >"$TMP/said" 2>&1 &&
        grep -q 'C is not approved yet, neither for its first run' "$TMP/said" &&
        grep -q 'The store has not answered in time: what was approved in the last moments' "$TMP/said"
}

# Nothing is known, and whoever breaks in need not wait for it.
break_ins_need_no_store() {
    soon ketang slate --station "$STATION" zhangdian --reason test || return 1
    ketang insert --station "$STATION" zhangdian B --reason test >"$TMP/said" 2>&1 && return 1
    cat "$TMP/said"
    grep -q 'does not know yet what is approved' "$TMP/said"
}

station_make
mkfifo "$TMP/hold"
sed -i -e 's/approval_stages = 0/approval_stages = 1/' "$STATION"
timetable A
record a A
record b B
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
tap "a lesson airs as soon as it is approved" approves
tap "what would air nowhere is not signed" what_airs_nowhere_is_not_signed
tap "a withdrawal counts at once" a_withdrawal_counts
tap "an order that another one moves is listed as it airs" what_is_moved_is_listed_as_it_airs
tap "a rejection says what airs the file still, and how to end that" a_rejection_says_what_airs_it_still
tap "a closed day stays as it was, whatever becomes of the files" a_closed_day_stays
tap "an order for a closed day says that it is closed" an_order_for_it_says_that_it_is_closed
tap "opened again, it follows the files" it_is_opened_again
tap "what fills a closed slot, its title and the fillers are compared, too" what_fills_a_closed_slot_is_told
tap "a closed day is known beside the store, too" a_day_is_closed_and_the_files_change
kill "$SCHEDULER"
wait "$SCHEDULER"
mv "$STATE/ketang.db" "$TMP/ketang.db"
echo "this is no database, this is no database" >"$STATE/ketang.db"
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
tap "started without its store the scheduler knows closed days, and takes orders" a_store_is_lost
tap "when the store is back, planning goes on" it_comes_back
tap "another store in its place takes nothing off the air, and is told what is in force" another_store
tap "what an old copy does not know was sent back is not signed over" an_old_copy
kill "$SCHEDULER"
wait "$SCHEDULER"
# A database that takes a connection and never says a word.
mkdir "$TMP/mute"
python3 -c "
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind('$TMP/mute/.s.PGSQL.5432')
s.listen(64)
sys.stdin.read()" <"$TMP/hold" &
exec 9>"$TMP/hold"
wait_for 10 test -S "$TMP/mute/.s.PGSQL.5432"
sed -i "s|^\( *\)approval_stages = 1;|&\n\1store = \"host=$TMP/mute dbname=ketang\";|" "$STATION"
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
record c C
tap "orders do not wait for a store that stalls, and say what may be missed" orders_wait_for_no_answer
{ kill -9 "$SCHEDULER" && wait "$SCHEDULER"; } 2>/dev/null
rm "$STATE/signoff.json"
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
tap "break-ins need no store" break_ins_need_no_store
{ kill -9 "$SCHEDULER" && wait "$SCHEDULER"; } 2>/dev/null
exec 9>&-
tap_done
