/* SPDX-License-Identifier: MIT */
/*
 * problems: what is wrong with a file that a person wrote, all of it at once.
 *
 * A reader of station files, timetables or plans adds every problem that it
 * finds, goes on, and the caller prints them together as
 *
 *     file:line:column: error: what is wrong; what would be right
 *     file:line: warning: what may be wrong [name]
 *
 * Not thread-safe: one list belongs to one thread.
 */
#ifndef PLAYOUT_PROBLEMS_H
#define PLAYOUT_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum problem_severity {
    PROBLEM_WARNING,
    PROBLEM_ERROR,
};

struct problem {
    enum problem_severity severity;
    char *file;       /* never NULL */
    int line;         /* from 1; 0 when the whole file is meant */
    int column;       /* from 1; 0 when the whole line is meant */
    char *text;       /* in the reader's language, one sentence */
    const char *name; /* of a warning that can be switched off by it; else NULL */
};

struct problems {
    struct problem *items;
    size_t count;
    size_t errors; /* how many of them are errors */
};

void problems_init(struct problems *list);
void problems_finish(struct problems *list); /* accepts NULL */

/* Adds one; out of memory it counts the error all the same. */
__attribute__((format(printf, 6, 7))) void problems_add(struct problems *list,
                                                        enum problem_severity severity,
                                                        const char *file, int line, int column,
                                                        const char *format, ...);

/* Adds a warning that has a name; `name` is never freed. */
__attribute__((format(printf, 6, 7))) void problems_warn(struct problems *list, const char *name,
                                                         const char *file, int line, int column,
                                                         const char *format, ...);

/* Adds those of `more` that the list does not have, by place and text. */
void problems_add_new(struct problems *list, const struct problems *more);

enum { PROBLEM_SPOT_SIZE = 28 };

/* Where in its file: ":line:column", ":line" or "", as far as that is known.  Returns `spot`. */
const char *problem_spot(const struct problem *problem, char spot[PROBLEM_SPOT_SIZE]);

/* Prints all of them, in order of file, line and column. */
void problems_print(struct problems *list, FILE *out);

#endif
