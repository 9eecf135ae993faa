/* SPDX-License-Identifier: MIT */
/*
 * ingest_failure: why a file could not become an asset, as a sentence.
 *
 * The first reason is kept: what follows from it is of no use to a teacher.
 */
#ifndef TOOLS_INGEST_FAILURE_H
#define TOOLS_INGEST_FAILURE_H

#include <stdbool.h>

struct ingest_failure {
    char text[600];
    bool is_of_film; /* not of this machine, its disk or its folders: another would say the same */
};

/* Keeps the first sentence; always returns `error` (negative). */
__attribute__((format(printf, 3, 4))) int ingest_fail(struct ingest_failure *failure, int error,
                                                      const char *format, ...);

/* The same of what is wrong with the film itself. */
__attribute__((format(printf, 3, 4))) int ingest_fail_film(struct ingest_failure *failure,
                                                           int error, const char *format, ...);

/* The same, with FFmpeg's word for `error` after "what: ". */
int ingest_fail_av(struct ingest_failure *failure, int error, const char *what);

/*
 * A name that came with a file, fit to print: control characters, and bytes
 * that are not UTF-8, become '?'.  Returns `out`.
 */
const char *ingest_printable(const char *name, char *out, unsigned size);

#endif
