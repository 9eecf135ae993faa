#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The engine with five channels beside a bare loop that only sleeps: processor
# time, lateness of datagrams, memory.  The receivers throw everything away.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

SECONDS_ON_AIR=${BENCH_SECONDS:-60}
PORTS=$((5100 + $$ % 900))
K=2325

cpu_ticks() {
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

station_make
station_media >/dev/null 2>&1 || exit 1
sed -i "s/port = 500\([1-5]\)/port = $PORTS\1/" "$STATION"
frame=$(((($(date +%s) + 8) * 25) / 3 * 3))
for channel in zhangdian zhoucun linzi huantai gaoqing; do
    mkdir -p "$STATE/plans/$channel"
    make-plan() { "$BUILD/tests/make-plan" "$@" >/dev/null; }
    make-plan "$MEDIA" "$STATE/plans/$channel" $frame $((SECONDS_ON_AIR + 60)) 1
    rm "$STATE/plans/$channel/journal"
    sed -i "s/^channel: .*/channel: $channel/" "$STATE/plans/$channel/1.yaml"
done
for n in 1 2 3 4 5; do
    "$BUILD/tests/udp-capture" 127.0.0.1 $PORTS$n $((SECONDS_ON_AIR + 15)) $K /dev/null >/dev/null &
done
ketang-playout --station "$STATION" --trust-clock 2>/dev/null &
engine=$!
sleep 12
before=$(cpu_ticks $engine)
bare=$("$BUILD/tests/bare-pacer" "$SECONDS_ON_AIR" $K)
after=$(cpu_ticks $engine)
ketang status --station "$STATION" --json >"$TMP/status"
memory=$(awk '/VmRSS/ { print $2 }' "/proc/$engine/status")
kill -TERM $engine
wait $engine

number() {
    grep -o -m 1 "\"$1\": [0-9]*" "$TMP/status" | grep -o '[0-9]*$'
}
bare_number() {
    echo "$bare" | awk -v key="$1" '{ for (i = 1; i < NF; i++) if ($i == key) print $(i + 1) }'
}

awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v seconds="$SECONDS_ON_AIR" \
    -v p50="$(number p50_us)" -v p99="$(number p99_us)" -v bare50="$(bare_number p50-us)" \
    -v bare99="$(bare_number p99-us)" -v memory="$memory" 'BEGIN {
    printf "processor: %.2f %% of a core for five channels, %.3f %% a channel\n",
        100 * ticks / hz / seconds, 20 * ticks / hz / seconds
    printf "lateness p50: %d us, bare loop %d us; p99: %d us, bare loop %d us, ratio %.2f\n",
        p50, bare50, p99, bare99, p99 / (bare99 > 0 ? bare99 : 1)
    printf "memory: %.1f MB resident, %.2f MB a channel\n", memory / 1024, memory / 1024 / 5
}'
