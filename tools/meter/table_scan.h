/* SPDX-License-Identifier: MIT */
/*
 * table_scan: how often tables come, how close, and what their versions say.
 *
 * A table here is a sub_table of EN 300 468: what shares PID, table_id,
 * extension and, where the standard says so, transport stream and network.
 * Each of its sections has its own repetition, all have one version.  Of a
 * section that has come before, nothing is looked at but its bytes.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.4 (version_number);
 * ETSI EN 300 468, 5.1.1 (sub_table), 5.1.4.1 (gap) and 5.2.4 (segments);
 * ETSI TR 101 211, 4.4.1 (repetition).
 */
#ifndef TOOLS_METER_TABLE_SCAN_H
#define TOOLS_METER_TABLE_SCAN_H

#include "tools/meter/section_scan.h"

enum {
    TABLE_SEGMENT = 8,   /* sections of a segment of EIT schedule ... */
    TABLE_SEGMENTS = 32, /* ... and segments of one table_id */
};

struct table_limits {
    int64_t rate_bps;
    int psi_ms;           /* PAT, PMT */
    int si_ms;            /* SDT, EIT present/following */
    int tdt_ms;           /* TDT, TOT */
    int nit_ms;           /* NIT */
    int other_ms;         /* what is of other transport streams; BAT, CAT, and everything else */
    int schedule_ms;      /* EIT schedule of the first eight days */
    int schedule_late_ms; /* and after those */
    int gap_ms;
    bool versions_may_jump; /* a change may take any other version_number */
};

/* What a section brings. */
enum table_news {
    TABLE_REFUSED, /* there is no room for it, which is told */
    TABLE_SAME,    /* nothing: these very bytes have come before */
    TABLE_NEW,     /* content that the version in force has not had so far */
    TABLE_NEXT,    /* the first section of a version: those before hold no more */
};

struct table;
struct table_scan;

struct table_scan *table_scan_create(const struct table_limits *limits, struct ts_report *report);
void table_scan_destroy(struct table_scan *scan); /* accepts NULL */

/* Judges one section. */
enum table_news table_scan_section(struct table_scan *scan, const struct section *section);

/* Whether all sections of the table that this one belongs to have come. */
bool table_scan_is_whole(const struct table_scan *scan, const struct section *section);

/*
 * Says that this section must be there (of whatever extension when that is
 * -1); call before table_scan_finish().
 */
void table_scan_require(struct table_scan *scan, int pid, int table_id, int extension, int number,
                        int64_t end_byte);

/* Judges the stretch from every section's last coming to the end of the file. */
void table_scan_finish(struct table_scan *scan, int64_t end_byte);

/* What came: one section each. */
struct table_summary {
    int pid;
    int table_id;
    int extension;
    int number;
    int64_t count;
    int64_t longest_bytes;  /* between the starts of two */
    int64_t shortest_bytes; /* of the table: from one's end to the next one's start; -1: none */
    int version;
};

/* Where among them one is; begins zeroed. */
struct table_cursor {
    const struct table *table;
    int number;
    bool has_begun;
};

/* The next one; false: no more. */
bool table_scan_next_summary(const struct table_scan *scan, struct table_cursor *cursor,
                             struct table_summary *summary);

#endif
