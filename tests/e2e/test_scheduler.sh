#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The scheduler at work, without media and without an engine: plans appear,
# a broken timetable changes nothing, orders amend the plan.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

PLANS=$TMP/state/plans
LOG=$TMP/scheduler.log

# soon COMMAND...: true within ten seconds, or the end of the log.
soon() {
    wait_for 10 "$@" && return 0
    echo "never true: $*"
    tail -n 5 "$LOG"
    return 1
}

latest() {
    ls "$PLANS/$1" 2>/dev/null | sed -n 's,^\([0-9]*\)\.yaml$,\1,p' | sort -n | tail -n 1
}

is_latest() {
    [ "$(latest "$1")" = "$2" ]
}

stop_scheduler_cleanly() {
    kill "$SCHEDULER"
    soon test ! -e "$TMP/state/run/scheduler.sock"
}

# Nothing can be ordered over no plan: what could be elsewhere is not offered.
a_channel_without_a_timetable_says_so() {
    local order
    soon test -e "$PLANS/zhangdian/1.yaml" || return 1
    for order in "slate gaoqing" "hold gaoqing" "emergency gaoqing KT-01" "replace gaoqing now KT-01"; do
        ketang $order --station "$STATION" --reason x >"$TMP/said" 2>&1 && { cat "$TMP/said"; return 1; }
        grep -q "there is no plan, and the slate is on the air: .* put one into $TMP/schedules" "$TMP/said" || { cat "$TMP/said"; return 1; }
    done
    ketang status --station "$STATION" gaoqing >"$TMP/said" 2>&1
    grep -q '^! gaoqing: there is no plan, and the slate is on the air: ' "$TMP/said" &&
        ! grep -q 'all is well' "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang status --station "$STATION" linzi 2>&1 | grep '^! gaoqing' && return 1
    ketang check --station "$STATION" >"$TMP/said" 2>&1 && grep -q "warning: channel 'gaoqing' has no timetable" "$TMP/said" || { cat "$TMP/said"; return 1; }
    mv "$TMP/gaoqing.yaml" "$TMP/schedules"
}

plans_appear() {
    local channel
    for channel in zhangdian zhoucun linzi huantai gaoqing; do
        soon test -e "$PLANS/$channel/1.yaml" || return 1
    done
}

# Nothing is to happen: time itself is tested, several turns of the scheduler.
is_left_alone() {
    sleep 1.5
    is_latest zhangdian 1 && is_latest gaoqing 1
}

only_one_runs() {
    ketang-scheduler --station "$STATION" 2>"$TMP/second" && return 1
    grep -q 'another one is running' "$TMP/second"
}

a_broken_timetable_is_kept() {
    local line
    sed -i 's/KT-03, KT-06/KT-03, KT-66/' "$TMP/schedules/zhoucun.yaml"
    line=$(grep -n -m 1 'KT-66' "$TMP/schedules/zhoucun.yaml" | cut -d : -f 1)
    soon grep -q "zhoucun.yaml:$line:.*KT-66" "$LOG" && is_latest zhoucun 1
}

# Told on the screen, too, and by check and ready once the scheduler would not know it either.
a_timetable_that_is_gone_is_told() {
    mv "$TMP/schedules/linzi.yaml" "$TMP/linzi.yaml"
    soon grep -q "place=[^ :]*linzi.yaml text=.*this file is gone" "$LOG" || return 1
    ketang status --station "$STATION" >"$TMP/said" 2>&1
    grep -q "linzi.yaml: this file is gone from .*channel 'linzi' goes on by what it said" "$TMP/said" || { cat "$TMP/said"; return 1; }
    ketang check --station "$STATION" >"$TMP/said" 2>&1
    [ $? -eq 1 ] && grep -q "channel 'linzi' has no timetable here any more" "$TMP/said" &&
        ketang ready --station "$STATION" --channel linzi 2>&1 | grep -q "^! linzi: nothing is known of its slots: its timetable is gone from " || return 1
    mv "$TMP/linzi.yaml" "$TMP/schedules/linzi.yaml"
    soon sh -c "! ketang status --station '$STATION' 2>&1 | grep -q 'linzi.yaml: this file is gone'"
}

a_mended_one_is_planned() {
    cp schedules/zhoucun.yaml "$TMP/schedules/zhoucun.yaml"
    sed -i 's/title: 杠杆/title: 滑轮/' "$TMP/schedules/zhoucun.yaml"
    soon is_latest zhoucun 2 && grep -q 滑轮 "$PLANS/zhoucun/2.yaml"
}

# A day that becomes a holiday has no lessons, as soon as the calendar is saved.
a_calendar_is_watched() {
    local tomorrow
    tomorrow=$(TZ=Asia/Shanghai date -d tomorrow +%F)
    mkdir -p "$TMP/schedules/calendars"
    printf 'format: 1\n' >"$TMP/schedules/calendars/c.yaml"
    sed -i 's/^channel: .*/&\ncalendar: c/' "$TMP/schedules/huantai.yaml"
    soon grep -q 'event=timetables_read.*errors=0' "$LOG" || return 1
    sleep 1.5 # the fresh calendar changes nothing by itself
    is_latest huantai 1 || return 1
    printf 'dates: [{date: %s, holiday: 示例假日}]\n' "$tomorrow" >>"$TMP/schedules/calendars/c.yaml"
    soon is_latest huantai 2
}

# slate_has_begun CHANNEL REVISION: the frame of its amendment has come.
slate_has_begun() {
    [ $(($(date +%s%N) / 40000000)) -ge "$(sed -n 's/^    from: //p' "$PLANS/$1/$2.yaml")" ]
}

slate_and_return() {
    ketang slate --station "$STATION" zhangdian --reason '信号"异常' | tee "$TMP/said" || return 1
    grep -Eq 'in [3-6]\.[0-9] s' "$TMP/said" && is_latest zhangdian 2 &&
        grep -q 'until: open' "$PLANS/zhangdian/2.yaml" &&
        grep -q '信号\\"异常' "$PLANS/zhangdian/2.yaml" || return 1
    ketang slate --station "$STATION" zhangdian --reason again && return 1
    soon slate_has_begun zhangdian 2 || return 1
    ketang return --station "$STATION" zhangdian || return 1
    ketang return --station "$STATION" zhangdian && return 1
    is_latest zhangdian 3 && ! grep -q 'until: open' "$PLANS/zhangdian/3.yaml"
}

orders_are_refused_with_a_sentence() {
    ketang slate --station "$STATION" nowhere --reason x 2>"$TMP/said" && return 1
    grep -q 'there is no channel' "$TMP/said" || return 1
    ketang slate --station "$STATION" zhangdian 2>"$TMP/said" && return 1
    grep -q ketang help "$TMP/said"
}

without_a_scheduler_it_says_so() {
    ketang slate --station "$STATION" zhangdian --reason x 2>"$TMP/said" && return 1
    grep -q '^Start it with `systemctl start ketang-scheduler`' "$TMP/said" &&
        grep -q "^.ketang scheduler --station $STATION." "$TMP/said" && grep -q 'ketang mute' "$TMP/said"
}

# A revision that takes effect tomorrow would hold up today's orders.
a_later_time_is_only_looked_at() {
    local latest tomorrow
    latest=$(ls "$TMP/state/plans/zhangdian" | sort -n | tail -n 1)
    tomorrow=$(TZ=Asia/Shanghai date -d tomorrow +%F)
    ketang plan --station "$STATION" --from "${tomorrow}T09:25:00" --show >"$TMP/said" || return 1
    grep -q "^zhangdian .*nothing is written" "$TMP/said" && grep -q "^    $tomorrow" "$TMP/said" &&
        ! ketang plan --station "$STATION" --from "${tomorrow}T09:25:00" >"$TMP/said" 2>&1 &&
        [ "$(ls "$TMP/state/plans/zhangdian" | sort -n | tail -n 1)" = "$latest" ]
}

plan_goes_on_where_the_scheduler_stopped() {
    ketang plan --station "$STATION" | tee "$TMP/said" || return 1
    [ "$(grep -c 'up to date' "$TMP/said")" -eq 5 ]
}

# Of the channels named alone; what is left out is told, with the command that shows it.
channels_are_planned_by_name() {
    local more
    ketang plan --station "$STATION" gaoqing --show >"$TMP/said" || return 1
    grep -q '^gaoqing ' "$TMP/said" && ! grep -q '^zhangdian ' "$TMP/said" || return 1
    more=$(sed -nE 's/.* more; .*(ketang plan gaoqing --show --from) "(.*)"$/\2/p' "$TMP/said")
    ketang plan --station "$STATION" gaoqing --show --from "$more" >"$TMP/said" || return 1
    [ "$(grep -m 1 '^    ' "$TMP/said" | cut -c 5-23)" = "$more" ] &&
        ! ketang plan --station "$STATION" gaoqing nowhere --show 2>"$TMP/said" &&
        grep -q nowhere "$TMP/said"
}

# A disk without room: the next plan's file leads to /dev/full.
a_plan_that_cannot_be_written_is_told() {
    local next=$(($(latest gaoqing) + 1))
    ln -s /dev/full "$PLANS/gaoqing/$next.yaml.tmp"
    sed -i 's/, title: /, title: 满/' "$TMP/schedules/gaoqing.yaml"
    soon grep -q 'event=plan_failed channel=gaoqing text="the plan cannot be written in .*No space left on device; make room' "$LOG" || return 1
    ketang status --station "$STATION" >"$TMP/said" 2>&1
    grep -q "^! gaoqing: the plan cannot be written in $PLANS/gaoqing: No space left on device; make room on that disk; what was planned before airs" \
        "$TMP/said" && ! is_latest gaoqing "$next" || { cat "$TMP/said"; return 1; }
    ln -s /dev/full "$PLANS/gaoqing/$next.yaml.tmp"
    ketang slate --station "$STATION" gaoqing --reason x 2>"$TMP/said" && return 1
    grep -q 'gaoqing: the plan cannot be written in .*No space left on device; make room on that disk: the order is not taken' "$TMP/said" || return 1
    ketang slate --station "$STATION" gaoqing --reason x >/dev/null || return 1 # it is written: there is room
    ketang status --station "$STATION" 2>&1 | grep -q 'gaoqing: the plan cannot' && return 1
    soon slate_has_begun gaoqing "$next" && ketang return --station "$STATION" gaoqing >/dev/null &&
        grep -q 满 "$PLANS/gaoqing/$((next + 1)).yaml"
}

# record DIGIT HOUSE_NUMBER KIND: media whose index says nothing of its length.
record() {
    local name=$MEDIA/$(printf "%064d" 0 | tr 0 "$1")
    echo x >"$name.mp4"
    touch "$name.idx"
    printf '{"format":1,"sha256":"%s","house_number":"%s","kind":"%s","profile":"sd","title":"示例","duration_frames":30000,"loudness_lkfs":-24.0,"true_peak_dbtp":-3.0,"proof":"holds","source":"a.mp4","created_ms":1}' \
        "${name##*/}" "$2" "$3" >"$name.json"
}

# damage DIGIT HOUSE_NUMBER: a lesson whose media is longer than its index says.
damage() {
    { printf KTINDEX2 && head -c 184 /dev/zero; } >"$TMP/damaged.idx"
    record "$1" "$2" lesson && mv "$TMP/damaged.idx" "$MEDIA/$(printf "%064d" 0 | tr 0 "$1").idx"
}

# times_told HOUSE_NUMBER: the log counts the repeats of a minute in a line that it writes later.
times_told() {
    awk -v number="'$1'" '/event=media_damaged/ && index($0, number) {
        times += /repeats=/ ? substr($0, match($0, /repeats=/) + 8) : 1 } END { print times + 0 }' "$LOG"
}

# The folder changes four times; one is whole meanwhile.
damaged_media_is_told() {
    damage 1 SL-01 && soon grep -q "event=media_damaged .*'SL-01'" "$LOG" || return 1
    damage 2 SL-02 && soon grep -q "event=media_damaged .*'SL-02'" "$LOG" || return 1
    rm "$MEDIA"/1*.json
    damage 3 SL-03 && soon grep -q "event=media_damaged .*'SL-03'" "$LOG" || return 1
    damage 1 SL-01 && damage 4 SL-04 && soon grep -q "event=media_damaged .*'SL-04'" "$LOG"
}

was_told() {
    [ "$(times_told SL-01) $(times_told SL-02) $(times_told SL-03)" = "$*" ]
}

it_was_told_once_until_it_changed() {
    soon was_told 2 1 1 || { grep event=media_damaged "$LOG"; return 1; }
}

# As long as no plan airs media: the first ingest makes the folder.
before_media_is_planned_the_folder_may_be_missing() {
    rmdir "$MEDIA" && ketang ready --station "$STATION" >"$TMP/said" 2>&1
    grep -q 'the media folder' "$TMP/said" && { cat "$TMP/said"; return 1; }
    ketang check --station "$STATION" >"$TMP/said" 2>&1 && mkdir "$MEDIA" || { cat "$TMP/said"; return 1; }
}

# refused_for WHAT COMMAND...: by one line, which says it.
refused_for() {
    ketang "$2" --station "$STATION" "${@:3}" >"$TMP/said" 2>&1
    [ $? -eq 1 ] && [ "$(wc -l <"$TMP/said")" -eq 1 ] && grep -q "station.cfg: error: $1" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# What is missing, and what was signed, is answered all the same, below one line that says it.
answers_below() {
    local status=0
    ketang ready --station "$STATION" --missing >"$TMP/said" 2>"$TMP/warned" || status=$?
    [ $status -eq 1 ] || [ $status -eq 3 ] || return 1 # something may be due within the hour
    [ "$(wc -l <"$TMP/warned")" -eq 1 ] && grep -q "station.cfg: error: $1" "$TMP/warned" &&
        grep -q 'FILL-01 .*MISSING' "$TMP/said" || { cat "$TMP/warned" "$TMP/said"; return 1; }
    ketang approvals --station "$STATION" >"$TMP/said" 2>"$TMP/warned" &&
        [ "$(wc -l <"$TMP/warned")" -eq 1 ] && grep -q "station.cfg: error: $1" "$TMP/warned" &&
        grep -q 'Nothing has been approved' "$TMP/said" || { cat "$TMP/warned" "$TMP/said"; return 1; }
}

# is_away WHAT: told before all else; of its lessons nothing is said.
is_away() {
    local what="the media folder \"$MEDIA\" $1.*: mount its disk"
    soon grep -q "event=media_away .* $1" "$LOG" || return 1
    ketang status --station "$STATION" 2>/dev/null >"$TMP/said"
    head -n 1 "$TMP/said" | grep -q "^! $what" && ! grep 'is not ready' "$TMP/said" || { cat "$TMP/said"; return 1; }
    refused_for "$what" publish && refused_for "$what" plan &&
        refused_for "$what" rehearse --day tomorrow --no-render &&
        refused_for "$what" approve KT-01 --stage 1 --by 王 --repeat tomorrow &&
        refused_for "$what" approve KT-01 --stage 1 --by 王 && answers_below "$what" || return 1
    ketang asrun --station "$STATION" zhangdian 2>&1 >/dev/null | grep -q "station.cfg: error: $what" || return 1
    ketang check --station "$STATION" >"$TMP/said" 2>&1
    [ $? -eq 1 ] && head -n 1 "$TMP/said" | grep -q "station.cfg: error: $what" &&
        ! grep 'missing-\|no slate' "$TMP/said" || { cat "$TMP/said"; return 1; }
}

status_tells_of_media() {
    ketang status --station "$STATION" 2>&1 | grep -q 'the media folder'
}

is_back() {
    grep -q event=media_back "$LOG" && ! status_tells_of_media
}

# The plans stay, whether the mount point is left or not.
a_media_folder_that_is_away_is_told_once() {
    local latest
    latest=$(latest zhangdian)
    record f FILL-01 filler && soon is_latest zhangdian $((latest + 1)) || return 1
    mv "$MEDIA" "$TMP/away" && is_away 'cannot be read: No such file or directory' || return 1
    mv "$TMP/away" "$MEDIA" && soon is_back || return 1
    mv "$MEDIA" "$TMP/away" && mkdir "$MEDIA" && is_away 'is empty' || return 1
    rmdir "$MEDIA" && mv "$TMP/away" "$MEDIA" && soon is_back && is_latest zhangdian $((latest + 1))
}

# What is damaged is not told again for having been away.
damage_lasts_while_the_folder_is_away() {
    mv "$MEDIA" "$TMP/away" && soon status_tells_of_media && mv "$TMP/away" "$MEDIA" && soon is_back
}

# It is planned all the same, for the disk may be back by then.
an_order_for_media_that_is_away_says_so() {
    mv "$MEDIA" "$TMP/away" && soon status_tells_of_media || return 1
    ketang insert --station "$STATION" zhangdian FILL-01 --at 'tomorrow 12:00' --reason x >"$TMP/said"
    local rc=$?
    mv "$TMP/away" "$MEDIA" && soon is_back && [ $rc -eq 0 ] &&
        grep -q 'As things are it cannot air: the media folder .* cannot be read' "$TMP/said" &&
        ketang undo --station "$STATION" zhangdian "$(sed -n 's/.*(order \([0-9]*\),.*/\1/p' "$TMP/said")" ||
        { cat "$TMP/said"; return 1; }
}

# The station file is read at the start; a change is told, by commands that go by the new one too.
a_changed_station_file_is_told() {
    local changed='! the station file has changed since the scheduler began ([-0-9]* [0-9:]*), and it goes by the old one until it is restarted:'
    ! ketang check --station "$STATION" | grep 'the station file has changed' || return 1
    touch -d '1 hour ago' "$STATION"
    ketang status --station "$STATION" | grep -q "^$changed .systemctl restart ketang-scheduler.$" &&
        soon grep -q 'event=station_changed' "$LOG" &&
        ketang ready --station "$STATION" | grep -A1 "^$changed" | grep -q '^! this board goes by the new one' &&
        ketang ready --station "$STATION" --json 2>"$TMP/said" | grep -q '^{' && grep -q "^$changed" "$TMP/said" &&
        ketang check --station "$STATION" | grep -q "^$changed" &&
        ketang plan --station "$STATION" zhangdian 2>&1 | grep -A1 "^$changed" | grep -q '^! the plan that is written here' || return 1
    touch "$STATE/run/make-run.pid" # left from a run that was killed: that process may be another one
    ketang status --station "$STATION" | grep -q "^$changed .systemctl restart ketang-scheduler.$" || return 1
    flock "$STATE/run/make-run.lock" ketang status --station "$STATION" >"$TMP/said"
    rm "$STATE/run/make-run.pid"
    grep -q "^$changed .kill -USR1 .(cat $STATE/run/make-run.pid).$" "$TMP/said"
}

# A restart would take the scheduler off, with a slip in the file.
a_slip_in_the_station_file_is_mended_before_a_restart() {
    cp "$STATION" "$TMP/sound.cfg"
    echo 'slip' >>"$STATION"
    ketang status --station "$STATION" 2>/dev/null >"$TMP/said"
    mv "$TMP/sound.cfg" "$STATION"
    cat "$TMP/said"
    grep -q 'has mistakes: mend it before you restart' "$TMP/said" && ! grep -q 'goes by the old one' "$TMP/said"
}

ready_lists_what_is_missing() {
    [ "$(ketang ready --station "$STATION" --missing --plain | wc -l)" -eq 10 ] &&
        ketang ready --station "$STATION" | grep -q MISSING
}

station_make
cp schedules/*.yaml "$TMP/schedules" && mv "$TMP/schedules/gaoqing.yaml" "$TMP"
ketang-scheduler --station "$STATION" 2>"$LOG" &
SCHEDULER=$!
tap "a channel without a timetable says so" a_channel_without_a_timetable_says_so
tap "plans appear for all channels" plans_appear
tap "where nothing changes no revision is written" is_left_alone
tap "a second scheduler does not start" only_one_runs
tap "a broken timetable changes nothing and is reported by line" a_broken_timetable_is_kept
tap "a mended one is planned" a_mended_one_is_planned
tap "a timetable that is gone is told" a_timetable_that_is_gone_is_told
tap "a calendar that changes is planned" a_calendar_is_watched
tap "slate and return amend the plan within the stated time" slate_and_return
tap "a plan that cannot be written is told until one is" a_plan_that_cannot_be_written_is_told
tap "orders that make no sense are refused with a sentence" orders_are_refused_with_a_sentence
tap "before media is planned its folder may be missing" before_media_is_planned_the_folder_may_be_missing
tap "a media folder that is away is told once" a_media_folder_that_is_away_is_told_once
tap "damaged media is told" damaged_media_is_told
tap "a media folder that comes back brings its damage along" damage_lasts_while_the_folder_is_away
tap "an order for media that is away says so" an_order_for_media_that_is_away_says_so
tap "a changed station file is told" a_changed_station_file_is_told
tap "one with a slip is to be mended before a restart" a_slip_in_the_station_file_is_mended_before_a_restart
tap "SIGTERM ends it" stop_scheduler_cleanly
tap "damaged media was told once, until it changed" it_was_told_once_until_it_changed
tap "without a scheduler the operator is told so" without_a_scheduler_it_says_so
tap "ketang plan only shows a later time" a_later_time_is_only_looked_at
tap "ketang plan finds nothing to change" plan_goes_on_where_the_scheduler_stopped
tap "ketang plan takes the names of channels" channels_are_planned_by_name
tap "ketang ready lists the lessons without media" ready_lists_what_is_missing
tap_done
