/* SPDX-License-Identifier: MIT */
/*
 * store_sql: the little of a database engine that the store needs.
 *
 * Two implementations: store_sqlite.c and store_postgres.c.  Everything else
 * is written once, in SQL that both understand: TEXT and BIGINT, parameters
 * $1, $2 ... in the order of their first use, ON CONFLICT, RETURNING.
 */
#ifndef SCHEDULER_STORE_STORE_SQL_H
#define SCHEDULER_STORE_STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SQL_ERROR_SIZE = 1024,
    SQL_ARGS_MOST = 20,    /* parameters of a statement, and columns of a row */
    SQL_WAIT_MS = 10000,   /* for another writer */
    SQL_LIMIT_MS = 60000,  /* for a statement that writes */
    SQL_CONNECT_S = 10,    /* for a server */
    SQL_SILENCE_MS = 20000 /* until a silent server is given up, and a silent writer by it */
};

enum sql_type { SQL_NULL, SQL_INTEGER, SQL_TEXT };

struct sql_value {
    enum sql_type type;
    int64_t integer;
    const char *text; /* NULL unless SQL_TEXT */
};

static inline struct sql_value sql_integer(int64_t integer)
{
    return (struct sql_value){.type = SQL_INTEGER, .integer = integer};
}

/* NULL is SQL's NULL. */
static inline struct sql_value sql_text(const char *text)
{
    return (struct sql_value){.type = text != NULL ? SQL_TEXT : SQL_NULL, .text = text};
}

/* Takes rows one by one; values are borrowed for the call.  0, or -errno, which ends it. */
struct sql_sink {
    int (*row)(struct sql_sink *self, const struct sql_value *values, size_t count);
};

enum sql_mode {
    SQL_READ,  /* sees one moment; no writer is waited for */
    SQL_WRITE, /* alone: other writers wait, at most SQL_WAIT_MS */
};

struct sql_ops;

/* An open engine.  The first member of what the implementations allocate. */
struct sql {
    const struct sql_ops *ops;
    char error[SQL_ERROR_SIZE]; /* the last one's text, as the engine says it */
    char *description;          /* of engine and place, without passwords */
};

/*
 * All mandatory.  They return 0 or -errno (see store.h) and leave a text in
 * `error`.
 */
struct sql_ops {
    const char *text_type; /* what stands for TEXT in CREATE TABLE: compared byte by byte */
    const char *has_table; /* a statement: a row when there is a table called $1 */
    const char *clock_ms;  /* a statement: milliseconds since the epoch, by the engine's clock */

    /*
     * Begins a transaction.  A connection that was lost before is made anew,
     * once.
     */
    int (*begin)(struct sql *sql, enum sql_mode mode);

    /*
     * 0: what was written is on disk.  -EINPROGRESS: nobody knows.  Anything
     * else: nothing was written, and the transaction is over.
     */
    int (*commit)(struct sql *sql);
    void (*rollback)(struct sql *sql);

    /* Runs one statement; its rows go to the sink (NULL: nowhere). */
    int (*run)(struct sql *sql, const char *statement, const struct sql_value *args, size_t count,
               struct sql_sink *sink);

    /* True when what is open lies no more where it was opened. */
    bool (*has_moved)(struct sql *sql);

    void (*close)(struct sql *sql); /* frees `sql` */
};

/*
 * Open an engine; on failure the text is in `error`.  Without `may_write` a
 * file that is not there gives -ENOENT, and it is enough that it may be read.
 */
int sql_open_sqlite(const char *path, bool may_write, struct sql **sql, char error[SQL_ERROR_SIZE]);
int sql_open_postgres(const char *conninfo, struct sql **sql, char error[SQL_ERROR_SIZE]);

#endif
