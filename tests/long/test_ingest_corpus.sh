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

# --- The films ------------------------------------------------------------------------
#
# film NAME WHAT OUTPUT-ARGUMENT...; WHAT is words of name=value:
#
#   size=640x360     of the pattern's pictures     rate=25       of them a second
#   seconds=3        so long                       sar=1/1       shape of a pixel
#   matrix=bt709     bt601 below 720 lines; none: not tagged, but made as BT.709
#   range=tv         pc: full range                pix=yuv420p   pixel format
#   before= after=   filters before and behind the conversion of colours (`;` for `,`)
#   in=              of the sound, before -i (`;` for space)  sound=yes      none: without
#   then=FUNCTION    what is done to the file afterwards
#   shows=16/9       how wide it is looked at; of size and sar unless said
#   psnr=29 ssim=.93 least against the pattern     colour=8      most, of 255
#   held=0           how long, in ms, a picture may stand longer than its time
#   last=            the number of the last picture, at least; of the pattern's unless said
#   late=0           how much later than in the pattern all of it begins, in ms
#   apart=0          how much later than the picture the sound is meant to be, in ms
#   beeps=           how many; one a second unless said
#   edge=20          most between picture and sound, in ms
#   of=sd            the house format
#   period=          after so many seconds all comes again
#   says=            refused, with these words (`_` for space)
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

X264="-c:v libx264 -preset veryfast -crf 16"
X265="-c:v libx265 -preset ultrafast -crf 16 -x265-params log-level=error"
AAC="-c:a aac -b:a 128k"

# Containers and codecs
film mp4-h264-aac.mp4 "" $X264 $AAC
film mp4-front.mp4 "" $X264 $AAC -movflags +faststart
film mp4-pieces.mp4 "late=80" $X264 $AAC -movflags frag_keyframe+empty_moov
film mp4-hevc-aac.mp4 "" $X265 -tag:v hvc1 $AAC
film mp4-av1-aac.mp4 "" -c:v libsvtav1 -preset 11 -crf 25 $AAC
film mp4-mpeg4-mp3.mp4 "size=640x480 psnr=27" -c:v mpeg4 -q:v 2 -c:a libmp3lame
film mov-prores-pcm24.mov "pix=yuv422p10le" -c:v prores_ks -profile:v 2 -c:a pcm_s24le
film mov-prores4444-alpha.mov "pix=yuva444p10le" -c:v prores_ks -profile:v 4 -c:a pcm_s16be
film mov-h264-pcm.mov "" $X264 -c:a pcm_s16le
film mov-mjpeg-pcm.mov "size=640x480 pix=yuvj422p range=pc" -c:v mjpeg -q:v 2 -c:a pcm_u8 -ar 44100
film mov-animation.mov "pix=rgb24 rate=15" -c:v qtrle -c:a pcm_s16be
film mkv-h264-ac3.mkv "" $X264 -c:a ac3
film mkv-vp9-opus.mkv "" -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -c:a libopus
film mkv-ffv1-flac.mkv "" -c:v ffv1 -c:a flac
film mkv-dts.mkv "" $X264 -c:a dca -strict -2 -ac 2
film webm-vp8-vorbis.webm "psnr=27" -c:v libvpx -deadline realtime -cpu-used 8 -b:v 4M -c:a libvorbis
film webm-vp9-opus.webm "" -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -c:a libopus
film webm-av1-opus.webm "" -c:v libsvtav1 -preset 11 -crf 25 -c:a libopus
film avi-mpeg4-mp3.avi "size=640x480 psnr=27" -c:v mpeg4 -vtag XVID -q:v 2 -c:a libmp3lame
film avi-mjpeg-pcm.avi "size=640x480 pix=yuvj420p range=pc" -c:v mjpeg -q:v 2 -c:a pcm_s16le
film avi-h264-aac.avi "size=640x480" $X264 -bf 0 $AAC
film avi-dv.avi "size=720x576 sar=16/15 rate=50 before=tinterlace=interleave_bottom;setfield=bff psnr=27 ssim=.9" \
    -c:v dvvideo -c:a pcm_s16le -flags +ildct
film flv-h264-aac.flv "" $X264 $AAC
film flv-sorenson-mp3.flv "psnr=27" -c:v flv1 -q:v 2 -c:a libmp3lame -ar 44100
film wmv-wmv2-wma.wmv "size=640x480 psnr=27" -c:v wmv2 -q:v 2 -c:a wmav2
film wmv-wmv1-wma1.wmv "size=640x480 psnr=27" -c:v wmv1 -q:v 2 -c:a wmav1
film asf-msmpeg4.asf "size=640x480 psnr=27" -c:v msmpeg4 -q:v 2 -c:a libmp3lame
film ts-h264-aac.ts "" $X264 $AAC
film ts-hevc-eac3.ts "" $X265 -c:a eac3
film ts-mpeg2-mp2.ts "size=720x576 sar=64/45" -c:v mpeg2video -b:v 8M -bf 2 -c:a mp2
film mts-1080i.mts "size=1920x1080 rate=50 before=tinterlace=interleave_top;setfield=tff psnr=27 ssim=.9" \
    $X264 -flags +ildct+ilme -x264-params tff=1 -c:a ac3 -f mpegts -mpegts_m2ts_mode 1
film mpg-mpeg2-ac3.mpg "size=720x576 sar=64/45" -c:v mpeg2video -b:v 8M -maxrate 9M -bufsize 2M -c:a ac3 -f vob
film mpg-mpeg1-mp2.mpg "size=352x288 sar=12/11 psnr=26 ssim=.9" -c:v mpeg1video -b:v 3M -c:a mp2
film 3gp-h263-aac.3gp "size=352x288 sar=12/11 psnr=25 ssim=.88" -c:v h263 -q:v 2 -r 30000/1001 -c:a aac -ar 16000
film 3gp-mpeg4-aac.3gp "size=320x240 psnr=25 ssim=.88 rate=15" -c:v mpeg4 -q:v 2 -c:a aac -ar 22050 -ac 1
film ogv-theora-vorbis.ogv "psnr=27" -c:v libtheora -q:v 9 -c:a libvorbis
film mxf-mpeg2-pcm.mxf "size=720x576 sar=64/45 pix=yuv422p" -c:v mpeg2video -b:v 20M -c:a pcm_s16le
film mkv-dnxhd.mov "size=1280x720 pix=yuv422p" -c:v dnxhd -b:v 75M -c:a pcm_s16le

# Rates
film rate-10.mp4 "rate=10" $X264 $AAC
film rate-12.5.mp4 "rate=25/2" $X264 $AAC
film rate-23.976.mp4 "rate=24000/1001" $X264 $AAC
film rate-24.mp4 "rate=24" $X264 $AAC
film rate-29.97.mp4 "rate=30000/1001" $X264 $AAC
film rate-30.mp4 "rate=30" $X264 $AAC
film rate-50.mp4 "rate=50" $X264 $AAC
film rate-59.94.mp4 "rate=60000/1001" $X264 $AAC
film rate-60.mp4 "rate=60" $X264 $AAC
film rate-120.mp4 "rate=120" $X264 $AAC
film vfr-phone.mp4 "rate=30 after=select='not(eq(mod(n\\;7)\\;3)+eq(mod(n\\;11)\\;5))' held=70" -vsync vfr $X264 $AAC
film vfr-slow.mkv "rate=30 last=84 after=select='if(lt(t\\;1)\\;1\\;not(mod(n\\;7)))' held=240" -vsync vfr $X264 $AAC
film vfr-gap.mp4 "rate=30 seconds=6 after=select='lt(t\\;1.5)+gte(t\\;3.5)' held=2070" -vsync vfr $X264 $AAC
film vfr-gap.webm "rate=30 seconds=6 after=select='lt(t\\;1.5)+gte(t\\;3.5)' held=2070" -vsync vfr \
    -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -c:a libopus

# Fields
film 576i-top.mpg "size=720x576 sar=64/45 rate=50 before=tinterlace=interleave_top;setfield=tff psnr=27 ssim=.9" \
    -c:v mpeg2video -b:v 8M -flags +ildct+ilme -top 1 -c:a mp2
film 576i-bottom.mpg "size=720x576 sar=16/15 rate=50 before=tinterlace=interleave_bottom;setfield=bff psnr=27 ssim=.9" \
    -c:v mpeg2video -b:v 8M -flags +ildct+ilme -top 0 -c:a mp2
film 576i-stays.mpg "of=sd-mpeg2 size=720x576 sar=64/45 rate=50 before=tinterlace=interleave_top;setfield=tff psnr=26 ssim=.88" \
    -c:v mpeg2video -b:v 8M -flags +ildct+ilme -top 1 -c:a mp2
film 1080i.ts "size=1920x1080 rate=50 before=tinterlace=interleave_top;setfield=tff psnr=27 ssim=.9" \
    $X264 -flags +ildct+ilme -x264-params tff=1 -c:a mp2
film telecine.ts "size=720x480 sar=32/27 rate=24000/1001 before=telecine psnr=26 ssim=.88 held=30" \
    -c:v mpeg2video -b:v 8M -flags +ildct+ilme -top 1 -c:a ac3
film 480i.ts "size=720x480 sar=32/27 rate=60000/1001 before=tinterlace=interleave_bottom;setfield=bff psnr=26 ssim=.88" \
    -c:v mpeg2video -b:v 8M -flags +ildct+ilme -top 0 -c:a ac3

# Shapes
film 4-3-square.mp4 "size=640x480" $X264 $AAC
film 4-3-pixel16-15.mpg "size=720x576 sar=16/15" -c:v mpeg2video -b:v 8M -c:a mp2
film 4-3-pixel12-11.mp4 "size=704x576 sar=12/11" $X264 $AAC
film portrait.mp4 "size=720x1280 matrix=bt709" $X264 $AAC
film portrait-turned.mp4 "size=720x1280 matrix=bt709 before=transpose=clock then=turn_90" $X264 $AAC
film upside-down.mp4 "before=hflip;vflip then=turn_180" $X264 $AAC
film wide-21-9.mp4 "size=1280x536" $X264 $AAC
film odd-size.mkv "size=853x481 pix=yuv444p" -c:v ffv1 -c:a flac
film tiny.mp4 "size=128x96 psnr=20 ssim=.75 colour=14" $X264 $AAC
film 4k.mp4 "size=3840x2160 seconds=2" -c:v libx264 -preset ultrafast -crf 16 $AAC
film 8k.mp4 "size=7680x4320 rate=4 seconds=3" -c:v libx264 -preset ultrafast -crf 20 $AAC

# Colours
film hd-untagged.mp4 "size=1280x720 matrix=none" $X264 $AAC
film sd-tagged-709.mp4 "matrix=bt709" $X264 $AAC
film full-range.mp4 "range=pc" $X264 -color_range pc $AAC
film yuvj420p.mp4 "range=pc pix=yuvj420p" $X264 $AAC
film 422-10.mkv "pix=yuv422p10le" $X264 $AAC
film 444.mp4 "pix=yuv444p" $X264 $AAC
film 10-bit.mp4 "pix=yuv420p10le" $X265 -tag:v hvc1 $AAC
film rgb-screen.mp4 "pix=gbrp matrix=rgb" -c:v libx264rgb -preset veryfast -crf 10 -pix_fmt rgb24 $AAC
film rgb-utvideo.avi "pix=gbrp matrix=rgb size=640x360" -c:v utvideo -c:a pcm_s16le
film grey.mp4 "pix=gray colour=256" $X264 $AAC
film vp9-alpha.webm "pix=yuva420p" -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -c:a libopus
film bt2020.mp4 "pix=yuv420p10le matrix=bt2020 colour=12" $X265 -tag:v hvc1 \
    -color_primaries bt2020 -color_trc bt709 -colorspace bt2020nc $AAC
film hdr-pq.mp4 "pix=yuv420p10le matrix=pq psnr=12 ssim=.7 colour=90" $X265:hdr10=1 -tag:v hvc1 \
    -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc $AAC
film hdr-hlg.mp4 "pix=yuv420p10le matrix=hlg psnr=12 ssim=.7 colour=90" $X265 -tag:v hvc1 \
    -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc $AAC

# Sound
film mono.mp4 "" $X264 $AAC -ac 1
film 5.1.mp4 "" $X264 -c:a aac -b:a 384k -ac 6
film 5.1-centre.mkv "" $X264 -c:a ac3 -filter:a pan=5.1|FC=c0
film 44k.mp4 "" $X264 $AAC -ar 44100
film 8k-sound.mov "" $X264 -c:a pcm_alaw -ar 8000 -ac 1
film 96k-24.mkv "" $X264 -c:a pcm_s24le -ar 96000
film 192k-float.mkv "" $X264 -c:a pcm_f32le -ar 192000
film no-sound.mp4 "sound=none" $X264
film quiet.mp4 "" $X264 -filter:a volume=-24dB -c:a pcm_s24le -f mov
film too-loud.mp4 "" $X264 -filter:a volume=20dB $AAC
film two-tracks.mkv "" $X264 $AAC -map 0:v -map 1:a -map 1:a -filter:a:1 areverse -disposition:a:0 default -disposition:a:1 0
film sound-late.mkv "in=-itsoffset;0.5 apart=500" $X264 -c:a pcm_s16le
film sound-late.mp4 "in=-itsoffset;0.5 apart=500" $X264 $AAC
film sound-early.mkv "in=-itsoffset;-0.3 late=320 apart=-300" $X264 -c:a pcm_s16le
film sound-shorter.mp4 "seconds=5 beeps=2 in=-t;2.8" $X264 $AAC
film sound-longer.mp4 "seconds=3 beeps=4 in=-t;5" $X264 $AAC
film sound-first.mov "" $X264 $AAC -map 1:a -map 0:v

# Times
film edit-list.mp4 "seconds=5 last=120 late=-1000 then=cut_first_second beeps=4" $X264 -g 125 $AAC
film jitter.mkv "" $X264 -c:a pcm_s16le -bsf:a 'setts=ts=PTS+if(gt(PTS\,62400)\,288\,0)'
film negative-start.mkv "" $X264 -bf 3 $AAC -avoid_negative_ts disabled
film starts-at-hour.ts "" $X264 $AAC -output_ts_offset 3600
film starts-late.mkv "" $X264 $AAC -output_ts_offset 7.5 -avoid_negative_ts disabled
film wraps.ts "" $X264 $AAC -output_ts_offset 95441.7
film pyramid-open.mp4 "" $X264 -bf 8 -x264-params b-pyramid=normal:open-gop=1:keyint=30 $AAC
film hevc-open.mkv "" $X265:open-gop=1:keyint=30:bframes=4 $AAC
film times-jump.ts "seconds=4 period=4 late=40 beeps=6 then=joined_twice" $X264 $AAC
film stray-time.mpg "size=720x576 sar=64/45 then=one_stray" -c:v mpeg2video -b:v 8M -bf 2 -c:a mp2 -f vob
film b-frames.avi "size=640x480 psnr=27" -c:v mpeg4 -bf 2 -q:v 2 -c:a libmp3lame

# Headers that lie, files that are cut
film says-longer.mp4 "says=truncated then=say_longer" $X264 $AAC
film says-shorter.mp4 "then=say_shorter" $X264 $AAC
film says-shorter.mkv "then=say_shorter_mkv" $X264 $AAC
film cut-index-last.mp4 "says=its_end_is_missing then=cut_at_70" $X264 $AAC
film cut-index-first.mp4 "says=truncated then=cut_at_70" $X264 $AAC -movflags +faststart
film cut.mkv "says=truncated then=cut_at_70" $X264 $AAC
film cut.ts "seconds=5 last=60 then=cut_at_70 beeps=2" $X264 $AAC
film no-index.mp4 "says=its_end_is_missing then=lose_index" $X264 $AAC
other empty.mp4 "says=empty" make_empty
other noise.mp4 "says=this_is_no_film" make_noise
other encrypted.mp4 "says=this_is_no_film" make_encrypted
other text.mp4 "says=list_or_a_single_picture" make_text
other zip.mp4 "says=this_is_no_film" make_zip
other jpeg.mp4 "says=single_picture" make_jpeg
other mp3.mp4 "says=no_picture" make_mp3
other gif.mp4 "sound=none rate=10 size=320x180 psnr=17 ssim=.7 colour=40" make_gif
other one-second.mp4 "says=a_second_at_least" make_short

# Names
film "with spaces 第02周 语文.mp4" "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film "quotes'\"\`.mp4" "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film $'new\nline.mp4' "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film "emoji-😀.mp4" "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film "-rf.mp4" "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film '$(touch touched).mp4' "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC
film '%s%n;|&.mp4' "size=320x180 psnr=25 ssim=.88 colour=12" $X264 $AAC

# Real footage
other film-1080p24-aac51.mp4 "real=16/9 psnr=32 ssim=.9" make_real
other phone-rotated.mov "real=320/568 psnr=30 ssim=.9" make_real
other small-640x360.mp4 "real=16/9 psnr=32 ssim=.9" make_real

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
    [ "$(is "$what" in '')" = "${sound#*-t}" ] || true
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
        within lkfs -24.5 -23.5
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
