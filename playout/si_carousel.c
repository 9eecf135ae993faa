/* SPDX-License-Identifier: MIT */
#include "playout/si_carousel.h"

#include "playout/si_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET = 188 };

struct si_carousel {
    int packets_per_second;
    int period_s;
    uint8_t *packets; /* of a whole period, continuity counter 0 */
};

/* What placing needs of a set of sections. */
struct load {
    const struct si_sections *sections;
    uint8_t *packets;
    struct si_queue *queues; /* a run of one table_id and extension each */
    size_t queue_count;
    struct si_queue_state *states;
    int *positions;
};

static void unload(struct load *load)
{
    free(load->packets);
    free(load->queues);
    free(load->states);
    free(load->positions);
}

/* table_id and table_id_extension */
static bool is_same_table(const uint8_t *a, const uint8_t *b)
{
    return a[0] == b[0] && a[3] == b[3] && a[4] == b[4];
}

static int load_sections(struct load *load, const struct si_sections *sections)
{
    const size_t count = sections->count;
    load->sections = sections;
    load->packets = calloc(count + 1, sizeof(load->packets[0]));
    load->queues = calloc(count + 1, sizeof(load->queues[0]));
    load->states = calloc(count + 1, sizeof(load->states[0]));
    load->positions = calloc(count + 1, sizeof(load->positions[0]));
    if (load->packets == NULL || load->queues == NULL || load->states == NULL ||
        load->positions == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        load->packets[i] = (uint8_t)si_packets(si_section_size(sections->sections[i]));
        if (i == 0 || !is_same_table(sections->sections[i - 1], sections->sections[i])) {
            load->queues[load->queue_count++].first = i;
        }
        load->queues[load->queue_count - 1].count++;
    }
    return 0;
}

static bool place(const struct load *load, const struct si_grid *grid)
{
    return si_place(grid, load->packets, load->queues, load->queue_count, load->states,
                    load->positions) == load->sections->count;
}

/* Whether all fits at such a rate: often in each second, rare in the rest. */
static bool fits(struct load *often, struct load *rare, int period_s, int rate, uint8_t *taken)
{
    struct si_grid grid = {rate, 1, si_place_gap(rate), taken, NULL};
    memset(taken, 0, (size_t)rate);
    if (!place(often, &grid)) {
        return false;
    }
    for (size_t i = 0; i < often->sections->count; i++) {
        memset(taken + often->positions[i], 1, often->packets[i]);
    }
    grid.seconds = period_s;
    return place(rare, &grid);
}

static void write_section(struct si_carousel *carousel, int pid, const uint8_t *section,
                          int position)
{
    const size_t size = si_section_size(section);
    for (int i = 0; i < si_packets(size); i++) {
        si_packet(carousel->packets + (size_t)(position + i) * PACKET, pid, 0, section, size, i);
    }
}

static int write_packets(struct si_carousel *carousel, int pid, const struct load *often,
                         const struct load *rare)
{
    const int rate = carousel->packets_per_second;
    const int positions = rate * carousel->period_s;
    carousel->packets = calloc((size_t)positions, PACKET);
    if (carousel->packets == NULL) {
        return -ENOMEM;
    }
    for (int i = 0; i < positions; i++) {
        si_packet(carousel->packets + (size_t)i * PACKET, pid, 0, NULL, 0, 1); /* stuffing */
    }
    for (int second = 0; second < carousel->period_s; second++) {
        for (size_t i = 0; i < often->sections->count; i++) {
            write_section(carousel, pid, often->sections->sections[i],
                          second * rate + often->positions[i]);
        }
    }
    for (size_t i = 0; i < rare->sections->count; i++) {
        write_section(carousel, pid, rare->sections->sections[i], rare->positions[i]);
    }
    return 0;
}

static int build(struct si_carousel *carousel, int pid, struct load *often, struct load *rare)
{
    /* Far beyond what any set needs: each section in a second of its own gap. */
    const size_t sections = often->sections->count + rare->sections->count;
    const int most = (int)(sections + 1) * 16;
    uint8_t *taken = calloc((size_t)most, 1);
    if (taken == NULL) {
        return -ENOMEM;
    }
    int rate = 1;
    while (rate < most && !fits(often, rare, carousel->period_s, rate, taken)) {
        rate++;
    }
    free(taken);
    carousel->packets_per_second = rate;
    return write_packets(carousel, pid, often, rare);
}

int si_carousel_create(int pid, const struct si_sections *often, const struct si_sections *rare,
                       int period_s, struct si_carousel **carousel)
{
    struct load often_load = {0};
    struct load rare_load = {0};
    struct si_carousel *fresh = calloc(1, sizeof(*fresh));
    int result = fresh == NULL ? -ENOMEM : load_sections(&often_load, often);
    result = result < 0 ? result : load_sections(&rare_load, rare);
    if (result == 0) {
        fresh->period_s = period_s;
        result = build(fresh, pid, &often_load, &rare_load);
    }
    unload(&often_load);
    unload(&rare_load);
    if (result < 0) {
        si_carousel_destroy(fresh);
        return result;
    }
    *carousel = fresh;
    return 0;
}

void si_carousel_destroy(struct si_carousel *carousel)
{
    if (carousel != NULL) {
        free(carousel->packets);
        free(carousel);
    }
}

int si_carousel_packets_per_second(const struct si_carousel *carousel)
{
    return carousel->packets_per_second;
}

void si_carousel_packet(const struct si_carousel *carousel, uint64_t ordinal, uint8_t *packet)
{
    const uint64_t positions =
        (uint64_t)carousel->packets_per_second * (uint64_t)carousel->period_s;
    memcpy(packet, carousel->packets + ordinal % positions * PACKET, PACKET);
    packet[3] = (uint8_t)((packet[3] & 0xf0) | (ordinal & 0x0f));
}
