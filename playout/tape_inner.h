/* SPDX-License-Identifier: MIT */
/*
 * tape_inner: what the parts of the tape share among themselves.
 * Included by tape*.c and es_reader.c only; the contract is in tape.h.
 */
#ifndef PLAYOUT_TAPE_INNER_H
#define PLAYOUT_TAPE_INNER_H

#include "playout/eit_cycle.h"
#include "playout/lattice.h"
#include "playout/si.h"
#include "playout/si_carousel.h"
#include "playout/tape.h"

/* A table that never changes while on air, repeated without a pause. */
struct tape_table {
    uint8_t *packets; /* as they go on air, but for the continuity_counter */
    int count;
};

struct tape_format {
    const struct station *station;
    const struct transport *transport;
    struct asset **slates; /* of each service */
    struct lattice *lattice;
    int slots_per_second;
    int slots_per_frame;
    struct eit_layout eit;
    struct zone *zone; /* for the local time offset */
    struct tape_table pat;
    struct si_carousel *nit;
    struct si_carousel *sdt; /* all tables of PID 0x11 */
    struct tape_table *pmts; /* of each service */
};

/* The opened asset of that name ("": the slate), or NULL.  Borrowed. */
const struct asset *tape_inputs_asset(const struct tape_inputs *inputs, struct asset *slate,
                                      const char *sha256);

/* tape_si.c: the packets of PSI and SI. */
struct tape_si;
struct tape_si *tape_si_create(const struct tape_format *format); /* NULL out of memory */
void tape_si_destroy(struct tape_si *si);                         /* accepts NULL */

/* To be called when inputs have changed: what was made of them is looked up anew. */
void tape_si_forget(struct tape_si *si);

enum tape_guide tape_si_guide(const struct tape_si *si);

/*
 * The `ordinal`-th packet of an owner that is no stream, in `slot`.  `inputs`
 * are those of all members.  False: the slot stays empty.
 */
bool tape_si_packet(struct tape_si *si, struct tape_inputs *const *inputs, int owner,
                    uint64_t ordinal, uint64_t slot, uint8_t *packet);

#endif
