/* SPDX-License-Identifier: MIT */
#include "playout/eit_cycle.h"

#include "playout/eit_schedule.h"
#include "playout/si_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct eit_cycle {
    struct eit_layout layout;
    int64_t day;
    struct eit_source *sources; /* with a reference to each time line */
    size_t source_count;
    struct eit_set set;
    uint16_t *section_at; /* number of the section at a position, plus one; 0: none */
    int *positions;       /* where each section begins; -1: it is not sent */
    struct eit_fit fit;
};

/* A cycle while it is built. */
struct builder {
    struct eit_cycle *cycle;
    struct si_text *text;
    uint8_t *taken; /* positions of present/following in a second */
    uint8_t *packets;
    int *hold;
    struct si_queue_state *states;
};

static bool tells_schedule(const struct network *network, const struct eit_source *source)
{
    return source->is_actual || network->eit_other == EIT_OTHER_SCHEDULE;
}

static bool tells_pf(const struct network *network, const struct eit_source *source)
{
    return !source->is_actual && network->eit_other != EIT_OTHER_NONE;
}

/* Writes all sections at such a level. */
static int write_sections(struct builder *builder, const struct eit_extent *extent)
{
    struct eit_cycle *cycle = builder->cycle;
    const struct station *station = cycle->layout.station;
    int result = 0;
    eit_set_clear(&cycle->set);
    for (size_t i = 0; i < cycle->source_count && result == 0; i++) {
        if (tells_pf(&station->network, &cycle->sources[i])) {
            result = eit_set_add_pf(&cycle->set, station, builder->text, &cycle->sources[i]);
        }
    }
    for (size_t i = 0; i < cycle->source_count && result == 0; i++) {
        if (tells_schedule(&station->network, &cycle->sources[i])) {
            result = eit_set_add_schedule(&cycle->set, station, builder->text, &cycle->sources[i],
                                          extent);
        }
    }
    return result;
}

/* Arrays as long as the sections and queues that there are now. */
static int make_room(struct builder *builder)
{
    struct eit_cycle *cycle = builder->cycle;
    const size_t sections = cycle->set.section_count + 1;
    free(builder->packets);
    free(builder->states);
    free(cycle->positions);
    free(builder->hold);
    builder->packets = calloc(sections, sizeof(builder->packets[0]));
    builder->hold = calloc(sections, sizeof(builder->hold[0]));
    builder->states = calloc(cycle->set.queue_count + 1, sizeof(builder->states[0]));
    cycle->positions = calloc(sections, sizeof(cycle->positions[0]));
    return builder->packets != NULL && builder->hold != NULL && builder->states != NULL &&
                   cycle->positions != NULL
               ? 0
               : -ENOMEM;
}

static bool place(struct builder *builder, const struct si_grid *grid)
{
    struct eit_cycle *cycle = builder->cycle;
    const struct eit_set *set = &cycle->set;
    return si_place(grid, builder->packets, set->queues, set->queue_count, builder->states,
                    cycle->positions) == set->section_count;
}

/*
 * A section keeps about its place in the cycle whatever the others are, so
 * that it comes in time too when the content has changed from one cycle to
 * the next: its segment tells, over the first seven eighths.
 */
static int hold_of(const struct eit_cycle *cycle, const struct eit_section *section)
{
    const int positions = cycle->layout.packets_per_second * EIT_CYCLE_S;
    const int segment = section->number / EIT_SECTIONS_PER_SEGMENT;
    return positions / 8 * 7 * segment / EIT_SEGMENTS_PER_TABLE;
}

/* Places the sections: 1 when all are, else 0; or -ENOMEM. */
static int place_sections(struct builder *builder)
{
    struct eit_cycle *cycle = builder->cycle;
    struct eit_set *set = &cycle->set;
    if (make_room(builder) < 0) {
        return -ENOMEM;
    }
    int wanted = 0;
    for (size_t i = 0; i < set->section_count; i++) {
        builder->packets[i] = (uint8_t)si_packets(set->sections[i].size);
        builder->hold[i] = hold_of(cycle, &set->sections[i]);
        wanted += builder->packets[i];
    }
    cycle->fit.events = set->events;
    cycle->fit.left_out = set->left_out;
    cycle->fit.used = wanted;
    struct si_grid grid = {
        .packets_per_second = cycle->layout.packets_per_second,
        .seconds = EIT_CYCLE_S,
        .gap = cycle->layout.gap,
        .taken = builder->taken,
        .hold = builder->hold,
    };
    if (place(builder, &grid)) {
        return 1;
    }
    grid.hold = NULL;
    return place(builder, &grid);
}

/* The levels, the fullest first: less detail, then fewer days. */
static bool next_level(struct eit_extent *extent)
{
    if (extent->detail < SI_DETAIL_SHORT_NAME) {
        extent->detail++;
        return true;
    }
    if (extent->days > 0) {
        extent->days--;
        return true;
    }
    return false;
}

static int fill(struct builder *builder)
{
    struct eit_cycle *cycle = builder->cycle;
    const int days = cycle->layout.station->network.eit_days;
    const size_t room = (size_t)cycle->layout.section_packets * 184 - 1;
    struct eit_extent extent = {
        .day = cycle->day,
        .days = cycle->layout.section_packets > 0 ? days : 0,
        .detail = SI_DETAIL_FULL,
        .full_days = days,
        .size_max = room < SI_EIT_SECTION_MAX ? room : SI_EIT_SECTION_MAX,
    };
    int all_placed = 0;
    for (;;) {
        const int result = write_sections(builder, &extent);
        all_placed = result < 0 ? result : place_sections(builder);
        /* What a segment cannot hold is not helped by telling of fewer days. */
        const bool is_whole = cycle->set.left_out == 0 || extent.detail == SI_DETAIL_SHORT_NAME;
        if (all_placed < 0 || (all_placed == 1 && is_whole) || !next_level(&extent)) {
            break;
        }
    }
    cycle->fit.detail = (enum si_detail)extent.detail;
    cycle->fit.days = extent.days;
    return all_placed < 0 ? all_placed : 0;
}

static void mark_positions(struct builder *builder)
{
    struct eit_cycle *cycle = builder->cycle;
    for (size_t i = 0; i < cycle->set.section_count; i++) {
        for (int k = 0; cycle->positions[i] >= 0 && k < builder->packets[i]; k++) {
            cycle->section_at[cycle->positions[i] + k] = (uint16_t)(i + 1);
        }
    }
}

static int mark_taken(struct builder *builder)
{
    const struct eit_layout *layout = &builder->cycle->layout;
    builder->taken = calloc((size_t)layout->packets_per_second + 1, 1);
    if (builder->taken == NULL) {
        return -ENOMEM;
    }
    int free_positions = 0;
    for (int i = 0; i < layout->packets_per_second; i++) {
        size_t service = 0;
        int number = 0;
        int index = 0;
        builder->taken[i] = eit_layout_pf(layout, i, &service, &number, &index);
        free_positions += builder->taken[i] ? 0 : 1;
    }
    builder->cycle->fit.free = free_positions * EIT_CYCLE_S;
    return 0;
}

static int build(struct eit_cycle *cycle)
{
    struct builder builder = {.cycle = cycle};
    int result = -ENOMEM;
    builder.text = si_text_create(cycle->layout.station->network.text);
    cycle->section_at = calloc((size_t)cycle->layout.packets_per_second * EIT_CYCLE_S + 1,
                               sizeof(cycle->section_at[0]));
    if (builder.text != NULL && cycle->section_at != NULL) {
        result = mark_taken(&builder);
        result = result < 0 ? result : fill(&builder);
        if (result == 0) {
            mark_positions(&builder);
        }
    }
    si_text_destroy(builder.text);
    free(builder.taken);
    free(builder.packets);
    free(builder.hold);
    free(builder.states);
    return result;
}

int eit_cycle_create(const struct eit_layout *layout, const struct eit_source *sources,
                     size_t count, int64_t cycle_start_s, struct eit_cycle **cycle)
{
    struct eit_cycle *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->layout = *layout;
    fresh->day = cycle_start_s / EIT_DAY_S;
    fresh->sources = calloc(count + 1, sizeof(fresh->sources[0]));
    if (fresh->sources == NULL) {
        eit_cycle_destroy(fresh);
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        fresh->sources[i] = sources[i];
        timeline_ref(sources[i].timeline);
    }
    fresh->source_count = count;
    const int result = build(fresh);
    if (result < 0) {
        eit_cycle_destroy(fresh);
        return result;
    }
    *cycle = fresh;
    return 0;
}

void eit_cycle_destroy(struct eit_cycle *cycle)
{
    if (cycle == NULL) {
        return;
    }
    for (size_t i = 0; i < cycle->source_count; i++) {
        timeline_unref(cycle->sources[i].timeline);
    }
    free(cycle->sources);
    eit_set_finish(&cycle->set);
    free(cycle->section_at);
    free(cycle->positions);
    free(cycle);
}

/* Whether what EIT tells of it is the same. */
static bool is_same_source(const struct network *network, const struct eit_source *a,
                           const struct eit_source *b)
{
    if (a->service != b->service || a->is_actual != b->is_actual || a->timeline != b->timeline) {
        return false;
    }
    if (tells_schedule(network, a) && a->schedule_version != b->schedule_version) {
        return false;
    }
    return !tells_pf(network, a) ||
           (a->pf_version == b->pf_version &&
            timeline_programme(a->timeline, a->frame) == timeline_programme(b->timeline, b->frame));
}

bool eit_cycle_holds(const struct eit_cycle *cycle, const struct eit_source *sources, size_t count,
                     int64_t cycle_start_s)
{
    if (count != cycle->source_count || cycle_start_s / EIT_DAY_S != cycle->day) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_same_source(&cycle->layout.station->network, &cycle->sources[i], &sources[i])) {
            return false;
        }
    }
    return true;
}

const struct eit_fit *eit_cycle_fit(const struct eit_cycle *cycle)
{
    return &cycle->fit;
}

void eit_cycle_packet(const struct eit_cycle *cycle, int position, uint8_t continuity_counter,
                      uint8_t *packet)
{
    const uint16_t there = cycle->section_at[position];
    if (there == 0) {
        si_packet(packet, PID_EIT, continuity_counter, NULL, 0, 1); /* stuffing */
        return;
    }
    const struct eit_section *section = &cycle->set.sections[there - 1];
    si_packet(packet, PID_EIT, continuity_counter, cycle->set.bytes + section->offset,
              section->size, position - cycle->positions[there - 1]);
}
