/* SPDX-License-Identifier: MIT */
/*
 * eit_layout: how many packets PID 0x12 gets, and where present/following lie.
 *
 * The rate is found by trying: the sections that a station of the settings'
 * size would have are placed as those on air are (si_place.h).
 */
#include "playout/eit_cycle.h"
#include "playout/eit_schedule.h"
#include "playout/si_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAYLOAD = 184,
    /* Of an event: 12 characters of name, 24 of text, and its descriptors. */
    EVENT_BYTES = 112,
    EVENT_BYTES_UTF8 = 144,
    SECTION_OVERHEAD = SI_EIT_HEADER_SIZE + SI_CRC_SIZE,
    RATE_MOST = 4 * EIT_PACKETS_MOST, /* up to which numbers are told */
};

/* What must be sent. */
struct demand {
    int services; /* of the transport */
    int others;   /* of which present and following are told */
    int schedules;
    int days;
    int events_per_day;
    size_t event_bytes;
};

static struct demand demand_of(const struct station *station, const struct transport *transport)
{
    const struct network *network = &station->network;
    struct demand demand = {
        .services = (int)transport->service_count,
        .days = network->eit_days,
        .events_per_day = network->eit_events_per_day,
        .event_bytes = network->text == TEXT_UTF8 ? EVENT_BYTES_UTF8 : EVENT_BYTES,
    };
    for (size_t i = 0; i < station->transport_count; i++) {
        if (&station->transports[i] != transport && network->eit_other != EIT_OTHER_NONE) {
            demand.others += (int)station->transports[i].service_count;
        }
    }
    demand.schedules =
        demand.services + (network->eit_other == EIT_OTHER_SCHEDULE ? demand.others : 0);
    return demand;
}

/* Positions at such a rate; false when present/following alone do not fit. */
static bool set_rate(struct eit_layout *layout, int services, int rate)
{
    const int block = services * SI_EIT_PF_PACKETS;
    layout->packets_per_second = rate;
    layout->gap = si_place_gap(rate);
    const int earliest = SI_EIT_PF_PACKETS - 1 + layout->gap;
    layout->following = block > earliest ? block : earliest;
    const int end = layout->following + block;
    const int run = rate - end;
    const int between = layout->following - block;
    const int longest = run > between ? run : between;
    const int most = si_packets(SI_EIT_SECTION_MAX);
    layout->section_packets = longest < most ? longest : most;
    /* Section 1 of a service, and section 0 of it in the next second. */
    return run >= 0 && rate >= layout->following + SI_EIT_PF_PACKETS - 1 + layout->gap;
}

/* A model of what will be sent. */
struct model {
    uint8_t *packets;
    struct si_queue *queues;
    struct si_queue_state *states;
    int *positions;
    uint8_t *taken;
    size_t sections;
    size_t queue_count;
};

static int model_init(struct model *model, const struct demand *demand)
{
    const size_t segments = (size_t)demand->days * EIT_SEGMENTS_PER_DAY;
    const size_t sections = (size_t)demand->others * 2 +
                            (size_t)demand->schedules * segments * EIT_SECTIONS_PER_SEGMENT + 1;
    const size_t queues = (size_t)demand->others + (size_t)demand->schedules * (segments + 1) + 1;
    *model = (struct model){
        .packets = calloc(sections, sizeof(model->packets[0])),
        .queues = calloc(queues, sizeof(model->queues[0])),
        .states = calloc(queues, sizeof(model->states[0])),
        .positions = calloc(sections, sizeof(model->positions[0])),
        .taken = calloc(RATE_MOST + 1, 1),
    };
    return model->packets != NULL && model->queues != NULL && model->states != NULL &&
                   model->positions != NULL && model->taken != NULL
               ? 0
               : -ENOMEM;
}

static void model_finish(struct model *model)
{
    free(model->packets);
    free(model->queues);
    free(model->states);
    free(model->positions);
    free(model->taken);
}

static void add(struct model *model, size_t bytes)
{
    model->packets[model->sections++] = (uint8_t)si_packets(bytes);
    model->queues[model->queue_count - 1].count++;
}

/* A schedule of equal segments; false when a segment has no room for its events. */
static bool add_schedule(struct model *model, const struct demand *demand, size_t size_max)
{
    const int segments = demand->days * EIT_SEGMENTS_PER_DAY;
    const int events = (demand->events_per_day + EIT_SEGMENTS_PER_DAY - 1) / EIT_SEGMENTS_PER_DAY;
    if (size_max < SECTION_OVERHEAD + demand->event_bytes) {
        return false;
    }
    const int most = (int)((size_max - SECTION_OVERHEAD) / demand->event_bytes);
    if (events > most * EIT_SECTIONS_PER_SEGMENT) {
        return false;
    }
    for (int segment = 0; segment < segments; segment++) {
        if (segment % EIT_SEGMENTS_PER_TABLE == 0) {
            model->queues[model->queue_count++] = (struct si_queue){model->sections, 0};
        }
        for (int left = events; left > 0; left -= most) {
            add(model,
                SECTION_OVERHEAD + demand->event_bytes * (size_t)(left < most ? left : most));
        }
    }
    return true;
}

static bool fits(struct model *model, const struct demand *demand, struct eit_layout *layout,
                 int rate)
{
    if (!set_rate(layout, demand->services, rate)) {
        return false;
    }
    const size_t room = (size_t)layout->section_packets * PAYLOAD - 1;
    const size_t size_max = layout->section_packets == 0 ? 0
                            : room < SI_EIT_SECTION_MAX  ? room
                                                         : SI_EIT_SECTION_MAX;
    model->sections = 0;
    model->queue_count = 0;
    for (int i = 0; i < demand->others; i++) {
        model->queues[model->queue_count++] = (struct si_queue){model->sections, 0};
        add(model, SI_EIT_PF_PACKETS * PAYLOAD - 1);
        add(model, SI_EIT_PF_PACKETS * PAYLOAD - 1);
    }
    for (int i = 0; i < demand->schedules && demand->days > 0; i++) {
        if (!add_schedule(model, demand, size_max)) {
            return false;
        }
    }
    memset(model->taken, 0, (size_t)rate);
    memset(model->taken, 1, (size_t)demand->services * SI_EIT_PF_PACKETS);
    memset(model->taken + layout->following, 1, (size_t)demand->services * SI_EIT_PF_PACKETS);
    const struct si_grid grid = {rate, EIT_CYCLE_S, layout->gap, model->taken, NULL};
    return si_place(&grid, model->packets, model->queues, model->queue_count, model->states,
                    model->positions) == model->sections;
}

/* The least rate that any placing needs. */
static int lower_bound(const struct demand *demand)
{
    const int64_t bytes = (int64_t)demand->schedules * demand->days * demand->events_per_day *
                          (int64_t)demand->event_bytes;
    const int64_t packets = bytes / PAYLOAD + (int64_t)demand->others * 2 * SI_EIT_PF_PACKETS;
    const int64_t rate = packets / EIT_CYCLE_S + (int64_t)demand->services * 2 * SI_EIT_PF_PACKETS;
    return rate < RATE_MOST ? (int)rate : RATE_MOST;
}

/* The least rate up to `most` that fits, or most + 1; -ENOMEM. */
static int find_rate(const struct demand *demand, int most, struct eit_layout *layout)
{
    struct model model;
    int rate = lower_bound(demand);
    if (model_init(&model, demand) < 0) {
        model_finish(&model);
        return -ENOMEM;
    }
    while (rate <= most && !fits(&model, demand, layout, rate)) {
        rate += 1 + rate / 64;
    }
    model_finish(&model);
    return rate <= most ? rate : most + 1;
}

static bool would_fit(const struct demand *demand, int most)
{
    struct eit_layout layout;
    const int rate = find_rate(demand, most, &layout);
    return rate >= 0 && rate <= most;
}

/* Numbers that would fit, one setting changed at a time. */
static void advise(const struct demand *demand, struct eit_budget *budget)
{
    struct demand less = *demand;
    budget->days = -1;
    for (less.days = demand->days - 1; less.days >= 0 && budget->days < 0; less.days--) {
        budget->days = would_fit(&less, budget->most) ? less.days : -1;
    }
    less.days = demand->days;
    int low = 0; /* fits, as far as is known */
    int high = demand->events_per_day;
    while (demand->days > 0 && high - low > 1) {
        less.events_per_day = low + (high - low) / 2;
        if (would_fit(&less, budget->most)) {
            low = less.events_per_day;
        } else {
            high = less.events_per_day;
        }
    }
    budget->events_per_day = low;
    less = *demand;
    less.others = 0;
    less.schedules = less.services;
    budget->without_other = demand->others > 0 && would_fit(&less, budget->most);
}

int eit_layout_init(struct eit_layout *layout, const struct station *station,
                    const struct transport *transport, int packets_most, struct eit_budget *budget)
{
    const struct demand demand = demand_of(station, transport);
    struct eit_layout fresh = {.station = station, .transport = transport};
    *budget = (struct eit_budget){
        .most = packets_most < EIT_PACKETS_MOST ? packets_most : EIT_PACKETS_MOST,
        .days = demand.days,
        .events_per_day = demand.events_per_day,
    };
    const int wanted = find_rate(&demand, RATE_MOST, &fresh);
    if (wanted < 0) {
        return wanted;
    }
    budget->wanted = wanted;
    if (wanted <= budget->most) {
        *layout = fresh;
        return 0;
    }
    advise(&demand, budget);
    return -ENOSPC;
}

bool eit_layout_pf(const struct eit_layout *layout, int position_in_second, size_t *service,
                   int *section_number, int *packet_index)
{
    const int block = (int)layout->transport->service_count * SI_EIT_PF_PACKETS;
    const bool is_following = position_in_second >= layout->following;
    const int offset = position_in_second - (is_following ? layout->following : 0);
    if (offset >= block) {
        return false;
    }
    *service = (size_t)(offset / SI_EIT_PF_PACKETS);
    *section_number = is_following ? 1 : 0;
    *packet_index = offset % SI_EIT_PF_PACKETS;
    return true;
}
