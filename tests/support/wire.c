/* SPDX-License-Identifier: MIT */
#include "tests/support/wire.h"

#include "tests/support/must.h"
#include "tests/support/world_station.h"

#include <inttypes.h>
#include <string.h>

#include <bitstream/mpeg/ts.h>

enum { PCR_FIELD = 7 };

uint64_t wire_seed(void)
{
    const char *text = getenv("KETANG_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : 1;
}

int wire_set_up(void **state)
{
    static struct tape_shelf shelf;
    tape_shelf_init(&shelf, 20200217);
    *state = &shelf;
    printf("# KETANG_SEED=%" PRIu64 "\n", wire_seed());
    return 0;
}

int wire_tear_down(void **state)
{
    tape_shelf_finish(*state);
    return 0;
}

void wire_make(struct wire *wire, const struct tape_shelf *shelf)
{
    MUST(tape_world_create(&wire->world, shelf, &wire->drawn) == 0);
    wire->folder = world_folder_create();
    tape_world_save(&wire->world, wire->folder);
    wire->dice = (struct dice){wire->drawn.seed + 1};
    wire->first = judge_first_slot(&wire->world);
    wire->count = judge_slot_count(&wire->world);
    wire->packets = malloc(wire->count * TS_PACKET_SIZE);
    MUST(wire->packets != NULL);
    MUST(world_read(&wire->world, &wire->dice, wire->first, wire->count, wire->packets) == 0);
}

void wire_open(struct wire *wire, const struct tape_shelf *shelf, uint64_t number)
{
    *wire = (struct wire){0};
    tape_case_draw(&wire->drawn, shelf, wire_seed() + number);
    wire_make(wire, shelf);
}

void wire_open_long(struct wire *wire, const struct tape_shelf *shelf, uint64_t number,
                    int64_t seconds)
{
    *wire = (struct wire){0};
    tape_case_draw(&wire->drawn, shelf, wire_seed() + number);
    wire->drawn.frames = seconds * FRAMES_PER_SECOND;
    wire_make(wire, shelf);
}

void wire_close(struct wire *wire)
{
    world_folder_remove(wire->folder);
    free(wire->folder);
    free(wire->packets);
    tape_world_destroy(&wire->world);
}

uint8_t *wire_packet(const struct wire *wire, size_t i)
{
    return wire->packets + i * TS_PACKET_SIZE;
}

size_t wire_slots_per_second(const struct wire *wire)
{
    return (size_t)tape_transport(world_format(&wire->world))->slots_per_second;
}

bool wire_has_pcr(const struct wire *wire, size_t i)
{
    const uint8_t *p = wire_packet(wire, i);
    return (p[3] & 0x20) != 0 && p[4] >= PCR_FIELD && (p[5] & 0x10) != 0;
}

size_t wire_find_pcr(const struct wire *wire, size_t from)
{
    while (!wire_has_pcr(wire, from)) {
        from++;
        MUST(from < wire->count);
    }
    return from;
}

void wire_set_pcr(struct wire *wire, size_t i, uint64_t pcr)
{
    uint8_t *p = wire_packet(wire, i);
    tsaf_set_pcr(p, pcr / 300);
    tsaf_set_pcrext(p, (uint16_t)(pcr % 300));
}

size_t wire_draw_place(struct wire *wire)
{
    return (size_t)dice_between(&wire->dice, WIRE_EDGE, (int64_t)wire->count - WIRE_EDGE);
}

void wire_check_place(const struct wire *wire, size_t said, size_t at)
{
    MUST(said >= at);
    for (size_t i = at; i < said; i++) {
        uint8_t tape[TS_PACKET_SIZE];
        struct dice dice = {1};
        MUST(world_read(&wire->world, &dice, wire->first + i, 1, tape) == 0);
        MUST(memcmp(wire_packet(wire, i), tape, TS_PACKET_SIZE) == 0);
    }
}

void wire_lose(struct wire *wire, size_t at, size_t count)
{
    memmove(wire_packet(wire, at), wire_packet(wire, at + count),
            (wire->count - at - count) * TS_PACKET_SIZE);
    wire->count -= count;
}

void wire_station(const struct wire *wire, char *path)
{
    snprintf(path, 4096, "%s/station.cfg", wire->folder);
}

static void tell(struct against_listener *listener, const struct against_event *event)
{
    struct told *told = (struct told *)listener;
    if (told->count < WIRE_EVENTS) {
        told->events[told->count] = *event;
    }
    told->count++;
}

struct against *wire_start(const struct wire *wire, struct told *told)
{
    char path[4096];
    struct problems problems;
    struct against *against = NULL;
    *told = (struct told){.listener = {tell}};
    problems_init(&problems);
    wire_station(wire, path);
    MUST(against_open(path, "transport0", &told->listener, &against, &problems) == 0);
    problems_finish(&problems);
    return against;
}

void wire_feed(struct wire *wire, struct against *against, size_t from, size_t to,
               struct told *told)
{
    struct problems problems;
    problems_init(&problems);
    while (from < to && told->result == 0) {
        const size_t most = (size_t)dice_between(&wire->dice, 1, 200);
        const size_t part = most < to - from ? most : to - from;
        told->result = against_feed(against, wire_packet(wire, from), part, &problems);
        from += part;
    }
    problems_finish(&problems);
}

void wire_end(struct against *against, struct told *told)
{
    struct problems problems;
    problems_init(&problems);
    told->result = told->result == 0 ? against_finish(against, &problems) : told->result;
    told->totals = against_totals(against);
    against_close(against);
    problems_finish(&problems);
}

void wire_hold(struct wire *wire, struct told *told)
{
    struct against *against = wire_start(wire, told);
    wire_feed(wire, against, 0, wire->count, told);
    wire_end(against, told);
    MUST(told->result == 0);
}
