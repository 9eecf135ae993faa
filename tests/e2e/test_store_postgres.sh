#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The tests of the store on PostgreSQL: the same programs as on SQLite, briefly;
# tests/long/test_store_postgres.sh takes longer.  And a station that moves from one to the
# other and back, by the operator's commands.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_postgres.sh
. tests/e2e/lib_station.sh

[ -n "$POSTGRES_BIN" ] || tap_skip_all "PostgreSQL's server is not installed (Debian: postgresql)"

on_postgres() {
    env -u CMOCKA_MESSAGE_OUTPUT KETANG_TEST_STORE="$CONNINFO" "$@"
}

# A second station file, whose store is a database of the server.
moves_there_and_back() {
    local there=$TMP/there.cfg back=$TMP/back.cfg
    station_make
    postgres_run "$POSTGRES_BIN/createdb" -h "$POSTGRES_HOME" -U ketang station || return 1
    sed "s#approval_stages = 0;#& store = \"host=$POSTGRES_HOME user=ketang dbname=station\";#" \
        "$STATION" >"$there"
    sed "s#approval_stages = 0;#& store = \"$TMP/back.db\";#" "$STATION" >"$back"
    cp schedules/*.yaml "$TMP/schedules"
    ketang freeze --station "$STATION" zhangdian "$(TZ=Asia/Shanghai date -d tomorrow +%F)" --by 王 || return 1
    ketang store --station "$STATION" backup "$TMP/one" || return 1
    ketang store --station "$STATION" backup - | ketang store --station "$there" restore - || return 1
    ketang store --station "$there" backup "$TMP/two" || return 1
    ketang store --station "$back" restore "$TMP/two" || return 1
    ketang store --station "$back" backup "$TMP/three" || return 1
    ketang store --station "$there" status | grep PostgreSQL || return 1
    cmp "$TMP/one" "$TMP/two" && cmp "$TMP/one" "$TMP/three"
}

postgres_start >"$TMP/start" 2>&1 # not in a subshell: it sets CONNINFO
tap "a server starts" test $? -eq 0
for test in store store_records store_jobs store_approval store_dump store_rebuild store_follow signoff signoff_kept; do
    tap "test_$test passes" on_postgres "$BUILD/tests/unit/test_$test"
done
tap "test_store_model passes" on_postgres env KETANG_STORIES=1 "$BUILD/tests/unit/test_store_model"
tap "test_store_kill passes" on_postgres env KETANG_KILLS=2 "$BUILD/tests/e2e/test_store_kill"
tap "a station moves to PostgreSQL and back, byte by byte" moves_there_and_back
tap_done
