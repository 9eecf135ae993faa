#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh: the whole station in the foreground, until Ctrl-C: the slate, the
# engine, the scheduler, then demonstration lessons as they become ready.
#
#   make run                      with lessons made for the purpose
#   make run LESSONS=/folder      with one's own files (see tools/demo.sh)
#   make run STATION=FILE         another station than schedules/station.cfg
#
# `kill -USR1` of the process in STATE/run/make-run.pid starts the scheduler
# anew, which reads the station file; the engine airs on meanwhile.
set -u
cd "$(dirname "$0")/.." || exit 1

build=${KETANG_BUILD:-$PWD/build}
station=${STATION:-schedules/station.cfg}
engine=
scheduler=
demo=
last=
tails=
stop_seconds=8 # longer than the engine needs to end what it airs

. tools/say.sh

fail() {
    { printf 'make run: ' && say "$@"; } >&2
    exit 1
}

setting() {
    sed -n "s/^ *$1 *= *\"\(.*\)\" *;.*/\1/p" "$station" | head -n 1
}

# The engine goes last: it airs while the others end.
stop_child() {
    local pid=$1 tries=$((stop_seconds * 10))
    [ -n "$pid" ] || return 0
    kill -TERM "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    kill -KILL "$pid" 2>/dev/null && say 'process %s had to be killed' "$pid"
    wait "$pid" 2>/dev/null
}

stop_all() {
    trap '' INT TERM HUP
    stop_child "$demo"
    stop_child "$scheduler"
    stop_child "$engine"
    rm -f "$pid_file"
    wait $tails
}

interrupted() {
    echo
    say 'Going off the air.'
    stop_all
    exit 0
}

# start NAME COMMAND...: in the background; it ends when this script does,
# however that ends.  Its log goes to a file, and what is more than
# information to the terminal too.  The log before it is kept: it may say why.
start() {
    local log=$state/run/$1.log
    shift
    [ ! -e "$log" ] || mv -f "$log" "$log.1"
    setpriv --pdeathsig TERM "$@" >"$log" 2>&1 9>&- &
    last=$!
    tail -n +1 -s 0.2 -f --pid=$last "$log" 2>/dev/null 9>&- | grep --line-buffered -v '^info ' 9>&- &
    tails="$tails $!"
}

start_scheduler() {
    start scheduler "$build/ketang-scheduler" --station "$station"
    scheduler=$last
}

# Its log begins anew as well.  It could not start by a broken station file.
restart_scheduler() {
    if ! "$build/ketang" station --station "$station" state >/dev/null; then
        say 'Mend the station file first: the scheduler goes on as it was.'
        return
    fi
    stop_child "$scheduler"
    start_scheduler
    say 'The scheduler has been started anew.'
}

start_engine() {
    start playout "$build/ketang-playout" --station "$station" --trust-clock
    engine=$last
}

# What is planned airs on without it.
revive_scheduler() {
    say 'The scheduler ended by itself (status %s); see above, and %s soon. It is started anew.' "$1" "$state/run/scheduler.log.1"
    sleep 5
    kill -0 "$scheduler" 2>/dev/null || start_scheduler
}

# It goes on where the tape is then.
revive_engine() {
    start_engine
    say 'The engine ended by itself (status %s); see above, and %s. It has been started anew.' "$1" "$state/run/playout.log.1"
    wait_for_engine && return
    stop_all
    fail 'the engine did not start; see above, and %s.' "$state/run/playout.log"
}

# Title, address and port of each output, from the station file.
channels() {
    awk '
        { sub(/#.*/, "") }
        match($0, /(^|[ {;])title *= *"[^"]*"/) {
            title = substr($0, RSTART, RLENGTH); sub(/^[^"]*"/, "", title); sub(/"$/, "", title)
        }
        { rest = $0
          while (match(rest, /address *= *"[^"]*"; *port *= *[0-9]+/)) {
              output = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
              address = output; sub(/^[^"]*"/, "", address); sub(/".*/, "", address)
              port = output; sub(/.*= */, "", port)
              printf "%s  ffplay udp://%s:%s\n", title, address, port
          } }
    ' "$station"
}

wait_for_engine() {
    local tries=100
    until "$build/ketang" status --station "$station" >/dev/null 2>&1; do
        kill -0 "$engine" 2>/dev/null || return 1
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

[ -r "$station" ] || fail '%s cannot be read.' "$station"
for program in ketang ketang-playout ketang-scheduler ketang-ingest ketang-demo; do
    [ -x "$build/$program" ] || fail '%s is not there; run `make` first.' "$build/$program"
done
state=$(setting state)
state=${state:-var/state}
mkdir -p "$state/run" || fail 'the folder %s cannot be made.' "$state/run"
pid_file=$state/run/make-run.pid
# Two of these would air twice.  `ketang status` looks at the lock for a moment.
exec 9>"$state/run/make-run.lock" || exit 1
flock -w 1 9 || fail 'the station in %s is on the air already; end that one first (Ctrl-C there).' "$state"
rm -f "$pid_file" # of one that was killed

trap interrupted INT TERM HUP
started=$SECONDS
KETANG_BUILD=$build setpriv --pdeathsig TERM tools/demo.sh --slate 9>&- &
demo=$!
wait "$demo" || fail 'nothing goes on the air without a slate.'
demo=

start_scheduler
start_engine
if ! wait_for_engine; then
    stop_all
    fail 'the engine did not start; see above, and %s.' "$state/run/playout.log"
fi

trap restart_scheduler USR1
echo $$ >"$pid_file"

echo
say 'On the air after %s s. To watch:' "$((SECONDS - started))"
channels | sed 's/^/    /'
named=
[ -z "${STATION:-}" ] || printf -v named ' --station %q' "$(realpath "$station")"
say 'Status: %s    Stop: Ctrl-C' "$build/ketang status$named"
say 'The scheduler alone anew: %s' "kill -USR1 \$(cat $(printf %q "$pid_file"))"
echo

KETANG_BUILD=$build setpriv --pdeathsig TERM tools/demo.sh --lessons 9>&- &
demo=$!

# The demonstration lessons end by themselves.
while :; do
    wait -n "$engine" "$scheduler"
    status=$?
    if ! kill -0 "$engine" 2>/dev/null; then
        revive_engine "$status"
    fi
    if ! kill -0 "$scheduler" 2>/dev/null; then
        revive_scheduler "$status"
    fi
done
