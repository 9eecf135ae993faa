/* SPDX-License-Identifier: MIT */
/*
 * tstd: the buffers of the transport system target decoder, for one stream.
 *
 *   video    TB --Rx--> MB --Rbx--> EB --whole access units at DTS-->
 *   audio    TB --Rx--> B  --whole access units at PTS-->
 *   system   TB --Rx--> B  --Rb-->
 *
 * Time is counted in bytes of the constant-rate stream, fullness in parts of
 * a byte (rate_bps parts each), so that arrivals add and leaks take whole
 * numbers: there is no rounding that could add up.  Whole packets enter TB;
 * what a leak takes from a buffer enters the next one at that rate, but only
 * bytes of PES packets and sections go on.  An access unit is whole in B when
 * the last part of its last byte is.  PES headers leave MB with the next byte
 * behind them, and B with the access unit that follows.
 *
 * A file may begin and end anywhere: what was sent before it is not in the
 * buffers, and an access unit that it cuts off is not judged.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.2.
 */
#ifndef TOOLS_METER_TSTD_H
#define TOOLS_METER_TSTD_H

#include "tools/meter/ts_report.h"

enum { TSTD_TB_SIZE = 512 };

struct tstd_model {
    int pid;          /* for the report */
    int64_t rate_bps; /* of the transport stream */
    int64_t rx_bps;   /* leak of TB */
    int64_t mb_size;  /* bytes; 0: there is no MB */
    int64_t rbx_bps;  /* leak of MB */
    int64_t b_size;   /* bytes of EB, B or Bsys */
    int64_t rb_bps;   /* leak of Bsys; 0: access units are taken out */
};

/* What becomes of a byte behind TB. */
enum tstd_role {
    TSTD_PACKET, /* packet header, adaptation field, repeat: goes no further */
    TSTD_HEADER, /* of a PES packet */
    TSTD_DATA,   /* of an access unit or a section */
};

/* Greatest fullness so far, in bytes, rounded up. */
struct tstd_peaks {
    int64_t tb;
    int64_t mb;
    int64_t b;
};

struct tstd;

struct tstd *tstd_create(const struct tstd_model *model, struct ts_report *report); /* borrows */
void tstd_destroy(struct tstd *tstd); /* accepts NULL */

/*
 * Access unit `number` (they count from 0 without a gap) will be taken out
 * at `removal`.  Call before its first byte of data.
 */
void tstd_unit(struct tstd *tstd, int64_t number, int64_t removal);

/*
 * `count` bytes of the file arrive from `first_byte` on.  Data are of access
 * unit `unit`, a PES header is of the one that follows it.  In rising order.
 */
void tstd_feed(struct tstd *tstd, int64_t first_byte, int count, enum tstd_role role, int64_t unit);

/* Runs on until all buffers have drained; `whole_units` of the units are whole. */
void tstd_finish(struct tstd *tstd, int64_t whole_units);

struct tstd_peaks tstd_peaks(const struct tstd *tstd);
const struct tstd_model *tstd_model(const struct tstd *tstd);

#endif
