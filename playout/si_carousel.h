/* SPDX-License-Identifier: MIT */
/*
 * si_carousel: constant sections, repeated on a PID for ever.
 *
 * A PID owns some packets in each second.  Sections that are asked for often
 * (SDT actual) are sent in each second, rare ones (NIT, SDT other, BAT) once in
 * a period of seconds.  Each starts a packet of its own and never crosses the
 * end of a second; between two sections of one sub-table pass at least 30 ms.
 * Free packets carry a stuffing section.
 *
 * Immutable; shared between threads.
 * Normative reference: ETSI EN 300 468, 5.1.4; ETSI TR 101 211, 4.4.1.
 */
#ifndef PLAYOUT_SI_CAROUSEL_H
#define PLAYOUT_SI_CAROUSEL_H

#include "playout/si.h"

struct si_carousel;

/*
 * Copies the sections (either set may be empty, not both) and chooses how
 * many packets of the PID a second must have.  0 or -ENOMEM.
 */
int si_carousel_create(int pid, const struct si_sections *often, const struct si_sections *rare,
                       int period_s, struct si_carousel **carousel);
void si_carousel_destroy(struct si_carousel *carousel); /* accepts NULL */

int si_carousel_packets_per_second(const struct si_carousel *carousel);

/*
 * Packet `ordinal` of the PID, counted from the Unix epoch: its continuity
 * counter is ordinal mod 16.  RT-safe.
 */
void si_carousel_packet(const struct si_carousel *carousel, uint64_t ordinal, uint8_t *packet);

#endif
