#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A morning is rehearsed: as it should be, with each of the faults that can be
# planted, twice for the same bytes; and a real engine airs a join of it.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

DAY=2026-12-07

timetable() {
    cat <<'EOF'
format: 1
channel: zhangdian
lessons:
  - {house_number: film-9, title: 示例课一, teacher: 示例教师01, substitute: film-5}
  - {house_number: phone-8, title: 示例课二, teacher: 示例教师02}
  - {house_number: LIVE-1, title: 示例课三, teacher: 示例教师03, live: studio-1}
  - {house_number: noise-12, title: 示例课四, teacher: 示例教师04}
  - {house_number: test-7, title: 示例课五, teacher: 示例教师05}
periods:
  - {name: P1, start: "08:00", end: "08:10"}
  - {name: P2, start: "08:15", end: "08:25"}
  - {name: P3, start: "08:30", end: "08:40"}
  - {name: P4, start: "08:45", end: "08:55"}
  - {name: P5, start: "09:30", end: "09:40"}
days: [mon]
grid: {P1: [film-9], P2: [phone-8], P3: [LIVE-1], P4: [noise-12], P5: [test-7]}
repeats: {of: 当日, from: "10:00", until: "11:00", pitch: 10}
fillers: [{house_number: FILL-01, title: 垫播}]
EOF
}

rehearse() {
    ketang rehearse --station "$STATION" --day $DAY --channel zhangdian "$@"
}

# aired TIME HOUSE_NUMBER [WORDS]: such a line is in what was rehearsed last.
aired() {
    grep -E "^$DAY $1\.000 +zhangdian .* $2 .*${3:-}" "$TMP/said" && return
    grep "^$DAY $1" "$TMP/said"
    return 1
}

equals_the_plan() {
    rehearse --list --out "$TMP/$1" "${@:2}" >"$TMP/said" 2>"$TMP/error" || { tail -n 20 "$TMP/said" "$TMP/error"; return 1; }
    [ ! -s "$TMP/error" ] && grep -q '^0 differences between plan and as-run, 0 problems' "$TMP/said" &&
        grep -q '^As-run equals the plan' "$TMP/said"
}

a_clean_day() {
    equals_the_plan clean && aired 08:00:00 film-9 && aired 08:15:00 phone-8 &&
        aired 08:45:00 noise-12 && aired 09:30:00 test-7 && aired 10:00:00 film-9 || return 1
    grep -E "^$DAY 08:30:00.000 +zhangdian +600.00 .* live " "$TMP/said"
}

joins_are_rendered() {
    local joins packets
    joins=$(sed -n 's/^\([0-9]*\) joins rendered.*/\1/p' "$TMP/said")
    packets=$(sed -n 's/.* stretches, \([0-9]*\) packets.*/\1/p' "$TMP/said")
    echo "$joins joins, $packets packets"
    [ "$joins" -ge 15 ] && [ "$packets" -ge $((15 * 2325 * 5)) ]
}

record_is_sealed() {
    sed "s#^\( *state = \).*#\1\"$TMP/clean\";#" "$STATION" >"$TMP/clean.cfg"
    ketang verify --station "$TMP/clean.cfg" zhangdian
}

again_the_same() {
    equals_the_plan again && diff -r "$TMP/clean/asrun" "$TMP/again/asrun" &&
        diff -r "$TMP/clean/plans" "$TMP/again/plans" && ketang rehearse --station "$TMP/clean.cfg" --compare "$TMP/again"
}

without_signal_the_same() {
    equals_the_plan silent --no-render && diff -r "$TMP/clean/asrun" "$TMP/silent/asrun"
}

missing_with_a_substitute() {
    equals_the_plan missing1 --fault missing:film-9 && aired 08:00:00 film-5 'instead of film-9' &&
        grep -E "film-9 .* its substitute" "$TMP/said"
}

missing_without_a_substitute() {
    equals_the_plan missing2 --no-render --fault missing:phone-8 && aired 08:15:00 FILL-01 'instead of phone-8' &&
        grep -E "08:15:00.000 .* phone-8 .* fillers instead" "$TMP/said"
}

# Without its fillers a channel airs the slate, from midnight on.
missing_fillers() {
    rehearse --no-render --fault missing:FILL-01 >"$TMP/said" 2>"$TMP/error"
    local status=$?
    cat "$TMP/said" "$TMP/error"
    [ $status -eq 1 ] && grep -q '^0 differences between plan and as-run, 1 problems' "$TMP/said" &&
        grep "^$DAY 00:00:00.000  zhangdian: from here on the slate airs for 1428\.7 minutes .*--house-number FILL-01 FILE" "$TMP/said"
}

late_for_its_first_run() {
    equals_the_plan late --no-render --fault "late:film-9@$DAY 08:20" && aired 08:00:00 film-5 'instead of film-9' &&
        aired 10:00:00 film-9 && grep 'the file of film-9 arrives' "$TMP/said"
}

# A file that comes in time is no fault; one that comes while the scheduler has
# already put something in its place takes its place again.
late_but_in_time() {
    equals_the_plan intime --no-render --fault "late:film-9@$DAY 07:30" && aired 08:00:00 film-9
}

an_overrun() {
    equals_the_plan overrun --fault "overrun:zhangdian@$DAY 08:30+6" &&
        grep -E "^$DAY 08:40:00.000 +zhangdian +360.* live .* longer than planned" "$TMP/said" &&
        grep -E "^$DAY 08:46:00.000 .* noise-12 " "$TMP/said" && aired 09:30:00 test-7 &&
        grep -E "08:45:00.000 .* noise-12 .* moved by an order +\+60.00 " "$TMP/said"
}

# A lesson that loops ends with its last pass, not with its first.
an_overrun_before_what_loops() {
    sed -i '/^channel:/a rest: loop' "$TMP/schedules/zhangdian.yaml"
    equals_the_plan loops --no-render --fault "overrun:zhangdian@$DAY 08:30+6"
    local status=$?
    sed -i '/^rest: loop/d' "$TMP/schedules/zhangdian.yaml"
    grep 'moved by an order' "$TMP/said"
    [ $status -eq 0 ] && grep -E "08:45:00.000 .* noise-12 .* moved by an order +\+60.00 +\+[0-9]+\.[0-9]+ " "$TMP/said"
}

a_change() {
    timetable | sed 's/P5: \[test-7\]/P5: [phone-8]/' >"$TMP/new/zhangdian.yaml"
    equals_the_plan change --no-render --fault "change:$TMP/new/zhangdian.yaml@$DAY 08:50" &&
        aired 09:30:00 phone-8 && aired 08:45:00 noise-12 &&
        grep -q 'changed by a later plan' "$TMP/said"
}

an_order() {
    equals_the_plan order --fault "order:zhangdian@$DAY 08:16={\"command\":\"slate\",\"reason\":\"试\"}" \
        --fault "order:zhangdian@$DAY 08:17={\"command\":\"return\"}" &&
        grep -E "^$DAY 08:16:0.* slate .* 试" "$TMP/said" && aired 08:30:00 '' live
}

several_at_once() {
    equals_the_plan several --fault missing:phone-8 --fault "late:film-9@$DAY 08:20" \
        --fault "overrun:zhangdian@$DAY 08:30+6" --fault "change:$TMP/new/zhangdian.yaml@$DAY 08:50" &&
        aired 08:00:00 film-5 && aired 08:15:00 FILL-01 && aired 08:46:00 noise-12 && aired 09:30:00 FILL-01 &&
        aired 10:00:00 film-9
}

the_station_is_untouched() {
    [ -z "$(ls -A "$STATE")" ] && [ -z "$(ls -d "$TMP"/ketang-rehearse.* 2>/dev/null)" ]
}

# Unasked, nothing is listed that airs as planned, again and again perhaps. What does not, for one
# reason, is one line with its count, in one table; the verdict is last, with how
# many: the live source leaves no repeat, either.
only_what_is_otherwise_is_listed() {
    cp -r "$TMP/schedules" "$TMP/kept"
    sed -i '/^channel:/a rest: loop\npresentation: {next: {house_number: FILL-01}}' "$TMP/schedules/zhangdian.yaml"
    rehearse --no-render --fault missing:phone-8 >"$TMP/said" 2>"$TMP/error"
    local status=$?
    rm -r "$TMP/schedules" && mv "$TMP/kept" "$TMP/schedules"
    cat "$TMP/said" "$TMP/error"
    [ $status -eq 0 ] && ! grep -q ' lesson .* film-9 \|nothing is planned\|announces the next' "$TMP/said" &&
        [ "$(grep -c phone-8 "$TMP/said")" -eq 1 ] && # first run and repeat
        grep -qE "^2 +$DAY 08:15:00.000 +zhangdian +phone-8 .* fillers instead " "$TMP/said" &&
        grep -q '^What airs as planned is not listed, .*: --list lists everything.$' "$TMP/said" &&
        tail -n 2 "$TMP/said" | head -n 1 | grep -qx 'As-run equals the plan.' &&
        tail -n 1 "$TMP/said" | grep -q "^But 3 of 10 programmes air filler instead: the lesson's media is not there yet 3\. "
}

# A lesson whose bytes are others than at its ingest.
a_spoiled_signal() {
    local file
    file=$(grep -l '"house_number": *"noise-12"' "$MEDIA"/*.json)
    file=${file%.json}.mp4
    mv "$file" "$TMP/good.mp4" && cp "$TMP/good.mp4" "$file" && chmod u+w "$file" &&
        dd if=/dev/zero of="$file" bs=1000 seek=40 count=400 conv=notrunc 2>/dev/null
    rehearse >"$TMP/said" 2>"$TMP/error"
    local status=$?
    mv -f "$TMP/good.mp4" "$file"
    cat "$TMP/said" "$TMP/error"
    [ $status -eq 1 ] && grep -qE "^$DAY 08:4[45].*zhangdian: stream: " "$TMP/said"
}

# refuses WORDS ARGUMENT...
refuses() {
    rehearse "${@:2}" >"$TMP/said" 2>"$TMP/error"
    local status=$?
    cat "$TMP/error"
    [ $status -eq 1 ] && grep -qF -- "$1" "$TMP/error"
}

bad_faults_are_explained() {
    refuses 'is missing meant?' --fault mising:film-9 &&
        refuses "it needs @ and a time; it is written as in 'late:" --fault late:film-9 &&
        refuses 'it needs @ and a time' --fault "late:film-9@$DAY 25:00" &&
        refuses 'it needs + and minutes' --fault "overrun:zhangdian@$DAY 08:30" &&
        refuses "there is no channel 'zhangdain'; did you mean zhangdian? There are: zhangdian" --fault "overrun:zhangdain@$DAY 08:30+6" &&
        refuses "of fault 'missing:film-90'; is film-9 meant?" --fault missing:film-90 &&
        refuses 'ketang ingest --house-number XYZ-77 FILE' --fault missing:XYZ-77 &&
        refuses 'this time is not rehearsed' --fault 'late:film-9@2026-12-09 08:00' &&
        refuses 'name the new file as the one that it replaces' --fault "change:$TMP/other.yaml@$DAY 08:00" &&
        refuses 'an order as JSON' --fault "order:zhangdian@$DAY 08:00=slate" &&
        ! ketang rehearse --station "$STATION" --week nxt 2>"$TMP/said" && grep -q "'nxt' is no week; write this, next" "$TMP/said" &&
        refuses 'this folder is not empty' --out "$TMP/clean"
}

# One channel or all: of two the last alone would be rehearsed.
two_channels_are_refused() {
    ketang rehearse --station "$STATION" --day $DAY --channel zhangdian --channel linzi >"$TMP/said" 2>"$TMP/error"
    [ $? -eq 2 ] && grep -q -e '--channel is given for zhangdian and for linzi' "$TMP/error"
}

# Also by another name, or where it is to be made within.
the_state_of_the_air_is_refused() {
    local folder
    ln -s "$STATE" "$TMP/link"
    for folder in "$STATE" "$STATE/" "$TMP/link" "$STATE/rehearsal"; do
        refuses 'this is the state folder of the air' --no-render --out "$folder" || { echo "$folder"; return 1; }
    done
    rm "$TMP/link"
}

nothing_has_aired() {
    sed "s#^\( *state = \).*#\1\"$TMP/none\";#" "$STATION" >"$TMP/none.cfg"
    ketang rehearse --station "$TMP/none.cfg" --compare "$TMP/clean" >"$TMP/said"
    local status=$?
    cat "$TMP/said"
    [ $status -eq 1 ] && grep -q "^Nothing has aired yet .*$DAY 00:00 to .* looked for in $TMP/none/asrun and $TMP/clean/asrun" "$TMP/said"
}

# The same join by a real engine, on a clock that is put forward.
on_the_air() {
    local state=$TMP/real
    sed -e "s#\"$STATE\"#\"$state\"#" "$STATION" >"$TMP/real.cfg"
    ketang plan --station "$TMP/real.cfg" --from "${DAY}T08:14:40" >"$TMP/planned" 2>&1
    local ahead=$(($(TZ=Asia/Shanghai date -d "$DAY 08:14:48" +%s) - $(date +%s)))
    ketang-playout --station "$TMP/real.cfg" --trust-clock --clock-ahead $ahead >/dev/null 2>"$TMP/engine.log" &
    local engine=$!
    wait_for 40 grep -q '"house_number":"phone-8"' "$state/asrun/zhangdian/$DAY.jsonl"
    local result=$?
    kill $engine
    wait $engine
    [ $result -eq 0 ] || { tail -n 5 "$TMP/engine.log"; return 1; }
    ketang rehearse --station "$TMP/real.cfg" --compare "$TMP/clean" --channel zhangdian >"$TMP/said" ||
        only_the_start_differs || { cat "$TMP/said"; return 1; }
    diff <(of_lesson "$TMP/clean") <(of_lesson "$state")
}

# An engine that starts for the first time airs the slate until it has taken its first plan over:
# a frame or two on a busy machine.
only_the_start_differs() {
    ! grep "^$DAY" "$TMP/said" | grep -Ev "^$DAY 08:14:(4[89]|5[0-5])\.[0-9]* +zhangdian +0\.[0-9]* .* the slate$"
}

# What the as-run says of the lesson of 08:15; its numbers and chain are of its own plan.
of_lesson() {
    grep '"house_number":"phone-8"' "$1/asrun/zhangdian/$DAY.jsonl" | head -n 1 |
        sed -E 's/"seq":[0-9]+,//; s/,"chain":"[0-9a-f]*"//'
}

another_day_differs() {
    sed "s#^\( *state = \).*#\1\"$TMP/change\";#" "$STATION" >"$TMP/change.cfg"
    ! ketang rehearse --station "$TMP/change.cfg" --compare "$TMP/clean" >"$TMP/said" &&
        grep -E "^$DAY 09:30:00.000 .* test-7 +phone-8" "$TMP/said"
}

station_make
echo "        outputs: ( { address = \"127.0.0.1\"; port = $((20000 + $$ % 20000)); ttl = 1; dscp = 34; } );" | station_alone
mkdir -p "$TMP/new"
timetable >"$TMP/schedules/zhangdian.yaml"
cp "$TMP/schedules/zhangdian.yaml" "$TMP/other.yaml"
tap "media are there" station_media
tap "a day airs as planned, and says so" a_clean_day
tap "the signal around its joins is rendered and read" joins_are_rendered
tap "its record is sealed" record_is_sealed
tap "the same rehearsal gives the same bytes" again_the_same
tap "and without the signal, too" without_signal_the_same
tap "what is missing is replaced by its substitute" missing_with_a_substitute
tap "or by fillers, where it has none" missing_without_a_substitute
tap "missing fillers are a problem, for the slate airs" missing_fillers
tap "what is late for its first run airs as a repeat" late_for_its_first_run
tap "what arrives before its time airs" late_but_in_time
tap "an overrun pushes what follows until it is taken up" an_overrun
tap "what loops ends with its last pass" an_overrun_before_what_loops
tap "a changed timetable holds from then on" a_change
tap "orders are obeyed" an_order
tap "all of them at once" several_at_once
tap "what airs as planned is listed when asked for" only_what_is_otherwise_is_listed
tap "a spoiled signal is noticed" a_spoiled_signal
tap "faults that cannot be are refused with what would be right" bad_faults_are_explained
tap "one channel at a time is rehearsed, or all" two_channels_are_refused
tap "nothing is rehearsed in the state folder of the air" the_state_of_the_air_is_refused
tap "a comparison with nothing says so" nothing_has_aired
tap "the station's own folders are as they were" the_station_is_untouched
tap "a real engine airs what was rehearsed" on_the_air
tap "two records that differ are told apart" another_day_differs
tap_done
