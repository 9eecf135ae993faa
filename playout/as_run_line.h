/* SPDX-License-Identifier: MIT */
/*
 * as_run_line: reads a line of the as-run record, the reverse of as_run_record.h.
 *
 * The files may be damaged, or forged: what is taken here has sound frames,
 * spans in rising order within the record, and UTF-8 texts.
 *
 * Pure functions; any thread.
 */
#ifndef PLAYOUT_AS_RUN_LINE_H
#define PLAYOUT_AS_RUN_LINE_H

#include "playout/as_run_record.h"

#include <stdbool.h>
#include <stddef.h>

enum { AS_RUN_LINE_BYTES_MOST = 1 << 20 };

struct as_run_line {
    bool is_interruption; /* of what other lines tell: start and end of the record alone count */
    struct as_run_record record;
};

/*
 * Reads a line without its newline; members that are not known are left out.
 * 0 and a line that the caller finishes, -EBADMSG when it is none, -ENOMEM.
 */
int as_run_line_parse(const char *bytes, size_t size, struct as_run_line *line);
void as_run_line_finish(struct as_run_line *line); /* accepts a zeroed one */

#endif
