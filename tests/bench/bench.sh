#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Ours and others side by side, in one run, on the same material: processor
# time to UDP, evenness of the output, lateness, rendering, memory, start-up.
#
#   BENCH_SECONDS   of each measurement (20)
#   BENCH_RUNS      rounds; in each, every contender has its turn (5)
#   BENCH_CHANNELS  numbers of channels (1 5 20 100 400)
#   BENCH_PARTS     what is measured (cpu lateness evenness rendering start compile ingest)
#   BENCH_PEERS     the most channels of one of the others (20: they cost a process each)
#
# A round takes one contender after the other, so that a machine that is
# slow for a while is slow for all of them; medians are over rounds.  Results
# are lines "metric contender channels value" in build/bench/results.txt, from
# which bench_report.py makes the table, results.json and cpu.svg.
#
# All send to receivers on 127.0.0.1 that are there and do not read, so that
# nobody pays for waking one up; only where evenness is measured the first of
# them reads.  The bare sender has the same datagrams ready in memory.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

SECONDS_EACH=${BENCH_SECONDS:-20}
RUNS=${BENCH_RUNS:-5}
CHANNELS=${BENCH_CHANNELS:-1 5 20 100 400}
PEERS_MOST=${BENCH_PEERS:-20}
PARTS=${BENCH_PARTS:-cpu lateness evenness rendering start compile ingest}
RATE=4000000
K=2650 # RATE / 1504, a multiple of 25
MUX_RATE=$((K * 1504))
SETTLE=3
PORT=$((30000 + $$ % 20000))
OUT=$BUILD/bench
MATERIAL=$OUT/material
RESULTS=$OUT/results.txt
HOUR=3600

mkdir -p "$OUT"
: >"$RESULTS"
pids=()
sink=
trap 'stop_all; rm -rf "${TMP:?}"' EXIT

say() {
    echo "== $*" >&2
}

# result METRIC CONTENDER CHANNELS VALUE
result() {
    echo "$*" | tee -a "$RESULTS" >&2
}

# --- What is played --------------------------------------------------------

# One lesson of 100 s of real film, and the slate; kept beside the build.
make_material() {
    [ ! -e "$MATERIAL/complete" ] || return 0
    say "making the material: a minute or two"
    rm -rf "$MATERIAL"
    mkdir -p "$MATERIAL"
    ffmpeg -v error -y -stream_loop 30 -i tests/media/film-1080p24-aac51.mp4 -t 100 -c copy \
        "$MATERIAL/source.mp4" &&
        ketang ingest --slate --media "$MATERIAL/assets" &&
        ketang ingest --preset veryfast --media "$MATERIAL/assets" --house-number BENCH \
            "$MATERIAL/source.mp4" && touch "$MATERIAL/complete"
}

# The station file's first transport, over and over; ports from PORT on.
make_station() {
    local count=$1 first last
    rm -rf "${STATE:?}"
    MEDIA=$MATERIAL/assets station_make
    first=$(awk '/^transports:/ { inside = 1 } inside && /^    {/ { print NR; exit }' "$STATION")
    last=$(awk -v first="$first" 'NR > first && /^    },?$/ { print NR; exit }' "$STATION")
    sed -n "$first,${last}p" "$STATION" | sed 's/},$/}/' >"$TMP/block"
    {
        sed -n "1,$((first - 1))p" "$STATION"
        awk -v count="$count" -v port="$PORT" -v rate=$RATE '
            { block[NR] = $0 }
            END {
                for (i = 1; i <= count; i++) {
                    for (n = 1; n <= NR; n++) {
                        line = block[n]
                        sub(/name = "zhangdian"/, "name = \"c" i "\"", line)
                        sub(/port = [0-9]+/, "port = " port + i - 1, line)
                        sub(/bitrate_bps = 3500000/, "bitrate_bps = " rate, line)
                        sub(/transport_stream_id = 1;/, "transport_stream_id = " i ";", line)
                        sub(/service_id = 101/, "service_id = " 100 + i, line)
                        print line (n == NR && i < count ? "," : "")
                    }
                }
            }' "$TMP/block"
        echo ");"
    } >"$STATION.new"
    mv "$STATION.new" "$STATION"
}

# make_plans COUNT SECONDS: joins every 50 to 100 s, other ones on each channel;
# a lesson on air has one in twenty minutes, the peers' loops one in 100 s.
make_plans() {
    local i start=$((($(date +%s) * 25 - 250) / 3 * 3))
    for ((i = 1; i <= $1; i++)); do
        mkdir -p "$STATE/plans/c$i"
        make-plan "$MATERIAL/assets" "$STATE/plans/c$i" $start "$2" $i c$i "$STATION" 100 >/dev/null || return 1
    done
}

# The same stream as a file, for those that play files and for the bare sender.
make_stream() {
    [ ! -e "$MATERIAL/stream.ts.aux" ] || return 0
    ffmpeg -v error -y -i "$MATERIAL/lesson.mp4" -c copy -f mpegts -muxrate $MUX_RATE -pcr_period 25 \
        "$MATERIAL/stream.ts" && ingests -p 256 "$MATERIAL/stream.ts"
}

# --- Contenders --------------------------------------------------------------
#
# start_X COUNT puts COUNT channels on ports PORT, PORT + 1 ... and adds to pids.

start_ours() {
    prepare_ours "$1" && run_ours
}

prepare_ours() {
    make_station "$1"
    make_plans "$1" $((3 * SECONDS_EACH + 300))
}

launch_ours() {
    ketang-playout --station "$STATION" --trust-clock >/dev/null 2>"$TMP/engine.log" &
    pids+=($!)
}

run_ours() {
    local tries=100
    launch_ours
    until ketang status --station "$STATION" --json 2>/dev/null | grep -q '"sent": [1-9]'; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { cat "$TMP/engine.log"; return 1; }
        sleep 0.1
    done
}

start_bare() {
    bare-pacer $((SETTLE + SECONDS_EACH + 10)) $K "$1" $PORT "$MATERIAL/stream.ts" >/dev/null &
    pids+=($!)
}

start_ffmpeg() {
    local i
    for ((i = 0; i < $1; i++)); do
        ffmpeg -v quiet -nostdin -re -stream_loop -1 -i "$MATERIAL/lesson.mp4" -c copy -f mpegts \
            -muxrate $MUX_RATE -pcr_period 25 "udp://127.0.0.1:$((PORT + i))?pkt_size=1316" &
        pids+=($!)
    done
}

start_gstreamer() {
    local i
    for ((i = 0; i < $1; i++)); do
        gst-launch-1.0 -q filesrc location="$MATERIAL/lesson.mp4" ! qtdemux name=d \
            d.video_0 ! queue ! h264parse ! mpegtsmux name=mux alignment=7 bitrate=$MUX_RATE \
            pcr-interval=2250 ! udpsink host=127.0.0.1 port=$((PORT + i)) \
            d.audio_0 ! queue ! mpegaudioparse ! mux. >/dev/null 2>&1 &
        pids+=($!)
    done
}

start_multicat() {
    local i
    for ((i = 0; i < $1; i++)); do
        multicat -u -U "$MATERIAL/stream.ts" "127.0.0.1:$((PORT + i))" >/dev/null 2>&1 &
        pids+=($!)
    done
}

start_sink() {
    udp-sink $(seq "$1" "$2") &
    sink=$!
}

stop_all() {
    [ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
    [ -z "$sink" ] || kill "$sink" 2>/dev/null
    wait 2>/dev/null
    pids=()
    sink=
}

# --- Measurements --------------------------------------------------------------

# Nanoseconds of processor time of all threads of all contenders.
cpu_ns() {
    local pid
    for pid in "${pids[@]}"; do
        cat /proc/"$pid"/task/*/schedstat
    done | awk '{ sum += $1 } END { printf "%.0f", sum }'
}

# Kilobytes that belong to them, shared pages in proportion.
memory_kb() {
    local pid
    for pid in "${pids[@]}"; do
        cat /proc/"$pid"/smaps_rollup
    done | awk '/^Pss:/ { sum += $2 } END { print sum }'
}

now_ns() {
    date +%s%N
}

quotient() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.6g\n", a / b }'
}

engine_p99_us() {
    ketang status --station "$STATION" --json | awk -F'[:,]' '
        /"p99_us"/ { value = $2 + 0; if (value > most) { most = value } } END { print most + 0 }'
}

# cpu CONTENDER COUNT: percent of a core for each channel, and memory.
measure_cpu() {
    local before after began ended
    start_sink $PORT $((PORT + $2 - 1))
    "start_$1" "$2" || { say "$1 does not start"; stop_all; return 1; }
    sleep $SETTLE
    before=$(cpu_ns)
    began=$(now_ns)
    sleep "$SECONDS_EACH"
    after=$(cpu_ns)
    ended=$(now_ns)
    result cpu_percent "$1" "$2" "$(quotient $(((after - before) * 100)) $(((ended - began) * $2)))"
    [ "$1" = bare ] || result memory_mb "$1" "$2" "$(quotient "$(memory_kb)" $(($2 * 1024)))"
    stop_all
}

# lateness CONTENDER COUNT: of ours or the bare sender, from its start on, beside
# a bare loop's at the same time.  Six times as long as the rest: of a hundredth
# the first second must not be a large part, when pages are met for the first time.
measure_lateness() {
    local loop p99 length=$((6 * SECONDS_EACH))
    start_sink $PORT $((PORT + $2 - 1))
    [ "$1" = bare ] || prepare_ours "$2" || { stop_all; return 1; }
    bare-pacer $length $K >"$TMP/loop" &
    loop=$!
    if [ "$1" = bare ]; then
        bare-pacer $length $K "$2" $PORT "$MATERIAL/stream.ts" >"$TMP/late"
        p99=$(awk '{ print $4 }' "$TMP/late")
        wait $loop
    else
        run_ours || { stop_all; return 1; }
        wait $loop
        p99=$(engine_p99_us)
        result lateness_p99_us loop "$2" "$(awk '{ print $4 }' "$TMP/loop")"
    fi
    result lateness_p99_us "$1" "$2" "$p99"
    result lateness_ratio "$1" "$2" "$(quotient "$p99" "$(awk '{ print $4 }' "$TMP/loop")")"
    stop_all
}

# evenness CONTENDER COUNT: PCR against arrival of the first of COUNT channels.
measure_evenness() {
    [ "$2" -eq 1 ] || start_sink $((PORT + 1)) $((PORT + $2 - 1))
    "start_$1" "$2" || { stop_all; return 1; }
    sleep $SETTLE
    if pcr-arrival $PORT "$SECONDS_EACH" >"$TMP/arrival"; then
        while read -r metric column; do
            result "$metric" "$1" "$2" "$(awk -v n="$column" '{ print $n }' "$TMP/arrival")"
        done <<END
pcr_p50_us 6
pcr_p99_us 8
pcr_peak_us 10
pcr_drift_ppm 12
END
    fi
    stop_all
}

# From the start of the program to its first datagram.
measure_start() {
    pcr-arrival $PORT 1 >"$TMP/arrival" &
    local listener=$!
    if [ "$1" = ours ]; then
        prepare_ours "$2"
        stop_listener $listener
        pcr-arrival $PORT 1 >"$TMP/arrival" &
        listener=$!
        launch_ours
    else
        "start_$1" "$2"
    fi
    wait $listener && result start_ms "$1" "$2" "$(awk '{ print $2 }' "$TMP/arrival")"
}

stop_listener() {
    kill "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# kill -9 and again, from the kill to the first datagram.
measure_resume() {
    measure_start ours "$1"
    kill -KILL "${pids[@]}"
    wait "${pids[@]}" 2>/dev/null
    pids=()
    pcr-arrival $PORT 1 >"$TMP/arrival" &
    local listener=$!
    launch_ours
    wait $listener && result resume_ms ours "$1" "$(awk '{ print $2 }' "$TMP/arrival")"
    stop_all
}

# measure_rendering CONTENDER COMMAND...: gigabits of an hour of stream a second of a core's time.
measure_rendering() {
    local contender=$1 TIMEFORMAT='%U %S' times
    shift
    { times=$( { time "$@" >/dev/null 2>&1; } 2>&1); } || return 1
    result render_gbps "$contender" 1 \
        "$(echo "$times" | awk -v bits=$((MUX_RATE * HOUR)) '{ print bits / ($1 + $2) / 1e9 }')"
}

part_rendering() {
    make_station 1
    make_plans 1 $((HOUR + 60))
    local first=$((($(date +%s) + 5) * K))
    # Warm: the lesson is in the page cache for all of them.
    measure_rendering ours ketang render --station "$STATION" --transport c1 --first-slot $first \
        --slots $((K * HOUR)) -o /dev/null
    measure_rendering ffmpeg ffmpeg -v quiet -nostdin -y -stream_loop -1 -i "$MATERIAL/lesson.mp4" \
        -t $HOUR -c copy -f mpegts -muxrate $MUX_RATE -pcr_period 25 /dev/null
    "$BUILD/tests/bench/bench_mux" "$MATERIAL/lesson.mp4" $MUX_RATE $HOUR >"$TMP/mux" &&
        result render_gbps muxer 1 "$(awk '{ print $2 }' "$TMP/mux")"
    "$BUILD/tests/bench/bench_tape" "$STATION" $HOUR >"$TMP/tape" &&
        result render_gbps tape 1 "$(awk '{ print $2 }' "$TMP/tape")"
}

part_compile() {
    "$BUILD/tests/bench/bench_compile" >"$TMP/compile" || return
    result compile_s ours 100 "$(awk '{ print $2 }' "$TMP/compile")"
    result compile_year_s ours 1 "$(awk '{ print $4 }' "$TMP/compile")"
    result compile_mb ours 100 "$(awk '{ print $6 }' "$TMP/compile")"
}

# What ingest does to the film, by the ffmpeg program: the sound is measured first, then all of it
# is made.  It reviews and proves nothing, and does not look again at what its limiter took.
FFMPEG_SOUND="aresample=48000:async=1000:min_hard_comp=0.05:flags=res:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo"
FFMPEG_LIMITER="aresample=192000,alimiter=limit=-3dB:level=false:attack=5:release=50:latency=true,aresample=48000"
FFMPEG_PICTURE="fps=25:start_time=0:round=near,scale=704:576:flags=lanczos+accurate_rnd:in_color_matrix=bt709:out_color_matrix=bt470bg:out_range=tv,format=yuv420p,limiter=min=16:max=235:planes=1,limiter=min=16:max=240:planes=6,pad=720:576:(ow-iw)/2:(oh-ih)/2:black,setsar=16/11"
FFMPEG_X264="scenecut=0:open-gop=0:b-pyramid=none:weightp=1:weightb=1:stitchable=1:aud=1:cabac=1:8x8dct=1:subme=6:trellis=1:psy-rd=1.0,0.0:nal-hrd=none:force-cfr=1"
ffmpeg_ingest() { # FILM RESULT
    ffmpeg -v quiet -nostdin -threads 2 -i "$1" -vn -af "$FFMPEG_SOUND,ebur128=peak=true" -f null - &&
        ffmpeg -v quiet -nostdin -y -threads 2 -filter_threads 1 -i "$1" -vf "$FFMPEG_PICTURE" \
            -af "$FFMPEG_SOUND,volume=0dB:precision=float,$FFMPEG_LIMITER,ebur128=peak=true" \
            -c:v libx264 -threads:v 1 -preset medium -crf 20 -maxrate 2500k -bufsize 1250k -g 24 \
            -keyint_min 24 -bf 2 -refs 3 -profile:v high -level 3.0 -x264-params "$FFMPEG_X264" \
            -c:a mp2 -b:a 192k -ar 48000 -ac 2 "$2"
}

our_ingest() { # FILM
    ketang ingest --media "$TMP/ingest" --house-number BENCH "$1"
}

# measure_ingest CONTENDER COMMAND...: processor seconds.
measure_ingest() {
    local contender=$1 TIMEFORMAT='%U %S' times
    shift
    { times=$( { time "$@" >/dev/null 2>&1; } 2>&1); } || return 1
    result ingest_cpu_s "$contender" 1 "$(echo "$times" | awk '{ print $1 + $2 }')"
}

part_ingest() {
    local film=$MATERIAL/half.mp4 TIMEFORMAT=%R real
    [ -e "$film" ] || ffmpeg -v error -nostdin -i "$MATERIAL/source.mp4" -t 50 -c copy "$film" || return
    rm -rf "$TMP/ingest"
    measure_ingest ours our_ingest "$film"
    measure_ingest ffmpeg ffmpeg_ingest "$film" "$TMP/ffmpeg.mp4"
    # An asset of 100 s that is handed in again.
    cp "$MATERIAL/lesson.mp4" "$TMP/export.mp4"
    rm -rf "$TMP/ingest"
    { real=$( { time our_ingest "$TMP/export.mp4" >"$TMP/copied" 2>&1; } 2>&1); } || return
    grep -q 'taken as it is' "$TMP/copied" || say "the asset was encoded again"
    result ingest_copy_times ours 1 "$(echo "$real" | awk '{ print 100 / $1 }')"
}

part_cpu() {
    local count contender
    for count in $CHANNELS; do
        for contender in ours bare; do
            measure_cpu $contender "$count"
        done
        [ "$count" -le "$PEERS_MOST" ] || continue
        for contender in ffmpeg gstreamer multicat; do
            measure_cpu $contender "$count"
        done
    done
}

part_lateness() {
    local count contender
    for count in 1 100; do
        for contender in ours bare; do
            measure_lateness $contender $count
        done
    done
}

part_evenness() {
    local contender
    for contender in ours multicat gstreamer ffmpeg; do
        measure_evenness $contender 1
    done
    measure_evenness ours 100
}

part_start() {
    local contender
    for contender in ffmpeg gstreamer multicat; do
        measure_start $contender 1
        stop_all
    done
    measure_resume 5
}

PATH=$BUILD/tests:$PATH
make_material || exit 1
MEDIA=$MATERIAL/assets
ln -sf "$(ls -S "$MATERIAL"/assets/*.mp4 | head -n 1)" "$MATERIAL/lesson.mp4"
make_stream || exit 1
for ((run = 1; run <= RUNS; run++)); do
    say "round $run of $RUNS, load of the machine $(cut -d ' ' -f 1-3 /proc/loadavg)"
    for part in $PARTS; do
        "part_$part"
    done
done
python3 tests/bench/bench_report.py "$RESULTS" "$OUT"
