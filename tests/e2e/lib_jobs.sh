# SPDX-License-Identifier: MIT
#
# lib_jobs.sh: films that are handed in, and the workers that make them.  After lib_station.sh;
# the test has called station_make.

CLIPS=$TMP/clips
mkdir -p "$CLIPS"

# film NAME SECONDS TONE: each tone gives another film.
film() {
    nice ffmpeg -v error -nostdin -y -f lavfi -i "testsrc2=s=320x240:r=25:d=$2" \
        -f lavfi -i "sine=f=$3:d=$2" -c:v libx264 -preset ultrafast -c:a aac "$CLIPS/$1" </dev/null
}

worker() { exec ketang-ingest --worker --preset ultrafast "$@"; }

work_off() { (worker --once "$@") >"$TMP/work" 2>&1; }

# jobs FIELD [NUMBER]: of each job, or those of a house number.
jobs() {
    ketang jobs --json | python3 -c '
import json, sys
for job in json.load(sys.stdin):
    if len(sys.argv) < 3 or job["house_number"] == sys.argv[2]:
        print(job[sys.argv[1]])' "$@"
}

assets_of() {
    { grep -lF "\"house_number\": \"$1\"" "$MEDIA"/*.json; } 2>/dev/null | wc -l
}

# Nothing is there by half.
is_tidy() {
    local record
    for record in "$MEDIA"/*.json; do
        [ -s "${record%.json}.mp4" ] && [ -s "${record%.json}.idx" ] || { echo "half: $record"; return 1; }
    done
    [ "$(find "$MEDIA" -maxdepth 1 -name '*.mp4' | wc -l)" -eq "$(find "$MEDIA" -maxdepth 1 -name '*.json' | wc -l)" ] &&
        ! compgen -G "$MEDIA/submitted/.new-*"
}
