/* SPDX-License-Identifier: MIT */
/* Backups of a store: whatever the bytes, a verdict, and nothing restored by half. */
#include "scheduler/store/store_dump.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[128];

static void forget(void)
{
    unlink(path);
}

static struct store *open_store(void)
{
    const char *folder = getenv("TMPDIR");
    struct store *store = NULL;
    struct problems problems;
    problems_init(&problems);
    snprintf(path, sizeof(path), "%s/ketang-fuzz-%d.db", folder != NULL ? folder : "/tmp",
             (int)getpid());
    if (store_open(path, STORE_USE, &store, &problems) < 0) {
        abort();
    }
    problems_finish(&problems);
    return store;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    const char *table = NULL;
    int64_t rows = 0;
    int64_t total = 0;
    if (store == NULL) {
        store = open_store();
        atexit(forget);
    }
    FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : fopen("/dev/null", "r");
    if (in == NULL) {
        return 0;
    }
    /* Within a transaction that is given up, so that the store stays empty. */
    if (store_begin(store) < 0) {
        abort();
    }
    const int result = store_restore(store, in, &rows);
    store_end(store, -1);
    fclose(in);
    for (size_t i = 0; store_count(store, i, &table, &rows) == 0; i++) {
        total += rows;
    }
    if (total != 0 || (result < 0 && store_error(store)[0] == '\0')) {
        abort();
    }
    return 0;
}
