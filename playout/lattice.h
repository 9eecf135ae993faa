/* SPDX-License-Identifier: MIT */
/*
 * lattice: a second is a table of slots.
 *
 * Every transport has K slots in each second, and the table says whom each
 * belongs to, the same in every second.  Owners are spread evenly; slots of
 * nobody, and of an owner with nothing to send, are null packets.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.2.4 (transport buffers).
 */
#ifndef PLAYOUT_LATTICE_H
#define PLAYOUT_LATTICE_H

#include <stdint.h>

enum slot_owner {
    OWNER_NONE,
    OWNER_PCR,
    OWNER_PAT,
    OWNER_PMT,
    OWNER_SDT,
    OWNER_EIT,
    OWNER_TDT,
    OWNER_AUDIO,
    OWNER_VIDEO,
    OWNER_COUNT,
};

/* What an owner asks for. */
struct lattice_share {
    int slots_per_second;
    int64_t tb_leak_bps; /* Rx of its transport buffer; 0: no model */
    int tb_group;        /* owners of one PID share a transport buffer; 0: its own */
};

struct lattice;

/*
 * Builds the table of a transport with `slots_per_second` slots.  A slot that
 * would overflow its owner's transport buffer of 512 bytes, all slots filled,
 * is taken away again.  Returns 0; -ENOSPC when the shares need more slots
 * than there are; -ENOMEM.
 */
int lattice_create(int slots_per_second, const struct lattice_share shares[OWNER_COUNT],
                   struct lattice **lattice);
void lattice_destroy(struct lattice *lattice); /* accepts NULL */

/* Slots that `owner` really has in each second. */
int lattice_count(const struct lattice *lattice, enum slot_owner owner);

/* The table: K owners. */
const uint8_t *lattice_table(const struct lattice *lattice);

/* How many slots of `owner` lie before slot `n` of the epoch. */
uint64_t lattice_ordinal(const struct lattice *lattice, enum slot_owner owner, uint64_t slot);

/* The slot of the owner's `ordinal`-th packet since the epoch. */
uint64_t lattice_slot(const struct lattice *lattice, enum slot_owner owner, uint64_t ordinal);

/*
 * The latency of an owner's service at its rate, in slots, rounded up: n
 * packets waiting at slot a are sent before a + n x K / count + latency.
 */
int lattice_latency(const struct lattice *lattice, enum slot_owner owner);

#endif
