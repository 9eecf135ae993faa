/* SPDX-License-Identifier: MIT */
#include "playout/si_place.h"

#include <string.h>

enum { GAP_MS = 30 };

int si_place_gap(int packets_per_second)
{
    /* One more: positions are not quite evenly spaced, and a packet has a length. */
    return (packets_per_second * GAP_MS + 999) / 1000 + 1;
}

/* Free positions from this one of a second on. */
static int room_at(const struct si_grid *grid, int position_in_second)
{
    int room = 0;
    while (position_in_second + room < grid->packets_per_second &&
           !grid->taken[position_in_second + room]) {
        room++;
    }
    return room;
}

static size_t total_of(const struct si_queue *queues, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += queues[i].count;
    }
    return total;
}

/* The last position that may be used: the next round may begin at its first free one. */
static int last_position(const struct si_grid *grid)
{
    int first_free = 0;
    while (first_free < grid->packets_per_second && grid->taken[first_free]) {
        first_free++;
    }
    const int positions = grid->packets_per_second * grid->seconds;
    const int last = positions - grid->gap + first_free;
    return last < positions ? last : positions - 1;
}

size_t si_place(const struct si_grid *grid, const uint8_t *packets, const struct si_queue *queues,
                size_t queue_count, struct si_queue_state *states, int *positions)
{
    const size_t total = total_of(queues, queue_count);
    const int last = last_position(grid);
    size_t placed = 0;
    size_t turn = 0; /* the queue whose turn it is */
    for (size_t i = 0; i < total; i++) {
        positions[i] = -1;
    }
    memset(states, 0, queue_count * sizeof(states[0]));
    for (int position = 0; position <= last && placed < total;) {
        const int room_there = room_at(grid, position % grid->packets_per_second);
        const int room = room_there < last - position + 1 ? room_there : last - position + 1;
        int taken = 1;
        for (size_t i = 0; i < queue_count && room > 0; i++) {
            const size_t q = turn + i < queue_count ? turn + i : turn + i - queue_count;
            const size_t next = queues[q].first + states[q].done;
            if (states[q].done < queues[q].count && states[q].free_again <= position &&
                packets[next] <= room && (grid->hold == NULL || grid->hold[next] <= position)) {
                taken = packets[next];
                positions[next] = position;
                states[q].done++;
                states[q].free_again = position + taken - 1 + grid->gap;
                turn = q + 1 < queue_count ? q + 1 : 0;
                placed++;
                break;
            }
        }
        position += taken;
    }
    return placed;
}
