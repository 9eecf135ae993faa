# SPDX-License-Identifier: MIT
#
# lib_postgres.sh: a PostgreSQL server of a test's own, under $TMP: run as an
# unprivileged user, reached by a Unix socket only.
#
# postgres_start sets CONNINFO; postgres_stop [MODE] ends the server (at the end of the
# script it is ended in any case); postgres_start again begins where it was.

# The newest that is installed; empty: none.
POSTGRES_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
POSTGRES_HOME=
POSTGRES_INSIDE=() # a command that runs others elsewhere: ip netns exec NAME

# Whom the server runs as: it refuses root.
postgres_user() {
    if [ "$(id -u)" -ne 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

postgres_run() {
    if [ "$(id -u)" -ne 0 ]; then
        (cd "$POSTGRES_HOME" && "${POSTGRES_INSIDE[@]}" "$@")
    else
        (cd "$POSTGRES_HOME" && "${POSTGRES_INSIDE[@]}" setpriv --reuid "$(postgres_user)" --regid "$(id -g "$(postgres_user)")" \
            --clear-groups env HOME="$POSTGRES_HOME" "$@")
    fi
}

# Options of the server may follow.
postgres_start() {
    if [ -z "$POSTGRES_HOME" ]; then
        POSTGRES_HOME=$(mktemp -d /tmp/ketang-pg-XXXXXX) # short: a socket's path has 107 bytes
        chmod 700 "$POSTGRES_HOME"
        [ "$(id -u)" -ne 0 ] || chown "$(postgres_user)" "$POSTGRES_HOME"
        trap 'postgres_remove; rm -rf "$TMP"' EXIT
        postgres_run "$POSTGRES_BIN/initdb" -D "$POSTGRES_HOME/data" -U ketang -A trust -E UTF8 \
            --locale=C.UTF-8 --no-sync >"$POSTGRES_HOME/initdb.log" 2>&1 || {
            cat "$POSTGRES_HOME/initdb.log"
            return 1
        }
    fi
    # After a crash every file is synced, one by one: thousands, after many tests.
    postgres_run "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_HOME/data" -w -t 180 -s -l "$POSTGRES_HOME/log" \
        -o "-k $POSTGRES_HOME -c listen_addresses='' -c max_connections=40 -c recovery_init_sync_method=syncfs $*" start </dev/null >/dev/null 2>&1 || {
        cat "$POSTGRES_HOME/log"
        return 1
    }
    CONNINFO="host=$POSTGRES_HOME user=ketang dbname=postgres"
}

# immediate: as if it had crashed.
postgres_stop() {
    postgres_run "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_HOME/data" -w -s -m "${1:-fast}" stop >/dev/null 2>&1
}

postgres_remove() {
    [ -n "$POSTGRES_HOME" ] || return 0
    postgres_stop immediate
    rm -rf "$POSTGRES_HOME"
    POSTGRES_HOME=
}
