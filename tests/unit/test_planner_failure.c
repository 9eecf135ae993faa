/* SPDX-License-Identifier: MIT */
/* Why a plan was not made, as operators are told. */
#include "scheduler/planner_failure.h"

#include "scheduler/order_desk.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void each_failure_says_what_it_was_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        int result;
        const char *says;
        const char *what_to_do;
    } cases[] = {
        {-ENOSPC, "the plan cannot be written in /x/plans/linzi: No space", "make room"},
        {-EDQUOT, "the plan cannot be written in /x/plans/linzi: ", "make room"},
        {-EACCES, "the plan cannot be written in /x/plans/linzi: Permission denied", "chown"},
        {-EROFS, "the plan cannot be written in /x/plans/linzi: Read-only", "mount it"},
        {-EAGAIN, "what is approved is not known", "store status"},
        {-ENODEV, "the media folder is empty or cannot be read", "`ketang check`"},
        {-ENODATA, "the channel has no good timetable: put one into /t", "`ketang check`"},
        {-ENXIO, "it is being made", "give the order again"},
        {-ENOMEM, "there is no memory left", "end what else runs"},
        {-EINVAL, "the plan cannot be made: Invalid argument", "`ketang check`"},
    };
    char folder[] = "/x";
    char timetables[] = "/t";
    const struct station station = {.state = folder, .timetables = timetables};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[PLANNER_FAILURE_SIZE];
        planner_failure_text(cases[i].result, &station, "linzi", text);
        if (strncmp(text, cases[i].says, strlen(cases[i].says)) != 0 ||
            strstr(text, cases[i].what_to_do) == NULL) {
            fail_msg("%d says: %s", cases[i].result, text);
        }
    }
}

/* Break-ins need neither a timetable nor approvals; a disk they do need. */
static void an_order_that_is_not_taken_says_what_can_be_done_all_the_same(void **state)
{
    (void)state;
    static const struct {
        int result;
        const char *says;
    } cases[] = {
        {-ENODATA,
         "why: what is planned already goes on, and only slate, emergency, live and hold"},
        {-EAGAIN, "why: what is planned already goes on, and only slate, emergency, live and hold"},
        {-ENOSPC, "why: the order is not taken, and what is on air stays, a slate, too. A few "
                  "megabytes are enough: move old recordings"},
        {-EDQUOT, "why: the order is not taken, and what is on air stays, a slate, too. A few "},
        {-ENOMEM, "why: the order is not taken, and what was planned airs on; `ketang mute`"},
    };
    const struct planner_outcome outcome = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *answer = order_desk_answer(cases[i].result, "why", &outcome, NULL);
        const char *error = json_string_value(json_object_get(answer, "error"));
        assert_false(json_is_true(json_object_get(answer, "ok")));
        assert_int_equal(strncmp(error, cases[i].says, strlen(cases[i].says)), 0);
        json_decref(answer);
    }
}

/* Break-ins are what was ordered: there is no plan over which they could lie. */
static void without_a_plan_no_order_is_named_that_could_be_given(void **state)
{
    (void)state;
    static const int results[] = {-ENODATA, -ENODEV, -EAGAIN, -ENXIO};
    const struct planner_outcome outcome = {.is_planless = true};
    for (size_t i = 0; i < COUNT(results); i++) {
        json_t *answer = order_desk_answer(results[i], "why", &outcome, NULL);
        const char *error = json_string_value(json_object_get(answer, "error"));
        assert_non_null(strstr(error, "there is no plan, and the slate is on the air: why. "));
        assert_null(strstr(error, "hold"));
        json_decref(answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_says_what_it_was_and_what_to_do),
        cmocka_unit_test(an_order_that_is_not_taken_says_what_can_be_done_all_the_same),
        cmocka_unit_test(without_a_plan_no_order_is_named_that_could_be_given),
    };
    return cmocka_run_group_tests_name("planner_failure", tests, NULL, NULL);
}
