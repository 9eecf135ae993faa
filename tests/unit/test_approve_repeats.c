/* SPDX-License-Identifier: MIT */
#include "tools/approve_repeats.h"

#include "tests/support/must.h"
#include "tests/support/signoff_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void repeats_of_the_night_belong_to_the_day_before_until_the_morning(void **state)
{
    (void)state;
    struct desk desk;
    struct zone *zone = NULL;
    struct approve_repeats repeats = {0};
    desk_set_up(&desk, 1);
    desk_write_timetable(&desk, "{from: 18:00, until: 18:20, pitch: 20}",
                         "{of: 最近, from: 18:00, until: 07:30, pitch: 25, loop: true}");
    MUST(zone_open(desk.station->time_zone, &zone) == 0);
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(
        approve_repeats_find(desk.station, zone, MONDAY, EVENING_MS, &repeats, &problems), 0);
    problems_finish(&problems);
    assert_int_equal(repeats.count, 1); /* each once */
    assert_true(approve_repeats_has(&repeats, "A"));
    assert_false(approve_repeats_has(&repeats, "B"));
    /* The last one fits in before half past seven of Tuesday. */
    assert_true(repeats.end_ms > tuesday_ms(7) && repeats.end_ms <= tuesday_ms(7) + HOUR_MS / 2);
    char text[256] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");
    MUST(out != NULL);
    approve_repeats_print(out, &repeats, zone, "B");
    approve_repeats_print(out, &repeats, zone, "A");
    fclose(out);
    char told[300];
    snprintf(told, sizeof(told), "A is repeated: %s 2020-02-17 18:00, %s 2020-02-17 18:25, ",
             desk.service->name, desk.service->name);
    assert_memory_equal(text, told, strlen(told));
    /* 33 in all: every 25 minutes until half past seven of the next day. */
    assert_non_null(strstr(text, " … (24 more)\n"));
    approve_repeats_finish(&repeats);
    zone_close(zone);
    desk_clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_of_the_night_belong_to_the_day_before_until_the_morning),
    };
    return cmocka_run_group_tests_name("approve_repeats", tests, NULL, NULL);
}
