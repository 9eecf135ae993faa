/* SPDX-License-Identifier: MIT */
/*
 * store_schema: the tables, and the numbered steps that made them.
 *
 * A step that has been released never changes; what is new is a new step.  A
 * step may add tables and columns (nullable, or with a default), never
 * take them away: so a dump of an older schema can be restored.
 */
#ifndef SCHEDULER_STORE_STORE_SCHEMA_H
#define SCHEDULER_STORE_STORE_SCHEMA_H

#include "scheduler/store/store_sql.h"

struct store;

struct store_column {
    const char *name;
    enum sql_type type; /* SQL_NULL after the last one */
};

/* A table as the newest step leaves it. */
struct store_table {
    const char *name;                           /* NULL after the last one */
    struct store_column columns[SQL_ARGS_MOST]; /* the first ones are the key */
    size_t key_columns;
};

enum { STORE_TABLES = 13 };

/* In an order in which no row comes before one that it refers to. */
extern const struct store_table store_tables[STORE_TABLES + 1];

/*
 * Looks at the schema; with `may_migrate` applies the steps that are missing,
 * in one transaction.  0, or -EPROTONOSUPPORT: newer than this program, or
 * older and it may not.
 */
int store_schema_prepare(struct store *store, bool may_migrate);

#endif
