#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A corpus of films of every kind that teachers, telephones, recorders and
# studios hand in: each becomes an asset that looks and sounds right, or is
# refused with the right sentence.
#
# The films are made of film-pattern, whose pictures tell their number, colours
# and shape and whose beeps tell their second; film-judge compares the asset,
# as the ffmpeg program decodes it, with the pattern itself.  Real footage is
# compared with what a plain ffmpeg command makes of it.
#
#   KETANG_CORPUS_TABLE  a file for the table: a line for each film
#   KETANG_CORPUS_ONLY   a pattern of names: only these films
. "$(dirname "$0")/../tap.sh"

TABLE=${KETANG_CORPUS_TABLE:-$TMP/table}
ONLY=${KETANG_CORPUS_ONLY:-*}
FILMS=$TMP/films
RESULTS=$TMP/results
JOBS=2
PATH=$BUILD/tests:$PATH
mkdir -p "$FILMS" "$RESULTS"
film-pattern 12 >"$TMP/sound.pcm"
SOUND_IN="-f s16le -ar 48000 -ac 1"

ffm() { nice ffmpeg -v error -nostdin -y "$@"; }

# --- The films: see corpus.table -------------------------------------------------------

FILM_NAMES=()
declare -A FILM_WHAT FILM_ARGUMENTS FILM_MAKER

film() {
    local name=$1
    # shellcheck disable=SC2053 # a pattern
    [[ $name == $ONLY ]] || return 0
    FILM_NAMES+=("$name")
    FILM_WHAT[$name]=$2
    shift 2
    FILM_ARGUMENTS[$name]=$*
}

# other NAME WHAT FUNCTION: a file that FUNCTION writes, to the path that it is given.
other() {
    film "$1" "$2"
    FILM_MAKER[$1]=$3
}

. tests/long/corpus.table

# --- What is done to them ---------------------------------------------------------------

turn_90() { ffm -i "$1" -c copy -metadata:s:v rotate=90 -f mp4 "$1.new" && mv "$1.new" "$1"; }
turn_180() { ffm -i "$1" -c copy -metadata:s:v rotate=180 -f mp4 "$1.new" && mv "$1.new" "$1"; }
cut_first_second() { ffm -ss 1 -i "$1" -c copy -f mp4 "$1.new" && mv "$1.new" "$1"; }
joined_twice() { cat "$1" "$1" >"$1.new" && mv "$1.new" "$1"; }
cut_at_70() { truncate -s $(($(stat -c %s "$1") * 7 / 10)) "$1"; }

# Bytes of a file changed by Perl, which has it as $_.
change() { perl -0777 -i -pe "$2" "$1"; }
# Durations of the movie, its tracks and their edit lists, in units of their own.
say_longer() { change "$1" 's/(mvhd.{16}|tkhd.{20}|elst.{8}|mdhd.{16})(.{4})/$1 . pack("N", 3 * unpack("N", $2))/gse'; }
say_shorter() { change "$1" 's/(mvhd.{16}|tkhd.{20}|mdhd.{16})(.{4})/$1 . pack("N", unpack("N", $2) \/ 3)/gse'; }
# The element of the segment's duration, a float of 8 bytes.
say_shorter_mkv() { change "$1" 's/(\x44\x89\x88)(.{8})/$1 . pack("d>", 1500)/se'; }
# A bit of the presentation time of the tenth picture: 6.6 hours later.
one_stray() { change "$1" 'my $n = 0; s/(\x00\x00\x01\xe0..[\x80-\x8f][\x80-\xff].)(.)/$1 . (++$n == 10 ? chr(ord($2) ^ 4) : $2)/gse'; }
lose_index() { change "$1" 's/moov/mooz/'; }

make_empty() { : >"$1"; }
make_noise() { ffm -f lavfi -i "anoisesrc=d=3:seed=7" -f s16le "$1"; }
make_encrypted() { ffm $SOUND_IN -i "$TMP/sound.pcm" -f lavfi -i "anoisesrc=d=9:seed=9" -map 1 -f u16be - | xz -0 | tail -c +1000 >"$1"; }
make_text() { for _ in $(seq 200); do echo "这是数学课,不是视频。"; done >"$1"; }
make_zip() { python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("lesson.txt", "lesson " * 9999)' "$1"; }
make_jpeg() { ffm -f lavfi -i testsrc2=s=640x360 -frames:v 1 -f image2 -c:v mjpeg "$1"; }
make_mp3() { ffm $SOUND_IN -i "$TMP/sound.pcm" -t 4 -c:a libmp3lame -f mp3 "$1"; }
make_gif() { film-pattern 320 180 1 10 40 | ffm -f rawvideo -pix_fmt rgb24 -s 320x180 -framerate 10 -i - -f gif "$1"; }
make_short() { ffm -f lavfi -i testsrc2=s=320x180:d=0.6 -c:v libx264 -f mp4 "$1"; }
make_real() { cp "tests/media/$(basename "$1")" "$1"; }

# --- Making one ---------------------------------------------------------------------------

# is WHAT NAME ELSE: the value of a name.
is() {
    local word
    for word in $1; do
        [ "${word%%=*}" = "$2" ] && { echo "${word#*=}"; return; }
    done
    echo "$3"
}

calculate() { awk "BEGIN { printf \"%.${2:-6}f\", $1 }"; }

colours() { # WHAT HEIGHT: filters that take RGB to the colours of the film
    local matrix range pix
    matrix=$(is "$1" matrix "$([ "$2" -ge 720 ] && echo bt709 || echo bt601)")
    range=$(is "$1" range tv)
    pix=$(is "$1" pix yuv420p)
    case $matrix in
        rgb) echo "format=$pix" ;;
        none) echo "scale=out_color_matrix=bt709:out_range=$range,format=$pix" ;;
        bt2020 | pq | hlg)
            # 203 cd/m2 for white, as BT.2408 has it.
            local transfer=709
            [ "$matrix" = pq ] && transfer=smpte2084
            [ "$matrix" = hlg ] && transfer=arib-std-b67
            echo "format=gbrp,zscale=pin=709:tin=709:min=gbr:rin=pc:p=2020:t=$transfer:m=2020_ncl:r=tv:npl=203,format=$pix" ;;
        *) echo "scale=out_color_matrix=$matrix:out_range=$range,format=$pix" ;;
    esac
}

tags() { # WHAT HEIGHT: and arguments that say so
    case $(is "$1" matrix "$([ "$2" -ge 720 ] && echo bt709 || echo bt601)") in
        bt709) echo "-colorspace bt709 -color_primaries bt709 -color_trc bt709" ;;
        bt601) echo "-colorspace smpte170m" ;;
    esac
}

make() { # NAME PATH
    local what=${FILM_WHAT[$1]} width height rate seconds count filters sound
    local -a arguments
    if [ -n "${FILM_MAKER[$1]:-}" ]; then
        "${FILM_MAKER[$1]}" "$2"
        return
    fi
    read -r -a arguments <<<"${FILM_ARGUMENTS[$1]}"
    IFS=x read -r width height < <(is "$what" size 640x360)
    rate=$(is "$what" rate 25)
    seconds=$(is "$what" seconds 3)
    count=$(calculate "$seconds * $rate" 0)
    filters="$(is "$what" before null),$(colours "$what" "$height"),$(is "$what" after null),setsar=$(is "$what" sar 1/1)"
    filters=${filters//\\;/\\,}
    sound="-t $seconds $SOUND_IN $(is "$what" in '' | tr ';' ' ')"
    if [ "$(is "$what" sound yes)" = none ]; then
        sound=
    else
        sound="$sound -i $TMP/sound.pcm"
    fi
    # shellcheck disable=SC2046,SC2086 # words
    film-pattern "$width" "$height" "$(is "$what" sar 1/1)" "$rate" "$count" |
        ffm -f rawvideo -pix_fmt rgb24 -s "${width}x$height" -framerate "$rate" -i - $sound \
            -vf "${filters//;/,}" $(tags "$what" "$height") "${arguments[@]}" "file:$2" &&
        "$(is "$what" then true)" "$2"
}

# --- Judging one ---------------------------------------------------------------------------

record_field() { sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$1"; }

loudness() { # FILE: integrated loudness and true peak
    ffmpeg -v info -nostdin -i "$1" -map 0:a -af ebur128=peak=true -f null - 2>&1 |
        awk '/Summary/ { on = 1 } on && /I:/ { i = $2 } on && /Peak:/ { p = $2 } END { print i, p }'
}

# Where a picture that is looked at as SHAPE lies in 720 x 576 pixels of 16:11: width, height, left, top.
place() { # SHAPE
    awk -v shape="$(calculate "$1")" 'BEGIN {
        w = shape * 576 * 11 / 16; h = 576
        if (w > 720) { w = 720; h = 720 * 16 / 11 / shape }
        w = 2 * int(w / 2 + 0.5); h = 2 * int(h / 2 + 0.5)
        print w, h, int((720 - w) / 4) * 2, int((576 - h) / 4) * 2 }'
}

value() { awk -v name="$2" '$1 == name { print $2 }' "$1"; }

# within NAME LEAST MOST: or told.
within() {
    local got
    got=$(value "$folder/judged" "$1")
    awk -v got="$got" -v least="$2" -v most="$3" 'BEGIN { exit !(got != "" && got >= least && got <= most) }' ||
        { echo "$1 is $got, not within $2 and $3"; bad=1; }
}

probe() { ffprobe -v error -select_streams "$1" -show_entries "$2" -of csv=p=0 "file:$3" 2>/dev/null | head -n 1 | tr -d '\n'; }

# shows ASSET WHAT: pictures and sound of the asset against the pattern.
shows() {
    local what=$2 width height rate seconds shape w h x y beeps apart delay beep
    IFS=x read -r width height < <(is "$what" size 640x360)
    rate=$(is "$what" rate 25)
    seconds=$(is "$what" seconds 3)
    shape=$(is "$what" shows "$width*$(is "$what" sar 1/1)/$height")
    read -r w h x y < <(place "$shape")
    # Fields that stay fields are looked at as the pictures of the first of them.
    local first=null
    [ "$(is "$what" of sd)" = sd ] || first=bwdif=send_frame
    ffm -i "$1" -map 0:v -vf "$first,crop=$w:$h:$x:$y,scale=in_color_matrix=bt601:flags=accurate_rnd+full_chroma_int,format=rgb24" \
        -f rawvideo "$folder/pictures" && ffm -i "$1" -map 0:a -ac 1 -ar 48000 -f s16le "$folder/sound" &&
        film-judge "$folder/pictures" "$folder/sound" "$w" "$h" 16/11 "$rate" \
            "$(calculate "$seconds * $rate" 0)" $(is "$what" period '') >"$folder/judged" || return 1
    rm -f "$folder/pictures" "$folder/sound"
    local late held
    late=$(is "$what" late 0)
    held=$(calculate "1000 / ($rate) + 65 + $(is "$what" held 0)")
    within unreadable 0 1
    within last "$(is "$what" last "$(calculate "$seconds * $rate - 2 - int($rate / 25)" 0)")" 512
    within back 0 0
    within late_ms -9999 "$(calculate "$late + 41")"
    within early_ms "$(calculate "$late - 41")" 9999
    within held_ms -9999 "$(calculate "$late + $held")"
    within psnr "$(is "$what" psnr 29)" 99
    within ssim "$(is "$what" ssim .93)" 1
    within colour 0 "$(is "$what" colour 8)"
    within disc 0.97 1.03
    [ "$(is "$what" sound yes)" = none ] && return
    beeps=$(is "$what" beeps $((seconds - 1)))
    within beeps "$beeps" "$beeps"
    within beep_off_ms 0 "$(is "$what" edge 20)"
    delay=$(value "$folder/judged" delay_ms)
    beep=$(value "$folder/judged" beep_ms)
    apart=$(calculate "$beep - ($delay) - $(is "$what" apart 0)" 1)
    echo "apart $apart" >>"$folder/judged"
    within apart "-$(is "$what" edge 20)" "$(is "$what" edge 20)"
}

# Real footage: as a plain ffmpeg command conforms it.
resembles() { # ASSET FILM WHAT
    local w h x y base
    read -r w h x y < <(place "$(is "$3" real 16/9)")
    ffm -i "$1" -i "file:$2" -lavfi "[0:v]crop=$w:$h:$x:$y,setsar=1,split[a][b];
        [1:v]fps=25:start_time=0,scale=$w:$h:flags=bicubic:out_color_matrix=bt601,setsar=1,format=yuv420p,split[c][d];
        [a][c]psnr=stats_file=-:shortest=1;[b][d]ssim=stats_file=$folder/ssim:shortest=1" -f null - >"$folder/psnr" || return 1
    sed -n 's/.*psnr_y:\([0-9.a-z]*\).*/\1/p' "$folder/psnr" | awk '{ s += $1 == "inf" ? 99 : $1 } END { print "psnr", s / NR }' >"$folder/judged"
    sed -n 's/.*Y:\([0-9.]*\).*/\1/p' "$folder/ssim" | awk '{ s += $1 } END { print "ssim", s / NR }' >>"$folder/judged"
    within psnr "$(is "$3" psnr 30)" 99
    within ssim "$(is "$3" ssim .9)" 1
}

# judge_ready FILM WHAT: with what `ingest` left in the folder.
judge_ready() {
    local asset json what=$2 level
    json=$(find "$folder/media" -maxdepth 1 -name '*.json')
    asset=${json%.json}.mp4
    [ -f "$asset" ] || { echo "there is no asset"; return 1; }
    [ "$(record_field "$json" proof)" = holds ] || { echo "not proven"; bad=1; }
    ffmpeg -v error -nostdin -i "$asset" -f null - 2>&1 | grep . && bad=1
    if [ -n "$(is "$what" real '')" ]; then
        resembles "$asset" "$1" "$what"
    else
        shows "$asset" "$what"
    fi || { echo "it cannot be judged"; return 1; }
    level=$(loudness "$asset")
    echo "lkfs ${level% *}" >>"$folder/judged"
    echo "dbtp ${level#* }" >>"$folder/judged"
    if [ "$(is "$what" sound yes)" = none ]; then
        within lkfs -80 -69
    else
        within lkfs "$(calculate "$(is "$what" lkfs -24) - 0.5")" "$(calculate "$(is "$what" lkfs -24) + 0.5")"
        within dbtp -90 -2
    fi
}

judge_refused() { # STATUS WORDS
    [ "$1" -eq 1 ] || { echo "exit status $1"; bad=1; }
    [ "$(wc -l <"$folder/err")" -eq 1 ] || { echo "not one line"; bad=1; }
    grep -q -- "${2//_/ }" "$folder/err" || { echo "does not say: ${2//_/ }"; bad=1; }
    [ -z "$(find "$folder/media" -mindepth 1 ! -path "$folder/media/reports*")" ] || { echo "something is left"; bad=1; }
}

# try NUMBER: makes film NUMBER, takes it in and judges it; what is wrong, and a line of the table.
try() {
    local name=${FILM_NAMES[$1]} folder=$RESULTS/$1 bad=0 what status verdict says path
    what=${FILM_WHAT[$name]}
    mkdir -p "$folder/media"
    path="$folder/$name"
    make "$name" "$path" </dev/null || { echo "it cannot be made"; return 1; }
    (cd "$folder" && nice "$BUILD/ketang-ingest" --station "$OLDPWD/schedules/station.cfg" --media media \
        --profile "$(is "$what" of sd)" --preset veryfast --house-number F-1 -- "$name") >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    sed -i '/no timetable names F-1 yet/d' "$folder/err"
    says=$(is "$what" says '')
    verdict=ready
    if [ -n "$says" ]; then
        verdict="refused: $(sed 's/^[^:]*: //' "$folder/err" | head -c 90)"
        judge_refused $status "$says"
    elif [ $status -ne 0 ]; then
        verdict="REFUSED: $(sed 's/^[^:]*: //' "$folder/err" | head -c 90)"
        bad=1
    else
        judge_ready "$path" "$what" || bad=1
    fi
    {
        printf '%-30s %-22s %-11s %-10s %-7s' "$(printf %s "$name" | tr '\n' '?')" \
            "$(probe v format=format_name "$path" | head -c 22)" "$(probe v stream=codec_name "$path")" \
            "$(probe a stream=codec_name "$path")" "${verdict%%:*}"
        if [ "$verdict" = ready ]; then
            printf ' %5s %6s %6s %6s %6s %6s %6s %6s' "$(value "$folder/judged" psnr)" "$(value "$folder/judged" ssim)" \
                "$(value "$folder/judged" colour)" "$(value "$folder/judged" disc)" "$(value "$folder/judged" delay_ms)" \
                "$(value "$folder/judged" apart)" "$(value "$folder/judged" lkfs)" "$(value "$folder/judged" dbtp)"
        else
            printf ' %s' "${verdict#*: }"
        fi
        printf '\n'
    } >"$folder/line"
    [ $bad -eq 0 ] || { cat "$folder/out" "$folder/err"; cat "$folder/judged" 2>/dev/null; }
    rm -rf "$path" "$folder/media"
    return $bad
}

running=0
for i in "${!FILM_NAMES[@]}"; do
    [ $running -lt $JOBS ] || { wait -n; running=$((running - 1)); }
    mkdir -p "$RESULTS/$i"
    (try "$i" >"$RESULTS/$i/told" 2>&1; echo $? >"$RESULTS/$i/status") &
    running=$((running + 1))
done
wait

told() { cat "$RESULTS/$1/told"; return "$(cat "$RESULTS/$1/status")"; }
for i in "${!FILM_NAMES[@]}"; do
    tap "$(printf %s "${FILM_NAMES[$i]}" | tr '\n' '?'): ${FILM_WHAT[${FILM_NAMES[$i]}]}" told "$i"
done

nothing_was_run() { ! find "$RESULTS" . -maxdepth 2 -name touched | grep .; }
tap "no name of a file was run" nothing_was_run

{
    printf '%-30s %-22s %-11s %-10s %-7s %5s %6s %6s %6s %6s %6s %6s %6s\n' film container picture sound verdict PSNR SSIM colour disc "late" "A/V" LKFS dBTP
    cat "$RESULTS"/*/line
} >"$TABLE"
sed 's/^/# /' "$TABLE"
echo "# checked: ${#FILM_NAMES[@]} films, $(grep -c ' ready ' "$TABLE") ready, $(grep -c ' refused ' "$TABLE") refused, in $SECONDS s"
tap_done
