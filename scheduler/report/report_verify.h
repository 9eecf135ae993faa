/* SPDX-License-Identifier: MIT */
/*
 * report_verify: has anybody tampered with the as-run record of a channel?
 *
 * Walks the lines in their order and holds each against the chain
 * (playout/as_run_chain.h).  Stops at the first bad one: behind it nothing is
 * proven.  What cannot be told apart is told together: a changed line looks as
 * one whose predecessor was taken away.
 *
 * Lines without a chain are those of a version before it: good at the
 * beginning only.  A line that a crash has cut off is good where the chain goes
 * on behind it, or at the very end.
 *
 * What is taken away at the very end is seen only by an anchor: a chain that
 * was printed in a daily report must be among those found.
 *
 * No output and no clock; report_verify_folder() reads files.  Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_VERIFY_H
#define SCHEDULER_REPORT_REPORT_VERIFY_H

#include "playout/asset_index.h"
#include "scheduler/report/report_lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verify_verdict {
    VERIFY_GOOD,
    VERIFY_CHANGED,      /* it was changed, or lines before it were taken away */
    VERIFY_INSERTED,     /* it was inserted, or moved from elsewhere */
    VERIFY_UNCHAINED,    /* it has no chain, though lines before it have */
    VERIFY_CUT_OFF,      /* its end and what followed were taken away */
    VERIFY_FILE_MISSING, /* first of a file: the end of the file before, or a file, is gone */
    VERIFY_NO_ANCHOR,    /* all lines are good, but the anchor is not among them */
};

/* Where a line is. */
struct verify_place {
    char file[DAY_FILE_SIZE];
    int64_t line; /* from 1 */
};

struct verify_result {
    enum verify_verdict verdict;
    struct verify_place bad;          /* unless good */
    char before[DAY_FILE_SIZE];       /* FILE_MISSING: the file before; may be "" */
    int64_t checked;                  /* lines that were proven */
    int64_t old;                      /* lines of a version before */
    int64_t torn;                     /* lines cut off by a crash */
    struct verify_place first_torn;   /* of them */
    bool is_first_unproven;           /* what was before the first line is not kept any more */
    struct verify_place first;        /* with a chain */
    struct verify_place last;         /* good one with a chain */
    char last_chain[SHA256_HEX_SIZE]; /* of it; "": there is none */
};

struct verifier {
    struct verify_result result;
    const char *anchor; /* borrowed; NULL: none */
    bool has_anchor;    /* it was found */
    bool is_judging;    /* the line in result.bad does not follow; the next one tells why */
    bool is_first_of_file;
    char file_before[DAY_FILE_SIZE];
    struct verify_place torn; /* not known yet whether a crash explains it; line 0: none */
};

/*
 * `previous` is the chain of the line before the first; NULL: not known.  The
 * anchor may be NULL, or 64 lower-case hexadecimal digits.  Nothing to finish.
 */
void verifier_init(struct verifier *verifier, const char *previous, const char *anchor);

/* The lines that follow are of this file; `name` is that of a day file. */
void verifier_file(struct verifier *verifier, const char *name);

/* One line without its newline.  Lines behind the first bad one do not count. */
void verifier_line(struct verifier *verifier, const char *line, size_t length, int64_t number);

/* After the last line: what was found. */
void verifier_end(struct verifier *verifier, struct verify_result *result);

/* Which day files: by name, both included; NULL: from the first, to the last. */
struct verify_range {
    const char *from; /* "2026-11-23" */
    const char *until;
    const char *anchor;
};

/*
 * Checks the day files of a folder.  With `from`, the chain is taken up from
 * the files before it, when there are any.  0 and *result, -ENOENT when there
 * is no file in the range, -EFBIG when a file is too large, or -errno; the
 * file is then in result->bad.
 */
int report_verify_folder(const char *folder, const struct verify_range *range,
                         struct verify_result *result);

#endif
