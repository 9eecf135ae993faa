#!/bin/bash
# SPDX-License-Identifier: MIT
#
# demo.sh: give the station something to air: the slate, a filler and the
# lessons of the sample timetables, those that are due soonest first.
#
#   make demo                     lessons made for the purpose
#   make demo LESSONS=/folder     one's own files, in order of name, for KT-01
#                                 and on; the other lessons are made
#   make demo STATION=FILE        another station than schedules/station.cfg
#
# What the media folder has already is left alone, also what an operator
# ingests while a lesson is made, and so are house numbers
# that are not of these lessons (KT-01 to KT-10, FILL-01); at the end the plans are
# written.  `demo.sh --slate` makes the slate and the plans only, `--lessons`
# leaves the plans to the scheduler.
set -u
cd "$(dirname "$0")/.." || exit 1

build=${KETANG_BUILD:-$PWD/build}
station=${STATION:-schedules/station.cfg}
own_folder=${LESSONS:-}
tmp=
child=
failed=' '
unusable=

# Children run in the background and are waited for, so that a signal is
# obeyed at once.
stop() {
    [ -n "$child" ] && kill -TERM "$child" 2>/dev/null && wait "$child"
    exit 143
}
trap stop TERM INT HUP
trap '[ -n "$tmp" ] && rm -rf "$tmp"' EXIT

# What goes on air is not disturbed, and no child outlives this script.
run() {
    TMPDIR=$tmp nice -n 10 setpriv --pdeathsig TERM "$@" &
    child=$!
    wait "$child"
    local status=$?
    child=
    return $status
}

. tools/say.sh

tell() {
    printf 'demo: ' && say "$@"
}

setting() {
    sed -n "s/^ *$1 *= *\"\(.*\)\" *;.*/\1/p" "$station" | head -n 1
}

# record_has HOUSE-NUMBER [SOURCE]: an asset of that number is there, and was
# made from a file of that name.
record_has() {
    local record
    for record in "$media"/*.json; do
        if grep -qF "\"house_number\": \"$1\"" "$record" 2>/dev/null &&
            { [ $# -lt 2 ] || grep -qF "\"source\": \"$2\"" "$record"; }; then
            return 0
        fi
    done
    return 1
}

has_slate() {
    grep -qs '"kind": "slate"' "$media"/*.json
}

make_slate() {
    has_slate && return 0
    run "$build/ketang-ingest" --station "$station" --slate >"$tmp/log" 2>&1 || {
        cat "$tmp/log" >&2
        tell "the slate could not be made" >&2
        return 1
    }
    tell "the slate is ready"
}

# Its warnings are about lessons that are not there yet.
make_plans() {
    run "$build/ketang" plan --station "$station" >"$tmp/log" 2>&1 && return 0
    cat "$tmp/log" >&2
    tell "not all plans could be written: mend what is told above; until then a channel airs what is planned, or the slate" >&2
    return 1
}

# ingest HOUSE-NUMBER KIND TITLE FILE [--new]
ingest() {
    local started=$SECONDS
    if ! run "$build/ketang-ingest" --station "$station" --house-number "$1" --kind "$2" \
        --title "$3" --preset veryfast "${@:5}" "$4" >"$tmp/log" 2>&1; then
        if [ $# -gt 4 ] && record_has "$1"; then
            tell '%s came from elsewhere meanwhile: it stays, and no demonstration lesson is made for it' "$1"
            return 1
        fi
        failed="$failed$1 "
        sed 's/^/demo: /' "$tmp/log" >&2
        return 1
    fi
    tell '%s %s is ready (%s s of ingest)' "$1" "$3" "$((SECONDS - started))"
}

# make_lesson HOUSE-NUMBER
make_lesson() {
    local number seconds grade subject title kind=lesson
    IFS=$'\t' read -r number seconds grade subject title < <(awk -F '\t' -v n="$1" '$1 == n' "$tmp/list")
    case $1 in FILL-*) kind=filler subject= ;; esac
    if ! run "$build/ketang-demo" --lesson "$1" -o "$tmp/$1.mp4"; then
        failed="$failed$1 "
        return 1
    fi
    ingest "$1" "$kind" "${subject:+$subject }${title:-$1}" "$tmp/$1.mp4" --new
    rm -f "$tmp/$1.mp4"
}

# The station's own list of what it misses, the soonest first.
station_misses() {
    "$build/ketang" ready --station "$station" --missing --plain 2>/dev/null | cut -f 1
}

# What it misses of the demonstration lessons, then whatever else there is of
# them.  A house number of an operator's is never given to one.
missing() {
    local number
    { station_misses; cut -f 1 "$tmp/list"; } |
        awk -F '\t' 'NR == FNR { own[$1]; next } $1 in own && !seen[$1]++ { print $1 }' "$tmp/list" - |
        while read -r number; do
            record_has "$number" || echo "$number"
        done
}

say_what_others_miss() {
    local others
    others=$(station_misses |
        awk -F '\t' 'NR == FNR { own[$1]; next } !($1 in own) && !seen[$1]++ { printf " %s", $1 }' "$tmp/list" -)
    [ -z "$others" ] ||
        tell 'not ready:%s; they are not demonstration lessons: `ketang ready` says what they lack' "$others"
}

next_missing() {
    local number
    while read -r number; do
        case $failed in *" $number "*) ;; *) echo "$number"; return 0 ;; esac
    done < <(missing)
    return 1
}

# One's own files, in order of name.
ingest_folder() {
    local file number i=0 name
    while IFS= read -r -d '' file; do
        i=$((i + 1))
        number=$(grep '^KT-' "$tmp/list" | sed -n "${i}p" | cut -f 1)
        if [ -z "$number" ]; then
            tell '%s has more files than there are lessons; from %s on they are left out' "$own_folder" "$file" >&2
            return
        fi
        name=${file##*/}
        record_has "$number" "$name" || ingest "$number" lesson "${name%.*}" "$file"
    done < <(find -L "$own_folder" -maxdepth 1 -type f ! -name '.*' -print0 | sort -z)
    [ "$i" -gt 0 ] || tell '%s has no files' "$own_folder" >&2
    # A demonstration lesson takes the place of a file that cannot be used.
    [ "$failed" = ' ' ] || unusable=yes
    failed=' '
}

if [ ! -r "$station" ]; then
    tell '%s cannot be read.' "$station" >&2
    exit 1
fi
if [ -n "$own_folder" ] && [ ! -d "$own_folder" ]; then
    tell '%s is not a folder' "LESSONS=$own_folder" >&2
    exit 1
fi
tmp=$(mktemp -d) || exit 1
media=$(setting media)
media=${media:-var/media}
mkdir -p "$media" || exit 1

make_slate || exit 1
if [ "${1:-}" = --slate ]; then
    make_plans || true # one channel's mistake takes no other off the air
    exit 0
fi
"$build/ketang-demo" --list >"$tmp/list" || exit 1
if [ -n "$own_folder" ]; then
    ingest_folder
fi
# The lesson of this moment comes first, then the filler for the gaps.
made=0
while number=$(next_missing); do
    if [ "$made" -eq 1 ] && ! record_has FILL-01; then
        number=FILL-01
    fi
    make_lesson "$number" && made=$((made + 1))
done
say_what_others_miss
if [ "${1:-}" != --lessons ]; then
    make_plans || exit 1
fi
if [ "$failed" != ' ' ]; then
    tell 'could not be made:%s' "$failed" >&2
    exit 1
fi
if [ -n "$unusable" ]; then
    tell 'files of %s that cannot be used were left out; the reasons are above' "$own_folder" >&2
    exit 1
fi
tell "all demonstration material is ready"
