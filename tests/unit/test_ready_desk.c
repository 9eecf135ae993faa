/* SPDX-License-Identifier: MIT */
/* What the scheduler tells of the coming hour. */
#include "scheduler/ready_desk.h"

#include "tests/support/must.h"
#include "tests/support/signoff_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* So many lessons that nobody has ingested, two minutes each from eight on. */
static void write_timetable(const struct desk *desk, const char *channel, int lessons)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s.yaml", desk->station->timetables, channel);
    FILE *out = fopen(path, "w");
    MUST(out != NULL);
    fprintf(out, "format: 1\nchannel: %s\ndays: [周二]\nlessons:\n", channel);
    for (int i = 0; i < lessons; i++) {
        fprintf(out, "  - {house_number: %s-%d, title: 示例}\n", channel, i);
    }
    fputs("periods:\n", out);
    for (int i = 0; i < lessons; i++) {
        fprintf(out, "  - {name: p%d, start: 8:%02d, end: 8:%02d}\n", i, 2 * i, 2 * i + 2);
    }
    fputs("grid:\n", out);
    for (int i = 0; i < lessons; i++) {
        fprintf(out, "  p%d: [%s-%d]\n", i, channel, i);
    }
    MUST(fclose(out) == 0);
}

static void check_told_at(const struct ready_desk *ready, const char *channel, int64_t now_ms,
                          int count, int listed)
{
    json_t *told = ready_desk_tell(ready, channel, now_ms);
    json_t *lessons = json_object_get(told, "lessons");
    assert_int_equal(json_integer_value(json_object_get(told, "count")), count);
    assert_int_equal(json_array_size(lessons), listed);
    for (int i = 0; channel != NULL && i < listed; i++) {
        const json_t *lesson = json_array_get(lessons, (size_t)i);
        assert_string_equal(json_string_value(json_object_get(lesson, "channel")), channel);
    }
    json_decref(told);
}

static void check_told(const struct ready_desk *ready, const char *channel, int count, int listed)
{
    check_told_at(ready, channel, tuesday_ms(8) - 60000, count, listed);
}

/* The list of all is cut off; what is asked of one channel is not lost by that. */
static void a_channel_is_told_of_however_much_others_lack(void **state)
{
    (void)state;
    struct desk desk;
    struct zone *zone = NULL;
    FILE *nowhere = fopen("/dev/null", "w");
    MUST(nowhere != NULL);
    struct log *log = log_create(nowhere, 0);
    desk_set_up(&desk, 0);
    write_timetable(&desk, "zhangdian", 21);
    write_timetable(&desk, "linzi", 3);
    desk_reload(&desk);
    MUST(zone_open(desk.station->time_zone, &zone) == 0 && log != NULL);
    struct ready_desk *ready = ready_desk_create(desk.station, zone, desk.planner, log);
    MUST(ready != NULL);
    ready_desk_turn(ready, tuesday_ms(8) - 60000);
    check_told(ready, NULL, 24, READY_DESK_LISTED);
    check_told(ready, "zhangdian", 21, READY_DESK_LISTED);
    check_told(ready, "linzi", 3, 3);
    check_told(ready, "huantai", 0, 0);
    /* What is on air by a stand-in is told of until its end, as `ketang ready` has it. */
    check_told_at(ready, "linzi", tuesday_ms(8) + 60000, 3, 3);
    check_told_at(ready, "linzi", tuesday_ms(8) + 5 * 60000, 1, 1);
    check_told_at(ready, "linzi", tuesday_ms(8) + 6 * 60000, 0, 0);
    ready_desk_destroy(ready);
    log_destroy(log);
    fclose(nowhere);
    zone_close(zone);
    desk_clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_channel_is_told_of_however_much_others_lack),
    };
    return cmocka_run_group_tests_name("ready_desk", tests, NULL, NULL);
}
