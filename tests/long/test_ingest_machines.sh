#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Three machines, a PostgreSQL on a fourth, a media folder that they share: each film is made
# once, a machine that is cut off is replaced and told so, and more machines make more.
#
#     namespace db ── bridge ── w1, w2, w3          media: one folder
#
# All runs in namespaces of the script's own (network, mounts, processes), which the kernel takes
# away with their last process, however that ends.
if [ "${KETANG_INSIDE:-}" != yes ]; then
    [ "$(id -u)" -eq 0 ] || { echo "# skip: network namespaces need root"; exit 77; }
    KETANG_INSIDE=yes exec unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private \
        -- "$0" "$@"
fi
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_postgres.sh
. tests/e2e/lib_station.sh
. tests/e2e/lib_jobs.sh
export LC_ALL=C.UTF-8 LANGUAGE=

LESSONS=${KETANG_LESSONS:-30}
SECONDS_EACH=10
ROUND=$((LESSONS > 12 ? 6 : 2)) # lessons in a measurement
LOST_AFTER=15 # seconds
DB=10.77.0.10

[ -n "$POSTGRES_BIN" ] || tap_skip_all "PostgreSQL's server is not installed (Debian: postgresql)"
command -v ip >/dev/null || tap_skip_all "ip is not installed (Debian: iproute2)"

# machine NAME ADDRESS: a namespace on the bridge.
machine() {
    ip netns add "$1" && ip link add "to-$1" type veth peer name eth0 netns "$1" &&
        ip link set "to-$1" master hub up && ip -n "$1" link set lo up && ip -n "$1" link set eth0 up &&
        ip -n "$1" addr add "$2/24" dev eth0
}

network() {
    mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up &&
        ip link add hub type bridge && ip link set hub up && machine db $DB &&
        machine w1 10.77.0.1 && machine w2 10.77.0.2 && machine w3 10.77.0.3
}

database() {
    POSTGRES_INSIDE=(ip netns exec db)
    postgres_start >"$TMP/start" 2>&1 || { cat "$TMP/start"; return 1; }
    postgres_stop
    echo "host all all 10.77.0.0/24 trust" >>"$POSTGRES_HOME/data/pg_hba.conf"
    postgres_start -c "listen_addresses=$DB" || return 1
    station_make
    # Whoever asks from outside uses the socket, machines the network.
    sed "s#approval_stages = 0;#& store = \"$CONNINFO\";#" "$STATION" >"$TMP/here.cfg"
    sed "s#approval_stages = 0;#& store = \"host=$DB user=ketang dbname=postgres\";#" "$STATION" >"$TMP/there.cfg"
    export KETANG_STATION=$TMP/here.cfg
}

# on_machine NAME OPTION...: a worker, which calls itself by the machine's name.
on_machine() {
    local name=$1
    shift
    exec ip netns exec "$name" unshare --uts bash -c 'hostname "$0" && exec "$@"' "$name" \
        ketang-ingest --worker --station "$TMP/there.cfg" --threads 1 --lost-after $LOST_AFTER "$@"
}

# hand_in PREFIX COUNT TONE: the same pictures, each with a tone of its own.
hand_in() {
    local i
    [ -e "$CLIPS/pictures.mp4" ] || film pictures.mp4 $SECONDS_EACH 100 || return 1
    for ((i = 1; i <= $2; i++)); do
        ffmpeg -v error -nostdin -y -i "$CLIPS/pictures.mp4" -f lavfi -i "sine=f=$(($3 + 10 * i)):d=$SECONDS_EACH" \
            -map 0:v -map 1:a -c:v copy -c:a aac "$CLIPS/$1-$i.mp4" &&
            ketang submit --house-number "$1-$i" "$CLIPS/$1-$i.mp4" >/dev/null || return 1
    done
}

count_of() { # PREFIX STATE
    ketang jobs --json | python3 -c '
import json, sys
print(sum(j["house_number"].startswith(sys.argv[1] + "-") and j["state"] == sys.argv[2] for j in json.load(sys.stdin)))' "$@"
}

all_done() { [ "$(count_of "$1" "done")" -eq "$2" ]; }

# begun LOG: the house number of the last job that it began and has not ended.
begun() {
    awk '/event=job_begin/ { number = $0; sub(/.*house_number="/, "", number); sub(/".*/, "", number) }
         /event=job_(done|failed|dropped|put_back)/ { number = "" } END { print number }' "$1"
}

is_busy() { [ -n "$(begun "$TMP/w1.log")" ]; }

# Each lesson: one job that is done, one asset, made by one machine.
are_made_once() {
    local i
    for ((i = 1; i <= LESSONS; i++)); do
        [ "$(jobs state "L-$i")" = "done" ] && [ "$(jobs submission "L-$i")" = accepted ] &&
            [ "$(assets_of "L-$i")" -eq 1 ] &&
            [ "$(cat "$TMP"/w?.log | grep -c "event=job_done .*\"L-$i\"")" -eq 1 ] ||
            { ketang jobs --all | grep "L-$i "; grep -h "\"L-$i\"" "$TMP"/w?.log; return 1; }
    done
    is_tidy && ! compgen -G "$MEDIA/.ingest-*"
}

all_took_part() {
    local name
    for name in w1 w2 w3; do
        grep -q "event=job_done" "$TMP/$name.log" || { echo "$name made nothing"; return 1; }
    done
}

cut_was_replaced() {
    echo "cut off with $CUT"
    cat "$TMP/w1.log"
    [ -n "$CUT" ] && grep -q "event=job_dropped .*\"$CUT\"" "$TMP/w1.log" &&
        ! grep -q "event=job_done .*\"$CUT\"" "$TMP/w1.log" &&
        grep -q "event=job_done .*\"$CUT\"" "$TMP/w2.log" "$TMP/w3.log" &&
        [ "$(jobs state "$CUT")" = "done" ] && [ "$(jobs lost "$CUT")" -eq 1 ]
}

# What it began after it was back was made.
came_back() {
    sed '1,/event=job_dropped/d' "$TMP/w1.log" | grep -q "event=job_done"
}

processor_s() { awk '/^cpu / { print ($2 + $3 + $4 + $7 + $8 + $9) / 100 }' /proc/stat; }

# measure WORKERS: makes ROUND lessons; leaves "lessons a minute, others' share of the processors".
measure() {
    local before after spent i
    hand_in "M$1" $ROUND $(($1 * 1000)) || return 1
    before=$(processor_s)
    TIMEFORMAT='%R %U %S'
    spent=$( { time { for ((i = 1; i <= $1; i++)); do
        (on_machine "w$i" --once 2>"$TMP/measure.w$i") &
    done; wait; }; } 2>&1)
    after=$(processor_s)
    all_done "M$1" $ROUND || { ketang jobs; cat "$TMP"/measure.w*; return 1; }
    echo "$spent $before $after $(nproc)" | awk -v round=$ROUND \
        '{ others = $5 - $4 - $2 - $3; printf "%.2f %.0f %.1f\n", 60 * round / $1, 100 * others / ($1 * $6), ($2 + $3) / round }' >"$TMP/measured.$1"
    cat "$TMP/measured.$1"
}

# Two are faster than one by most of a processor, where nobody else uses them.
scales() {
    paste -d' ' "$TMP/measured.1" "$TMP/measured.2" | awk '{ print; exit !($4 > 1.6 * $1) }'
}

tap "four machines on a bridge" network
database >"$TMP/database" 2>&1 # not in a subshell: it sets CONNINFO
tap "a PostgreSQL on one of them" test $? -eq 0
tap "a slate is made" ketang ingest --slate
tap "$LESSONS lessons are handed in" hand_in L $LESSONS 300

workers=()
for name in w1 w2 w3; do
    (on_machine $name) 2>"$TMP/$name.log" &
    workers+=($!)
done
wait_for 60 grep -q "event=job_done" "$TMP/w1.log"
wait_for 60 is_busy
ip link set to-w1 down # in the middle of a film
CUT=$(begun "$TMP/w1.log")
wait_for 120 eval 'grep -q "event=job_begin .*\"$CUT\"" "$TMP/w2.log" "$TMP/w3.log"'
ip link set to-w1 up
wait_for 400 all_done L $LESSONS
for worker in "${workers[@]}"; do
    kill -TERM "$worker"
done
wait "${workers[@]}"
tap "each lesson is made once" are_made_once
tap "all three machines took part" all_took_part
tap "a machine that was cut off is replaced, and publishes nothing" cut_was_replaced
tap "it goes on when it is back" came_back

for workers in 1 2 3; do
    tap "$ROUND lessons of $SECONDS_EACH s by $workers, a thread each" measure $workers
    read -r rate others each <"$TMP/measured.$workers"
    echo "# checked: $workers workers, a thread each: $rate lessons of $SECONDS_EACH s a minute, $each s of CPU each; others took $others % of the processors"
done
others=$(awk '$2 > most { most = $2 } END { print most + 0 }' "$TMP"/measured.[12])
if [ "$(nproc)" -lt 2 ] || [ "$others" -gt 10 ]; then
    tap_skip "two workers make 1.6 times what one makes" "others took $others % of $(nproc) processors"
else
    tap "two workers make 1.6 times what one makes" scales
fi
# Also where others use the processors: a film costs no more for being made beside another.
costs_no_more() {
    paste -d' ' "$TMP/measured.1" "$TMP/measured.2" | awk '{ print; exit !($6 < 1.25 * $3) }'
}
tap "a film takes no more of the processors when two are made" costs_no_more
tap_done
