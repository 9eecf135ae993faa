/* SPDX-License-Identifier: MIT */
/*
 * eit_layout: how many packets PID 0x12 gets, and whose they are.
 *
 * The rate is found by trying: the sections that a service of the settings'
 * size would have are placed as those on air are (eit_lane.h).  All lanes are
 * alike, so one is enough.
 */
#include "playout/eit_cycle.h"
#include "playout/eit_lane.h"
#include "playout/eit_schedule.h"
#include "playout/si_place.h"

#include <errno.h>
#include <stdlib.h>

enum {
    PAYLOAD = 184,
    /* Of an event: 12 characters of name, 24 of text, and its descriptors. */
    EVENT_BYTES = 112,
    EVENT_BYTES_UTF8 = 144,
    CELL_LEAST = 4,                           /* packets: one event with some text has room */
    BUSY_SEGMENTS = EIT_SEGMENTS_PER_DAY / 2, /* by day there are lessons, by night none */
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

/* Lays out a half second, with cells of such a size. */
static void shape(struct eit_layout *layout, const struct demand *demand, int cell, int turns)
{
    /* In eight seconds each service of others is told of once, section 0 and 1. */
    const int others = (demand->others + EIT_CYCLE_S - 1) / EIT_CYCLE_S;
    layout->others_start = demand->services * SI_EIT_PF_PACKETS;
    layout->lanes_start = layout->others_start + others * SI_EIT_PF_PACKETS;
    layout->lanes = demand->days > 0 ? demand->schedules : 0;
    layout->cell = cell;
    layout->turns = turns;
    int half = layout->lanes_start + turns * layout->lanes * cell;
    /* Section 0 of a service, and section 1 of it in the next half second. */
    while (half < SI_EIT_PF_PACKETS - 1 + si_place_gap(2 * half)) {
        half++;
    }
    layout->packets_per_second = 2 * half;
    layout->gap = si_place_gap(2 * half);
}

/*
 * The sections of a schedule with as many events as the settings allow, all
 * in half of the segments; their number, or -1 when a segment cannot hold
 * them.  `items` may be NULL.
 */
static int model(const struct demand *demand, int cell, struct eit_item *items)
{
    const size_t room = (size_t)cell * PAYLOAD - 1;
    const size_t size_max = room < SI_EIT_SECTION_MAX ? room : SI_EIT_SECTION_MAX;
    const int most = size_max < SECTION_OVERHEAD
                         ? 0
                         : (int)((size_max - SECTION_OVERHEAD) / demand->event_bytes);
    const int events = (demand->events_per_day + BUSY_SEGMENTS - 1) / BUSY_SEGMENTS;
    int count = 0;
    if (events > most * EIT_SECTIONS_PER_SEGMENT) {
        return -1;
    }
    for (int segment = 0; segment < demand->days * EIT_SEGMENTS_PER_DAY; segment++) {
        int left = segment % EIT_SEGMENTS_PER_DAY < BUSY_SEGMENTS ? events : 0;
        do {
            const int here = left < most ? left : most;
            const size_t size = SECTION_OVERHEAD + demand->event_bytes * (size_t)here;
            if (items != NULL) {
                items[count] = (struct eit_item){segment, si_packets(size)};
            }
            count++;
            left -= here;
        } while (left > 0);
    }
    return count;
}

/* The least rate that a lane of such cells needs. */
static int least_turns(const struct eit_item *items, int count, int cell)
{
    int packets = 0;
    for (int i = 0; i < count; i++) {
        packets += items[i].packets;
    }
    return packets / (2 * EIT_CYCLE_S * cell) + (packets % (2 * EIT_CYCLE_S * cell) != 0);
}

/* Finds the fewest turns with which a lane of such cells fits, up to a rate: 1, 0 or -ENOMEM. */
static int find_turns(const struct demand *demand, int cell, int most, struct eit_layout *layout)
{
    const int count = model(demand, cell, NULL);
    if (count < 0) {
        return 0;
    }
    struct eit_item *items = calloc((size_t)count, sizeof(items[0]));
    int *positions = calloc((size_t)count, sizeof(positions[0]));
    int result = items != NULL && positions != NULL ? 0 : -ENOMEM;
    if (result == 0) {
        model(demand, cell, items);
        for (int turns = least_turns(items, count, cell); result == 0; turns++) {
            shape(layout, demand, cell, turns);
            if (layout->packets_per_second > most) {
                break;
            }
            result = eit_lane_place(layout, 0, items, (size_t)count, positions) ? 1 : 0;
        }
    }
    free(items);
    free(positions);
    return result;
}

/*
 * The least rate up to `most` that fits, or most + 1; -ENOMEM.  Of cells that
 * do equally well the shortest are taken: they leave the least unused.
 */
static int find_rate(const struct demand *demand, int most, struct eit_layout *layout)
{
    struct eit_layout tried = *layout;
    int best = most + 1;
    if (demand->days == 0 || demand->schedules == 0) {
        shape(layout, demand, 0, 0);
        return layout->packets_per_second < best ? layout->packets_per_second : best;
    }
    for (int cell = CELL_LEAST; cell <= si_packets(SI_EIT_SECTION_MAX); cell++) {
        const int result = find_turns(demand, cell, best - 1, &tried);
        if (result < 0) {
            return result;
        }
        if (result > 0) {
            *layout = tried;
            best = tried.packets_per_second;
        }
    }
    return best;
}

static bool would_fit(const struct demand *demand, int most)
{
    struct eit_layout layout = {0};
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
    const int half = layout->packets_per_second / 2;
    const int offset = position_in_second % half;
    if (offset >= layout->others_start) {
        return false;
    }
    *service = (size_t)(offset / SI_EIT_PF_PACKETS);
    *section_number = position_in_second / half;
    *packet_index = offset % SI_EIT_PF_PACKETS;
    return true;
}

bool eit_layout_other(const struct eit_layout *layout, int position, size_t *other,
                      int *section_number, int *packet_index)
{
    const int half = layout->packets_per_second / 2;
    const int offset = position % half - layout->others_start;
    if (offset < 0 || offset >= layout->lanes_start - layout->others_start) {
        return false;
    }
    const int second = position / layout->packets_per_second;
    *other = (size_t)(offset / SI_EIT_PF_PACKETS * EIT_CYCLE_S + second);
    *section_number = position / half % 2;
    *packet_index = offset % SI_EIT_PF_PACKETS;
    return true;
}
