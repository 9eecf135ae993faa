/* SPDX-License-Identifier: MIT */
/*
 * store_postgres: PostgreSQL as an engine of the store.
 *
 * Who writes holds one advisory lock from the beginning of a transaction to
 * its end, so that writers follow each other as they do in SQLite: what a
 * transaction has read stays true until it commits, and none ever has to be
 * repeated.  One that says nothing for SQL_SILENCE_MS, as when its machine was cut
 * off, is ended by the server, for all others wait for it.  Readers see the moment at
 * which they began.
 */
#include "scheduler/store/store_sql.h"

#include "playout/intl.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OID_BIGINT = 20,
    OID_INTEGER = 23,
    OID_TEXT = 25,
    NUMBER_SIZE = 24,
    TAG_SIZE = 32,
};

/* Of the advisory lock: "ketang" in ASCII. */
#define WRITER_LOCK "118074543697511"

struct postgres_engine {
    struct sql sql; /* first */
    PGconn *connection;
    char tag[TAG_SIZE]; /* what the server said of the last statement: "COMMIT" */
};

static PGconn *connection_of(struct sql *sql)
{
    return ((struct postgres_engine *)sql)->connection;
}

static bool is_lost(struct sql *sql)
{
    return PQstatus(connection_of(sql)) != CONNECTION_OK;
}

/* SQLSTATE; PostgreSQL 15, appendix A. */
static int errno_of(const char *state)
{
    static const struct {
        const char *state; /* its beginning */
        int result;
    } known[] = {
        {"55P03", -EBUSY},  {"40P01", -EBUSY},   {"57014", -ETIMEDOUT}, {"57P", -ECONNRESET},
        {"53100", -ENOSPC}, {"53200", -ENOMEM},  {"53300", -EAGAIN},    {"22021", -EILSEQ},
        {"23", -EINVAL},    {"08", -ECONNRESET}, {"42501", -EACCES},    {"25006", -EACCES},
    };
    for (size_t i = 0; state != NULL && i < sizeof(known) / sizeof(known[0]); i++) {
        if (strncmp(state, known[i].state, strlen(known[i].state)) == 0) {
            return known[i].result;
        }
    }
    return -EIO;
}

/* Takes over a message without the line ends of libpq. */
static void keep_message(char error[SQL_ERROR_SIZE], const char *message)
{
    snprintf(error, SQL_ERROR_SIZE, "%s", message);
    for (size_t length = strlen(error); length > 0 && error[length - 1] == '\n'; length--) {
        error[length - 1] = '\0';
    }
}

static int fail(struct sql *sql, const PGresult *answer)
{
    const char *state = answer != NULL ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL;
    const char *text = answer != NULL ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const int result = is_lost(sql) ? -ECONNRESET : errno_of(state);
    if (result == -EBUSY) {
        snprintf(sql->error, sizeof(sql->error),
                 _("another program has been writing for %d s; try again"), SQL_WAIT_MS / 1000);
    } else {
        keep_message(sql->error, text != NULL ? text : PQerrorMessage(connection_of(sql)));
    }
    return result;
}

static int hand_row(const PGresult *answer, int row, struct sql_sink *sink)
{
    struct sql_value values[SQL_ARGS_MOST];
    const int count = PQnfields(answer);
    assert(count <= SQL_ARGS_MOST);
    for (int i = 0; i < count; i++) {
        const Oid type = PQftype(answer, i);
        const char *text = PQgetvalue(answer, row, i);
        if (PQgetisnull(answer, row, i)) {
            values[i] = sql_text(NULL);
        } else if (type == OID_BIGINT || type == OID_INTEGER) {
            values[i] = sql_integer(strtoll(text, NULL, 10));
        } else {
            values[i] = sql_text(text);
        }
    }
    return sink != NULL ? sink->row(sink, values, (size_t)count) : 0;
}

/* Judges one answer of the server, and hands out its rows. */
static int take_answer(struct sql *sql, PGresult *answer, struct sql_sink *sink)
{
    struct postgres_engine *engine = (struct postgres_engine *)sql;
    const ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        return fail(sql, answer);
    }
    snprintf(engine->tag, sizeof(engine->tag), "%s", PQcmdStatus(answer));
    int result = 0;
    for (int i = 0; result == 0 && i < PQntuples(answer); i++) {
        result = hand_row(answer, i, sink);
    }
    return result;
}

static int run(struct sql *sql, const char *statement, const struct sql_value *args, size_t count,
               struct sql_sink *sink)
{
    PGconn *connection = connection_of(sql);
    Oid types[SQL_ARGS_MOST];
    const char *values[SQL_ARGS_MOST];
    char numbers[SQL_ARGS_MOST][NUMBER_SIZE];
    int result = 0;
    assert(count <= SQL_ARGS_MOST);
    for (size_t i = 0; i < count; i++) {
        types[i] = args[i].type == SQL_INTEGER ? OID_BIGINT
                   : args[i].type == SQL_TEXT  ? OID_TEXT
                                               : 0;
        values[i] = args[i].text;
        if (args[i].type == SQL_INTEGER) {
            snprintf(numbers[i], NUMBER_SIZE, "%" PRId64, args[i].integer);
            values[i] = numbers[i];
        }
    }
    if (PQsendQueryParams(connection, statement, (int)count, types, values, NULL, NULL, 0) == 0) {
        result = fail(sql, NULL);
    } else {
        PQsetSingleRowMode(connection); /* a dump would not fit into memory */
    }
    for (PGresult *answer; (answer = PQgetResult(connection)) != NULL; PQclear(answer)) {
        if (result == 0) {
            result = take_answer(sql, answer, sink);
        }
    }
    return result;
}

static int run_all(struct sql *sql, const char *const *statements)
{
    int result = 0;
    for (size_t i = 0; result == 0 && statements[i] != NULL; i++) {
        result = run(sql, statements[i], NULL, 0, NULL);
    }
    return result;
}

static void ignore_notice(void *nothing, const PGresult *notice)
{
    (void)nothing;
    (void)notice;
}

struct word {
    struct sql_sink sink; /* first */
    char text[32];
};

static int take_word(struct sql_sink *sink, const struct sql_value *values, size_t count)
{
    struct word *word = (struct word *)sink;
    (void)count;
    snprintf(word->text, sizeof(word->text), "%s", values[0].text != NULL ? values[0].text : "");
    return 0;
}

static int read_word(struct sql *sql, const char *statement, struct word *word)
{
    *word = (struct word){.sink.row = take_word};
    return run(sql, statement, NULL, 0, &word->sink);
}

/* What a connection needs before its first transaction. */
static int set_up(struct sql *sql)
{
    struct word word;
    char waiting[64];
    PQsetNoticeReceiver(connection_of(sql), ignore_notice, NULL);
    snprintf(waiting, sizeof(waiting), "SET lock_timeout = %d", SQL_WAIT_MS);
    int result = read_word(sql, "SHOW server_encoding", &word);
    if (result == 0 && strcmp(word.text, "UTF8") != 0) {
        snprintf(sql->error, sizeof(sql->error),
                 _("the database is coded in %s: make one by CREATE DATABASE ketang ENCODING "
                   "'UTF8' TEMPLATE template0"),
                 word.text);
        return -EPROTONOSUPPORT;
    }
    if (result == 0) {
        result = read_word(sql, "SHOW synchronous_commit", &word);
    }
    if (result == 0 && strcmp(word.text, "off") == 0) { /* what is stronger than on stays */
        result = run(sql, "SET synchronous_commit = on", NULL, 0, NULL);
    }
    if (result == 0) {
        result = run(sql, waiting, NULL, 0, NULL);
    }
    return result;
}

static int begin_once(struct sql *sql, enum sql_mode mode)
{
    static const char *const reading[] = {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL};
    char limit[64];
    char silence[80];
    /* The silence first: who is cut off while it waits for the lock must not keep it. */
    const char *const writing[] = {"BEGIN", silence,
                                   "SELECT pg_advisory_xact_lock(" WRITER_LOCK ")", limit, NULL};
    snprintf(limit, sizeof(limit), "SET LOCAL statement_timeout = %d", SQL_LIMIT_MS);
    snprintf(silence, sizeof(silence), "SET LOCAL idle_in_transaction_session_timeout = %d",
             SQL_SILENCE_MS);
    return run_all(sql, mode == SQL_WRITE ? writing : reading);
}

static void rollback(struct sql *sql)
{
    char kept[SQL_ERROR_SIZE]; /* the cause is not to be hidden by a rollback that fails, too */
    memcpy(kept, sql->error, sizeof(kept));
    if (!is_lost(sql)) {
        run(sql, "ROLLBACK", NULL, 0, NULL);
    }
    memcpy(sql->error, kept, sizeof(kept));
}

static int begin(struct sql *sql, enum sql_mode mode)
{
    int result = begin_once(sql, mode);
    if (result < 0 && is_lost(sql)) {
        PQreset(connection_of(sql));
        if (is_lost(sql)) {
            keep_message(sql->error, PQerrorMessage(connection_of(sql)));
            return -ECONNRESET;
        }
        result = set_up(sql);
        if (result == 0) {
            result = begin_once(sql, mode);
        }
    }
    if (result < 0) {
        rollback(sql);
    }
    return result;
}

static int commit(struct sql *sql)
{
    const struct postgres_engine *engine = (const struct postgres_engine *)sql;
    const int result = run(sql, "COMMIT", NULL, 0, NULL);
    if (result < 0 && is_lost(sql)) {
        snprintf(sql->error, sizeof(sql->error),
                 _("the connection was lost while saving: look whether it was saved before you "
                   "repeat it"));
        return -EINPROGRESS;
    }
    if (result < 0) {
        rollback(sql);
        return result;
    }
    assert(strcmp(engine->tag, "COMMIT") == 0); /* "ROLLBACK": a statement had failed before */
    return 0;
}

static void close_engine(struct sql *sql)
{
    PQfinish(connection_of(sql));
    free(sql->description);
    free(sql);
}

static bool has_moved(struct sql *sql)
{
    (void)sql;
    return false; /* a server's files are its own affair */
}

static const struct sql_ops ops = {
    .text_type = "TEXT COLLATE \"C\"",
    /* Not to_regclass(): it may answer from a cache older than the writer's lock. */
    .has_table = "SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 AND "
                 "pg_catalog.pg_table_is_visible(oid)",
    /* Not now(), which is when the transaction began: it may have waited for a writer. */
    .clock_ms = "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)",
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .has_moved = has_moved,
    .close = close_engine,
};

static char *describe(PGconn *connection)
{
    char *text = NULL;
    const int version = PQserverVersion(connection);
    const int length = asprintf(&text, "PostgreSQL %d.%d, %s at %s", version / 10000,
                                version % 10000, PQdb(connection), PQhost(connection));
    return length >= 0 ? text : NULL;
}

/* What the conninfo says goes over these. */
static PGconn *connect_to(const char *conninfo)
{
    char seconds[NUMBER_SIZE];
    char silence[NUMBER_SIZE];
    snprintf(seconds, sizeof(seconds), "%d", SQL_CONNECT_S);
    snprintf(silence, sizeof(silence), "%d", SQL_SILENCE_MS);
    const char *const keys[] = {"connect_timeout",           "tcp_user_timeout", "keepalives_idle",
                                "keepalives_interval",       "keepalives_count", "client_encoding",
                                "fallback_application_name", "dbname",           NULL};
    const char *const values[] = {seconds, silence,  "5",      "5", "3",
                                  "UTF8",  "ketang", conninfo, NULL};
    return PQconnectdbParams(keys, values, 1);
}

int sql_open_postgres(const char *conninfo, struct sql **sql, char error[SQL_ERROR_SIZE])
{
    struct postgres_engine *engine = calloc(1, sizeof(*engine));
    if (engine == NULL) {
        return -ENOMEM;
    }
    engine->sql.ops = &ops;
    engine->connection = connect_to(conninfo);
    int result = engine->connection != NULL ? 0 : -ENOMEM;
    if (result == 0 && is_lost(&engine->sql)) {
        keep_message(engine->sql.error, PQerrorMessage(engine->connection));
        result = -ECONNREFUSED;
    }
    if (result == 0) {
        result = set_up(&engine->sql);
    }
    if (result == 0 && (engine->sql.description = describe(engine->connection)) == NULL) {
        result = -ENOMEM;
    }
    if (result < 0) {
        memcpy(error, engine->sql.error, SQL_ERROR_SIZE);
        close_engine(&engine->sql);
        return result;
    }
    *sql = &engine->sql;
    return 0;
}
