/* SPDX-License-Identifier: MIT */
/* What the as-run record says of a day, with frames in place of a clock. */
#include "playout/as_run.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-24 08:00 in China. */
#define MORNING (INT64_C(1795478400) * FRAMES_PER_SECOND)

enum { RECORDS = 64, LESSON = 3000 };

#define ASSET_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ASSET_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* A sink that keeps the lines. */
struct keeper {
    struct as_run_sink sink; /* first */
    const struct zone *zone;
    json_t *records[RECORDS];
    size_t count;
};

struct scene {
    struct zone *zone;
    struct keeper keeper;
    struct as_run as_run;
    struct history history;
    struct journal journal;
};

static int keep(struct as_run_sink *sink, const struct as_run_record *record)
{
    struct keeper *keeper = (struct keeper *)sink;
    char *text = as_run_record_json(record, keeper->zone);
    assert_true(keeper->count < RECORDS);
    keeper->records[keeper->count] = json_loads(text, 0, NULL);
    assert_non_null(keeper->records[keeper->count]);
    keeper->count++;
    free(text);
    return 0;
}

static int64_t any_length(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? 240 : 100000;
}

static const struct media_lengths LENGTHS = {.length = any_length};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_int_equal(zone_open("Asia/Shanghai", &scene->zone), 0);
    scene->keeper.sink.write = keep;
    scene->keeper.zone = scene->zone;
    assert_int_equal(history_begin(&scene->history, 240), 0);
    as_run_init(&scene->as_run, &scene->keeper.sink, scene->zone, MORNING);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < scene->keeper.count; i++) {
        json_decref(scene->keeper.records[i]);
    }
    as_run_finish(&scene->as_run);
    history_finish(&scene->history);
    journal_finish(&scene->journal);
    zone_close(scene->zone);
    free(scene);
    return 0;
}

static char *second_reason; /* why the second lesson is there; NULL: nothing is said */

/* Three lessons of LESSON frames, the first `late` frames after the morning; the second may be cut.
 */
static struct plan *make_plan(int64_t late, int64_t second_duration)
{
    struct plan *plan = plan_create();
    const struct plan_amendment order = {.id = 1, .kind = "slate", .reason = "领导讲话"};
    char title[] = "语文";
    char reason[] = "领导讲话; joined in progress at its frame 504";
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    int64_t start = MORNING + late;
    for (int64_t seq = 1; seq <= 3; seq++) {
        struct plan_event event = {.seq = seq,
                                   .programme = seq,
                                   .start = start,
                                   .duration = seq == 2 ? second_duration : LESSON,
                                   .asset = ASSET_A,
                                   .title = title,
                                   .reason = seq == 2 ? second_reason : NULL};
        assert_int_equal(plan_append(plan, &event), 0);
        start += event.duration;
        if (seq == 2 && second_duration < LESSON) {
            struct plan_event slate = {.seq = 100,
                                       .programme = 100,
                                       .start = start,
                                       .duration = LESSON - second_duration,
                                       .kind = EVENT_SLATE,
                                       .amendment = 1,
                                       .reason = reason};
            assert_int_equal(plan_append(plan, &slate), 0);
            start += slate.duration;
        }
    }
    return plan;
}

static void adopt(struct scene *scene, int64_t frame, struct plan *plan)
{
    struct timeline *timeline = timeline_create(plan, &LENGTHS);
    assert_non_null(timeline);
    const struct tape_step step = {.frame = frame, .timeline = timeline};
    assert_int_equal(history_push(&scene->history, &step), 0);
}

/* Ten times a second, as the engine does. */
static void walk(struct scene *scene, int64_t until)
{
    for (int64_t frame = scene->as_run.frontier; frame < until; frame += 3) {
        assert_int_equal(
            as_run_advance(&scene->as_run, &scene->history, &scene->journal, frame + 12), 0);
    }
}

static int64_t number(const struct scene *scene, size_t i, const char *key)
{
    assert_true(i < scene->keeper.count);
    return json_integer_value(json_object_get(scene->keeper.records[i], key));
}

static const char *text(const struct scene *scene, size_t i, const char *key)
{
    const char *value = json_string_value(json_object_get(scene->keeper.records[i], key));
    return value != NULL ? value : "";
}

static void every_event_gets_one_record_before_the_next_begins(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(250, LESSON));
    walk(scene, MORNING + 250);
    assert_int_equal(scene->keeper.count, 1); /* the slate before */
    assert_string_equal(text(scene, 0, "kind"), "slate");
    assert_int_equal(number(scene, 0, "duration"), 250);
    walk(scene, MORNING + 250 + LESSON);
    assert_int_equal(scene->keeper.count, 2);
    walk(scene, MORNING + 250 + 3 * LESSON + 100);
    assert_int_equal(scene->keeper.count, 4);
    for (int64_t i = 1; i <= 3; i++) {
        assert_int_equal(number(scene, (size_t)i, "seq"), i);
        assert_int_equal(number(scene, (size_t)i, "start"), MORNING + 250 + (i - 1) * LESSON);
        assert_int_equal(number(scene, (size_t)i, "duration"), LESSON);
        assert_string_equal(text(scene, (size_t)i, "reason"), "");
    }
    assert_string_equal(text(scene, 1, "start_time"), "2026-11-24 08:00:10.000 +0800");
}

static void an_event_cut_by_an_amendment_says_why(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    walk(scene, MORNING + LESSON + 500);
    adopt(scene, MORNING + LESSON + 600, make_plan(0, 960));
    walk(scene, MORNING + 3 * LESSON + 100);
    assert_int_equal(scene->keeper.count, 4);
    assert_int_equal(number(scene, 1, "seq"), 2);
    assert_int_equal(number(scene, 1, "planned_duration"), LESSON);
    assert_int_equal(number(scene, 1, "duration"), 960);
    assert_string_equal(text(scene, 1, "reason"), "领导讲话");
    assert_string_equal(text(scene, 2, "kind"), "slate");
    assert_string_equal(text(scene, 2, "reason"), "领导讲话; joined in progress at its frame 504");
    assert_int_equal(number(scene, 3, "start"), MORNING + 2 * LESSON);
}

/* The slate of an order, open or ended for a lesson that comes late by it. */
static struct plan *make_slate(bool is_ended)
{
    const struct plan_amendment order = {.id = 4, .kind = "slate", .reason = "信号"};
    const struct plan_event slate = {.seq = 1,
                                     .start = MORNING,
                                     .duration = is_ended ? 960 : LESSON,
                                     .kind = EVENT_SLATE,
                                     .reason = "信号",
                                     .amendment = 4};
    const struct plan_event lesson = {.seq = 2,
                                      .start = MORNING + 960,
                                      .duration = LESSON,
                                      .asset = ASSET_A,
                                      .reason = "0:38 later than planned, by order 4",
                                      .amendment = 4};
    struct plan *plan = plan_create();
    assert_int_equal(plan_append_amendment(plan, &order), 0);
    assert_int_equal(plan_append(plan, &slate), 0);
    assert_int_equal(is_ended ? plan_append(plan, &lesson) : 0, 0);
    return plan;
}

static void what_an_order_put_on_the_air_is_not_late_by_it(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_slate(false));
    walk(scene, MORNING + 500);
    adopt(scene, MORNING + 600, make_slate(true));
    walk(scene, MORNING + 1000);
    assert_int_equal(scene->keeper.count, 1);
    assert_int_equal(number(scene, 0, "duration"), 960);
    assert_string_equal(text(scene, 0, "reason"), "信号");
}

/* Each revision says why; what it says again is not written again. */
static void a_reason_stands_once(void **state)
{
    struct scene *scene = *state;
    char first[] = "its media is missing";
    char second[] = "its media is missing; cut at its frame 960 by order 1";
    second_reason = first;
    adopt(scene, MORNING, make_plan(0, LESSON));
    walk(scene, MORNING + LESSON + 500);
    second_reason = second;
    adopt(scene, MORNING + LESSON + 600, make_plan(0, 960));
    second_reason = NULL;
    walk(scene, MORNING + 3 * LESSON + 100);
    assert_string_equal(text(scene, 1, "reason"),
                        "its media is missing; cut at its frame 960 by order 1; 领导讲话");
}

/* The order that was to end it has been undone in time: nothing ended it. */
static void what_a_revision_takes_back_is_not_told(void **state)
{
    struct scene *scene = *state;
    char first[] = "joined in progress at its frame 504; cut at its frame 960 by order 9";
    char second[] = "joined in progress at its frame 504";
    second_reason = first;
    adopt(scene, MORNING, make_plan(0, LESSON));
    walk(scene, MORNING + LESSON + 500);
    second_reason = second;
    adopt(scene, MORNING + LESSON + 600, make_plan(0, LESSON));
    second_reason = NULL;
    walk(scene, MORNING + 3 * LESSON + 100);
    assert_string_equal(text(scene, 1, "reason"), second);
    assert_string_equal(text(scene, 2, "reason"), "");
}

static void substitute(struct scene *scene, int64_t frame, int64_t seq, int64_t from,
                       const char *asset)
{
    struct journal_entry *entries =
        realloc(scene->journal.entries, (scene->journal.count + 1) * sizeof(*entries));
    assert_non_null(entries);
    scene->journal.entries = entries;
    struct journal_entry *entry = &entries[scene->journal.count++];
    *entry = (struct journal_entry){
        .kind = JOURNAL_SUBSTITUTE, .frame = frame, .seq = seq, .from = from};
    snprintf(entry->asset, sizeof(entry->asset), "%s", asset);
    entry->reason = strdup("its media is missing");
    const struct tape_step *last = &scene->history.steps[scene->history.count - 1];
    const struct tape_step step = {
        .frame = frame,
        .timeline = timeline_substitute(last->timeline, seq, from, asset, &LENGTHS)};
    assert_int_equal(history_push(&scene->history, &step), 0);
}

static void a_substitution_tells_what_was_aired_and_why(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    substitute(scene, MORNING + 100, 2, MORNING + LESSON, ASSET_B);
    walk(scene, MORNING + 2 * LESSON);
    assert_int_equal(scene->keeper.count, 2);
    assert_string_equal(text(scene, 1, "asset"), ASSET_A);
    assert_string_equal(text(scene, 1, "reason"), "its media is missing");
    const json_t *aired = json_object_get(scene->keeper.records[1], "aired");
    assert_int_equal(json_array_size(aired), 1);
    assert_string_equal(json_string_value(json_array_get(json_array_get(aired, 0), 0)), ASSET_B);
    assert_null(json_object_get(scene->keeper.records[0], "aired"));
}

static void a_fault_half_way_tells_both_parts(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    walk(scene, MORNING + 900);
    substitute(scene, MORNING + 960, 1, MORNING + 1200, "");
    walk(scene, MORNING + LESSON);
    const json_t *aired = json_object_get(scene->keeper.records[0], "aired");
    assert_int_equal(json_array_size(aired), 2);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(aired, 1), 1)),
                     MORNING + 1200);
}

static void silence_ends_up_in_the_records_that_it_touches(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    assert_int_equal(as_run_off_air(&scene->as_run, MORNING + LESSON - 50, MORNING + LESSON + 25),
                     0);
    assert_int_equal(as_run_muted(&scene->as_run, MORNING + 100, MORNING + 150), 0);
    assert_int_equal(as_run_muted(&scene->as_run, MORNING + 150, MORNING + 160), 0);
    walk(scene, MORNING + 3 * LESSON);
    assert_int_equal(number(scene, 0, "duration"), LESSON - 50);
    assert_int_equal(number(scene, 1, "duration"), LESSON - 25);
    assert_int_equal(number(scene, 1, "start"), MORNING + LESSON + 25);
    assert_int_equal(number(scene, 2, "duration"), LESSON);
    const json_t *muted = json_object_get(scene->keeper.records[0], "muted");
    assert_int_equal(json_array_size(muted), 1);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(muted, 0), 1)),
                     MORNING + 160);
    assert_null(json_object_get(scene->keeper.records[2], "interrupted"));
}

/* A crash at 500, back at 700 without knowing the time; it is known at 900, and at 905 all is well.
 */
static void the_slate_for_want_of_the_time_is_told(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    assert_int_equal(as_run_off_air(&scene->as_run, MORNING + 500, MORNING + 905), 0);
    assert_int_equal(as_run_slated(&scene->as_run, MORNING + 700, MORNING + 900), 0);
    walk(scene, MORNING + 2 * LESSON);
    const json_t *off = json_object_get(scene->keeper.records[0], "interrupted");
    const json_t *aired = json_object_get(scene->keeper.records[0], "aired");
    assert_int_equal(number(scene, 0, "duration"), LESSON - 205);
    assert_int_equal(json_array_size(off), 2);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(off, 0), 1)), MORNING + 700);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(off, 1), 0)), MORNING + 900);
    assert_int_equal(json_array_size(aired), 3);
    assert_string_equal(json_string_value(json_array_get(json_array_get(aired, 1), 0)), "");
    assert_int_equal(json_integer_value(json_array_get(json_array_get(aired, 1), 1)),
                     MORNING + 700);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(aired, 2), 1)),
                     MORNING + 900);
    assert_non_null(strstr(text(scene, 0, "reason"), "clock"));
    assert_null(json_object_get(scene->keeper.records[1], "aired"));
}

/* It takes nothing from what is known to have aired. */
static void that_slate_lies_within_what_was_off_the_air(void **state)
{
    static const struct frame_span told[] = {{400, 900}, {500, 950}, {300, 450}, {500, 905}};
    static const int64_t off_air[] = {5, 0, 405, 0};
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        as_run_finish(&scene->as_run);
        as_run_init(&scene->as_run, &scene->keeper.sink, scene->zone, MORNING);
        assert_int_equal(as_run_slated(&scene->as_run, MORNING, MORNING + 10), 0);
        assert_int_equal(as_run_off_air(&scene->as_run, MORNING + 500, MORNING + 905), 0);
        assert_int_equal(
            as_run_slated(&scene->as_run, MORNING + told[i].from, MORNING + told[i].to), 0);
        assert_int_equal(frame_spans_total(&scene->as_run.off_air), off_air[i]);
        assert_int_equal(scene->as_run.slated.to - scene->as_run.slated.from, 405 - off_air[i]);
    }
}

static void the_slate_outside_of_plans_is_recorded_day_by_day(void **state)
{
    struct scene *scene = *state;
    const int64_t midnight = MORNING + INT64_C(16) * 3600 * FRAMES_PER_SECOND;
    as_run_advance(&scene->as_run, &scene->history, &scene->journal,
                   midnight + INT64_C(25) * 3600 * FRAMES_PER_SECOND);
    assert_int_equal(scene->keeper.count, 2);
    assert_int_equal(number(scene, 0, "end"), midnight);
    assert_int_equal(number(scene, 1, "duration"), INT64_C(86400) * FRAMES_PER_SECOND);
}

/* Before the first plan nothing else would tell of it; an event is gone on with. */
static void a_stop_records_the_slate_outside_of_plans_alone(void **state)
{
    struct scene *scene = *state;
    walk(scene, MORNING + 500);
    assert_int_equal(as_run_stop(&scene->as_run, MORNING), 0);
    assert_int_equal(scene->keeper.count, 0);
    assert_int_equal(as_run_stop(&scene->as_run, MORNING + 490), 0);
    assert_int_equal(scene->keeper.count, 1);
    assert_int_equal(number(scene, 0, "start"), MORNING);
    assert_int_equal(number(scene, 0, "end"), MORNING + 490);
    assert_int_equal(as_run_stop(&scene->as_run, MORNING + 490), 0);
    adopt(scene, MORNING + 490, make_plan(490, LESSON));
    walk(scene, MORNING + 1000);
    assert_int_equal(as_run_stop(&scene->as_run, MORNING + 1000), 0);
    assert_int_equal(scene->keeper.count, 1);
}

struct restart {
    const char *what;
    int64_t recorded; /* all from MORNING on; -1: nothing on disk */
    int64_t aired;
    int64_t now;
    int64_t event_start;
    int64_t frontier;
    struct frame_span off_air;
    struct frame_span interruption;
};

static void a_restart_begins_where_the_records_end(void **state)
{
    (void)state;
    static const struct restart table[] = {
        {"the first start, in the middle of an event", -1, -1, 500, 200, 200, {200, 500}, {0, 0}},
        {"killed in the same event", 200, 700, 760, 200, 200, {700, 760}, {0, 0}},
        {"killed in an event before", 200, 700, 9000, 8000, 200, {700, 9000}, {0, 0}},
        {"killed when the record was written already",
         1000,
         995,
         1100,
         1000,
         1000,
         {1000, 1100},
         {995, 1000}},
        {"back before that record ends", 1000, 990, 995, 200, 1000, {0, 0}, {990, 995}},
        {"killed in the first event ever", -1, 700, 800, 200, 200, {700, 800}, {0, 0}},
        {"killed in the first event ever, back in the next",
         -1,
         700,
         2000,
         1500,
         700,
         {700, 2000},
         {0, 0}},
        {"no gap at all", 200, 760, 760, 200, 200, {0, 0}, {0, 0}},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct restart *row = &table[i];
        const int64_t nothing = -1;
        const struct as_run_start start =
            as_run_resume(row->recorded < 0 ? nothing : MORNING + row->recorded,
                          row->aired < 0 ? nothing : MORNING + row->aired, MORNING + row->now,
                          MORNING + row->event_start);
        const int64_t off = row->off_air.to != 0 ? MORNING : 0;
        const int64_t cut = row->interruption.to != 0 ? MORNING : 0;
        if (start.frontier != MORNING + row->frontier ||
            start.off_air.from != off + row->off_air.from ||
            start.off_air.to != off + row->off_air.to ||
            start.interruption.from != cut + row->interruption.from ||
            start.interruption.to != cut + row->interruption.to) {
            fail_msg("%s: frontier %lld, off air %lld to %lld, interruption %lld to %lld",
                     row->what, (long long)(start.frontier - MORNING),
                     (long long)(start.off_air.from - off), (long long)(start.off_air.to - off),
                     (long long)(start.interruption.from - cut),
                     (long long)(start.interruption.to - cut));
        }
    }
}

static void what_was_missed_while_down_is_recorded_as_off_the_air(void **state)
{
    struct scene *scene = *state;
    adopt(scene, MORNING, make_plan(0, LESSON));
    assert_int_equal(as_run_off_air(&scene->as_run, MORNING + 500, MORNING + 2 * LESSON + 100), 0);
    as_run_advance(&scene->as_run, &scene->history, &scene->journal, MORNING + 2 * LESSON + 100);
    assert_int_equal(scene->keeper.count, 2);
    assert_int_equal(number(scene, 0, "duration"), 500);
    assert_int_equal(number(scene, 1, "duration"), 0);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(every_event_gets_one_record_before_the_next_begins),
        IN_SCENE(an_event_cut_by_an_amendment_says_why),
        IN_SCENE(what_an_order_put_on_the_air_is_not_late_by_it),
        IN_SCENE(a_reason_stands_once),
        IN_SCENE(what_a_revision_takes_back_is_not_told),
        IN_SCENE(a_substitution_tells_what_was_aired_and_why),
        IN_SCENE(a_fault_half_way_tells_both_parts),
        IN_SCENE(silence_ends_up_in_the_records_that_it_touches),
        IN_SCENE(that_slate_lies_within_what_was_off_the_air),
        IN_SCENE(the_slate_for_want_of_the_time_is_told),
        IN_SCENE(the_slate_outside_of_plans_is_recorded_day_by_day),
        IN_SCENE(a_stop_records_the_slate_outside_of_plans_alone),
        IN_SCENE(a_restart_begins_where_the_records_end),
        IN_SCENE(what_was_missed_while_down_is_recorded_as_off_the_air),
    };
    return cmocka_run_group_tests_name("as_run", tests, NULL, NULL);
}
