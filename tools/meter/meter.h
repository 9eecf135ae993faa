/* SPDX-License-Identifier: MIT */
/*
 * meter: judges a transport stream as it comes, from a file or from the wire.
 *
 * Bytes go in with the times of their arrival; counts per indicator of
 * TR 101 290, the latest events and everything that is measured come out.
 * The first seconds are read ahead: they say what the rate is, and what there
 * is to judge.  The same happens after a pause, and when programmes change.
 *
 * Normative references: ETSI TR 101 290; ISO/IEC 13818-1; IETF RFC 4445.
 */
#ifndef TOOLS_METER_METER_H
#define TOOLS_METER_METER_H

#include "tools/meter/tr101290.h"

#include <jansson.h>
#include <stddef.h>

struct meter;

struct meter_options {
    int64_t rate_bps; /* RATE_MIN_BPS to RATE_MAX_BPS; 0: found from the clock references */
    bool is_live;     /* arrivals have times */
    bool is_ignored[TR_INDICATORS];
};

/* NULL: out of memory, or no such rate. */
struct meter *meter_create(const struct meter_options *options);
void meter_destroy(struct meter *meter); /* accepts NULL */

/*
 * The next bytes of the stream; of one datagram, where it is live, which
 * arrived so many nanoseconds after the Unix epoch.  0 or -ENOMEM.
 */
int meter_push(struct meter *meter, const uint8_t *bytes, size_t size, int64_t arrival_ns);

/* So many packets are known to be missing before the next bytes (RTP). */
void meter_lost(struct meter *meter, int64_t packets);

/*
 * Nothing has come until now; call some times a second while that is so.  0,
 * or -ENOMEM: what waited is not judged, which meter_has_gaps() tells too.
 */
int meter_idle(struct meter *meter, int64_t now_ns);

/* No more will come.  The same. */
int meter_finish(struct meter *meter);

/* Counting begins anew; what cannot be judged now stays so. */
void meter_reset(struct meter *meter);

const struct tr_board *meter_board(const struct meter *meter);

/* Packets so far, and whether the first seconds are still being gathered. */
int64_t meter_packets(const struct meter *meter);
double meter_seconds(const struct meter *meter); /* of the stream's time */
bool meter_is_learning(const struct meter *meter);

/* Something that is not ignored could not be judged. */
bool meter_has_gaps(const struct meter *meter);

enum meter_parts {
    METER_SCREEN, /* what changes from one look to the next */
    METER_ALL,    /* clocks, tables and buffers of tables too */
};

/* What has been found and measured.  The caller owns it; NULL: out of memory. */
json_t *meter_json(const struct meter *meter, enum meter_parts parts);

#endif
