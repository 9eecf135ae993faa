#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Outputs of every kind at once, in a network namespace of our own with two
# interfaces: UDP and RTP, IPv4 and IPv6, unicast and multicast, each by the
# interface it names, and a recording.  All of them carry the rendered tape.
# tshark and ffprobe are the independent readers of RTP.
if [ -z "${KETANG_OUTPUTS_NETNS:-}" ]; then
    export KETANG_OUTPUTS_NETNS=1
    if unshare --net true 2>/dev/null; then
        exec unshare --net "$0"
    fi
    echo "# skip: a network namespace needs root (unshare --net)"
    exit 77
fi
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh

K=2325

command -v ip >/dev/null || tap_skip_all "ip is missing (Debian package iproute2)"

# interface NAME ADDRESS: one that swallows what leaves by it.
interface() {
    ip link add "$1" type dummy 2>/dev/null || ip link add "$1" type veth peer name "$1-peer" || return 1
    ip link set "$1" multicast on up
    ip addr add "$2" dev "$1"
    ip -6 addr add "fd77::${2%%/*}/64" dev "$1" nodad 2>/dev/null
    ip link set "$1-peer" up 2>/dev/null || true # of a veth
}

ip link set lo up
interface ka 10.77.1.1/24 || tap_skip_all "this kernel has neither dummy nor veth interfaces"
interface kb 10.77.2.1/24

[ -e /proc/net/if_inet6 ] && has_ipv6=1 || has_ipv6=

outputs() {
    cat <<END
        outputs: (
            { address = "239.77.1.1"; port = 5001; ttl = 5; dscp = 34; interface = "ka"; },
            { protocol = "rtp"; address = "239.77.1.1"; port = 5001; ttl = 7; dscp = 46; interface = "10.77.2.1"; },
            { protocol = "rtp"; address = "127.0.0.1"; port = 5006; ttl = 1; dscp = 34; ssrc = 0xCAFEF00D; },
            { address = "239.77.3.3"; port = 5009; ttl = 1; dscp = 34; interface = "kc"; },
END
    if [ -n "$has_ipv6" ]; then
        cat <<END
            { protocol = "rtp"; address = "ff15::77:1"; port = 5004; ttl = 3; dscp = 34; interface = "ka"; },
            { address = "ff12::77:2"; port = 5007; ttl = 1; dscp = 34; interface = "kb"; },
            { address = "::1"; port = 5008; ttl = 1; dscp = 34; },
END
    fi
    cat <<END
            { protocol = "file"; path = "$TMP/tape"; minutes = 1; max_megabytes = 40; }
        );
END
}

# In the status, spaces and line breaks removed.
status_has() {
    status | tr -d ' \n' | grep -q "$1"
}

word() {
    awk -v key="$2" '{ for (i = 1; i < NF; i++) if ($i == key) print $(i + 1) }' "$1.txt"
}

same_as_render() {
    ketang render --station "$STATION" --transport zhangdian --first-slot "$(word "$1" first-slot)" \
        --slots "$(word "$1" slots)" -o "$1.render" && cmp "$1" "$1.render"
}

# carries_the_tape ARGUMENT...: of udp-capture, up to the port.
carries_the_tape() {
    "$BUILD/tests/udp-capture" "$@" 2 $K "$TMP/got.ts" >"$TMP/got.ts.txt" || { cat "$TMP/got.ts.txt"; return 1; }
    cat "$TMP/got.ts.txt"
    [ "$(word "$TMP/got.ts" slots)" -gt $((K * 3 / 2)) ] && same_as_render "$TMP/got.ts"
}

starts() {
    sh -c "echo \$\$ >'$TMP/engine.pid'; exec ketang-playout --station '$STATION' --trust-clock" \
        >/dev/null 2>"$TMP/engine.log" &
    wait_for 20 status_has '"on_air":true' || { cat "$TMP/engine.log"; return 1; }
}

ends() {
    kill "$(cat "$TMP/engine.pid")" 2>/dev/null && wait_for 5 sh -c "! kill -0 $(cat "$TMP/engine.pid")"
}
trap 'ends; [ -n "${TMPDIR:-}" ] || rm -rf "$TMP"' EXIT

# The group is on both interfaces, RTP on one of them only.
each_interface_has_its_own() {
    carries_the_tape --interface ka 239.77.1.1 5001 || return 1
    [ $(($(stat -c %s "$TMP/got.ts") % 1316)) -eq 0 ] || return 1
    carries_the_tape --rtp --interface kb 239.77.1.1 5001
}

headers_agree() {
    local a
    carries_the_tape --rtp 127.0.0.1 5006 || return 1
    a=$(word "$TMP/got.ts" ssrc)
    [ "$a" = $((0xCAFEF00D)) ] || return 1
    carries_the_tape --rtp --interface kb 239.77.1.1 5001 && [ "$(word "$TMP/got.ts" ssrc)" != "$a" ]
}

# On the wire: time to live, DSCP, and RTP as tshark reads it.
tshark_reads_it() {
    tshark -Q -i kb -f 'udp port 5001' -c 400 -w "$TMP/kb.pcap" -a duration:10 || return 1
    tshark -r "$TMP/kb.pcap" -d udp.port==5001,rtp -T fields -e ip.ttl -e ip.dsfield.dscp -e rtp.version \
        -e rtp.p_type -e rtp.marker -e rtp.padding -e rtp.ext -e rtp.cc -e rtp.seq -e rtp.timestamp \
        -e rtp.ssrc >"$TMP/fields" 2>/dev/null
    head -n 2 "$TMP/fields"
    awk '
        $1 != 7 || $2 != 46 || $3 != 2 || $4 != 33 || $5 + $6 + $7 + $8 != 0 { print; bad++ }
        NR > 1 && ($9 - seq + 65536) % 65536 != 1 { print "sequence", seq, $9; bad++ }
        # 7 slots of 2325 are 270.97 ticks
        NR > 1 && ($10 - time + 4294967296) % 4294967296 !~ /^27[01]$/ { print "time", time, $10; bad++ }
        { seq = $9; time = $10; ssrc[$11] }
        END { for (s in ssrc) { sources++ } exit bad > 0 || NR < 400 || sources != 1 }' "$TMP/fields"
}

ffprobe_reads_it() {
    ffprobe -v error -show_entries stream=codec_name -of csv=p=0 rtp://127.0.0.1:5006 >"$TMP/streams"
    cat "$TMP/streams"
    grep -q h264 "$TMP/streams" && grep -q mp2 "$TMP/streams"
}

# An interface that comes later: alarm, then output.
absent_interface_is_awaited() {
    status_has '"alarm":"output","text":"[^"]*239.77.3.3' || { status; return 1; }
    interface kc 10.77.3.1/24
    wait_for 12 sh -c "! '$BUILD/ketang' status --station '$STATION' --json | grep -q '\"alarm\": \"output\"'" ||
        { status; return 1; }
    carries_the_tape --interface kc 239.77.3.3 5009
}

# Taken away and given back while it is in use: the number of the interface changes.
lost_interface_is_found_again() {
    ip link del kc
    wait_for 5 status_has '"alarm":"output"' || { status; return 1; }
    interface kc 10.77.3.1/24
    wait_for 15 sh -c "! '$BUILD/ketang' status --station '$STATION' --json | grep -q '\"alarm\": \"output\"'" ||
        { status; return 1; }
    carries_the_tape --interface kc 239.77.3.3 5009
}

# A file's name says the second of its first datagram: one of some 332 that it may be.
is_of_the_tape() {
    local size=$(stat -c %s "$1") stamp=${1##*/zhangdian-} second phase slot
    stamp=${stamp%.ts}
    second=$(date -d "${stamp:0:4}-${stamp:4:2}-${stamp:6:2} ${stamp:9:2}:${stamp:11:2}:${stamp:13}" +%s)
    phase=$(((7 - second * K % 7) % 7))
    [ $((size % 1316)) -eq 0 ] || return 1
    ketang render --station "$STATION" --transport zhangdian --first-slot $((second * K)) \
        --slots $((size / 188 + K + 7)) -o "$TMP/known" || return 1
    for ((slot = phase; slot < K + phase; slot += 7)); do
        cmp -s -n "$size" -i $((slot * 188)):0 "$TMP/known" "$1" && return
    done
    return 1
}

recording_is_the_tape() {
    local file
    status_has '"recorded":[1-9][0-9]*,"lost":0' || { status; return 1; }
    ends || return 1
    ls -l "$TMP/tape"
    for file in "$TMP"/tape/zhangdian-*.ts; do
        is_of_the_tape "$file" || { echo "$file is not"; return 1; }
    done
}

station_make
outputs | station_alone
tap "a slate is made" ketang ingest --slate --media "$MEDIA"
tap "the station goes on the air, though one interface is missing" starts
tap "one group leaves by each interface, as it says" each_interface_has_its_own
tap "RTP headers follow from the number of the datagram, on every leg" headers_agree
if [ -n "$has_ipv6" ]; then
    tap "IPv6 multicast by the interface named, as RTP" carries_the_tape --rtp --interface ka ff15::77:1 5004
    tap "IPv6 multicast within a link" carries_the_tape --interface kb ff12::77:2 5007
    tap "IPv6 unicast" carries_the_tape ::1 5008
else
    tap_skip "IPv6 outputs" "this kernel has no IPv6"
fi
if command -v tshark >/dev/null; then
    tap "tshark reads RTP, TTL and DSCP on the wire" tshark_reads_it
else
    tap_skip "tshark reads RTP, TTL and DSCP on the wire" "tshark is missing (make deps-ci)"
fi
tap "ffprobe reads RTP" ffprobe_reads_it
tap "an interface that comes later gets its output, and the alarm ends" absent_interface_is_awaited
tap "so does one that goes and comes" lost_interface_is_found_again
tap "the recording is the tape" recording_is_the_tape
tap_done
