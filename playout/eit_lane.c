/* SPDX-License-Identifier: MIT */
#include "playout/eit_lane.h"

#include "playout/eit_schedule.h"

enum { WINDOWS = 8, REPETITION_S = 10, TABLES_MOST = 16 };

/* Sections while they are placed, in lane 0: the others are like it, some positions behind. */
struct placing {
    const struct eit_layout *layout;
    const struct eit_item *items;
    size_t count;
    int *positions;
    int free_again[TABLES_MOST]; /* position from which the table's next section may start */
};

int eit_lane_of(const struct eit_layout *layout, int position)
{
    const int offset = position % (layout->packets_per_second / 2) - layout->lanes_start;
    if (offset < 0 || offset >= layout->turns * layout->lanes * layout->cell) {
        return -1;
    }
    return offset / layout->cell % layout->lanes;
}

/* Less than the two seconds that are left: positions are not quite evenly spaced. */
static int window_length(const struct eit_layout *layout)
{
    return layout->packets_per_second * (REPETITION_S - EIT_CYCLE_S) - layout->gap;
}

static int window_of(int segment)
{
    return (segment / EIT_SEGMENTS_PER_DAY + segment) % WINDOWS;
}

static int window_start(const struct eit_layout *layout, int window)
{
    const int latest = layout->packets_per_second * EIT_CYCLE_S - window_length(layout);
    return latest * window / (WINDOWS - 1);
}

static bool may_start(const struct placing *placing, size_t i, int position, int room)
{
    const struct eit_layout *layout = placing->layout;
    const struct eit_item *item = &placing->items[i];
    const int opens = window_start(layout, window_of(item->segment));
    const int end = position + item->packets;
    /* The first position of the next cycle that may be of the same table. */
    const int again = layout->packets_per_second * EIT_CYCLE_S + layout->lanes_start;
    return placing->positions[i] < 0 && item->packets <= room && opens <= position &&
           end <= opens + window_length(layout) && end - 1 + layout->gap <= again &&
           placing->free_again[item->segment / EIT_SEGMENTS_PER_TABLE] <= position;
}

/* The section that starts there: of the earliest window, there the longest; `count`: none. */
static size_t choose(const struct placing *placing, int position, int room)
{
    size_t chosen = placing->count;
    for (size_t i = 0; i < placing->count; i++) {
        if (!may_start(placing, i, position, room)) {
            continue;
        }
        const struct eit_item *item = &placing->items[i];
        const struct eit_item *best = &placing->items[chosen < placing->count ? chosen : i];
        const int later = window_of(item->segment) - window_of(best->segment);
        if (chosen == placing->count || later < 0 ||
            (later == 0 && item->packets > best->packets)) {
            chosen = i;
        }
    }
    return chosen;
}

/* Fills a cell; returns how many sections it has taken. */
static size_t fill_cell(struct placing *placing, int start)
{
    const int end = start + placing->layout->cell;
    size_t taken = 0;
    for (int position = start; position < end;) {
        const size_t i = choose(placing, position, end - position);
        if (i == placing->count) {
            position++;
            continue;
        }
        const struct eit_item *item = &placing->items[i];
        placing->positions[i] = position;
        position += item->packets;
        placing->free_again[item->segment / EIT_SEGMENTS_PER_TABLE] =
            position - 1 + placing->layout->gap;
        taken++;
    }
    return taken;
}

bool eit_lane_place(const struct eit_layout *layout, int lane, const struct eit_item *items,
                    size_t count, int *positions)
{
    struct placing placing = {layout, items, count, positions, {0}};
    size_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        positions[i] = -1;
    }
    for (int half = 0; half < 2 * EIT_CYCLE_S; half++) {
        for (int turn = 0; turn < layout->turns && placed < count; turn++) {
            placed +=
                fill_cell(&placing, half * layout->packets_per_second / 2 + layout->lanes_start +
                                        turn * layout->lanes * layout->cell);
        }
    }
    for (size_t i = 0; i < count; i++) {
        positions[i] += positions[i] < 0 ? 0 : lane * layout->cell;
    }
    return placed == count;
}
