/* SPDX-License-Identifier: MIT */
/*
 * What each kind of order does to a line, one scene after the other.  A line
 * is written as letters: A and B are lessons, N is fixed (news), X is what is
 * ordered, f is filler, m filler in place of a lesson, o a notice that an order inserted, s slate;
 * each with its length in units of 240 frames.
 */
#include "scheduler/order_follow.h"

#include "playout/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Monday 2026-11-23 08:00 +0800, in frames. */
#define MORNING ((1795363200LL + 8 * 3600) * FRAMES_PER_SECOND)

enum { UNIT = 240, TEXT_SIZE = 256 };

static struct station *station;
static struct zone *zone;

static const char assets[][SHA256_HEX_SIZE] = {
    "4100000000000000000000000000000000000000000000000000000000000001",
    "4200000000000000000000000000000000000000000000000000000000000001",
    "4300000000000000000000000000000000000000000000000000000000000001",
    "4e00000000000000000000000000000000000000000000000000000000000001",
    "5800000000000000000000000000000000000000000000000000000000000001",
    "6600000000000000000000000000000000000000000000000000000000000001",
};

static const char *asset_of(char letter)
{
    char start[3];
    snprintf(start, sizeof(start), "%02x",
             (unsigned char)(strchr("mnko", letter) != NULL ? 'f' : letter));
    for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++) {
        if (strncmp(assets[i], start, 2) == 0) {
            return assets[i];
        }
    }
    return "";
}

static int64_t length_of(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? UNIT : 10 * UNIT;
}

/* "A10 f5 N10"; N is fixed, n a notice that is, k a break-in that was ordered before. */
static void make_line(struct line *line, const char *text)
{
    int64_t at = MORNING;
    for (int64_t number = 1; *text != '\0'; number++) {
        const char letter = *text;
        char *end = NULL;
        const int64_t frames = strtol(text + 1, &end, 10) * UNIT;
        const struct line_event item = {.event = {.start = at,
                                                  .duration = frames,
                                                  .kind = strchr("fmnko", letter) != NULL
                                                              ? EVENT_FILLER
                                                          : letter == 's' ? EVENT_SLATE
                                                                          : EVENT_LESSON,
                                                  .asset = asset_of(letter),
                                                  .instead_of = letter == 'm' ? "M" : NULL,
                                                  .is_for_lesson = letter == 'm',
                                                  .is_fixed = strchr("Nnk", letter) != NULL,
                                                  .amendment = strchr("nko", letter) != NULL},
                                        .group = number,
                                        .is_break_in = letter == 'k',
                                        .is_once = letter == 'o'};
        assert_int_equal(line_append(line, &item), 0);
        at += frames;
        text = *end == ' ' ? end + 1 : end;
    }
}

/* In-points in units are added: "A7+3" is the rest of A from 3 on. */
static void write_line(const struct line *line, char text[TEXT_SIZE])
{
    text[0] = '\0';
    for (size_t i = 0; i < line->count; i++) {
        const struct plan_event *event = &line->items[i].event;
        const size_t length = strlen(text);
        const char *asset = event->asset;
        const char letter = asset[0] == '\0'
                                ? (event->kind == EVENT_LIVE ? 'l' : 's')
                                : (char)strtol((char[]){asset[0], asset[1], 0}, NULL, 16);
        assert_int_equal(event->duration % UNIT, 0);
        snprintf(text + length, TEXT_SIZE - length, "%s%c%d", i > 0 ? " " : "", letter,
                 (int)(event->duration / UNIT));
        if (event->in_point > 0) {
            snprintf(text + strlen(text), TEXT_SIZE - strlen(text), "+%d",
                     (int)(event->in_point / UNIT));
        }
    }
}

struct scene {
    const char *line;
    const char *kind;
    const char *mode;
    int from;  /* units */
    int until; /* 0: open, or not said */
    int length;
    char what; /* X: the asset; l: live; 0: nothing */
    const char *result;
};

static const struct scene scenes[] = {
    /* break-ins */
    {"A10 f5 B10 f5", "slate", NULL, 3, 0, 0, 0, "A3 s27"},
    {"A10 f5 B10 f5", "slate", NULL, 3, 6, 0, 0, "A3 s3 A4+6 f5 B10 f5"},
    {"A10 f5 N10 f5", "slate", NULL, 3, 17, 0, 0, "A3 s14 N8+2 f5"},
    {"A10 f5 B10 f5", "slate", "start", 3, 6, 0, 0, "A3 s3 A10 B10 f4"},
    {"A10 f1 N10 f5", "slate", "start", 3, 6, 0, 0, "A3 s3 A5 N10 f5"},
    {"A10 f5 N10 f5", "slate", "start", 3, 17, 0, 0, "A3 s14 N8+2 f5"}, /* never over it */
    {"A10 f5 B10 f5", "emergency", NULL, 3, 6, 0, 'f', "A3 f3 A4+6 f5 B10 f5"},
    {"A10 f5 B10 f5", "live", NULL, 3, 6, 3, 'l', "A3 l3 A4+6 f5 B10 f5"},
    {"A10 f5 B10 f5", "hold", NULL, 10, 18, 0, 'f', "A10 f8 B7+3 f5"},
    /* insert */
    {"A10 f5 B10 f5", "insert", NULL, 3, 0, 4, 'X', "A3 X4 A3+7 f5 B10 f5"},
    {"A10 f5 B10 f5", "insert", "push", 3, 0, 4, 'X', "A3 X4 A7+3 f1 B10 f5"},
    {"A10 B10 f3 B10 f9", "insert", "push", 3, 0, 5, 'X', "A3 X5 A7+3 B10 B10 f7"},
    {"A10 B10 N10 f9", "insert", "push", 3, 0, 5, 'X', "A3 X5 A7+3 B5 N10 f9"},
    {"A10 N10 f9", "insert", "push", 8, 0, 5, 'X', "A8 X2 N10 f9"},
    {"A10 f5 n10 f5", "insert", NULL, 12, 0, 8, 'X', "A10 f2 X3 f10 f5"},
    {"A10 f5 k10 f5", "insert", NULL, 12, 0, 8, 'X', "A10 f2 X8 f5 f5"},
    {"A10 f5 k10 f5", "insert", "push", 12, 0, 8, 'X', "A10 f2 X3 f10 f5"},
    /* what was inserted for that time comes after it, whole; but not where that is fixed */
    {"A10 f5 B10 f5", "insert", NULL, 3, 0, 4, 'X', "A3 X4 A3+7 f5 B10 f5"},
    {"", "insert", NULL, 3, 0, 2, 'X', "A3 X2 X4 A1+9 f5 B10 f5"},
    {"", "insert", NULL, 4, 0, 3, 'X', "A3 X1 X3 X4 f4 B10 f5"},
    {"A10 N10 f5", "insert", NULL, 8, 0, 1, 'X', "A8 X1 A1+9 N10 f5"},
    {"", "insert", NULL, 8, 0, 2, 'X', "A8 X2 N10 f5"},
    {"A10 N10 f5", "insert", NULL, 6, 0, 3, 'X', "A6 X3 A1+9 N10 f5"},
    {"", "insert", NULL, 6, 0, 2, 'X', "A6 X2 f1 A1+9 N10 f5"},
    {"A10 o5 B10 f9", "insert", "push", 3, 0, 4, 'X',
     "A3 X4 A7+3 f5 B10 f5"},                                            /* as long as it is */
    {"N10 B10 f9", "insert", "push", 3, 0, 4, 'X', "N3 X4 N3+7 B10 f9"}, /* it does not move */
    /* a notice that has begun airs to its end first, once; one that is to begin comes behind */
    {"A10 o5 B10 f9", "insert", "push", 12, 0, 4, 'X', "A10 f5 X4 B10 f5"},
    {"A10 o5 o5 B10 f9", "insert", "push", 12, 0, 4, 'X', "A10 f5 X4 f5 B10 f5"},
    {"A10 o5 N10 f9", "insert", "push", 12, 0, 4, 'X', "A10 f5 N10 f9"}, /* no room before it */
    /* extend: what is said of `what` goes on after the end */
    {"A10 B10 f5", "extend", "push", 10, 0, 3, 'f', "A10 f3 B10 f2"},
    {"A10 B10 f5", "extend", NULL, 10, 0, 3, 'f', "A10 f3 B7+3 f5"},
    {"A10 B10 f2 N9 f1", "extend", "push", 10, 0, 3, 'f', "A10 f3 B9 N9 f1"},
    {"A10 N10 f5", "extend", "push", 10, 0, 3, 'f', "A10 N10 f5"}, /* no room */
    /* replace and skip */
    {"A10 f5 B10 f5", "replace", NULL, 15, 0, 6, 'X', "A10 f5 X6 f4 f5"},
    {"A10 f5 N10 f5", "replace", NULL, 15, 0, 14, 'X', "A10 f5 X10 f5"},
    {"A10 f5 B10 f5", "replace", "loop", 15, 0, 4, 'X', "A10 f5 X4 X4 X2 f5"},
    {"A10 f5 B10 f5", "replace", "whole", 15, 0, 4, 'X', "A10 f5 X4 X4 f2 f5"},
    {"A10 f5 N10 f5", "replace", "loop", 15, 0, 14, 'X', "A10 f5 X10 f5"},
    {"A10 f30 N10 f5", "replace", "loop", 15, 0, 6, 'X', "A10 f5 X6 f19 N10 f5"},
    {"A10 f30 N10 f5", "replace", NULL, 15, 0, 6, 'X',
     "A10 f5 X6 f19 N10 f5"},                                               /* planned no more */
    {"A10 f5 B10 f5", "replace", NULL, 3, 0, 4, 'X', "A3 X4 f3 f5 B10 f5"}, /* on air already */
    {"A10 f5 B10 f5", "replace", "loop", 3, 0, 4, 'X', "A3 X4 X3 f5 B10 f5"},
    {"A10 f5 B10 f5", "replace", "loop", 3, 0, 9, 'X', "A3 X7 f5 B10 f5"},
    {"A10 f5 B10 f5", "skip", NULL, 3, 0, 0, 0, "A3 f7 f5 B10 f5"},
    {"A10 f5 B10 f5", "skip", "follow", 3, 0, 0, 0, "A3 B10 f17"},
    {"A10 B10 C10 f5", "skip", "follow", 3, 0, 0, 0, "A3 B10 C10 f12"},
    {"A10 B10 N10 f5", "skip", "follow", 3, 0, 0, 0, "A3 B10 f7 N10 f5"},
    {"A10 f5 N10 f5", "skip", "follow", 3, 0, 0, 0, "A3 f7 f5 N10 f5"},
    /* what was inserted keeps its time */
    {"A10 f2 o5 B10 f9", "skip", "follow", 3, 0, 0, 0, "A3 f7 f2 f5 B10 f9"},
    {"A10 B10 o5 f5 C10", "skip", "follow", 3, 0, 0, 0, "A3 B10 f7 f5 f5 C10"},
    {"A10 B10 f2 o5 C10", "skip", "follow", 3, 0, 0, 0, "A3 B10 f9 f5 C10"},
    {"A10 B5 o5 B10 f9", "skip", "follow", 3, 0, 0, 0, "A3 B5 f7 f5 B10 f9"},
    {"A10 B10 s1 C10", "skip", "follow", 3, 0, 0, 0, "A3 B10 f7 s1 C10"}, /* filled by fillers */
    {"A10 f5 m10 B10 f5", "skip", "follow", 3, 0, 0, 0, "A3 f7 f5 f10 B10 f5"}, /* not B early */
};

/* Orders that have begun at 3, over what a new timetable has there: boundaries from 5 on may
 * change. */
static const struct scene begun[] = {
    {"A10 f5 N10 f5", "skip", NULL, 3, 20, 0, 0, "A3 f12 N10 f5"}, /* N is new, and fixed */
    {"A10 f5 N10 B10 f5", "skip", "follow", 3, 20, 0, 0, "A3 f12 N10 B10 f5"},
    {"A10 f5 B10 f5", "skip", NULL, 3, 20, 0, 0, "A3 f17 B5+5 f5"},
    {"A10 f5 N10 f5", "replace", NULL, 3, 20, 17, 'X', "A3 X17 N5+5 f5"}, /* it is wanted there */
};

/* Lays the order of a scene over the line. */
static void lay(struct line *line, const struct scene *scene, const struct order_scene *over)
{
    struct plan_amendment order = {
        .id = 1,
        .kind = scene->kind,
        .mode = scene->mode,
        .asked = MORNING + scene->from * UNIT,
        .from = MORNING + scene->from * UNIT,
        .length = scene->length * UNIT,
        .asset = scene->what != 0 && scene->what != 'l' ? asset_of(scene->what) : NULL,
        .live = scene->what == 'l' ? "studio" : NULL,
        .reason = "test"};
    const bool is_open = scene->until == 0 && order_is_break_in(&order);
    order.until = is_open            ? AMENDMENT_OPEN
                  : scene->until > 0 ? MORNING + scene->until * UNIT
                                     : order.from + UNIT;
    assert_int_equal(order_apply(line, &order, over), 0);
}

static void check_line(const struct line *line, const struct scene *scene)
{
    char text[TEXT_SIZE];
    write_line(line, text);
    if (strcmp(text, scene->result) != 0) {
        fail_msg("%s %s over \"%s\": \"%s\" instead of \"%s\"", scene->kind,
                 scene->mode != NULL ? scene->mode : "", scene->line, text, scene->result);
    }
}

static const struct media_lengths lengths = {length_of};

static struct plan *make_fillers(void)
{
    struct plan *fillers = plan_create();
    assert_non_null(fillers);
    fillers->fillers = calloc(1, sizeof(fillers->fillers[0]));
    fillers->filler_count = 1;
    memcpy(fillers->fillers[0], asset_of('f'), SHA256_HEX_SIZE);
    return fillers;
}

/* Scenes without a line of their own go on with that of the one before. */
static void play(const struct scene *list, size_t count, int64_t earliest)
{
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *fillers = make_fillers();
    const struct order_scene over = {&cutter, zone, NULL, fillers, earliest, NULL};
    struct line line = {0};
    for (size_t i = 0; i < count; i++) {
        if (list[i].line[0] != '\0') {
            line_finish(&line);
            line = (struct line){0};
            make_line(&line, list[i].line);
        }
        lay(&line, &list[i], &over);
        check_line(&line, &list[i]);
    }
    line_finish(&line);
    plan_destroy(fillers);
}

/* A lesson again and again, or a notice that loops: what is left of the time is no slate. */
static void what_loops_leaves_room_for_a_filler(void **state)
{
    (void)state;
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *fillers = make_fillers();
    const struct order_scene over = {&cutter, zone, NULL, fillers, MORNING, NULL};
    const struct plan_amendment order = {.id = 1, .kind = "extend", .reason = "test"};
    const enum event_kind kinds[] = {EVENT_LESSON, EVENT_FILLER};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct line line = {0};
        struct order_follow follow = {
            .result = &line, .at = MORNING, .order = &order, .scene = &over};
        const struct order_content content = {.kind = kinds[i], .asset = asset_of('X')};
        const int64_t end = MORNING + 20 * UNIT + EVENT_MIN_FRAMES; /* two laps, and a moment */
        assert_int_equal(order_loop(&follow, &content, end), 0);
        assert_int_equal(line_end(&line), end);
        for (size_t k = 0; k < line.count; k++) {
            assert_int_not_equal(line.items[k].event.kind, EVENT_SLATE);
            assert_true(cutter_is_legal(&cutter, &line.items[k].event));
        }
        assert_string_equal(line.items[line.count - 1].event.asset, asset_of('f'));
        line_finish(&line);
    }
    plan_destroy(fillers);
}

/* What is pushed ends a moment before the end of fillers: other fillers begin then, a lesson late.
 */
static void no_slate_airs_for_the_rest_of_fillers(void **state)
{
    (void)state;
    enum { REST = 12, PUSHED = 10 * UNIT - REST };
    static const char *const lines[] = {"A10 f10 f5 B10", "A10 f10 B10 f5"};
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *fillers = make_fillers();
    const struct order_scene over = {&cutter, zone, NULL, fillers, MORNING, NULL};
    for (int i = 0; i < 2; i++) {
        const int64_t last = i == 0 ? 0 : EVENT_MIN_FRAMES; /* the moment before a lesson */
        struct plan_amendment order = {.id = 1,
                                       .kind = "insert",
                                       .mode = "push",
                                       .from = MORNING + 3 * UNIT,
                                       .until = MORNING + 4 * UNIT,
                                       .length = PUSHED,
                                       .asset = asset_of('X'),
                                       .reason = "test"};
        struct line line = {0};
        make_line(&line, lines[i]);
        assert_int_equal(order_apply(&line, &order, &over), 0);
        assert_true(line.count > 4);
        const struct plan_event *next = &line.items[i == 0 ? 3 : 4].event;
        assert_int_equal(next->start, MORNING + 20 * UNIT - REST + last);
        assert_string_equal(next->asset, asset_of(i == 0 ? 'f' : 'B'));
        assert_int_equal(event_end(next),
                         MORNING + (i == 0 ? 25 : 30) * UNIT + (i == 0 ? 0 : REST));
        line_finish(&line);
    }
    plan_destroy(fillers);
}

/* The media of all lessons is away for a moment: what was skipped does not come back with it. */
static void what_was_skipped_stays_away(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *result;
    } moments[] = {{"A10 f5 B10 f5", "A3 B10 f17"},
                   {"m10 f5 m10 f5", "f3 f7 f5 f10 f5"},
                   {"A10 f5 B10 f5", "A3 B10 f17"}};
    const struct cutter cutter = {station_profile(station, "sd"), &lengths, NULL};
    struct plan *fillers = make_fillers();
    struct plan_amendment order = {.id = 1,
                                   .kind = "skip",
                                   .mode = "follow",
                                   .from = MORNING + 3 * UNIT,
                                   .until = MORNING + 4 * UNIT,
                                   .reason = "test"};
    for (int i = 0; i < 3; i++) {
        char text[TEXT_SIZE];
        struct line line = {0};
        const int64_t now = MORNING + (3 + i) * UNIT;
        const struct order_scene over = {&cutter, zone, NULL, fillers, now, NULL};
        make_line(&line, moments[i].line);
        assert_true(order_is_active(&order, now));
        assert_int_equal(order_apply(&line, &order, &over), 0);
        write_line(&line, text);
        assert_string_equal(text, moments[i].result);
        line_finish(&line);
    }
    plan_destroy(fillers);
}

static void each_kind_of_order_moves_the_line_as_it_says(void **state)
{
    (void)state;
    play(scenes, sizeof(scenes) / sizeof(scenes[0]), MORNING);
    play(begun, sizeof(begun) / sizeof(begun[0]), MORNING + 5 * UNIT);
}

/* The README's table of edge cases names this one. */
static void case_09_a_break_in_lies_over_anything_nested_and_without_a_known_end(void **state)
{
    (void)state;
    static const struct scene list[] = {
        /* over a repeat, then over filler; joined again in progress, or from its start */
        {"A10 f5 A10 f5", "emergency", NULL, 18, 22, 0, 'X', "A10 f5 A3 X4 A3+7 f5"},
        {"A10 f5 A10 f9", "emergency", "start", 18, 22, 0, 'X', "A10 f5 A3 X4 A10 f2"},
        {"A10 f5 B10 f5", "emergency", NULL, 12, 14, 0, 'X', "A10 f2 X2 f1 B10 f5"},
        /* over a live lesson, which goes on below */
        {"A10 f5 B10 f5", "live", NULL, 3, 9, 6, 'l', "A3 l6 A1+9 f5 B10 f5"},
        {"", "emergency", NULL, 5, 7, 0, 'X', "A3 l2 X2 l2 A1+9 f5 B10 f5"},
        /* nested, neither end known; the inner one ends, then the outer one */
        {"A10 f5 B10 f5", "slate", NULL, 3, 0, 0, 0, "A3 s27"},
        {"", "emergency", NULL, 6, 0, 0, 'X', "A3 s3 X24"},
        {"A10 f5 B10 f5", "slate", NULL, 3, 17, 0, 0, "A3 s14 B8+2 f5"},
        {"", "emergency", NULL, 6, 9, 0, 'X', "A3 s3 X3 s8 B8+2 f5"},
        /* a cut for a hostile signal is the slate, whatever is fixed */
        {"A10 N10 f5", "slate", NULL, 12, 15, 0, 0, "A10 N2 s3 N5+5 f5"},
    };
    play(list, sizeof(list) / sizeof(list[0]), MORNING);
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_finish(&problems);
    return result == 0 ? zone_open("Asia/Shanghai", &zone) : result;
}

static int clean_up(void **state)
{
    (void)state;
    zone_close(zone);
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_slate_airs_for_the_rest_of_fillers),
        cmocka_unit_test(what_was_skipped_stays_away),
        cmocka_unit_test(what_loops_leaves_room_for_a_filler),
        cmocka_unit_test(each_kind_of_order_moves_the_line_as_it_says),
        cmocka_unit_test(case_09_a_break_in_lies_over_anything_nested_and_without_a_known_end),
    };
    return cmocka_run_group_tests_name("orders", tests, set_up, clean_up);
}
