/* SPDX-License-Identifier: MIT */
/*
 * tape: a transport stream as a pure function.
 *
 * Packet n of a transport is the same 188 bytes whoever computes it, whenever
 * and wherever: it follows from the station file, the journals of plan
 * revisions, the assets and n.  Slot n is sent at n / K seconds since the
 * Unix epoch.  There is no clock, no random number and no memory in here:
 * what a reader keeps between calls only saves work.
 *
 * Three objects, three lifetimes:
 *   tape_format     what never changes while a transport is on air: lattice,
 *                   PSI, slates; immutable, shared by threads
 *   tape_inputs     a snapshot of one service's journal and opened assets;
 *                   immutable, counted references, replaced as a whole
 *   tape_reader     a place on the tape; belongs to one thread
 *
 * The *members* of a transport are its own services, in the order of the
 * station file, and after them those of other transports of which its EIT
 * speaks: its tape follows from the inputs of them all.
 *
 * Normative references: ISO/IEC 13818-1, 2.4; ETSI EN 300 468.
 */
#ifndef PLAYOUT_TAPE_H
#define PLAYOUT_TAPE_H

#include "playout/asset.h"
#include "playout/journal.h"
#include "playout/station.h"
#include "playout/timeline.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TS_PACKET_SIZE = 188,
    PACKETS_PER_DATAGRAM = 7,
    DATAGRAM_SIZE = TS_PACKET_SIZE * PACKETS_PER_DATAGRAM,
};

struct tape_format;

/*
 * Builds lattice and tables of a transport; takes a reference to the slate of
 * each of its services (opened in memory).  Problems (shares that do not fit
 * the rate, a latency that the lattice cannot keep, a slate of another
 * profile, with B-frames, not a multiple of 24 frames) go into *problems.
 * Returns 0, -EINVAL, -ENOMEM.
 */
int tape_format_create(const struct station *station, const struct transport *transport,
                       struct asset *const *slates, struct tape_format **format,
                       struct problems *problems);
void tape_format_destroy(struct tape_format *format); /* accepts NULL */

/* What that would say of the station file alone, whether there is a slate or not. */
int tape_format_check(const struct station *station, const struct transport *transport,
                      struct problems *problems);

const struct transport *tape_transport(const struct tape_format *format);
struct asset *tape_slate(const struct tape_format *format, size_t service); /* borrowed */

size_t tape_member_count(const struct tape_format *format);
const struct service *tape_member(const struct tape_format *format, size_t member);

/* Slots, frames, seconds.  Exact; frame and second boundaries are slots. */
uint64_t tape_slot_of_frame(const struct tape_format *format, int64_t frame);
int64_t tape_frame_of_slot(const struct tape_format *format, uint64_t slot); /* rounded down */

/* Program clock reference of slot n, 27 MHz ticks modulo 2^33 x 300. */
uint64_t tape_pcr(int slots_per_second, uint64_t slot);

/* One step of the journal: `timeline` holds from the first slot of `frame` on. */
struct tape_step {
    int64_t frame;
    int64_t version_frame; /* since when eit_version has been counted: of the adoption */
    int eit_version;       /* version_number of EIT present/following in the first second from then
                              on in which it is decided */
    int schedule_version;  /* of EIT schedule, to which the day is added (eit_cycle.h) */
    struct timeline *timeline;
};

struct tape_inputs;

/*
 * A snapshot: steps in rising order of frame (the first is taken to hold
 * from ever) and opened assets, in any order.  Takes one reference more to
 * each timeline and asset.  NULL when out of memory.
 */
struct tape_inputs *tape_inputs_create(const struct tape_step *steps, size_t step_count,
                                       struct asset *const *assets, size_t asset_count);
struct tape_inputs *tape_inputs_ref(struct tape_inputs *inputs);
void tape_inputs_unref(struct tape_inputs *inputs); /* accepts NULL */

/* The step in force at `frame`; never NULL. */
const struct tape_step *tape_inputs_step(const struct tape_inputs *inputs, int64_t frame);

/*
 * version_number of EIT present/following as decided at `frame`, given the
 * step in force there: one more for each second that says something else.  A
 * programme so short that no section tells of it counts for nothing.
 */
int tape_eit_version(const struct tape_format *format, const struct tape_step *step, int64_t frame);

/*
 * The version with which `next` must start at `frame`, after `step`: the
 * same when present and following stay the same, else one more modulo 32.
 */
int tape_next_eit_version(const struct tape_format *format, const struct tape_step *step,
                          const struct timeline *next, int64_t frame);

/* The same of EIT schedule: what the journal says of it, once `next` holds. */
int tape_next_schedule_version(const struct tape_format *format, const struct tape_step *step,
                               const struct timeline *next, int64_t frame);

/* Where the schedule that is on air at `frame` was decided: the first frame of its cycle that
 * has a slot of PID 0x12. */
int64_t tape_guide_frame(const struct tape_format *format, int64_t frame);

struct tape_reader;

struct tape_reader *tape_reader_create(const struct tape_format *format);
void tape_reader_destroy(struct tape_reader *reader); /* accepts NULL */

/* What went wrong while reading; the packets are legal all the same. */
struct tape_fault {
    int error;      /* 0: nothing; -ENOENT: asset not in the inputs; -EIO: access unit unreadable */
    size_t service; /* of the transport */
    int64_t seq;    /* of the event, 0 when it has none */
    int64_t frame;
    char asset[SHA256_HEX_SIZE];
};

/*
 * Computes packets [first, first + count) into `packets` (188 x count
 * bytes), from the inputs of all members.  A piece whose asset is not among the inputs is read from
 * the slate instead, an access unit that cannot be read is left out (null packets); both are told
 * in *fault, which is cleared otherwise.  Reading on where the last call ended is cheap; elsewhere
 * costs a seek (no media is read for it).
 */
void tape_read(struct tape_reader *reader, struct tape_inputs *const *inputs, uint64_t first,
               size_t count, uint8_t *packets, struct tape_fault *fault);

/* How much of the programme guide the reader's last cycle had to leave out. */
enum tape_guide {
    TAPE_GUIDE_WHOLE,
    TAPE_GUIDE_SHORTENED, /* texts or names are shorter than planned */
    TAPE_GUIDE_CUT,       /* events or days are missing */
};
enum tape_guide tape_reader_guide(const struct tape_reader *reader);

/*
 * The state of a service's elementary streams just before a slot: what must not
 * differ when one timeline takes over from another there.
 */
struct tape_state {
    struct piece piece[2]; /* video, audio: the windows that are open */
    int64_t au[2];         /* access unit being sent or next, from the piece's start */
    int64_t packets[2];    /* how many it takes */
    int64_t sent[2];       /* and how many of them are sent */
    int64_t total[2];      /* packets sent since the window opened: the counter */
};

/* 0, or -ENOENT when the index of a piece's asset is not among the service's inputs. */
int tape_state_at(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                  const struct timeline *timeline, int64_t frame, struct tape_state *state);
bool tape_state_equal(const struct tape_state *a, const struct tape_state *b);

#endif
