/* SPDX-License-Identifier: MIT */
/*
 * import_bench: what becomes of a text that is imported as the file a.csv, for tests: what is told
 * of it, and the YAML that is written.
 */
#ifndef TESTS_SUPPORT_IMPORT_BENCH_H
#define TESTS_SUPPORT_IMPORT_BENCH_H

#include "scheduler/import/import.h"

#include <stddef.h>

struct import_story {
    const char *text;
    const char *place;   /* of the problem that must be told, NULL for none at all */
    const char *problem; /* a part of it */
    const char *yaml;    /* a part of what is written, or NULL */
};

/* Nothing is said of the file: it is looked at. */
extern const struct import_request import_plain;

/*
 * The import of a text; the YAML that is written must be one (NULL when none is).  The caller
 * finishes the one and frees the other, also when the result, import_read()'s, is negative.
 */
int import_bench_read(struct import *import, const struct import_request *request, const char *text,
                      char **yaml);

/* Ends the test at the first story that is not as told. */
void import_bench_check(const struct import_story *stories, size_t count,
                        const struct import_request *request);

#endif
