/* SPDX-License-Identifier: MIT */
/*
 * The buffers of the reader, which takes many steps at once, against the same
 * decoder stepped a byte of time at a time: whatever arrives, both find the
 * same peaks and the same problems.
 */
#include "tools/meter/tstd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 200, FEEDS = 300, UNITS = 400, BYTES = FEEDS * 400, KINDS = 5 };

static const enum ts_kind JUDGED[KINDS] = {TS_TB, TS_MB, TS_B, TS_NOT_EMPTY, TS_UNDERFLOW};

/* One byte that waits: `parts` of it are left. */
struct item {
    enum tstd_role role;
    int unit;
    int64_t parts;
};

struct line {
    struct item items[BYTES];
    int first;
    int end;
};

/* The stepped decoder. */
struct slow {
    struct tstd_model model;
    struct line tb;
    struct line mb;
    int64_t now;
    int64_t tb_level;
    int64_t mb_level; /* data */
    int64_t mb_headers;
    int64_t b_level;
    int64_t empty_at[2]; /* TB, MB */
    bool is_over[3];
    int64_t peaks[3];
    int64_t removal[UNITS];
    int64_t missing[UNITS]; /* parts that are fed, and not in B */
    int64_t held[UNITS];
    bool is_removed[UNITS];
    bool is_told[UNITS];
    int next;
    int known;
    uint64_t counts[KINDS];
};

static void level(struct slow *slow, int which, int64_t parts, int64_t size)
{
    const bool is_over = parts > size * slow->model.rate_bps;
    slow->peaks[which] = parts > slow->peaks[which] ? parts : slow->peaks[which];
    slow->counts[which] += is_over && !slow->is_over[which];
    slow->is_over[which] = is_over;
}

static void into_b(struct slow *slow, int unit, int64_t parts)
{
    if (slow->model.rb_bps == 0) {
        slow->missing[unit] -= parts;
        if (slow->is_removed[unit]) {
            return;
        }
        slow->held[unit] += parts;
    }
    slow->b_level += parts;
}

/* Behind what is there already, joined to it where it is alike. */
static void queue(struct line *line, enum tstd_role role, int unit, int64_t parts)
{
    if (line->first == line->end) {
        line->first = 0;
        line->end = 0;
    }
    struct item *last = &line->items[line->end > 0 ? line->end - 1 : 0];
    if (line->end > line->first && last->role == role && last->unit == unit) {
        last->parts += parts;
    } else {
        line->items[line->end++] = (struct item){role, unit, parts};
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void leak_tb(struct slow *slow)
{
    int64_t out = least(slow->tb_level, slow->model.rx_bps);
    slow->tb_level -= out;
    level(slow, 0, slow->tb_level, TSTD_TB_SIZE);
    while (out > 0) {
        struct item *item = &slow->tb.items[slow->tb.first];
        const int64_t parts = least(out, item->parts);
        out -= parts;
        item->parts -= parts;
        slow->tb.first += item->parts == 0;
        if (item->role == TSTD_PACKET) {
            continue;
        }
        if (slow->model.mb_size == 0) {
            into_b(slow, item->unit, parts);
            continue;
        }
        queue(&slow->mb, item->role, item->unit, parts);
        slow->mb_headers += item->role == TSTD_HEADER ? parts : 0;
        slow->mb_level += item->role == TSTD_DATA ? parts : 0;
    }
}

static void leak_mb(struct slow *slow)
{
    if (slow->model.mb_size == 0) {
        return;
    }
    level(slow, 1, slow->mb_level + slow->mb_headers, slow->model.mb_size);
    const int64_t space = slow->model.b_size * slow->model.rate_bps - slow->b_level;
    int64_t out = least(least(slow->mb_level, slow->model.rbx_bps), space);
    slow->mb_level -= out;
    while (out > 0) {
        struct item *item = &slow->mb.items[slow->mb.first];
        if (item->role == TSTD_HEADER) {
            slow->mb_headers -= item->parts;
            slow->mb.first++;
            continue;
        }
        const int64_t parts = least(out, item->parts);
        out -= parts;
        item->parts -= parts;
        slow->mb.first += item->parts == 0;
        into_b(slow, item->unit, parts);
    }
}

static void judge_empty(struct slow *slow, int which, int64_t parts)
{
    if (parts == 0) {
        slow->empty_at[which] = slow->now;
    } else if (slow->now - slow->empty_at[which] > slow->model.rate_bps / 8) {
        slow->counts[3]++;
        slow->empty_at[which] = slow->now;
    }
}

static void remove_units(struct slow *slow)
{
    while (slow->next < slow->known && slow->removal[slow->next] <= slow->now) {
        const int unit = slow->next++;
        slow->counts[4] += slow->missing[unit] > 0 && !slow->is_told[unit];
        slow->is_told[unit] = slow->is_told[unit] || slow->missing[unit] > 0;
        slow->b_level -= slow->held[unit];
        slow->is_removed[unit] = true;
    }
}

static void step(struct slow *slow)
{
    slow->now++;
    leak_tb(slow);
    leak_mb(slow);
    level(slow, 2, slow->b_level, slow->model.b_size);
    slow->b_level -= least(slow->b_level, slow->model.rb_bps);
    judge_empty(slow, 0, slow->tb_level);
    judge_empty(slow, 1, slow->mb_level);
    remove_units(slow);
}

static void slow_feed(struct slow *slow, int64_t first, int count, enum tstd_role role, int unit)
{
    const int64_t rate = slow->model.rate_bps;
    const bool is_held = slow->model.rb_bps == 0 && role != TSTD_PACKET &&
                         (role == TSTD_DATA || slow->model.mb_size == 0);
    while (slow->now < first) {
        step(slow);
    }
    for (int i = 0; i < count; i++) {
        if (is_held) {
            slow->counts[4] += slow->is_removed[unit] && !slow->is_told[unit];
            slow->is_told[unit] = slow->is_told[unit] || slow->is_removed[unit];
            slow->missing[unit] += rate;
        }
        slow->tb_level += rate;
        slow->tb.items[slow->tb.end++] = (struct item){role, unit, rate};
        step(slow);
    }
}

static uint32_t draw(uint32_t *dice)
{
    *dice = *dice * 1664525 + 1013904223;
    return *dice >> 8;
}

static int64_t between(uint32_t *dice, int64_t low, int64_t high)
{
    return low + (int64_t)(draw(dice) % (uint32_t)(high - low + 1));
}

/* Audio, video or system; small enough to overflow, and for seconds to pass. */
static struct tstd_model draw_model(uint32_t *dice)
{
    struct tstd_model model = {.rate_bps = between(dice, 100000, 1000000)};
    model.rx_bps = between(dice, model.rate_bps / 8, model.rate_bps * 3 / 2);
    model.b_size = between(dice, 300, 6000);
    const uint32_t kind = draw(dice) % 3;
    if (kind == 1) {
        model.mb_size = between(dice, 100, 4000);
        model.rbx_bps = between(dice, model.rx_bps / 2, model.rx_bps * 3 / 2);
    } else if (kind == 2) {
        model.rb_bps = between(dice, model.rx_bps / 20, model.rx_bps * 5 / 4);
    }
    return model;
}

struct pair {
    struct slow *slow;
    struct tstd *fast;
    struct ts_report *report;
};

static void feed(struct pair *pair, int64_t first, int count, enum tstd_role role, int unit)
{
    tstd_feed(pair->fast, first, count, role, unit);
    slow_feed(pair->slow, first, count, role, unit);
}

static int64_t play(struct pair *pair, uint32_t *dice)
{
    const int64_t patience = between(dice, 300, 20000);
    const uint32_t gap = 1 + draw(dice) % 400;
    int64_t at = 0;
    int unit = -1;
    for (int i = 0; i < FEEDS; i++) {
        at += draw(dice) % 3 == 0 ? draw(dice) % gap : 0;
        feed(pair, at, 4, TSTD_PACKET, 0);
        at += 4;
        if (unit < 0 || draw(dice) % 3 == 0) {
            const int64_t before = unit < 0 ? 0 : pair->slow->removal[unit];
            const int64_t removal = at + between(dice, 0, patience);
            unit++;
            pair->slow->removal[unit] = removal > before ? removal : before;
            const int header = (int)between(dice, 9, 40);
            const bool has_units = pair->slow->model.rb_bps == 0;
            if (has_units) {
                pair->slow->known = unit + 1;
                tstd_unit(pair->fast, unit, pair->slow->removal[unit]);
            }
            feed(pair, at, header, has_units ? TSTD_HEADER : TSTD_PACKET, unit);
            at += header;
        }
        const int count = (int)between(dice, 1, 200);
        feed(pair, at, count, TSTD_DATA, unit);
        at += count;
    }
    return unit + 1;
}

static void finish(struct pair *pair, int64_t units)
{
    tstd_finish(pair->fast, units);
    struct slow *slow = pair->slow;
    while (slow->tb_level > 0 || slow->mb_level > 0 || slow->next < slow->known) {
        step(slow);
    }
}

static void compare(const struct pair *pair, uint32_t seed)
{
    const struct slow *slow = pair->slow;
    const struct tstd_peaks peaks = tstd_peaks(pair->fast);
    const int64_t found[3] = {peaks.tb, peaks.mb, peaks.b};
    for (int i = 0; i < 3; i++) {
        const int64_t bytes = (slow->peaks[i] + slow->model.rate_bps - 1) / slow->model.rate_bps;
        if (found[i] != bytes) {
            fail_msg("KETANG_SEED=%u: peak %d is %d, stepped %d", seed, i, (int)found[i],
                     (int)bytes);
        }
    }
    for (int i = 0; i < KINDS; i++) {
        if (ts_report_count(pair->report, JUDGED[i]) != slow->counts[i]) {
            fail_msg("KETANG_SEED=%u: %s %d times, stepped %d", seed, ts_report_name(JUDGED[i]),
                     (int)ts_report_count(pair->report, JUDGED[i]), (int)slow->counts[i]);
        }
    }
}

static void many_steps_at_once_are_single_steps(void **state)
{
    (void)state;
    const char *text = getenv("KETANG_SEED");
    const uint32_t seed = text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 1;
    uint64_t told[KINDS] = {0};
    print_message("KETANG_SEED=%u\n", seed);
    struct slow *slow = malloc(sizeof(*slow));
    assert_non_null(slow);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t dice = seed + round;
        memset(slow, 0, sizeof(*slow));
        slow->model = draw_model(&dice);
        struct pair pair = {.slow = slow, .report = ts_report_create(NULL, 0)};
        pair.fast = tstd_create(&slow->model, pair.report);
        assert_non_null(pair.fast);
        finish(&pair, play(&pair, &dice));
        compare(&pair, seed + round);
        for (int i = 0; i < KINDS; i++) {
            told[i] += slow->counts[i];
        }
        tstd_destroy(pair.fast);
        ts_report_destroy(pair.report);
    }
    free(slow);
    for (int i = 0; i < KINDS; i++) {
        print_message("%s: %d\n", ts_report_name(JUDGED[i]), (int)told[i]);
        assert_true(told[i] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_steps_at_once_are_single_steps),
    };
    return cmocka_run_group_tests_name("reader_buffers", tests, NULL, NULL);
}
