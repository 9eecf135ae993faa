/* SPDX-License-Identifier: MIT */
/*
 * si_inner: what the parts of si share among themselves.
 * Included by si*.c only; the contract is in si.h.
 */
#ifndef PLAYOUT_SI_INNER_H
#define PLAYOUT_SI_INNER_H

#include "playout/si.h"

/* component_tag of stream_identifier_descriptor (PMT) and component_descriptor (EIT). */
enum { TAG_VIDEO = 0x01, TAG_AUDIO = 0x02 };

/* One table being made: its first section is number `first` of the set. */
struct si_table {
    struct si_sections *sections;
    size_t first;
};

/* A new section, all zero, at the end of the set; NULL when out of memory. */
uint8_t *si_table_add(struct si_table *table);

/*
 * Numbers the table's sections, gives them the version that is a digest of
 * them all, and their CRCs.  Returns 0.
 */
int si_table_finish(struct si_table *table);

/* Removes the table's sections again.  Returns -ENOMEM. */
int si_table_abandon(struct si_table *table);

/* service_type, EN 300 468, table 89. */
uint8_t si_service_type(const struct service *service);

/* MJD and BCD of a time: 40 bits. */
uint64_t si_utc(int64_t utc_s);
/* HHMMSS in BCD of less than 100 hours. */
uint32_t si_duration(int64_t seconds);
uint32_t si_bcd(uint32_t number);

/* High definition or beyond. */
bool si_is_hd(const struct video_profile *video);
bool si_is_wide(const struct video_profile *video); /* 16:9 */

#endif
