/* SPDX-License-Identifier: MIT */
/*
 * tape_place: what a received packet says of its place on the tape.
 *
 * Program clock references say which slot, within half a round of 26.5 h; TDT
 * and TOT say which day.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.3.4; ETSI EN 300 468, 5.2.5, 5.2.6.
 */
#ifndef TOOLS_TAPE_PLACE_H
#define TOOLS_TAPE_PLACE_H

#include "playout/tape.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether the packet has a PCR of one of the transport's services; 27 MHz ticks. */
bool tape_place_pcr(const struct transport *transport, const uint8_t *packet, uint64_t *pcr);

/* The time of the TDT or TOT in a packet, or 0. */
int64_t tape_place_utc(const uint8_t *packet);

/* The slot whose PCR it is, near a time; false: it is of no slot, *slot is the nearest. */
bool tape_place_slot(uint64_t slots_per_second, uint64_t pcr, int64_t near_s, uint64_t *slot);

#endif
