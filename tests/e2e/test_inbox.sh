#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The inbox: what schools put there is taken once it is still, with a receipt; what is
# not sure waits for a person; and nothing that anybody puts there does harm.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

INBOX=$TMP/inbox
A=$INBOX/示例学校A
B=$INBOX/示例学校B
mkdir -p "$A" "$B"
station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
export KETANG_STATION=$STATION

film() { head -c 3000 /dev/urandom >"$1"; }

look() { ketang inbox --once --settle 0 "$INBOX" >"$TMP/out" 2>"$TMP/err"; }

jobs() {
    ketang jobs --json | python3 -c '
import json, sys
for job in json.load(sys.stdin):
    if len(sys.argv) < 3 or job["house_number"] == sys.argv[2]:
        print(job[sys.argv[1]])' "$@"
}

is_taken() {
    film "$A/KT-01.mp4"
    echo 示例 >"$A/KT-01.srt"
    film "$A/IMG_0002.mp4"
    printf '文件,节目代码,教师,版权\nIMG_0002,KT-02,示例教师02,示例：本校\nIMG_0003,KT-03,,\n' >"$A/清单.csv"
    film "$B/KT-04.mp4.part"
    film "$B/.KT-04.mp4"
    film "$B/KT-04.mp4~"
    look || { cat "$TMP/err"; return 1; }
    cat "$TMP/out" "$A/match-list.txt"
    local one
    one=$(jobs number KT-01)
    [ -e "$A/taken/$one-KT-01.mp4" ] && [ -e "$A/taken/$one-KT-01.srt" ] && [ ! -e "$A/KT-01.mp4" ] &&
        [ -e "$MEDIA/submitted/$one.srt" ] && [ "$(jobs school KT-02)" = 示例学校A ] && [ "$(jobs teacher KT-02)" = 示例教师02 ] &&
        grep -q "row 3: IMG_0003 has not come yet" "$A/match-list.txt" && [ "$(jobs number | wc -l)" -eq 2 ] &&
        [ -e "$B/KT-04.mp4.part" ]
}

has_receipts() {
    local one
    one=$(jobs number KT-01)
    cat "$A/receipts/$one.txt"
    grep -q "提交编号 Number: $one" "$A/receipts/$one.txt" && grep -q "SHA-256: $(jobs sha256 KT-01)" "$A/receipts/$one.txt" &&
        grep -q "课题 Lesson: 一年级 语文 春夏秋冬" "$A/receipts/$one.txt" && grep -qE "播出时间 Airs: 20[0-9-]+ [0-9:]+  " "$A/receipts/$one.txt" &&
        grep -q "<h1>提交回执 Receipt</h1>" "$A/receipts/$one.html" || return 1
    # It tells later what came of it.
    ketang jobs --cancel "$one" --reason '<b>发错了</b>' && look || return 1
    grep -q "意见 Findings: <b>发错了" "$A/receipts/$one.txt" && grep -q "&lt;b&gt;发错了" "$A/receipts/$one.html"
}

is_asked() {
    film "$B/春夏秋冬 教学设计.mp4"
    film "$B/微信视频.mp4"
    look || return 1
    cat "$B/match-list.txt"
    [ -e "$B/微信视频.mp4" ] && grep -q "微信视频.mp4: which lesson is it" "$B/match-list.txt" &&
        ketang inbox --list "$INBOX" | grep -q "KT-01 一年级 语文 春夏秋冬; for it: title" || return 1
    eval "$(grep -m1 'mv -n' "$B/match-list.txt")" && look && [ "$(jobs state KT-01 | tail -1)" = waiting ] &&
        rm "$B/微信视频.mp4" && look && [ ! -e "$B/match-list.txt" ]
}

# Not before it is still, nor while somebody writes.
is_waited_for() {
    film "$B/KT-05.mp4"
    ketang inbox --once --settle 60 "$INBOX" >"$TMP/out" && grep -q "0 taken, 0 asked about, 1 not still yet" "$TMP/out" || return 1
    exec 7>>"$B/KT-05.mp4"
    look
    exec 7>&-
    grep -q "1 not still yet" "$TMP/out" && [ -z "$(jobs state KT-05)" ] && look && [ "$(jobs state KT-05)" = waiting ]
}

# Nothing leads out of the folder, hangs, or is written elsewhere.
is_unharmed() {
    local outside=$TMP/outside before after
    mkdir "$outside" "$INBOX/示例学校C" "$INBOX/"$'C\e[31m\n..' && film "$outside/KT-06.mp4"
    before=$(find "$outside" "$TMP/schedules" | sort; cat "$outside"/* | sha256sum)
    ln -s "$outside" "$INBOX/link"
    ln -s "$outside/KT-06.mp4" "$B/KT-06.mp4"
    mkfifo "$B/KT-07.mp4"
    mkdir "$B/KT-08.mp4"
    film "$B/"$'KT-09\n..\e[31m.mp4'
    film "$B/-rf.mp4"
    film "$B/"$'\xff\xfe.mp4'
    film "$B/$(printf 'x%.0s' {1..250}).mp4"
    : >"$B/KT-10.mp4"
    head -c 5000 /dev/urandom >"$B/list.xlsx"
    film "$INBOX/示例学校C/KT-03.mp4"
    ln -s "$outside" "$INBOX/示例学校C/taken"
    ln -s "$outside" "$INBOX/示例学校C/receipts"
    film "$INBOX/"$'C\e[31m\n..'"/KT-04.mp4"
    look
    cat "$TMP/out" "$TMP/err" "$B/match-list.txt"
    after=$(find "$outside" "$TMP/schedules" | sort; cat "$outside"/* | sha256sum)
    [ "$before" = "$after" ] && [ -L "$B/KT-06.mp4" ] && [ -p "$B/KT-07.mp4" ] && [ -z "$(jobs state KT-06)" ] &&
        grep -q "KT-10.mp4: it is empty" "$B/match-list.txt" && [ -n "$(jobs state KT-04)" ] &&
        ! cat "$TMP/out" "$TMP/err" "$B/match-list.txt" | grep -q $'\e'
}

many_are_taken() {
    local i
    rm -r "$INBOX/示例学校C" && mkdir "$INBOX/示例学校D"
    for i in {1..106}; do printf '%d' "$i" >"$INBOX/示例学校D/KT-0$((i % 9 + 1)) v$i.mp4"; done
    look || return 1
    tail -1 "$TMP/out"
    grep -q "106 taken" "$TMP/out" && [ "$(find "$INBOX/示例学校D/taken" -type f | wc -l)" -eq 106 ]
}

tap "what is still is taken, with subtitles and by its list" is_taken
tap "a receipt says what becomes of it" has_receipts
tap "what is not sure waits for a person, who renames it" is_asked
tap "what is still written is waited for" is_waited_for
tap "hostile names, links and pipes do no harm" is_unharmed
tap "a hundred films at once are taken" many_are_taken

# The daemon stays up while the store is away, and goes on with it.
rm -rf "$INBOX" && mkdir -p "$A"
mv "$STATION" "$STATION.away"
(exec ketang inbox --settle 0 "$INBOX") >"$TMP/out" 2>"$TMP/err" &
DAEMON=$!
film "$A/KT-10.mp4"

stays_up() {
    sleep 1
    kill -0 $DAEMON && [ -e "$A/KT-10.mp4" ] && mv "$STATION.away" "$STATION"
}

tap "it stays up while the station is away" stays_up
kill -TERM $DAEMON
wait $DAEMON
tap "it ends when it is told to" test $? -eq 0
tap_done
