/* SPDX-License-Identifier: MIT */
/*
 * The readiness board: stories of single slots, minute by minute.  That it
 * says what the plan has is test_ready_weeks.c's affair.
 */
#include "scheduler/ready.h"
#include "scheduler/ready_text.h"
#include "tests/support/week_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CUTOFF_MS = 15 * 60000, MINUTE_MS = 60000 };

/* --- One slot, minute by minute ----------------------------------------------------------------
 */

/* A lesson A with a substitute, Monday at 8:00, repeated at 18:00. */
static const char one_lesson[] =
    "format: 1\nchannel: a\nlessons:\n"
    "  - {house_number: A, title: 荷花, subject: 语文, grade: 三年级, substitute: S}\n"
    "periods: [{name: p, start: 8:00, end: 8:20}]\ndays: [周一]\ngrid: {p: [A]}\n"
    "repeats: {from: 18:00, until: 18:20, pitch: 20}\nfillers: [F]\n";

/* Clears one file for each kind of run. */
struct list_clearance {
    struct clearance clearance; /* first */
    const char *first;
    const char *repeat;
};

static bool is_on_list(const struct clearance *self, const struct airing *airing)
{
    const struct list_clearance *list = (const struct list_clearance *)self;
    const char *cleared = airing->is_repeat ? list->repeat : list->first;
    return cleared != NULL && strcmp(cleared, airing->sha256) == 0;
}

static void survey(const struct week_bench *bench, struct ready_board *board)
{
    const struct compile_input input = {.timetable = bench->timetable,
                                        .library = bench->library,
                                        .profile = bench->profile,
                                        .zone = bench->zone,
                                        .from = week_bench_frame(bench, "2020-02-17", "00:00"),
                                        .to = week_bench_frame(bench, "2020-02-18", "00:00"),
                                        .clearance = bench->clearance,
                                        .cutoff_ms = CUTOFF_MS};
    *board = (struct ready_board){0};
    assert_int_equal(ready_survey(&input, "a", board), 0);
    ready_sort(board);
}

static void add_file_to(struct week_bench *bench,
                        int (*add)(struct library *library, const struct library_asset *asset),
                        const char *house_number, int64_t created_ms)
{
    char number[8];
    snprintf(number, sizeof(number), "%s", house_number);
    struct library_asset asset = {.house_number = number,
                                  .profile = bench->profile->name,
                                  .duration = 20 * MINUTE_FRAMES,
                                  .created_ms = created_ms};
    snprintf(asset.sha256, sizeof(asset.sha256), "%064x", (unsigned)++bench->assets);
    assert_int_equal(add(bench->library, &asset), 0);
}

static void add_file(struct week_bench *bench, const char *house_number, int64_t created_ms)
{
    add_file_to(bench, library_add, house_number, created_ms);
}

enum { NEVER = 0 };

/* How the first run stands at minutes before its start. */
struct story {
    const char *name;
    int file_min;       /* the file comes so many minutes before the start; NEVER: it does not */
    int substitute_min; /* the same of the substitute's */
    bool is_approved;
    enum media_state state;
    const char *airs;
    enum ready_urgency at_61, at_59, at_16, at_14;
};

static void check_story(const struct story *story)
{
    struct week_bench bench;
    struct ready_board board;
    struct list_clearance nobody = {.clearance = {.may_air = is_on_list}};
    week_bench_parse(&bench, one_lesson, NULL);
    const int64_t start_ms =
        week_bench_frame(&bench, "2020-02-17", "08:00") / FRAMES_PER_SECOND * 1000;
    bench.clearance = story->is_approved ? NULL : &nobody.clearance;
    if (story->file_min != NEVER) {
        add_file(&bench, "A", start_ms - (int64_t)story->file_min * MINUTE_MS);
    }
    if (story->substitute_min != NEVER) {
        add_file(&bench, "S", start_ms - (int64_t)story->substitute_min * MINUTE_MS);
    }
    survey(&bench, &board);
    const struct ready_row *row = &board.rows[0];
    const struct {
        int minutes;
        enum ready_urgency urgency;
    } moments[] = {{61, story->at_61}, {59, story->at_59}, {16, story->at_16}, {14, story->at_14}};
    if (row->state != story->state || strcmp(row->airs, story->airs) != 0) {
        fail_msg("%s: state %d, airs '%s'", story->name, row->state, row->airs);
    }
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        const int64_t now_ms = start_ms - (int64_t)moments[i].minutes * MINUTE_MS;
        if (ready_urgency(row, now_ms, CUTOFF_MS) != moments[i].urgency) {
            fail_msg("%s: %d minutes before", story->name, moments[i].minutes);
        }
    }
    ready_finish(&board);
    week_bench_finish(&bench);
}

static void a_slot_is_warned_of_at_60_and_decided_at_15_minutes(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {"nothing is there", NEVER, NEVER, true, MEDIA_MISSING, "", READY_CALM, READY_DUE,
         READY_DUE, READY_DECIDED},
        {"the substitute is there", NEVER, 900, true, MEDIA_MISSING, "S", READY_CALM, READY_DUE,
         READY_DUE, READY_DECIDED},
        {"the substitute came too late", NEVER, 14, true, MEDIA_MISSING, "", READY_CALM, READY_DUE,
         READY_DUE, READY_DECIDED},
        {"not approved", 900, 900, false, MEDIA_UNAPPROVED, "", READY_CALM, READY_DUE, READY_DUE,
         READY_DECIDED},
        {"in time", 16, 900, true, MEDIA_READY, "A", READY_CALM, READY_CALM, READY_CALM,
         READY_CALM},
        {"at the cutoff", 15, 900, true, MEDIA_LATE, "S", READY_CALM, READY_DUE, READY_DUE,
         READY_DECIDED},
        {"too late", 14, 900, true, MEDIA_LATE, "S", READY_CALM, READY_DUE, READY_DUE,
         READY_DECIDED},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check_story(&stories[i]);
    }
}

/* Without media for the fillers, too, it is the slate. */
static void what_airs_instead_is_what_there_is(void **state)
{
    (void)state;
    static const char *const expected[] = {"the slate airs instead", "fillers air instead"};
    for (int i = 0; i < 2; i++) {
        struct week_bench bench;
        struct ready_board board;
        char text[READY_TEXT_SIZE];
        week_bench_parse(&bench, one_lesson, NULL);
        if (i == 1) {
            week_bench_add(&bench, "F", ASSET_FILLER, MINUTE_FRAMES);
        }
        survey(&bench, &board);
        assert_string_equal(ready_instead_text(&board.rows[0], text), expected[i]);
        ready_finish(&board);
        week_bench_finish(&bench);
    }
}

/* The first run has no file, and needs none: its repeat does. */
static void what_an_order_replaced_is_not_wanting(void **state)
{
    (void)state;
    struct week_bench bench = {0};
    struct ready_board board;
    week_bench_parse(&bench, one_lesson, NULL);
    survey(&bench, &board);
    struct plan *plan = plan_create();
    assert_non_null(plan);
    const struct plan_event replacement = {.seq = 1,
                                           .start = week_bench_frame(&bench, "2020-02-17", "08:00"),
                                           .duration = 20 * MINUTE_FRAMES,
                                           .kind = EVENT_LESSON,
                                           .asset = "",
                                           .house_number = "X",
                                           .instead_of = "A",
                                           .amendment = 4};
    assert_int_equal(plan_append(plan, &replacement), 0);
    assert_true(ready_is_wanting(&board.rows[0]) && ready_is_wanting(&board.rows[1]));
    assert_int_equal(ready_mark_replaced(&board, 0, plan), 0);
    assert_false(ready_is_wanting(&board.rows[0]));
    assert_int_equal(board.rows[0].state, MEDIA_REPLACED);
    assert_int_equal(board.rows[0].order, 4);
    assert_string_equal(board.rows[0].airs, "X");
    assert_string_equal(board.rows[1].house_number, "A");
    assert_true(ready_is_wanting(&board.rows[1]));
    plan_destroy(plan);
    ready_finish(&board);
    week_bench_finish(&bench);
}

/* The slate lies over the first run while it is on the air, over the repeat not. */
static void the_slot_that_an_order_lies_over_is_marked(void **state)
{
    (void)state;
    struct week_bench bench = {0};
    struct ready_board board;
    week_bench_parse(&bench, one_lesson, NULL);
    survey(&bench, &board);
    struct plan *plan = plan_create();
    assert_non_null(plan);
    const int64_t start = board.rows[0].start;
    const struct plan_amendment orders[] = {
        {.id = 3, .kind = "slate", .from = start + 100, .until = AMENDMENT_OPEN},
        {.id = 4, .kind = "insert", .from = start + 200, .until = start + 300},
        {.id = 5, .kind = "insert", .from = start, .until = AMENDMENT_OPEN, .is_undone = true},
    };
    static const int64_t over[] = {0, 3, 4, 3}; /* at 0, 100, ... */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(plan_append_amendment(plan, &orders[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        board.rows[0].over = 0;
        ready_mark_over(&board, 0, plan, start + (int64_t)i * 100);
        assert_int_equal(board.rows[0].over, over[i]);
    }
    assert_string_equal(board.rows[0].over_kind, "slate");
    assert_int_equal(board.rows[1].over, 0);
    plan_destroy(plan);
    ready_finish(&board);
    week_bench_finish(&bench);
}

static void a_late_file_is_ready_for_the_repeat(void **state)
{
    (void)state;
    struct week_bench bench;
    struct ready_board board;
    week_bench_parse(&bench, one_lesson, NULL);
    add_file(&bench, "A",
             week_bench_frame(&bench, "2020-02-17", "07:50") / FRAMES_PER_SECOND * 1000);
    survey(&bench, &board);
    assert_int_equal(board.count, 3); /* and the filler, which has no time */
    assert_int_equal(board.rows[0].run, READY_FIRST_RUN);
    assert_int_equal(board.rows[0].state, MEDIA_LATE);
    assert_string_equal(board.rows[0].title, "语文 荷花");
    assert_string_equal(board.rows[0].grade, "三年级");
    assert_int_equal(board.rows[1].run, READY_REPEAT);
    assert_int_equal(board.rows[1].state, MEDIA_READY);
    assert_int_equal(board.rows[2].run, READY_FILLER);
    assert_int_equal(board.rows[2].start, READY_NO_TIME);
    assert_int_equal(board.rows[2].state, MEDIA_MISSING);
    ready_finish(&board);
    week_bench_finish(&bench);
}

static void an_approved_file_is_ready_while_a_newer_one_waits_for_approval(void **state)
{
    (void)state;
    struct week_bench bench;
    struct ready_board board;
    struct list_clearance list = {.clearance = {.may_air = is_on_list}};
    week_bench_parse(&bench, one_lesson, NULL);
    add_file(&bench, "A", 1000);
    char older[SHA256_HEX_SIZE];
    snprintf(older, sizeof(older), "%s",
             library_find(bench.library, bench.profile->name, "A")->sha256);
    add_file(&bench, "A", 2000);
    list.first = older;
    bench.clearance = &list.clearance;
    survey(&bench, &board);
    assert_int_equal(board.rows[0].state, MEDIA_READY);
    assert_int_equal(board.rows[0].newest, MEDIA_UNAPPROVED);
    assert_false(ready_is_wanting(&board.rows[0]));
    assert_int_equal(board.rows[1].state, MEDIA_UNAPPROVED); /* neither for the repeat */
    assert_true(ready_is_wanting(&board.rows[1]));
    ready_finish(&board);
    week_bench_finish(&bench);
}

/* Whoever reads "missing" would look for a file that he has ingested. */
static void a_damaged_file_is_told_as_one_until_another_takes_its_place(void **state)
{
    (void)state;
    static const struct {
        int64_t sound_ms; /* 0: there is none */
        enum media_state state, newest;
    } cases[] = {{0, MEDIA_DAMAGED, MEDIA_DAMAGED},
                 {1000, MEDIA_READY, MEDIA_DAMAGED},
                 {3000, MEDIA_READY, MEDIA_READY}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct week_bench bench;
        struct ready_board board;
        week_bench_parse(&bench, one_lesson, NULL);
        add_file_to(&bench, library_add_damaged, "A", 2000);
        add_file_to(&bench, library_add_damaged, "F", 2000); /* the filler */
        if (cases[i].sound_ms > 0) {
            add_file(&bench, "A", cases[i].sound_ms);
        }
        survey(&bench, &board);
        const struct ready_row *row = &board.rows[0];
        assert_int_equal(row->state, cases[i].state);
        assert_int_equal(row->newest, cases[i].newest);
        assert_int_equal(ready_is_wanting(row), row->state == MEDIA_DAMAGED);
        assert_int_equal(board.rows[2].state, MEDIA_DAMAGED);
        ready_finish(&board);
        week_bench_finish(&bench);
    }
}

static void a_live_slot_needs_no_file_but_the_substitute_that_was_declared(void **state)
{
    (void)state;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n  - {house_number: A, title: a, live: studio}\n"
        "  - {house_number: B, title: b, live: studio, substitute: S}\n"
        "periods: [{name: p, start: 8:00, end: 8:20}, {name: q, start: 9:00, end: 9:20}]\n"
        "days: [周一]\ngrid: {p: [A], q: [B]}\nrepeats: {from: 18:00, until: 18:40, pitch: 20}\n";
    struct week_bench bench;
    struct ready_board board;
    week_bench_parse(&bench, text, NULL);
    survey(&bench, &board);
    assert_int_equal(board.rows[0].state, MEDIA_LIVE);
    assert_false(ready_is_wanting(&board.rows[0]));
    assert_int_equal(board.rows[1].state, MEDIA_LIVE);
    assert_int_equal(board.rows[1].substitute_state, MEDIA_MISSING);
    assert_true(ready_is_wanting(&board.rows[1]));
    assert_int_equal(board.rows[2].state, MEDIA_MISSING); /* the recording */
    assert_true(board.rows[2].is_recording);
    ready_finish(&board);
    add_file(&bench, "S", 1000);
    survey(&bench, &board);
    assert_false(ready_is_wanting(&board.rows[1]));
    assert_string_equal(board.rows[1].airs, "S");
    ready_finish(&board);
    week_bench_finish(&bench);
}

/* The first lesson ripples, and leaves the second one two seconds before what is fixed. */
static void media_for_which_there_is_no_room_left_is_not_ready(void **state)
{
    (void)state;
    static const char text[] = "format: 1\nchannel: a\nlessons:\n  - {house_number: A, title: a}\n"
                               "  - {house_number: B, title: b}\n  - {house_number: C, title: c}\n"
                               "periods:\n  - {name: p, start: 8:00, end: 8:20, overrun: ripple}\n"
                               "  - {name: q, start: 8:21, end: 8:22}\n"
                               "  - {name: r, start: 8:22, end: 8:42, fixed: true}\n"
                               "days: [周一]\ngrid: {p: [A], q: [B], r: [C]}\n";
    struct week_bench bench;
    struct ready_board board;
    week_bench_parse(&bench, text, NULL);
    week_bench_add(&bench, "A", ASSET_LESSON, 22 * MINUTE_FRAMES - 51);
    week_bench_add(&bench, "B", ASSET_LESSON, MINUTE_FRAMES);
    week_bench_add(&bench, "C", ASSET_LESSON, 20 * MINUTE_FRAMES);
    survey(&bench, &board);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-17", "08:21:59");
    assert_int_equal(event->kind, EVENT_SLATE);
    assert_int_equal(board.rows[1].start, event->start);
    assert_int_equal(board.rows[1].state, MEDIA_UNFIT);
    assert_string_equal(board.rows[1].airs, "");
    assert_int_equal(board.rows[2].state, MEDIA_READY);
    plan_destroy(plan);
    ready_finish(&board);
    week_bench_finish(&bench);
}

static void breaks_and_relays_need_media_and_know_no_cutoff(void **state)
{
    (void)state;
    static const char text[] =
        "format: 1\nchannel: a\nperiods: []\ndays: [周一]\n"
        "breaks: [{name: 眼保健操, start: 9:30, end: 9:35, house_number: EYE, when: always},\n"
        "  {name: 课间, start: 10:00, end: 10:10, when: always}]\n"
        "relays: [{name: 新闻, start: 19:00, end: 19:30, house_number: NEWS, when: always}]\n"
        "presentation: {next: {house_number: NEXT, length: 0:20}}\n";
    struct week_bench bench;
    struct ready_board board;
    week_bench_parse(&bench, text, NULL);
    add_file(&bench, "NEWS",
             week_bench_frame(&bench, "2020-02-17", "18:59") / FRAMES_PER_SECOND * 1000);
    survey(&bench, &board);
    assert_int_equal(board.count, 3); /* a break without media is filled */
    assert_string_equal(board.rows[0].house_number, "EYE");
    assert_int_equal(board.rows[0].run, READY_SHARED);
    const int64_t start_ms = ready_start_ms(&board.rows[0]);
    assert_int_equal(ready_urgency(&board.rows[0], start_ms - MINUTE_MS, CUTOFF_MS), READY_DUE);
    assert_int_equal(ready_urgency(&board.rows[0], start_ms, CUTOFF_MS), READY_DECIDED);
    assert_int_equal(board.rows[1].run, READY_RELAY);
    assert_int_equal(board.rows[1].state, MEDIA_READY);
    assert_int_equal(board.rows[2].run, READY_CARD);
    assert_int_equal(board.rows[2].state, MEDIA_MISSING);
    ready_finish(&board);
    week_bench_finish(&bench);
}

static void a_closed_day_needs_what_it_had_when_it_was_closed(void **state)
{
    (void)state;
    struct week_bench closed;
    struct week_bench bench;
    struct ready_board board = {0};
    week_bench_parse(&closed, one_lesson, NULL);
    week_bench_open_week(&bench, "fillers: [G]\n", "");
    struct frozen_day day = {.date = week_bench_date("2020-02-17"), .timetable = closed.timetable};
    const struct frozen_days frozen = {&day, 1};
    const struct compile_input input = {.timetable = bench.timetable,
                                        .frozen = &frozen,
                                        .library = bench.library,
                                        .profile = bench.profile,
                                        .zone = bench.zone,
                                        .from = week_bench_frame(&bench, "2020-02-17", "00:00"),
                                        .to = week_bench_frame(&bench, "2020-02-19", "00:00")};
    assert_int_equal(ready_survey(&input, "a", &board), 0);
    ready_sort(&board);
    static const char *const numbers[] = {"A", "A", "L2", "F", "G"};
    assert_int_equal(board.count, 5);
    for (size_t i = 0; i < board.count; i++) {
        assert_string_equal(board.rows[i].house_number, numbers[i]);
    }
    ready_finish(&board);
    week_bench_finish(&bench);
    week_bench_finish(&closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_is_warned_of_at_60_and_decided_at_15_minutes),
        cmocka_unit_test(what_airs_instead_is_what_there_is),
        cmocka_unit_test(what_an_order_replaced_is_not_wanting),
        cmocka_unit_test(the_slot_that_an_order_lies_over_is_marked),
        cmocka_unit_test(a_late_file_is_ready_for_the_repeat),
        cmocka_unit_test(an_approved_file_is_ready_while_a_newer_one_waits_for_approval),
        cmocka_unit_test(a_damaged_file_is_told_as_one_until_another_takes_its_place),
        cmocka_unit_test(a_live_slot_needs_no_file_but_the_substitute_that_was_declared),
        cmocka_unit_test(media_for_which_there_is_no_room_left_is_not_ready),
        cmocka_unit_test(breaks_and_relays_need_media_and_know_no_cutoff),
        cmocka_unit_test(a_closed_day_needs_what_it_had_when_it_was_closed),
    };
    return cmocka_run_group_tests_name("ready", tests, NULL, NULL);
}
