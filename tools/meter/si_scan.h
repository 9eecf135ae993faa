/* SPDX-License-Identifier: MIT */
/*
 * si_scan: what the tables of PID 0x01 and 0x10 to 0x14 say.
 *
 * CAT, SDT, TDT, TOT and RST here, NIT and BAT in nit_scan, EIT in eit_scan.
 * Judges their loops, descriptors and text, whether they agree with each
 * other and with the PAT, and their times against the time of the slot, or
 * of the last TDT.  What they say is kept for si_view.
 *
 * Normative references: ETSI EN 300 468, 5.2 and 6.2; ETSI TR 101 211, 4.1
 * (running_status of present and following).
 */
#ifndef TOOLS_METER_SI_SCAN_H
#define TOOLS_METER_SI_SCAN_H

#include "tools/meter/dvb_text.h"
#include "tools/meter/psi_scan.h"
#include "tools/meter/si_fields.h"
#include "tools/meter/table_scan.h"

struct si;

struct si_options {
    int64_t rate_bps;
    struct dvb_charsets charsets;
};

/* How a section comes. */
struct si_coming {
    double now_s; /* time of its packet since the epoch; negative: not known */
    enum table_news news;
    bool is_whole; /* its table is, with it */
};

/* Borrows `psi` and the report.  NULL: out of memory. */
struct si *si_create(const struct si_options *options, const struct psi *psi,
                     struct ts_report *report);
void si_destroy(struct si *si); /* accepts NULL */

/* Judges one sound section of PID 0x01 or 0x10 to 0x14. */
void si_take(struct si *si, const struct section *section, const struct si_coming *coming);

/* Judges what the tables say of each other, at the end. */
void si_finish(struct si *si, int64_t end_byte);

/* The farthest that a TDT or TOT was from the time of its slot; needs that time. */
double si_tdt_worst_s(const struct si *si);

#endif
