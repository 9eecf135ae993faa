/* SPDX-License-Identifier: MIT */
/*
 * store_rows: the answer to a query, held in memory.
 *
 * What the lists of the store are: `count` rows, each of which a function
 * as store_lesson_at() turns into what it is.  Its texts live until
 * store_rows_finish().
 */
#ifndef SCHEDULER_STORE_STORE_ROWS_H
#define SCHEDULER_STORE_STORE_ROWS_H

#include "scheduler/store/store_sql.h"

/* Also a sink that keeps every row.  Of its members callers use `count` alone. */
struct store_rows {
    struct sql_sink sink; /* first */
    struct sql_value *values;
    char **texts; /* all of them, owned */
    size_t text_count;
    size_t value_count;
    size_t columns;
    size_t count; /* of rows */
};

void store_rows_init(struct store_rows *rows);
void store_rows_finish(struct store_rows *rows); /* accepts a zeroed one */

const struct sql_value *store_rows_at(const struct store_rows *rows, size_t row);

#endif
