/* SPDX-License-Identifier: MIT */
/* What is told of a week: from timetables, and from the plan in force. */
#include "scheduler/publish/publish_epg.h"

#include "tests/support/publish_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CALENDAR                                                                                   \
    "format: 1\nterms: [{name: 示例, week_1: 2020-02-10, weeks: 20}]\n"                          \
    "dates:\n  - {date: 2020-05-01, until: 2020-05-05, holiday: 劳动节}\n"                      \
    "  - {date: 2020-05-09, runs: 2020-05-05, reason: 调休}\n"                                   \
    "  - {date: 2020-05-08, suspended: 停上, reason: 检修}\n"

#define TIMETABLE                                                                                    \
    "format: 1\nchannel: zhangdian\ncalendar: sample\n"                                              \
    "lessons:\n"                                                                                     \
    "  - {house_number: A, grade: 一年级, subject: 语文, title: 甲, teacher: 示例教师01, " \
    "school: 示例学校}\n"                                                                        \
    "  - {house_number: B, grade: 二年级, subject: 数学, title: 乙, signed: repeat}\n"         \
    "  - {house_number: C, grade: 二年级, title: 丙, live: studio, media: 20, subtitles: "       \
    "repeat}\n"                                                                                      \
    "  - {house_number: E, title: 操, shared: true}\n"                                              \
    "periods:\n  - {name: 第一节, start: 08:00, end: 08:40, media: 20}\n"                         \
    "  - {name: 第二节, start: 09:00, end: 09:40, media: 20}\n"                                   \
    "days: [周一, 周二, 周三, 周四, 周五]\n"                                               \
    "grid:\n  第一节: [A, B, A, B, A]\n  第二节: [B, A, C, E, B]\n"                            \
    "weeks: [{week: 第13周, grid: {第二节: [同, 同, 同, A, 同]}}]\n"                        \
    "breaks: [{name: 课间, start: 08:40, end: 09:00}]\n"                                           \
    "repeats: {of: 当日, from: 18:00, until: 20:00, pitch: 25}\n"                                  \
    "fillers: [{house_number: F, title: 课间休息}]\n"

#define CHANGES "changes: [{date: 2020-05-06, period: 第一节, house_number: B, reason: 换课}]\n"

static const struct publish_case may = {
    .timetable = TIMETABLE, .calendar = CALENDAR, .week = "2020-05-04"};

static const struct epg_entry *must_find(const struct edition *edition, const char *key)
{
    const struct epg_entry *entry = publish_case_find(edition, key);
    if (entry == NULL) {
        fail_msg("there is no '%s'", key);
    }
    return entry;
}

/* --- From the timetable ---------------------------------------------------------------- */

static void a_lesson_is_told_with_all_that_its_timetable_says(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&may);
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 一年级");
    assert_int_equal(lesson->kind, EPG_LESSON);
    assert_int_equal(lesson->start, publish_case_time(&may, "2020-05-06 08:00"));
    assert_int_equal(lesson->stop, publish_case_time(&may, "2020-05-06 08:40"));
    static const struct {
        enum epg_text text;
        const char *expected;
    } texts[] = {{EPG_TITLE, "一年级 语文 甲"}, {EPG_ABOUT, "授课教师：示例教师01（示例学校）"},
                 {EPG_HOUSE_NUMBER, "A"},       {EPG_GRADE, "一年级"},
                 {EPG_SUBJECT, "语文"},         {EPG_LESSON_TITLE, "甲"},
                 {EPG_TEACHER, "示例教师01"},   {EPG_SCHOOL, "示例学校"},
                 {EPG_PERIOD, "第一节"},        {EPG_REASON, ""},
                 {EPG_TIMETABLE_DAY, ""}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(lesson->texts[texts[i].text], texts[i].expected);
    }
    assert_int_equal(edition->channels[0].term_week, 13);
    publish_edition_destroy(edition);
}

static void a_repeat_knows_its_first_run(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&may);
    const struct epg_entry *repeat = must_find(edition, "repeat A 2020-05-06");
    assert_int_equal(repeat->kind, EPG_REPEAT);
    assert_int_equal(repeat->start, publish_case_time(&may, "2020-05-06 18:00"));
    assert_int_equal(repeat->first_run, publish_case_time(&may, "2020-05-06 08:00"));
    publish_edition_destroy(edition);
}

static void what_only_the_repeat_has_is_said_at_the_first_run(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&may);
    const struct epg_entry *first = must_find(edition, "lesson 2020-05-07 08:00 二年级");
    const struct epg_entry *repeat = must_find(edition, "repeat B 2020-05-07");
    assert_true(first->signed_later && !first->is_signed && !first->subtitles_later);
    assert_non_null(strstr(first->texts[EPG_ABOUT], "重播带手语"));
    assert_true(repeat->is_signed && !repeat->signed_later);
    const struct epg_entry *live = must_find(edition, "lesson 2020-05-06 09:00 二年级");
    assert_true(live->is_live && live->subtitles_later && !live->has_subtitles);
    assert_false(must_find(edition, "repeat C 2020-05-06")->is_live);
    publish_edition_destroy(edition);
}

static void holidays_suspended_and_swapped_days_are_told(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&may);
    assert_string_equal(must_find(edition, "day 2020-05-04")->texts[EPG_TITLE], "劳动节 放假");
    assert_int_equal(must_find(edition, "day 2020-05-05")->kind, EPG_DAY_OFF);
    assert_string_equal(must_find(edition, "day 2020-05-08")->texts[EPG_TITLE], "停课：检修");
    const struct epg_entry *swapped = must_find(edition, "day 2020-05-09");
    assert_int_equal(swapped->kind, EPG_DAY_SWAPPED);
    assert_string_equal(swapped->texts[EPG_TITLE], "按5月5日（周二）课表上课");
    assert_int_equal(swapped->stop, publish_case_time(&may, "2020-05-10 00:00"));
    /* Tuesday's lessons, on Saturday. */
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-09 08:00 二年级");
    assert_string_equal(lesson->texts[EPG_TIMETABLE_DAY], "周二");
    assert_null(publish_case_find(edition, "lesson 2020-05-04 08:00 一年级"));
    assert_null(publish_case_find(edition, "day 2020-05-06"));
    publish_edition_destroy(edition);
}

static void layers_of_weeks_and_one_off_changes_are_in_it(void **state)
{
    (void)state;
    const struct publish_case changed = {
        .timetable = TIMETABLE CHANGES, .calendar = CALENDAR, .week = "2020-05-04"};
    struct edition *edition = publish_case_edition(&changed);
    must_find(edition, "lesson 2020-05-07 09:00 一年级"); /* of week 13 */
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 二年级");
    assert_string_equal(lesson->texts[EPG_REASON], "换课");
    must_find(edition, "repeat B 2020-05-06"); /* its repeat follows */
    assert_null(publish_case_find(edition, "repeat A 2020-05-06"));
    publish_edition_destroy(edition);
}

static void shared_media_breaks_and_fillers_are_no_lessons(void **state)
{
    (void)state;
    const struct publish_case other = {
        .timetable = TIMETABLE, .calendar = CALENDAR, .week = "2020-05-11"};
    struct edition *edition = publish_case_edition(&other);
    assert_int_equal(must_find(edition, "other 2020-05-14 09:00")->kind, EPG_OTHER);
    assert_int_equal(must_find(edition, "other 2020-05-14 08:40")->kind, EPG_OTHER);
    assert_int_equal(must_find(edition, "other 2020-05-14 09:40")->kind, EPG_FILLER);
    for (size_t i = 0; i < edition->channels[0].count; i++) {
        assert_string_not_equal(edition->channels[0].entries[i].texts[EPG_HOUSE_NUMBER], "E");
    }
    publish_edition_destroy(edition);
}

static void a_week_begins_and_ends_at_midnight_of_its_zone_also_when_clocks_change(void **state)
{
    (void)state;
    /* On 2026-03-29 clocks go from 02:00 to 03:00: the week has 167 hours. */
    static const char text[] =
        "format: 1\nchannel: zhangdian\nlessons: [{house_number: A, grade: 一年级, title: 甲}]\n"
        "periods: [{name: 第一节, start: 08:00, end: 08:40}]\n"
        "days: [周一, 周六, 周日]\ngrid: {第一节: [A, A, A]}\n"
        "fillers: [{house_number: F, title: 休息}]\n";
    const struct publish_case berlin = {
        .timetable = text, .time_zone = "Europe/Berlin", .week = "2026-03-23"};
    struct edition *edition = publish_case_edition(&berlin);
    const struct epg_entry *before = must_find(edition, "lesson 2026-03-28 08:00 一年级");
    const struct epg_entry *after = must_find(edition, "lesson 2026-03-29 08:00 一年级");
    assert_int_equal(after->start - before->start, 23 * 3600);
    const struct edition_channel *channel = &edition->channels[0];
    const int64_t from = publish_case_time(&berlin, "2026-03-23 00:00");
    int64_t at = from;
    for (size_t i = 0; i < channel->count; i++) {
        assert_int_equal(channel->entries[i].start, at); /* gapless */
        at = channel->entries[i].stop;
    }
    assert_int_equal(at - from, 167 * 3600);
    publish_edition_destroy(edition);
}

/* Sunday's last lesson goes on into Monday: it begins the list, and belongs to the week before. */
static void what_is_on_at_midnight_begins_the_list_joined(void **state)
{
    (void)state;
    static const char text[] =
        "format: 1\nchannel: zhangdian\nlessons: [{house_number: A, grade: 一年级, title: 甲}]\n"
        "periods: [{name: 夜课, start: 23:30, end: 24:30}]\n"
        "days: [周一, 周日]\ngrid: {夜课: [A, A]}\n"
        "fillers: [{house_number: F, title: 休息}]\n";
    const struct publish_case night = {.timetable = text, .week = "2020-05-11"};
    struct edition *edition = publish_case_edition(&night);
    const struct epg_entry *joined = must_find(edition, "lesson 2020-05-10 23:30 一年级");
    assert_ptr_equal(joined, &edition->channels[0].entries[0]);
    assert_true(joined->is_joined);
    assert_int_equal(joined->start, publish_case_time(&night, "2020-05-11 00:00"));
    assert_int_equal(joined->stop, publish_case_time(&night, "2020-05-11 00:30"));
    const struct epg_entry *last = must_find(edition, "lesson 2020-05-17 23:30 一年级");
    assert_false(last->is_joined);
    assert_int_equal(last->stop, publish_case_time(&night, "2020-05-18 00:30"));
    publish_edition_destroy(edition);
}

/* --- The plan in force --------------------------------------------------------------------- */

/* A plan of two programmes on Wednesday morning, the first with a title of its own. */
static struct plan *plan_in_force(void)
{
    const int64_t start = publish_case_time(&may, "2020-05-06 08:00") * FRAMES_PER_SECOND;
    const int64_t minutes = 60 * FRAMES_PER_SECOND;
    const struct plan_event events[] = {
        {.seq = 700,
         .start = start,
         .duration = 40 * minutes,
         .programme = 700,
         .kind = EVENT_FILLER,
         .instead_of = "A",
         .title = "一年级 语文 甲（播出单）"},
        {.seq = 701,
         .start = start + 40 * minutes,
         .duration = 10 * minutes,
         .programme = 701,
         .kind = EVENT_FILLER,
         .title = "课间"},
    };
    struct plan *plan = plan_create();
    plan->channel = strdup("zhangdian");
    plan->next_seq = 900;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(plan_append(plan, &events[i]), 0);
    }
    return plan;
}

static void where_there_is_a_plan_it_is_told_and_the_timetable_elsewhere(void **state)
{
    (void)state;
    struct plan *in_force = plan_in_force();
    struct publish_case planned = may;
    planned.in_force = in_force;
    struct edition *edition = publish_case_edition(&planned);
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 一年级");
    assert_string_equal(lesson->texts[EPG_TITLE], "一年级 语文 甲（播出单）");
    assert_string_equal(lesson->texts[EPG_PERIOD], "第一节");
    /* The break goes on where the plan ends: one entry. */
    const struct epg_entry *pause = must_find(edition, "other 2020-05-06 08:40");
    assert_int_equal(pause->stop, publish_case_time(&may, "2020-05-06 09:00"));
    must_find(edition, "lesson 2020-05-07 08:00 二年级");
    publish_edition_destroy(edition);
    plan_destroy(in_force);
}

static void numbers_go_on_where_the_plan_ends_and_never_repeat(void **state)
{
    (void)state;
    struct plan *in_force = plan_in_force();
    struct publish_case planned = may;
    planned.in_force = in_force;
    struct plan *plan = publish_case_plan(&planned);
    const int64_t start = in_force->events[0].start;
    bool has_known = false;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const struct plan_event *next = event + 1;
        has_known |= event->seq == 700;
        assert_true(event->start >= start || event->seq < 700);
        assert_true(event->start <= start + 50 * 60 * FRAMES_PER_SECOND || event->seq >= 900);
        if (i + 1 < plan->event_count) {
            assert_int_equal(event->start + event->duration, next->start);
            assert_true(next->seq > event->seq);
            assert_true(next->programme >= event->programme);
        }
    }
    assert_true(has_known);
    plan_destroy(plan);
    plan_destroy(in_force);
}

static void a_plan_of_long_ago_says_nothing(void **state)
{
    (void)state;
    struct plan *in_force = plan_in_force();
    struct publish_case late = may;
    late.week = "2020-09-07";
    struct plan *without = publish_case_plan(&late);
    late.in_force = in_force;
    struct plan *with = publish_case_plan(&late);
    assert_int_equal(with->event_count, without->event_count);
    assert_int_equal(with->events[0].seq, without->events[0].seq);
    plan_destroy(with);
    plan_destroy(without);
    plan_destroy(in_force);
}

/* --- Closed days and orders -------------------------------------------------------------- */

#define SWAPPED                                                                                    \
    TIMETABLE "changes:\n"                                                                         \
              "  - {date: 2020-05-06, period: 第一节, house_number: B, reason: 换课}\n"       \
              "  - {date: 2020-05-07, period: 第一节, house_number: A, reason: 换课}\n"

static void a_closed_day_is_told_as_it_was_closed(void **state)
{
    (void)state;
    struct publish_case closed = may;
    closed.timetable = SWAPPED;
    closed.closed = "2020-05-06";
    closed.closed_timetable = TIMETABLE;
    struct edition *edition = publish_case_edition(&closed);
    const struct epg_entry *kept = must_find(edition, "lesson 2020-05-06 08:00 一年级");
    assert_string_equal(kept->texts[EPG_HOUSE_NUMBER], "A");
    assert_string_equal(kept->texts[EPG_PERIOD], "第一节");
    assert_string_equal(kept->texts[EPG_REASON], "");
    const struct epg_entry *repeat = must_find(edition, "repeat A 2020-05-06");
    assert_int_equal(repeat->first_run, kept->start);
    /* The next day is open, and follows the files. */
    const struct epg_entry *open = must_find(edition, "lesson 2020-05-07 08:00 一年级");
    assert_string_equal(open->texts[EPG_REASON], "换课");
    publish_edition_destroy(edition);
}

static void a_lesson_that_only_the_closed_day_knows_is_told(void **state)
{
    (void)state;
    static const char text[] = "format: 1\nchannel: zhangdian\ncalendar: sample\n"
                               "lessons: [{house_number: G, grade: 一年级, title: 旧}]\n"
                               "periods: [{name: 第一节, start: 08:00, end: 08:40}]\n"
                               "days: [周三]\ngrid: {第一节: [G]}\n";
    struct publish_case closed = may;
    closed.closed = "2020-05-06";
    closed.closed_timetable = text;
    struct edition *edition = publish_case_edition(&closed);
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 一年级");
    assert_string_equal(lesson->texts[EPG_LESSON_TITLE], "旧");
    assert_int_equal(lesson->stop, publish_case_time(&may, "2020-05-06 08:40"));
    publish_edition_destroy(edition);
}

/* A plan of one event, from 08:00 to 08:40 on the Wednesday. */
static struct edition *edition_with(const struct plan_event *event)
{
    struct plan *plan = plan_create();
    struct publish_case ordered = may;
    struct plan_event whole = *event;
    whole.start = publish_case_time(&may, "2020-05-06 08:00") * FRAMES_PER_SECOND;
    whole.duration = (int64_t)40 * 60 * FRAMES_PER_SECOND;
    whole.seq = 700;
    whole.programme = 700;
    plan->channel = strdup("zhangdian");
    assert_int_equal(plan_append(plan, &whole), 0);
    ordered.in_force = plan;
    struct edition *edition = publish_case_edition(&ordered);
    plan_destroy(plan);
    return edition;
}

static void what_an_order_put_there_is_told_not_what_it_replaced(void **state)
{
    (void)state;
    const struct plan_event event = {.kind = EVENT_LESSON,
                                     .house_number = "B",
                                     .title = "乙",
                                     .instead_of = "A",
                                     .amendment = 1};
    struct edition *edition = edition_with(&event);
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 二年级");
    assert_null(publish_case_find(edition, "lesson 2020-05-06 08:00 一年级"));
    assert_string_equal(lesson->texts[EPG_HOUSE_NUMBER], "B");
    assert_string_equal(lesson->texts[EPG_SUBJECT], "数学");
    assert_string_equal(lesson->texts[EPG_PERIOD], "第一节");
    publish_edition_destroy(edition);
}

static void what_an_order_put_there_is_no_filler_though_no_timetable_knows_it(void **state)
{
    (void)state;
    const struct plan_event event = {.kind = EVENT_LESSON,
                                     .house_number = "Z",
                                     .title = "外",
                                     .instead_of = "A",
                                     .amendment = 1};
    struct edition *edition = edition_with(&event);
    const struct epg_entry *other = must_find(edition, "other 2020-05-06 08:00");
    assert_int_equal(other->kind, EPG_OTHER);
    assert_string_equal(other->texts[EPG_TITLE], "外");
    publish_edition_destroy(edition);
}

static void a_stand_in_is_told_as_its_lesson_also_when_an_order_moved_it(void **state)
{
    (void)state;
    const struct plan_event event = {.kind = EVENT_FILLER,
                                     .house_number = "F",
                                     .title = "一年级 语文 甲",
                                     .instead_of = "A",
                                     .source = "week.yaml:12",
                                     .amendment = 1};
    struct edition *edition = edition_with(&event);
    const struct epg_entry *lesson = must_find(edition, "lesson 2020-05-06 08:00 一年级");
    assert_string_equal(lesson->texts[EPG_HOUSE_NUMBER], "A");
    publish_edition_destroy(edition);
}

static int finish(void **state)
{
    (void)state;
    publish_case_finish();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_told_with_all_that_its_timetable_says),
        cmocka_unit_test(a_repeat_knows_its_first_run),
        cmocka_unit_test(what_only_the_repeat_has_is_said_at_the_first_run),
        cmocka_unit_test(holidays_suspended_and_swapped_days_are_told),
        cmocka_unit_test(layers_of_weeks_and_one_off_changes_are_in_it),
        cmocka_unit_test(shared_media_breaks_and_fillers_are_no_lessons),
        cmocka_unit_test(a_week_begins_and_ends_at_midnight_of_its_zone_also_when_clocks_change),
        cmocka_unit_test(what_is_on_at_midnight_begins_the_list_joined),
        cmocka_unit_test(where_there_is_a_plan_it_is_told_and_the_timetable_elsewhere),
        cmocka_unit_test(numbers_go_on_where_the_plan_ends_and_never_repeat),
        cmocka_unit_test(a_plan_of_long_ago_says_nothing),
        cmocka_unit_test(a_closed_day_is_told_as_it_was_closed),
        cmocka_unit_test(a_lesson_that_only_the_closed_day_knows_is_told),
        cmocka_unit_test(what_an_order_put_there_is_told_not_what_it_replaced),
        cmocka_unit_test(what_an_order_put_there_is_no_filler_though_no_timetable_knows_it),
        cmocka_unit_test(a_stand_in_is_told_as_its_lesson_also_when_an_order_moved_it),
    };
    return cmocka_run_group_tests_name("publish_epg", tests, NULL, finish);
}
