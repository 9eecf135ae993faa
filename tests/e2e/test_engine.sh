#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The engine on the air: slate at once, plans adopted, kill -9, missing media,
# a station file edited badly; what is received is what `render` writes.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=2325
PORT=$((20000 + $$ % 20000))
PLANS=$STATE/plans/zhangdian

# One channel, on a port of its own.
one_channel() {
    awk -v port=$PORT '
        /^transports:/ { inside = 1 }
        inside && /name = "zhoucun"/ { skip = 1 }
        { line[NR] = $0 }
        inside && !skip { last = NR }
        END {
            while (line[last] !~ /^    },?$/) { last-- }
            sub(/,$/, "", line[last])
            for (i = 1; i <= last; i++) { gsub(/port = 5001/, "port = " port, line[i]); print line[i] }
            print ");"
        }' "$STATION" >"$STATION.new" && mv "$STATION.new" "$STATION"
}

# Each test is a subshell: what outlives it is written to files.
start_engine() {
    rm -f "$TMP/engine.status"
    (
        sh -c "echo \$\$ >'$TMP/engine.pid'; exec ketang-playout --station '$STATION' ${1-"--trust-clock"}"
        echo $? >"$TMP/engine.status"
    ) >/dev/null 2>>"$TMP/engine.log" &
    wait_for 2 test -s "$TMP/engine.pid"
}

# end_engine SIGNAL: prints its exit status.
end_engine() {
    [ -s "$TMP/engine.pid" ] || return 0
    kill "-$1" "$(cat "$TMP/engine.pid")" 2>/dev/null
    rm -f "$TMP/engine.pid"
    wait_for 5 test -s "$TMP/engine.status" && cat "$TMP/engine.status"
}

trap 'end_engine KILL >/dev/null' EXIT

# capture SECONDS FILE: in the background; its words go to FILE.txt.
capture() {
    "$BUILD/tests/udp-capture" 127.0.0.1 "$PORT" "$1" $K "$2" >"$2.txt" &
    CAPTURE=$!
    sleep 0.2
}

word() {
    awk -v key="$2" '{ for (i = 1; i < NF; i++) if ($i == key) print $(i + 1) }' "$1.txt"
}

# A capture is byte for byte what is rendered for its slots.
same_as_render() {
    ketang render --station "$STATION" --transport zhangdian --first-slot "$(word "$1" first-slot)" \
        --slots "$(word "$1" slots)" -o "$1.render" && cmp "$1" "$1.render"
}

now_frame() {
    echo $(($(date +%s%N) / 40000000))
}

# plan SECONDS-FROM-NOW SECONDS SEED: revision 1, not adopted yet.
plan() {
    local start=$((($(now_frame) + $1 * 25) / 3 * 3))
    mkdir -p "$TMP/made"
    "$BUILD/tests/make-plan" "$MEDIA" "$TMP/made" $start "$2" "$3" && mv "$TMP/made/1.yaml" "$PLANS/"
}


adopted() {
    grep -q "\"adopt\":$1," "$PLANS/journal"
}

# "START ASSET SEQ" of the first event 28 s or more from now whose asset does
# not air before it: one that is on air or soon will be is open already.
choose_victim() {
    awk -v now="$(now_frame)" '
        /- seq:/ { seq = $3; asset = "" } /start:/ { start = $2 } /duration:/ { end = start + $2 }
        /asset:/ && end > now - 100 && start < now + 700 { used[$2] = 1 }
        /asset:/ && start >= now + 700 && !used[$2] { print start, $2, seq; exit }' "$PLANS/3.yaml"
}

refuses_without_slate() {
    mkdir "$TMP/empty"
    sed "s#\"$MEDIA\"#\"$TMP/empty\"#" "$STATION" >"$TMP/empty.cfg"
    ketang-playout --station "$TMP/empty.cfg" 2>"$TMP/error"
    [ $? -eq 1 ] && grep -q 'ketang ingest --slate' "$TMP/error"
}

slate_is_on_air_within_a_second() {
    capture 3 "$TMP/slate.ts"
    start_engine
    wait $CAPTURE || return 1
    cat "$TMP/slate.ts.txt"
    [ "$(word "$TMP/slate.ts" first-after-ms)" -lt 1200 ] && same_as_render "$TMP/slate.ts"
}

second_engine_is_refused() {
    ketang-playout --station "$STATION" 2>"$TMP/error"
    [ $? -eq 1 ] && grep -q "process $(cat "$TMP/engine.pid")" "$TMP/error"
}

plan_is_adopted() {
    plan 6 150 3 && wait_for 5 adopted 1
}

captured_is_rendered() {
    capture 15 "$TMP/joins.ts"
    wait $CAPTURE && same_as_render "$TMP/joins.ts"
}

captured_is_clean() {
    "$BUILD/tests/ts-check" --slots-per-second $K \
        --first-slot "$(word "$TMP/joins.ts" first-slot)" "$TMP/joins.ts"
}

rejoins_after_kill() {
    end_engine KILL
    sleep 1
    capture 6 "$TMP/rejoin.ts"
    start_engine
    wait $CAPTURE || return 1
    cat "$TMP/rejoin.ts.txt"
    [ "$(word "$TMP/rejoin.ts" first-after-ms)" -lt 1200 ] && same_as_render "$TMP/rejoin.ts"
}

refused_by() {
    status | grep -q "\"revision\": $1" && status | grep -q "$2"
}

broken_plan_is_refused() {
    sed -e 's/^revision: 1$/revision: 2/' -e 's/duration: \([0-9]*\)/duration: \10/' \
        "$PLANS/1.yaml" >"$PLANS/.new" && mv "$PLANS/.new" "$PLANS/2.yaml"
    wait_for 3 refused_by 2 overlap || { status; return 1; }
    ! adopted 2
}

# The last event becomes the slate; what runs is not touched.
changed_plan_is_adopted() {
    local last
    last=$(grep -n 'asset:' "$PLANS/1.yaml" | tail -n 1 | cut -d : -f 1)
    sed -e 's/^revision: 1$/revision: 3/' -e "${last}d" "$PLANS/1.yaml" |
        sed -e '/^    in_point:/h' >"$PLANS/.new"
    # An in-point without asset means nothing: drop the one that followed.
    awk -v line="$last" 'NR == line && /in_point/ { next } { print }' "$PLANS/.new" >"$PLANS/.3"
    mv "$PLANS/.3" "$PLANS/3.yaml"
    capture 5 "$TMP/change.ts"
    wait_for 3 adopted 3 || { status; return 1; }
    wait $CAPTURE && same_as_render "$TMP/change.ts"
}

# Who makes the next revision has the lock of the folder: the one before it, due in 11 s, can wait for that.
adoption_waits_for_who_plans() {
    local effective=$(($(now_frame) + 11 * 25)) holder
    flock "$PLANS/.lock" sleep 6 &
    holder=$!
    sleep 0.3
    sed -e 's/^revision: 3$/revision: 4/' -e "s/^effective: [0-9]*/effective: $effective/" \
        "$PLANS/3.yaml" >"$PLANS/.4" && mv "$PLANS/.4" "$PLANS/4.yaml"
    sleep 1.5
    if adopted 4; then
        kill -0 $holder 2>/dev/null && [ "$(now_frame)" -lt $((effective - 150)) ] && return 1
    fi
    wait $holder
    wait_for 5 adopted 4 || { status; return 1; }
}

# Deleted 25 s or more before it is due: something else from its exact frame on.
missing_asset_is_replaced() {
    local start asset seq
    choose_victim >"$TMP/victim"
    read -r start asset seq <"$TMP/victim"
    [ -n "$seq" ] || { cat "$PLANS/3.yaml"; return 1; }
    mkdir -p "$TMP/gone"
    mv "$MEDIA/$asset".* "$TMP/gone/"
    # It is decided some ten seconds before, however far ahead that is.
    wait_for $(((start - $(now_frame)) / 25)) \
        grep -q "\"substitute\":$seq,.*\"from\":$start," "$PLANS/journal" ||
        { cat "$PLANS/journal"; return 1; }
    status | grep -q "substituted:$seq"
}

substitution_is_on_air() {
    local start asset seq
    read -r start asset seq <"$TMP/victim"
    while [ "$(now_frame)" -lt $((start - 25)) ]; do sleep 0.1; done
    capture 3 "$TMP/substitute.ts"
    wait $CAPTURE || return 1
    mv "$TMP"/gone/* "$MEDIA/"
    same_as_render "$TMP/substitute.ts"
}

as_run_tells_why() {
    local start asset seq
    read -r start asset seq <"$TMP/victim"
    wait_for 15 grep -qh "\"seq\":$seq,.*\"reason\":" "$STATE"/asrun/zhangdian/*.jsonl
    cat "$STATE"/asrun/zhangdian/*.jsonl
    grep -h "\"seq\":$seq,.*\"reason\":" "$STATE"/asrun/zhangdian/*.jsonl | grep -q aired
}

as_run_is_sound() {
    cat "$STATE"/asrun/zhangdian/*.jsonl >"$TMP/asrun"
    cat "$TMP/asrun"
    grep -q '"interrupted":\[\[' "$TMP/asrun" &&
        [ -z "$(grep -o '"seq":[0-9]*,' "$TMP/asrun" | sort | uniq -d)" ]
}

# Over kill -9 and restarts.
as_run_is_chained() {
    ketang verify --station "$STATION" zhangdian
}

# What the engine did, cuts and substitutions, was all called for.  The day is still going on.
report_finds_nothing_wrong() {
    local day status
    day=$(basename "$(ls "$STATE"/asrun/zhangdian/*.jsonl | tail -n 1)" .jsonl)
    ketang report --station "$STATION" --channel zhangdian --day "$day" >"$TMP/report"
    status=$?
    cat "$TMP/report"
    [ $status -eq 0 ] && grep -q 'no signal' "$TMP/report" && grep -q 'unplanned filler\|slate instead' "$TMP/report" &&
        ! grep -q '  wrong content  ' "$TMP/report"
}

# The engine answers in the language of the one who asks.
speaks_to_whoever_asks() {
    (unset LC_ALL LANGUAGE && export LANG=zh_CN.UTF-8 && ketang mute --station "$STATION" nowhere) 2>"$TMP/chinese" ||
        ketang mute --station "$STATION" nowhere 2>"$TMP/english" || :
    cat "$TMP/chinese" "$TMP/english"
    grep -q "没有频道.*nowhere" "$TMP/chinese" && grep -q "there is no channel 'nowhere'" "$TMP/english"
}

mute_and_back() {
    ketang mute --station "$STATION" zhangdian || return 1
    sleep 0.2
    capture 0.1 "$TMP/silence.ts"
    sleep 1
    [ ! -s "$TMP/silence.ts" ] || return 1
    ketang mute --station "$STATION" --off zhangdian
    wait $CAPTURE
}

bad_station_file_changes_nothing() {
    cp "$STATION" "$TMP/good.cfg"
    sed 's/ttl = 1;/tttl = 1;/' "$TMP/good.cfg" >"$STATION"
    wait_for 5 sh -c "ketang status --station '$TMP/good.cfg' --json | grep -q tttl" || return 1
    capture 1 "$TMP/bad.ts"
    wait $CAPTURE || return 1
    sed 's/guard_ms = [0-9]*/guard_ms = 3000/' "$TMP/good.cfg" >"$STATION"
    kill -HUP "$(cat "$TMP/engine.pid")"
    wait_for 5 sh -c "ketang status --station '$TMP/good.cfg' --json | grep -q restart"
}

outputs_change_on_air() {
    sed "s/outputs: ( {/outputs: ( { address = \"127.0.0.1\"; port = $((PORT + 1)); ttl = 1; dscp = 34; }, {/" \
        "$TMP/good.cfg" >"$STATION"
    PORT=$((PORT + 1)) capture 1 "$TMP/second.ts"
    wait $CAPTURE || return 1
    cp "$TMP/good.cfg" "$STATION"
    same_as_render "$TMP/second.ts"
}

hostile_client_blocks_nothing() {
    local socket=$STATE/run/playout.sock
    command -v nc >/dev/null || return 0
    head -c 100000 /dev/zero | timeout 1 nc -U "$socket" >/dev/null
    (sleep 1; echo '{"command":') | timeout 2 nc -U "$socket" >/dev/null &
    status | grep -q '"ok": true'
}

stops_cleanly() {
    local result
    result=$(end_engine TERM)
    cat "$TMP/engine.log"
    [ "$result" = 0 ] && [ ! -e "$STATE/run/playout.sock" ]
}

# refused_with WORDS PROGRAM ARGUMENT...
refused_with() {
    "${@:2}" >/dev/null 2>"$TMP/error"
    [ $? -eq 1 ] && grep -qF "$1" "$TMP/error" || { cat "$TMP/error"; return 1; }
}

another_clock_is_refused() {
    local mark=$TMP/rehearsal/clock-ahead
    sed "s#\"$STATE\"#\"$TMP/rehearsal\"#" "$STATION" >"$TMP/rehearsal.cfg"
    refused_with 'this state folder is that of the air' \
        ketang-playout --station "$STATION" --trust-clock --clock-ahead 86400 || return 1
    STATION=$TMP/rehearsal.cfg start_engine "--trust-clock --clock-ahead 86400"
    wait_for 5 test -e "$mark" && [ "$(end_engine TERM)" = 0 ] || return 1
    refused_with "$mark: error: the state folder $TMP/rehearsal is that of a rehearsal" \
        ketang-playout --station "$TMP/rehearsal.cfg" --trust-clock &&
        refused_with "$mark: error: the state folder $TMP/rehearsal is that of a rehearsal" \
            ketang-scheduler --station "$TMP/rehearsal.cfg" || return 1
    STATION=$TMP/rehearsal.cfg start_engine "--trust-clock --clock-ahead 86460"
    STATION=$TMP/rehearsal.cfg wait_for 5 status
    [ "$(end_engine TERM)" = 0 ]
}

waits_for_the_clock() {
    start_engine ""
    wait_for 3 status || return 1
    if status | grep -q '"synchronised": false'; then
        status | grep -q 'clock_unsynchronised' && status | grep -q '"plan_on_air": false'
    else
        status | grep -q '"plan_on_air": true'
    fi
}

station_make
one_channel
mkdir -p "$PLANS"
tap "without a slate nothing starts, and it says what to run" refuses_without_slate
tap "real footage becomes assets" station_media
tap "the slate is on the air within a second" slate_is_on_air_within_a_second
tap "a second engine is refused" second_engine_is_refused
tap "a plan is adopted while on air" plan_is_adopted
tap "what is received is what is rendered" captured_is_rendered
tap "the independent reader finds nothing wrong" captured_is_clean
tap "after kill -9 it rejoins within a second, at the right packet" rejoins_after_kill
tap "a broken plan is refused and the old one stays" broken_plan_is_refused
tap "a changed plan is adopted, the running item untouched" changed_plan_is_adopted
tap "an adoption waits for who plans" adoption_waits_for_who_plans
tap "mute acts at once, and back" mute_and_back
tap "the answer to mute is in the language of the one who asks" speaks_to_whoever_asks
tap "a missing asset is replaced, with an alarm" missing_asset_is_replaced
tap "the replacement is on air at the exact frame" substitution_is_on_air
tap "a station file edited badly changes nothing" bad_station_file_changes_nothing
tap "outputs may be added while on air" outputs_change_on_air
tap "the as-run record says why" as_run_tells_why
tap "the as-run record tells interruptions and has no doubles" as_run_is_sound
tap "the as-run record is chained throughout" as_run_is_chained
tap "the report calls none of it wrong content" report_finds_nothing_wrong
tap "a hostile client blocks nothing" hostile_client_blocks_nothing
tap "SIGTERM stops it cleanly" stops_cleanly
tap "a rehearsal and the air share no state folder" another_clock_is_refused
tap "an unsynchronised machine airs the slate, and says so" waits_for_the_clock
tap_done
