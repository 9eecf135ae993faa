/* SPDX-License-Identifier: MIT */
/*
 * table_scan: how often tables come, how close, and what their versions say.
 *
 * A table here is what shares PID, table_id and extension; each of its
 * sections has its own repetition, all have one version.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.4 (version_number);
 * ETSI EN 300 468, 5.1.4.1 (gap); ETSI TR 101 211, 4.4.1 (repetition).
 */
#ifndef TOOLS_METER_TABLE_SCAN_H
#define TOOLS_METER_TABLE_SCAN_H

#include "tools/meter/section_scan.h"

struct table_limits {
    int64_t rate_bps;
    int psi_ms; /* PAT, PMT */
    int si_ms;  /* SDT, EIT present/following */
    int tdt_ms; /* TDT, TOT */
    int nit_ms; /* NIT, and everything else */
    int gap_ms;
};

struct table_scan;

struct table_scan *table_scan_create(const struct table_limits *limits, struct ts_report *report);
void table_scan_destroy(struct table_scan *scan); /* accepts NULL */

/* Judges one section. */
void table_scan_section(struct table_scan *scan, const struct section *section);

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

/* The i-th, or false. */
bool table_scan_summary(const struct table_scan *scan, int i, struct table_summary *summary);

#endif
