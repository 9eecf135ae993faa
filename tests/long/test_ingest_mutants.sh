#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Thousands of damaged and hostile films through the whole of ingest, built
# with sanitizers: each becomes an asset or is refused with a line, in bounded
# time; ours breaks neither in the parent nor in the child; nothing is left
# behind, and nothing outside the media folder changes.
#
#   test_ingest_mutants.sh [FILMS]   5000, or KETANG_MUTATIONS
#   KETANG_SEED      of the first film; the others follow it by one each
#   KETANG_SANITIZED a build with SAN=address,undefined; made when there is none
#   KETANG_FINDINGS  a folder that keeps films of which more is to be said
#
# Where FFmpeg itself breaks down in the child, that is a finding about the
# film: it is counted, and the film is kept.
. "$(dirname "$0")/../tap.sh"

COUNT=${1:-${KETANG_MUTATIONS:-5000}}
SEED=${KETANG_SEED:-1}
SANITIZED=$(realpath -m "${KETANG_SANITIZED:-build-address-undefined}")
FINDINGS=${KETANG_FINDINGS:-$TMP/findings}
FILMS=$TMP/films
WORKERS=2
LONGEST_S=120

export ASAN_OPTIONS=symbolize=0:allocator_may_return_null=1:max_allocation_size_mb=4096:exitcode=99:detect_leaks=1
export UBSAN_OPTIONS=symbolize=0:print_stacktrace=1

mkdir -p "$FILMS" "$FINDINGS"
[ -x "$SANITIZED/ketang-ingest" ] && [ -x "$SANITIZED/tests/film-spoil" ] ||
    nice make -j2 SAN=address,undefined BUILD="$SANITIZED" tests >"$TMP/build.log" 2>&1 ||
    { tail "$TMP/build.log"; echo "Bail out! there is no sanitized build"; exit 1; }

# The path is the same for a picture of 192 x 144, and ten times as fast.
awk '/name = "sd";/ { on = 1 } /name = "sd-mpeg2"/ { on = 0 }
    on { sub(/width = 720/, "width = 192"); sub(/height = 576/, "height = 144") } { print }' \
    schedules/station.cfg | sed "s#timetables = \"schedules\"#timetables = \"$PWD/schedules\"#" >"$TMP/station.cfg"

# --- Films to spoil -----------------------------------------------------------------

film() { # NAME ffmpeg-output-argument...
    local name=$1
    shift
    nice ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=160x120:r=12.5:d=1.2 \
        -f lavfi -i sine=f=500:d=1.2 -t 1.2 "$@" "$FILMS/$name"
}

make_films() {
    local x264='-c:v libx264 -preset ultrafast -g 8'
    # shellcheck disable=SC2086 # words
    film plain.mp4 $x264 -c:a aac && film front.mp4 $x264 -c:a aac -movflags +faststart &&
        film pieces.mp4 $x264 -c:a aac -movflags frag_keyframe+empty_moov &&
        film edits.mp4 -c:v libx264 -preset fast -bf 2 -c:a aac -metadata:s:v rotate=90 &&
        film hevc.mov -c:v libx265 -preset ultrafast -x265-params log-level=error -c:a aac -tag:v hvc1 &&
        film prores.mov -c:v prores_ks -profile:v 0 -c:a pcm_s24le && film animation.mov -c:v qtrle -c:a pcm_s16be &&
        film h264.mkv $x264 -c:a ac3 && film av1.mkv -c:v libsvtav1 -preset 12 -c:a libopus &&
        film ffv1.mkv -c:v ffv1 -c:a flac && film vp8.webm -c:v libvpx -deadline realtime -c:a libvorbis &&
        film vp9.webm -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus &&
        film mpeg4.avi -c:v mpeg4 -c:a libmp3lame && film mjpeg.avi -c:v mjpeg -c:a pcm_s16le -ar 8000 -ac 1 &&
        film flv1.flv -c:v flv1 -ar 44100 -c:a libmp3lame && film h264.flv $x264 -c:a aac &&
        film wmv2.wmv -c:v wmv2 -c:a wmav2 && film mpeg2.ts -r 25 -c:v mpeg2video -c:a mp2 &&
        film h264.ts $x264 -c:a aac && film blue.mts $x264 -c:a ac3 -mpegts_m2ts_mode 1 &&
        film hevc.ts -c:v libx265 -preset ultrafast -x265-params log-level=error -c:a eac3 &&
        film mpeg2.mpg -r 25 -c:v mpeg2video -c:a ac3 -f vob && film mpeg1.mpg -r 25 -c:v mpeg1video -c:a mp2 &&
        film h263.3gp -s 176x144 -c:v h263 -c:a aac -ar 16000 && film mpeg4.3gp -c:v mpeg4 -c:a aac &&
        film theora.ogv -c:v libtheora -c:a libvorbis && film vp8.nut -c:v libvpx -deadline realtime -c:a libopus
}

# --- What must hold ------------------------------------------------------------------

# The whole of a worker's folder but what a media folder holds and the worker's own notes.
around() { # FOLDER
    (cd "$1" && find . -path ./media -prune -o -path ./notes -prune -o -printf '%p %y %m %s %T@\n' | sort
        cd "$TMP" && sha256sum station.cfg films/*)
}

is_one_line() {
    [ "$(wc -l <"$1")" -eq 1 ] && ! LC_ALL=C.UTF-8 grep -q '[[:cntrl:]]' "$1"
}

# Whose code it was that a sanitizer stopped: the first frame that is not of a sanitizer.
culprit() { # ERR
    grep -o '^ *#[0-9]* 0x[0-9a-f]*.*(\(.*\)+0x[0-9a-f]*)' "$1" | sed 's/.*(\(.*\)+0x.*/\1/' |
        grep -v -e 'lib[a-z]*san' | head -n 1
}

keep() { # WHY SEED FILM
    cp "$3" "$FINDINGS/$1-$2-${3##*/}"
    cp "$notes/err" "$FINDINGS/$1-$2.err"
}

# survives SEED FILM NUMBER: says what came of it.
survives() {
    local status began took
    began=$(date +%s%N)
    (cd "$folder/beside" && exec timeout --kill-after=5 "$LONGEST_S" nice "$SANITIZED/ketang-ingest" \
        --station "$TMP/station.cfg" --media "$folder/media" --preset ultrafast --house-number "$3" \
        "$2") >"$notes/out" 2>"$notes/err" </dev/null
    status=$?
    took=$((($(date +%s%N) - began) / 1000000))
    echo "$took" >>"$notes/times"
    [ "$took" -lt 20000 ] || keep slow "$1" "$2"
    if grep -q -e 'Sanitizer' -e 'runtime error' "$notes/err"; then
        case $(culprit "$notes/err") in
            */lib*) echo broke >>"$notes/verdicts"; keep ffmpeg "$1" "$2" ;;
            *) keep ours "$1" "$2"; echo "ours broke"; return 1 ;;
        esac
        # What the parent says of it is its last line.
        tail -n 1 "$notes/err" >"$notes/last" && mv "$notes/last" "$notes/err"
    fi
    sed -i '/no timetable names .* yet/d' "$notes/err"
    if [ "$status" -eq 0 ]; then
        ! LC_ALL=C.UTF-8 grep '[[:cntrl:]]' "$notes/out" || return 1
        sed -i '/^  /d' "$notes/out"
        [ ! -s "$notes/err" ] && is_one_line "$notes/out" && echo made >>"$notes/verdicts"
    elif [ "$status" -eq 1 ]; then
        [ ! -s "$notes/out" ] && is_one_line "$notes/err" && echo refused >>"$notes/verdicts" &&
            sed 's/^[^:]*: //; s/[0-9][0-9.]*/N/g' "$notes/err" >>"$notes/sentences"
    else
        false
    fi || { keep status "$1" "$2"; echo "exit status $status"; cat "$notes/out" "$notes/err"; return 1; }
    ! compgen -G "$folder/media/.ingest-*" >/dev/null || { echo "a working folder is left"; return 1; }
}

# Nothing but assets and reviews in it, and nothing changed around it.
leaves_no_trace() {
    local others
    others=$(find "$folder/media" -type f ! -name '*.mp4' ! -name '*.idx' ! -name '*.json' ! -path "$folder/media/reports/*.html")
    [ -z "$others" ] || { echo "written besides: $others"; return 1; }
    around "$folder" | diff "$notes/around" - || { echo "what is around the media folder changed"; return 1; }
    rm -rf "$folder/media"
    mkdir "$folder/media"
    around "$folder" >"$notes/around" # making it anew touched the folder
}

# work WORKER: every WORKERS-th film of them.
work() {
    local folder=$TMP/worker-$1 notes=$TMP/worker-$1/notes films=("$FILMS"/*) i seed film other done=0 failed=0
    mkdir -p "$folder/media" "$folder/beside" "$notes"
    echo "what others keep here" >"$folder/beside/kept.txt"
    : >"$notes/times"
    : >"$notes/verdicts"
    : >"$notes/sentences"
    around "$folder" >"$notes/around"
    for ((i = $1; i < COUNT; i += WORKERS)); do
        seed=$((SEED + i))
        film=${films[$((seed % ${#films[@]}))]}
        other=${films[$((seed / ${#films[@]} % ${#films[@]}))]}
        "$SANITIZED/tests/film-spoil" "$seed" "$film" "$other" >"$notes/mutant-${film##*/}" || return 1
        survives "$seed" "$notes/mutant-${film##*/}" "M-$seed" ||
            { echo "KETANG_SEED=$seed of ${film##*/} with ${other##*/}"; failed=$((failed + 1)); }
        rm -f "$notes/mutant-${film##*/}"
        done=$((done + 1))
        [ $((done % 100)) -ne 0 ] || leaves_no_trace || { echo "at seed $seed"; return 1; }
        [ $failed -lt 20 ] || return 1
    done
    leaves_no_trace && [ $failed -eq 0 ]
}

all_survive() {
    local workers=() worker status=0
    for ((worker = 0; worker < WORKERS; worker++)); do
        work $worker >"$TMP/told-$worker" 2>&1 &
        workers+=($!)
    done
    for worker in "${workers[@]}"; do
        wait "$worker" || status=1
    done
    cat "$TMP"/told-*
    return $status
}

of() { cat "$TMP"/worker-*/notes/verdicts | grep -cx "$1"; }

both_ways() { [ "$(of made)" -gt 0 ] && [ "$(of refused)" -gt 0 ]; }

tap "films are made" make_films
tap "$COUNT spoiled films: each an asset, or refused with a line, and ours never breaks" all_survive
tap "some are made, some are refused" both_ways
echo "# checked: seeds $SEED to $((SEED + COUNT - 1)): $(of made) made assets, $(of refused) refused;" \
    "FFmpeg broke down in $(of broke); the longest took" \
    "$(cat "$TMP"/worker-*/notes/times | sort -n | tail -n 1) ms, $SECONDS s in all"
cat "$TMP"/worker-*/notes/sentences | sort | uniq -c | sort -rn | head -n 40 | sed 's/^/# /'
find "$FINDINGS" -name 'slow-*' -o -name 'ffmpeg-*' | sed 's/^/# kept: /' | head -n 40
tap_done
