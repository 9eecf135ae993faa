/* SPDX-License-Identifier: MIT */
/*
 * ingest_progress: how far the work on one file has come, for programs: a JSON object on a line of
 * its own, a few times a second, and one at the end.
 *
 *     {"file": "a.mp4", "house_number": "KT-42", "part": 0.33, "film_s": 92.4, "left_s": 41.2}
 *     {"file": "a.mp4", "house_number": "KT-42", "part": 1.0, "result": "ready", "sha256": "…"}
 *     {"file": "a.mp4", "house_number": "KT-42", "part": 0.33, "result": "failed", "text": "…"}
 *
 * `film_s`: so far has this pass come; `left_s` is null while nobody knows.
 */
#ifndef TOOLS_INGEST_PROGRESS_H
#define TOOLS_INGEST_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct ingest_progress {
    FILE *out; /* NULL: silent */
    const char *file;
    const char *house_number;
    double started_s;
    double shown_s;
    double part;
};

/* All is borrowed.  `now_s`: any clock that only goes forward. */
void ingest_progress_init(struct ingest_progress *progress, FILE *out, const char *file,
                          double now_s);
void ingest_progress_show(struct ingest_progress *progress, double part, int64_t time_us,
                          double now_s);

/* `sha256` of the asset, or NULL and why there is none. */
void ingest_progress_end(struct ingest_progress *progress, const char *sha256, const char *text);

#endif
