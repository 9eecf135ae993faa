/* SPDX-License-Identifier: MIT */
/* What the reports say of a day that is over, that is not, and of which nothing is known. */
#include "scheduler/report/report_weekly.h"

#include "tests/support/must.h"
#include "tests/support/report_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* REPORT_END is 11:10:40 UTC. */
static char station_name[] = "示例电视课堂";
static char state_folder[] = "var/state";
static char channel_name[] = "zhangdian";
static char channel_title[] = "张店电视课堂";

struct desk {
    struct report_world *world;
    struct zone *zone;
    struct station station;
    struct transport transport;
    struct service service;
    struct channel_day channel;
    struct report_source source;
    struct report_document document;
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    MUST(desk != NULL && zone_open("Etc/UTC", &desk->zone) == 0);
    desk->world = report_world_create();
    desk->station = (struct station){.name = station_name,
                                     .state = state_folder,
                                     .as_run_days = 3,
                                     .transports = &desk->transport,
                                     .transport_count = 1};
    desk->transport = (struct transport){.services = &desk->service, .service_count = 1};
    desk->service = (struct service){
        .name = channel_name, .title = channel_title, .transport = &desk->transport};
    desk->source = (struct report_source){
        .station = &desk->station, .zone = desk->zone, .catalogue = &desk->world->catalogue};
    report_document_init(&desk->document, desk->zone, 0);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    report_document_finish(&desk->document);
    report_world_destroy(desk->world);
    zone_close(desk->zone);
    free(desk);
    return 0;
}

static void plan_lesson(struct desk *desk, bool is_aired)
{
    const struct report_item lesson = {
        .seq = 1, .end = REPORT_LENGTH, .kind = EVENT_LESSON, .house_number = "L1"};
    report_world_plan(report_world_adopt(desk->world, REPORT_DAY - 10), &lesson);
    if (is_aired) {
        report_world_air(desk->world, &lesson);
    }
}

/* The report of a day that ends `ahead` frames after what is recorded. */
static const struct report_document *report(struct desk *desk, int64_t ahead, int64_t now)
{
    struct channel_day *channel = &desk->channel;
    channel->service = &desk->service;
    channel->day = (struct report_day){.date = "1970-01-01", .from = REPORT_DAY};
    channel->day.to = REPORT_END + ahead;
    channel->until = REPORT_END;
    channel->line_count = desk->world->line_count;
    channel->has_record = channel->line_count > 0;
    channel->revision_count = desk->world->revision_count;
    channel->comparison = *report_world_compare(desk->world);
    channel->ledger = ledger_of(&channel->comparison);
    desk->source.now = now;
    const struct daily_report daily = {channel, 1};
    assert_int_equal(report_daily(&desk->source, &daily, &desk->document), 0);
    return &desk->document;
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' does not say '%s'", text, part);
    }
}

static const char *note_of(const struct report_document *document)
{
    assert_true(document->note_count > 0);
    return document->notes[0];
}

/* The note with these words, or NULL. */
static const char *note_that(const struct report_document *document, const char *words)
{
    size_t i = 0;
    while (i < document->note_count && strstr(document->notes[i], words) == NULL) {
        i++;
    }
    return i < document->note_count ? document->notes[i] : NULL;
}

static void a_day_that_is_over_is_reported_whole(void **state)
{
    struct desk *desk = *state;
    plan_lesson(desk, true);
    const struct report_document *document = report(desk, 0, REPORT_END);
    assert_true(document->is_nil);
    assert_says(document->verdict, "Nil report");
    assert_string_equal(document->tables[0].heading, "Programmes");
}

static void numbers_of_a_day_that_goes_on_say_until_when(void **state)
{
    struct desk *desk = *state;
    plan_lesson(desk, true);
    const struct report_document *document = report(desk, 5000, REPORT_END + 1000);
    assert_false(document->is_nil);
    assert_says(document->verdict, "Until 11:10: nothing off the air");
    assert_null(strstr(document->verdict, "Nil report"));
    assert_says(document->lines[1], "counted until the time beside it");
    for (size_t i = 0; i < 3; i++) {
        assert_says(document->tables[i].heading, "(the day is not over)");
        assert_string_equal(document->tables[i].columns[1].name, "Counted until");
    }
    assert_says(document->tables[1].cells[1].text, "11:10:");
    const struct report_table *ledger = &document->tables[1];
    assert_string_equal(ledger->cells[ledger->cell_count - 1].text, "nil so far");
}

/* One channel tells of an hour less: for that hour nothing can be said of all. */
static void what_is_said_of_all_ends_where_the_first_falls_silent(void **state)
{
    struct desk *desk = *state;
    struct report_document document;
    report_document_init(&document, desk->zone, 0);
    plan_lesson(desk, true);
    (void)report(desk, 5000, REPORT_END + 1000);
    struct channel_day pair[] = {desk->channel, desk->channel};
    pair[1].until -= 3600 * FRAMES_PER_SECOND;
    const struct daily_report daily = {pair, 2};
    assert_int_equal(report_daily(&desk->source, &daily, &document), 0);
    assert_says(document.verdict, "Until 10:10: nothing off the air");
    const struct report_table *ledger = &document.tables[1]; /* each to its own time */
    assert_says(ledger->cells[1].text, "11:10:");
    assert_says(ledger->cells[ledger->column_count + 1].text, "10:10:");
    assert_string_equal(ledger->cells[2 * ledger->column_count + 1].text, "");
    report_document_finish(&document);
}

static void numbers_of_a_week_that_goes_on_say_until_when_for_each_channel(void **state)
{
    struct desk *desk = *state;
    struct report_document document;
    struct weekly_report weekly = {0};
    report_document_init(&document, desk->zone, 0);
    plan_lesson(desk, true);
    (void)report(desk, 5000, REPORT_END + 1000);
    struct channel_day other = desk->channel;
    other.until -= 3600 * FRAMES_PER_SECOND;
    assert_int_equal(weekly_add(&weekly, &desk->source, &desk->channel), 0);
    assert_int_equal(weekly_add(&weekly, &desk->source, &other), 0);
    assert_int_equal(report_weekly(&desk->source, &weekly, 0, &document), 0);
    assert_says(document.lines[1], "each channel is counted until the time that the table by day");
    assert_says(document.verdict, "Until 1970-01-01 10:10: nothing off the air");
    const struct report_table *days = &document.tables[2];
    assert_string_equal(days->columns[2].name, "Counted until");
    assert_string_equal(days->cells[2].text, "11:10:40");
    assert_string_equal(days->cells[days->column_count + 2].text, "10:10:40");
    weekly_finish(&weekly);
    report_document_finish(&document);
}

/* Neither a holiday nor a nil report: nothing was planned that is known, and nothing is written. */
static void a_day_without_record_is_no_day_without_lessons(void **state)
{
    struct desk *desk = *state;
    const struct report_document *document = report(desk, 0, REPORT_END);
    assert_false(document->is_nil);
    assert_says(document->verdict, "No as-run record of this day exists");
    assert_null(strstr(document->verdict, "No lessons"));
    assert_says(note_of(document), "of any day in var/state/asrun/zhangdian");
}

static void the_note_says_why_there_is_no_record(void **state)
{
    enum { DAY_FRAMES = 86400 * FRAMES_PER_SECOND };
    static const struct {
        const char *first;
        const char *last;
        int64_t now;
        const char *note;
    } cases[] = {
        {"1970-01-03", "1970-01-04", REPORT_END + 3 * DAY_FRAMES, "was not on the air before"},
        {"1970-01-03", "1970-01-04", REPORT_END + 4 * DAY_FRAMES, "kept 3 days"},
        {"1969-12-20", "1969-12-31", REPORT_END + DAY_FRAMES, "not running since"},
        {"1969-12-20", "1970-01-02", REPORT_END + DAY_FRAMES, "before and after"},
        {"1969-12-20", "1969-12-31", REPORT_END - 100, "yet"},
    };
    struct desk *desk = *state;
    plan_lesson(desk, false);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(desk->channel.first_record, REPORT_DATE_SIZE, "%s", cases[i].first);
        snprintf(desk->channel.last_record, REPORT_DATE_SIZE, "%s", cases[i].last);
        assert_says(note_of(report(desk, 0, cases[i].now)), cases[i].note);
        report_document_finish(&desk->document);
        report_document_init(&desk->document, desk->zone, 0);
    }
}

/* Neither a nil report nor a holiday: the sheet says from when to when nothing was planned. */
static void the_slate_before_the_first_plan_is_noted(void **state)
{
    static const struct report_item slates[] = {
        {.end = 2000, .kind = EVENT_SLATE},
        {.start = 2000, .end = REPORT_LENGTH, .kind = EVENT_SLATE},
    };
    struct desk *desk = *state;
    report_world_air(desk->world, &slates[0]);
    report_world_air(desk->world, &slates[1]);
    const struct report_document *document = report(desk, 5000, REPORT_END + 1000);
    assert_false(document->is_nil);
    assert_says(document->verdict, "Until 11:10: The slate alone was on the air");
    const struct report_table *ledger = &document->tables[1];
    assert_string_equal(ledger->cells[ledger->cell_count - 1].text, "no plan yet, slate");
    const char *note = note_that(document, "no plan yet");
    assert_non_null(note);
    assert_says(note, "11:06:40 to 11:10:40 there was no plan yet");
}

/* The times of the note would be the same. */
static void a_moment_of_slate_before_the_first_plan_is_not_noted(void **state)
{
    enum { MOMENT = 10 };
    static const struct report_item slate = {.end = MOMENT, .kind = EVENT_SLATE};
    static const struct report_item lesson = {.seq = 1,
                                              .start = MOMENT,
                                              .end = REPORT_LENGTH,
                                              .kind = EVENT_LESSON,
                                              .house_number = "L1"};
    struct desk *desk = *state;
    report_world_plan(report_world_adopt(desk->world, REPORT_DAY + MOMENT), &lesson);
    report_world_air(desk->world, &slate);
    report_world_air(desk->world, &lesson);
    const struct report_document *document = report(desk, 0, REPORT_END + 1000);
    assert_int_equal(desk->channel.comparison.frames[CLASS_WAITING], MOMENT);
    assert_null(note_that(document, "no plan yet"));
}

/* A restart in it is no signal, which counts; there are still no lessons to speak of. */
static void a_restart_before_the_first_plan_is_no_holiday(void **state)
{
    static const struct report_item slate = {.end = REPORT_LENGTH, .kind = EVENT_SLATE};
    struct desk *desk = *state;
    report_world_air(desk->world, &slate);
    report_world_interrupt(desk->world, REPORT_DAY + 2000, REPORT_DAY + 2100);
    const struct report_document *document = report(desk, 0, REPORT_END);
    assert_says(document->verdict, "Off the air 4.00 s");
    assert_null(strstr(document->verdict, "No lessons"));
    const struct report_table *ledger = &document->tables[1];
    assert_string_equal(ledger->cells[ledger->cell_count - 1].text, "no plan yet, slate");
}

/* The as-run record has the new lesson in it. */
static void a_timetable_changed_within_a_lesson_is_noted_with_the_plan_that_holds(void **state)
{
    static const struct report_item items[] = {
        {.seq = 1, .end = 2000, .kind = EVENT_LESSON, .house_number = "L1"},
        {.seq = 2, .start = 2000, .end = REPORT_LENGTH, .kind = EVENT_LESSON, .house_number = "L2"},
    };
    struct desk *desk = *state;
    plan_lesson(desk, false);
    struct plan *later = report_world_adopt(desk->world, REPORT_DAY + 2000);
    for (size_t i = 0; i < 2; i++) {
        report_world_plan(later, &items[i]);
        report_world_air(desk->world, &items[i]);
    }
    report_world_interrupt(desk->world, REPORT_DAY + 3500, REPORT_DAY + 3600);
    const struct report_document *document = report(desk, 0, REPORT_END);
    const char *note = note_that(document, "changed within a programme");
    assert_non_null(note);
    assert_says(note, "at 11:08:00 the timetable");
    assert_says(note, "by the plan of its beginning (L1)");
    assert_says(note, "that of the later plan (L2)");
    assert_null(note_that(document, "at 11:09:00 the timetable"));
}

/* A notice interrupts the new lesson: the timetable was not changed again. */
static void a_change_within_a_lesson_is_noted_once(void **state)
{
    static const struct report_item items[] = {
        {.seq = 1, .end = 2000, .kind = EVENT_LESSON, .house_number = "L1"},
        {.seq = 2, .start = 2000, .end = 3000, .kind = EVENT_LESSON, .house_number = "L2"},
        {3, 3000, 3100, EVENT_LESSON, "L3", .reason = "通知", .amendment = 1},
        {.seq = 4, .start = 3100, .end = REPORT_LENGTH, .kind = EVENT_LESSON, .house_number = "L2"},
    };
    const struct plan_amendment order = {.id = 1,
                                         .kind = "insert",
                                         .from = REPORT_DAY + 3000,
                                         .until = REPORT_DAY + 3100,
                                         .reason = "通知"};
    struct desk *desk = *state;
    size_t count = 0;
    plan_lesson(desk, false);
    struct plan *later = report_world_adopt(desk->world, REPORT_DAY + 2000);
    MUST(plan_append_amendment(later, &order) == 0);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(later, &items[i]);
        report_world_air(desk->world, &items[i]);
    }
    const struct report_document *document = report(desk, 0, REPORT_END);
    for (size_t i = 0; i < document->note_count; i++) {
        count += strstr(document->notes[i], "changed within a programme") != NULL;
    }
    assert_int_equal(count, 1);
}

/* Skipped, then replaced; in the replacement, which names the filler, the engine is restarted. */
static void an_order_within_a_lesson_is_no_change_of_the_timetable(void **state)
{
    static const struct report_item items[] = {
        {.seq = 1, .end = 2000, .kind = EVENT_LESSON, .house_number = "L1"},
        {2, 2000, 3000, EVENT_FILLER, "F1", .reason = "提前结束", .amendment = 1},
        {3, 3000, REPORT_LENGTH, EVENT_LESSON, "L2", "F1", .reason = "错播", .amendment = 2},
    };
    struct desk *desk = *state;
    plan_lesson(desk, false);
    struct plan *later = report_world_adopt(desk->world, REPORT_DAY + 2000);
    for (size_t i = 0; i < 3; i++) {
        const struct plan_amendment order = {.id = (int64_t)i,
                                             .from = REPORT_DAY + items[i].start,
                                             .until = REPORT_END,
                                             .reason = items[i].reason,
                                             .author = "王"};
        MUST(i == 0 || plan_append_amendment(later, &order) == 0);
        report_world_plan(later, &items[i]);
        report_world_air(desk->world, &items[i]);
    }
    report_world_interrupt(desk->world, REPORT_DAY + 3500, REPORT_DAY + 3600);
    const struct report_document *document = report(desk, 0, REPORT_END);
    assert_int_equal(desk->channel.comparison.frames[CLASS_OFF_AIR], 100);
    assert_null(note_that(document, "changed within a programme"));
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(a_day_that_is_over_is_reported_whole),
        AT_DESK(numbers_of_a_day_that_goes_on_say_until_when),
        AT_DESK(what_is_said_of_all_ends_where_the_first_falls_silent),
        AT_DESK(numbers_of_a_week_that_goes_on_say_until_when_for_each_channel),
        AT_DESK(a_day_without_record_is_no_day_without_lessons),
        AT_DESK(the_note_says_why_there_is_no_record),
        AT_DESK(the_slate_before_the_first_plan_is_noted),
        AT_DESK(a_moment_of_slate_before_the_first_plan_is_not_noted),
        AT_DESK(a_restart_before_the_first_plan_is_no_holiday),
        AT_DESK(a_timetable_changed_within_a_lesson_is_noted_with_the_plan_that_holds),
        AT_DESK(a_change_within_a_lesson_is_noted_once),
        AT_DESK(an_order_within_a_lesson_is_no_change_of_the_timetable),
    };
    return cmocka_run_group_tests_name("report_daily", tests, NULL, NULL);
}
