/* SPDX-License-Identifier: MIT */
/* place: where in which file something was written. */
#ifndef SCHEDULER_PLACE_H
#define SCHEDULER_PLACE_H

/* A file that people write. */
struct source_file {
    const char *path; /* as in messages */
    const char *name; /* as in plans: "zhangdian.yaml", "calendars/zibo.yaml" */
};

struct place {
    const struct source_file *file; /* NULL: nowhere */
    int line;                       /* from 1 */
    int column;                     /* from 1; 0: the whole line */
};

#endif
