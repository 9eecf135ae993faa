/* SPDX-License-Identifier: MIT */
/*
 * live_input: a transport stream from the network.
 *
 *   udp://[ADDRESS]:PORT    plain datagrams, or RTP: the first that is either decides
 *   rtp://[ADDRESS]:PORT    RFC 2250
 *
 * with ?localaddr=ADDRESS or ?interface=NAME to say where a group is joined.
 * ADDRESS is a group, an address of this machine, or nothing: all of them;
 * IPv6 goes in brackets.  Arrivals are stamped by the kernel.
 */
#ifndef TOOLS_METER_LIVE_INPUT_H
#define TOOLS_METER_LIVE_INPUT_H

#include "tools/meter/rtp_scan.h"

struct live_input;

/* Whether this is the address of a stream on the network, and not a file. */
bool live_input_is_url(const char *text);

/*
 * Opens a stream.  NULL when it cannot be, and says why in `error`, as the
 * system puts it, without a full stop: "" when `url` is not made like those
 * above.
 */
struct live_input *live_input_open(const char *url, char *error, size_t room);
void live_input_close(struct live_input *input); /* accepts NULL */

/* Becomes readable when something arrives. */
int live_input_fd(const struct live_input *input);

/*
 * The next stretch of the stream, in order; never waits.  False: nothing now.
 * `lost` counts packets here.
 */
bool live_input_next(struct live_input *input, struct rtp_payload *payload);

/*
 * No more will be received: live_input_next() hands out what it has held
 * back for datagrams that did not come.
 */
void live_input_end(struct live_input *input);

/* Whether a datagram holds packets of 188, 192 or 204 bytes and nothing else. */
bool live_input_looks_like_ts(const uint8_t *bytes, size_t size);

struct live_counts {
    bool is_rtp;
    int64_t datagrams; /* all that came */
    int64_t lost;      /* datagrams, by sequence number */
    int64_t reordered;
    int64_t duplicates;
    int64_t restarts;
    int64_t dropped; /* by this machine: its receive buffer was full */
    int64_t foreign; /* datagrams of something else, as far as their form shows it */
};

void live_input_counts(const struct live_input *input, struct live_counts *counts);

/* Nanoseconds since the Unix epoch, on the clock that stamps arrivals. */
int64_t live_input_now(void);

#endif
