/* SPDX-License-Identifier: MIT */
/*
 * ingest_bar: how far the work on one file has come, on one line of a terminal.
 *
 *     数学第一课 [##########....................]  33 %  5.2x  0:41 left
 *
 * 5.2x: so many seconds of film in a second.  Where there is no terminal the
 * bar is silent.
 */
#ifndef TOOLS_INGEST_BAR_H
#define TOOLS_INGEST_BAR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ingest_bar {
    FILE *out; /* NULL: silent */
    char name[120];
    double started_s;
    double pass_started_s; /* each pass runs at its own speed */
    int64_t pass_us;       /* of film, done in this pass */
    double shown_s;
};

/* `out` is borrowed; the name is that of the file.  `now_s`: any clock that only goes forward. */
void ingest_bar_init(struct ingest_bar *bar, FILE *out, const char *name, double now_s);

/* `part` of all work is done, and this pass has come to `time_us` of the film. */
void ingest_bar_show(struct ingest_bar *bar, double part, int64_t time_us, double now_s);

/* Takes the line away again. */
void ingest_bar_clear(const struct ingest_bar *bar);

#endif
