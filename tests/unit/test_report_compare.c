/* SPDX-License-Identifier: MIT */
/* As-run against plan: random days with planted faults, and each frame once. */
#include "scheduler/report/report_compare.h"

#include "scheduler/report/report_ledger.h"
#include "tests/support/dice.h"
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

enum { DAY = REPORT_DAY, END = REPORT_END, LENGTH = REPORT_LENGTH };

#define STRANGE  "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define STAND_IN "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static int set_up(void **state)
{
    *state = report_world_create();
    return 0;
}

static int tear_down(void **state)
{
    report_world_destroy(*state);
    return 0;
}

/* What each frame of the day must be. */
struct truth {
    enum report_class class[LENGTH];
};

static void paint(struct truth *truth, int64_t from, int64_t to, enum report_class class)
{
    for (int64_t frame = from; frame < to; frame++) {
        truth->class[frame - DAY] = class;
    }
}

static size_t throw_plan(struct dice *dice, struct report_world *world, struct report_item *items)
{
    static const enum event_kind kinds[] = {EVENT_LESSON, EVENT_REPEAT, EVENT_LIVE,
                                            EVENT_FILLER, EVENT_CARD,   EVENT_SLATE};
    static char names[LENGTH / 24][16];
    struct plan *plan = report_world_adopt(world, DAY - dice_between(dice, 0, 100));
    size_t count = 0;
    for (int64_t at = 0; at < LENGTH; count++) {
        const int64_t length = dice_between(dice, 24, 400);
        const int64_t end = LENGTH - at - length < 24 ? LENGTH : at + length;
        const enum event_kind kind = kinds[dice_between(dice, 0, 5)];
        snprintf(names[count], sizeof(names[count]), "X%zu", count);
        items[count] = (struct report_item){.seq = (int64_t)count + 1,
                                            .start = at,
                                            .end = end,
                                            .kind = kind,
                                            .house_number = kind == EVENT_SLATE    ? NULL
                                                            : kind == EVENT_FILLER ? "F1"
                                                                                   : names[count]};
        report_world_plan(plan, &items[count]);
        at = end;
    }
    return count;
}

/* From a frame of the item on something else airs. */
static void plant_replacement(struct dice *dice, struct report_world *world,
                              const struct report_item *item, struct as_run_record *record,
                              struct truth *truth)
{
    static const char *const assets[] = {"", REPORT_FILLER, STRANGE, STAND_IN};
    const int64_t from = record->start + dice_between(dice, 0, item->end - item->start - 1);
    const int kind = (int)dice_between(dice, 0, 3);
    const bool is_filling = item->kind == EVENT_FILLER || item->kind == EVENT_SLATE;
    const bool is_card = item->kind == EVENT_CARD;
    enum report_class class = CLASS_FILLING;
    if (kind == 2) {
        class = CLASS_WRONG;
    } else if (kind == 3) {
        report_world_substitute(world, item->seq, from, STAND_IN);
        class = is_filling ? CLASS_CHANGED : CLASS_SUBSTITUTED;
    } else if (!is_filling) {
        class = kind == 0 && !is_card ? CLASS_SLATE : CLASS_FILLER;
    }
    report_world_replace_rest(record, from, assets[kind]);
    paint(truth, from, record->end, class);
}

static void plant_silence(struct dice *dice, struct frame_spans *spans,
                          const struct as_run_record *record, struct truth *truth,
                          enum report_class class)
{
    const int64_t from = dice_between(dice, record->start, record->end - 1);
    const int64_t to = dice_between(dice, from + 1, record->end);
    MUST(frame_spans_add(spans, from, to) == 0);
    paint(truth, from, to, class);
}

/* The item as it aired, with faults or without. */
static void air_with_faults(struct dice *dice, struct report_world *world,
                            const struct report_item *item, struct truth *truth)
{
    const bool is_filling = item->kind == EVENT_FILLER || item->kind == EVENT_SLATE;
    const int64_t start = DAY + item->start;
    const int64_t end = DAY + item->end;
    if (dice_once_in(dice, 12)) {
        paint(truth, start, end, CLASS_UNRECORDED);
        return;
    }
    struct as_run_record *record = report_world_air(world, item);
    paint(truth, start, end, is_filling ? CLASS_FILLING : CLASS_PLANNED);
    if (dice_once_in(dice, 5)) {
        plant_replacement(dice, world, item, record, truth);
    }
    if (dice_once_in(dice, 5)) {
        plant_silence(dice, &record->muted, record, truth, CLASS_MUTED);
    }
    if (dice_once_in(dice, 5)) {
        plant_silence(dice, &record->interrupted, record, truth, CLASS_OFF_AIR);
    }
}

static void check_truth(const struct comparison *comparison, const struct truth *truth)
{
    int64_t sums[CLASS_COUNT] = {0};
    int64_t at = DAY;
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        assert_int_equal(span->from, at);
        assert_true(span->to > span->from);
        for (; at < span->to; at++) {
            if (truth->class[at - DAY] != span->class) {
                fail_msg("frame %lld is %d, not %d", (long long)(at - DAY), (int)span->class,
                         (int)truth->class[at - DAY]);
            }
            sums[span->class]++;
        }
    }
    assert_int_equal(at, END);
    assert_memory_equal(sums, comparison->frames, sizeof(sums));
}

/* Each frame once: in the classes, in the accounts, and in the programmes. */
static void check_sums(const struct comparison *comparison)
{
    const struct ledger ledger = ledger_of(comparison);
    int64_t accounts = 0;
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
        accounts += ledger.frames[i];
    }
    assert_int_equal(accounts, LENGTH);
    for (size_t i = 0; i < comparison->programme_count; i++) {
        const struct planned_programme *programme = &comparison->programmes[i];
        int64_t frames = 0;
        for (int class = 0; class < CLASS_COUNT; class ++) {
            frames += programme->frames[class];
        }
        assert_int_equal(frames, programme->to - programme->from);
        assert_int_equal(programme->status == PROGRAMME_AS_PLANNED,
                         programme->frames[CLASS_PLANNED] == frames);
    }
}

static void exactly_the_planted_faults_are_found(void **state)
{
    struct report_world *world = *state;
    struct dice dice = dice_seeded();
    for (int round = 0; round < 400; round++) {
        struct truth truth;
        struct report_item items[LENGTH / 24];
        const size_t count = throw_plan(&dice, world, items);
        for (size_t i = 0; i < count; i++) {
            air_with_faults(&dice, world, &items[i], &truth);
        }
        for (int64_t i = dice_between(&dice, 0, 2); i > 0; i--) {
            const int64_t from = dice_between(&dice, DAY, END - 1);
            const int64_t to = dice_between(&dice, from + 1, END);
            report_world_interrupt(world, from, to - from > 200 ? from + 200 : to);
            paint(&truth, from, to - from > 200 ? from + 200 : to, CLASS_OFF_AIR);
        }
        check_truth(report_world_compare(world), &truth);
        check_sums(&world->comparison);
        report_world_forget(world);
    }
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(exactly_the_planted_faults_are_found),
    };
    return cmocka_run_group_tests_name("report_compare", tests, NULL, NULL);
}
