#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The queue of films when things go wrong: films that vanish, workers that freeze or die one
# after the other, submits that are killed, timetables that change.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
. tests/e2e/lib_jobs.sh
export LC_ALL=C.UTF-8 LANGUAGE=

station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
export KETANG_STATION=$STATION

# sql STATEMENT: past the store.
sql() {
    python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=20) as db: db.execute(sys.argv[2])' "$STATE/ketang.db" "$1"
}

is_told_gone() {
    film GONE-1.mp4 2 400 && ketang submit --house-number GONE-1 "$CLIPS/GONE-1.mp4" || return 1
    rm -f "$MEDIA/submitted/$(jobs number GONE-1).mp4"
    work_off
    ketang jobs
    [ "$(jobs state GONE-1)" = failed ] && [ "$(jobs submission GONE-1)" = rejected ] &&
        ketang jobs | grep -q "GONE-1: the film that was handed in is not in the folder 'submitted' any more"
}

# What the station does not take for what the review found is not tried again and again.
is_refused_once() {
    nice ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v libx264 -preset ultrafast "$CLIPS/MUTE-1.mp4" </dev/null
    awk '{ print } /name = "sd";/ { print "        qc: { no_sound = \"refuse\"; };" }' "$STATION" >"$TMP/strict.cfg"
    ketang submit --house-number MUTE-1 "$CLIPS/MUTE-1.mp4" && work_off --station "$TMP/strict.cfg"
    ketang jobs
    [ "$(jobs state MUTE-1)" = failed ] && [ "$(jobs submission MUTE-1)" = rejected ] &&
        ketang jobs | grep "MUTE-1: .*there is no sound in it"
}

is_listed_for_a_week() {
    film OLD-1.mp4 2 420 && ketang submit --house-number OLD-1 "$CLIPS/OLD-1.mp4" || return 1
    ketang jobs --cancel "$(jobs number OLD-1)" || return 1
    ketang jobs | grep -q OLD-1 || return 1
    sql "UPDATE jobs SET state_ms = state_ms - 8 * 86400000 WHERE state = 'cancelled'"
    ! ketang jobs | grep OLD-1 && [ -z "$(jobs state OLD-1)" ] && ketang jobs --all | grep -q OLD-1 &&
        ketang jobs --all --json | grep -q OLD-1
}

# A worker whose machine dies again and again: as if it had been silent for long, each time.
is_given_up() {
    local child i
    film BAD-1.mp4 30 440 && ketang submit --house-number BAD-1 "$CLIPS/BAD-1.mp4" || return 1
    for i in 1 2 3; do
        (worker --preset slower) 2>"$TMP/lost.$i" &
        child=$!
        wait_for 60 grep -q "job_begin.*BAD-1" "$TMP/lost.$i" || return 1
        kill -9 $child
        wait $child 2>/dev/null
        sql "UPDATE jobs SET beat_ms = beat_ms - 100000 WHERE state = 'running'"
    done
    work_off
    [ "$(jobs state BAD-1)" = failed ] && [ "$(jobs lost BAD-1)" -eq 3 ] && [ "$(jobs submission BAD-1)" = rejected ] &&
        [ "$(assets_of BAD-1)" -eq 0 ] && ketang jobs | grep "BAD-1: each worker that took it was lost"
}

# Frozen in the middle with what it started, as a machine is; goes on when another has its job.
is_made_by_one() {
    local child decoder
    film ICE-1.mp4 30 460 && ketang submit --house-number ICE-1 "$CLIPS/ICE-1.mp4" || return 1
    (worker --preset slower) 2>"$TMP/frozen" &
    child=$!
    wait_for 60 grep -q job_begin "$TMP/frozen" && wait_for 60 pgrep -P $child || return 1
    decoder=$(pgrep -P $child)
    # Not while it writes to the store: on one machine the others would wait for it.
    sleep 0.3
    kill -STOP $child $decoder
    sql "UPDATE jobs SET beat_ms = beat_ms - 100000 WHERE state = 'running'"
    work_off
    kill -CONT $child $decoder
    wait_for 60 grep -q job_dropped "$TMP/frozen"
    kill -TERM $child
    wait $child
    cat "$TMP/frozen" "$TMP/work"
    grep -q 'event=store doing=beat text="job .* given to another worker"' "$TMP/frozen" &&
        ! grep -q job_done "$TMP/frozen" && [ "$(jobs state ICE-1)" = "done" ] && [ "$(jobs claims ICE-1)" -eq 2 ] &&
        [ "$(assets_of ICE-1)" -eq 1 ] && is_tidy
}

# Whatever the moment: what has a row has its film, whole; and it can be handed in again.
is_whole_or_not_there() {
    local i child number began whole_ms
    film KILL.mp4 2 480 || return 1
    { cat "$CLIPS/KILL.mp4" && head -c 12000000 /dev/urandom; } >"$CLIPS/KILL-0.mp4"
    began=$(date +%s%3N)
    ketang submit --house-number KILL-0 "$CLIPS/KILL-0.mp4" || return 1
    whole_ms=$(($(date +%s%3N) - began))
    ketang jobs --cancel "$(jobs number KILL-0)" || return 1
    for i in 1 2 3 4 5 6 7 8 9 10; do
        { cat "$CLIPS/KILL.mp4" && head -c 12000000 /dev/urandom; } >"$CLIPS/KILL-$i.mp4"
        ketang submit --house-number "KILL-$i" "$CLIPS/KILL-$i.mp4" >/dev/null 2>&1 &
        child=$!
        sleep "$(awk -v ms=$((whole_ms * (2 * i + 1) / 20 + RANDOM % 5)) 'BEGIN { print ms / 1000 }')"
        kill -9 $child
        wait $child 2>/dev/null
        number=$(jobs number "KILL-$i")
        if [ -n "$number" ]; then
            echo "$i: there"
            cmp "$CLIPS/KILL-$i.mp4" "$MEDIA/submitted/$number.mp4" || return 1
        else
            echo "$i: not there"
            ketang submit --house-number "KILL-$i" "$CLIPS/KILL-$i.mp4" || return 1
            cmp "$CLIPS/KILL-$i.mp4" "$MEDIA/submitted/$(jobs number "KILL-$i").mp4" || return 1
        fi
        ketang jobs --cancel "$(jobs number "KILL-$i")" || return 1
    done
}

# "NUMBER TIME" as programs are told, the last line apart.
is_told_to_programs() {
    film TOLD-1.mp4 6 500 || return 1
    ketang ingest --preset ultrafast --progress json "$CLIPS/TOLD-1.mp4" 2>"$TMP/told" || return 1
    cat "$TMP/told"
    python3 - "$TMP/told" <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
parts = [line["part"] for line in lines]
assert len(lines) >= 1 and parts == sorted(parts) and parts[-1] == 1.0, parts
assert all(line["file"] == "TOLD-1.mp4" and line["house_number"] == "TOLD-1" for line in lines)
assert lines[-1]["result"] == "ready" and len(lines[-1]["sha256"]) == 64
assert all(line["left_s"] is None or line["left_s"] >= 0 for line in lines[:-1])
PYTHON
}

is_told_to_programs_why_not() {
    head -c 1000 /dev/urandom >"$CLIPS/NOISE-1.mp4"
    ketang ingest --progress json "$CLIPS/NOISE-1.mp4" 2>"$TMP/told" && return 1
    ketang ingest --progress xml "$CLIPS/NOISE-1.mp4" 2>/dev/null && return 1
    grep -q '"result": "failed", "text": "this is no film' "$TMP/told"
}

# However many decode, the asset is the same.
is_the_same() {
    local threads
    film TWIN-1.mp4 4 520 || return 1
    for threads in 1 2 4; do
        ketang ingest --preset ultrafast --threads $threads "$CLIPS/TWIN-1.mp4" || return 1
    done
    ! ketang ingest --threads 0 "$CLIPS/TWIN-1.mp4" 2>/dev/null && [ "$(assets_of TWIN-1)" -eq 1 ]
}

due_of() { jobs due_ms "$1"; }
is_due() { [ "$(due_of "$1")" != None ]; }
is_not_due() { [ "$(due_of "$1")" = None ]; }

# SOON and LATE change places in all timetables.
order_follows() {
    local soon late before
    read -r soon late < <(ketang ready --missing --plain --days 7 | grep -o 'KT-[0-9]*' | awk '!seen[$0]++' | sed -n '1p;$p' | tr '\n' ' ')
    [ -n "$late" ] && [ "$soon" != "$late" ] && film "$soon.mp4" 2 540 && film "$late.mp4" 2 560 &&
        ketang submit "$CLIPS/$soon.mp4" "$CLIPS/$late.mp4" || return 1
    before=$(due_of "$soon")
    [ "$before" -lt "$(due_of "$late")" ] || return 1
    sed -i -e "s/$soon/KT-@/g; s/$late/$soon/g; s/KT-@/$late/g" "$TMP"/schedules/*.yaml
    wait_for 60 eval '[ "$(due_of "$late")" = "$before" ]' || { ketang jobs --json; cat "$TMP/scheduler.log"; return 1; }
    work_off
    [ "$(sed -n 's/.*job_begin.*house_number="\([^"]*\)".*/\1/p' "$TMP/work" | tr '\n' ' ')" = "$late $soon " ]
}

tap "a film that the station does not take is not made again and again" is_refused_once
tap "a slate is made" ketang ingest --slate
tap "a film that is gone is told of, not tried for ever" is_told_gone
tap "what ended long ago is listed only when all is asked for" is_listed_for_a_week
tap "what loses three workers is given up" is_given_up
tap "a worker that was frozen publishes nothing when another has its job" is_made_by_one
tap "a submit that is killed leaves a whole film or none" is_whole_or_not_there
tap "programs are told how far a film is" is_told_to_programs
tap "programs are told why a film was not taken" is_told_to_programs_why_not
tap "any number of threads makes the same" is_the_same
ketang-scheduler --station "$STATION" >"$TMP/scheduler.log" 2>&1 &
scheduler=$!
tap "the queue follows the timetables" order_follows
kill -TERM $scheduler
wait $scheduler
tap_done
