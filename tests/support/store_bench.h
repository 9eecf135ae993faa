/* SPDX-License-Identifier: MIT */
/*
 * store_bench: a place for a store of a test's own, on SQLite in a temporary
 * folder, or in a schema of its own of the PostgreSQL that
 * KETANG_TEST_STORE names ("host=... dbname=...").
 */
#ifndef TESTS_SUPPORT_STORE_BENCH_H
#define TESTS_SUPPORT_STORE_BENCH_H

#include "scheduler/store/store.h"

struct store_bench {
    char *where;
    char *folder; /* of temporary files */
    char *schema; /* PostgreSQL, else NULL */
};

/* Abort when they cannot. */
void store_bench_init(struct store_bench *bench);
void store_bench_finish(struct store_bench *bench);

/* On SQLite, whatever the environment says. */
void store_bench_init_sqlite(struct store_bench *bench);

/* Opens it, making it on the first time; the caller closes. */
struct store *store_bench_open(const struct store_bench *bench);

/* A bench with its store open, as the fixture of a cmocka test. */
struct store_room {
    struct store_bench bench;
    struct store *store;
};
int store_room_set_up(void **state);
int store_room_tear_down(void **state);

/* The Monday that stories of stores begin with: 2020-02-17. */
enum { MONDAY = 18309 };

/* Runs statements of the engine's own past the store. */
void store_bench_run(const struct store_bench *bench, const char *statements);

/* SHA-256 of nothing in particular, another for each number. */
const char *store_bench_hash(int number);

#endif
