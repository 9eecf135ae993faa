/* SPDX-License-Identifier: MIT */
/*
 * eit_scan: what EIT present/following and EIT schedule say.
 *
 * A section is judged when it comes with new bytes; a table when it is
 * whole; two tables of a service against each other when both have been
 * seen for a while after the later one has changed, so that a change under
 * way is not taken for a contradiction.
 *
 * Segments of EIT schedule are three hours of UTC, counted from 00:00 of the
 * day on which the table is sent.
 *
 * Normative references: ETSI EN 300 468, 5.2.4; ETSI TR 101 211, 4.1.4.
 */
#ifndef TOOLS_METER_EIT_SCAN_H
#define TOOLS_METER_EIT_SCAN_H

#include "tools/meter/si_scan.h"

struct si_service;

/* Judges a section; `now_s` and `news` as in si_take(). */
void eit_take(struct si *si, const struct section *section, const struct si_coming *coming);

/* Judges what never became whole, and what came before the time was known. */
void eit_finish(struct si *si, int64_t end_byte);

/* Frees the tables of a service. */
void eit_forget(struct si_service *service);

#endif
