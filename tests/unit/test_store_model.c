/* SPDX-License-Identifier: MIT */
/*
 * Random stories of writes, transactions given up, and stores closed and opened
 * again, held against a model in plain memory.
 */
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_clearance.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_submission.h"
#include "tests/support/dice.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    CHANNELS = 2,
    DAYS = 3,
    LESSONS = 4,
    FILES = 3, /* that a lesson may have */
    RUNS = 2,
    SUBMISSIONS = 20,
    ORDERS = 40,
    LINES = 6,
    STEPS = 600,
};

static const char *const channels[CHANNELS] = {"zhangdian", "linzi"};
static const char *const people[] = {"王", "李", "张"};
static const char *const runs[RUNS] = {"first", "2020-02-18"};

struct model_day {
    int64_t version;
    bool is_frozen;
    int freezes; /* entries */
    int lines[LINES];
    int line_count;
};

struct model_order {
    int channel;
    int day;
    enum amendment_state state;
};

struct model_submission {
    enum submission_state state;
};

/* Everything that a store should hold; copied as a whole. */
struct model {
    bool has_lesson[LESSONS];
    int title[LESSONS];
    int versions[LESSONS]; /* files so far */
    int version_of[LESSONS][FILES];
    struct approval_chain chains[LESSONS][FILES][RUNS];
    int approvals;
    struct model_day days[CHANNELS][DAYS];
    struct model_order orders[ORDERS];
    int order_count;
    struct model_submission submissions[SUBMISSIONS];
    int submission_count;
};

struct story {
    struct store_bench bench;
    struct store *store;
    struct dice dice;
    struct model model;
    const struct approval_rule rule;
    bool has_failed; /* something, since this was set to false */
    char number[16];
};

static int draw(struct story *story, int count)
{
    return (int)dice_between(&story->dice, 0, count - 1);
}

static void expect(struct story *story, int result, int expected)
{
    assert_int_equal(result, expected);
    story->has_failed = story->has_failed || result < 0;
}

static const char *number_of(struct story *story, int lesson)
{
    snprintf(story->number, sizeof(story->number), "KT-%02d", lesson);
    return story->number;
}

static const char *hash_of(int lesson, int file)
{
    return store_bench_hash(lesson * FILES + file);
}

static void step_lesson(struct story *story)
{
    const int lesson = draw(story, LESSONS);
    const int title = draw(story, 1000);
    char text[16];
    snprintf(text, sizeof(text), "第%d课", title);
    const struct store_lesson record = {
        number_of(story, lesson), "", "", text, "", "", "", 1, "王"};
    assert_int_equal(store_lesson_put(story->store, &record), 0);
    story->model.has_lesson[lesson] = true;
    story->model.title[lesson] = title;
}

static void step_asset(struct story *story)
{
    const int lesson = draw(story, LESSONS);
    const int file = draw(story, FILES);
    struct model *model = &story->model;
    const struct store_asset asset = {
        number_of(story, lesson), 0, hash_of(lesson, file), "sd", "lesson", 1, 250};
    assert_int_equal(store_asset_put(story->store, &asset, "王"), 0);
    if (model->version_of[lesson][file] == 0) {
        model->version_of[lesson][file] = ++model->versions[lesson];
    }
}

static void step_approval(struct story *story)
{
    const int lesson = draw(story, LESSONS);
    const int file = draw(story, FILES);
    const int run = draw(story, RUNS);
    struct approval_chain *chain = &story->model.chains[lesson][file][run];
    const struct approval_step step = {
        draw(story, story->rule.stages) + 1,
        dice_once_in(&story->dice, 4) ? (enum approval_verdict)draw(story, 3) : APPROVAL_GIVEN,
        people[draw(story, 3)]};
    const struct store_approval approval = {0,
                                            number_of(story, lesson),
                                            hash_of(lesson, file),
                                            runs[run],
                                            step.stage,
                                            step.verdict,
                                            step.approver,
                                            "",
                                            1};
    const int expected = approval_chain_check(chain, &step, story->rule.is_alone_allowed);
    expect(story, store_approval_add(story->store, &approval, &story->rule), expected);
    if (expected == 0) {
        approval_chain_take(chain, &step);
        story->model.approvals++;
    }
}

/* An edit of some day, made from a version that may be old. */
static struct store_day_edit draw_edit(struct story *story, int *channel, int *day)
{
    *channel = draw(story, CHANNELS);
    *day = draw(story, DAYS);
    const int64_t version = story->model.days[*channel][*day].version;
    const int kind = draw(story, 6);
    return (struct store_day_edit){.channel = channels[*channel],
                                   .date = MONDAY + *day,
                                   .based_on = kind == 0   ? STORE_DAY_WHATEVER
                                               : kind == 1 ? version + 1
                                               : kind == 2 ? version / 2
                                                           : version,
                                   .author = people[draw(story, 3)],
                                   .now_ms = 1};
}

static bool is_stale(const struct store_day_edit *edit, const struct model_day *day)
{
    return edit->based_on != STORE_DAY_WHATEVER && edit->based_on != day->version;
}

static void step_edit(struct story *story)
{
    int channel = 0;
    int day = 0;
    int64_t version = 0;
    const struct store_day_edit edit = draw_edit(story, &channel, &day);
    struct model_day *model = &story->model.days[channel][day];
    const int expected = is_stale(&edit, model) ? -ESTALE : 0;
    expect(story, store_day_edit(story->store, &edit, "换课", &version), expected);
    model->version += expected == 0;
    assert_int_equal(version, model->version);
}

static void step_freeze(struct story *story)
{
    static const struct store_file files[] = {{"a.yaml", "a"}, {"b.yaml", "b"}};
    int channel = 0;
    int day = 0;
    int64_t version = 0;
    const struct store_day_edit edit = draw_edit(story, &channel, &day);
    struct model_day *model = &story->model.days[channel][day];
    const bool is_thaw = dice_once_in(&story->dice, 2);
    const int expected = is_stale(&edit, model)         ? -ESTALE
                         : is_thaw && !model->is_frozen ? -ENOENT
                         : !is_thaw && model->is_frozen ? -EALREADY
                                                        : 0;
    expect(story,
           is_thaw ? store_thaw_day(story->store, &edit, "换课", &version)
                   : store_freeze_day(story->store, &edit, 1, files, 2, &version),
           expected);
    if (expected == 0) {
        model->version++;
        model->freezes++;
        model->is_frozen = !is_thaw;
    }
}

static void step_order(struct story *story)
{
    int channel = 0;
    int day = 0;
    int64_t version = 0;
    int64_t id = 0;
    struct model *model = &story->model;
    const struct store_day_edit edit = draw_edit(story, &channel, &day);
    const struct store_amendment order = {
        .kind = "slate", .from_frame = 1, .is_open = true, .mode = "", .reason = "信号异常"};
    if (model->order_count == ORDERS) {
        return;
    }
    const int expected = is_stale(&edit, &model->days[channel][day]) ? -ESTALE : 0;
    expect(story, store_amendment_order(story->store, &edit, &order, &id, &version), expected);
    if (expected == 0) {
        model->orders[model->order_count++] = (struct model_order){channel, day, AMENDMENT_ORDERED};
        model->days[channel][day].version++;
        assert_int_equal(id, model->order_count);
    }
}

static void step_order_move(struct story *story)
{
    int channel = 0;
    int day = 0;
    int64_t version = 0;
    struct model *model = &story->model;
    const struct store_day_edit edit = draw_edit(story, &channel, &day);
    const int which = draw(story, model->order_count + 1); /* the last one is none */
    const enum amendment_state state =
        dice_once_in(&story->dice, 2) ? AMENDMENT_UNDONE : AMENDMENT_AIRED;
    struct model_order *order = &model->orders[which];
    const bool is_there =
        which < model->order_count && order->channel == channel && order->day == day;
    const bool is_edit = state == AMENDMENT_UNDONE;
    const int expected = is_edit && is_stale(&edit, &model->days[channel][day]) ? -ESTALE
                         : !is_there                                            ? -ENOENT
                         : order->state != AMENDMENT_ORDERED                    ? -EALREADY
                                                                                : 0;
    expect(story, store_amendment_move(story->store, &edit, which + 1, state, "", &version),
           expected);
    if (expected == 0) {
        order->state = state;
        model->days[channel][day].version += is_edit;
    }
}

static void step_submission(struct story *story)
{
    struct model *model = &story->model;
    const bool is_new = model->submission_count < SUBMISSIONS && dice_once_in(&story->dice, 3);
    struct store_submission record = {
        0, NULL, "a.mp4", "", "", "", 1, SUBMISSION_RECEIVED, 1, "王", "", "", "", "", "", "", ""};
    if (is_new) {
        assert_int_equal(store_submission_add(story->store, &record, &record.id), 0);
        model->submissions[model->submission_count++].state = SUBMISSION_RECEIVED;
        assert_int_equal(record.id, model->submission_count);
        return;
    }
    const int which = draw(story, model->submission_count + 1);
    const enum submission_state was = (enum submission_state)draw(story, 5);
    record.id = which + 1;
    record.state = (enum submission_state)draw(story, 5);
    const int expected = which == model->submission_count         ? -ENOENT
                         : model->submissions[which].state != was ? -ESTALE
                                                                  : 0;
    expect(story, store_submission_move(story->store, &record, was), expected);
    if (expected == 0) {
        model->submissions[which].state = record.state;
    }
}

static void step_as_run(struct story *story)
{
    const int channel = draw(story, CHANNELS);
    const int day = draw(story, DAYS);
    struct model_day *model = &story->model.days[channel][day];
    const int text = draw(story, 3);
    const int number = draw(story, model->line_count + 1); /* from 0 */
    char line[16];
    if (number == LINES) {
        return;
    }
    snprintf(line, sizeof(line), "{\"seq\":%d}", text);
    const struct store_as_run_line record = {channels[channel], MONDAY + day, number + 1, line,
                                             NULL};
    const bool is_new = number == model->line_count;
    const int expected = is_new || model->lines[number] == text ? 0 : -EEXIST;
    expect(story, store_as_run_put(story->store, &record), expected);
    if (is_new) {
        model->lines[model->line_count++] = text;
    }
}

static void take_step(struct story *story)
{
    static void (*const steps[])(struct story * story) = {
        step_lesson, step_asset, step_approval,   step_approval,   step_edit,
        step_freeze, step_order, step_order_move, step_submission, step_as_run,
    };
    steps[draw(story, sizeof(steps) / sizeof(steps[0]))](story);
}

static void check_lessons(struct story *story)
{
    const struct model *model = &story->model;
    struct store_rows rows;
    for (int lesson = 0; lesson < LESSONS; lesson++) {
        char title[16];
        assert_int_equal(store_lesson_find(story->store, number_of(story, lesson), &rows), 0);
        assert_int_equal(rows.count, model->has_lesson[lesson]);
        if (rows.count > 0) {
            snprintf(title, sizeof(title), "第%d课", model->title[lesson]);
            assert_string_equal(store_lesson_at(&rows, 0).title, title);
        }
        store_rows_finish(&rows);
        assert_int_equal(store_asset_list(story->store, number_of(story, lesson), &rows), 0);
        assert_int_equal(rows.count, model->versions[lesson]);
        for (int file = 0; file < FILES; file++) {
            const int version = model->version_of[lesson][file];
            if (version > 0) {
                const struct store_asset asset = store_asset_at(&rows, (size_t)version - 1);
                assert_int_equal(asset.version, version);
                assert_string_equal(asset.sha256, hash_of(lesson, file));
            }
        }
        store_rows_finish(&rows);
    }
}

static void check_clearance(struct story *story)
{
    struct store_clearance *clearance = NULL;
    assert_int_equal(store_clearance_create(story->store, &story->rule, &clearance), 0);
    const struct clearance *view = store_clearance_view(clearance);
    for (int i = 0; i < LESSONS * FILES * RUNS; i++) {
        const int lesson = i % LESSONS;
        const int file = i / LESSONS % FILES;
        const int run = i / LESSONS / FILES;
        const struct airing airing = {number_of(story, lesson), hash_of(lesson, file), run == 1,
                                      MONDAY + 1, 0};
        const struct approval_chain *chains = story->model.chains[lesson][file];
        assert_int_equal(view->may_air(view, &airing),
                         chains[0].rejected == 0 &&
                             approval_chain_level(&chains[run], story->rule.is_alone_allowed) >=
                                 story->rule.stages);
    }
    store_clearance_destroy(clearance);
}

static void check_day(struct story *story, int channel, int day)
{
    const struct model_day *model = &story->model.days[channel][day];
    const int64_t date = MONDAY + day;
    struct store_rows rows;
    int64_t number = 0;
    assert_int_equal(store_day_version(story->store, channels[channel], date, &number), 0);
    assert_int_equal(number, model->version);
    assert_int_equal(store_day_changes(story->store, channels[channel], date, 0, &rows), 0);
    assert_int_equal(rows.count, model->version);
    store_rows_finish(&rows);
    assert_int_equal(store_frozen_files(story->store, channels[channel], date, &rows), 0);
    assert_int_equal(rows.count, model->is_frozen ? 2 : 0);
    store_rows_finish(&rows);
    assert_int_equal(store_freeze_list(story->store, channels[channel], date, &rows), 0);
    assert_int_equal(rows.count, model->freezes);
    store_rows_finish(&rows);
    assert_int_equal(store_as_run_count(story->store, channels[channel], date, &number), 0);
    assert_int_equal(number, model->line_count);
    assert_int_equal(store_amendment_list(story->store, channels[channel], date, &rows), 0);
    size_t at = 0;
    for (int i = 0; i < story->model.order_count; i++) {
        const struct model_order *order = &story->model.orders[i];
        if (order->channel == channel && order->day == day) {
            assert_true(at < rows.count);
            assert_int_equal(store_amendment_at(&rows, at).id, i + 1);
            assert_int_equal(store_amendment_at(&rows, at).state, order->state);
            at++;
        }
    }
    assert_int_equal(at, rows.count);
    store_rows_finish(&rows);
}

static void check_all(struct story *story)
{
    struct store_rows rows;
    check_lessons(story);
    check_clearance(story);
    for (int i = 0; i < CHANNELS * DAYS; i++) {
        check_day(story, i % CHANNELS, i / CHANNELS);
    }
    assert_int_equal(store_approval_list(story->store, NULL, &rows), 0);
    assert_int_equal(rows.count, story->model.approvals);
    store_rows_finish(&rows);
    assert_int_equal(store_submission_list(story->store, &rows), 0);
    assert_int_equal(rows.count, story->model.submission_count);
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(store_submission_at(&rows, i).state, story->model.submissions[i].state);
    }
    store_rows_finish(&rows);
}

/* Several steps in one transaction, which is then given up. */
static void give_up(struct story *story)
{
    const struct model before = story->model;
    const int steps = draw(story, 6) + 1;
    assert_int_equal(store_begin(story->store), 0);
    story->has_failed = false;
    for (int i = 0; i < steps && !story->has_failed; i++) {
        take_step(story);
    }
    if (story->has_failed) {
        int64_t version = 0;
        assert_int_equal(store_day_version(story->store, channels[0], MONDAY, &version),
                         -ECANCELED);
    }
    assert_int_equal(store_end(story->store, -ECANCELED), -ECANCELED);
    story->model = before;
}

static void tell_story(struct story *story)
{
    for (int i = 0; i < STEPS; i++) {
        if (dice_once_in(&story->dice, 40)) {
            store_close(story->store);
            story->store = store_bench_open(&story->bench);
        } else if (dice_once_in(&story->dice, 20)) {
            give_up(story);
        } else {
            take_step(story);
        }
        if (dice_once_in(&story->dice, 30)) {
            check_all(story);
        }
    }
    check_all(story);
}

static void random_stories_are_kept_as_they_were_told(void **state)
{
    (void)state;
    const char *count = getenv("KETANG_STORIES");
    const int stories = count != NULL ? atoi(count) : 4;
    struct dice dice = dice_seeded();
    for (int i = 0; i < stories; i++) {
        struct story story = {.dice = {dice_roll(&dice)},
                              .rule = {(int)dice_between(&dice, 1, 3), dice_once_in(&dice, 2)}};
        store_bench_init(&story.bench);
        story.store = store_bench_open(&story.bench);
        tell_story(&story);
        store_close(story.store);
        store_bench_finish(&story.bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_stories_are_kept_as_they_were_told),
    };
    return cmocka_run_group_tests_name("store_model", tests, NULL, NULL);
}
