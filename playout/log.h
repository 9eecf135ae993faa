/* SPDX-License-Identifier: MIT */
/*
 * log: what happens on air, one line each, for the journal of the system.
 *
 *     warning event=plan_refused channel=zhangdian revision=12 reason="..."
 *
 * Key=value; equal lines within a minute are counted, not repeated.
 * Thread: one.
 */
#ifndef PLAYOUT_LOG_H
#define PLAYOUT_LOG_H

#include <stdint.h>
#include <stdio.h>

enum log_level {
    LOG_LEVEL_ERROR = 3, /* as in syslog */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_INFO = 6,
};

struct log;

/* Borrows `out`.  With `has_priority` lines begin with "<4>", as systemd wants.  NULL: no memory.
 */
struct log *log_create(FILE *out, int has_priority);
void log_destroy(struct log *log); /* accepts NULL; tells what was counted */

/* `now_ms` is any clock that rises; control characters become spaces. */
__attribute__((format(printf, 4, 5))) void log_write(struct log *log, enum log_level level,
                                                     int64_t now_ms, const char *format, ...);

/* A text from outside as it may stand between quotation marks: " and \ have a \ before them. */
enum { LOG_QUOTED_SIZE = 1024 };
struct log_quoted {
    char text[LOG_QUOTED_SIZE];
};

/* NULL is ""; what is too long is cut. */
struct log_quoted log_quote(const char *text);

/* Tells how often lines came again whose minute is over. */
void log_tidy(struct log *log, int64_t now_ms);

#endif
