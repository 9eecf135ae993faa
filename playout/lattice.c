/* SPDX-License-Identifier: MIT */
#include "playout/lattice.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    TB_BITS = 512 * 8,
    PACKET_BITS = 188 * 8,
    OWNERS_MOST = 255,
};

struct lattice {
    int slots;
    int owners;
    uint8_t *table;   /* owner of each slot */
    uint32_t *places; /* of all owners' slots in a second, owner by owner */
    uint32_t **place; /* of each owner: slot of its i-th packet of a second */
    int *count;
};

/*
 * Gives `wanted` of the slots that are still free to `owner`, evenly among
 * them.  Sparse owners come first and so lie almost evenly in time as well.
 */
static int spread(struct lattice *lattice, int owner, int wanted)
{
    int free_slots = 0;
    for (int i = 0; i < lattice->slots; i++) {
        free_slots += lattice->table[i] == OWNER_NONE;
    }
    if (wanted > free_slots) {
        return -ENOSPC;
    }
    int seen = 0;
    int given = 0;
    for (int i = 0; i < lattice->slots && given < wanted; i++) {
        if (lattice->table[i] != OWNER_NONE) {
            continue;
        }
        /* TDT speaks of the second that begins: it goes as near to it as can be. */
        const int64_t twice = owner == OWNER_TDT ? 0 : 1;
        const int64_t target = ((2 * (int64_t)given + twice) * free_slots) / (2 * wanted);
        if (seen == target) {
            lattice->table[i] = (uint8_t)owner;
            given++;
        }
        seen++;
    }
    return 0;
}

/* All owners, who wants the fewest slots first; of equals the first. */
static int spread_all(struct lattice *lattice, const struct lattice_share *shares)
{
    bool is_done[OWNERS_MOST] = {[OWNER_NONE] = true};
    int result = 0;
    for (int turn = OWNER_NONE + 1; turn < lattice->owners && result == 0; turn++) {
        int next = -1;
        for (int owner = 0; owner < lattice->owners; owner++) {
            if (!is_done[owner] &&
                (next < 0 || shares[owner].slots_per_second < shares[next].slots_per_second)) {
                next = owner;
            }
        }
        is_done[next] = true;
        result = spread(lattice, next, shares[next].slots_per_second);
    }
    return result;
}

/*
 * One pass over a second with all slots of a transport buffer's owners
 * filled; returns how many slots it took away.  Fill is kept in bits x K, so
 * that a slot leaks exactly `leak` of it: at most 4096 x 2^17 < 2^31.
 */
static int thin_once(struct lattice *lattice, const bool in_group[OWNERS_MOST], int64_t leak,
                     int64_t *fill)
{
    int taken = 0;
    for (int i = 0; i < lattice->slots; i++) {
        if (in_group[lattice->table[i]]) {
            const int64_t packet = (int64_t)PACKET_BITS * lattice->slots;
            if (*fill + packet > (int64_t)TB_BITS * lattice->slots) {
                lattice->table[i] = OWNER_NONE;
                taken++;
            } else {
                *fill += packet;
            }
        }
        *fill = *fill > leak ? *fill - leak : 0;
    }
    return taken;
}

static void thin(struct lattice *lattice, const struct lattice_share *shares, int owner)
{
    bool in_group[OWNERS_MOST] = {false};
    for (int other = OWNER_NONE + 1; other < lattice->owners; other++) {
        const int group = shares[owner].tb_group;
        in_group[other] = other == owner || (group != 0 && shares[other].tb_group == group);
    }
    int64_t fill = 0;
    thin_once(lattice, in_group, shares[owner].tb_leak_bps, &fill);
    /* The second round starts with what the first one left in the buffer. */
    while (thin_once(lattice, in_group, shares[owner].tb_leak_bps, &fill) > 0) {
    }
}

/* Numbers the slots of every owner. */
static void number(struct lattice *lattice)
{
    uint32_t *next = lattice->places;
    for (int i = 0; i < lattice->slots; i++) {
        lattice->count[lattice->table[i]]++;
    }
    for (int owner = 0; owner < lattice->owners; owner++) {
        lattice->place[owner] = next;
        next += lattice->count[owner];
        lattice->count[owner] = 0;
    }
    for (int i = 0; i < lattice->slots; i++) {
        const int owner = lattice->table[i];
        lattice->place[owner][lattice->count[owner]++] = (uint32_t)i;
    }
}

int lattice_create(int slots_per_second, const struct lattice_share *shares, int owners,
                   struct lattice **lattice)
{
    const size_t slots = (size_t)slots_per_second;
    struct lattice *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->slots = slots_per_second;
    fresh->owners = owners;
    fresh->table = calloc(slots, sizeof(fresh->table[0]));
    fresh->places = calloc(slots, sizeof(fresh->places[0]));
    fresh->place = calloc((size_t)owners, sizeof(fresh->place[0]));
    fresh->count = calloc((size_t)owners, sizeof(fresh->count[0]));
    int result = -ENOMEM;
    if (fresh->table != NULL && fresh->places != NULL && fresh->place != NULL &&
        fresh->count != NULL) {
        result = spread_all(fresh, shares);
    }
    if (result < 0) {
        lattice_destroy(fresh);
        return result;
    }
    for (int owner = OWNER_NONE + 1; owner < owners; owner++) {
        if (shares[owner].tb_leak_bps > 0) {
            thin(fresh, shares, owner);
        }
    }
    number(fresh);
    *lattice = fresh;
    return 0;
}

void lattice_destroy(struct lattice *lattice)
{
    if (lattice == NULL) {
        return;
    }
    free(lattice->table);
    free(lattice->places);
    free(lattice->place);
    free(lattice->count);
    free(lattice);
}

int lattice_owners(const struct lattice *lattice)
{
    return lattice->owners;
}

int lattice_count(const struct lattice *lattice, int owner)
{
    return lattice->count[owner];
}

const uint8_t *lattice_table(const struct lattice *lattice)
{
    return lattice->table;
}

uint64_t lattice_ordinal(const struct lattice *lattice, int owner, uint64_t slot)
{
    const uint64_t slots = (uint64_t)lattice->slots;
    const uint32_t rest = (uint32_t)(slot % slots);
    const uint32_t *place = lattice->place[owner];
    size_t low = 0;
    size_t high =
        (size_t)lattice->count[owner]; /* the first one at or after `rest` is in between */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (place[middle] < rest) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* Seconds since the epoch x slots of a second: below 2^33 x 2^17 for a century and more. */
    return slot / slots * (uint64_t)lattice->count[owner] + low;
}

uint64_t lattice_slot(const struct lattice *lattice, int owner, uint64_t ordinal)
{
    const uint64_t count = (uint64_t)lattice->count[owner];
    return ordinal / count * (uint64_t)lattice->slots + lattice->place[owner][ordinal % count];
}

int lattice_latency(const struct lattice *lattice, int owner)
{
    /* In units of 1/count slot: place x count - i x K, below 2^34. */
    const int64_t count = lattice->count[owner];
    int64_t least = INT64_MAX;
    int64_t most = INT64_MIN;
    for (int64_t i = 0; i < count; i++) {
        const int64_t deviation = (int64_t)lattice->place[owner][i] * count - i * lattice->slots;
        least = deviation < least ? deviation : least;
        most = deviation > most ? deviation : most;
    }
    return count == 0 ? 0 : (int)((most - least + count - 1) / count);
}
