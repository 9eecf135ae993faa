#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Films are handed in by their names, by slots, and by the list of a school: what is
# sure is taken, each by itself, and what is not is asked about.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

FILMS=$TMP/films
mkdir -p "$FILMS"
station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
export KETANG_STATION=$STATION

# film PATH: what it is does not matter to the queue.
film() {
    head -c 3000 /dev/urandom >"$1"
}

# jobs FIELD [HOUSE_NUMBER]
jobs() {
    ketang jobs --json | python3 -c '
import json, sys
for job in json.load(sys.stdin):
    if len(sys.argv) < 3 or job["house_number"] == sys.argv[2]:
        print(job[sys.argv[1]])' "$@"
}

is_known_by_name() {
    film "$FILMS/一年级＿语文＿春夏秋冬＿示例教师01＿V1.mp4"
    film "$FILMS/kt_02 终稿.MP4"
    ketang submit "$FILMS"/*.[mM][pP]4 | tee "$TMP/out"
    grep -q "for KT-01, in sd" "$TMP/out" && grep -q "for KT-02, in sd" "$TMP/out" &&
        grep -q "2 films: 2 taken" "$TMP/out"
}

# Nothing is taken, and what would take it is said, so that it can be pasted.
is_asked_about() {
    film "$FILMS/春夏秋冬 教学'设计.mp4"
    ! ketang submit "$FILMS/春夏秋冬 教学'设计.mp4" 2>"$TMP/err" || return 1
    cat "$TMP/err"
    grep -q "which lesson is it?  It may be" "$TMP/err" && grep -q "KT-01 一年级 语文 春夏秋冬; for it: title" "$TMP/err" &&
        eval "$(grep -m1 -- '--house-number KT-01' "$TMP/err")" | grep -q "for KT-01"
}

is_in_a_slot() {
    local expected
    expected=$(ketang ready --json --days 2 | python3 -c '
import datetime, json, sys
tomorrow = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date() + datetime.timedelta(days=1)
for row in json.load(sys.stdin)["rows"]:
    if row["channel"] == "zhangdian" and str(row["time"]).startswith(f"{tomorrow}T08:00"):
        print(row["house_number"])')
    film "$FILMS/slot.mp4"
    ketang submit --slot "zhangdian tomorrow 第一节" "$FILMS/slot.mp4" | tee "$TMP/out"
    [ -n "$expected" ] && grep -q "for $expected, in sd" "$TMP/out" || return 1
    for slot in "zhangdian" "nowhere tomorrow 第一节" "zhangdian tomorrow 第九十节" "zhangdian 2月30日 第一节"; do
        ketang submit --slot "$slot" "$FILMS/slot.mp4" 2>"$TMP/err" && return 1
        cat "$TMP/err"
    done
}

# A list in GBK, its columns in an order of its own.
is_listed() {
    local folder=$TMP/list
    mkdir -p "$folder"
    for name in IMG_0001.mp4 IMG_0002.mp4 IMG_0003.mp4 twice.mp4 odd.mp4 nobody.mp4; do
        film "$folder/$name"
    done
    printf '1\n00:00:00,000 --> 00:00:01,000\n示例\n' >"$folder/IMG_0001.srt"
    {
        echo '提交清单,,,,,'
        echo '序号,版权,教师,课题,学校,文件,节目代码,年级'
        echo '1,示例：本校制作,示例教师03,,示例学校A,IMG_0001.mp4,KT-03,'
        echo '2,,示例教师04,水的三态变化,示例学校A,img_0002,,四年级'
        echo '3,,,,,IMG_0003.MP4,KT-99,'
        echo '4,,,,,missing.mp4,KT-05,'
        echo '5,,,,,twice.mp4,KT-05,'
        echo '6,,,,,twice.mp4,KT-06,'
        echo '7,,,稚子弄冰,,odd.mp4,,八年级'
    } | iconv -f UTF-8 -t GBK >"$folder/清单.csv"
    ketang submit --batch 第2周 --manifest "$folder/清单.csv" >"$TMP/out" 2>"$TMP/err" && return 1
    cat "$TMP/out" "$TMP/err"
    grep -q "^row 3: IMG_0001.mp4: number .* for KT-03, in sd" "$TMP/out" && grep -q "with its subtitles, IMG_0001.srt" "$TMP/out" &&
        grep -q "^row 4: IMG_0002.mp4: number .* for KT-04" "$TMP/out" && grep -q "^row 5: IMG_0003.mp4: " "$TMP/err" &&
        grep -q "^row 6: missing.mp4: it is not in the folder" "$TMP/err" &&
        grep -q "^row 8: twice.mp4: it stands in the list twice" "$TMP/err" && grep -q "^row 9: odd.mp4: which lesson" "$TMP/err" &&
        grep -q "^nobody.mp4: the list does not name it" "$TMP/err" && grep -q "4 films: 2 taken" "$TMP/out" &&
        [ "$(jobs school KT-03)" = 示例学校A ] && [ "$(jobs consent KT-03)" = 示例：本校制作 ] && [ -z "$(jobs state KT-05)" ] &&
        cmp "$folder/IMG_0001.srt" "$MEDIA/submitted/$(jobs number KT-03).srt"
}

# The batch of the list, what went wrong first.
is_followed() {
    local one
    one=$(jobs number KT-04)
    ketang jobs --batch 第2周 | tee "$TMP/out"
    grep -q "^第2周  \[-*\] 0 %" "$TMP/out" && grep -q "0 not taken, 0 are made, 2 wait, 0 ready" "$TMP/out" || return 1
    ketang jobs --cancel "$one" >"$TMP/said" && ketang jobs --batch 第2周 --json | tee "$TMP/out"
    grep -q '"waiting":1,.*"cancelled":1,"left_ms":null' "$TMP/out" || return 1
    ! ketang jobs --batch 第3周 2>"$TMP/err" && grep -q "nothing was handed in as batch" "$TMP/err" &&
        ! ketang jobs --watch 2>"$TMP/err"
}

# The same film with other subtitles is a new version.
is_another_with_subtitles() {
    local folder=$TMP/list before
    before=$(jobs number KT-03)
    ketang submit --house-number KT-03 "$folder/IMG_0001.mp4" | grep -q "handed in before" || return 1
    echo >>"$folder/IMG_0001.srt"
    ketang submit --house-number KT-03 "$folder/IMG_0001.mp4" | tee "$TMP/out"
    grep -q "it replaces number $before" "$TMP/out" && [ "$(jobs state KT-03 | tr '\n' ' ')" = "cancelled waiting " ] || return 1
    : >"$folder/IMG_0001.srt"
    ! ketang submit --house-number KT-03 "$folder/IMG_0001.mp4" 2>"$TMP/err" && grep -q "its subtitles are empty" "$TMP/err" &&
        ! compgen -G "$MEDIA/submitted/.new-*"
}

# A lesson that has aired is not changed under its house number.
is_refused_after_its_first_run() {
    local day
    day=$(TZ=Asia/Shanghai date -d yesterday +%Y-%m-%d)
    film "$FILMS/KT-07.mp4"
    ketang submit "$FILMS/KT-07.mp4" >"$TMP/out" || return 1
    mkdir -p "$STATE/asrun/zhangdian"
    printf '%s\n' '{"seq":1,"kind":"lesson","house_number":"KT-07","title":"示例","asset":"","planned_start":1,"planned_duration":2,"start":1,"duration":2,"start_time":"x","end_time":"x"}' \
        '{"seq":2,"kind":"repeat","house_number":"KT-08","title":"示例","asset":"","planned_start":3,"planned_duration":2,"start":3,"duration":2,"start_time":"x","end_time":"x"}' \
        >"$STATE/asrun/zhangdian/$day.jsonl"
    ketang store rebuild || return 1
    ketang submit "$FILMS/KT-07.mp4" | grep -q "handed in before" || return 1
    film "$FILMS/KT-07.mp4"
    film "$FILMS/KT-08.mp4"
    ketang submit "$FILMS/KT-07.mp4" 2>"$TMP/err" && return 1
    cat "$TMP/err"
    grep -q "KT-07 had its first run on $day, zhangdian" "$TMP/err" && ketang submit "$FILMS/KT-08.mp4" &&
        ketang submit --after-first-run --receipt "$TMP/receipt.html" "$FILMS/KT-07.mp4" && grep -q "<td>KT-07</td>" "$TMP/receipt.html"
}

has_limits() {
    ketang submit --limits >"$TMP/limits" && ketang submit --limits --profile hd "$TMP/limits.html" || return 1
    cat "$TMP/limits"
    grep -q "这样的会提醒" "$TMP/limits" && grep -q "576 线以上，每秒 25 帧" "$TMP/limits" && grep -q "KT-42.mp4" "$TMP/limits" &&
        grep -q "1080 线以上" "$TMP/limits.html" && ! grep -q "(null)" "$TMP/limits" "$TMP/limits.html" &&
        ! ketang submit --limits --profile none 2>"$TMP/err"
}

is_no_list() {
    echo 'a,b' >"$TMP/none.csv"
    head -c 1000 /dev/urandom >"$TMP/none.xlsx"
    mkfifo "$TMP/pipe.csv"
    for list in "$TMP/none.csv" "$TMP/none.xlsx" "$TMP/pipe.csv" "$TMP/missing.csv" "$TMP"; do
        ketang submit --manifest "$list" "$FILMS" 2>"$TMP/err" && return 1
        cat "$TMP/err"
        [ -s "$TMP/err" ] || return 1
    done
}

tap "films are known by their names" is_known_by_name
tap "what is not sure is asked about, with the command that takes it" is_asked_about
tap "a slot says the lesson that is planned in it" is_in_a_slot
tap "each row of a list is taken by itself" is_listed
tap "a batch is followed" is_followed
tap "a film with other subtitles is a new version" is_another_with_subtitles
tap "after its first run a lesson is not changed" is_refused_after_its_first_run
tap "a sheet tells teachers what to hand in" has_limits
tap "what is no list is told" is_no_list
tap_done
