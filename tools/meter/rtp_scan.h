/* SPDX-License-Identifier: MIT */
/*
 * rtp_scan: transport stream packets out of RTP datagrams, in their order.
 *
 * Datagrams that overtake each other are put back in order, over 16 of them;
 * one that has not come when the 16th behind it does is lost.  Another
 * source (SSRC), or two numbers in a row far behind what is due, are a new
 * beginning; everything ahead is a loss, however large.
 *
 * Normative references: IETF RFC 3550, 5.1 and A.1; RFC 2250, 2.
 */
#ifndef TOOLS_METER_RTP_SCAN_H
#define TOOLS_METER_RTP_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RTP_WAITING = 16, RTP_PAYLOAD_MAX = 9216 /* a jumbo frame holds less */, RTP_BEHIND = 2 };

struct rtp_waiting {
    bool is_used;
    uint16_t sequence;
    int64_t arrival_ns;
    size_t size;
    uint8_t bytes[RTP_PAYLOAD_MAX];
};

struct rtp_scan {
    bool has_started;
    uint32_t source;                         /* SSRC */
    uint16_t expected;                       /* sequence number that is due */
    uint16_t newest;                         /* the farthest that has come */
    struct rtp_waiting waiting[RTP_WAITING]; /* number n at n % RTP_WAITING */
    int waiting_count;
    struct rtp_waiting behind[RTP_BEHIND]; /* come when all that waits has been handed out */
    int behind_count;
    bool is_restart;            /* and are a new beginning */
    bool is_ending;             /* nothing more is waited for */
    struct rtp_waiting suspect; /* far behind: the first of a new beginning, or a stray */
    int64_t lost;               /* datagrams that have not been told by rtp_scan_next() yet */
    int64_t lost_total;
    int64_t reordered;
    int64_t duplicates;
    int64_t restarts;
};

struct rtp_payload {
    const uint8_t *bytes; /* valid until the next call */
    size_t size;
    int64_t arrival_ns;
    int64_t lost; /* datagrams that are missing before it */
};

/* Whether a datagram is RTP with transport stream packets in it. */
bool rtp_looks_like(const uint8_t *bytes, size_t size);

/*
 * Takes a datagram; false: it is no RTP.  All that rtp_scan_next() has must
 * have been taken before.
 */
bool rtp_scan_push(struct rtp_scan *scan, const uint8_t *bytes, size_t size, int64_t arrival_ns);

/* The next payload in order; false: none until more is pushed. */
bool rtp_scan_next(struct rtp_scan *scan, struct rtp_payload *payload);

/* Nothing comes any more, or not for long: rtp_scan_next() hands out what waits. */
void rtp_scan_flush(struct rtp_scan *scan);

#endif
