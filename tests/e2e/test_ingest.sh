#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Ingest, from end to end: what cannot be used is refused with a sentence and
# leaves nothing behind; anything else becomes an asset of the house format.
# Clips are made here with the ffmpeg program, which also reads the results:
# it shares no code with the writing of the index, only the codecs.
. "$(dirname "$0")/../tap.sh"

CLIPS=$TMP/clips
MEDIA=$TMP/media
mkdir -p "$CLIPS" "$MEDIA"

make_clip() { # NAME ffmpeg-argument...
    local name=$1
    shift
    nice ffmpeg -v error -nostdin -y "$@" "$CLIPS/$name" </dev/null || {
        echo "Bail out! ffmpeg cannot make $name"
        exit 1
    }
}

# Sides of upright pictures are left black, so that where a picture lies can be seen.
awk '{ print } /name = "sd";/ { print "        conform: { sides = \"black\"; };" }' schedules/station.cfg >"$TMP/station.cfg"
ingest() { nice ketang-ingest --station "$TMP/station.cfg" --media "$MEDIA" --preset veryfast "$@"; }

field() { # JSON-FILE NAME: a number or a string of a record
    sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$1"
}

record_of() { # HOUSE-NUMBER: path of its record, without the ending
    local json
    for json in "$MEDIA"/*.json; do
        [ "$(field "$json" house_number)" = "$1" ] && echo "${json%.json}"
    done | tail -n 1
}

listing() { (cd "$MEDIA" && find . -type f -exec sha256sum {} + | sort && find . | sort); }

# --- Refused ------------------------------------------------------------------

# refused SENTENCE FILE...: exit status 1, the words are in the message, one
# line for each file, and the media folder is as it was.
refused() {
    local words=$1 before status
    shift
    before=$(listing)
    ingest "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
    status=$?
    cat "$TMP/out" "$TMP/err"
    [ "$status" -eq 1 ] || { echo "exit status $status"; return 1; }
    grep -q -- "$words" "$TMP/err" || { echo "does not say: $words"; return 1; }
    [ ! -s "$TMP/out" ] && [ "$(wc -l <"$TMP/err")" -eq 1 ] || { echo "not one line"; return 1; }
    [ "$(listing)" = "$before" ] || { echo "the media folder was touched"; listing; return 1; }
}

# vanishes PROGRAM: the file is removed as soon as work on it has begun.
vanishes() {
    local before status job
    before=$(listing)
    cp tests/media/film-1080p24-aac51.mp4 "$CLIPS/vanishing.mp4"
    ingest --preset medium "$CLIPS/vanishing.mp4" >"$TMP/out" 2>"$TMP/err" </dev/null &
    job=$!
    until compgen -G "$MEDIA/.ingest-*" >/dev/null; do
        kill -0 "$job" 2>/dev/null || { cat "$TMP/err"; echo "it never began"; return 1; }
    done
    rm "$CLIPS/vanishing.mp4"
    wait "$job"
    status=$?
    cat "$TMP/out" "$TMP/err"
    [ "$status" -eq 1 ] && [ "$(wc -l <"$TMP/err")" -eq 1 ] && [ "$(listing)" = "$before" ]
}

# interrupted SIGNAL: nothing is left behind, not even the working folder.
interrupted() {
    local before status job
    before=$(listing)
    ketang-ingest --media "$MEDIA" tests/media/film-1080p24-aac51.mp4 >"$TMP/out" 2>"$TMP/err" </dev/null &
    job=$!
    until compgen -G "$MEDIA/.ingest-*/*" >/dev/null; do
        kill -0 "$job" 2>/dev/null || { echo "it never began"; return 1; }
    done
    kill "-$1" "$job"
    wait "$job"
    status=$?
    cat "$TMP/out" "$TMP/err"
    [ "$status" -ne 0 ] && [ "$(listing)" = "$before" ]
}

# What a killed one leaves is removed by the next.
leftovers_go() {
    local here=.ingest-$(uname -n) there=.ingest-elsewhere
    mkdir "$MEDIA/$here-999999999-abcdef" "$MEDIA/$here-$$-abcdef" "$MEDIA/$there-999999999-abcdef"
    touch "$MEDIA/$here-999999999-abcdef/asset.mp4"
    ingest --house-number small tests/media/small-640x360.mp4 || return 1
    rmdir "$MEDIA/$here-$$-abcdef" || { echo "that of a living process is gone"; return 1; }
    rmdir "$MEDIA/$there-999999999-abcdef" || { echo "that of another machine is gone"; return 1; }
    [ ! -e "$MEDIA/$here-999999999-abcdef" ]
}

size_of() { stat -c %s "$1"; }

: >"$CLIPS/empty.mp4"
echo "这是数学课,不是视频。" >"$CLIPS/text.mp4"
head -c 100000 /dev/zero >"$CLIPS/zeros.mp4"
mkdir "$CLIPS/folder.mp4"
mkfifo "$CLIPS/pipe.mp4"
ln -s "$CLIPS/nowhere" "$CLIPS/dangling.mp4"
printf '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsmall.mp4\n#EXT-X-ENDLIST\n' >"$CLIPS/playlist.mp4"
printf 'ffconcat version 1.0\nfile small.mp4\n' >"$CLIPS/concat.mp4"
cp tests/media/small-640x360.mp4 "$CLIPS/small.mp4"
make_clip faststart.mp4 -f lavfi -i testsrc2=s=320x240:r=25:d=6 -f lavfi -i sine=f=500:d=6 \
    -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags +faststart
make_clip index-last.mp4 -i "$CLIPS/faststart.mp4" -c copy
make_clip whole.mkv -i "$CLIPS/faststart.mp4" -c copy
for name in faststart.mp4 index-last.mp4 whole.mkv; do
    head -c $(($(size_of "$CLIPS/$name") * 7 / 10)) "$CLIPS/$name" >"$CLIPS/cut-$name"
done
head -c $(($(size_of "$CLIPS/faststart.mp4") * 96 / 100)) "$CLIPS/faststart.mp4" >"$CLIPS/cut-a-little.mp4"
make_clip sound.m4a -f lavfi -i sine=f=500:d=2 -c:a aac
make_clip cover.png -f lavfi -i color=red:s=320x240 -frames:v 1
make_clip cover.m4a -i "$CLIPS/sound.m4a" -i "$CLIPS/cover.png" -map 0 -map 1 -c copy -disposition:v attached_pic
make_clip short.mp4 -f lavfi -i testsrc2=s=320x240:r=25:d=0.6 -c:v libx264 -preset ultrafast
make_clip photo.jpg -f lavfi -i testsrc2=s=320x240 -frames:v 1
# Every byte of the pictures destroyed, the tables whole.
make_clip mpeg2.mkv -f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v libx264 -preset ultrafast -g 5
size=$(size_of "$CLIPS/mpeg2.mkv")
{
    head -c 1500 "$CLIPS/mpeg2.mkv"
    head -c $((size - 1500)) "$CLIPS/mpeg2.mkv" >/dev/null
    yes "noise" | head -c $((size - 1500))
} >"$CLIPS/noise.mkv"

tap "an empty file is refused" refused "empty" "$CLIPS/empty.mp4"
tap "a text named .mp4 is refused" refused "text.mp4" "$CLIPS/text.mp4"
tap "zeros named .mp4 are refused" refused "zeros.mp4" "$CLIPS/zeros.mp4"
tap "a folder is refused" refused "folder" "$CLIPS/folder.mp4"
tap "a pipe is refused, not waited for" refused "not an ordinary file" "$CLIPS/pipe.mp4"
tap "a link to nowhere is refused" refused "No such file" "$CLIPS/dangling.mp4"
tap "a file that is not there is refused" refused "No such file" "$CLIPS/never.mp4"
tap "a playlist is refused: it names other files" refused "playlist.mp4" "$CLIPS/playlist.mp4"
tap "a list of files is refused" refused "concat.mp4" "$CLIPS/concat.mp4"
tap "an mp4 whose end is missing is refused" refused "truncated" "$CLIPS/cut-faststart.mp4"
tap "an mp4 that is short of 4 % is refused" refused "truncated" "$CLIPS/cut-a-little.mp4"
tap "an mp4 without its index is refused" refused "cut-index-last.mp4" "$CLIPS/cut-index-last.mp4"
tap "a Matroska file whose end is missing is refused" refused "truncated" "$CLIPS/cut-whole.mkv"
tap "sound without picture is refused" refused "no picture" "$CLIPS/sound.m4a"
tap "sound with a cover picture is refused" refused "no picture" "$CLIPS/cover.m4a"
tap "what is shorter than a second is refused" refused "second" "$CLIPS/short.mp4"
tap "a photo is refused" refused "photo.jpg" "$CLIPS/photo.jpg"
tap "a film of noise is refused" refused "noise.mkv" "$CLIPS/noise.mkv"
tap "a file that vanishes meanwhile is refused" vanishes
tap "Ctrl-C leaves nothing behind" interrupted INT
tap "being ended leaves nothing behind" interrupted TERM
tap "what a killed one left is removed, what another uses is kept" leftovers_go

hostile_name() {
    local name=$CLIPS/$'bell\a\e[31mred\nline.mp4'
    : >"$name"
    ingest "$name" >"$TMP/out" 2>&1
    [ $? -eq 1 ] && [ "$(wc -l <"$TMP/out")" -eq 1 ] && ! LC_ALL=C grep -q '[[:cntrl:]]' "$TMP/out"
}
tap "a name full of control characters is printed harmlessly" hostile_name

misused() {
    ingest "$@" >"$TMP/out" 2>"$TMP/err"
    [ $? -eq 2 ] && [ ! -s "$TMP/out" ] && [ "$(wc -l <"$TMP/err")" -eq 2 ]
}
tap "no file named: the way out is shown" misused
tap "one house number for two files is refused" misused --house-number A "$CLIPS/small.mp4" "$CLIPS/small.mp4"
tap "a house number that cannot be printed is refused" misused --house-number $'A\eB' "$CLIPS/small.mp4"
tap "an unknown kind is refused" misused --kind opera "$CLIPS/small.mp4"
tap "an unknown preset is refused" misused --preset instant "$CLIPS/small.mp4"

bar_on_a_terminal() {
    script -qec "ketang-ingest --media $MEDIA --preset ultrafast --house-number BAR tests/media/film-1080p24-aac51.mp4" \
        /dev/null </dev/null >"$TMP/out"
    grep -q '\[#.*%.*x.*left' "$TMP/out"
}
if command -v script >/dev/null; then
    tap "on a terminal there is a progress bar" bar_on_a_terminal
else
    tap_skip "on a terminal there is a progress bar" "no script command"
fi

one_bad_among_good() {
    ingest "$CLIPS/empty.mp4" "$CLIPS/small.mp4" >"$TMP/out" 2>"$TMP/err"
    [ $? -eq 1 ] && grep -q empty.mp4 "$TMP/err" && [ "$(grep -vc "no timetable names small yet" "$TMP/err")" -eq 1 ] &&
        [ "$(grep -vc "^  " "$TMP/out")" -eq 1 ] && [ -n "$(record_of small)" ]
}
tap "one bad file among good ones: the good ones are made, the status is 1" one_bad_among_good

# --- Accepted -----------------------------------------------------------------

make_clip 4-3.avi -f lavfi -i color=white:s=640x480:r=25:d=2.5 -f lavfi -i sine=f=500:d=2.5 -c:v mpeg4 -c:a mp3
make_clip portrait.webm -f lavfi -i color=white:s=360x640:r=30:d=2 -f lavfi -i sine=f=500:d=2 \
    -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus
make_clip wide.mp4 -f lavfi -i color=white:s=640x268:r=24:d=2 -c:v libx264 -preset ultrafast
make_clip anamorphic.mpg -f lavfi -i color=white:s=720x576:r=25:d=2,setsar=16/15 -c:v mpeg2video -b:v 2M
make_clip mono44k.mp4 -f lavfi -i testsrc2=s=320x180:r=25:d=4 \
    -f lavfi -i "sine=f=440:r=44100:d=4,volume=0.1" -c:v libx264 -preset ultrafast -c:a aac -ac 1
make_clip vfr.mkv -f lavfi -i testsrc2=s=320x180:r=30:d=3 -vf "select='if(lt(t,1),1,not(mod(n,7)))'" \
    -vsync vfr -c:v libx264 -preset ultrafast
make_clip interlaced.ts -f lavfi -i testsrc2=s=720x576:r=50:d=2 -f lavfi -i sine=f=500:d=2 \
    -vf "tinterlace=interleave_top,setsar=16/11" -c:v mpeg2video -flags +ildct+ilme -b:v 4M -c:a mp2
# A flash and a beep at 1.0 s; the sound starts 0.32 s after the picture.
make_clip flash.mkv -f lavfi -i "color=black:s=320x180:r=25:d=3,geq=lum='if(gte(T,0.995)*lt(T,1.195),235,16)':cb=128:cr=128" \
    -itsoffset 0.32 -f lavfi -i "aevalsrc='gte(t,0.68)*lt(t,0.88)*sin(2*PI*1000*(t-0.68))':s=48000:d=2.5" \
    -c:v libx264 -preset ultrafast -c:a pcm_s16le
# Three recordings put together: each time the clock starts over, and sound and picture change.
make_clip part-1.ts -f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=f=500:d=2 \
    -c:v libx264 -preset ultrafast -c:a ac3 -ac 6
make_clip part-2.ts -f lavfi -i testsrc2=s=640x480:r=25:d=1 -f lavfi -i sine=f=500:r=44100:d=1 \
    -c:v libx264 -preset ultrafast -c:a ac3 -ac 2
cat "$CLIPS"/part-{1,2,1}.ts >"$CLIPS/joined.ts"
make_clip silent.mp4 -f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i anullsrc=d=2 -c:v libx264 -preset ultrafast -c:a aac
make_clip loud.mp4 -f lavfi -i testsrc2=s=320x180:r=25:d=4 \
    -f lavfi -i "aevalsrc='if(lt(mod(t,1),0.01),0.9,0.003)*sin(2*PI*300*t)':s=48000:d=4" \
    -c:v libx264 -preset ultrafast -c:a pcm_s16le -f mov

# shape NAME: an asset of the house format, as ffprobe reads it.
shape() {
    local base video audio frames bad=0
    base=$(record_of "$1")
    [ -n "$base" ] || { echo "no record of $1"; return 1; }
    video=$(ffprobe -v error -select_streams v -count_packets -of csv=p=0 -show_entries \
        stream=codec_name,profile,width,height,sample_aspect_ratio,pix_fmt,level,color_range,color_space,r_frame_rate,start_time,nb_read_packets "$base.mp4")
    audio=$(ffprobe -v error -select_streams a -count_packets -of csv=p=0 -show_entries \
        stream=sample_rate,channels,bit_rate,nb_read_packets "$base.mp4")
    frames=$(field "$base.json" duration_frames)
    [ "$video" = "h264,High,720,576,16:11,yuv420p,30,tv,bt470bg,25/1,0.000000,$frames" ] || bad=1
    [ "$audio" = "48000,2,192000,$((frames / 3 * 5))" ] || bad=1
    [ $((frames % 3)) -eq 0 ] && [ "$frames" -ge 24 ] || bad=1
    [ "$(sha256sum <"$base.mp4")" = "$(basename "$base")  -" ] || bad=1
    [ "$(field "$base.json" proof)" = holds ] || bad=1
    ffmpeg -v error -nostdin -i "$base.mp4" -f null - 2>&1 | grep . && bad=1
    [ "$bad" -eq 0 ] || echo "video $video audio $audio frames $frames"
    return "$bad"
}

nals() { # BASE TYPES: bytes of the NAL units of these types, by an independent filter
    ffmpeg -v error -nostdin -i "$1.mp4" -map 0:v -c copy -bsf:v "h264_mp4toannexb,filter_units=pass_types=$2" -f data - | wc -c
}

# bitstream NAME: an access-unit delimiter each, no SEI, IDR pictures every 24
# frames and nowhere else, all audio frames of 576 bytes.
bitstream() {
    local base frames keys
    base=$(record_of "$1")
    frames=$(field "$base.json" duration_frames)
    [ "$(nals "$base" 9)" -eq $((frames * 6)) ] || { echo "not an AUD for each picture"; return 1; }
    [ "$(nals "$base" 6)" -eq 0 ] || { echo "SEI"; return 1; }
    keys=$(ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 "$base.mp4" |
        awk -F, '/K/ { printf "%d ", NR - 1 }')
    [ "$keys" = "$(seq -s ' ' 0 24 $((frames - 1))) " ] || { echo "IDR at $keys"; return 1; }
    ! ffprobe -v error -select_streams a -show_entries packet=size -of csv=p=0 "$base.mp4" | grep -v '^576'
}

# lasts NAME FRAMES
lasts() {
    local frames
    frames=$(field "$(record_of "$1").json" duration_frames)
    [ "$frames" -eq "$2" ] || { echo "$frames frames"; return 1; }
}

# picture_lies NAME WIDTH:HEIGHT:X:Y: where the picture is on its black ground,
# within two pixels.
picture_lies() {
    local got
    got=$(ffmpeg -v info -nostdin -ss 0.5 -i "$(record_of "$1").mp4" -frames:v 5 \
        -vf cropdetect=limit=60:round=2:reset=0 -f null - 2>&1 | sed -n 's/.*crop=\([0-9:]*\).*/\1/p' | tail -n 1)
    echo "picture at $got"
    echo "$got:$2" | awk -F: '{ for (i = 1; i <= 4; i++) if ($i - $(i + 4) > 2 || $(i + 4) - $i > 2) exit 1 }'
}

loudness() { # FILE: integrated loudness and true peak, by ffmpeg
    ffmpeg -v info -nostdin -i "$1" -map 0:a -af ebur128=peak=true -f null - 2>&1 |
        awk '/Summary/ { on = 1 } on && /I:/ { i = $2 } on && /Peak:/ { p = $2 } END { print i, p }'
}

is_24_lkfs() {
    local got
    got=$(loudness "$(record_of "$1").mp4")
    echo "loudness and peak: $got"
    echo "$got" | awk '{ exit !($1 >= -24.5 && $1 <= -23.5 && $2 <= -2) }'
}

is_silent() {
    local got
    got=$(loudness "$(record_of "$1").mp4")
    echo "loudness and peak: $got"
    echo "$got" | awk '{ exit !($1 <= -69) }'
}

accept() {
    ingest "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
    local status=$?
    cat "$TMP/out" "$TMP/err"
    [ "$status" -eq 0 ] && ! grep -v '^ketang ingest: no timetable names .* yet ' "$TMP/err"
}

tells_of_silence() {
    grep '^silent: ready, 2.*, WITHOUT SOUND, asset' "$TMP/out" && grep '^loud: ready, .* LKFS' "$TMP/out"
}

tap "all kinds of files are accepted in one go, silently but for a line each" accept \
    "$CLIPS"/{4-3.avi,portrait.webm,wide.mp4,anamorphic.mpg,mono44k.mp4,vfr.mkv,interlaced.ts,joined.ts,flash.mkv,silent.mp4,loud.mp4} \
    tests/media/{film-1080p24-aac51.mp4,phone-rotated.mov}
tap "a film without sound is told" tells_of_silence
for name in small 4-3 portrait wide anamorphic mono44k vfr interlaced joined flash silent loud film-1080p24-aac51 phone-rotated; do
    tap "$name: an asset of the house format" shape "$name"
    tap "$name: access units as they go on air" bitstream "$name"
done

tap "4:3: 528 of 720 pixels wide" picture_lies 4-3 528:576:96:0
tap "portrait: as high as the screen" picture_lies portrait 222:576:250:0
tap "film format: as wide as the screen" picture_lies wide 720:438:0:68
tap "anamorphic 4:3: the shape of its pixels counts" picture_lies anamorphic 528:576:96:0
tap "16:9: 704 pixels wide" picture_lies film-1080p24-aac51 704:576:8:0

tap "4:3 of 2.5 s and a codec's tail of sound: on the grid" lasts 4-3 66
tap "variable frame rate: its length stays" lasts vfr 72
lasts_about() {
    local frames
    frames=$(field "$(record_of "$1").json" duration_frames)
    echo "$frames frames"
    [ "$frames" -ge $(($2 - 6)) ] && [ "$frames" -le $(($2 + 6)) ]
}
tap "recordings put together: nothing is lost, nothing is added" lasts_about joined 126
tap "no sound: silence" is_silent vfr
tap "silence stays silence" is_silent silent
tap "44.1 kHz mono: -24 LKFS" is_24_lkfs mono44k
tap "5.1 sound: -24 LKFS" is_24_lkfs film-1080p24-aac51

peaks_are_limited() {
    local got
    got=$(loudness "$(record_of loud).mp4")
    echo "loudness and peak: $got"
    echo "$got" | awk '{ exit !($2 <= -2) }'
}
tap "peaks stay below -2 dBTP" peaks_are_limited

# The flash is in picture 25; the beep begins at sample 48000.
in_step() {
    local base dark picture beep
    base=$(record_of flash)
    picture=$(ffmpeg -v error -nostdin -i "$base.mp4" -vf scale=8:8,format=gray -f rawvideo - |
        od -An -v -tu1 -w64 | awk '$30 > 120 && !seen++ { print NR - 1 }')
    beep=$(ffmpeg -v error -nostdin -i "$base.mp4" -map 0:a -ac 1 -ar 48000 -f s16le - |
        od -An -v -td2 -w2 | awk '($1 > 500 || $1 < -500) && !seen++ { print NR - 1 }')
    echo "flash in picture $picture, beep at sample $beep"
    [ "$picture" -eq 25 ] && [ "$beep" -ge 47900 ] && [ "$beep" -le 48100 ]
}
tap "picture and sound stay in step, within 2 ms" in_step

# The film is dark: its columns are told from black by their mean.
picture_lies_quarter() {
    local got
    got=$(ffmpeg -v error -nostdin -ss 0.5 -i "$(record_of phone-rotated).mp4" -frames:v 1 \
        -vf scale=720:1:flags=area,format=gray -f rawvideo - | od -An -v -tu1 -w1 |
        awk '$1 > 30 { if (!n++) first = NR - 1; last = NR - 1 } END { print first, last }')
    echo "picture from column to column: $got"
    echo "$got" | awk '{ exit !($1 >= 245 && $1 <= 252 && $2 >= 467 && $2 <= 474) }'
}

# Four corners of different grey, rotated by the container: as ffmpeg itself turns it.
make_clip corners.mp4 -f lavfi -i "color=black:s=320x180:r=25:d=1.2,drawbox=0:0:160:90:gray@1:fill,drawbox=160:0:160:90:white@1:fill" \
    -c:v libx264 -preset ultrafast
for angle in 90 180 270; do
    make_clip turned-$angle.mp4 -i "$CLIPS/corners.mp4" -c copy -metadata:s:v rotate=$angle
done

corners() { # ffmpeg input arguments: brightness of four corners, a letter each
    ffmpeg -v error -nostdin -ss 0.5 "$@" -frames:v 1 -vf "$FILTER" -f rawvideo - | od -An -v -tu1 -w4 |
        awk '{ for (i = 1; i <= 4; i++) printf "%s", $i < 60 ? "b" : $i < 190 ? "g" : "w" }'
}

turned_right() {
    local want got
    FILTER=scale=2:2:flags=area,format=gray want=$(corners -i "$CLIPS/turned-$1.mp4")
    case $1 in
        180) FILTER=crop=704:576 ;;
        *) FILTER=crop=220:576 ;;
    esac
    FILTER=$FILTER,scale=2:2:flags=area,format=gray
    got=$(corners -i "$(record_of "turned-$1").mp4")
    echo "want $want, got $got"
    [ ${#want} -eq 4 ] && [ "$got" = "$want" ]
}
tap "telephone films turned by 90, 180 and 270 degrees are accepted" accept "$CLIPS"/turned-{90,180,270}.mp4
tap "a real film from a telephone: upright, black beside it" picture_lies_quarter
for angle in 90 180 270; do
    tap "turned by $angle degrees: upright" turned_right $angle
done

# --- Kinds, and what all assets share -----------------------------------------

slate() {
    accept --slate && shape SLATE-sd && bitstream SLATE-sd && lasts SLATE-sd 240 && is_silent SLATE-sd &&
        [ "$(field "$(record_of SLATE-sd).json" kind)" = slate ]
}
tap "the slate is an asset of 9.6 s and silent" slate

no_b_pictures() {
    local base
    base=$(record_of "$1")
    ! ffprobe -v error -select_streams v -show_entries frame=pict_type -of csv=p=0 "$base.mp4" | grep -q B &&
        [ "$(od -An -tu4 -j132 -N4 "$base.idx" | tr -d ' ')" -eq 1 ]
}
filler() {
    accept --kind filler --house-number EYES-1 --title "眼保健操" tests/media/film-1080p24-aac51.mp4 &&
        bitstream EYES-1 && no_b_pictures EYES-1 &&
        [ "$(field "$(record_of EYES-1).json" title)" = "眼保健操" ]
}
tap "a filler can be cut anywhere: it has no B-pictures" filler
tap "so can the slate" no_b_pictures SLATE-sd

# Of the same number as one that is there, and as one that comes in while the film is made.
keeps_what_came_first() {
    local job base copy sha tries=600
    refused 'there is a film EYES-1 already' --new --house-number EYES-1 "$CLIPS/small.mp4" || return 1
    nice ketang-ingest --station schedules/station.cfg --media "$MEDIA" --new --house-number LATER-1 \
        "$CLIPS/small.mp4" >"$TMP/out" 2>"$TMP/err" </dev/null &
    job=$!
    until compgen -G "$MEDIA/.ingest-*" >/dev/null || [ $((tries -= 1)) -eq 0 ]; do sleep 0.05; done
    kill -STOP $job && compgen -G "$MEDIA/.ingest-*" >/dev/null || { kill -KILL $job; return 1; }
    base=$(record_of EYES-1) && sha=$(printf 'e%.0s' {1..64}) && copy=$MEDIA/$sha
    cp "$base.mp4" "$copy.mp4" && cp "$base.idx" "$copy.idx" &&
        sed "s/EYES-1/LATER-1/; s/$(basename "$base")/$sha/" "$base.json" >"$copy.json"
    kill -CONT $job
    wait $job
    [ $? -eq 1 ] && grep 'there is a film LATER-1 already' "$TMP/err" && [ "$(record_of LATER-1)" = "$copy" ] &&
        ! compgen -G "$MEDIA/.ingest-*" && rm -f "$copy".*
}
tap "a film that came first keeps its number under --new" keeps_what_came_first

# The timetables name FILL-01.
a_number_that_is_nearly_planned() {
    ketang ingest --media "$MEDIA" --preset ultrafast --kind filler --house-number FILL-1 "$CLIPS/small.mp4" 2>"$TMP/hint" || return 1
    grep -q 'no timetable names FILL-1; is FILL-01 meant?' "$TMP/hint" && [ "$(wc -l <"$TMP/hint")" -eq 1 ]
}
tap "a house number that is nearly one of a timetable is told" a_number_that_is_nearly_planned

# One that is planned, and one that is not, nor anything like it.
a_number_that_is_not_planned() {
    ketang ingest --media "$MEDIA" --preset ultrafast --kind filler --house-number FILL-01 "$CLIPS/faststart.mp4" 2>"$TMP/hint" &&
        [ ! -s "$TMP/hint" ] || return 1
    ketang ingest --media "$MEDIA" --preset superfast --house-number QX-77 "$CLIPS/faststart.mp4" 2>"$TMP/hint" &&
        grep -q 'no timetable names QX-77 yet' "$TMP/hint" && [ "$(wc -l <"$TMP/hint")" -eq 1 ]
}
tap "a house number that no timetable names is told" a_number_that_is_not_planned

# KT-07 is 中国的疆域, and 杠杆 is KT-08.
a_title_of_another_lesson() {
    ketang ingest --media "$MEDIA" --preset ultrafast --house-number KT-07 --title "八年级 物理 杠杆" "$CLIPS/vfr.mkv" 2>"$TMP/hint" &&
        grep -q "^ketang ingest: .*yaml:[0-9]* has KT-07 as '七年级 地理 中国的疆域', but --title says '八年级 物理 杠杆'" "$TMP/hint" &&
        grep -q "'八年级 物理 杠杆' is KT-08 in the timetables: --house-number KT-08" "$TMP/hint" || return 1
    ketang ingest --media "$MEDIA" --preset superfast --house-number KT-07 --title "地理 中国的疆域" "$CLIPS/vfr.mkv" 2>"$TMP/hint" &&
        [ ! -s "$TMP/hint" ]
}
tap "a title that timetables give to another house number is told" a_title_of_another_lesson

other_presets() {
    local preset
    for preset in ultrafast faster medium slower placebo; do
        accept --preset $preset --house-number "PRESET-$preset" "$CLIPS/small.mp4" || return 1
    done
}
tap "other presets of the encoder work too" other_presets

# Bytes 40 to 71 of each index: the hash of the parameter sets.
same_parameter_sets() {
    local idx kinds
    kinds=$(for idx in "$MEDIA"/*.idx; do od -An -tx1 -j40 -N32 -w32 "$idx"; done | sort -u | wc -l)
    echo "$kinds different parameter sets"
    [ "$kinds" -eq 1 ]
}
tap "all assets have the same parameter sets, to the byte" same_parameter_sets

# A slate whose parameter sets are others, as another encoder would make them.
other_encoder() {
    local slate
    slate=$(record_of SLATE-sd)
    mkdir "$TMP/other"
    cp "$slate".* "$TMP/other"
    printf 'another' | dd of="$TMP/other/$(basename "$slate").idx" bs=1 seek=40 conv=notrunc status=none
    ingest --media "$TMP/other" "$CLIPS/small.mp4" >"$TMP/out" 2>"$TMP/err"
    [ $? -eq 1 ] && grep -q "made the slate" "$TMP/err" && [ "$(ls -A "$TMP/other" | wc -l)" -eq 3 ]
}
tap "an asset that could not follow the slate is refused" other_encoder

twice_is_once() {
    local before after
    before=$(find "$MEDIA" -name '*.mp4' | sort)
    accept tests/media/film-1080p24-aac51.mp4 || return 1
    after=$(find "$MEDIA" -name '*.mp4' | sort)
    [ "$before" = "$after" ]
}
tap "the same file again gives the same asset, to the byte" twice_is_once
tap "a film keeps its house number: a second one is refused" refused "there already, as small" --house-number KT-99 "$CLIPS/small.mp4"

# As the refusal says: another preset, for both; or the command, for a slip.
ways_out_of_twice() {
    local record
    record=$(record_of small).json
    refused "another --preset .* as slow. If small is a slip: rm '$record', and" --house-number KT-99 "$CLIPS/small.mp4" &&
        accept --house-number KT-99 --preset slow "$CLIPS/small.mp4" && [ -e "$record" ] &&
        eval "$(ingest --house-number KT-98 "$CLIPS/small.mp4" 2>&1 | grep -o "rm '[^']*'")" && [ ! -e "$record" ] &&
        accept --house-number KT-98 "$CLIPS/small.mp4" && [ -e "$record" ]
}
tap "both ways out that the refusal names lead out" ways_out_of_twice

nothing_else() {
    ! find "$MEDIA" -mindepth 1 ! -name '*.mp4' ! -name '*.idx' ! -name '*.json' ! -path "$MEDIA/reports*" | grep .
}
tap "the media folder holds nothing but assets" nothing_else

tap_done
