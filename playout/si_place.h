/* SPDX-License-Identifier: MIT */
/*
 * si_place: when each section of a PID is sent.
 *
 * A PID has so many positions (packets) in each of some seconds, the same
 * ones of every second taken already.  Queues of sections, one queue for each
 * sub-table, are dealt out over the free positions in turn: each section lies
 * in consecutive positions of one second, and between the last position of a
 * section and the first of the next of its queue lie at least `gap` - 1 others,
 * also from the end of the grid to its start, whatever comes next there.
 */
#ifndef PLAYOUT_SI_PLACE_H
#define PLAYOUT_SI_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct si_grid {
    int packets_per_second;
    int seconds;
    int gap;
    const uint8_t *taken; /* of each position of a second: 1 when it is not free */
    const int *hold;      /* of each section: no earlier than here; NULL: as early as can be */
};

/* Sections [first, first + count) of one sub-table. */
struct si_queue {
    size_t first;
    size_t count;
};

/* Positions from the end of a section to the next start for 30 ms, by rate. */
int si_place_gap(int packets_per_second);

/* What placing keeps of a queue. */
struct si_queue_state {
    size_t done;    /* sections placed */
    int free_again; /* position from which the next may start */
};

/*
 * Places sections of packets[i] packets each at positions[i]; -1 where there
 * was no room.  `states`: one for each queue, for its own use.  Returns how
 * many sections were placed.
 */
size_t si_place(const struct si_grid *grid, const uint8_t *packets, const struct si_queue *queues,
                size_t queue_count, struct si_queue_state *states, int *positions);

#endif
