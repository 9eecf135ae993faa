/* SPDX-License-Identifier: MIT */
#include "tests/support/store_bench.h"

#include "tests/support/must.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void run_postgres(const char *conninfo, const char *statements)
{
    PGconn *connection = PQconnectdb(conninfo);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "%s\n", PQerrorMessage(connection));
        abort();
    }
    PGresult *result = PQexec(connection, statements);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s: %s\n", statements, PQerrorMessage(connection));
        abort();
    }
    PQclear(result);
    PQfinish(connection);
}

static void make_folder(struct store_bench *bench)
{
    const char *temporary = getenv("TMPDIR");
    *bench = (struct store_bench){0};
    MUST(asprintf(&bench->folder, "%s/ketang-store-XXXXXX",
                  temporary != NULL ? temporary : "/tmp") > 0);
    MUST(mkdtemp(bench->folder) != NULL);
}

void store_bench_init_sqlite(struct store_bench *bench)
{
    make_folder(bench);
    MUST(asprintf(&bench->where, "%s/state/ketang.db", bench->folder) > 0);
}

void store_bench_init(struct store_bench *bench)
{
    static int number;
    const char *conninfo = getenv("KETANG_TEST_STORE");
    char *statement = NULL;
    if (conninfo == NULL || conninfo[0] == '\0') {
        store_bench_init_sqlite(bench);
        return;
    }
    make_folder(bench);
    MUST(asprintf(&bench->schema, "ketang_test_%d_%d", (int)getpid(), number++) > 0);
    MUST(asprintf(&bench->where, "%s options='-c search_path=%s' application_name=%s", conninfo,
                  bench->schema, bench->schema) > 0);
    MUST(asprintf(&statement, "CREATE SCHEMA %s", bench->schema) > 0);
    run_postgres(conninfo, statement);
    free(statement);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void store_bench_finish(struct store_bench *bench)
{
    char *statement = NULL;
    if (bench->schema != NULL) {
        MUST(asprintf(&statement, "SET client_min_messages = error; DROP SCHEMA %s CASCADE",
                      bench->schema) > 0);
        run_postgres(getenv("KETANG_TEST_STORE"), statement);
        free(statement);
    }
    nftw(bench->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(bench->folder);
    free(bench->schema);
    free(bench->where);
    *bench = (struct store_bench){0};
}

struct store *store_bench_open(const struct store_bench *bench)
{
    struct problems problems;
    struct store *store = NULL;
    problems_init(&problems);
    const int result = store_open(bench->where, STORE_USE, &store, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    MUST(result == 0);
    return store;
}

void store_bench_run(const struct store_bench *bench, const char *statements)
{
    sqlite3 *db = NULL;
    if (bench->schema != NULL) {
        run_postgres(bench->where, statements);
        return;
    }
    MUST(sqlite3_open(bench->where, &db) == SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    MUST(sqlite3_exec(db, statements, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

const char *store_bench_hash(int number)
{
    static char texts[8][65];
    char *text = texts[number % 8];
    snprintf(text, sizeof(texts[0]), "%064x", (unsigned)number);
    return text;
}

int store_room_set_up(void **state)
{
    struct store_room *room = calloc(1, sizeof(*room));
    MUST(room != NULL);
    store_bench_init(&room->bench);
    room->store = store_bench_open(&room->bench);
    *state = room;
    return 0;
}

int store_room_tear_down(void **state)
{
    struct store_room *room = *state;
    store_close(room->store);
    store_bench_finish(&room->bench);
    free(room);
    return 0;
}
