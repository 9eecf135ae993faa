/* SPDX-License-Identifier: MIT */
/*
 * report_remark: the reason of an incident, told afterwards by people.
 *
 * An order has its reason with it, a substitution too; a cut fibre has none until somebody
 * says so.  Remarks are kept in STATE/remarks/CHANNEL/DATE.json, a list of
 *
 *     {"from": FRAME, "to": FRAME, "reason": "…", "author": "…", "written_ms": …}
 *
 * that only grows: of several about the same stretch the last one counts, and one without a
 * reason takes away what was said.  The as-run record stays as it is: what people say afterwards
 * is no part of what the engine recorded.
 *
 * Blocks.  Thread: any; processes that write the same file take turns.
 */
#ifndef SCHEDULER_REPORT_REPORT_REMARK_H
#define SCHEDULER_REPORT_REPORT_REMARK_H

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REMARK_REASON_MOST = 500,         /* bytes of a reason, as of an order's */
    REMARK_AUTHOR_MOST = 120,         /* bytes of a name, as in the store */
    REMARK_REMARKS_MOST = 200,        /* about one day */
    REMARK_FILE_BYTES_MOST = 1 << 20, /* so many fit in, whatever their letters */
};

struct report_remark {
    int64_t from; /* frames: the stretch that it is about */
    int64_t to;
    const char *reason; /* "": what was said counts no more */
    const char *author;
    int64_t written_ms; /* since the epoch */
};

struct report_remarks {
    struct report_remark *items; /* as they were written */
    size_t count;
    json_t *list; /* that their texts are in */
};

/*
 * The remarks about a day (2026-11-23), from the channel's folder of them; without a file there
 * are none.  0, -EBADMSG when the file is damaged, -EFBIG, -ENOMEM or -errno.
 */
int report_remarks_load(const char *folder, const char *date, struct report_remarks *remarks);
void report_remarks_finish(struct report_remarks *remarks); /* accepts a zeroed one */

/* The last one that is about a part of [from, to); NULL: none is, or it was taken away. */
const struct report_remark *report_remarks_find(const struct report_remarks *remarks, int64_t from,
                                                int64_t to);

/*
 * Adds one to a day's, and returns when it is on the disk.  0; -EEXIST what counts now is of
 * another author, and may not be replaced; -ENOENT nothing is there to be taken away; -E2BIG a
 * text is too long, or nobody says it; -EOVERFLOW the day has as many as it may; -EINVAL a text is
 * not UTF-8; or as report_remarks_load().  Then all is as it was.
 */
int report_remark_add(const char *folder, const char *date, const struct report_remark *remark,
                      bool may_replace);

#endif
