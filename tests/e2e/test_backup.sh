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
        sed -i 's/approval_stages = 0/approval_stages = 2/' "$STATION" &&
        ketang approve --station "$STATION" KT-01 --stage 1 --by 示例 >/dev/null &&
        ketang freeze --station "$STATION" zhangdian "$(TZ=Asia/Shanghai date -d tomorrow +%F)" --by 示例 >/dev/null &&
        ketang store --station "$STATION" backup "$TMP/store-before" >/dev/null &&
        [ -s "$STATE/plans/zhangdian/1.yaml" ]
}

# Only root can give files to another, and restore them so.
modes_differ() {
    chmod 640 "$STATION" "$STATE/asrun/zhangdian/2026-11-25.jsonl" && chmod 750 "$STATE" "$STATE/asrun" &&
        chmod 664 "$TMP/schedules/zhangdian.yaml" && chmod 775 "$TMP/schedules" || return 1
    [ "$(id -u)" -ne 0 ] || chown nobody "$STATION" "$STATE" "$STATE/asrun/zhangdian"/* "$MEDIA/$SHA_2.json"
}

# What is as it was must also be as readable as it was.
list_modes() {
    find "$STATION" "$STATE" "$TMP/schedules" "$MEDIA/$SHA_2.json" -path "$STATE/run" -prune -o ! -name '*.db' \
        -printf '%m %u %p\n' | sort >"$1"
}

# The latest, as it lies elsewhere.
archive() {
    find "$FAR" -maxdepth 1 -name 'ketang-*.tar.gz' | sort | tail -n 1
}

# Its name has the time of the station, not of the machine.
backup_is_made() {
    local before after named
    before=$(TZ=Asia/Shanghai date +%Y%m%dT%H%M%S)
    TZ=UTC ketang backup --station "$STATION" | tee "$TMP/out" || return 1
    after=$(TZ=Asia/Shanghai date +%Y%m%dT%H%M%S)
    named=$(sed -n "s#^ketang-backup: the backup is $HERE/ketang-\(.*\).tar.gz, .* bytes#\1#p" "$TMP/out")
    [ "$(stat -c %a "$HERE"/ketang-*.tar.gz)" = 600 ] && [ ! "$named" \< "$before" ] && [ ! "$named" \> "$after" ]
}

# Nor does it write where nobody said: with no backup, for if it did, it would be outside of here.
restore_wants_to_know_where() {
    (cd "$TMP" && unset KETANG_STATION && ! ketang backup restore none.tar.gz >"$TMP/out" 2>&1) &&
        grep -qx "  ketang backup --station /etc/ketang/station.cfg restore none.tar.gz" "$TMP/out"
}

backup_has_no_media() {
    tar -tzf "$(archive)" >"$TMP/list" && grep -q 'state/asrun/zhangdian/2026-11-25.jsonl$' "$TMP/list" &&
        ! grep -E '\.mp4|\.idx|/run/|\.db' "$TMP/list"
}

copy_is_elsewhere() {
    cmp "$HERE"/ketang-*.tar.gz "$(archive)" && diff -r "$MEDIA" "$FAR/media"
}

# A root that has to keep to the modes of files, or whoever runs the tests.
as_anyone() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set -dac_override,-dac_read_search "$@"
    else
        "$@"
    fi
}

unreadable_file_is_named() {
    local status=0
    echo old >"$STATE/asrun/zhangdian/2026-11-24.jsonl"
    chmod 000 "$STATE/asrun/zhangdian/2026-11-24.jsonl"
    KETANG_BACKUP_DIR=$TMP/partial KETANG_BACKUP_TARGET='' \
        as_anyone "$(command -v ketang)" backup --station "$STATION" >"$TMP/out" 2>&1 && status=1
    rm -f "$STATE/asrun/zhangdian/2026-11-24.jsonl"
    [ $status -eq 0 ] && grep -q 'asrun/zhangdian/2026-11-24.jsonl: .*Permission denied' "$TMP/out" &&
        grep -q 'nothing is backed up' "$TMP/out" && [ -z "$(ls -A "$TMP/partial")" ]
}

# It goes away when tar is about to read it, as the oldest of the record do.
file_that_goes_away_is_no_mistake() {
    mkdir -p "$TMP/bin"
    printf '#!/bin/sh\nrm -f "%s"\nexec "%s" "$@"\n' "$STATE/asrun/zhangdian/2020-01-01.jsonl" "$(command -v tar)" \
        >"$TMP/bin/tar"
    chmod +x "$TMP/bin/tar"
    echo old >"$STATE/asrun/zhangdian/2020-01-01.jsonl"
    PATH=$TMP/bin:$PATH KETANG_BACKUP_DIR=$TMP/going KETANG_BACKUP_TARGET='' ketang backup --station "$STATION" &&
        tar -tzf "$TMP"/going/ketang-*.tar.gz >"$TMP/list" && grep -q 'zhangdian/2026-11-25.jsonl$' "$TMP/list" &&
        ! grep 2020-01-01 "$TMP/list"
}

# Whenever tar is about to read, a plan is written and adopted.
journal_names_no_plan_that_is_not_there() {
    local moving=$STATE/plans/moving revision
    mkdir -p "$TMP/bin" "$moving"
    cat >"$TMP/bin/tar" <<END
#!/bin/bash
if [[ "\$*" == *--files-from* ]]; then
    next=\$((\$(wc -l <"$moving/journal") + 1))
    echo "revision: \$next" >"$moving/\$next.yaml"
    echo "\$next" >>"$moving/journal"
fi
exec "$(command -v tar)" "\$@"
END
    chmod +x "$TMP/bin/tar"
    touch "$moving/journal"
    PATH=$TMP/bin:$PATH KETANG_BACKUP_DIR=$TMP/moving KETANG_BACKUP_TARGET='' ketang backup --station "$STATION" || return 1
    rm -rf "$moving"
    mkdir "$TMP/moved" && tar -C "$TMP/moved" -xzf "$TMP"/moving/ketang-*.tar.gz || return 1
    moving=$TMP/moved/ketang/state/plans/moving
    revision=$(tail -n 1 "$moving/journal")
    ls "$moving"
    [ "$revision" -ge 1 ] && [ -s "$moving/$revision.yaml" ]
}

# The copy of the media goes on with all others, and fails in the end.
a_dead_link_among_the_media_is_told() {
    ln -s "$TMP/nowhere.mp4" "$MEDIA/dead.mp4"
    KETANG_BACKUP_DIR=$TMP/holed KETANG_BACKUP_TARGET=$TMP/holed-far KETANG_BACKUP_MEDIA=yes \
        ketang backup --station "$STATION" >"$TMP/out" 2>&1
    local status=$?
    rm "$MEDIA/dead.mp4"
    cat "$TMP/out"
    [ $status -ne 0 ] && grep -q 'not all media were copied' "$TMP/out" && cmp "$MEDIA/$SHA_2.json" "$TMP/holed-far/media/$SHA_2.json"
}

# What is kept elsewhere is as much the station's; a link that leads nowhere is told.
links_are_followed() {
    local into=$TMP/unlinked/ketang
    mkdir "$TMP/elsewhere" "$TMP/unlinked" && echo '{"seq":2}' >"$TMP/elsewhere/2026-11-20.jsonl" || return 1
    ln -s "$TMP/elsewhere" "$STATE/asrun/zhoucun"
    ln -s "$TMP/schedules/zhangdian.yaml" "$TMP/schedules/linked.yaml"
    ln -s "$TMP/nowhere.yaml" "$TMP/schedules/dead.yaml"
    ln -s . "$STATE/asrun/round"
    mv "$MEDIA/$SHA_2.mp4" "$TMP/elsewhere" && ln -s "$TMP/elsewhere/$SHA_2.mp4" "$MEDIA"
    KETANG_BACKUP_DIR=$TMP/linked KETANG_BACKUP_TARGET=$TMP/linked-far ketang backup --station "$STATION" >"$TMP/out" 2>&1
    local status=$?
    rm "$STATE/asrun/round" "$STATE/asrun/zhoucun" "$TMP/schedules/linked.yaml" "$TMP/schedules/dead.yaml"
    mv "$TMP/elsewhere/$SHA_2.mp4" "$MEDIA"
    cat "$TMP/out"
    [ $status -eq 0 ] && [ "$(grep -c 'the link .*/schedules/dead.yaml leads nowhere' "$TMP/out")" -eq 1 ] &&
        grep -q 'the link .*/asrun/round leads nowhere' "$TMP/out" &&
        tar -C "$TMP/unlinked" -xzf "$TMP"/linked/ketang-*.tar.gz && [ -z "$(find "$into" "$TMP/linked-far" -type l)" ] &&
        cmp "$MEDIA/$SHA_2.mp4" "$TMP/linked-far/media/$SHA_2.mp4" &&
        cmp "$TMP/elsewhere/2026-11-20.jsonl" "$into/state/asrun/zhoucun/2026-11-20.jsonl" &&
        cmp "$TMP/schedules/zhangdian.yaml" "$into/timetables/linked.yaml"
}

# A killed run leaves its folder; one that runs holds the lock.
leftovers_are_removed() {
    mkdir -p "$TMP/left/.ketang-backup.abcdef/ketang"
    (
        flock 8
        ! KETANG_BACKUP_DIR=$TMP/left KETANG_BACKUP_TARGET='' ketang backup --station "$STATION" >"$TMP/out" 2>&1
    ) 8<"$TMP/left" && grep -q 'another backup' "$TMP/out" && [ -d "$TMP/left/.ketang-backup.abcdef" ] &&
        KETANG_BACKUP_DIR=$TMP/left KETANG_BACKUP_TARGET='' ketang backup --station "$STATION" &&
        [ "$(find "$TMP/left" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ]
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
    list_modes "$TMP/modes-before" && save_tree "$TMP/before" && rm -rf "$STATE" "$TMP/schedules" "$MEDIA" "$STATION" "$HERE" && mkdir "$MEDIA" &&
        cp "$FAR/media/$SHA_1".* "$MEDIA/" && cp "$FAR/media/$SHA_2".[mi]* "$MEDIA/"
}

refuses() {
    if ketang backup --station "$STATION" restore "$1" >"$TMP/out" 2>&1; then
        echo "it was taken"
        return 1
    fi
    grep -q "$2" "$TMP/out" || { cat "$TMP/out"; return 1; }
    [ ! -e "$STATE" ] && [ ! -e "$STATION" ] && [ ! -e "$TMP/schedules" ]
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

# As a newer program would have made it; all the rest of it is sound.
refuses_a_store_that_cannot_be_restored() {
    mkdir "$TMP/newer" && tar -C "$TMP/newer" -xzf "$(archive)" &&
        sed -i '1s/"schema": *[0-9]*/"schema":9999/' "$TMP/newer/ketang/store.jsonl" &&
        (cd "$TMP/newer/ketang" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >"$TMP/sums" &&
            mv "$TMP/sums" SHA256SUMS) &&
        tar -C "$TMP/newer" -czf "$TMP/newer.tar.gz" ketang && refuses "$TMP/newer.tar.gz" 'nothing is changed'
}

# The store may lie elsewhere, and be another station's.
refuses_a_store_that_is_there() {
    tar -xzOf "$(archive)" ketang/station.cfg | sed "s#^scheduler: {#&\n    store = \"$TMP/other.db\";#" >"$STATION"
    grep -q other.db "$STATION" && echo other >"$TMP/other.db" || return 1
    ! ketang backup --station "$STATION" restore "$(archive)" >"$TMP/out" 2>&1 || return 1
    rm "$STATION"
    grep -q 'there is a store' "$TMP/out" && [ "$(cat "$TMP/other.db")" = other ] && [ ! -e "$STATE" ]
}

modes_are_as_they_were() {
    list_modes "$TMP/modes-after" && diff "$TMP/modes-before" "$TMP/modes-after" &&
        { [ "$(id -u)" -ne 0 ] || [ "$(stat -c '%a %U' "$STATE/ketang.db")" = "640 nobody" ]; }
}

# Whoever restores may be used to secrets.
restores() {
    umask 077
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

# On a new machine, whose media were not kept: the step that is named next tells what to ingest.
what_is_to_be_ingested_again_is_listed() {
    local status=0
    rm -rf "$STATE" "$TMP/schedules" "$MEDIA" "$STATION"
    restores && [ -z "$(ls -A "$MEDIA")" ] || return 1
    ketang ready --station "$STATION" zhangdian --missing --days 7 >"$TMP/out" 2>"$TMP/err" || status=$?
    head -n 5 "$TMP/err" "$TMP/out"
    [ $status -eq 1 ] || [ $status -eq 3 ] || return 1 # the first may be due within the hour
    grep -q 'the media folder .* is empty, and what is planned was in it: .* ingest them again' "$TMP/err" &&
        grep -q ' KT-01 .* MISSING ' "$TMP/out" && grep -q 'ketang ingest --profile sd --house-number' "$TMP/out" &&
        ketang approvals --station "$STATION" 2>"$TMP/err" | grep -q 'KT-01 .* first run .* approved .* 示例' &&
        grep -q 'is empty' "$TMP/err" &&
        ! ketang plan --station "$STATION" >"$TMP/out" 2>&1 && grep -q 'is empty' "$TMP/out" &&
        ! ketang approve --station "$STATION" KT-01 --stage 2 --by 示例二 >"$TMP/out" 2>&1
}

fails_loudly() {
    ! KETANG_BACKUP_TARGET=$TMP/no/such/folder/at/all ketang backup --station "$STATION" >"$TMP/out" 2>&1 || return 1
    ! KETANG_BACKUP_KEEP=0 ketang backup --station "$STATION" >"$TMP/out" 2>&1 && grep -q 'KEEP' "$TMP/out"
}

speaks_chinese() {
    local said
    LC_ALL=C.UTF-8 LANGUAGE=zh_CN ketang help backup | grep -q '^示例' || return 1
    LC_ALL='' LANGUAGE='' LANG=zh_CN.UTF-8 ketang help backup | grep -q '^示例' || return 1
    LC_ALL=C LANGUAGE=zh_CN ketang help backup | grep -q '^Examples' || return 1
    said=$(LC_ALL=C.UTF-8 LANGUAGE=zh_CN ketang backup nonsense 2>&1)
    [ $? -eq 2 ] && [ "$said" = "ketang-backup：不能写 'nonsense'：备份总是写入 $HERE（由 KETANG_BACKUP_DIR 决定）；恢复备份请写 restore 文件；详见：ketang help backup" ]
}

if ! command -v rsync >/dev/null; then
    tap_skip_all "rsync is not installed"
fi
tap "a station lives" station_lives
tap "it speaks Chinese" speaks_chinese
tap "a backup is made, for its owner alone" backup_is_made
tap "it holds no media, no sockets, no database file" backup_has_no_media
tap "archive and media are elsewhere, too" copy_is_elsewhere
tap "a file that cannot be read is named, and nothing is written" unreadable_file_is_named
tap "a file that goes away meanwhile is no mistake" file_that_goes_away_is_no_mistake
tap "a journal never names a plan that is not in the archive" journal_names_no_plan_that_is_not_there
tap "a dead link among the media is told, and keeps nothing else back" a_dead_link_among_the_media_is_told
tap "links are followed, and told where they lead nowhere" links_are_followed
tap "what a killed run left is removed, but not of one that runs" leftovers_are_removed
tap "some files are another's, and some not for all" modes_differ
tap "the oldest make room, here and not there" oldest_make_room
tap "all is lost but the copy" wipe
tap "a backup that was cut off is refused, and changes nothing" refuses_what_was_cut_off
tap "a backup that was changed is refused, and changes nothing" refuses_what_was_changed
tap "what is no backup is refused, and changes nothing" refuses_what_is_none
tap "a store of a newer program is refused, and changes nothing" refuses_a_store_that_cannot_be_restored
tap "a store that is there already is left alone" refuses_a_store_that_is_there
tap "it is restored nowhere but where it was said" restore_wants_to_know_where
tap "the copy is restored" restores
tap "modes and owners are as they were" modes_are_as_they_were
tap "timetables, plans, record and media are as they were" all_is_as_it_was
tap "the store is as it was" store_is_as_it_was
tap "a station that lives is not overwritten" refuses_a_station_that_lives
tap "a backup that cannot be made or copied fails" fails_loudly
tap "without its media, what is to be ingested again is listed" what_is_to_be_ingested_again_is_listed
tap_done
