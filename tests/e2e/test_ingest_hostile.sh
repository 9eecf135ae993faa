#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Damaged and hostile films: each becomes an asset or is refused with a line,
# whatever is in it; nothing is left behind, nothing else is written, and
# nothing goes on without its parent.
#
#   KETANG_MUTATIONS   how many films (48)
#   SEED               which
. "$(dirname "$0")/../tap.sh"

COUNT=${KETANG_MUTATIONS:-48}
SEED=${SEED:-$((RANDOM << 15 | RANDOM))}
CLIPS=$TMP/clips
MEDIA=$TMP/media
mkdir -p "$CLIPS" "$MEDIA"

ingest() {
    timeout 120 nice ketang-ingest --station schedules/station.cfg --media "$MEDIA" --preset ultrafast "$@"
}

make_films() {
    local picture='-f lavfi -i testsrc2=s=192x144:r=25:d=2' sound='-f lavfi -i sine=f=500:d=2'
    # shellcheck disable=SC2086 # words
    set -- nice ffmpeg -v error -nostdin -y $picture $sound
    "$@" -c:v libx264 -preset ultrafast -c:a aac "$CLIPS/a.mp4" &&
        "$@" -c:v libx265 -preset ultrafast -x265-params log-level=error -c:a aac "$CLIPS/b.mov" &&
        "$@" -c:v mpeg2video -c:a mp2 "$CLIPS/c.ts" &&
        "$@" -c:v mpeg4 -c:a libmp3lame "$CLIPS/d.avi" &&
        "$@" -c:v libvpx -deadline realtime -c:a libopus "$CLIPS/e.webm" &&
        "$@" -c:v flv1 -ar 44100 -c:a libmp3lame "$CLIPS/f.flv" &&
        "$@" -c:v wmv2 -c:a wmav2 "$CLIPS/g.wmv" &&
        "$@" -c:v libx264 -preset ultrafast -c:a ac3 "$CLIPS/h.mkv"
}

# mutate FILE SEED: bytes are changed, blocks moved, left out or filled, numbers made extreme.
mutate() {
    perl -e '
        my ($path, $seed) = @ARGV;
        srand($seed);
        open(my $in, "<:raw", $path) or die;
        my $film = do { local $/; <$in> };
        my $head = int(rand(3)) ? 4096 : length($film);
        for (1 .. 1 + int(rand(12))) {
            my $at = int(rand($head < length($film) ? $head : length($film)));
            my $size = 1 + int(rand(64));
            my $what = int(rand(6));
            if ($what == 0) { substr($film, $at, 1) = chr(int(rand(256))); }
            elsif ($what == 1) { substr($film, $at, 4) = pack("N", (0, 1, 0x7fffffff, 0x80000000, 0xffffffff)[int(rand(5))]); }
            elsif ($what == 2) { substr($film, $at, $size) = ""; }
            elsif ($what == 3) { substr($film, $at, $size) = chr(int(rand(256))) x $size; }
            elsif ($what == 4) { substr($film, $at, 0) = substr($film, int(rand(length($film))), $size); }
            else { $film = substr($film, 0, length($film) - int(rand(length($film) / 4))); }
        }
        binmode(STDOUT);
        print $film;' "$1" "$2"
}

# is_one_line FILE: of text that does nothing to a terminal.
is_one_line() {
    [ "$(wc -l <"$1")" -eq 1 ] && ! LC_ALL=C.UTF-8 grep -q '[[:cntrl:]]' "$1"
}

# survives FILE: it is made an asset, or refused with a line.
survives() {
    local status
    ingest --house-number H-1 "$1" >"$TMP/out" 2>"$TMP/err" </dev/null
    status=$?
    sed -i '/no timetable names H-1 yet/d' "$TMP/err"
    if [ "$status" -eq 0 ]; then
        # Warnings and the name of the review are indented.
        ! LC_ALL=C.UTF-8 grep '[[:cntrl:]]' "$TMP/out" || return 1
        sed -i '/^  /d' "$TMP/out"
        [ ! -s "$TMP/err" ] && is_one_line "$TMP/out" && made=$((made + 1))
    elif [ "$status" -eq 1 ]; then
        [ ! -s "$TMP/out" ] && is_one_line "$TMP/err" && refused=$((refused + 1))
    else
        false
    fi || { echo "exit status $status"; cat "$TMP/out" "$TMP/err"; return 1; }
    ! compgen -G "$MEDIA/.ingest-*" >/dev/null || { echo "a working folder is left"; return 1; }
}

all_survive() {
    local films=("$CLIPS"/?.*) i film made=0 refused=0
    for ((i = 0; i < COUNT; i++)); do
        film=${films[$((i % ${#films[@]}))]}
        mutate "$film" $((SEED + i)) >"$TMP/mutant.${film##*.}"
        survives "$TMP/mutant.${film##*.}" || { echo "SEED=$((SEED + i)) of ${film##*/}"; return 1; }
        rm "$TMP/mutant.${film##*.}"
    done
    echo "$COUNT films, $made made assets, $refused refused" >"$TMP/told"
    [ "$made" -gt 0 ] && [ "$refused" -gt 0 ]
}

nothing_else_was_written() {
    local others
    others=$(find "$MEDIA" -type f ! -name '*.mp4' ! -name '*.idx' ! -name '*.json' ! -path "$MEDIA/reports/*.html")
    echo "$others"
    [ -z "$others" ]
}

children_of() {
    ps -o pid= --ppid "$1"
}

# A film that takes a while; the child ends with its parent, who is killed.
a_child_ends_with_its_parent() {
    local parent child=
    ketang-ingest --station schedules/station.cfg --media "$MEDIA" --preset placebo tests/media/film-1080p24-aac51.mp4 \
        >/dev/null 2>&1 </dev/null &
    parent=$!
    for _ in $(seq 100); do
        child=$(children_of $parent)
        [ -n "$child" ] && break
        sleep 0.05
    done
    kill -9 "$parent"
    wait "$parent"
    for _ in $(seq 100); do
        kill -0 "$child" 2>/dev/null || return 0
        sleep 0.05
    done
    echo "$child goes on"
    return 1
}

tap "films are made" make_films
tap "each is made an asset, or refused with a line" all_survive
[ ! -e "$TMP/told" ] || echo "# checked: $(cat "$TMP/told")"
tap "nothing else was written" nothing_else_was_written
tap "a child ends with its parent" a_child_ends_with_its_parent
tap_done
