/* SPDX-License-Identifier: MIT */
/* As-run where there is no plan: before the first one, and after the last one has ended. */
#include "scheduler/report/report_ledger.h"
#include "tests/support/report_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DAY = REPORT_DAY };

static int set_up(void **state)
{
    *state = report_world_create();
    return 0;
}

static int tear_down(void **state)
{
    report_world_destroy(*state);
    return 0;
}

/* The slate of no event: the plan ended at `end`, frames of the day. */
static void let_the_plan_end(struct report_world *world, int64_t end)
{
    const struct report_item lesson = {
        .seq = 1, .start = end - 1000, .end = end, .kind = EVENT_LESSON, .house_number = "L1"};
    report_world_plan(report_world_adopt(world, DAY - 9000), &lesson);
}

static void air_bare_slate(struct report_world *world, int64_t start, int64_t end)
{
    const struct report_item slate = {.start = start, .end = end, .kind = EVENT_SLATE};
    report_world_air(world, &slate);
}

static void slate_for_want_of_a_plan_is_off_the_air(void **state)
{
    struct report_world *world = *state;
    let_the_plan_end(world, -4000);
    const struct report_item lesson = {
        .seq = 2, .start = 2000, .end = 6000, .kind = EVENT_LESSON, .house_number = "L2"};
    report_world_plan(report_world_adopt(world, DAY + 1500), &lesson);
    air_bare_slate(world, 0, 2000);
    report_world_air(world, &lesson);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_PLANLESS], 2000);
    assert_int_equal(comparison->frames[CLASS_PLANNED], 4000);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.frames[ACCOUNT_TINGBO], 2000);
    assert_int_equal(ledger.incidents, 1);
    assert_false(ledger_is_nil(&ledger));
}

/* Up to where the next plan can begin that has an event for it. */
static void the_rest_of_that_slate_is_booked_with_it(void **state)
{
    struct report_world *world = *state;
    static const struct report_item items[] = {
        {.seq = 2, .start = -4000, .end = 2000, .kind = EVENT_SLATE},
        {.seq = 3, .start = 2000, .end = 4000, .kind = EVENT_LESSON, .house_number = "L2"},
        {.seq = 4, .start = 4000, .end = 6000, .kind = EVENT_SLATE},
    };
    let_the_plan_end(world, -4000);
    struct plan *plan = report_world_adopt(world, DAY + 1955);
    air_bare_slate(world, 0, 1955);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(plan, &items[i]);
        report_world_air(world, &items[i]);
    }
    world->lines[1].record.start = DAY + 1955;
    world->lines[1].record.parts[0].from = DAY + 1955;
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_PLANLESS], 2000);
    assert_int_equal(comparison->frames[CLASS_FILLING], 2000); /* a slate of the plan is none */
    assert_int_equal(ledger_of(comparison).incidents, 1);
}

/* A plan that was adopted in the last second of the one before cannot begin at its end. */
static void slate_behind_a_plan_that_ends_too_soon_is_booked_as_well(void **state)
{
    struct report_world *world = *state;
    static const struct report_item items[] = {
        {.seq = 1, .start = -1000, .end = 2000, .kind = EVENT_LESSON, .house_number = "L1"},
        {.seq = 2, .start = 2000, .end = 2100, .kind = EVENT_SLATE},
        {.seq = 3, .start = 2100, .end = 6000, .kind = EVENT_LESSON, .house_number = "L2"},
    };
    static const struct {
        int64_t adopted;
        int64_t planless;
    } cases[] = {{1990, 100}, {2000 - REPORT_EARLIEST + 1, 100}, {2000 - REPORT_EARLIEST, 0}};
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        let_the_plan_end(world, 2000);
        struct plan *plan = report_world_adopt(world, DAY + cases[k].adopted);
        for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
            report_world_plan(plan, &items[i]);
            report_world_air(world, &items[i]);
        }
        assert_int_equal(report_world_compare(world)->frames[CLASS_PLANLESS], cases[k].planless);
        report_world_forget(world);
    }
}

/* The journal was damaged and began anew: the record still knows that there was a plan. */
static void slate_after_a_lost_journal_is_off_the_air_too(void **state)
{
    struct report_world *world = *state;
    const struct report_item lesson = {
        .seq = 1, .start = 0, .end = 1000, .kind = EVENT_LESSON, .house_number = "L1"};
    report_world_air(world, &lesson);
    air_bare_slate(world, 1000, 6000);
    assert_int_equal(report_world_compare(world)->frames[CLASS_PLANLESS], 5000);
}

static void before_the_very_first_plan_nothing_is_planned(void **state)
{
    struct report_world *world = *state;
    const struct report_item lesson = {
        .seq = 1, .start = 2000, .end = 6000, .kind = EVENT_LESSON, .house_number = "L1"};
    report_world_plan(report_world_adopt(world, DAY + 1500), &lesson);
    air_bare_slate(world, 1000, 2000);
    report_world_air(world, &lesson);
    const struct comparison *comparison = report_world_compare(world);
    assert_int_equal(comparison->frames[CLASS_NOTHING], 1000);
    assert_int_equal(comparison->frames[CLASS_WAITING], 1000);
    const struct ledger ledger = ledger_of(comparison);
    assert_int_equal(ledger.unrecorded, 0);
    assert_true(ledger_is_nil(&ledger));
}

/* Once there was a plan, its end is no excuse for a record that is missing. */
static void without_a_line_it_is_no_record_from_the_first_plan_on(void **state)
{
    struct report_world *world = *state;
    let_the_plan_end(world, 3000);
    struct ledger ledger = ledger_of(report_world_compare(world));
    assert_int_equal(ledger.unrecorded, 4000);
    assert_int_equal(ledger.unbegun, 2000);
    assert_true(ledger_is_without_record(&ledger));
    report_world_forget(world);
    report_world_begin_at(world, DAY + 20000);
    ledger = ledger_of(report_world_compare(world)); /* the day before the station's first */
    assert_int_equal(ledger.unrecorded, 0);
    assert_int_equal(ledger.unbegun, REPORT_LENGTH);
    assert_false(ledger_is_nil(&ledger));
    report_world_forget(world);
    ledger = ledger_of(report_world_compare(world)); /* nothing at all is known of it */
    assert_int_equal(ledger.unrecorded, REPORT_LENGTH);
}

/* A channel that has had the slate alone since, without any plan. */
static void before_the_first_record_nothing_is_missing(void **state)
{
    struct report_world *world = *state;
    world->is_before_record = true;
    const struct ledger ledger = ledger_of(report_world_compare(world));
    assert_int_equal(ledger.unrecorded, 0);
    assert_int_equal(ledger.unbegun, REPORT_LENGTH);
    assert_false(ledger_is_nil(&ledger));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(slate_for_want_of_a_plan_is_off_the_air),
        IN_WORLD(the_rest_of_that_slate_is_booked_with_it),
        IN_WORLD(slate_behind_a_plan_that_ends_too_soon_is_booked_as_well),
        IN_WORLD(slate_after_a_lost_journal_is_off_the_air_too),
        IN_WORLD(before_the_very_first_plan_nothing_is_planned),
        IN_WORLD(without_a_line_it_is_no_record_from_the_first_plan_on),
        IN_WORLD(before_the_first_record_nothing_is_missing),
    };
    return cmocka_run_group_tests_name("report_planless", tests, NULL, NULL);
}
