/* SPDX-License-Identifier: MIT */
/* What stands in for a lesson counts once, however many events it has. */
#include "playout/stand_ins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Two rounds of fillers and slate for L1, a lesson, a filler for L2, and L8 for L3 by order 7. */
static struct plan *make_plan(void)
{
    static const struct {
        int64_t start;
        int64_t duration;
        int64_t programme;
        enum event_kind kind;
        const char *instead_of;
        int64_t amendment;
    } events[] = {
        {1000, 100, 1, EVENT_FILLER, "L1", 0}, {1100, 100, 1, EVENT_FILLER, "L1", 0},
        {1200, 50, 1, EVENT_SLATE, "L1", 0},   {1250, 500, 4, EVENT_LESSON, NULL, 0},
        {1750, 100, 5, EVENT_FILLER, "L2", 0}, {1850, 100, 6, EVENT_LESSON, "L3", 7},
    };
    struct plan *plan = plan_create();
    assert_non_null(plan);
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        const struct plan_event event = {.seq = (int64_t)i + 1,
                                         .programme = events[i].programme,
                                         .start = events[i].start,
                                         .duration = events[i].duration,
                                         .kind = events[i].kind,
                                         .asset = "",
                                         .instead_of = events[i].instead_of,
                                         .amendment = events[i].amendment};
        assert_int_equal(plan_append(plan, &event), 0);
    }
    return plan;
}

static void fillers_one_after_the_other_are_one_stand_in(void **state)
{
    static const struct {
        int64_t from;
        int64_t to;
        int count;
        int64_t first;
    } cases[] = {
        {0, 2000, 2, 1000}, {0, 1750, 1, 1000}, {1250, 2000, 1, 1750}, {1249, 1250, 1, 1200},
        {1250, 1750, 0, 0}, {0, 1000, 0, 0},    {1850, 2000, 0, 0},    {1150, 1751, 2, 1100},
    };
    struct plan *plan = make_plan();
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct stand_ins found = stand_ins_find(plan, cases[i].from, cases[i].to);
        assert_int_equal(found.count, cases[i].count);
        assert_int_equal(found.first != NULL ? found.first->start : 0, cases[i].first);
    }
    plan_destroy(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fillers_one_after_the_other_are_one_stand_in),
    };
    return cmocka_run_group_tests_name("stand_ins", tests, NULL, NULL);
}
