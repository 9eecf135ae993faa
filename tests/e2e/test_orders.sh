#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Orders of air control, with an engine on the air: break-ins within each
# other, an insert, a skip, an order undone; and what the as-run log says of
# them afterwards.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

PORT=$((20000 + $$ % 20000))
PLANS=$STATE/plans/zhangdian
LOG=$TMP/scheduler.log

now_frame() {
    echo $(($(date +%s%N) / 40000000))
}

clock() {
    TZ=Asia/Shanghai date -d "@$1" +%H:%M:%S
}

# clock_after TIME SECONDS: so much later on the same day, after midnight 24:00 and on.
clock_after() {
    local h m s
    IFS=: read -r h m s <<<"$(clock "$1")"
    local at=$((10#$h * 3600 + 10#$m * 60 + 10#$s + $2))
    printf '%02d:%02d:%02d' $((at / 3600)) $((at / 60 % 60)) $((at % 60))
}

# A lesson over and over, from now on; then fillers.
timetable() {
    local now
    now=$(date +%s)
    cat >"$TMP/schedules/zhangdian.yaml" <<EOF
format: 1
channel: zhangdian
rest: loop
lessons:
  - {house_number: film-9, title: 示例课, teacher: 示例教师01}
  - {house_number: noise-12, grade: 一年级, subject: 语文, title: 示例换课}
periods: [{name: 第三节, start: "$(clock $((now - 60)))", end: "$(clock_after $((now - 60)) 1260)"}]
days: [mon, tue, wed, thu, fri, sat, sun]
grid: {第三节: [film-9, film-9, film-9, film-9, film-9, film-9, film-9]}
fillers: [{house_number: FILL-01, title: 垫播}]
EOF
}

with_times() {
    local line
    while IFS= read -r line; do
        printf '%s %s\n' "$EPOCHREALTIME" "$line"
    done
}

start() {
    # Of that station when none is named.
    KETANG_STATION=$STATION ketang-scheduler 2>"$LOG" &
    echo $! >"$TMP/scheduler.pid"
    KETANG_STATION=$STATION ketang-playout --trust-clock >/dev/null 2> >(with_times >"$TMP/engine.log") &
    echo $! >"$TMP/engine.pid"
}

end() {
    kill "$(cat "$TMP/scheduler.pid")" "$(cat "$TMP/engine.pid")" 2>/dev/null
}
trap end EXIT

latest() {
    ls "$PLANS" | sed -n 's,^\([0-9]*\)\.yaml$,\1,p' | sort -n | tail -n 1
}

# adopted REVISION: or a later one; the first comes too late for the engine on a busy machine.
adopted() {
    local last
    last=$(sed -n 's/.*"adopt":\([0-9]*\),.*/\1/p' "$PLANS/journal" | tail -n 1)
    [ "${last:-0}" -ge "$1" ]
}

# The frame from which the last revision that was adopted holds.
adopted_from() {
    sed -n 's/.*"adopt":.*"frame":\([0-9]*\),.*/\1/p' "$PLANS/journal" | tail -n 1
}

# order COMMAND...: gives it, and waits until it has taken effect on the air.
order() {
    ketang "$1" --station "$STATION" "${@:2}" | tee "$TMP/said"
    [ "${PIPESTATUS[0]}" -eq 0 ] || return 1
    local revision
    revision=$(sed -n 's/.*revision \([0-9]*\)).*/\1/p' "$TMP/said")
    wait_for 30 adopted "$revision" || { tail -n 5 "$LOG" "$TMP/engine.log"; return 1; }
    local id frame key=from
    id=$(sed -n 's/.*(order \([0-9]*\),.*/\1/p' "$TMP/said")
    [ "$1" = return ] && key=until
    frame=$(frame_of_order "$id" $key)
    wait_for 60 passed $((frame + 50))
}

passed() {
    [ "$(now_frame)" -ge "$1" ]
}

# frame_of_order ID KEY: from or until, as the latest plan has it.
frame_of_order() {
    awk -v id="$1" -v key="    $2:" '
        /^events:/ { exit }
        /^  - id:/ { inside = $3 == id }
        inside && index($0, key) == 1 { print $2 }' "$PLANS/$(latest).yaml"
}

state_of() {
    ketang orders --station "$STATION" --channel zhangdian |
        awk -v id="$1" '$2 == id { for (i = 4; i <= 5; i++) if ($i ~ /^(ordered|taken|over|undone)$/) print $i }'
}

# on_air: asset and amendment of the event that the plan in force has now.
on_air() {
    awk -v now="$(now_frame)" '
        function tell() { if (start <= now && now < start + duration) print kind, house, order }
        /^  - seq:/ { tell(); kind = house = "-"; order = 0 }
        /^    start:/ { start = $2 } /^    duration:/ { duration = $2 }
        /^    kind:/ { kind = $2 } /^    house_number:/ { house = $2 }
        /^    amendment:/ { order = $2 }
        END { tell() }' "$PLANS/$(latest).yaml"
}

is_on_air() {
    [ "$(on_air)" = "$*" ] || { echo "on air: $(on_air)"; return 1; }
}

plan_is_on_air() {
    wait_for 30 adopted 1 && wait_for 10 is_on_air lesson film-9 0
}

status_shows() {
    wait_for 6 sh -c "ketang status --station '$STATION' | grep -q '$1'" || { ketang status --station "$STATION"; return 1; }
}

# A lap of the film is nine seconds; its period lasts for twenty minutes more.
what_is_left_is_of_the_programme() {
    ketang status --station "$STATION" zhangdian | tee "$TMP/said"
    grep -Eq '^zhangdian +示例课 +([01][0-9]-[0-3][0-9] )?[0-2][0-9]:[0-5][0-9] 示例课 +(18|19|20):[0-5][0-9] ' "$TMP/said"
}

break_ins_are_nested() {
    order emergency zhangdian --reason '信号异常' && is_on_air slate - 1 || return 1
    grep -qx 'The slate airs: no house number was named.' "$TMP/said" || return 1
    status_shows '(emergency, slate) 信号异常' || return 1
    ketang ready --station "$STATION" --days 1 | grep 'film-9 .*order 1 lies over it now: emergency' || return 1
    order emergency zhangdian FILL-01 --reason '紧急通知' && is_on_air filler FILL-01 2 || return 1
    status_shows '(emergency) 紧急通知  *until return' || return 1
    order return zhangdian && is_on_air slate - 1 || return 1
    grep -q '^Order 1 (emergency: 信号异常) goes on then; ' "$TMP/said" || return 1
    order return zhangdian --reason '信号恢复' --by 示例值班员 && is_on_air lesson film-9 0 && ! grep -q 'goes on' "$TMP/said"
}

the_order_on_air_is_explained() {
    ketang explain --station "$STATION" zhangdian | tee "$TMP/said"
    grep -q "order .*number 3: insert noise-12, by .*, from 20..-.*: 插播通知" "$TMP/said" &&
        grep -q 'lesson .*film-9 示例课$' "$TMP/said" || return 1
    ketang explain --station "$STATION" zhangdian "2020-02-17 09:00" |
        grep 'event .*has gone by; what aired: ketang asrun zhangdian --day 2020-02-17$'
}

an_insert_airs_whole() {
    order insert zhangdian noise-12 --reason '插播通知' && is_on_air lesson noise-12 3 &&
        the_order_on_air_is_explained &&
        grep -A3 'kind: lesson' "$PLANS/$(latest).yaml" | grep -q 'house_number: noise-12'
}

a_hold_is_undone() {
    ketang hold --station "$STATION" zhangdian --reason '等领导' | tee "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian 4 --reason '领导已到' --by 示例值班员 || return 1
    [ "$(state_of 4)" = undone ] || return 1
    ketang orders --station "$STATION" zhangdian >"$TMP/said"
    grep -q '  等领导; undone by 示例值班员: 领导已到$' "$TMP/said" || { cat "$TMP/said"; return 1; }
    grep -q 'event=undo channel=zhangdian order=4 .*author="示例值班员" reason="领导已到"' "$LOG" || return 1
    ketang undo --station "$STATION" zhangdian 4 2>"$TMP/said" && return 1
    grep -q 'undone already' "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian 1 2>"$TMP/said" && return 1
    grep -q 'too late' "$TMP/said"
}

only_a_whole_number_is_undone() {
    local number
    for number in 1,7 '' x 0 -1 1.5 99999999999999999999; do
        ketang undo --station "$STATION" zhangdian -- "$number" 2>"$TMP/said"
        [ $? -eq 2 ] && grep -q 'is no number of an order' "$TMP/said" || return 1
    done
}

a_mistyped_house_number_is_told() {
    ketang emergency --station "$STATION" zhangdian fill-1 --reason '通知' 2>"$TMP/said" && return 1
    grep -qx 'ketang: zhangdian: there is no file fill-1; did you mean FILL-01?' "$TMP/said" || return 1
    ketang insert --station "$STATION" zhangdian FILL-02 --reason '通知' 2>"$TMP/said" && return 1
    grep -q 'FILL-02 has no media' "$TMP/said"
}

# As it would be typed after `ketang replace`.
a_time_without_its_option_is_told_the_line() {
    ketang insert --station "$STATION" zhangdian FILL-01 明天10:20 --push --reason "家长's 通知" 2>"$TMP/said"
    [ $? -eq 2 ] && grep -qxF "  ketang insert zhangdian FILL-01 --at 明天10:20 --station $STATION --push --reason '家长'\\''s 通知'" "$TMP/said" ||
        { cat "$TMP/said"; return 1; }
    ketang insert zhangdian FILL-01 tomorrow 第三节 2>"$TMP/said"
    [ $? -eq 2 ] && grep -qxF "  ketang insert zhangdian FILL-01 --at 'tomorrow 第三节' --reason TEXT" "$TMP/said" ||
        { cat "$TMP/said"; return 1; }
    ketang insert zhangdian FILL-01 FILL-02 2>"$TMP/said"
    [ $? -eq 2 ] && grep -q 'name CHANNEL HOUSE_NUMBER' "$TMP/said"
}

# The scheduler speaks English here.
each_is_answered_in_his_language() {
    LANGUAGE=zh_CN ketang undo --station "$STATION" zhangdian 99 2>"$TMP/said" && return 1
    grep -q '没有第 99 号指令' "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian 99 2>"$TMP/said" && return 1
    grep -q 'there is no order 99' "$TMP/said"
}

# What is left of the slot has the right lesson, over and over; who only inserts it is told what comes back.
a_wrong_lesson_is_replaced_on_air() {
    wait_for 30 is_on_air lesson film-9 0 || return 1
    ketang insert --station "$STATION" zhangdian noise-12 --at "$(clock $(($(date +%s) + 180)))" \
        --reason '换课' | tee "$TMP/said"
    grep -q '^After it the programme that it interrupts goes on: .* film-9 ' "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian "$(order_of "$TMP/said")" || return 1
    order replace zhangdian now noise-12 --reason '错播：放错了课' || return 1
    grep -q '^Until .*, instead of what is left of: .* film-9 ' "$TMP/said" &&
        is_on_air lesson noise-12 6
}

a_skip_ends_the_lesson() {
    is_on_air lesson noise-12 6 || return 1
    order skip zhangdian --reason '错播' && is_on_air filler FILL-01 7
}

# A list needs no reason.
orders_are_listed() {
    ketang orders --station "$STATION" --reason '换课' zhangdian 2>"$TMP/said"
    [ $? -eq 2 ] && grep -q 'no such option' "$TMP/said" || return 1
    ketang orders --station "$STATION" zhangdian | tee "$TMP/said"
    head -n 1 "$TMP/said" | grep -q '^CHANNEL  *ORDER  *WHAT  *STATE  *FROM  *UNTIL  *AIRS  *WHO  *WHY' &&
        LANGUAGE=zh_CN ketang orders --station "$STATION" zhangdian | grep -q '应急插播 .*FILL-01' || return 1
    grep -Eq '^zhangdian  1  +emergency .*  slate  .*信号异常; ended by 示例值班员: 信号恢复$' "$TMP/said" ||
        return 1
    [ "$(grep -c '^zhangdian' "$TMP/said")" -eq 7 ] && grep -q '错播' "$TMP/said" &&
        [ "$(state_of 1)" = over ] && [ "$(state_of 7)" = taken ]
}

# next_shown: the frame at which begins what `ketang status` calls next.
next_shown() {
    ketang status --station "$STATION" --json | tr -d '\n ' |
        grep -o '"next":{[^}]*}' | grep -o '"start":[0-9]*' | cut -d: -f2
}

# order_of FILE: the number of the order in an answer.
order_of() {
    sed -n 's/.*(order \([0-9]*\),.*/\1/p' "$1"
}

# A list that is closed is changed by orders, too.
another_day_is_changed() {
    ketang freeze --station "$STATION" zhangdian "$(TZ=Asia/Shanghai date -d tomorrow +%F)" --by 示例 ||
        return 1
    ketang replace --station "$STATION" zhangdian "tomorrow $(clock "$(date +%s)")" noise-12 \
        --reason '换课' | tee "$TMP/said"
    grep -q "^Instead of: .*$(TZ=Asia/Shanghai date -d tomorrow +%F).* film-9" "$TMP/said" || return 1
    ketang ready --station "$STATION" --channel zhangdian --days 3 >"$TMP/ready"
    grep "film-9 *replaced .* order $(order_of "$TMP/said"): noise-12 airs$" "$TMP/ready" || return 1
    # The guide calls it as it would the lesson of the timetable.
    grep -q 'title: 一年级 语文 示例换课' "$PLANS/$(latest).yaml" || return 1
    ketang undo --station "$STATION" zhangdian "$(order_of "$TMP/said")"
}

# Operators know their periods by name.
a_period_is_named() {
    ketang replace --station "$STATION" zhangdian "tomorrow 第三节" noise-12 --reason '换课' |
        tee "$TMP/said"
    grep -q "^zhangdian: 'replace' takes effect at $(TZ=Asia/Shanghai date -d tomorrow +%F) " \
        "$TMP/said" || return 1
    grep -q "^Instead of: .*$(TZ=Asia/Shanghai date -d tomorrow +%F).* film-9" "$TMP/said" || return 1
    ketang undo --station "$STATION" zhangdian "$(order_of "$TMP/said")" || return 1
    ketang replace --station "$STATION" zhangdian "tomorrow 第四节" noise-12 --reason '换课' 2>&1 |
        grep "has no period '第四节'; the timetable has these: 第三节"
}

the_next_programme_is_the_one_shown() {
    local shown
    shown=$(next_shown)
    ketang replace --station "$STATION" zhangdian next noise-12 --reason '换课' | tee "$TMP/said"
    grep -q "^Instead of: .* $(TZ=Asia/Shanghai date -d "@$((shown / 25))" '+%F %H:%M')" "$TMP/said" ||
        return 1
    ketang undo --station "$STATION" zhangdian "$(order_of "$TMP/said")"
}

# as_run_has ORDER KIND REASON
as_run_has() {
    cat "$STATE"/asrun/zhangdian/*.jsonl | grep "\"amendment\":$1[,}]" | grep "\"kind\":\"$2\"" |
        grep -q "$3"
}

# By what went on then.
as_run_tells_who_ended_what() {
    wait_for 10 grep -q '"house_number":"film-9".*"reason":"[^"]*order 1 ended by 示例值班员: 信号恢复' \
        "$STATE"/asrun/zhangdian/*.jsonl || { tail -n 20 "$STATE"/asrun/zhangdian/*; return 1; }
}

as_run_tells_who_ordered_what() {
    wait_for 30 as_run_has 1 slate '信号异常' && wait_for 10 as_run_has 2 filler '紧急通知' &&
        wait_for 10 as_run_has 3 lesson '插播通知' && wait_for 10 as_run_has 6 lesson '错播' || { tail -n 20 "$STATE"/asrun/zhangdian/*; return 1; }
}

# The commands of PAGE's chapter on orders, as they are typed.
examples_of() {
    sed 's/\\-/-/g' "$1" | awk '
        /^\.S[HS] / { inside = /播出控制/ || (inside && !/^\.SH/ && $2 != "mute") }
        /^\.EE/ { example = 0 }
        inside && example { print }
        /^\.EX/ { example = 1 }'
}

examples_of_help() {
    local command
    for command in slate emergency live return take insert replace skip hold release extend undo orders; do
        ketang help "$command" | sed -n '/^Examples/,$s/^  ketang/ketang/p'
    done
}

# Of the station's own lessons most have no media here: that may be said, and nothing of usage.
examples_are_understood() {
    local line count=0 failed=0
    while IFS= read -r line; do
        count=$((count + 1))
        eval "KETANG_STATION=\$STATION $line" </dev/null >"$TMP/said" 2>&1
        if [ $? -gt 1 ] || grep -qE 'there is no (such|channel)|cannot be read|[Uu]nknown|See:' "$TMP/said"; then
            echo "$line"
            cat "$TMP/said"
            failed=1
        fi
    done < <("$@")
    [ "$count" -ge 13 ] || { echo "only $count examples"; return 1; }
    return $failed
}

live_is_explained() {
    ketang explain --station "$STATION" zhangdian >"$TMP/said"
    grep -q 'event .*: live 示例演播室, from ' "$TMP/said" &&
        grep -q 'order .*: live 示例演播室, by .*: 讲话$' "$TMP/said"
}

a_live_source_is_named() {
    order live zhangdian 示例演播室 --reason '讲话' && wait_for 20 live_is_explained &&
        status_shows '(live, slate) 讲话' && order return zhangdian &&
        wait_for 20 sh -c "ketang asrun --station '$STATION' zhangdian --day today | grep -q '  live, slate .*讲话'" ||
        { cat "$TMP/said"; return 1; }
}

# The second is given when the first has been adopted and is not in effect yet.
orders_follow_each_other() {
    local slate
    ketang slate --station "$STATION" zhangdian --reason '检修' >"$TMP/said" || return 1
    slate=$(order_of "$TMP/said")
    wait_for 30 adopted "$(latest)" && ! passed "$(adopted_from)" || return 1
    order emergency zhangdian FILL-01 --reason '通知' &&
        is_on_air filler FILL-01 "$(order_of "$TMP/said")" &&
        order return zhangdian && is_on_air slate - "$slate" || return 1
    order return zhangdian
}

# frames_of SECONDS: with two decimals.
frames_of() {
    echo $((${1/./} / 4))
}

# was_late REVISION: it was written, or looked at, later than an engine that looks four times a
# second needs to have it 2 s (guard_ms) before it takes effect: the machine stood still.
was_late() {
    local effective written refused look=9
    effective=$(sed -n 's/^effective: \([0-9]*\).*/\1/p' "$PLANS/$1.yaml")
    written=$(frames_of "$(stat -c %.2Y "$PLANS/$1.yaml")")
    refused=$(frames_of "$(sed -n "s/^\([0-9]*\...\).*plan revision $1 is refused.*/\1/p" "$TMP/engine.log" | head -n 1)")
    [ "$written" -gt $((effective - 50 - look)) ] || [ "$refused" -gt $((written + look)) ]
}

nothing_was_refused() {
    local revision failed=0
    for revision in $(sed -n 's/.*event=plan_refused .*revision=\([0-9]*\) .*/\1/p' "$LOG"); do
        was_late "$revision" && continue
        grep "plan revision $revision is refused" "$TMP/engine.log"
        grep '^effective' "$PLANS/$revision.yaml"
        stat -c 'written %.3Y' "$PLANS/$revision.yaml"
        failed=1
    done
    return $failed
}

# Several operators, or one in haste: whenever the engine looks, no revision comes too late for it.
orders_may_come_at_once() {
    local gap
    for gap in 0 0.1 0.2 0.3 0.4 0.5; do
        ketang slate --station "$STATION" zhangdian --reason '断' >"$TMP/said" || return 1
        sleep $gap
        ketang emergency --station "$STATION" zhangdian FILL-01 --reason '通知' >"$TMP/said" || return 1
        ketang return --station "$STATION" zhangdian >"$TMP/said" 2>&1
        sleep $gap
        ketang return --station "$STATION" zhangdian >"$TMP/said" 2>&1
    done
    order return zhangdian || true
    order return zhangdian || true
    wait_for 30 adopted "$(latest)" && nothing_was_refused
}

# The programs that run know nothing of it.
a_slip_in_the_station_file_stops_no_order() {
    local slip=$TMP/slip.cfg
    sed "s/port = $PORT;/port = ${PORT}x;/" "$STATION" >"$slip"
    ! ketang check --station "$slip" 2>"$TMP/said" || return 1
    ketang orders --station "$slip" zhangdian 2>"$TMP/warned" | grep -q 'emergency' &&
        grep -q "slip.cfg: warning: has mistakes; the programs that run go on" "$TMP/warned" &&
        grep -q "slip.cfg:[0-9]*: warning: cannot be read as settings" "$TMP/warned" &&
        ketang status --station "$slip" zhangdian 2>"$TMP/warned" | grep -q 'zhangdian' &&
        [ "$(grep -c 'has mistakes' "$TMP/warned")" -eq 1 ] &&
        ketang mute --station "$slip" zhangdian && ketang mute --station "$slip" zhangdian --off
}

# It hangs: after three seconds that is told, with what works without it, and the answer comes when it goes on.
an_order_says_that_it_waits() {
    local rc
    kill -STOP "$(cat "$TMP/scheduler.pid")"
    ketang orders --station "$STATION" >"$TMP/said" 2>"$TMP/told" &
    local asking=$!
    wait_for 10 grep -q 'ketang mute CHANNEL' "$TMP/told" && grep -q 'waiting for the scheduler' "$TMP/told"
    rc=$?
    kill -CONT "$(cat "$TMP/scheduler.pid")"
    wait $asking && [ $rc -eq 0 ] && grep -q ORDER "$TMP/said"
}

# It was away when the command was given, and came back.
a_scheduler_that_returns_is_waited_for() {
    grep -q 'in case it is being restarted' "$TMP/told" && [ "$RESTARTED" -eq 0 ] && grep -q ORDER "$TMP/said" ||
        { cat "$TMP/told"; return 1; }
}

# Another order may be about to take effect.
inserts() {
    ketang insert --station "$STATION" zhangdian FILL-01 --reason x >"$TMP/said"
}

blanks_are_no_reason() {
    ! ketang skip --station "$STATION" zhangdian --reason ' 　' >"$TMP/said" 2>&1 &&
        grep -q '^ketang skip: say why, by --reason TEXT.$' "$TMP/said"
}

# The scheduler takes orders without an engine: who gives one must know that nothing airs.
without_an_engine_it_is_told() {
    local off='^! no engine is on the air: nothing airs until ketang-playout is started'
    ! ketang orders --station "$STATION" zhangdian | grep "$off" &&
        ! ketang ready --station "$STATION" --days 1 | grep "$off" || return 1
    kill "$(cat "$TMP/engine.pid")"
    wait_for 10 test ! -e "$STATE/run/playout.sock" || return 1
    wait_for 20 inserts && tail -n 1 "$TMP/said" |
        grep "$off; the order takes effect then, if its time has not gone by$" &&
        ketang orders --station "$STATION" zhangdian | tail -n 1 | grep "$off, whatever the states" || return 1
    ketang ready --station "$STATION" --days 1 >"$TMP/said"
    grep "$off, whatever is on the air by this board" "$TMP/said"
}

station_make
station_alone <<EOF
            outputs: ( { address = "127.0.0.1"; port = $PORT; ttl = 1; dscp = 34; } );
EOF
tap "media" station_media
timetable
start
tap "the lesson is on air" plan_is_on_air
tap "what is left of a looped lesson is up to the end of its period" what_is_left_is_of_the_programme
tap "an emergency, another within it, and back in two steps" break_ins_are_nested
tap "an insert is on air" an_insert_airs_whole
tap "an order is undone in time, and not later" a_hold_is_undone
tap "what is no number of an order undoes nothing" only_a_whole_number_is_undone
tap "a house number that is mistyped is told" a_mistyped_house_number_is_told
tap "a time without its option is told the line" a_time_without_its_option_is_told_the_line
tap "each is answered in the language of his command" each_is_answered_in_his_language
tap "the wrong lesson is replaced on the air" a_wrong_lesson_is_replaced_on_air
tap "a skip ends the lesson, and fillers follow" a_skip_ends_the_lesson
tap "orders are listed with their state" orders_are_listed
tap "the lesson of another day is replaced, and named" another_day_is_changed
tap "a period is named instead of a time" a_period_is_named
tap "what is replaced next is what is shown as next" the_next_programme_is_the_one_shown
tap "the as-run log tells who ordered what" as_run_tells_who_ordered_what
tap "the as-run log tells who ended what, and why" as_run_tells_who_ended_what
tap "the source of a live event is named" a_live_source_is_named
tap "an order is given at once after another" orders_follow_each_other
tap "orders may come at once" orders_may_come_at_once
tap "a slip in the station file stops no order" a_slip_in_the_station_file_stops_no_order
tap "the engine took every revision" nothing_was_refused
tap "who waits for a scheduler that hangs is told" an_order_says_that_it_waits
kill "$(cat "$TMP/scheduler.pid")"
wait "$(cat "$TMP/scheduler.pid")"
ketang orders --station "$STATION" >"$TMP/said" 2>"$TMP/told" &
ASKING=$!
wait_for 5 grep -q 'being restarted' "$TMP/told"
KETANG_STATION=$STATION ketang-scheduler 2>>"$LOG" &
echo $! >"$TMP/scheduler.pid"
wait $ASKING
RESTARTED=$?
tap "a scheduler that is restarted is waited for" a_scheduler_that_returns_is_waited_for
for page in man/ketang.1 man/zh_CN/ketang.1; do
    tap "the examples of $page are understood" examples_are_understood examples_of $page
done
tap "the examples of the commands' help are understood" examples_are_understood examples_of_help
tap "blanks are no reason" blanks_are_no_reason
tap "without an engine it is told that nothing airs" without_an_engine_it_is_told
tap_done
