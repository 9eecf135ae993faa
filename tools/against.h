/* SPDX-License-Identifier: MIT */
/*
 * against: holds a received transport stream against the tape.
 *
 * The stream says itself where on the tape it is: by two program clock
 * references that agree, and by TDT or TOT for the day: not by the clock of
 * this machine, for a rehearsal airs another day.
 * From there on packet n must be packet n of the tape.  Where a reference says
 * otherwise, packets are missing or came too many; that is told, and the
 * comparison goes on behind them.  A reference is believed when one of the next
 * two agrees, not when one sees nothing amiss, and else when its packet is on
 * the tape where it says.
 *
 * The journals may grow meanwhile: each frame is held against the tape as its
 * journals are when it has come, which is when they have all that it is made
 * from (journal.h).
 *
 * Thread: one at a time; reads files.
 */
#ifndef TOOLS_AGAINST_H
#define TOOLS_AGAINST_H

#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct against;

enum against_kind {
    AGAINST_DIFFERS, /* a packet is not that of the tape */
    AGAINST_MISSING, /* packets of the tape did not come */
    AGAINST_EXTRA,   /* packets came that are not on the tape, or twice */
    AGAINST_FOREIGN, /* its clock is not that of the tape */
};

struct against_event {
    enum against_kind kind;
    uint64_t packet; /* of the stream, from 0 */
    uint64_t slot;   /* of the tape, since the Unix epoch */
    uint64_t count;  /* of packets, in a row */
    int pid;         /* of the tape's packet; -1: of none */
    int byte;        /* the first that differs */
};

struct against_totals {
    bool is_aligned;     /* it is known where on the tape the stream is */
    uint64_t first_slot; /* of its first packet */
    uint64_t compared;
    uint64_t equal;
    uint64_t differing;
    uint64_t missing;
    uint64_t extra;
    uint64_t unplaced; /* packets before the place was known that were let go */
};

/*
 * Is told what is found, in order; borrowed by the against that calls it.
 * Packets that differ in a row are told together, a second of them at most.
 */
struct against_listener {
    void (*tell)(struct against_listener *self, const struct against_event *event);
};

/*
 * Opens the transport of a station.  0, or a negative code with the reasons in
 * *problems.
 */
int against_open(const char *station_path, const char *transport, struct against_listener *listener,
                 struct against **against, struct problems *problems);
void against_close(struct against *against); /* accepts NULL */

/*
 * The next packets of the stream.  0; or a negative code with the reasons in
 * *problems when the tape itself cannot be read (a journal or a lesson that is
 * missing here).
 */
int against_feed(struct against *against, const uint8_t *packets, size_t count,
                 struct problems *problems);

/* Compares what was held back, at the end. */
int against_finish(struct against *against, struct problems *problems);

/* Counting begins anew; the place on the tape stays. */
void against_reset(struct against *against);

struct against_totals against_totals(const struct against *against);

#endif
