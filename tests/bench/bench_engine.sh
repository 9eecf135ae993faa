#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What five channels on the air cost, and how exactly they leave: processor
# time, memory, and lateness beside a bare clock_nanosleep loop.  Limits: half
# a percent of a core and 4 MB a channel, lateness p99 at most 4 times the
# bare loop's.  Exit status 1 when one of them is exceeded.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

SECONDS_MEASURED=${BENCH_SECONDS:-60}
CHANNELS="zhangdian zhoucun linzi huantai gaoqing"
K=2325
count=5

# Nanoseconds of processor time of all threads, user and system.
cpu_ns() {
    cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'
}

station_make
sed -i 's/port = 500/port = 540/' "$STATION"
station_media >/dev/null || exit 1
now=$(($(date +%s) * 25))
seed=1
for channel in $CHANNELS; do
    mkdir -p "$STATE/plans/$channel"
    "$BUILD/tests/make-plan" "$MEDIA" "$STATE/plans/$channel" $((now / 3 * 3)) \
        $((SECONDS_MEASURED + 60)) $seed "$channel" >/dev/null
    seed=$((seed + 1))
done

ketang-playout --station "$STATION" --trust-clock 2>"$TMP/log" &
engine=$!
"$BUILD/tests/udp-sink" 9 5401 5402 5403 5404 5405 &
sink=$!
trap 'kill $engine $sink; rm -rf "${TMP:?}"' EXIT
sleep 5
before=$(cpu_ns $engine)
"$BUILD/tests/bare-pacer" "$SECONDS_MEASURED" $K >"$TMP/bare"
after=$(cpu_ns $engine)
"$BUILD/tests/bare-pacer" 10 $K $count >"$TMP/sending"
memory_kb=$(awk '/VmRSS/ { print $2 }' /proc/$engine/status)
lateness=$(ketang status --station "$STATION" --json | grep -m 4 -o '"p[0-9]*_us": [0-9]*\|"max_us": [0-9]*')
p99=$(echo "$lateness" | awk -F': ' '/p99_/ { print $2 }')
bare=$(awk '{ print $4 }' "$TMP/bare")
floor=$(awk '{ print $10 }' "$TMP/sending")

echo "load of the machine: $(cut -d ' ' -f 1-3 /proc/loadavg)"
echo "bare loop: $(cat "$TMP/bare")"
echo "that sends: $(cat "$TMP/sending")"
echo "engine:    $(echo "$lateness" | tr '\n' ' ')"
awk -v ns=$((after - before)) -v s="$SECONDS_MEASURED" -v n=$count -v kb="$memory_kb" -v p99="$p99" \
    -v bare="$bare" -v floor="$floor" '
    function verdict(value, limit) { failed += value > limit; return value > limit ? "EXCEEDED" : "ok" }
    BEGIN {
        cpu = ns / s / 1e7 / n
        printf "processor, per channel: %.3f %% of a core (limit 0.5): %s\n", cpu, verdict(cpu, 0.5)
        printf "                        %.2f x a bare loop that sends as much\n", cpu * n * 1e4 / floor
        mb = kb / 1024 / n
        printf "memory, per channel: %.2f MB (limit 4): %s\n", mb, verdict(mb, 4)
        printf "lateness p99: %.2f x the bare loop (limit 4): %s\n", p99 / bare, verdict(p99 / bare, 4)
        exit failed > 0
    }'
