# SPDX-License-Identifier: MIT
#
# lib_station.sh: a station of its own for an end-to-end test, under $TMP.
#
# station_make writes $STATION with media and state folders in $TMP;
# station_media fills the media folder with a slate, real film and telephone
# footage and made-up lessons, once per build: they are kept beside the
# build, because encoding takes half a minute.

STATION=$TMP/station.cfg
MEDIA=$TMP/media
STATE=$TMP/state
MEDIA_CACHE=$BUILD/tests/media

station_make() {
    mkdir -p "$MEDIA" "$STATE"
    sed -e "s#\"var/media\"#\"$MEDIA\"#" -e "s#\"var/state\"#\"$STATE\"#" \
        -e "s#timetables = \"schedules\"#timetables = \"$TMP/schedules\"#" \
        "${1:-schedules/station.cfg}" >"$STATION"
    mkdir -p "$TMP/schedules"
}

# station_alone: leaves the station its first transport, with the outputs that
# are on standard input.
station_alone() {
    cat >"$TMP/outputs"
    awk -v outputs="$TMP/outputs" '
        /name = "zhoucun"/ { exit }
        /^ *outputs:/ { while ((getline line <outputs) > 0) { print line } next }
        { print }' "$STATION" | sed -e '$d' >"$STATION.new"
    sed -i -e '$s/},$/}/' "$STATION.new"
    echo ");" >>"$STATION.new"
    mv "$STATION.new" "$STATION"
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local tries=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}

status() {
    ketang status --station "$STATION" --json
}

# Sources of 5 to 12 s: cuts and loops of real footage, and a hard one to encode.
station_sources() {
    local out=$1
    local film=tests/media/film-1080p24-aac51.mp4 phone=tests/media/phone-rotated.mov
    ffmpeg -v error -y -i $film -t 5.3 -c copy "$out/film-5.mp4"
    ffmpeg -v error -y -stream_loop 1 -i $film -t 9.1 -c copy "$out/film-9.mp4"
    ffmpeg -v error -y -stream_loop 3 -i $phone -c copy "$out/phone-8.mov"
    ffmpeg -v error -y -f lavfi -i testsrc2=s=1280x720:r=30:d=7.2 \
        -f lavfi -i "sine=f=500:d=7.2" -c:v libx264 -preset ultrafast -c:a aac "$out/test-7.mp4"
    ffmpeg -v error -y -f lavfi -i "nullsrc=s=720x576:r=25:d=12,geq=random(1)*255:128:128" \
        -f lavfi -i "anoisesrc=d=12:a=0.3" -c:v mpeg2video -q:v 4 -c:a mp2 "$out/noise-12.mkv"
}

# One test makes the material, the others wait for it.
station_media() {
    mkdir -p "$MEDIA" "${MEDIA_CACHE%/*}"
    (
        flock 9
        station_fill_cache
    ) 9>"$MEDIA_CACHE.lock" && cp "$MEDIA_CACHE"/assets/*.* "$MEDIA/"
}

station_fill_cache() {
    if [ ! -e "$MEDIA_CACHE/complete" ] || [ "$BUILD/ketang-ingest" -nt "$MEDIA_CACHE/complete" ]; then
        rm -rf "$MEDIA_CACHE"
        mkdir -p "$MEDIA_CACHE/sources"
        station_sources "$MEDIA_CACHE/sources" &&
            ketang ingest --slate --media "$MEDIA_CACHE/assets" &&
            ketang ingest --preset veryfast --media "$MEDIA_CACHE/assets" "$MEDIA_CACHE"/sources/* &&
            ketang ingest --preset veryfast --media "$MEDIA_CACHE/assets" --kind filler \
                --house-number FILL-01 "$MEDIA_CACHE/sources/test-7.mp4" &&
            touch "$MEDIA_CACHE/complete"
    fi
}

# station_multiplex FILE TEXT PORT: a 64-QAM multiplex of eight sd services, m1 to m8.
station_multiplex() {
    local n
    {
        sed '/^transports:/,$d' "$STATION" | sed "s/text = \"gb2312\"/text = \"$2\"/"
        cat <<EOF
transports: (
    {
        name = "multiplex";
        bitrate_bps = 38014700;
        transport_stream_id = 7;
        cable: { frequency_hz = 474000000; modulation = 64; symbol_rate = 6875000; };
        outputs: ( { address = "127.0.0.1"; port = $3; ttl = 1; dscp = 34; } );
        services: (
EOF
        for n in 1 2 3 4 5 6 7 8; do
            [ $n -gt 1 ] && echo "            ,"
            printf '            { name = "m%d"; title = "第%d套电视课堂"; provider = "示例"; profile = "sd";\n' $n $n
            printf '              service_id = %d; logical_channel = %d; pmt_pid = 0x%x00;\n' $((200 + n)) $((810 + n)) $n
            printf '              video_pid = 0x%x01; audio_pid = 0x%x02; }\n' $n $n
        done
        echo "        );"
        echo "    }"
        echo ");"
    } >"$1"
}
