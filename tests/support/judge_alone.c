/* SPDX-License-Identifier: MIT */
/*
 * judge_alone: what a service sends does not depend on its neighbours.
 *
 * Payload, boundaries and continuity counters of its packets are compared;
 * when they are sent, and PCR, are matters of the lattice.
 */
#include "playout/adoption.h"
#include "tests/support/must.h"
#include "tests/support/tape_judge.h"

#include <string.h>

enum { PUSI = 0x40, PAYLOAD = 0x10, ADAPTATION = 0x20, OTHER_RATE_SLOTS = 175, PCR_FLAG = 0x10 };

/* The packets of one PID that carry payload. */
struct walk {
    const uint8_t *packets;
    size_t count;
    size_t at;
    int pid;
};

/* The next such packet, or NULL. */
static const uint8_t *next_packet(struct walk *walk)
{
    while (walk->at < walk->count) {
        const uint8_t *packet = walk->packets + walk->at++ * TS_PACKET_SIZE;
        if (((packet[1] & 0x1f) << 8 | packet[2]) == walk->pid && (packet[3] & PAYLOAD) != 0) {
            return packet;
        }
    }
    return NULL;
}

static const uint8_t *payload_of(const uint8_t *packet)
{
    return packet + 4 + ((packet[3] & ADAPTATION) != 0 ? 1 + packet[4] : 0);
}

/* PTS and DTS as they stand in the PES header: enough to know an access unit by. */
static bool is_same_unit(const uint8_t *a, const uint8_t *b)
{
    return memcmp(payload_of(a) + 7, payload_of(b) + 7, 7) == 0;
}

static bool is_same_packet(const uint8_t *a, const uint8_t *b)
{
    uint8_t left[TS_PACKET_SIZE];
    uint8_t right[TS_PACKET_SIZE];
    memcpy(left, a, TS_PACKET_SIZE);
    memcpy(right, b, TS_PACKET_SIZE);
    for (int i = 0; i < 2; i++) {
        uint8_t *packet = i == 0 ? left : right;
        if ((packet[3] & ADAPTATION) != 0 && packet[4] > 0 && (packet[5] & PCR_FLAG) != 0) {
            memset(packet + 6, 0, 6);
        }
    }
    return memcmp(left, right, TS_PACKET_SIZE) == 0;
}

/* Brings both to the first access unit that begins in both; NULL when there is none. */
static const uint8_t *meet(struct walk *one, struct walk *other, const uint8_t **packet)
{
    const uint8_t *a = NULL;
    while ((a = next_packet(one)) != NULL) {
        if ((a[1] & PUSI) == 0) {
            continue;
        }
        const struct walk from = *other;
        const uint8_t *b = NULL;
        while ((b = next_packet(other)) != NULL) {
            if ((b[1] & PUSI) != 0 && is_same_unit(a, b)) {
                *packet = b;
                return a;
            }
        }
        *other = from;
    }
    return NULL;
}

static bool compare(struct walk *one, struct walk *other, FILE *out)
{
    const uint8_t *b = NULL;
    const uint8_t *a = meet(one, other, &b);
    if (a == NULL) {
        fprintf(out, "PID %d: no access unit is in both\n", one->pid);
        return false;
    }
    while (a != NULL && b != NULL) {
        if (!is_same_packet(a, b)) {
            fprintf(out, "PID %d: packet %zu is another when its service is alone\n", one->pid,
                    one->at - 1);
            return false;
        }
        a = next_packet(one);
        b = next_packet(other);
    }
    return true;
}

/* In the other lattice a plan may not take over at the same frame. */
static bool may_be(const struct tape_format *format, const struct world_service *service)
{
    const struct history *history = &service->history;
    for (size_t i = 1; i < history->count; i++) {
        if (!adoption_may_be(format, 0, service->probe, history->steps[i - 1].timeline,
                             history->steps[i].timeline, history->steps[i].frame)) {
            return false;
        }
    }
    return true;
}

/* The tape of the service alone, and the case's frames of it read. */
static uint8_t *read_alone(const struct tape_world *alone, const struct world_service *service,
                           size_t *count)
{
    const struct tape_format *format = world_format(alone);
    *count = judge_slot_count(alone);
    uint8_t *packets = malloc(*count * TS_PACKET_SIZE);
    struct tape_reader *reader = tape_reader_create(format);
    struct tape_fault fault;
    MUST(packets != NULL && reader != NULL && tape_member_count(format) == 1);
    tape_read(reader, &service->inputs, judge_first_slot(alone), *count, packets, &fault);
    MUST(fault.error == 0);
    tape_reader_destroy(reader);
    return packets;
}

bool judge_alone(const struct tape_world *world, int service, const uint8_t *packets,
                 struct dice *dice, FILE *out)
{
    const struct world_service *of = &world->services[service];
    struct tape_case recipe = *world->of;
    struct tape_world alone;
    recipe.service_count = 0;
    recipe.services[recipe.service_count++] = *of->of;
    recipe.eit_other = "none";
    recipe.eit_days = 0;
    recipe.extra_slots = world->of->extra_slots + (int)dice_between(dice, 1, 7) * OTHER_RATE_SLOTS;
    if (tape_world_create(&alone, world->shelf, &recipe) < 0) {
        fprintf(out, "channel %d has no tape of its own\n", service);
        return false;
    }
    /* Its PIDs are numbered anew. */
    struct service *renamed = &alone.station->transports[0].services[0];
    renamed->video_pid = of->service->video_pid;
    renamed->audio_pid = of->service->audio_pid;
    bool holds = true;
    if (may_be(world_format(&alone), of)) {
        size_t count = 0;
        uint8_t *others = read_alone(&alone, of, &count);
        const int pids[] = {renamed->video_pid, renamed->audio_pid};
        for (int i = 0; i < 2 && holds; i++) {
            struct walk one = {packets, judge_slot_count(world), 0, pids[i]};
            struct walk other = {others, count, 0, pids[i]};
            holds = compare(&one, &other, out);
        }
        free(others);
    }
    tape_world_destroy(&alone);
    return holds;
}
