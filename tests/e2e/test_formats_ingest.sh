#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Ingest into every house format of the station: what comes out is what the
# profile says, joins with anything of its profile, keeps fields in order and
# sound with picture.  The ffmpeg program reads the results; it shares no code
# with the index.  Of the largest format 2 s are made, because it is slow; the
# first one has a test of its own, test_ingest.sh.
. "$(dirname "$0")/../tap.sh"

CLIPS=$TMP/clips
MEDIA=$TMP/media
FORMATS="sd-mpeg2 hd hd-720p50"
mkdir -p "$CLIPS" "$MEDIA"

make_clip() { # NAME ffmpeg-argument...
    local name=$1
    shift
    ffmpeg -v error -nostdin -y "$@" "$CLIPS/$name" </dev/null || {
        echo "Bail out! ffmpeg cannot make $name"
        exit 1
    }
}

# ingest PROFILE argument...: the house number is that of the arguments, at the profile.
ingest() {
    local profile=$1
    shift
    ketang-ingest --station schedules/station.cfg --media "$MEDIA" --profile "$profile" --preset ultrafast "$@" </dev/null
}

asset() { # HOUSE-NUMBER: path without ending
    local json
    json=$(grep -lF "\"house_number\": \"$1\"" "$MEDIA"/*.json | tail -n 1)
    echo "${json%.json}"
}

field() { # HOUSE-NUMBER NAME: a number of its record
    sed -n "s/^ *\"$2\": *\([^,]*\),\{0,1\}$/\1/p" "$(asset "$1").json"
}

# What moves to the right, two columns every fiftieth of a second, is seen at
# once when fields are shown in the wrong order.  Bottom field first, 4:3; for
# 0.2 s from the first second on there is a flash with a beep.
moving='color=black:s=720x576:r=50:d=2.4[a];color=white:s=40x576:r=50:d=2.4[b];[a][b]overlay=x=100+2*n:y=0:eval=frame'
flash="drawbox=t=fill:color=white:enable='gte(t,0.999)*lt(t,1.199)'"
beep="aevalsrc='gte(t,1)*lt(t,1.2)*0.5*sin(2*PI*1000*t)':s=48000:d=2.4"
make_clip moving.mkv -filter_complex "$moving,$flash,tinterlace=interleave_bottom,setfield=bff,setsar=16/15[v];$beep[s]" \
    -map '[v]' -map '[s]' -c:v mpeg2video -q:v 2 -g 1 -flags +ildct+ilme -c:a pcm_s16le
make_clip fast.mkv -filter_complex "$moving,setsar=16/11[v]" -map '[v]' -c:v libx264 -preset ultrafast -crf 10
make_clip film.mkv -i tests/media/film-1080p24-aac51.mp4 -t 2.9 -c copy
make_clip short.mkv -i tests/media/film-1080p24-aac51.mp4 -t 1.9 -c copy

# Half of them beside the other half, on two processors.
make_format() {
    ingest $1 --slate && ingest $1 --house-number film-$1 "$CLIPS/film.mkv" &&
        ingest $1 --house-number moving-$1 "$CLIPS/moving.mkv" &&
        ingest $1 --kind filler --house-number filler-$1 tests/media/small-640x360.mp4
}
make_some() {
    ingest uhd --slate && make_format hd && ingest hd --house-number fast-hd "$CLIPS/fast.mkv" &&
        make_format sd-mpeg2 && ingest sd-mpeg2 --house-number fast-sd-mpeg2 "$CLIPS/fast.mkv"
}
make_others() {
    ingest uhd --house-number film-uhd "$CLIPS/short.mkv" && make_format hd-720p50 &&
        ingest sd --house-number moving-sd "$CLIPS/moving.mkv"
}
SECONDS=0
make_some >"$TMP/made" 2>&1 &
some=$!
make_others >>"$TMP/made" 2>&1
made=$?
wait $some || made=1
echo "# made in $SECONDS s"
all_made() { cat "$TMP/made"; return $made; }
tap "every format takes film, fields, fillers and its slate" all_made

# is_of_format HOUSE-NUMBER VIDEO AUDIO: as ffprobe reads it, and decodes without a word.
is_of_format() {
    local mp4 video audio words
    mp4=$(asset "$1").mp4
    video=$(ffprobe -v error -select_streams v -of csv=p=0 -show_entries \
        stream=codec_name,profile,level,width,height,sample_aspect_ratio,pix_fmt,color_range,color_space,color_primaries,field_order,r_frame_rate,start_time "$mp4" | head -n 1)
    audio=$(ffprobe -v error -select_streams a -of csv=p=0 -show_entries stream=codec_name,sample_rate,channels,start_time "$mp4")
    words=$(ffmpeg -v error -nostdin -i "$mp4" -f null - 2>&1)
    printf '%s\n' "$video" "$audio" "$words"
    [ "${video%,}" = "$2" ] && [ "${audio%,}" = "$3" ] && [ -z "$words" ]
}

video_of() {
    case $1 in
        sd-mpeg2) echo "mpeg2video,Main,720,576,16:11,yuv420p,8,tv,bt470bg,bt470bg,tt,25/1,0.000000" ;;
        hd) echo "h264,High,1920,1080,1:1,yuv420p,40,tv,bt709,bt709,tt,25/1,0.000000" ;;
        hd-720p50) echo "h264,High,1280,720,1:1,yuv420p,32,tv,bt709,bt709,progressive,50/1,0.000000" ;;
        uhd) echo "hevc,Main 10,3840,2160,1:1,yuv420p10le,153,tv,bt709,bt709,progressive,50/1,0.000000" ;;
    esac
}

audio_of() {
    case $1 in
        sd-mpeg2) echo "mp3,48000,2,0.000000" ;; # all layers share a name in MP4
        hd) echo "ac3,48000,2,0.000000" ;;
        hd-720p50 | uhd) echo "aac,48000,2,0.000000" ;;
    esac
}

pictures_per_frame() { case $1 in hd-720p50 | uhd) echo 2 ;; *) echo 1 ;; esac }

# Sound frames in a step of the join grid, the frames of the step, samples of a frame.
sound_of() {
    case $1 in
        sd-mpeg2) echo 5 3 1152 ;;
        hd) echo 5 4 1536 ;;
        hd-720p50 | uhd) echo 15 8 1024 ;;
    esac
}

# has_its_units HOUSE-NUMBER PROFILE: as many pictures and sound frames as its
# length has, key frames every 960 ms and nowhere else, PTS - DTS within what
# two B-pictures need, and all sound frames as long as their codec's.
has_its_units() {
    local mp4 frames per units grid samples
    mp4=$(asset "$1").mp4
    frames=$(field "$1" duration_frames)
    per=$(pictures_per_frame "$2")
    read -r units grid samples < <(sound_of "$2")
    ffprobe -v error -select_streams v -show_entries packet=pts_time,dts_time,flags -of csv=p=0 "$mp4" |
        awk -F, -v n=$((frames * per)) -v gop=$((24 * per)) -v rate=$((25 * per)) '
            { delay = int(($1 - $2) * rate + 0.5); rank = int($2 * rate + 1.5); key = /K/ }
            rank != NR - 1 || key != ((NR - 1) % gop == 0) || delay < 0 || delay > 3 || (key && delay != 1) {
                print "picture " NR - 1 ": rank " rank ", delay " delay; bad = 1 }
            END { if (NR != n) print NR " pictures, not " n; exit bad || NR != n }' || return 1
    ffprobe -v error -select_streams a -show_entries packet=pts_time,duration_time -of csv=p=0 "$mp4" |
        awk -F, -v n=$((frames / grid * units)) -v samples=$samples '
            { at = $1 * 48000 - (NR - 1) * samples }
            at > 2 || at < -2 { print "sound frame " NR - 1 ": at " $1; bad = 1 }
            END { if (NR != n) print NR " sound frames, not " n; exit bad || NR != n }'
}

# No B-pictures: PTS - DTS is one picture throughout, and the index says so.
may_be_cut_anywhere() {
    local base delays
    base=$(asset "$1")
    delays=$(ffprobe -v error -select_streams v -show_entries packet=pts_time,dts_time -of csv=p=0 "$base.mp4" |
        awk -F, -v rate=$((25 * $(pictures_per_frame "$2"))) '{ print int(($1 - $2) * rate + 0.5) }' | sort -u)
    echo "delays: $delays"
    [ "$delays" = 1 ] && [ "$(od -An -tu4 -j132 -N4 "$base.idx" | tr -d ' ')" -eq 1 ]
}

# Bytes 40 to 71 of each index: the hash of the parameter sets.
same_parameter_sets() {
    local json base sets
    sets=$(for json in $(grep -lF "\"profile\": \"$1\"" "$MEDIA"/*.json); do
        base=${json%.json}
        od -An -tx1 -j40 -N32 -w32 "$base.idx"
    done | sort | uniq -c)
    echo "$sets"
    [ "$(echo "$sets" | wc -l)" -eq 1 ] && [ "$(echo "$sets" | awk '{ print $1 }')" -ge 2 ]
}

# Muxers of the bare streams.
stream_of() { # PROFILE STREAM
    case $1.$2 in
        hd*.v) echo h264 ;;
        sd-mpeg2.v) echo mpeg2video ;;
        uhd.v) echo hevc ;;
        sd-mpeg2.a) echo mp2 ;;
        hd.a) echo ac3 ;;
        *.a) echo adts ;;
    esac
}

elementary() { # PROFILE STREAM HOUSE-NUMBER UNITS: so many access units, to standard output
    ffmpeg -v error -nostdin -i "$(asset "$3").mp4" -map "0:$2" -c copy "-frames:$2" "$4" -f "$(stream_of "$1" "$2")" -
}

# joins PROFILE: pieces from and to GOP boundaries, one behind another, decode
# without a word and to the last picture; so does their sound.
joins() {
    local gop=$((24 * $(pictures_per_frame "$1"))) pieces piece words pictures=0 got
    pieces="film SLATE"
    [ "$1" = uhd ] || pieces="film moving SLATE filler film"
    : >"$TMP/joined.v"
    : >"$TMP/joined.a"
    for piece in $pieces; do
        elementary "$1" v "$piece-$1" "$gop" >>"$TMP/joined.v"
        elementary "$1" a "$piece-$1" 45 >>"$TMP/joined.a"
        pictures=$((pictures + gop))
    done
    got=$(ffmpeg -v error -nostdin -i "$TMP/joined.v" -vsync passthrough -f framecrc - 2>"$TMP/words" | grep -c '^0,')
    ffmpeg -v error -nostdin -i "$TMP/joined.a" -f null - 2>>"$TMP/words"
    echo "$got of $pictures pictures"
    [ "$got" = "$pictures" ] && ! grep . "$TMP/words"
}

for format in $FORMATS uhd; do
    tap "$format: codec, level, size, shape, colours, field order and rate" \
        is_of_format film-$format "$(video_of $format)" "$(audio_of $format)"
    tap "$format: access units in their places" has_its_units film-$format $format
    tap "$format: the slate may be cut anywhere" may_be_cut_anywhere SLATE-$format $format
    tap "$format: all assets have the same parameter sets" same_parameter_sets $format
    tap "$format: pieces join at GOP boundaries" joins $format
done
for format in $FORMATS; do
    tap "$format: fields become what the format is" \
        is_of_format moving-$format "$(video_of $format)" "$(audio_of $format)"
    tap "$format: a filler may be cut anywhere" may_be_cut_anywhere filler-$format $format
done

# Columns of the moving bar's middle, from picture to picture (or field to field),
# between 1.3 s and 2.3 s: they grow by the same step each time, within a quarter.
# moves HOUSE-NUMBER FILTER STEPS-A-SECOND STEP, of the width in columns of 720.
moves() {
    ffmpeg -v error -nostdin -i "$(asset "$1").mp4" -vf "$2,scale=720:1:flags=area,format=gray" -f rawvideo - |
        od -An -v -tu1 -w720 | awk -v rate="$3" -v step="$4" '
            NR <= 1.3 * rate || NR > 2.3 * rate { next }
            { sum = at = 0
              for (i = 1; i <= NF; i++) if ($i > 60) { sum += $i; at += $i * i }
              at = sum > 0 ? at / sum : 0 }
            n++ && (at - last < step * 0.75 || at - last > step * 1.25) { print "step " n ": " last " to " at; bad = 1 }
            { last = at }
            END { if (n < 0.9 * rate) print n " steps"; exit bad || n < 0.9 * rate }'
}

# 4:3 within 16:9: 528 of 720 columns, so the bar moves 1.47 columns a field.
tap "sd: fields become pictures, evenly" moves moving-sd null 25 2.93
tap "sd-mpeg2: bottom-first fields keep their order in time" moves moving-sd-mpeg2 separatefields 50 1.47
tap "hd: fields of another height too" moves moving-hd separatefields 50 1.5
tap "hd-720p50: a picture for each field" moves moving-hd-720p50 null 50 1.5
tap "hd: 50 pictures a second become fields" moves fast-hd separatefields 50 2.0
tap "sd-mpeg2: 50 pictures a second become fields" moves fast-sd-mpeg2 separatefields 50 1.96

# Film of 25 pictures or fewer is shown in two fields of one picture: they do not differ in time.
film_is_segmented() {
    local differences
    differences=$(ffmpeg -v info -nostdin -i "$(asset "$1").mp4" -vf idet -f null - 2>&1 |
        sed -n 's/.*Multi frame detection: *TFF: *\([0-9]*\) *BFF: *\([0-9]*\) .*/\1 \2/p')
    echo "pictures with fields of two times: $differences"
    [ "$differences" = "0 0" ]
}
tap "sd-mpeg2: film stays film" film_is_segmented film-sd-mpeg2
tap "hd: film stays film" film_is_segmented film-hd

# in_step HOUSE-NUMBER PICTURES-A-SECOND: the flash begins after a second, and the beep with it.
in_step() {
    local base picture beep
    base=$(asset "$1")
    picture=$(ffmpeg -v error -nostdin -i "$base.mp4" -vf crop=iw/16:ih/2:iw*5/8:ih/4,scale=8:8,format=gray -f rawvideo - |
        od -An -v -tu1 -w64 | awk '$30 > 90 && !seen++ { print NR - 1 }')
    beep=$(ffmpeg -v error -nostdin -i "$base.mp4" -map 0:a -ac 1 -ar 48000 -f s16le - |
        od -An -v -td2 -w2 | awk '{ a = $1 < 0 ? -$1 : $1 } a > top { top = a } { all[NR] = a }
            END { for (i = 1; i <= NR; i++) if (all[i] > top / 3) { print i - 1; exit } }')
    echo "flash in picture $picture, beep at sample $beep"
    [ "$picture" -ge $(($2 - $2 / 50)) ] && [ "$picture" -le "$2" ] && [ "$beep" -ge 47900 ] && [ "$beep" -le 48100 ]
}
for format in $FORMATS; do
    tap "$format: picture and sound stay in step, within 2 ms" in_step moving-$format $((25 * $(pictures_per_frame $format)))
done

is_24_lkfs() {
    local got
    got=$(ffmpeg -v info -nostdin -i "$(asset "$1").mp4" -map 0:a -af ebur128=peak=true -f null - 2>&1 |
        awk '/Summary/ { on = 1 } on && /I:/ { i = $2 } on && /Peak:/ { p = $2 } END { print i, p }')
    echo "loudness and peak: $got"
    echo "$got" | awk '{ exit !($1 >= -24.5 && $1 <= -23.5 && $2 <= -2) }'
}
for format in $FORMATS; do
    tap "$format: -24 LKFS, peaks below -2 dBTP" is_24_lkfs film-$format
done

headers() { # HOUSE-NUMBER: every field of the headers of a second, name and value; kept
    [ -e "$TMP/headers-$1" ] || ffmpeg -v trace -nostdin -i "$(asset "$1").mp4" -map 0:v -c copy -frames:v 25 -bsf:v trace_headers -f null - 2>&1 |
        sed -n 's/^\[trace_headers @ [^]]*\] [0-9]* *\([a-z_0-9]*\(\[[^ ]*\)\{0,1\}\) .* = \(-\{0,1\}[0-9]*\)$/\1 \3/p' >"$TMP/headers-$1"
    cat "$TMP/headers-$1"
}

always() { # HOUSE-NUMBER NAME VALUE: the field is there and always the same
    local values
    values=$(headers "$1" | awk -v name="$2" '$1 == name { print $2 }' | sort -u | tr '\n' ' ')
    echo "$2: $values"
    [ "$values" = "$3 " ]
}
tap "sd-mpeg2: vbv_buffer_size is that of the level" always film-sd-mpeg2 vbv_buffer_size_value 112
tap "sd-mpeg2: every GOP is closed" always film-sd-mpeg2 closed_gop 1
tap "sd-mpeg2: no link is broken" always film-sd-mpeg2 broken_link 0
tap "sd-mpeg2: the sequence is interlaced" always film-sd-mpeg2 progressive_sequence 0
tap "sd-mpeg2: whole frames" always moving-sd-mpeg2 picture_structure 3
tap "sd-mpeg2: top field first" always moving-sd-mpeg2 top_field_first 1
tap "hd: whole frames, field by field where it pays" always moving-hd mb_adaptive_frame_field_flag 1
tap "hd: picture timing is announced" always moving-hd pic_struct_present_flag 1
tap "hd: and says top field first" always moving-hd pic_struct 3
tap "hd: no HRD" always moving-hd nal_hrd_parameters_present_flag 0

# The AFD in each picture: DTG1, active_format_flag, active_format.
says_afd() {
    local frames count
    frames=$(field "$1" duration_frames)
    count=$(elementary sd-mpeg2 v "$1" 100000 | od -An -v -tx1 -w1 | tr -d ' \n' |
        grep -o "000001b24454473141f$2" | wc -l)
    echo "$count of $frames"
    [ "$count" -eq "$frames" ]
}
tap "sd-mpeg2: a full frame says so" says_afd film-sd-mpeg2 8
tap "sd-mpeg2: 4:3 in 16:9 says so" says_afd moving-sd-mpeg2 9

twice_is_once() {
    local before after
    before=$(find "$MEDIA" -name '*.mp4' | sort)
    ingest "$1" --kind filler --house-number "filler-$1" tests/media/small-640x360.mp4 || return 1
    after=$(find "$MEDIA" -name '*.mp4' | sort)
    [ "$before" = "$after" ]
}
for format in $FORMATS; do
    tap "$format: the same file again gives the same asset, to the byte" twice_is_once $format
done

# High dynamic range comes down: what is tagged PQ at 100 cd/m2 is no longer dim.
make_clip hdr.mkv -f lavfi -i "color=gray:s=320x180:r=25:d=1.2" -c:v libx264 -preset ultrafast \
    -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc
hdr_is_mapped() {
    local level
    ingest sd --house-number hdr-sd "$CLIPS/hdr.mkv" || return 1
    level=$(ffmpeg -v error -nostdin -i "$(asset hdr-sd).mp4" -frames:v 1 -vf crop=64:64,scale=1:1,format=gray -f rawvideo - | od -An -tu1)
    echo "grey of 126 in PQ becomes $level"
    [ "$level" -ge 140 ] && [ "$level" -le 235 ]
}
tap "sd: HDR is brought down to what the format shows" hdr_is_mapped

echo "# all in $SECONDS s"
tap_done
