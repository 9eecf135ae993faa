#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Films are handed in, and workers make them: whatever happens to a worker, each
# film is made once, and what is not taken is told why.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
. tests/e2e/lib_jobs.sh
export LC_ALL=C.UTF-8 LANGUAGE=

station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
export KETANG_STATION=$STATION

is_made() {
    film KT-01.mp4 2 400 || return 1
    ketang submit --school 示例学校A --teacher 示例教师01 --consent 示例 --by 王 "$CLIPS/KT-01.mp4" || return 1
    [ "$(jobs state)" = waiting ] || return 1
    work_off || { cat "$TMP/work"; return 1; }
    cat "$TMP/work"
    [ "$(jobs state)" = "done" ] && [ "$(jobs submission)" = accepted ] && [ "$(jobs school)" = 示例学校A ] &&
        [ "$(assets_of KT-01)" -eq 1 ] && [ -s "$MEDIA/reports/KT-01.sd.html" ] && is_tidy &&
        ketang jobs | grep -q 'KT-01 .* ready'
}

is_known() {
    ketang submit "$CLIPS/KT-01.mp4" | tee "$TMP/out"
    grep -q "handed in before, as number 1 for KT-01" "$TMP/out" && [ "$(jobs number | wc -l)" -eq 1 ] && is_tidy
}

is_asked() {
    local before after
    cp "$CLIPS/KT-01.mp4" "$CLIPS/KT-O1.mp4"
    cp "$CLIPS/KT-01.mp4" "$CLIPS/微信视频.mp4"
    before=$(find "$MEDIA" | sort)
    ketang submit "$CLIPS/KT-O1.mp4" "$CLIPS/微信视频.mp4" "$CLIPS/none.mp4" --house-number KT-02 2>"$TMP/err" && return 1
    grep -q "one house number cannot name several" "$TMP/err" || return 1
    ketang submit "$CLIPS/KT-O1.mp4" "$CLIPS/微信视频.mp4" 2>"$TMP/err" && return 1
    cat "$TMP/err"
    after=$(find "$MEDIA" | sort)
    grep -q "KT-O1.mp4: no timetable names it; is it KT-0" "$TMP/err" &&
        grep -q "微信视频.mp4: which lesson is it?" "$TMP/err" && [ "$before" = "$after" ]
}

# What cannot be handed in leaves nothing, neither file nor row.
is_left_out() {
    local before after
    mkfifo "$CLIPS/pipe.mp4"
    : >"$CLIPS/empty.mp4"
    before=$(find "$MEDIA" | sort)
    for file in pipe.mp4 empty.mp4 none.mp4 .; do
        ketang submit --house-number KT-02 "$CLIPS/$file" 2>>"$TMP/err" && return 1
    done
    for number in " KT-2" "" $'A\e[31m' $'A\xc2\x9b' $'A\xff'; do
        ketang submit --house-number "$number" "$CLIPS/KT-01.mp4" 2>>"$TMP/err" && return 1
    done
    cat "$TMP/err"
    after=$(find "$MEDIA" | sort)
    [ "$before" = "$after" ] && [ "$(jobs number KT-02 | wc -l)" -eq 0 ]
}

# Its name as a title: 荷花 is KT-..'s.
is_found_by_title() {
    local number title
    number=$(sed -nE 's/.*house_number: (KT-[0-9]+),.*title: ([^,}]+).*/\1 \2/p' "$TMP/schedules/zhangdian.yaml" | sed -n 3p)
    title=${number#* }
    number=${number%% *}
    film "$title.mp4" 2 450
    ketang submit "$CLIPS/$title.mp4" | tee "$TMP/out"
    grep -q "for $number" "$TMP/out" && ketang jobs --cancel "$(jobs number "$number")" &&
        [ "$(jobs state "$number")" = cancelled ]
}

is_told_why() {
    head -c 100000 /dev/urandom >"$CLIPS/KT-04.mp4"
    ketang submit "$CLIPS/KT-04.mp4" || return 1
    work_off
    ketang jobs | tee "$TMP/out"
    [ "$(jobs state KT-04)" = failed ] && [ "$(jobs submission KT-04)" = rejected ] &&
        grep -q "KT-04: this is no film that can be opened" "$TMP/out" && is_tidy
}

is_replaced() {
    film KT-05.mp4 2 500
    ketang submit "$CLIPS/KT-05.mp4" || return 1
    film KT-05.mp4 2 600
    ketang submit "$CLIPS/KT-05.mp4" | tee "$TMP/out"
    work_off
    grep -q "it replaces number" "$TMP/out" && [ "$(jobs state KT-05 | tr '\n' ' ')" = "cancelled done " ] &&
        [ "$(jobs submission KT-05 | tr '\n' ' ')" = "replaced accepted " ] && [ "$(assets_of KT-05)" -eq 1 ]
}

# Handed in in the wrong order, made in that of the board.
soonest_first() {
    local soon late
    read -r soon late < <(ketang ready --missing --plain --days 7 | grep KT- | sed -n '1p;$p' | tr '\n' ' ')
    [ -n "$late" ] && [ "$soon" != "$late" ] || return 1
    film "$late.mp4" 2 700
    film "$soon.mp4" 2 750
    ketang submit "$CLIPS/$late.mp4" "$CLIPS/$soon.mp4" || return 1
    work_off
    cat "$TMP/work"
    [ "$(sed -n 's/.*job_begin.*house_number="\([^"]*\)".*/\1/p' "$TMP/work" | tr '\n' ' ')" = "$soon $late " ]
}

# Ten films, a worker killed in the middle of each of them.
is_made_once_though_killed() {
    local i number child
    for i in 1 2 3 4 5 6 7 8 9 10; do
        film "K-$i.mp4" 6 $((300 + 20 * i)) || return 1
        ketang submit --house-number "K-$i" "$CLIPS/K-$i.mp4" >/dev/null || return 1
    done
    for i in 1 2 3 4 5 6 7 8 9 10; do
        (worker) 2>"$TMP/killed.$i" &
        child=$!
        wait_for 20 grep -q job_begin "$TMP/killed.$i" || return 1
        sleep "0.$(((RANDOM % 9) + 1))"
        kill -9 $child
        wait $child 2>/dev/null
    done
    # Each had one of its own.
    [ "$(cat "$TMP"/killed.* | sed -n 's/.*job_begin job=\([0-9]*\) .*/\1/p' | sort -u | wc -l)" -eq 10 ] || return 1
    # Those that had time to end theirs took another; all are silent for six seconds then.
    sleep 6
    work_off --lost-after 5
    cat "$TMP/work"
    for i in 1 2 3 4 5 6 7 8 9 10; do
        number=K-$i
        [ "$(jobs state $number)" = "done" ] && [ "$(jobs submission $number)" = accepted ] &&
            [ "$(assets_of $number)" -eq 1 ] || { ketang jobs; return 1; }
    done
    is_tidy && ! compgen -G "$MEDIA/.ingest-*"
}

is_put_back() {
    local child
    film SLOW-1.mp4 40 800
    ketang submit --house-number SLOW-1 "$CLIPS/SLOW-1.mp4" || return 1
    (worker --preset slower) 2>"$TMP/stopped" &
    child=$!
    wait_for 20 grep -q job_begin "$TMP/stopped" || return 1
    kill -TERM $child
    wait $child
    cat "$TMP/stopped"
    [ "$(jobs state SLOW-1)" = waiting ] && grep -q job_put_back "$TMP/stopped" && is_tidy
}

is_cancelled() {
    local child
    (worker --preset slower) 2>"$TMP/cancelled" &
    child=$!
    wait_for 20 grep -q job_begin "$TMP/cancelled" || return 1
    ketang jobs --cancel "$(jobs number SLOW-1)" --reason 发错了 || return 1
    wait_for 20 grep -q job_dropped "$TMP/cancelled"
    kill -TERM $child
    wait $child
    cat "$TMP/cancelled"
    [ "$(jobs state SLOW-1)" = cancelled ] && [ "$(assets_of SLOW-1)" -eq 0 ] && is_tidy &&
        ketang jobs | grep -q 'SLOW-1 .* cancelled' && ! ketang jobs --cancel "$(jobs number SLOW-1)" &&
        [ "$(jobs submission SLOW-1)" = rejected ]
}

# What was cancelled may be handed in again; so may one in a further format.
is_taken_again() {
    film AGAIN-1.mp4 2 1100
    ketang submit --house-number AGAIN-1 --profile sd "$CLIPS/AGAIN-1.mp4" && ketang jobs --cancel "$(jobs number AGAIN-1)" &&
        ketang submit --house-number AGAIN-1 --profile sd "$CLIPS/AGAIN-1.mp4" &&
        ketang submit --house-number AGAIN-1 --profile hd-720p50 "$CLIPS/AGAIN-1.mp4" || return 1
    jobs state AGAIN-1
    [ "$(jobs state AGAIN-1 | tr '\n' ' ')" = "cancelled waiting waiting " ] && ketang ingest --slate --profile hd-720p50 &&
        work_off && [ "$(jobs state AGAIN-1 | tr '\n' ' ')" = "cancelled done done " ] && [ "$(assets_of AGAIN-1)" -eq 2 ]
}

# The machine is to blame: put back, and no teacher is told that the film is bad.
is_not_to_blame() {
    film DISK-1.mp4 2 1200
    ketang submit --house-number DISK-1 "$CLIPS/DISK-1.mp4" || return 1
    mv "$MEDIA/submitted" "$MEDIA/away"
    work_off
    mv "$MEDIA/away" "$MEDIA/submitted"
    cat "$TMP/work"
    grep -q job_put_back "$TMP/work" && [ "$(jobs state DISK-1)" = waiting ] && [ "$(jobs submission DISK-1)" = checking ] &&
        ketang jobs --cancel "$(jobs number DISK-1)"
}

# Somebody has put another file in its place.
is_not_another() {
    film SWAP-1.mp4 2 900
    ketang submit --house-number SWAP-1 "$CLIPS/SWAP-1.mp4" || return 1
    rm -f "$MEDIA/submitted/$(jobs number SWAP-1).mp4"
    cp "$CLIPS/KT-01.mp4" "$MEDIA/submitted/$(jobs number SWAP-1).mp4"
    work_off
    [ "$(jobs state SWAP-1)" = failed ] && ketang jobs | grep "SWAP-1: the film is not the one that was handed in"
}

tap "a slate is made" ketang ingest --slate
tap "a film is handed in and made" is_made
tap "the same film again is nothing to do" is_known
tap "a film of no known name is asked about, and not kept" is_asked
tap "what is no film file is left out" is_left_out
tap "a film called by a lesson's title is for that lesson" is_found_by_title
tap "what is not taken is told why" is_told_why
tap "a newer film replaces one that was not made yet" is_replaced
tap "what airs soonest is made first" soonest_first
tap "ten workers killed in the middle lose nothing and make nothing twice" is_made_once_though_killed
tap "a worker that is stopped puts its job back" is_put_back
tap "a job is cancelled while it is made" is_cancelled
tap "what was cancelled is taken again, and in a further format" is_taken_again
tap "what is wrong with the machine is not said of the film" is_not_to_blame
tap "only the film that was handed in is made" is_not_another
tap_done
