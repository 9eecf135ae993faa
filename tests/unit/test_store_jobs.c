/* SPDX-License-Identifier: MIT */
/*
 * The queue of jobs: whatever workers do, are killed at, or come back from, each
 * job is ended once, by the one who has it; the soonest goes first.
 *
 * On SQLite, or on the PostgreSQL that KETANG_TEST_STORE names.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "scheduler/store/store_job.h"
#include "scheduler/store/store_submission.h"
#include "tests/support/dice.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

enum { LOST_AFTER_MS = 30000, JOBS = 12, WORKERS = 4, STEPS = 600 };

static int64_t add_film(struct store *store, int number, const char *house_number)
{
    const struct store_submission submission = {.house_number = house_number,
                                                .file_name = "a.mp4",
                                                .sha256 = store_bench_hash(number),
                                                .school = "",
                                                .teacher = "",
                                                .state = SUBMISSION_RECEIVED,
                                                .state_by = "王",
                                                .finding = ""};
    int64_t id = 0;
    MUST(store_submission_add(store, &submission, &id) == 0);
    return id;
}

static int64_t add_submission(struct store *store, int number)
{
    return add_film(store, number, NULL);
}

static int64_t add_job(struct store *store, int64_t submission, int64_t due_ms)
{
    const struct store_job job = {
        .submission = submission, .profile = "sd", .due_ms = due_ms, .state_ms = 1};
    int64_t id = 0;
    MUST(store_job_add(store, &job, &id) == 0);
    return id;
}

/* Claims at `now_ms`: the job with its claim, or 0. */
static struct store_claim claim(struct store *store, const char *worker, int64_t now_ms)
{
    struct store_rows rows;
    struct store_claim claim = {0};
    MUST(store_job_claim(store, worker, now_ms, now_ms - LOST_AFTER_MS, &rows) == 0);
    if (rows.count > 0) {
        const struct store_job job = store_job_at(&rows, 0);
        claim = (struct store_claim){job.id, job.claim};
        assert_int_equal(job.state, JOB_RUNNING);
        assert_string_equal(job.worker, worker);
    }
    store_rows_finish(&rows);
    return claim;
}

static struct store_job look(struct store *store, int64_t id, char finding[256])
{
    struct store_rows rows;
    struct store_job job = {0};
    MUST(store_job_list(store, &rows) == 0);
    for (size_t i = 0; i < rows.count; i++) {
        if (store_job_at(&rows, i).id == id) {
            job = store_job_at(&rows, i);
            snprintf(finding, 256, "%s", job.finding);
        }
    }
    job.finding = finding;
    job.worker = job.profile = "";
    store_rows_finish(&rows);
    return job;
}

static void the_soonest_goes_first(void **state)
{
    const struct store_room *room = *state;
    const int64_t late = add_job(room->store, add_submission(room->store, 1), 9000);
    const int64_t never = add_job(room->store, add_submission(room->store, 2), JOB_NOT_PLANNED);
    const int64_t soon = add_job(room->store, add_submission(room->store, 3), 5000);
    assert_int_equal(claim(room->store, "a", 10).job, soon);
    assert_int_equal(claim(room->store, "b", 10).job, late);
    assert_int_equal(claim(room->store, "a", 10).job, never);
    assert_int_equal(claim(room->store, "a", 10).job, 0);
}

static void a_film_is_made_for_a_format_once(void **state)
{
    const struct store_room *room = *state;
    const int64_t submission = add_submission(room->store, 1);
    const struct store_job job = {.submission = submission, .profile = "sd"};
    const struct store_job other = {.submission = submission, .profile = "hd"};
    const struct store_job none = {.submission = submission + 7, .profile = "hd"};
    const struct store_job nameless = {.submission = submission, .profile = ""};
    int64_t id = 0;
    assert_int_equal(store_job_add(room->store, &job, &id), 0);
    assert_int_equal(store_job_add(room->store, &job, &id), -EEXIST);
    assert_int_equal(store_job_add(room->store, &other, &id), 0);
    assert_true(store_job_add(room->store, &none, &id) < 0);
    assert_int_equal(store_job_add(room->store, &nameless, &id), -EINVAL);
}

static void who_is_not_heard_of_is_replaced_and_told(void **state)
{
    const struct store_room *room = *state;
    char text[256];
    const int64_t id = add_job(room->store, add_submission(room->store, 1), 1);
    const struct store_claim first = claim(room->store, "a", 1000);
    assert_int_equal(store_job_beat(room->store, first, 20000, 300), 0);
    assert_int_equal(claim(room->store, "b", 20000 + LOST_AFTER_MS).job, 0);
    const struct store_claim second = claim(room->store, "b", 20001 + LOST_AFTER_MS);
    assert_int_equal(second.job, id);
    assert_int_equal(store_job_beat(room->store, first, 60000, 400), -ESTALE);
    assert_int_equal(store_job_end(room->store, first, 60000, JOB_DONE, ""), -ESTALE);
    assert_int_equal(store_job_release(room->store, first, 60000, 0), -ESTALE);
    assert_int_equal(store_job_end(room->store, second, 60000, JOB_DONE, ""), 0);
    assert_int_equal(store_job_end(room->store, second, 60000, JOB_FAILED, "x"), -ESTALE);
    assert_int_equal(look(room->store, id, text).state, JOB_DONE);
}

static void what_loses_its_workers_is_given_up(void **state)
{
    const struct store_room *room = *state;
    char text[256];
    const int64_t bad = add_job(room->store, add_submission(room->store, 1), 1);
    const int64_t good = add_job(room->store, add_submission(room->store, 2), 2);
    int64_t now_ms = 0;
    for (int i = 0; i < JOB_LOST_MOST; i++) {
        now_ms += LOST_AFTER_MS + 1;
        assert_int_equal(claim(room->store, "a", now_ms).job, bad);
    }
    now_ms += LOST_AFTER_MS + 1;
    assert_int_equal(claim(room->store, "a", now_ms).job, good);
    const struct store_job job = look(room->store, bad, text);
    assert_int_equal(job.state, JOB_FAILED);
    assert_int_equal(job.lost, JOB_LOST_MOST);
    assert_true(strlen(job.finding) > 10);
}

static void what_is_put_back_was_not_lost(void **state)
{
    const struct store_room *room = *state;
    char text[256];
    const int64_t id = add_job(room->store, add_submission(room->store, 1), 1);
    for (int i = 0; i < 2 * JOB_LOST_MOST; i++) {
        const struct store_claim mine = claim(room->store, "a", i);
        assert_int_equal(mine.job, id);
        assert_int_equal(store_job_release(room->store, mine, i, 0), 0);
    }
    assert_int_equal(look(room->store, id, text).lost, 0);
}

static int cancel(struct store *store, int64_t submission)
{
    int count = 0;
    assert_int_equal(store_job_cancel(store, submission, 6, "王", "handed in anew", &count), 0);
    return count;
}

static enum submission_state state_of(struct store *store, int64_t submission)
{
    struct store_rows rows;
    MUST(store_submission_find(store, submission, &rows) == 0 && rows.count == 1);
    const enum submission_state state = store_submission_at(&rows, 0).state;
    store_rows_finish(&rows);
    return state;
}

static void what_is_cancelled_stays_so(void **state)
{
    const struct store_room *room = *state;
    char text[256];
    const int64_t waiting = add_submission(room->store, 1);
    const int64_t running = add_submission(room->store, 2);
    (void)add_job(room->store, waiting, 2);
    const int64_t runs = add_job(room->store, running, 1);
    const struct store_claim mine = claim(room->store, "a", 5);
    assert_int_equal(mine.job, runs);
    assert_int_equal(cancel(room->store, waiting), 1);
    assert_int_equal(cancel(room->store, running), 1);
    assert_int_equal(cancel(room->store, running), 0);
    assert_int_equal(cancel(room->store, 99), 0);
    assert_int_equal(state_of(room->store, running), SUBMISSION_REJECTED);
    assert_int_equal(store_job_beat(room->store, mine, 7, 1), -ESTALE);
    assert_int_equal(store_job_end(room->store, mine, 7, JOB_DONE, ""), -ESTALE);
    assert_int_equal(claim(room->store, "b", 1000000).job, 0);
    assert_string_equal(look(room->store, runs, text).finding, "handed in anew");
}

static void what_is_put_back_waits_its_time(void **state)
{
    const struct store_room *room = *state;
    const int64_t first = add_job(room->store, add_submission(room->store, 1), 1);
    const int64_t second = add_job(room->store, add_submission(room->store, 2), 2);
    const struct store_claim mine = claim(room->store, "a", 1000);
    assert_int_equal(mine.job, first);
    assert_int_equal(store_job_release(room->store, mine, 1000, 5000), 0);
    assert_int_equal(claim(room->store, "a", 4999).job, second);
    assert_int_equal(claim(room->store, "a", 4999).job, 0);
    assert_int_equal(claim(room->store, "a", 5000).job, first);
}

static void what_the_timetables_say_anew_is_the_order(void **state)
{
    const struct store_room *room = *state;
    const struct job_due dues[] = {
        {"KT-01", "hd", 700}, {"KT-01", "sd", 9000}, {"KT-03", "sd", 300}, {"KT-04", "hd", 5}};
    const size_t count = sizeof(dues) / sizeof(dues[0]);
    char text[256];
    int changed = 0;
    const int64_t first = add_job(room->store, add_film(room->store, 1, "KT-01"), 1000);
    const int64_t second = add_job(room->store, add_film(room->store, 2, "KT-02"), 2000);
    const int64_t third = add_job(room->store, add_film(room->store, 3, "KT-03"), 3000);
    const int64_t nameless = add_job(room->store, add_submission(room->store, 4), 4000);
    assert_int_equal(store_job_reorder(room->store, dues, count, &changed), 0);
    assert_int_equal(changed, 4);
    assert_int_equal(look(room->store, first, text).due_ms, 9000);
    assert_int_equal(look(room->store, second, text).due_ms, JOB_NOT_PLANNED);
    assert_int_equal(look(room->store, nameless, text).due_ms, JOB_NOT_PLANNED);
    assert_int_equal(store_job_reorder(room->store, dues, count, &changed), 0);
    assert_int_equal(changed, 0);
    const struct store_claim mine = claim(room->store, "a", 10);
    assert_int_equal(mine.job, third);
    assert_int_equal(claim(room->store, "a", 10).job, first);
    assert_int_equal(store_job_end(room->store, mine, 11, JOB_DONE, ""), 0);
    assert_int_equal(store_job_reorder(room->store, NULL, 0, &changed), 0);
    assert_int_equal(changed, 1); /* what is done stays as it is */
    assert_int_equal(look(room->store, third, text).due_ms, 300);
    assert_int_equal(look(room->store, first, text).due_ms, JOB_NOT_PLANNED);
}

/* Jobs and their submissions go together. */
static void lists_begin_where_they_are_asked_to(void **state)
{
    const struct store_room *room = *state;
    struct store_rows jobs;
    struct store_rows submissions;
    for (int i = 0; i < 4; i++) {
        (void)add_job(room->store, add_film(room->store, i, "KT-01"), 1);
    }
    for (int i = 0; i < 3; i++) { /* ended at 1000, 2000, 3000 */
        const struct store_claim mine = claim(room->store, "a", 10);
        assert_int_equal(store_job_end(room->store, mine, 1000 * (i + 1), JOB_DONE, ""), 0);
    }
    (void)add_submission(room->store, 9); /* without a job */
    assert_int_equal(store_job_list_since(room->store, 2000, &jobs), 0);
    assert_int_equal(store_submission_list_since(room->store, 2000, &submissions), 0);
    assert_int_equal(jobs.count, 3);
    assert_int_equal(submissions.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(store_job_at(&jobs, i).submission,
                         store_submission_at(&submissions, i).id);
        assert_int_equal(store_job_at(&jobs, i).id, i + 2);
    }
    store_rows_finish(&jobs);
    store_rows_finish(&submissions);
}

/* Also in the transaction that it is the time of. */
static void the_store_has_a_clock(void **state)
{
    const struct store_room *room = *state;
    struct timespec now;
    int64_t before = 0;
    int64_t after = 0;
    assert_int_equal(store_clock_ms(room->store, &before), 0);
    assert_int_equal(store_begin(room->store), 0);
    const struct timespec moment = {.tv_nsec = 20000000};
    nanosleep(&moment, NULL);
    assert_int_equal(store_clock_ms(room->store, &after), 0);
    assert_int_equal(store_end(room->store, 0), 0);
    clock_gettime(CLOCK_REALTIME, &now);
    assert_true(after >= before + 19);
    assert_true(llabs((long long)now.tv_sec * 1000 - after) < 60000);
}

/* Of two formats: accepted when both are made, rejected when one is not. */
static void a_submission_ends_with_its_last_job(void **state)
{
    static const struct {
        enum job_state ends[2];
        enum submission_state wanted;
    } CASES[] = {{{JOB_DONE, JOB_DONE}, SUBMISSION_ACCEPTED},
                 {{JOB_FAILED, JOB_DONE}, SUBMISSION_REJECTED},
                 {{JOB_DONE, JOB_FAILED}, SUBMISSION_REJECTED}};
    const struct store_room *room = *state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const int64_t submission = add_submission(room->store, (int)i);
        const struct store_job hd = {.submission = submission, .profile = "hd", .due_ms = 2};
        int64_t id = 0;
        add_job(room->store, submission, 1);
        assert_int_equal(store_job_add(room->store, &hd, &id), 0);
        for (int k = 0; k < 2; k++) {
            assert_int_equal(state_of(room->store, submission), SUBMISSION_RECEIVED);
            const struct store_claim mine = claim(room->store, "a", 5);
            assert_int_equal(store_job_end(room->store, mine, 5, CASES[i].ends[k], "x"), 0);
        }
        assert_int_equal(state_of(room->store, submission), CASES[i].wanted);
    }
}

/* --- Any order of things -------------------------------------------------------------------- */

/* What is known of a job without the store. */
struct truth {
    int64_t id;
    int64_t submission;
    int64_t due_ms;
    enum job_state state;
    int64_t claim;
    int64_t beat_ms;
    int lost;
    int ends;
};

struct story {
    struct store *store;
    struct dice dice;
    int64_t now_ms;
    struct truth jobs[JOBS];
    struct store_claim held[WORKERS]; /* what each believes to have; job 0: nothing */
};

static struct truth *truth_of(struct story *story, int64_t id)
{
    for (size_t i = 0; i < JOBS; i++) {
        if (story->jobs[i].id == id) {
            return &story->jobs[i];
        }
    }
    MUST(false);
    return NULL;
}

static bool is_lost(const struct story *story, const struct truth *job)
{
    return job->state == JOB_RUNNING && job->beat_ms < story->now_ms - LOST_AFTER_MS;
}

/* The job that must be claimed next, those before it that are given up taken into account. */
static struct truth *expect_claim(struct story *story)
{
    for (;;) {
        struct truth *next = NULL;
        for (size_t i = 0; i < JOBS; i++) {
            struct truth *job = &story->jobs[i];
            const bool is_open = job->state == JOB_WAITING || is_lost(story, job);
            if (is_open && (next == NULL || job->due_ms < next->due_ms ||
                            (job->due_ms == next->due_ms && job->id < next->id))) {
                next = job;
            }
        }
        if (next == NULL || next->state == JOB_WAITING || next->lost + 1 < JOB_LOST_MOST) {
            return next;
        }
        next->lost++;
        next->state = JOB_FAILED;
    }
}

static void claim_one(struct story *story, int worker)
{
    char name[16];
    struct truth *expected = expect_claim(story);
    snprintf(name, sizeof(name), "worker %d", worker);
    const struct store_claim got = claim(story->store, name, story->now_ms);
    assert_int_equal(got.job, expected != NULL ? expected->id : 0);
    if (expected != NULL) {
        expected->lost += expected->state == JOB_RUNNING;
        expected->state = JOB_RUNNING;
        expected->beat_ms = story->now_ms;
        expected->claim++;
        assert_int_equal(got.claim, expected->claim);
        story->held[worker] = got;
    }
}

/* Says something of what it believes to have. */
static void work(struct story *story, int worker)
{
    struct store_claim *mine = &story->held[worker];
    struct truth *job = truth_of(story, mine->job);
    const bool holds = job->state == JOB_RUNNING && job->claim == mine->claim;
    const int64_t what = dice_between(&story->dice, 0, 5);
    int result = 0;
    if (what <= 2) {
        result = store_job_beat(story->store, *mine, story->now_ms, what * 100);
        job->beat_ms = holds ? story->now_ms : job->beat_ms;
    } else if (what == 3) {
        result = store_job_release(story->store, *mine, story->now_ms, 0);
        job->state = holds ? JOB_WAITING : job->state;
        mine->job = 0;
    } else {
        const enum job_state end = what == 4 ? JOB_DONE : JOB_FAILED;
        result = store_job_end(story->store, *mine, story->now_ms, end, "");
        job->state = holds ? end : job->state;
        job->ends += holds;
        mine->job = 0;
    }
    assert_int_equal(result, holds ? 0 : -ESTALE);
}

static void cancel_one(struct story *story)
{
    struct truth *job = &story->jobs[dice_between(&story->dice, 0, JOBS - 1)];
    const bool is_open = job->state == JOB_WAITING || job->state == JOB_RUNNING;
    assert_int_equal(cancel(story->store, job->submission), is_open);
    job->state = is_open ? JOB_CANCELLED : job->state;
}

static void check_story(struct story *story)
{
    char text[256];
    for (size_t i = 0; i < JOBS; i++) {
        const struct truth *job = &story->jobs[i];
        const struct store_job is = look(story->store, job->id, text);
        assert_int_equal(is.state, job->state);
        assert_int_equal(is.claim, job->claim);
        assert_int_equal(is.lost, job->lost);
        assert_true(job->ends <= 1);
        assert_int_equal(state_of(story->store, job->submission),
                         job->state == JOB_DONE ? SUBMISSION_ACCEPTED
                         : job->state == JOB_FAILED || job->state == JOB_CANCELLED
                             ? SUBMISSION_REJECTED
                             : SUBMISSION_RECEIVED);
    }
}

static void in_any_order_each_job_is_ended_once(void **state)
{
    const struct store_room *room = *state;
    struct story story = {.store = room->store, .dice = dice_seeded(), .now_ms = 1000000};
    for (int i = 0; i < JOBS; i++) {
        story.jobs[i].due_ms = dice_between(&story.dice, 1, 5);
        story.jobs[i].submission = add_submission(room->store, i);
        story.jobs[i].id = add_job(room->store, story.jobs[i].submission, story.jobs[i].due_ms);
    }
    for (int i = 0; i < STEPS; i++) {
        const int worker = (int)dice_between(&story.dice, 0, WORKERS - 1);
        story.now_ms += dice_between(&story.dice, 0, 12000);
        if (dice_once_in(&story.dice, 60)) {
            cancel_one(&story);
        } else if (story.held[worker].job == 0 || dice_once_in(&story.dice, 12)) {
            claim_one(&story, worker); /* also one that died, and forgot what it had */
        } else {
            work(&story, worker);
        }
    }
    check_story(&story);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, store_room_set_up, store_room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(the_soonest_goes_first),
        IN_ROOM(a_film_is_made_for_a_format_once),
        IN_ROOM(who_is_not_heard_of_is_replaced_and_told),
        IN_ROOM(what_loses_its_workers_is_given_up),
        IN_ROOM(what_is_put_back_was_not_lost),
        IN_ROOM(what_is_cancelled_stays_so),
        IN_ROOM(what_is_put_back_waits_its_time),
        IN_ROOM(what_the_timetables_say_anew_is_the_order),
        IN_ROOM(lists_begin_where_they_are_asked_to),
        IN_ROOM(the_store_has_a_clock),
        IN_ROOM(a_submission_ends_with_its_last_job),
        IN_ROOM(in_any_order_each_job_is_ended_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
