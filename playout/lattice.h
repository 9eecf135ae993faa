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

#include <stddef.h>
#include <stdint.h>

/*
 * Whom a slot belongs to: nobody, a table of the transport, or one of the
 * streams of its services, which are numbered behind each other.
 */
enum slot_owner {
    OWNER_NONE,
    OWNER_PAT,
    OWNER_NIT,
    OWNER_SDT, /* and BAT: PID 0x11 */
    OWNER_EIT,
    OWNER_TDT, /* and TOT: PID 0x14 */
    OWNER_SERVICES,
};
enum service_owner {
    SERVICE_PCR,
    SERVICE_PMT,
    SERVICE_AUDIO,
    SERVICE_VIDEO,
    SERVICE_OWNERS,
};

static inline int owner_of_service(size_t service, enum service_owner what)
{
    return OWNER_SERVICES + (int)service * SERVICE_OWNERS + (int)what;
}

/* What an owner asks for. */
struct lattice_share {
    int slots_per_second;
    int64_t tb_leak_bps; /* Rx of its transport buffer; 0: no model */
    int tb_group;        /* owners of one PID share a transport buffer; 0: its own */
};

struct lattice;

/*
 * Builds the table of a transport with `slots_per_second` slots for `owners`
 * owners (at most 255; OWNER_NONE is the first).  Who asks for the fewest
 * slots chooses first.  A slot that would overflow its owner's transport
 * buffer of 512 bytes, all slots filled, is taken away again.  Returns 0;
 * -ENOSPC when the shares need more slots than there are; -ENOMEM.
 */
int lattice_create(int slots_per_second, const struct lattice_share *shares, int owners,
                   struct lattice **lattice);
void lattice_destroy(struct lattice *lattice); /* accepts NULL */

int lattice_owners(const struct lattice *lattice);

/* Slots that `owner` really has in each second. */
int lattice_count(const struct lattice *lattice, int owner);

/* The table: K owners. */
const uint8_t *lattice_table(const struct lattice *lattice);

/* How many slots of `owner` lie before slot `n` of the epoch. */
uint64_t lattice_ordinal(const struct lattice *lattice, int owner, uint64_t slot);

/* The slot of the owner's `ordinal`-th packet since the epoch. */
uint64_t lattice_slot(const struct lattice *lattice, int owner, uint64_t ordinal);

/*
 * The latency of an owner's service at its rate, in slots, rounded up: n
 * packets waiting at slot a are sent before a + n x K / count + latency.
 */
int lattice_latency(const struct lattice *lattice, int owner);

#endif
