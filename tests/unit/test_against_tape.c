/* SPDX-License-Identifier: MIT */
/*
 * Held against a tape that changes meanwhile, ends, or cannot be read.
 */
#include "tests/support/must.h"
#include "tests/support/wire.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CHANGES = 6, CASES = 40 };

static void assert_all_equal(const struct wire *wire, const struct told *told)
{
    assert_true(told->totals.is_aligned);
    assert_int_equal(told->totals.first_slot, wire->first);
    assert_int_equal(told->count, 0);
    assert_int_equal(told->totals.compared, wire->count);
    assert_int_equal(told->totals.equal, wire->count);
}

static void journal_path(const struct wire *wire, const struct world_service *service, char *path,
                         size_t room)
{
    snprintf(path, room, "%s/state/plans/%s/journal", wire->folder, service->service->name);
}

/* Leaves the first entries in the journals; how many of each service are left. */
static void forget_entries(const struct wire *wire, int64_t after, int left[CASE_SERVICES])
{
    for (int i = 0; i < wire->drawn.service_count; i++) {
        const struct world_service *service = &wire->world.services[i];
        struct journal journal = {0};
        char path[4096];
        journal_path(wire, service, path, sizeof(path));
        MUST(unlink(path) == 0);
        for (left[i] = 0; left[i] < service->entry_count; left[i]++) {
            if (service->journal[left[i]].frame > after) {
                break;
            }
            MUST(journal_append(path, &journal, &service->journal[left[i]]) == 0);
        }
        journal_finish(&journal);
    }
}

/* What the engine does before it sends a frame; the number of entries. */
static int add_entries(const struct wire *wire, int64_t frame, int left[CASE_SERVICES])
{
    int added = 0;
    for (int i = 0; i < wire->drawn.service_count; i++) {
        const struct world_service *service = &wire->world.services[i];
        struct journal journal = {0};
        char path[4096];
        journal_path(wire, service, path, sizeof(path));
        while (left[i] < service->entry_count && service->journal[left[i]].frame <= frame) {
            MUST(journal_append(path, &journal, &service->journal[left[i]++]) == 0);
            added++;
        }
        journal_finish(&journal);
    }
    return added;
}

static void plans_may_change_while_comparing(void **state)
{
    int changes = 0;
    for (uint64_t number = 0; number < CASES && changes < CHANGES; number++) {
        static struct wire wire;
        struct told told;
        int left[CASE_SERVICES];
        wire_open(&wire, *state, number);
        const struct tape_format *format = world_format(&wire.world);
        forget_entries(&wire, wire.drawn.first, left);
        struct against *against = wire_start(&wire, &told);
        for (int64_t k = 0; k < wire.drawn.frames; k++) {
            const int64_t frame = wire.drawn.first + k;
            changes += add_entries(&wire, frame, left);
            wire_feed(&wire, against, tape_slot_of_frame(format, frame) - wire.first,
                      tape_slot_of_frame(format, frame + 1) - wire.first, &told);
        }
        wire_end(against, &told);
        assert_int_equal(told.result, 0);
        assert_all_equal(&wire, &told);
        wire_close(&wire);
    }
    printf("# %d changes\n", changes);
    assert_true(changes >= CHANGES);
}

/* One service that airs lessons, one after the other, for more than a minute. */
static void draw_long(struct tape_case *drawn, const struct tape_shelf *shelf)
{
    tape_case_draw(drawn, shelf, wire_seed());
    struct case_service *service = &drawn->services[0];
    const struct shelf_profile *profile = tape_shelf_profile(shelf, "sd");
    drawn->service_count = 1;
    drawn->eit_other = "none";
    drawn->frames = (int64_t)70 * FRAMES_PER_SECOND;
    drawn->first -= drawn->first % (24 * FRAMES_PER_SECOND);
    *service = (struct case_service){.profile = "sd", .start = drawn->first, .ahead = 900};
    service->events.count = CASE_EVENTS;
    for (int i = 0; i < CASE_EVENTS; i++) {
        struct case_event *event = &service->events.list[i];
        *event = (struct case_event){.seq = i + 1, .asset = (2 * i + 1) % SHELF_ASSETS};
        event->frames = profile->assets[event->asset].frames;
        event->has_name = true;
    }
}

static void packets_lost_near_the_end_of_what_is_loaded_are_counted(void **state)
{
    static struct wire wire;
    struct told told;
    wire = (struct wire){0};
    draw_long(&wire.drawn, *state);
    wire_make(&wire, *state);
    const size_t second = wire_slots_per_second(&wire);
    const size_t at = wire_find_pcr(&wire, 59 * second) + 3;
    wire_lose(&wire, at, 4 * second);
    wire_hold(&wire, &told);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.events[0].kind, AGAINST_MISSING);
    assert_int_equal(told.events[0].count, 4 * second);
    wire_check_place(&wire, told.events[0].packet, at);
    assert_int_equal(told.totals.equal, wire.count);
    wire_close(&wire);
}

/* The first lesson that airs a while after the first packet; -1: none. */
static int64_t hide_lesson(const struct wire *wire)
{
    for (int64_t frame = 200; frame < wire->drawn.frames; frame++) {
        struct piece piece;
        const struct tape_step *step =
            tape_inputs_step(wire->world.services[0].inputs, wire->drawn.first + frame);
        timeline_piece(step->timeline, wire->drawn.first + frame, &piece);
        if (piece.asset[0] != '\0' && piece.start >= wire->drawn.first + 200) {
            char media[4096];
            snprintf(media, sizeof(media), "%s/media", wire->folder);
            char *path = asset_path(media, piece.asset, "mp4");
            MUST(path != NULL && unlink(path) == 0);
            free(path);
            return piece.start;
        }
    }
    return -1;
}

static void a_missing_lesson_matters_only_when_it_airs(void **state)
{
    static struct wire wire;
    struct told told;
    wire = (struct wire){0};
    draw_long(&wire.drawn, *state);
    wire_make(&wire, *state);
    const int64_t starts = hide_lesson(&wire);
    assert_true(starts > 0);
    const size_t before = /* a second of it is sent ahead */
        tape_slot_of_frame(world_format(&wire.world), starts - 50) - wire.first;
    struct against *against = wire_start(&wire, &told);
    wire_feed(&wire, against, 0, before, &told);
    assert_int_equal(told.result, 0);
    assert_true(against_totals(against).equal > before - WIRE_EDGE);
    wire_feed(&wire, against, before, wire.count, &told);
    wire_end(against, &told);
    assert_true(told.result < 0);
    assert_int_equal(told.count, 0);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_may_change_while_comparing),
        cmocka_unit_test(packets_lost_near_the_end_of_what_is_loaded_are_counted),
        cmocka_unit_test(a_missing_lesson_matters_only_when_it_airs),
    };
    return cmocka_run_group_tests_name("against_tape", tests, wire_set_up, wire_tear_down);
}
