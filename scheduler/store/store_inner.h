/* SPDX-License-Identifier: MIT */
/*
 * store_inner: what the parts of the store share.
 * Included by the files of this folder only; the contract is in store.h.
 */
#ifndef SCHEDULER_STORE_STORE_INNER_H
#define SCHEDULER_STORE_STORE_INNER_H

#include "scheduler/store/store.h"
#include "scheduler/store/store_sql.h"

struct store {
    struct sql *sql;
    int depth;       /* of store_begin() */
    bool is_reading; /* the transaction under way may not write */
    bool is_spoiled; /* something failed in it: it will be rolled back */
    char error[SQL_ERROR_SIZE];
};

/* The arguments of a statement: `args, count`. */
#define SQL_ARGS(...)                                                                              \
    (const struct sql_value[]){__VA_ARGS__},                                                       \
        sizeof((const struct sql_value[]){__VA_ARGS__}) / sizeof(struct sql_value)

/* Keeps a message for store_error(); returns `result`. */
__attribute__((format(printf, 3, 4))) int store_complain(struct store *store, int result,
                                                         const char *format, ...);

/* Within a transaction: runs one statement that writes. */
int store_run(struct store *store, const char *statement, const struct sql_value *args,
              size_t count);

/* Queries, in the transaction under way or in one of their own. */
int store_read(struct store *store, const char *statement, const struct sql_value *args,
               size_t count, struct sql_sink *sink);
/* All rows; the caller finishes *rows, also after an error. */
int store_fetch(struct store *store, const char *statement, const struct sql_value *args,
                size_t count, struct store_rows *rows);
/* The first column of the first row, an integer: 0, or -ENOENT when there is no row. */
int store_number(struct store *store, const char *statement, const struct sql_value *args,
                 size_t count, int64_t *number);

/*
 * A text that somebody passed in is there (when it `must_be`) and not longer
 * than `most` bytes: 0, -EINVAL or -E2BIG with a message that calls it `what`.
 */
int store_check_text(struct store *store, const char *what, const char *text, size_t most);
int store_check_name(struct store *store, const char *what, const char *text);

/* Notes a house number; who mentioned it earliest counts, whenever it is told.  In a transaction.
 */
int store_note_house_number(struct store *store, const char *house_number, int64_t now_ms,
                            const char *author);

/* Ends what is an edit of a day: store_end(), and *version = `now` on 0 and -ESTALE. */
int store_day_end(struct store *store, int result, int64_t now, int64_t *version);

#endif
