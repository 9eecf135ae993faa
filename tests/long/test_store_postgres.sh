#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The store on PostgreSQL, at length: many kills, a server that crashes while it is
# written to, many random stories.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_postgres.sh

[ -n "$POSTGRES_BIN" ] || tap_skip_all "PostgreSQL's server is not installed (Debian: postgresql)"

on_postgres() {
    env -u CMOCKA_MESSAGE_OUTPUT KETANG_TEST_STORE="$CONNINFO" "$@"
}

# What the test runs to crash the server: a script, for it knows no functions of ours.
write_crash_script() {
    cat >"$TMP/crash" <<END
#!/bin/bash
. $PWD/tests/e2e/lib_postgres.sh
TMP=$TMP
POSTGRES_HOME=$POSTGRES_HOME
postgres_stop immediate
postgres_start
END
    chmod +x "$TMP/crash"
}

postgres_start >"$TMP/start" 2>&1 # not in a subshell: it sets CONNINFO
tap "a server starts" test $? -eq 0
write_crash_script
for test in store store_records store_jobs store_approval store_dump store_rebuild store_follow signoff signoff_kept; do
    tap "test_$test passes" on_postgres "$BUILD/tests/unit/test_$test"
done
tap "20 random stories are kept as they were told" \
    on_postgres env KETANG_STORIES=20 "$BUILD/tests/unit/test_store_model"
tap "40 kills of each kind lose nothing" \
    on_postgres env KETANG_KILLS=40 "$BUILD/tests/e2e/test_store_kill"
tap "5 crashes of the server during each kind lose nothing" \
    on_postgres env KETANG_KILLS=5 KETANG_CRASH="$TMP/crash" "$BUILD/tests/e2e/test_store_kill"
tap "40 kills of each kind lose nothing on SQLite" \
    env -u CMOCKA_MESSAGE_OUTPUT KETANG_KILLS=40 "$BUILD/tests/e2e/test_store_kill"
tap "100 random stories on SQLite" \
    env -u CMOCKA_MESSAGE_OUTPUT KETANG_STORIES=100 "$BUILD/tests/unit/test_store_model"
tap_done
