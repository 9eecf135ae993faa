/* SPDX-License-Identifier: MIT */
/*
 * report_export: what a channel aired, for the headend and the archives: as
 * CSV (a line per record) or XML.
 *
 *     <asrun channel="zhangdian" date="2026-11-24" zone="Asia/Shanghai">
 *       <event seq="1041" kind="lesson" house_number="KT-05" title="..."
 *              planned_start="2026-11-24T08:00:00.000+08:00" planned_frames="30000"
 *              start="..." end="..." frames="30000" other_frames="250"
 *              asset="<sha256>" reason="...">
 *         <aired asset="<sha256>" house_number="FILL-01" from="..."/>
 *         <off_air from="..." to="..."/>
 *         <muted from="..." to="..."/>
 *       </event>
 *       <interruption from="..." to="..."/>
 *     </asrun>
 *
 * Times are civil times with their offset (ISO 8601), lengths frames of 1/25 s.
 * `start` is the first frame on the tape, `frames` what was really sent, and
 * `other_frames` how many of them were of something else than `asset`, the
 * lesson: what stood in for media that was missing or damaged.  `aired` is what
 * was sent, piece by piece; of the slate the asset is "".
 * Names of columns, elements and attributes are never translated.
 */
#ifndef SCHEDULER_REPORT_REPORT_EXPORT_H
#define SCHEDULER_REPORT_REPORT_EXPORT_H

#include "scheduler/library.h"
#include "scheduler/report/report_load.h"

#include <stdio.h>

struct as_run_export {
    const char *channel;
    const char *time_zone; /* its IANA name */
    const struct zone *zone;
    const struct report_day *day;
    const struct as_run_lines *lines;
    const struct library *library; /* what stood in is named by it; may be NULL */
};

void as_run_export_csv(FILE *out, const struct as_run_export *export);
void as_run_export_xml(FILE *out, const struct as_run_export *export);

enum { ISO_TIME_SIZE = 48 };
/* "2026-11-24T08:00:00.000+08:00" */
const char *iso_time(const struct zone *zone, int64_t frame, char text[ISO_TIME_SIZE]);

/* Frames of the record that were sent: neither off the air nor muted. */
int64_t as_run_sent_frames(const struct as_run_record *record);

/* The same of one of its parts, which ends where the next one begins. */
int64_t as_run_part_end(const struct as_run_record *record, size_t part);
int64_t as_run_part_frames(const struct as_run_record *record, size_t part);

/* True when the part is not of the asset that the plan wanted. */
bool as_run_part_is_other(const struct as_run_record *record, size_t part);

/* Frames that were sent of something else than the plan wanted. */
int64_t as_run_other_frames(const struct as_run_record *record);

#endif
