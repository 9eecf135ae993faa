/* SPDX-License-Identifier: MIT */
/*
 * report_lines: the day files of an as-run folder, and their lines.
 *
 * Blocks.  Thread: any.
 */
#ifndef SCHEDULER_REPORT_REPORT_LINES_H
#define SCHEDULER_REPORT_REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DAY_SIZE = 10,      /* 2026-11-23 */
    DAY_FILE_SIZE = 17, /* 2026-11-23.jsonl */
    DAY_FILE_BYTES_MOST = 256 << 20,
};

struct day_files {
    char (*names)[DAY_FILE_SIZE]; /* in rising order */
    size_t count;
};

/* A missing folder has none.  0 or -errno. */
int report_day_files(const char *folder, struct day_files *files);
void day_files_finish(struct day_files *files); /* accepts a zeroed one */

/*
 * Reads a file: *size bytes that the caller frees.  0, -EFBIG when there are
 * more than DAY_FILE_BYTES_MOST, -ENOMEM or -errno.
 */
int report_read_day_file(const char *folder, const char *name, char **bytes, size_t *size);

/* A line in such bytes; at first all zero. */
struct report_line {
    const char *bytes; /* without the newline */
    size_t length;
    int64_t number; /* from 1 */
};

/* Goes on to the next line; false after the last one. */
bool report_next_line(const char *bytes, size_t size, struct report_line *line);

#endif
