/* SPDX-License-Identifier: MIT */
/*
 * The watch over the readiness board, on a clock that goes as it likes:
 * every slot that is not ready is told of once at each of its two moments.
 */
#include "scheduler/ready_watch.h"
#include "tests/support/must.h"
#include "tests/support/random_week.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    SLOTS_MOST = 400,
    NEWS = 2,
    CUTOFF_MS = 15 * 60000,
    SLOT_MS = 20 * 60000,
};

#define DAY_MS    86400000LL
#define MINUTE_MS 60000LL
#define HOUR_MS   3600000LL
#define NEVER     INT64_MAX

/* 2020-02-17, a Monday, 8:00 in China. */
#define MONDAY_MS 1581897600000LL

struct slot {
    int64_t start_ms;
    int64_t ready_ms; /* from then on */
    bool has_cutoff;
    int told[NEWS];
    int64_t told_ms[NEWS];
};

struct desk {
    struct ready_world world; /* first */
    struct slot slots[SLOTS_MOST];
    size_t count;
    int64_t now_ms;
    int surveys;
    int result; /* of the next survey */
};

static char *number_text(size_t number)
{
    char *text = NULL;
    MUST(asprintf(&text, "K%zu", number) > 0);
    return text;
}

static char *empty_text(void)
{
    char *text = strdup("");
    MUST(text != NULL);
    return text;
}

static void add_row(struct ready_board *board, const struct desk *desk, size_t number)
{
    const struct slot *slot = &desk->slots[number];
    if (board->count == board->capacity) {
        board->capacity = board->capacity * 2 + 8;
        board->rows = realloc(board->rows, board->capacity * sizeof(board->rows[0]));
        MUST(board->rows != NULL);
    }
    board->rows[board->count++] = (struct ready_row){
        .channel = number % 2 == 0 ? "even" : "odd",
        .start = slot->start_ms / 40,
        .end = (slot->start_ms + SLOT_MS) / 40,
        .date = slot->start_ms / DAY_MS,
        .seconds = (int)(slot->start_ms % DAY_MS / 1000),
        .has_cutoff = slot->has_cutoff,
        .state = desk->now_ms >= slot->ready_ms ? MEDIA_READY : MEDIA_MISSING,
        .house_number = number_text(number),
        .grade = empty_text(),
        .title = empty_text(),
        .substitute = empty_text(),
        .airs = empty_text(),
    };
}

static int survey(struct ready_world *self, int64_t from_ms, int64_t to_ms,
                  struct ready_board *board)
{
    struct desk *desk = (struct desk *)self;
    desk->surveys++;
    if (desk->result < 0) {
        return desk->result;
    }
    for (size_t i = 0; i < desk->count; i++) {
        if (desk->slots[i].start_ms + SLOT_MS > from_ms && desk->slots[i].start_ms < to_ms) {
            add_row(board, desk, i);
        }
    }
    return 0;
}

static void tell(struct ready_world *self, enum ready_news news, const struct ready_row *row)
{
    struct desk *desk = (struct desk *)self;
    struct slot *slot = &desk->slots[atoi(row->house_number + 1)];
    slot->told[news]++;
    slot->told_ms[news] = desk->now_ms;
}

static int64_t due_ms(const struct slot *slot, enum ready_news news)
{
    return slot->start_ms - (news == READY_NEWS_MISSING ? HOUR_MS
                             : slot->has_cutoff         ? CUTOFF_MS
                                                        : 0);
}

static void open_desk(struct desk *desk, unsigned *random)
{
    *desk = (struct desk){.world = {survey, tell}};
    int64_t at_ms = MONDAY_MS - 2 * HOUR_MS;
    while (desk->count < SLOTS_MOST) {
        at_ms += (int64_t)random_below(random, 3600) * 1000;
        desk->slots[desk->count++] =
            (struct slot){.start_ms = at_ms,
                          .ready_ms = random_below(random, 3) == 0
                                          ? at_ms - (int64_t)random_below(random, 7200) * 1000
                                          : NEVER,
                          .has_cutoff = random_below(random, 4) > 0};
    }
}

/* True when a file came between two turns: then the daemon says that something changed. */
static bool has_changed(const struct desk *desk, int64_t from_ms, int64_t to_ms)
{
    for (size_t i = 0; i < desk->count; i++) {
        if (desk->slots[i].ready_ms > from_ms && desk->slots[i].ready_ms <= to_ms) {
            return true;
        }
    }
    return false;
}

/* The first turn at which it could be told, by the model: it was due, and not ready. */
static void expect(const struct desk *desk, struct slot *model, int64_t first_ms)
{
    for (size_t i = 0; i < desk->count; i++) {
        const struct slot *slot = &desk->slots[i];
        for (int news = 0; news < NEWS; news++) {
            const bool is_due = desk->now_ms >= due_ms(slot, (enum ready_news)news) &&
                                slot->start_ms > first_ms && desk->now_ms < slot->ready_ms;
            if (is_due && model[i].told[news] == 0) {
                model[i].told[news] = 1;
                model[i].told_ms[news] = desk->now_ms;
            }
        }
    }
}

static void check_told(const struct desk *desk, const struct slot *model, unsigned seed)
{
    for (size_t i = 0; i < desk->count; i++) {
        for (int news = 0; news < NEWS; news++) {
            if (desk->slots[i].told[news] != model[i].told[news] ||
                desk->slots[i].told_ms[news] != model[i].told_ms[news]) {
                fail_msg("seed %u: slot %zu: news %d was told %d times, at %lld, not %d, at %lld",
                         seed, i, news, desk->slots[i].told[news],
                         (long long)(desk->slots[i].told_ms[news] - MONDAY_MS), model[i].told[news],
                         (long long)(model[i].told_ms[news] - MONDAY_MS));
            }
        }
    }
}

/* Days with steps of up to `step_ms`; now and then the clock goes back. */
static void live(unsigned seed, int64_t step_ms)
{
    unsigned random = seed * 2654435761u + 3;
    struct desk desk;
    struct slot model[SLOTS_MOST] = {0};
    open_desk(&desk, &random);
    struct ready_watch *watch = ready_watch_create(&desk.world, CUTOFF_MS);
    assert_non_null(watch);
    const int64_t first_ms = MONDAY_MS;
    int64_t now_ms = first_ms;
    int64_t latest_ms = first_ms;
    while (now_ms < MONDAY_MS + 7 * DAY_MS) {
        desk.now_ms = now_ms;
        assert_int_equal(ready_watch_turn(watch, now_ms), 0);
        expect(&desk, model, first_ms);
        const int64_t last_ms = now_ms;
        now_ms += 1 + (int64_t)random_below(&random, 10000) * step_ms / 10000;
        if (random_below(&random, 50) == 0) {
            const int64_t back_ms = (int64_t)random_below(&random, 10000) * step_ms / 1000;
            now_ms -= back_ms < now_ms - first_ms ? back_ms : 0;
        }
        latest_ms = now_ms > latest_ms ? now_ms : latest_ms;
        if (has_changed(&desk, last_ms < now_ms ? last_ms : now_ms, latest_ms) ||
            random_below(&random, 10) == 0) {
            ready_watch_invalidate(watch);
        }
    }
    check_told(&desk, model, seed);
    ready_watch_destroy(watch);
}

static void each_slot_is_told_of_once_whatever_the_step(void **state)
{
    (void)state;
    static const int64_t steps_ms[] = {MINUTE_MS, 7 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS,
                                       23 * HOUR_MS};
    for (unsigned seed = 0; seed < 100; seed++) {
        live(seed, steps_ms[seed % (sizeof(steps_ms) / sizeof(steps_ms[0]))]);
    }
}

static void it_looks_only_when_something_changed_or_the_board_runs_out(void **state)
{
    (void)state;
    unsigned random = 5;
    struct desk desk;
    open_desk(&desk, &random);
    struct ready_watch *watch = ready_watch_create(&desk.world, CUTOFF_MS);
    assert_non_null(watch);
    for (int64_t now_ms = MONDAY_MS; now_ms < MONDAY_MS + 3 * DAY_MS; now_ms += 1000) {
        desk.now_ms = now_ms;
        assert_int_equal(ready_watch_turn(watch, now_ms), 0);
    }
    assert_in_range(desk.surveys, 3, 4);
    ready_watch_invalidate(watch);
    assert_int_equal(ready_watch_turn(watch, desk.now_ms), 0);
    assert_in_range(desk.surveys, 4, 5);
    ready_watch_destroy(watch);
}

static void what_began_before_it_was_there_is_not_told(void **state)
{
    (void)state;
    struct desk desk = {.world = {survey, tell}};
    desk.slots[desk.count++] = (struct slot){.start_ms = MONDAY_MS - MINUTE_MS, .ready_ms = NEVER};
    desk.slots[desk.count++] =
        (struct slot){.start_ms = MONDAY_MS + MINUTE_MS, .ready_ms = NEVER, .has_cutoff = true};
    struct ready_watch *watch = ready_watch_create(&desk.world, CUTOFF_MS);
    assert_non_null(watch);
    desk.now_ms = MONDAY_MS;
    assert_int_equal(ready_watch_turn(watch, MONDAY_MS), 0);
    assert_int_equal(desk.slots[0].told[READY_NEWS_MISSING], 0);
    assert_int_equal(desk.slots[1].told[READY_NEWS_MISSING], 1);
    assert_int_equal(desk.slots[1].told[READY_NEWS_DECIDED], 1);
    ready_watch_destroy(watch);
}

static void a_survey_that_fails_is_made_up_for(void **state)
{
    (void)state;
    struct desk desk = {.world = {survey, tell}};
    desk.slots[desk.count++] =
        (struct slot){.start_ms = MONDAY_MS + HOUR_MS, .ready_ms = NEVER, .has_cutoff = true};
    struct ready_watch *watch = ready_watch_create(&desk.world, CUTOFF_MS);
    assert_non_null(watch);
    desk.result = -ENOMEM;
    desk.now_ms = MONDAY_MS;
    assert_int_equal(ready_watch_turn(watch, MONDAY_MS), -ENOMEM);
    desk.result = 0;
    desk.now_ms = MONDAY_MS + 2 * HOUR_MS;
    assert_int_equal(ready_watch_turn(watch, desk.now_ms), 0);
    assert_int_equal(desk.slots[0].told[READY_NEWS_MISSING], 1);
    assert_int_equal(desk.slots[0].told[READY_NEWS_DECIDED], 1);
    ready_watch_destroy(watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_slot_is_told_of_once_whatever_the_step),
        cmocka_unit_test(it_looks_only_when_something_changed_or_the_board_runs_out),
        cmocka_unit_test(what_began_before_it_was_there_is_not_told),
        cmocka_unit_test(a_survey_that_fails_is_made_up_for),
    };
    return cmocka_run_group_tests_name("ready_watch", tests, NULL, NULL);
}
