/* SPDX-License-Identifier: MIT */
/*
 * nit_scan: what NIT and BAT say: networks, bouquets, transport streams.
 *
 * Normative references: ETSI EN 300 468, 5.2.1 and 5.2.2; 6.2.13.1 (cable
 * delivery), 6.2.36 (service list).
 */
#ifndef TOOLS_METER_NIT_SCAN_H
#define TOOLS_METER_NIT_SCAN_H

#include "tools/meter/si_scan.h"

/* Judges a section of NIT (of this network or another) or BAT that brings something new. */
void nit_take(struct si *si, const struct section *section, const struct si_coming *coming);

/* Judges whether the NIT and the PAT name the same services. */
void nit_judge_services(struct si *si, int64_t packet);

#endif
