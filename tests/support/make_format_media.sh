#!/bin/bash
# SPDX-License-Identifier: MIT
#
# make_format_media.sh MEDIA_DIR STATION_FILE PROFILE: air-ready material of
# one house format, of different character: a slate, six lessons of 10 to 20 s
# (FMT-1-film to FMT-6-tone) and two fillers (FMT-FILL-1, FMT-FILL-2).  Of
# pictures larger than high definition, which are slow to encode, three lessons
# of 10 s and shorter fillers.  Programs are taken from KETANG_BUILD (build).
set -eu

if [ $# -ne 3 ]; then
    echo "usage: $0 MEDIA_DIR STATION_FILE PROFILE" >&2
    exit 2
fi
media=$1 station=$2 profile=$3
top=$(cd "$(dirname "$0")/../.." && pwd)
export ingest=${KETANG_BUILD:-$top/build}/ketang-ingest
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

film=$top/tests/media/film-1080p24-aac51.mp4
phone=$top/tests/media/phone-rotated.mov

# The width that the station file gives to the profile.
width=$(awk -v name="\"$profile\";" '$1 == "name" && $3 == name { on = 1 }
    on && $1 == "width" { sub(";", "", $3); print $3; exit }' "$station")
[ -n "$width" ] || { echo "$0: $station has no profile '$profile'" >&2; exit 1; }

make_source() { # NAME ffmpeg-argument...
    local name=$1
    shift
    ffmpeg -v error -nostdin -y "$@" -c:v libx264 -preset ultrafast -crf 12 -c:a pcm_s16le "$tmp/$name.mkv"
}

film() { make_source "$1" -stream_loop 3 -i "$film" -t "$2" -ac 2; }
phone() { make_source "$1" -stream_loop 9 -i "$phone" -t "$2"; }
noise() {
    make_source "$1" -f lavfi -i "color=gray:s=720x576:r=25:d=$2,noise=alls=100:allf=t" \
        -f lavfi -i "anoisesrc=r=48000:d=$2:a=0.3"
}
# Another picture every 0.4 s, interlaced, the bottom field first.
cuts() {
    make_source "$1" -f lavfi -i "testsrc2=s=1920x1080:r=50:d=$2,hue=h=137*floor(t/0.4):s=1+mod(floor(t/0.4)\,3),negate=enable=mod(floor(t/0.4)\,2),tinterlace=interleave_bottom,setfield=bff" \
        -f lavfi -i "aevalsrc=0.5*sin(2*PI*(200+100*floor(mod(t/0.4\,9)))*t):s=48000:d=$2" -flags +ildct+ilme -x264-params bff=1
}
slides() {
    make_source "$1" -f lavfi -i "color=0xf4f1e8:s=1280x720:r=25:d=$2,drawtext=fontfile='\:bold':font='Noto Sans CJK SC':text='示例 第%{eif\:floor(t/3)+1\:d}页':fontsize=90:x=160:y=240,drawbox=x=160:y=400:w=700:h=6:color=0xe8b04a:t=fill" \
        -f lavfi -i "aevalsrc=0.3*sin(2*PI*220*t)*gt(mod(t\,2)\,0.7):s=44100:d=$2"
}
tone() { make_source "$1" -f lavfi -i "smptehdbars=s=1280x720:r=50:d=$2" -f lavfi -i "sine=f=1000:r=48000:d=$2"; }

kinds="film:18 phone:14 noise:12 cuts:11 slides:15 tone:10"
filler_s=8
preset=veryfast
if [ "$width" -gt 1920 ]; then
    kinds="film:9.9 cuts:9.9 tone:9.9"
    filler_s=2.8
    preset=ultrafast
fi

number=0
for kind in $kinds; do
    number=$((number + 1))
    "${kind%:*}" "FMT-$number-${kind%:*}" "${kind#*:}"
    echo "lesson FMT-$number-${kind%:*}"
done >"$tmp/list"
slides FMT-FILL-1 $filler_s
tone FMT-FILL-2 $filler_s
printf 'filler %s\n' FMT-FILL-1 FMT-FILL-2 >>"$tmp/list"

arguments=(--station "$station" --profile "$profile" --media "$media" --preset $preset)
"$ingest" "${arguments[@]}" --slate
# Two at a time: each encoder works on one core.
export tmp
xargs -P 2 -L 1 bash -c '"$ingest" "${@:3}" --kind "$1" --house-number "$2" "$tmp/$2.mkv"' \
    ingest <<<"$(while read -r kind name; do echo "$kind $name ${arguments[*]}"; done <"$tmp/list")"
