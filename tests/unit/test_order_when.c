/* SPDX-License-Identifier: MIT */
#include "scheduler/order_when.h"

#include "playout/station.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { HOUR_S = 3600, DAY_S = 86400 };

/* Midnight of Thursday 2026-11-26 in China. */
#define MIDNIGHT_S (20783LL * DAY_S - 8 * HOUR_S)

static void times_of_orders_are_read_as_operators_say_them(void **state)
{
    (void)state;
    /* Said on Thursday at 10:30. */
    static const struct {
        const char *text;
        int days;
        int minutes; /* or the error */
    } cases[] = {
        {"10:31", 0, 631},
        {"10:30", 0, -ERANGE}, /* it is so late now: tomorrow's is another one */
        {"8:05", 0, -ERANGE},
        {"now", 0, 630},
        {"现在", 0, 630},
        {"23:50", 0, 1430},
        {"下午2时", 0, 840},
        {"today 14:00", 0, 840},
        {"今天14:00", 0, 840},
        {"tomorrow 10:20", 1, 620},
        {"明天 10:20", 1, 620},
        {"明天10:20", 1, 620},
        {"明天  10:20", 1, 620},
        {"明日　１０：２０", 1, 620},
        {"后天上午8时", 2, 480},
        {"tomorrow 9:05 AM", 1, 545},
        {"2026-11-27 10:20", 1, 620},
        {"2026-11-27T10:20", 1, 620},
        {"2026/11/27 10:20", 1, 620},
        {"2026年11月27日10时20分", 1, 620},
        {"Friday 8:00", 1, 480},
        {"周四 10:29", 7, 629},
        {"周四 10:31", 0, 631},
        {"周三8:00", 6, 480},
        {"下周三8:00", 6, 480},
        {"下周五 8:00", 8, 480},
        {"next Friday 8:00", 8, 480},
        {"本周五8:00", 1, 480},
        {"12月1日10:20", 5, 620},
        {"11月27日 25:30", 1, 1530},
        {"11月20日 10:20", 0, -ERANGE},
        {"11月31日 10:20", 0, -EDOM},
        {"tomorrow 25:30", 1, 1530},
        {"today 10:00", 0, -ERANGE},
        {"今天 10:30", 0, -ERANGE},
        {"2026-11-25 10:20", 0, -ERANGE},
        {"25:30", 0, -EINVAL},
        {"2026-11-27", 0, -EINVAL},
        {"2026-11-27:20", 0, -EINVAL},
        {"2026-13-27 10:20", 0, -EDOM},
        {"2027-02-29T10:20", 0, -EDOM},
        {"2027年2月31日10时20分", 0, -EDOM},
        {"2027-02-31 25:70", 0, -EINVAL},
        {"yesterday 10:20", 0, -ERANGE},
        {"tomorrow", 0, -EINVAL},
        {"tomorrow 10", 0, -EINVAL},
        {"next", 0, -EINVAL},
        {" ", 0, -EINVAL},
        {"", 0, -EINVAL},
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t frame = 0;
        const int result = order_when_read(cases[i].text, NULL, zone,
                                           (MIDNIGHT_S + 10 * HOUR_S + 1800) * 1000, &frame);
        const int64_t wanted =
            (MIDNIGHT_S + (int64_t)cases[i].days * DAY_S + cases[i].minutes * 60LL) *
            FRAMES_PER_SECOND;
        if (cases[i].minutes < 0 ? result != cases[i].minutes : result != 0 || frame != wanted) {
            fail_msg("'%s' is %lld frames off, result %d", cases[i].text,
                     (long long)(frame - wanted), result);
        }
    }
    zone_close(zone);
}

/* A day's small hours are its own, until 30:00 of it. */
static void small_hours_belong_to_the_evening_before(void **state)
{
    (void)state;
    /* Said on Saturday at 00:30. */
    const int64_t now_s = MIDNIGHT_S + 2 * DAY_S + 1800;
    static const struct {
        const char *text;
        int64_t minutes; /* from midnight of Thursday */
    } cases[] = {
        {"周五 24:40", 2 * 1440 + 40},
        {"Friday 24:20", 9 * 1440 + 20},
        {"周六 24:40", 3 * 1440 + 40},
        {"周六 0:40", 2 * 1440 + 40},
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t frame = 0;
        assert_int_equal(order_when_read(cases[i].text, NULL, zone, now_s * 1000, &frame), 0);
        assert_int_equal(frame, (MIDNIGHT_S + cases[i].minutes * 60) * FRAMES_PER_SECOND);
    }
    zone_close(zone);
}

/* What the timetable calls its periods; nothing else, and none without a timetable. */
static void periods_are_times_of_their_timetable(void **state)
{
    (void)state;
    struct period periods[] = {{.name = "第二节", .start = 9 * HOUR_S},
                               {.name = "第三节", .start = 11 * HOUR_S},
                               {.name = "Period 3", .start = 12 * HOUR_S},
                               {.name = "晚间", .start = 24 * HOUR_S + 1800}};
    const struct timetable timetable = {.periods = periods, .period_count = COUNT(periods)};
    /* On Saturday the list is closed, and has the third period later. */
    struct period later[] = {{.name = "第三节", .start = 13 * HOUR_S}};
    struct timetable saturday = {.periods = later, .period_count = COUNT(later)};
    struct frozen_day closed = {.date = 20785, .timetable = &saturday};
    const struct frozen_days days = {.items = &closed, .count = 1};
    const struct order_periods known = {.timetable = &timetable, .closed = &days};
    static const struct {
        const char *text;
        int days;
        int minutes; /* or the error */
    } cases[] = {
        {"第三节", 0, 660},
        {"第二节", 0, -ERANGE}, /* today's has gone by */
        {"today 第二节", 0, -ERANGE},
        {"明天第三节", 1, 660},
        {"明天 第三节", 1, 660},
        {"tomorrow Period 3", 1, 720},
        {"周五 第二节", 1, 540},
        {"2026-11-27 晚间", 1, 1470},
        {"2027-02-30 第三节", 0, -EDOM},
        {"明天 第四节", 0, -EINVAL},
        {"2026-11-28 第三节", 2, 780},
        {"周六第三节", 2, 780},
        {"周六 第二节", 0, -EINVAL}, /* that of the next week is not meant */
        {"后天 第二节", 0, -EINVAL},
        {"晚间", 0, 1470},
        {"Friday第三节", 1, 660},
        {"2026-11-27第三节", 1, 660},
        {"2026-11-27:20", 0, -EINVAL},
        {"第三", 0, -EINVAL},
        {"tomorrow 10:20", 1, 620},
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int64_t now_ms = (MIDNIGHT_S + 10 * HOUR_S + 1800) * 1000;
        int64_t frame = 0;
        const int result = order_when_read(cases[i].text, &known, zone, now_ms, &frame);
        const int64_t wanted =
            (MIDNIGHT_S + (int64_t)cases[i].days * DAY_S + cases[i].minutes * 60LL) *
            FRAMES_PER_SECOND;
        if (cases[i].minutes < 0 ? result != cases[i].minutes : result != 0 || frame != wanted) {
            fail_msg("'%s' is %lld frames off, result %d", cases[i].text,
                     (long long)(frame - wanted), result);
        }
    }
    assert_int_equal(order_when_read("明天 第三节", NULL, zone, 0, &(int64_t){0}), -EINVAL);
    zone_close(zone);
}

/* Who names a period that there is not is told which there are, on the day that he said; who
 * misspells the day, that it is none. */
static void a_period_or_a_day_that_there_is_not_is_told_with_those_there_are(void **state)
{
    (void)state;
    struct period periods[] = {{.name = "第一节"}, {.name = "第二节"}, {.name = "晚间"}};
    const struct timetable timetable = {.periods = periods, .period_count = COUNT(periods)};
    struct period later[] = {{.name = "第三节"}};
    struct timetable saturday = {.periods = later, .period_count = COUNT(later)};
    struct frozen_day closed = {.date = 20785, .timetable = &saturday};
    const struct frozen_days days = {.items = &closed, .count = 1};
    const struct order_periods known = {.timetable = &timetable, .closed = &days};
    static const char cannot[] = "the time cannot be read";
    static const char all[] = "'第九节'; the timetable has these: 第一节, 第二节, 晚间.";
    static const struct {
        const char *text;
        bool has_periods;
        const char *said;
    } cases[] = {
        {"明天 第九节", true, all},
        {"第九节", true, all},
        {"周六第九节", true,
         "Saturday 2026-11-28 has no period '第九节'; the timetable has these: 第三节."},
        {"明天 第九节", false, cannot},
        {"tomorrow 早读", true, "no period '早读'; the timetable has these: 第一节, 第二节, 晚间."},
        {"明天早读", true, "no period '早读'"},
        {"周六 Period 3", true, "no period 'Period 3'; the timetable has these: 第三节."},
        {"星期八 第二节", true, "'星期八' is no day; days are "},
        {"星期八第九节", true, "'星期八' is no day; "},
        {"星期八 早读", true, "'星期八' is no day; "},
        {"周八 10:20", false, "'周八' is no day; "},
        {"Firday 10:20", true, "tomorrow (明天), 2026-11-27."},
        {"2026-11 10:20", true, "'2026-11' is no day; "},
        {"2026-11-27:20", true, cannot},
        {"明天下午25时", true, cannot},
        {"tomorrow 10", true, cannot},
        {"Friday", true, cannot},
        {"下周三", true, cannot},
        {"明天", true, cannot},
        {"25:70", true, cannot},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char complaint[ORDER_WHEN_TEXT_SIZE];
        (void)order_when_complain(cases[i].text, cases[i].has_periods ? &known : NULL, 20783,
                                  -EINVAL, complaint);
        if (strstr(complaint, cases[i].said) == NULL) {
            fail_msg("'%s': %s", cases[i].text, complaint);
        }
    }
}

/* Without a timetable, and whatever day it is. */
static void what_can_only_be_a_time_is_known_as_one(void **state)
{
    (void)state;
    static const char *const times[] = {"明天10:20",    "10:20",    "下午2时", "Friday 8:00",
                                        "2月30日 8:00", "明天早读", "第九节",  "明天 第三节"};
    static const char *const others[] = {"TZ-03", "明天", "next", "10", "早读", "KT-01 KT-02", ""};
    for (size_t i = 0; i < COUNT(times); i++) {
        assert_true(order_when_is_like(times[i]));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(order_when_is_like(others[i]));
    }
}

/* As `ketang explain` takes it: what is over may be meant. */
static void a_time_that_is_only_looked_at_is_that_of_the_day_said(void **state)
{
    (void)state;
    struct period periods[] = {{.name = "第二节", .start = 9 * HOUR_S},
                               {.name = "第三节", .start = 11 * HOUR_S}};
    const struct timetable timetable = {.periods = periods, .period_count = COUNT(periods)};
    const struct order_periods known = {.timetable = &timetable};
    /* Said on Thursday at 10:30. */
    static const struct {
        const char *text;
        int days;
        int minutes; /* or the error */
    } cases[] = {
        {"8:05", 0, 485},
        {"10:31", 0, 631},
        {"第二节", 0, 540},
        {"第三节", 0, 660},
        {"昨天 第三节", -1, 660},
        {"yesterday 10:20", -1, 620},
        {"周四 第二节", 0, 540},
        {"周三 8:00", 6, 480},
        {"2026-11-20T08:40", -6, 520},
        {"明天第三节", 1, 660},
        {"2027-02-29 8:00", 0, -EDOM},
        {"明天 第四节", 0, -EINVAL},
        {"tomorrow", 0, -EINVAL},
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int64_t now_ms = (MIDNIGHT_S + 10 * HOUR_S + 1800) * 1000;
        int64_t frame = 0;
        const int result = order_when_look(cases[i].text, &known, zone, now_ms, &frame);
        const int64_t wanted =
            (MIDNIGHT_S + (int64_t)cases[i].days * DAY_S + cases[i].minutes * 60LL) *
            FRAMES_PER_SECOND;
        if (cases[i].minutes < 0 ? result != cases[i].minutes : result != 0 || frame != wanted) {
            fail_msg("'%s' is %lld frames off, result %d", cases[i].text,
                     (long long)(frame - wanted), result);
        }
    }
    zone_close(zone);
}

/* By night the small hours to come are meant; in the morning those of the night are over. */
static void a_clock_alone_is_of_the_hours_to_come(void **state)
{
    (void)state;
    static const struct {
        int64_t now; /* minute of Thursday */
        const char *text;
        int64_t minutes; /* or the error */
    } cases[] = {
        {23 * 60 + 50, "0:10", 1440 + 10}, {23 * 60 + 50, "8:00", 1440 + 480},
        {23 * 60 + 50, "23:40", -ERANGE},  {23 * 60 + 50, "12:30", -ERANGE},
        {7 * 60 + 55, "0:10", -ERANGE},    {0, "23:50", 1430},
    };
    struct zone *zone = NULL;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t frame = 0;
        const int64_t now_ms = (MIDNIGHT_S + cases[i].now * 60) * 1000;
        const int result = order_when_read(cases[i].text, NULL, zone, now_ms, &frame);
        assert_int_equal(result, cases[i].minutes < 0 ? cases[i].minutes : 0);
        assert_true(result < 0 ||
                    frame == (MIDNIGHT_S + cases[i].minutes * 60) * FRAMES_PER_SECOND);
    }
    zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_orders_are_read_as_operators_say_them),
        cmocka_unit_test(small_hours_belong_to_the_evening_before),
        cmocka_unit_test(a_time_that_is_only_looked_at_is_that_of_the_day_said),
        cmocka_unit_test(a_clock_alone_is_of_the_hours_to_come),
        cmocka_unit_test(a_period_or_a_day_that_there_is_not_is_told_with_those_there_are),
        cmocka_unit_test(what_can_only_be_a_time_is_known_as_one),
        cmocka_unit_test(periods_are_times_of_their_timetable),
    };
    return cmocka_run_group_tests_name("order_when", tests, NULL, NULL);
}
