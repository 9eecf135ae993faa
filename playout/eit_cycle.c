/* SPDX-License-Identifier: MIT */
#include "playout/eit_cycle.h"

#include "playout/eit_lane.h"
#include "playout/eit_schedule.h"

#include <errno.h>
#include <stdlib.h>

#include <bitstream/dvb/si.h>

enum { PAYLOAD = 184 };

/* What is told of a source. */
struct told {
    struct eit_source source;      /* with a reference to the time line */
    uint8_t pf[2][SI_SECTION_MAX]; /* present and following, not for actual */
    size_t pf_size[2];
    struct eit_set schedule;
    int *positions; /* where each section of it begins */
    struct eit_fit fit;
};

struct eit_cycle {
    struct eit_layout layout;
    int64_t day;
    struct told *told;
    size_t told_count;
    uint16_t *section_at; /* of the lane's schedule, plus one, at a position; 0: none */
};

static bool tells_schedule(const struct network *network, const struct eit_source *source)
{
    return source->is_actual || network->eit_other == EIT_OTHER_SCHEDULE;
}

static bool tells_pf(const struct network *network, const struct eit_source *source)
{
    return !source->is_actual && network->eit_other != EIT_OTHER_NONE;
}

/* Places the sections of a source: 1 when all are, else 0; or -ENOMEM. */
static int place_sections(const struct eit_layout *layout, int lane, struct told *told)
{
    const struct eit_set *set = &told->schedule;
    const size_t room = set->section_count + 1;
    struct eit_item *items = calloc(room, sizeof(items[0]));
    free(told->positions);
    told->positions = calloc(room, sizeof(told->positions[0]));
    int result = items != NULL && told->positions != NULL ? 0 : -ENOMEM;
    told->fit.used = 0;
    for (size_t i = 0; i < set->section_count && result == 0; i++) {
        const struct eit_section *section = &set->sections[i];
        items[i] = (struct eit_item){
            .segment = section->table * EIT_SEGMENTS_PER_TABLE +
                       section->number / EIT_SECTIONS_PER_SEGMENT,
            .packets = si_packets(section->size),
        };
        told->fit.used += items[i].packets;
    }
    if (result == 0) {
        result = eit_lane_place(layout, lane, items, set->section_count, told->positions) ? 1 : 0;
    }
    free(items);
    return result;
}

/* The levels, the fullest first: less detail, then fewer days, then fewer events of the last. */
static bool next_level(struct eit_extent *extent)
{
    if (extent->detail < SI_DETAIL_SHORT_NAME) {
        extent->detail++;
        return true;
    }
    if (extent->days > 1) {
        extent->days--;
        return true;
    }
    if (extent->sections > 1) {
        extent->sections--;
        return true;
    }
    if (extent->size_max > PAYLOAD) {
        extent->size_max -= PAYLOAD;
        return true;
    }
    return false; /* a packet a segment: the lane was made for as much */
}

/* Writes the schedule at the first level at which it fits: 0 or -ENOMEM. */
static int fill_lane(struct eit_cycle *cycle, struct si_text *text, int lane)
{
    struct told *told = &cycle->told[lane];
    const struct eit_layout *layout = &cycle->layout;
    const size_t room = (size_t)layout->cell * PAYLOAD - 1;
    struct eit_extent extent = {
        .day = cycle->day,
        .days = layout->station->network.eit_days,
        .detail = SI_DETAIL_FULL,
        .sections = EIT_SECTIONS_PER_SEGMENT,
        .size_max = room < SI_EIT_SECTION_MAX ? room : SI_EIT_SECTION_MAX,
    };
    int placed = 0;
    for (;;) {
        placed = eit_set_write(&told->schedule, layout->station, text, &told->source, &extent);
        placed = placed < 0 ? placed : place_sections(layout, lane, told);
        /* What a segment cannot hold is not helped by telling of fewer days. */
        const bool is_whole = told->schedule.left_out == 0 || extent.detail == SI_DETAIL_SHORT_NAME;
        if (placed < 0 || (placed == 1 && is_whole) || !next_level(&extent)) {
            break;
        }
    }
    told->fit.detail = (enum si_detail)extent.detail;
    told->fit.days = extent.days;
    told->fit.events = told->schedule.events;
    told->fit.left_out = told->schedule.left_out;
    told->fit.room = 2 * EIT_CYCLE_S * layout->turns * layout->cell;
    return placed < 0 ? placed : 0;
}

static void mark_positions(struct eit_cycle *cycle, const struct told *told)
{
    for (size_t i = 0; i < told->schedule.section_count; i++) {
        const int packets = si_packets(told->schedule.sections[i].size);
        for (int k = 0; told->positions[i] >= 0 && k < packets; k++) {
            cycle->section_at[told->positions[i] + k] = (uint16_t)(i + 1);
        }
    }
}

/* Present and following of a service of another transport. */
static void write_pf(const struct eit_cycle *cycle, struct si_text *text, struct told *told)
{
    const struct eit_source *source = &told->source;
    const struct si_eit eit = {
        .station = cycle->layout.station,
        .service = source->service,
        .table_id = EIT_TABLE_ID_PF_ACTUAL + 1,
        .version = source->pf_version,
    };
    const int64_t programme = timeline_programme(source->timeline, source->frame);
    for (int number = 0; number < 2; number++) {
        struct si_event event;
        const bool has_event = si_event_of_programme(source->timeline, programme + number, &event);
        told->pf_size[number] =
            si_eit_pf(&eit, text, number, has_event ? &event : NULL, told->pf[number]);
    }
}

static int build(struct eit_cycle *cycle)
{
    const struct network *network = &cycle->layout.station->network;
    const size_t positions = (size_t)cycle->layout.packets_per_second * EIT_CYCLE_S;
    struct si_text *text = si_text_create(network->text);
    cycle->section_at = calloc(positions + 1, sizeof(cycle->section_at[0]));
    int result = text != NULL && cycle->section_at != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < cycle->told_count && result == 0; i++) {
        struct told *told = &cycle->told[i];
        if (tells_pf(network, &told->source)) {
            write_pf(cycle, text, told);
        }
        if (network->eit_days > 0 && tells_schedule(network, &told->source)) {
            result = fill_lane(cycle, text, (int)i);
            if (result == 0) {
                mark_positions(cycle, told);
            }
        }
    }
    si_text_destroy(text);
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
    fresh->told = calloc(count + 1, sizeof(fresh->told[0]));
    if (fresh->told == NULL) {
        eit_cycle_destroy(fresh);
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        fresh->told[i].source = sources[i];
        timeline_ref(sources[i].timeline);
    }
    fresh->told_count = count;
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
    for (size_t i = 0; i < cycle->told_count; i++) {
        timeline_unref(cycle->told[i].source.timeline);
        eit_set_finish(&cycle->told[i].schedule);
        free(cycle->told[i].positions);
    }
    free(cycle->told);
    free(cycle->section_at);
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
    if (count != cycle->told_count || cycle_start_s / EIT_DAY_S != cycle->day) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_same_source(&cycle->layout.station->network, &cycle->told[i].source, &sources[i])) {
            return false;
        }
    }
    return true;
}

const struct eit_fit *eit_cycle_fit(const struct eit_cycle *cycle, size_t source)
{
    return &cycle->told[source].fit;
}

/* Present or following of another transport's service, as far as there is one. */
static void write_other(const struct eit_cycle *cycle, size_t other, int number, int index,
                        uint8_t continuity_counter, uint8_t *packet)
{
    const size_t at = cycle->layout.transport->service_count + other;
    const bool is_there = at < cycle->told_count;
    si_packet(packet, PID_EIT, continuity_counter, is_there ? cycle->told[at].pf[number] : NULL,
              is_there ? cycle->told[at].pf_size[number] : 0, is_there ? index : 1);
}

void eit_cycle_packet(const struct eit_cycle *cycle, int position, uint8_t continuity_counter,
                      uint8_t *packet)
{
    size_t other = 0;
    int number = 0;
    int index = 0;
    if (eit_layout_other(&cycle->layout, position, &other, &number, &index)) {
        write_other(cycle, other, number, index, continuity_counter, packet);
        return;
    }
    const uint16_t there = cycle->section_at[position];
    if (there == 0) {
        si_packet(packet, PID_EIT, continuity_counter, NULL, 0, 1); /* stuffing */
        return;
    }
    const struct told *told = &cycle->told[eit_lane_of(&cycle->layout, position)];
    const struct eit_section *section = &told->schedule.sections[there - 1];
    si_packet(packet, PID_EIT, continuity_counter, told->schedule.bytes + section->offset,
              section->size, position - told->positions[there - 1]);
}
