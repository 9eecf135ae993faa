/* SPDX-License-Identifier: MIT */
/*
 * table_watch: tables that do not come in time, and sections that come too close.
 *
 * Every section that has come must come again, and the tables that a stream
 * must have, must come; a section is told missing once, at the packet where
 * its time is over.  Sections of a version that is no longer in force may
 * stay away.
 *
 * Normative references: ETSI TR 101 290, 5.2 (limits); ETSI TR 101 211, 4.4.1
 * (repetition of other tables); ETSI EN 300 468, 5.1.4.1 (25 ms).
 */
#ifndef TOOLS_METER_TABLE_WATCH_H
#define TOOLS_METER_TABLE_WATCH_H

#include "tools/meter/psi_scan.h"
#include "tools/meter/tr101290.h"

struct table_watch;

struct table_watch *table_watch_create(struct tr_listener *listener); /* borrows */
void table_watch_destroy(struct table_watch *watch);                  /* accepts NULL */

/* Nothing came before `now`, in 27 MHz ticks of the stream: all waiting starts here. */
void table_watch_start(struct table_watch *watch, int64_t now);

/* A sound section, whose bytes came from `start` to `end`. */
void table_watch_section(struct table_watch *watch, const struct section *section, int64_t start,
                         int64_t end);

/* What is overdue; call some times a second. */
void table_watch_sweep(struct table_watch *watch, const struct psi *psi, int64_t now);

/* The indicator under which the tables of a PID count. */
enum tr_indicator table_watch_indicator(int pid, bool is_pmt);

#endif
