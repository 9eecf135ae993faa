/* SPDX-License-Identifier: MIT */
/*
 * mdi: the media delivery index of a stream of datagrams.
 *
 * The delay factor is how long a buffer must be, in time, that receives the
 * datagrams as they come and is drained at the media rate; the media loss
 * rate is how many packets a second are lost.  Both are taken each second.
 *
 * Normative reference: IETF RFC 4445, 3.
 */
#ifndef TOOLS_METER_MDI_H
#define TOOLS_METER_MDI_H

#include <stdbool.h>
#include <stdint.h>

struct mdi {
    double rate_bps;
    bool has_started;
    int64_t start_ns; /* of this second */
    double bytes;     /* in it */
    double lowest;    /* of the virtual buffer, bytes */
    double highest;
    int64_t lost;
    /* The second before, and the worst since the beginning. */
    int64_t seconds;
    double delay_factor_ms;
    double worst_delay_factor_ms;
    int64_t loss_rate;
    int64_t worst_loss_rate;
    int64_t lost_total;
};

/* A new media rate; measuring starts with the next datagram. */
void mdi_start(struct mdi *mdi, double rate_bps);

/* Measuring begins anew, at the same rate. */
void mdi_reset(struct mdi *mdi);

/* A datagram with so many bytes of media. */
void mdi_datagram(struct mdi *mdi, int64_t arrival_ns, int bytes);

/* Packets are missing. */
void mdi_lost(struct mdi *mdi, int64_t packets);

#endif
