/* SPDX-License-Identifier: MIT */
/*
 * The readiness board against the compiler: what a row says airs is what the
 * plan has there, for weeks, libraries and approvals made by chance.
 */
#include "scheduler/ready.h"
#include "tests/support/must.h"
#include "tests/support/random_week.h"
#include "tests/support/week_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WEEKS = 60, CUTOFF_MS = 15 * 60000, MINUTE_MS = 60000 };

/* --- Weeks made by chance ----------------------------------------------------------------- */

/* Approves by the content of the file and the run: two in three. */
static bool approves_by_chance(const struct clearance *self, const struct airing *airing)
{
    (void)self;
    unsigned hash = (unsigned)airing->date * (airing->is_repeat ? 31u : 0u);
    for (const char *at = airing->sha256; *at != '\0'; at++) {
        hash = hash * 33u + (unsigned char)*at;
    }
    return hash / 7 % 3 != 0;
}

static const struct clearance by_chance = {.may_air = approves_by_chance};

/* Lessons of a random week get substitutes, live sources, and are shared. */
static char *varied_week_text(unsigned *random)
{
    char *plain = random_week_text(random);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(out != NULL);
    for (char *line = plain; *line != '\0';) {
        char *end = strchr(line, '\n');
        const size_t length = (size_t)(end - line);
        if (length > 0 && strncmp(line, "  - {house_number: L", 20) == 0) {
            fprintf(out, "%.*s", (int)length - 1, line);
            if (random_below(random, 2) == 0) {
                fprintf(out, ", substitute: S%d", random_below(random, 3));
            }
            const int kind = random_below(random, 6);
            fputs(kind == 0 ? ", live: studio}\n" : kind == 1 ? ", shared: true}\n" : "}\n", out);
        } else {
            fprintf(out, "%.*s\n", (int)length, line);
        }
        line = end + 1;
    }
    fclose(out);
    free(plain);
    return text;
}

static void add_version(unsigned *random, struct week_bench *bench, const char *house_number,
                        enum asset_kind kind, int64_t start_ms)
{
    char number[16];
    const int64_t grid = bench->profile->join_grid_frames;
    const int64_t frames = random_below(random, 6) == 0 ? 24 + random_below(random, 60)
                                                        : 200 + random_below(random, 90000);
    snprintf(number, sizeof(number), "%s", house_number);
    struct library_asset asset = {.house_number = number,
                                  .profile = bench->profile->name,
                                  .kind = kind,
                                  .duration = frames / grid * grid,
                                  .created_ms = start_ms + (int64_t)random_below(random, 7 * 1440) *
                                                               MINUTE_MS};
    snprintf(asset.sha256, sizeof(asset.sha256), "%064x", (unsigned)++bench->assets * 2654435761u);
    MUST((random_below(random, 8) == 0 ? library_add_damaged : library_add)(bench->library,
                                                                            &asset) == 0);
}

/* Files that came in the course of the week, several versions of some. */
static void fill_library(unsigned *random, struct week_bench *bench, int64_t start_ms)
{
    static const char *const numbers[] = {"L1", "L2", "L3", "L4", "L5", "L6", "S0", "S1"};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        for (int n = random_below(random, 4); n > 0; n--) {
            add_version(random, bench, numbers[i], ASSET_LESSON, start_ms);
        }
    }
    for (int n = random_below(random, 3); n > 0; n--) {
        add_version(random, bench, "F1", ASSET_FILLER, start_ms);
    }
}

/* A survey beside a plan of the same input. */
struct comparison {
    struct slot_visitor visitor; /* first */
    const struct plan *plan;
    unsigned seed;
    size_t states[MEDIA_LIVE + 1];
    size_t listed;
    size_t stood_in;
};

static const char *house_number_of(const struct surveyed_slot *slot)
{
    return slot->item != NULL          ? slot->item->house_number
           : slot->day->lesson != NULL ? slot->day->lesson->house_number
                                       : slot->day->house_number;
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool stands_in(const struct plan_event *event, const struct surveyed_slot *slot)
{
    if (slot->airs == slot->choice.own.asset && slot->airs != NULL) {
        return event->instead_of == NULL;
    }
    if (slot->day->kind == SLOT_RELAY || slot->choice.own.state == MEDIA_UNFIT ||
        slot->choice.own.state == MEDIA_LIVE) {
        return true;
    }
    return is_same(event->instead_of, house_number_of(slot));
}

/* A list may have the same thing several times, and not come to the last of them. */
static bool is_twice(const struct surveyed_slot *slot)
{
    size_t count = 0;
    for (size_t i = 0; i < slot->day->item_count; i++) {
        count += is_same(slot->day->items[i].house_number, slot->item->house_number);
    }
    return count > 1;
}

/* Of a list the plan has it somewhere in its time, or else the survey says that it does not air. */
static bool airs_in_list(const struct comparison *comparison, const struct surveyed_slot *slot)
{
    const struct plan *plan = comparison->plan;
    if (slot->start < plan->events[0].start ||
        slot->end > event_end(&plan->events[plan->event_count - 1])) {
        return true; /* the plan has only a part of its time */
    }
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_inside = event->start >= slot->start && event->start < slot->end;
        if (is_inside && event->kind == EVENT_REPEAT &&
            is_same(event->house_number, house_number_of(slot))) {
            return is_same(event->asset, slot->airs != NULL ? slot->airs->sha256 : NULL) ||
                   is_twice(slot);
        }
    }
    return slot->airs == NULL;
}

static int compare(struct slot_visitor *self, const struct surveyed_slot *slot)
{
    struct comparison *comparison = (struct comparison *)self;
    comparison->states[slot->choice.own.state]++;
    if (slot->item != NULL) {
        comparison->listed++;
        assert_true(airs_in_list(comparison, slot));
        return 0;
    }
    const ptrdiff_t index = plan_find(comparison->plan, slot->start);
    if (slot->start < comparison->plan->events[0].start) {
        return 0; /* it had begun, and the plan has only the rest of it */
    }
    assert_true(index >= 0);
    const struct plan_event *event = &comparison->plan->events[index];
    const char *asset = slot->airs != NULL ? slot->airs->sha256 : NULL;
    const bool is_filled = event->kind == EVENT_FILLER || event->kind == EVENT_SLATE ||
                           (slot->choice.own.state == MEDIA_LIVE && event->kind == EVENT_LIVE);
    comparison->stood_in += slot->airs != NULL && slot->airs != slot->choice.own.asset;
    if (event->start != slot->start ||
        !(asset != NULL ? is_same(event->asset, asset) : is_filled) || !stands_in(event, slot)) {
        fail_msg("seed %u: %s at frame %lld: the plan has %s (%s) instead of %s", comparison->seed,
                 house_number_of(slot), (long long)slot->start,
                 event->house_number != NULL ? event->house_number : "nothing",
                 event_kind_name(event->kind), event->instead_of != NULL ? event->instead_of : "-");
    }
    return 0;
}

/* Every lesson of the plan, and every stand-in, is of a slot of the board. */
static void check_rows(const struct plan *plan, const struct ready_board *board, unsigned seed)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_programme =
            event->kind == EVENT_LESSON || event->kind == EVENT_REPEAT || event->kind == EVENT_CARD;
        bool is_found = false;
        for (size_t k = 0; is_programme && !is_found && k < board->count; k++) {
            const struct ready_row *row = &board->rows[k];
            is_found =
                event->start >= row->start && event->start < row->end &&
                strcmp(row->airs, event->house_number) == 0 &&
                (event->instead_of == NULL || strcmp(row->house_number, event->instead_of) == 0);
        }
        if (is_programme && !is_found) {
            fail_msg("seed %u: %s at frame %lld is on no row", seed, event->house_number,
                     (long long)event->start);
        }
    }
}

static void check_week(unsigned seed, struct comparison *comparison)
{
    unsigned random = seed * 2654435761u + 1;
    struct week_bench bench;
    struct plan *plan = NULL;
    struct ready_board board = {0};
    char *text = varied_week_text(&random);
    week_bench_parse(&bench, text, NULL);
    const int64_t from = week_bench_frame(&bench, "2020-02-17", "00:00");
    fill_library(&random, &bench, from / FRAMES_PER_SECOND * 1000);
    const struct compile_input input = {.timetable = bench.timetable,
                                        .library = bench.library,
                                        .profile = bench.profile,
                                        .zone = bench.zone,
                                        .from = from + random_below(&random, 86400) * 25,
                                        .to = from + 7LL * 86400 * FRAMES_PER_SECOND,
                                        .clearance = seed % 3 > 0 ? &by_chance : NULL,
                                        .cutoff_ms = seed % 4 > 0 ? CUTOFF_MS : 0};
    assert_int_equal(compile(&input, &plan), 0);
    comparison->plan = plan;
    comparison->seed = seed;
    assert_int_equal(compile_survey(&input, &comparison->visitor), 0);
    assert_int_equal(ready_survey(&input, "test", &board), 0);
    check_rows(plan, &board, seed);
    ready_finish(&board);
    plan_destroy(plan);
    week_bench_finish(&bench);
    free(text);
}

static void what_the_board_says_airs_is_what_the_plan_has_there(void **state)
{
    (void)state;
    struct comparison comparison = {.visitor = {compare}};
    for (unsigned seed = 0; seed < WEEKS; seed++) {
        check_week(seed, &comparison);
    }
    for (int i = MEDIA_READY; i <= MEDIA_LIVE; i++) {
        /* Chance has made them all, but for slots in which nothing fits. */
        assert_true(comparison.states[i] > 20 || i == MEDIA_UNFIT);
    }
    assert_true(comparison.listed > 20);
    assert_true(comparison.stood_in > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_board_says_airs_is_what_the_plan_has_there),
    };
    return cmocka_run_group_tests_name("ready_weeks", tests, NULL, NULL);
}
