/* SPDX-License-Identifier: MIT */
#include "playout/lattice.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    TB_BITS = 512 * 8,
    PACKET_BITS = 188 * 8,
};

struct lattice {
    int slots;
    uint8_t *table;                /* owner of each slot */
    uint32_t *before[OWNER_COUNT]; /* owner's slots before slot i of a second */
    uint32_t *place[OWNER_COUNT];  /* slot of the owner's i-th packet of a second */
    int count[OWNER_COUNT];
};

/*
 * Gives `wanted` of the slots that are still free to `owner`, evenly among
 * them.  Sparse owners come first and so lie almost evenly in time as well.
 */
static int spread(struct lattice *lattice, enum slot_owner owner, int wanted)
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

/*
 * One pass over a second with all slots of a transport buffer's owners
 * filled; returns how many slots it took away.  Fill is kept in bits x K, so
 * that a slot leaks exactly `leak` of it: at most 4096 x 2^15 < 2^31.
 */
static int thin_once(struct lattice *lattice, const bool in_group[OWNER_COUNT], int64_t leak,
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

static void thin(struct lattice *lattice, const struct lattice_share shares[OWNER_COUNT],
                 enum slot_owner owner)
{
    bool in_group[OWNER_COUNT] = {false};
    for (int other = OWNER_NONE + 1; other < OWNER_COUNT; other++) {
        const int group = shares[owner].tb_group;
        in_group[other] = other == (int)owner || (group != 0 && shares[other].tb_group == group);
    }
    int64_t fill = 0;
    thin_once(lattice, in_group, shares[owner].tb_leak_bps, &fill);
    /* The second round starts with what the first one left in the buffer. */
    while (thin_once(lattice, in_group, shares[owner].tb_leak_bps, &fill) > 0) {
    }
}

static int number(struct lattice *lattice, enum slot_owner owner)
{
    const size_t slots = (size_t)lattice->slots;
    lattice->before[owner] = malloc((slots + 1) * sizeof(uint32_t));
    lattice->place[owner] = malloc((slots + 1) * sizeof(uint32_t));
    if (lattice->before[owner] == NULL || lattice->place[owner] == NULL) {
        return -ENOMEM;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < slots; i++) {
        lattice->before[owner][i] = count;
        if (lattice->table[i] == owner) {
            lattice->place[owner][count++] = i;
        }
    }
    lattice->before[owner][slots] = count;
    lattice->count[owner] = (int)count;
    return 0;
}

int lattice_create(int slots_per_second, const struct lattice_share shares[OWNER_COUNT],
                   struct lattice **lattice)
{
    int result = 0;
    struct lattice *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL || (fresh->table = calloc((size_t)slots_per_second, 1)) == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    fresh->slots = slots_per_second;
    for (int owner = OWNER_NONE + 1; owner < OWNER_COUNT && result == 0; owner++) {
        result = spread(fresh, (enum slot_owner)owner, shares[owner].slots_per_second);
    }
    for (int owner = OWNER_NONE + 1; owner < OWNER_COUNT && result == 0; owner++) {
        if (shares[owner].tb_leak_bps > 0) {
            thin(fresh, shares, (enum slot_owner)owner);
        }
    }
    for (int owner = OWNER_NONE; owner < OWNER_COUNT && result == 0; owner++) {
        result = number(fresh, (enum slot_owner)owner);
    }

cleanup:
    if (result < 0) {
        lattice_destroy(fresh);
        return result;
    }
    *lattice = fresh;
    return 0;
}

void lattice_destroy(struct lattice *lattice)
{
    if (lattice == NULL) {
        return;
    }
    for (int owner = 0; owner < OWNER_COUNT; owner++) {
        free(lattice->before[owner]);
        free(lattice->place[owner]);
    }
    free(lattice->table);
    free(lattice);
}

int lattice_count(const struct lattice *lattice, enum slot_owner owner)
{
    return lattice->count[owner];
}

const uint8_t *lattice_table(const struct lattice *lattice)
{
    return lattice->table;
}

uint64_t lattice_ordinal(const struct lattice *lattice, enum slot_owner owner, uint64_t slot)
{
    const uint64_t slots = (uint64_t)lattice->slots;
    /* Seconds since the epoch x slots of a second: below 2^33 x 2^15 for a century and more. */
    return slot / slots * (uint64_t)lattice->count[owner] + lattice->before[owner][slot % slots];
}

uint64_t lattice_slot(const struct lattice *lattice, enum slot_owner owner, uint64_t ordinal)
{
    const uint64_t count = (uint64_t)lattice->count[owner];
    return ordinal / count * (uint64_t)lattice->slots + lattice->place[owner][ordinal % count];
}

int lattice_latency(const struct lattice *lattice, enum slot_owner owner)
{
    /* In units of 1/count slot: place x count - i x K, all below 2^31. */
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
