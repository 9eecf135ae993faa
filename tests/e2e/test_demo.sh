#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Demonstration lessons: films as a teacher would hand them in.
. "$(dirname "$0")/../tap.sh"
export TMPDIR=$TMP

# stream FILE ENTRY: of both streams, joined by commas.
streams() {
    ffprobe -v error -show_entries "stream=$2" -of csv=p=0 "$1" | sort | paste -sd ' '
}

makes_a_lesson() {
    ketang demo --lesson KT-05 --seconds 12 -o "$TMP/lesson.mp4" || return 1
    [ "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$TMP/lesson.mp4")" = 12.000000 ] &&
        [ "$(streams "$TMP/lesson.mp4" codec_name)" = 'aac h264' ] &&
        [ "$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets \
            -of csv=p=0 "$TMP/lesson.mp4")" = 300 ] &&
        ! ffmpeg -v error -i "$TMP/lesson.mp4" -f null - 2>&1 | grep .
}

# The loudest sound of a file, in dB.
max_volume() {
    ffmpeg -v info -i "$1" -vn -af volumedetect -f null - 2>&1 | sed -n 's/.*max_volume: \(-*[0-9]*\).*/\1/p'
}

speaks() {
    [ "$(max_volume "$TMP/lesson.mp4")" -gt -20 ]
}

# The clock and the bar move: no second looks like the one before.
moves() {
    local seconds
    seconds=$(ffmpeg -v error -i "$TMP/lesson.mp4" -an -vf fps=1 -f framemd5 - | grep -v '^#' |
        awk '{ print $NF }' | sort -u | wc -l)
    [ "$seconds" -ge 11 ] || { echo "$seconds different pictures in 12 s"; return 1; }
}

# Whatever PATH holds, espeak-ng is not in it.
is_silent_without_espeak() {
    PATH=$TMP/empty "$BUILD/ketang-demo" --lesson KT-01 --seconds 10 -o "$TMP/silent.mp4" 2>"$TMP/err" &&
        grep -q espeak-ng "$TMP/err" && [ "$(max_volume "$TMP/silent.mp4")" -lt -80 ]
}

takes_any_title() {
    ketang demo --title '古诗 "村居": 100% 春天' --lesson X-7 --seconds 10 -o "$TMP/other.mp4"
}

refuses() {
    local status
    ketang demo "$@" >"$TMP/out" 2>"$TMP/err"
    status=$?
    [ "$status" -eq 2 ] && [ -s "$TMP/err" ] && [ ! -e "$TMP/refused.mp4" ]
}

leaves_nothing_when_it_cannot_write() {
    ! ketang demo --lesson KT-01 --seconds 10 -o "$TMP/no/such/folder.mp4" 2>"$TMP/err" &&
        grep -q "no/such/folder.mp4" "$TMP/err"
}

no_leftovers() {
    ! find "$TMP" -name 'ketang-demo-*' | grep .
}

# Every lesson that the timetables name is there, under the same title.
fits_the_timetables() {
    local number title
    ketang demo --list | grep '^KT-' | while IFS=$'\t' read -r number _ _ _ title; do
        grep -q "$number, .*title: $title," schedules/*.yaml || { echo "$number $title"; exit 1; }
    done
}

# record NUMBER KIND: one that demo.sh takes for made.
record() {
    printf '{\n  "house_number": "%s",\n  "kind": "%s"\n}\n' "$1" "$2" >"$TMP/media/$1.json"
}

# A station that has all demonstration lessons, and one that is not of them in its timetable.
make_station() {
    local number
    mkdir -p "$TMP/media" "$TMP/state" "$TMP/timetables"
    sed "s|media = .*|media = \"$TMP/media\";|; s|state = .*|state = \"$TMP/state\";|
        s|timetables = .*|timetables = \"$TMP/timetables\";|; s|port = 50|port = 57|" \
        schedules/station.cfg >"$TMP/station.cfg"
    cp schedules/*.yaml "$TMP/timetables"
    sed 's/KT-06/QX-77/' schedules/zhangdian.yaml >"$TMP/timetables/zhangdian.yaml"
    "$BUILD/ketang-demo" --list | cut -f 1 >"$TMP/numbers"
    while read -r number; do
        record "$number" lesson
    done <"$TMP/numbers"
}

# An operator's house number stays without media, and that is said.
leaves_others_alone() {
    record SLATE slate
    STATION=$TMP/station.cfg timeout 60 tools/demo.sh --lessons >"$TMP/said" 2>&1 || { cat "$TMP/said"; return 1; }
    grep -q 'not ready:.* QX-77.*ketang ready' "$TMP/said" && ! grep -q 'is ready (' "$TMP/said" &&
        [ ! -e "$TMP/media/QX-77.json" ] || { cat "$TMP/said"; return 1; }
    rm "$TMP/media/SLATE.json"
}

# What an operator ingests while the demonstration lesson of that number is made stays.
yields_to_an_operator() {
    rm "$TMP/media/KT-05.json"
    record SLATE slate
    mkdir -p "$TMP/stub"
    ln -sf "$BUILD/ketang" "$TMP/stub/ketang"
    cat >"$TMP/stub/ketang-demo" <<EOF
#!/bin/bash
[ "\$1" != --list ] || cat "$TMP/list"
EOF
    "$BUILD/ketang-demo" --list >"$TMP/list"
    cat >"$TMP/stub/ketang-ingest" <<EOF
#!/bin/bash
[[ " \$* " == *" --new "* ]] && cp "$TMP/operators.json" "$TMP/media/KT-05.json"
exit 1
EOF
    chmod +x "$TMP/stub/"ketang-*
    printf '{\n  "house_number": "KT-05"\n}\n' >"$TMP/operators.json"
    KETANG_BUILD=$TMP/stub STATION=$TMP/station.cfg timeout 60 tools/demo.sh --lessons >"$TMP/said" 2>&1 &&
        grep -q 'KT-05 came from elsewhere' "$TMP/said" || { cat "$TMP/said"; return 1; }
    rm "$TMP/media/SLATE.json"
}

# wait_until COMMAND...: up to 30 s.
wait_until() {
    local tries=600
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.2
    done
}

# child NAME: the process of that program under make run.
child() {
    pgrep -P "$runner" -f "ketang-$1 "
}

is_another_scheduler() {
    local now
    now=$(child scheduler) && [ "$now" != "$scheduler" ]
}

# The others air; what is wrong is told by file and line.
goes_on_with_a_broken_timetable() {
    wait_until [ -s "$TMP/state/run/make-run.pid" ] && child playout >/dev/null &&
        wait_until grep -qF "/ketang status --station $TMP/station.cfg " "$TMP/run.said" &&
        grep -q 'gaoqing.yaml:.*nonsense' "$TMP/run.said" && [ -s "$TMP/state/plans/zhoucun/1.yaml" ] &&
        [ ! -e "$TMP/state/plans/gaoqing/1.yaml" ] || { cat "$TMP/run.said"; return 1; }
}

# The log of the one before is kept.
starts_the_scheduler_anew() {
    local engine scheduler
    wait_until [ -s "$TMP/state/run/make-run.pid" ] && [ "$(cat "$TMP/state/run/make-run.pid")" = "$runner" ] || return 1
    engine=$(child playout) && scheduler=$(child scheduler) && kill -USR1 "$runner" || return 1
    wait_until is_another_scheduler && [ "$(child playout)" = "$engine" ] &&
        wait_until grep -q event=timetables_read "$TMP/state/run/scheduler.log.1"
}

# A scheduler that could not start, or ends by itself, takes nothing off the air.
airs_on_without_a_scheduler() {
    local engine scheduler
    engine=$(child playout) && scheduler=$(child scheduler) || return 1
    cp "$TMP/station.cfg" "$TMP/good.cfg"
    echo 'transports = (' >>"$TMP/station.cfg"
    kill -USR1 "$runner"
    wait_until grep -q 'Mend the station file' "$TMP/run.said" && [ "$(child scheduler)" = "$scheduler" ] || return 1
    mv "$TMP/good.cfg" "$TMP/station.cfg"
    kill -KILL "$scheduler"
    wait_until is_another_scheduler && [ "$(child playout)" = "$engine" ]
}

is_another_engine() {
    local now
    now=$(child playout) && [ "$now" != "$engine" ]
}

comes_back_on_the_air() {
    local engine
    engine=$(child playout) && kill -KILL "$engine" && wait_until is_another_engine &&
        wait_until "$BUILD/ketang" status --station "$TMP/station.cfg" >/dev/null &&
        grep 'The engine ended by itself' "$TMP/run.said"
}

has_gone() {
    ! kill -0 "$1" 2>/dev/null
}

ends_and_leaves_no_pid() {
    local engine
    engine=$(child playout) || return 1
    kill -TERM "$runner"
    wait_until [ ! -e "$TMP/state/run/make-run.pid" ] && wait_until has_gone "$engine" ||
        { cat "$TMP/run.said"; return 1; }
}

tap "a lesson has pictures and sound of the wanted length" makes_a_lesson
tap "a voice is heard" speaks
tap "the clock moves in every second" moves
tap "without espeak-ng the lesson is silent, and says so" is_silent_without_espeak
tap "a title may hold any characters" takes_any_title
tap "too short is refused" refuses --lesson KT-01 --seconds 9 -o "$TMP/refused.mp4"
tap "a word for a number is refused" refuses --lesson KT-01 --seconds ten -o "$TMP/refused.mp4"
tap "a missing output is refused" refuses --lesson KT-01
tap "a missing lesson is refused" refuses -o "$TMP/refused.mp4"
tap "a folder that is not there is said" leaves_nothing_when_it_cannot_write
tap "no temporary folder is left behind" no_leftovers
make_station
tap "no demonstration lesson takes an operator's house number" leaves_others_alone
tap "what an operator ingests meanwhile stays" yields_to_an_operator
echo 'nonsense: true' >>"$TMP/timetables/gaoqing.yaml"
STATION=$TMP/station.cfg tools/run.sh >"$TMP/run.said" 2>&1 &
runner=$!
tap "make run goes on the air though one timetable is broken" goes_on_with_a_broken_timetable
tap "make run starts the scheduler alone anew, the engine airs on" starts_the_scheduler_anew
tap "make run airs on when the scheduler cannot start, or ends" airs_on_without_a_scheduler
tap "make run brings a killed engine back on the air" comes_back_on_the_air
tap "make run ends" ends_and_leaves_no_pid
wait "$runner"
if ls schedules/*.yaml >/dev/null 2>&1; then
    tap "lessons fit the timetables" fits_the_timetables
fi
tap_done
