/* SPDX-License-Identifier: MIT */
/*
 * eit_schedule: the sections of one service's EIT schedule.
 *
 * Cuts the programmes of a time line into segments and sections; what is sent
 * when is the matter of eit_cycle.c.
 *
 * Normative references: ETSI EN 300 468, 5.2.4; ETSI TR 101 211, 4.1.4.
 */
#ifndef PLAYOUT_EIT_SCHEDULE_H
#define PLAYOUT_EIT_SCHEDULE_H

#include "playout/eit_cycle.h"

enum {
    EIT_DAY_S = 86400,
    EIT_SEGMENT_S = 3 * 3600,
    EIT_SEGMENTS_PER_DAY = 8,
    EIT_SEGMENTS_PER_TABLE = 32,
    EIT_SECTIONS_PER_SEGMENT = 8,
};

/* One section: bytes at `offset` of the set's. */
struct eit_section {
    size_t offset;
    uint16_t size;
    uint8_t number; /* section_number */
    uint8_t table;  /* table_id less its first */
};

/* All sections of a schedule, by segment.  All zero: none. */
struct eit_set {
    uint8_t *bytes;
    size_t used;
    size_t capacity;
    struct eit_section *sections;
    size_t section_count;
    size_t section_capacity;
    int events;
    int left_out; /* for want of room in a segment */
};

/* How much is told. */
struct eit_extent {
    int64_t day;     /* since the Unix epoch, UTC: the first */
    int days;        /* of which events are told: segments after them stay empty */
    int detail;      /* enum si_detail */
    int sections;    /* of a segment, at most EIT_SECTIONS_PER_SEGMENT */
    size_t size_max; /* of a section */
};

void eit_set_finish(struct eit_set *set);

/* Replaces what is in the set by the schedule of a service: 0 or -ENOMEM. */
int eit_set_write(struct eit_set *set, const struct station *station, struct si_text *text,
                  const struct eit_source *source, const struct eit_extent *extent);

#endif
