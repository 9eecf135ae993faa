#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Cards: a small text file becomes an asset that shows what it says, with all of it
# inside the safe area; the same card is the same asset; one that is handed in is
# made by a worker as a film is.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

CARDS=$TMP/cards
mkdir -p "$CARDS"
station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
export KETANG_STATION=$STATION

ingest() { nice ketang-ingest --preset ultrafast "$@" </dev/null; }

card() { # NAME JSON
    printf '%s\n' "$2" >"$CARDS/$1.card"
}

card next '{"template": "next", "grade": "三年级", "subject": "语文", "title": "荷花", "teacher": "示例教师01",
  "starts": "10:10", "channel": "示例电视课堂", "duration_frames": 50}'
card same '{"duration_frames":50, "starts":"10:10", "title":"荷花", "template":"next", "subject":"语文",
  "grade":"三年级", "channel":"示例电视课堂", "teacher":"示例教师01", "school":""}'
card break '{"template": "break", "title": "荷花", "starts": "10:10", "duration_frames": 120}'
card wrong '{"template": "next", "titel": "荷花", "duration_frames": 50}'
card strange '{"template": "nothing", "duration_frames": 50}'

# The only asset of that kind, without its ending.
asset_of() { # HOUSE-NUMBER
    local json
    json=$(grep -lF "\"house_number\": \"$1\"" "$MEDIA"/*.json | tail -n 1)
    echo "${json%.json}"
}

number_of() { ingest "$@" | sed -n 's/^\(CARD-[0-9a-f]*\): ready.*/\1/p'; }

NUMBER=$(number_of "$CARDS/next.card")
ASSET=$(asset_of "$NUMBER")

becomes_an_asset() {
    echo "$NUMBER"
    [[ $NUMBER =~ ^CARD-[0-9a-f]{16}$ ]] && grep '"kind": "card"' "$ASSET.json" &&
        grep '"title": "语文 荷花"' "$ASSET.json" && grep '"duration_frames": 48' "$ASSET.json" &&
        [ ! -e "$MEDIA/reports" ]
}

decodes() {
    local words
    words=$(ffmpeg -v error -nostdin -i "$ASSET.mp4" -f null - 2>&1)
    echo "$words"
    [ -z "$words" ] && [ "$(ffprobe -v error -select_streams v -show_entries stream=width,height,sample_aspect_ratio,nb_frames \
        -of csv=p=0 "$ASSET.mp4")" = 720,576,16:11,48 ]
}

# Of the first picture: what is bright, in hundredths of width and height.
bright() {
    ffmpeg -v error -nostdin -i "$1.mp4" -vf "select=eq(n\,${2:-0})" -frames:v 1 -f rawvideo -pix_fmt gray - |
        od -An -v -tu1 -w720 | awk '
            { for (i = 1; i <= NF; i++) if ($i > 150) { n++
                if (!l || i < l) l = i; if (i > r) r = i; if (!t) t = NR; b = NR } }
            END { printf "%d %d %d %d %d\n", n, 100 * (l - 1) / 720, 100 * t / 576, 100 * r / 720, 100 * b / 576 }'
}

is_in_the_safe_area() {
    local count left top right bottom
    read -r count left top right bottom < <(bright "$ASSET")
    echo "$count bright samples from $left, $top to $right, $bottom"
    [ "$count" -gt 5000 ] && [ "$left" -ge 5 ] && [ "$top" -ge 5 ] && [ "$right" -le 95 ] && [ "$bottom" -le 95 ] &&
        [ $((right - left)) -gt 50 ]
}

is_made_once() {
    local before after
    before=$(cd "$MEDIA" && sha256sum ./*.mp4 ./*.idx)
    [ "$(number_of "$CARDS/same.card")" = "$NUMBER" ] || return 1
    after=$(cd "$MEDIA" && sha256sum ./*.mp4 ./*.idx)
    diff <(echo "$before") <(echo "$after")
}

counts_down() {
    local base digest
    base=$(asset_of "$(number_of "$CARDS/break.card")")
    digest() { ffmpeg -v error -nostdin -i "$base.mp4" -vf "select=eq(n\,$1),crop=400:200:160:120" -frames:v 1 -f rawvideo - | md5sum; }
    [ "$(digest 0)" != "$(digest 50)" ] && [ "$(digest 50)" != "$(digest 100)" ] &&
        [ "$(bright "$base" 0)" != "$(bright "$base" 100)" ]
}

is_refused() { # FILE WORDS
    local before after
    before=$(find "$MEDIA" | sort)
    ingest "$CARDS/$1.card" 2>"$TMP/err" && return 1
    after=$(find "$MEDIA" | sort)
    cat "$TMP/err"
    grep -q "$2" "$TMP/err" && [ "$before" = "$after" ]
}

# In a folder of its own: another station's look, nothing else.
has_its_own_look() {
    mkdir "$TMP/look" && cp templates/cards/* "$TMP/look/" || return 1
    sed -i 's/class="ground"/style="fill: #ffffff"/' "$TMP/look/next.svg"
    sed "s#^scheduler: {#scheduler: { cards: { templates = \"$TMP/look\"; };#" "$STATION" >"$TMP/look.cfg"
    ingest --station "$TMP/look.cfg" --kind card --house-number WHITE "$CARDS/next.card" || return 1
    [ "$(bright "$(asset_of WHITE)" | cut -d' ' -f2)" -eq 0 ]
}

is_made_by_a_worker() {
    sed 's/荷花/荷叶/' "$CARDS/next.card" >"$CARDS/KT-02.card"
    ketang submit --kind card --house-number KT-02 "$CARDS/KT-02.card" || return 1
    nice ketang-ingest --worker --once --preset ultrafast 2>"$TMP/work" </dev/null || return 1
    cat "$TMP/work"
    grep -q job_done "$TMP/work" && grep -q '"kind": "card"' "$(asset_of KT-02).json"
}

tap "a card becomes an asset, named by what it says" becomes_an_asset
tap "it decodes without a word, in the shape of the format" decodes
tap "text is there, and inside nine tenths of the picture" is_in_the_safe_area
tap "the same card is the same asset" is_made_once
tap "a countdown moves" counts_down
tap "a card with a word that none has is refused" is_refused wrong "a card has no 'titel'"
tap "a card without its template is refused" is_refused strange "there is no template"
tap "a station may have its own templates" has_its_own_look
tap "a worker makes a card that was handed in" is_made_by_a_worker
tap_done
