#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A backup holds what a station cannot make anew: it is made, the station is
# wiped, the backup is restored, and all is as it was.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=

HERE=$TMP/backups FAR=$TMP/far
export KETANG_BACKUP_DIR=$HERE KETANG_BACKUP_TARGET=$FAR KETANG_BACKUP_KEEP=2 KETANG_BACKUP_MEDIA=yes
SHA_1=$(printf '%064d' 1)
SHA_2=$(printf '%064d' 2)

# Records of media, as ingest writes them; the media themselves are never read here.
media_record() {
    printf '{"format": 1, "sha256": "%s", "house_number": "%s", "kind": "lesson", "profile": "sd", "title": "示例", "duration_frames": 30000, "loudness_lkfs": -24.0, "true_peak_dbtp": -3.0, "proof": "holds", "source": "a.mp4", "created_ms": 1}\n' \
        "$1" "$2" >"$MEDIA/$1.json"
    echo media >"$MEDIA/$1.mp4"
    echo index >"$MEDIA/$1.idx"
}

# Nobody has signed anything yet.
backup_without_store() {
    [ ! -e "$STATE/ketang.db" ] && KETANG_BACKUP_DIR=$TMP/early KETANG_BACKUP_TARGET='' ketang backup --station "$STATION" &&
        tar -tzf "$TMP"/early/ketang-*.tar.gz >"$TMP/list" && grep -q 'plans/zhangdian/1.yaml' "$TMP/list" &&
        ! grep store "$TMP/list"
}

station_lives() {
    station_make || return 1
    mkdir -p "$TMP/schedules/calendars" "$STATE/asrun/zhangdian" "$STATE/run"
    cp schedules/*.yaml "$TMP/schedules/" && cp schedules/samples/calendars/* "$TMP/schedules/calendars/"
    media_record "$SHA_1" KT-01
    media_record "$SHA_2" KT-02
    echo '{"seq":1}' >"$STATE/asrun/zhangdian/2026-11-25.jsonl"
    echo running >"$STATE/run/playout.lock"
    ketang plan --station "$STATION" >/dev/null && backup_without_store &&
        ketang freeze --station "$STATION" zhangdian "$(TZ=Asia/Shanghai date -d tomorrow +%F)" --by 示例 >/dev/null &&
        ketang store --station "$STATION" backup "$TMP/store-before" >/dev/null &&
        [ -s "$STATE/plans/zhangdian/1.yaml" ]
}

# The latest, as it lies elsewhere.
archive() {
    find "$FAR" -maxdepth 1 -name 'ketang-*.tar.gz' | sort | tail -n 1
}

backup_is_made() {
    ketang backup --station "$STATION" || return 1
    [ "$(stat -c %a "$HERE"/ketang-*.tar.gz)" = 600 ]
}

backup_has_no_media() {
    tar -tzf "$(archive)" >"$TMP/list" && grep -q 'state/asrun/zhangdian/2026-11-25.jsonl$' "$TMP/list" &&
        ! grep -E '\.mp4|\.idx|/run/|\.db' "$TMP/list"
}

copy_is_elsewhere() {
    cmp "$HERE"/ketang-*.tar.gz "$(archive)" && diff -r "$MEDIA" "$FAR/media"
}

# Older ones make room, here and not there; what is not ours stays.
oldest_make_room() {
    local old
    for old in 20200101 20200102 20200103; do
        echo old | tee "$HERE/ketang-${old}T000000.tar.gz" >"$FAR/ketang-${old}T000000.tar.gz"
    done
    touch "$HERE/other.tar.gz"
    # Two backups of one second are refused.
    wait_for 5 ketang backup --station "$STATION" || return 1
    ls "$HERE"
    [ -z "$(find "$HERE" -name 'ketang-2020*')" ] && [ "$(find "$HERE" -name 'ketang-*' | wc -l)" -eq 2 ] &&
        [ -e "$HERE/other.tar.gz" ] && [ "$(find "$FAR" -name 'ketang-*' | wc -l)" -eq 5 ]
}

save_tree() {
    rm -rf "$1"
    mkdir "$1"
    cp -R "$TMP/schedules" "$MEDIA" "$1/"
    (cd "$STATE" && tar -c --exclude=./run --exclude='*.db*' .) | tar -x -C "$1"
}

wipe() {
    save_tree "$TMP/before" && rm -rf "$STATE" "$TMP/schedules" "$MEDIA" "$STATION" "$HERE" && mkdir "$MEDIA" &&
        cp "$FAR/media/$SHA_1".* "$MEDIA/" && cp "$FAR/media/$SHA_2".[mi]* "$MEDIA/"
}

refuses() {
    if ketang backup --station "$STATION" restore "$1" >"$TMP/out" 2>&1; then
        echo "it was taken"
        return 1
    fi
    grep -q "$2" "$TMP/out" || { cat "$TMP/out"; return 1; }
    [ ! -e "$STATE" ] && [ ! -e "$STATION" ]
}

refuses_what_was_cut_off() {
    head -c $(($(stat -c %s "$(archive)") / 2)) "$(archive)" >"$TMP/short.tar.gz"
    refuses "$TMP/short.tar.gz" 'cut off'
}

refuses_what_was_changed() {
    mkdir "$TMP/changed" && tar -C "$TMP/changed" -xzf "$(archive)" &&
        sed -i 's/一年级/二年级/' "$TMP/changed/ketang/timetables/zhangdian.yaml" &&
        tar -C "$TMP/changed" -czf "$TMP/changed.tar.gz" ketang &&
        refuses "$TMP/changed.tar.gz" 'was changed'
}

refuses_what_is_none() {
    mkdir -p "$TMP/none" && tar -C "$TMP/none" -czf "$TMP/none.tar.gz" . && refuses "$TMP/none.tar.gz" 'no backup'
}

restores() {
    ketang backup --station "$STATION" restore "$(archive)"
}

all_is_as_it_was() {
    save_tree "$TMP/after" && diff -r "$TMP/before" "$TMP/after"
}

# The same rows; the head of a dump tells when it was made.
store_is_as_it_was() {
    ketang store --station "$STATION" backup "$TMP/store-after" >/dev/null &&
        diff <(sed -e 1d -e '$d' "$TMP/store-before") <(sed -e 1d -e '$d' "$TMP/store-after") &&
        [ "$(wc -l <"$TMP/store-after")" -gt 5 ]
}

refuses_a_station_that_lives() {
    ! ketang backup --station "$STATION" restore "$(archive)" >"$TMP/out" 2>&1 && grep -q 'has files' "$TMP/out" &&
        all_is_as_it_was
}

fails_loudly() {
    ! KETANG_BACKUP_TARGET=$TMP/no/such/folder/at/all ketang backup --station "$STATION" >"$TMP/out" 2>&1 || return 1
    ! KETANG_BACKUP_KEEP=0 ketang backup --station "$STATION" >"$TMP/out" 2>&1 && grep -q 'KEEP' "$TMP/out"
}

if ! command -v rsync >/dev/null; then
    tap_skip_all "rsync is not installed"
fi
tap "a station lives" station_lives
tap "a backup is made, for its owner alone" backup_is_made
tap "it holds no media, no sockets, no database file" backup_has_no_media
tap "archive and media are elsewhere, too" copy_is_elsewhere
tap "the oldest make room, here and not there" oldest_make_room
tap "all is lost but the copy" wipe
tap "a backup that was cut off is refused, and changes nothing" refuses_what_was_cut_off
tap "a backup that was changed is refused, and changes nothing" refuses_what_was_changed
tap "what is no backup is refused, and changes nothing" refuses_what_is_none
tap "the copy is restored" restores
tap "timetables, plans, record and media are as they were" all_is_as_it_was
tap "the store is as it was" store_is_as_it_was
tap "a station that lives is not overwritten" refuses_a_station_that_lives
tap "a backup that cannot be made or copied fails" fails_loudly
tap_done
