#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The technical review, from end to end: faults that were put into films are
# found where they are, and none in a film without; the station says how grave
# each is; the report can be read by people and by programs.
. "$(dirname "$0")/../tap.sh"

CLIPS=$TMP/clips
MEDIA=$TMP/media
REPORTS=$MEDIA/reports
mkdir -p "$CLIPS" "$MEDIA"

clip() { # NAME ffmpeg-argument...
    local name=$1
    shift
    nice ffmpeg -v error -nostdin -y "$@" "$CLIPS/$name" </dev/null || {
        echo "Bail out! ffmpeg cannot make $name"
        exit 1
    }
}

# film NAME PICTURE-FILTERS SOUND-FILTERS [ARGUMENT...]: 8 s of moving pictures and a pulsing tone.
film() {
    local name=$1 pictures=$2 sound=$3
    shift 3
    clip "$name" -f lavfi -i "testsrc2=s=${SIZE:-480x432}:r=${RATE:-25}:d=8" \
        -f lavfi -i "sine=f=400:d=8,aformat=channel_layouts=stereo,tremolo=f=0.2:d=0.3" \
        -vf "${pictures:-null},format=yuv420p" -af "${sound:-anull},afade=t=out:st=7:d=1" \
        -c:v libx264 -preset ultrafast -c:a pcm_s16le "$@"
}

# station NAME QC-SETTINGS: the station with such a group in its first house format.
station() {
    awk -v group="$2" '{ print } /name = "sd";/ { print "        qc: { " group " };" }' \
        schedules/station.cfg >"$TMP/$1.cfg"
}

ingest() {
    nice ketang-ingest --station "${STATION:-$TMP/brief.cfg}" --media "$MEDIA" --preset ultrafast "$@"
}

# findings NUMBER: "kind severity from to" of each, times in whole tenths.
findings() {
    python3 - "$REPORTS/$1.sd.json" <<'PYTHON'
import json, sys
for finding in json.load(open(sys.argv[1]))["findings"]:
    print(finding["kind"], finding["severity"], round(finding["from_s"], 1), round(finding["to_s"], 1))
PYTHON
}

# finds FILE "KIND SEVERITY FROM TO"...: just these, the times within a fifth of a second.
finds() {
    local file=$1 number=${1%.*}
    shift
    ingest "$CLIPS/$file" >"$TMP/out" 2>"$TMP/err" </dev/null || { cat "$TMP/out" "$TMP/err"; return 1; }
    findings "$number" >"$TMP/is"
    printf '%s\n' "$@" | sed '/^$/d' >"$TMP/should"
    cat "$TMP/out"
    diff "$TMP/should" "$TMP/is"
    # As many, of the same kind, at the same times; for "" there must be none.
    paste -d' ' "$TMP/should" "$TMP/is" | awk '
        function near(a, b) { return a - b < 0.25 && b - a < 0.25 }
        !(NF == 8 && $1 == $5 && $2 == $6 && near($3, $7) && near($4, $8)) { wrong = 1 }
        END { exit wrong }'
}

# Eight seconds are enough to be wrong.
station brief 'silence_s = 3; black_s = 1;'
station still 'silence_s = 3; black_s = 1; still_s = 3;'
station strict 'black = "refuse"; silence = "ignore"; black_s = 1; silence_s = 3;'
station wrong 'blak = "refuse"; silence = "perhaps";'

film clean.mkv "" ""
film silence.mkv "" "volume=0:enable='between(t,2,6)'"
film ends.mkv "" "volume=0:enable='gt(t,5)'"
film mute.mkv "" "volume=0"
clip soundless.mkv -i "$CLIPS/clean.mkv" -an -vf negate -c:v libx264 -preset ultrafast
# Made whole, each must be another film than those beside it.
film left.mkv "negate" "pan=stereo|c0=c0|c1=0*c0"
film opposed.mkv "hflip" "pan=stereo|c0=c0|c1=-1*c0"
film loud.mkv "" "volume=30dB:enable='between(t,3,5)'"
film black.mkv "drawbox=c=black:t=fill:enable='between(t,3,4.96)'" ""
film flashes.mkv "drawbox=c=white:t=fill:enable='between(t,3,5)*lt(mod(t,0.2),0.1)',drawbox=c=black:t=fill:enable='between(t,3,5)*gte(mod(t,0.2),0.1)'" ""
film bars.mkv "pad=640:576:80:72" ""
SIZE=240x432 film portrait.mkv "" ""
SIZE=320x288 film small.mkv "" ""
RATE=12 film slow.mkv "" ""
film fields.mkv "" "" -flags +ildct+ilme -top 1
# A slide as dark as they come, with little on it.
film slide.mkv "drawbox=c=0x101840:t=fill:enable='between(t,2,6)',drawbox=x=100:y=80:w=200:h=20:c=white:t=fill:enable='between(t,2,6)'" ""
RATE=30 film variable.mkv "select='not(eq(mod(n,7),3)+eq(mod(n,11),5))'" "" -vsync vfr

tap "in a film without faults nothing is found" finds clean.mkv ""
tap "silence is found where it is" finds silence.mkv "silence warning 2 6"
tap "sound that ends before the picture is found" finds ends.mkv "sound_ends warning 5 8"
tap "a film that is silent from beginning to end has no sound" finds mute.mkv "no_sound warning 0 8"
tap "and one without a stream of sound neither" finds soundless.mkv "no_sound warning 0 0"
tap "sound on one side is found" finds left.mkv "one_sided warning 0 8"
tap "sound out of phase is found" finds opposed.mkv "out_of_phase warning 0 8"
tap "sound that was recorded too loud is found" finds loud.mkv "clipping warning 3 5"
tap "black pictures are found" finds black.mkv "black warning 3 5"
tap "flashes are found" finds flashes.mkv "flashing warning 3 5"
tap "bars within the picture are found" finds bars.mkv "bars note 0 8"
tap "a film in portrait is told so" finds portrait.mkv "portrait note 0 8"
tap "a small picture is told so" finds small.mkv "small note 0 8"
tap "few pictures a second are told" finds slow.mkv "slow note 0 8"
tap "an interlaced film is told so" finds fields.mkv "interlaced note 0 8"
tap "a dark slide is not black" finds slide.mkv ""
STATION=$TMP/still.cfg
tap "a picture that stands still is found, after what the station calls still" finds slide.mkv "still note 2 6"
STATION=
tap "pictures at no regular times are found" finds variable.mkv "variable_rate note 0 8"

# --- How grave it is is for the station to say ------------------------------------

assets() { find "$MEDIA" -maxdepth 1 -type f | sort; }

refused_by_rule() {
    local before
    before=$(assets)
    STATION=$TMP/strict.cfg ingest --house-number STRICT-1 "$CLIPS/black.mkv" >"$TMP/out" 2>"$TMP/err"
    [ $? -eq 1 ] || return 1
    cat "$TMP/out" "$TMP/err"
    grep -q "black.mkv: 0:00:03: black for 2.0 s" "$TMP/err" && grep -q "review: " "$TMP/out" &&
        [ "$(findings STRICT-1 | cut -d' ' -f1-2)" = "black refuse" ] && [ "$(assets)" = "$before" ] &&
        grep -q '"ready": false' "$REPORTS/STRICT-1.sd.json" && grep -q '"refusal": "0:00:03' "$REPORTS/STRICT-1.sd.json"
}

ignored_by_rule() {
    STATION=$TMP/strict.cfg ingest --house-number STRICT-2 --preset superfast "$CLIPS/silence.mkv" >"$TMP/out" 2>/dev/null || return 1
    cat "$TMP/out"
    ! grep -q "warning" "$TMP/out" && [ "$(findings STRICT-2 | cut -d' ' -f1-2)" = "silence ignore" ]
}

mistakes_are_told() {
    STATION=$TMP/wrong.cfg ingest "$CLIPS/clean.mkv" >"$TMP/out" 2>&1
    [ $? -eq 1 ] || return 1
    cat "$TMP/out"
    grep -q "wrong.cfg:[0-9]*: .*blak" "$TMP/out" && grep -q "wrong.cfg:[0-9]*: .*silence.*refuse" "$TMP/out"
}

tap "a film is refused for what the station does not take" refused_by_rule
tap "and not told of what it does not mind" ignored_by_rule
tap "a mistake in the station's rules is told with its line" mistakes_are_told

# --- The page ----------------------------------------------------------------------

# What a stranger names a film stays text.
page_is_safe() {
    local name='<script>alert(1)</script>&"x'
    cp "$CLIPS/black.mkv" "$CLIPS/<b>black&.mkv"
    ingest --preset superfast --house-number "../$name" --title "$name" "$CLIPS/<b>black&.mkv" >"$TMP/out" 2>/dev/null ||
        { cat "$TMP/out"; return 1; }
    local page
    page=$(sed -n 's/^  review: //p' "$TMP/out")
    cat "$TMP/out"
    [ -f "$page" ] && [ "$(dirname "$page")" = "$REPORTS" ] && ! grep -q "<script" "$page" &&
        grep -q "&lt;script&gt;alert(1)" "$page" && grep -q "&lt;b&gt;black&amp;.mkv" "$page" &&
        python3 -c 'import json,sys; json.load(open(sys.argv[1]))' "${page%.html}.json"
}

page_is_well_formed() {
    python3 - "$REPORTS/black.sd.html" <<'PYTHON'
import base64, html.parser, re, sys
text = open(sys.argv[1], encoding="utf-8").read()
VOID = {"meta", "img", "line", "polyline"}
class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attrs:
            assert key not in ("href", "onclick"), key
            assert key != "src" or value.startswith("data:image/jpeg;base64,"), value[:40]
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
reader = Reader()
reader.feed(text)
assert reader.open == [], reader.open
pictures = re.findall(r"base64,([^\"]*)", text)
assert len(pictures) == 25, len(pictures)
for picture in pictures:
    bytes = base64.b64decode(picture, validate=True)
    assert bytes[:2] == b"\xff\xd8" and bytes[-2:] == b"\xff\xd9"
print(len(pictures), "pictures,", len(text), "bytes")
PYTHON
}

page_is_chinese() {
    LC_ALL=zh_CN.UTF-8 ingest --house-number 中文 --preset slow "$CLIPS/black.mkv" >"$TMP/out" 2>/dev/null || return 1
    cat "$TMP/out"
    grep -q "黑场" "$TMP/out" && grep -q 'lang="zh' "$REPORTS/中文.sd.html" && grep -q "黑场" "$REPORTS/中文.sd.html"
}

tap "what a stranger wrote is text on the page" page_is_safe
tap "the page is well-formed and stands alone" page_is_well_formed
if locale -a | grep -qi zh_CN.utf; then
    tap "in Chinese it speaks Chinese" page_is_chinese
else
    tap_skip "in Chinese it speaks Chinese" "there is no Chinese locale"
fi

tap_done
