/* SPDX-License-Identifier: MIT */
/* The scheduler's dealings with its store: lists closed, trouble told, files followed. */
#include "scheduler/store_keeper.h"

#include "playout/durable.h"
#include "scheduler/planner_ready.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store/store_submission.h"
#include "tests/support/must.h"
#include "tests/support/signoff_desk.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A desk whose lists are closed at six in the evening. */
static void set_up_freezing(struct desk *desk)
{
    desk_set_up(desk, 0);
    desk_reload(desk);
    desk->station->scheduler.has_freeze = true;
    desk->station->scheduler.freeze_minute = 18 * 60;
}

static void lists_are_closed_at_their_hour_and_only_once(void **state)
{
    (void)state;
    struct desk desk;
    set_up_freezing(&desk);
    assert_int_equal(desk_pass(&desk, MORNING_MS, NULL, NULL), 0); /* today has begun */
    assert_int_equal(desk_pass(&desk, MORNING_MS + 8 * HOUR_MS - 1000, NULL, NULL), 0);
    assert_int_equal(desk_pass(&desk, MORNING_MS + 8 * HOUR_MS, NULL, NULL), 1);
    assert_int_equal(desk_pass(&desk, MORNING_MS + 8 * HOUR_MS + 1000, NULL, NULL), 0);
    desk_edit_day(&desk, MONDAY + 1,
                  "教师调课"); /* opened by hand: it is not closed over the operator */
    assert_int_equal(desk_pass(&desk, EVENING_MS, NULL, NULL), 0);
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS, NULL, NULL), 1);
    desk_clean_up(&desk);
}

static void a_broken_timetable_is_not_closed_until_it_is_mended(void **state)
{
    (void)state;
    struct desk desk;
    size_t told = 0;
    set_up_freezing(&desk);
    desk_write_timetable(&desk, "grid:", "gird:");
    assert_int_equal(desk_pass(&desk, EVENING_MS - 1000, NULL, &told), 0);
    assert_int_equal(told, 0); /* somebody may be writing it just now */
    assert_int_equal(desk_pass(&desk, EVENING_MS, NULL, &told), 0);
    assert_true(told > 0);
    assert_int_equal(desk_pass(&desk, EVENING_MS + 30000, NULL, &told), 0);
    assert_int_equal(told, 0); /* the same again is no news */
    desk_pass(&desk, EVENING_MS + DAY_MS, NULL, &told);
    assert_true(told > 0); /* another evening */
    desk_write_timetable(&desk, "grid:", "grud:");
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS + 60000, NULL, &told), 0);
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS + 61000, NULL, &told), 0);
    assert_true(told > 0);
    desk_write_timetable(&desk, NULL, NULL);
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS + 62000, NULL, &told),
                     0); /* just changed */
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS + 63000, NULL, &told),
                     0); /* twice a minute */
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS + 92000, NULL, &told), 1);
    assert_int_equal(told, 0);
    desk_clean_up(&desk);
}

/* What cannot be kept is told, and takes neither approvals nor the other lists with it. */
static void a_list_that_cannot_be_kept_is_not_a_store_that_is_lost(void **state)
{
    (void)state;
    struct desk desk;
    char trouble[KEEPER_TROUBLE_SIZE];
    char path[512];
    size_t told = 0;
    set_up_freezing(&desk);
    snprintf(path, sizeof(path), "%s/%0*d.yaml", desk.station->timetables, STORE_NAME_MOST, 0);
    FILE *out = fopen(path, "w");
    MUST(out != NULL && fputs("format: 1\nchannel: zhangdian\n", out) != EOF);
    MUST(fclose(out) == 0);
    desk_pass(&desk, EVENING_MS - 1000, NULL, NULL);
    assert_int_equal(desk_pass(&desk, EVENING_MS, trouble, &told), 0);
    assert_string_equal(trouble, "");
    assert_int_equal(told, 1);
    assert_non_null(planner_signoff(desk.planner));
    assert_int_equal(desk_pass(&desk, EVENING_MS + 1000, trouble, &told), 0);
    assert_int_equal(told, 0); /* not once a second */
    MUST(unlink(path) == 0);
    assert_int_equal(desk_pass(&desk, EVENING_MS + 30000, NULL, NULL), 0); /* just changed */
    assert_int_equal(desk_pass(&desk, EVENING_MS + 31000, NULL, NULL), 1);
    desk_clean_up(&desk);
}

static int64_t due_of_first_job(struct store *store)
{
    struct store_rows rows;
    MUST(store_job_list(store, &rows) == 0 && rows.count == 1);
    const int64_t due_ms = store_job_at(&rows, 0).due_ms;
    store_rows_finish(&rows);
    return due_ms;
}

static void add_waiting_film(struct store *store)
{
    const struct store_submission film = {.house_number = "A",
                                          .file_name = "a.mp4",
                                          .sha256 = store_bench_hash(1),
                                          .school = "",
                                          .teacher = "",
                                          .state = SUBMISSION_RECEIVED,
                                          .state_by = "王",
                                          .finding = ""};
    struct store_job job = {.profile = "sd", .due_ms = 5, .state_ms = 1};
    int64_t id = 0;
    MUST(store_submission_add(store, &film, &job.submission) == 0);
    MUST(store_job_add(store, &job, &id) == 0);
}

/* Told once, to a store that may be gone at first; the newest list counts. */
static void what_is_wanted_when_is_told_to_the_queue(void **state)
{
    (void)state;
    struct desk desk;
    struct due_list *lists[2];
    set_up_freezing(&desk);
    struct store *store = store_bench_open(&desk.bench);
    add_waiting_film(store);
    for (int i = 0; i < 2; i++) {
        struct ready_board board = {0};
        MUST(planner_ready(desk.planner, desk.service, MORNING_MS + i * 8 * HOUR_MS,
                           MORNING_MS + 3 * DAY_MS, &board) == 0);
        MUST(due_list_create(desk.station, &board, &lists[i]) == 0);
    }
    keeper_take_dues(desk.keeper, lists[0]);
    assert_int_equal(due_of_first_job(store), 5);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    assert_int_equal(due_of_first_job(store), MORNING_MS + 8 * HOUR_MS); /* its repeat */
    keeper_take_dues(desk.keeper, NULL);
    keeper_take_dues(desk.keeper, lists[1]);
    desk_pass(&desk, MORNING_MS + 9 * HOUR_MS, NULL, NULL);
    assert_in_range(due_of_first_job(store), MORNING_MS + 8 * HOUR_MS, MORNING_MS + 22 * HOUR_MS);
    store_close(store);
    desk_clean_up(&desk);
}

/* The clock is set back by a day: nobody waits a day for it. */
static void a_clock_that_is_set_back_holds_nothing_up(void **state)
{
    (void)state;
    struct desk desk;
    size_t told = 0;
    set_up_freezing(&desk);
    desk_write_timetable(&desk, "grid:", "gird:");
    desk_pass(&desk, EVENING_MS + DAY_MS - 1000, NULL, NULL);
    assert_int_equal(desk_pass(&desk, EVENING_MS + DAY_MS, NULL, &told), 0);
    assert_true(told > 0);
    desk_write_timetable(&desk, NULL, NULL);
    assert_int_equal(desk_pass(&desk, EVENING_MS, NULL, NULL), 0); /* just changed */
    assert_int_equal(desk_pass(&desk, EVENING_MS + 1000, NULL, NULL), 1);
    desk_clean_up(&desk);
}

/* A file full of damage is told of in short, and without holding the planner up. */
static void many_warnings_are_bounded_and_told_once(void **state)
{
    (void)state;
    enum { LINES = 20000 };
    struct desk desk;
    char path[512];
    size_t told = 0;
    desk_set_up(&desk, 0);
    snprintf(path, sizeof(path), "%s/asrun/zhangdian", desk.station->state);
    MUST(durable_make_folder(path) == 0);
    snprintf(path, sizeof(path), "%s/asrun/zhangdian/2020-02-17.jsonl", desk.station->state);
    FILE *out = fopen(path, "w");
    MUST(out != NULL);
    for (int i = 0; i < LINES; i++) {
        fputs("damaged\n", out);
    }
    MUST(fclose(out) == 0);
    desk_pass(&desk, MORNING_MS, NULL, &told);
    assert_int_equal(told, 200 + 1); /* and how many more there are */
    desk_pass(&desk, MORNING_MS + 10000, NULL, &told);
    assert_int_equal(told, 0);
    MUST((out = fopen(path, "a")) != NULL && fputs("damaged\n", out) != EOF && fclose(out) == 0);
    desk_pass(&desk, MORNING_MS + 20000, NULL, &told);
    assert_int_equal(told, 1);
    desk_clean_up(&desk);
}

/* A store that cannot be opened, and is there again later. */
static void a_store_that_is_gone_is_tried_again_and_what_was_known_holds(void **state)
{
    (void)state;
    struct desk desk;
    struct keeper *other = NULL;
    struct keeper_news news;
    char trouble[KEEPER_TROUBLE_SIZE];
    desk_set_up(&desk, 0);
    desk_reload(&desk);
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_pass(&desk, EVENING_MS, trouble, NULL);
    assert_string_equal(trouble, "");
    char *where = desk.station->scheduler.store;
    MUST(asprintf(&desk.station->scheduler.store, "%s/schedules/zhangdian.yaml/no.db",
                  desk.bench.folder) > 0);
    MUST(keeper_create(desk.station, &other) == 0);
    keeper_pass(other, EVENING_MS, false);
    keeper_fetch(other, &news);
    assert_true(news.has_answered);
    assert_non_null(news.signoff); /* what was known */
    assert_int_equal(signoff_frozen(news.signoff, 0)->count, 1);
    signoff_destroy(news.signoff);
    assert_true(news.trouble[0] != '\0');
    problems_finish(&news.told);
    free(desk.station->scheduler.store);
    desk.station->scheduler.store = where;
    keeper_pass(other, EVENING_MS + 500, false); /* not yet */
    keeper_fetch(other, &news);
    assert_true(news.trouble[0] != '\0');
    problems_finish(&news.told);
    keeper_pass(other, EVENING_MS + 1500, false);
    keeper_fetch(other, &news);
    assert_string_equal(news.trouble, "");
    assert_non_null(news.signoff);
    assert_int_equal(signoff_frozen(news.signoff, 0)->count, 1);
    assert_int_equal(signoff_frozen(news.signoff, 0)->items[0].date, MONDAY + 1);
    signoff_destroy(news.signoff);
    problems_finish(&news.told);
    keeper_destroy(other);
    desk_clean_up(&desk);
}

static void what_is_planned_and_ordered_is_noted_in_the_store(void **state)
{
    (void)state;
    struct desk desk;
    struct store_rows rows;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "信号异常", .author = "王"};
    desk_set_up(&desk, 0);
    desk_reload(&desk);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_check_number(&desk, MORNING_MS, tuesday_ms(8), "A");
    desk_order(&desk, MORNING_MS + 1000, &slate);
    desk_pass(&desk, MORNING_MS + 11000, NULL, NULL);
    struct store *store = store_bench_open(&desk.bench);
    assert_int_equal(store_revision_list(store, "zhangdian", 0, &rows), 0);
    assert_int_equal(rows.count, 2);
    store_rows_finish(&rows);
    assert_int_equal(store_amendment_list(store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_amendment_at(&rows, 0).reason, "信号异常");
    store_rows_finish(&rows);
    store_close(store);
    desk_clean_up(&desk);
}

/* One pass; what it says of the store. */
static struct keeper_news pass(struct desk *desk, int64_t now_ms)
{
    struct keeper_news news;
    (void)keeper_pass(desk->keeper, now_ms, false);
    keeper_fetch(desk->keeper, &news);
    signoff_destroy(news.signoff);
    news.signoff = NULL;
    problems_finish(&news.told);
    return news;
}

/* The store answers, though it does not take what the files tell: it is not lost. */
static void what_cannot_be_noted_is_told_and_an_answer_all_the_same(void **state)
{
    (void)state;
    struct desk desk;
    struct store_rows rows;
    desk_set_up(&desk, 0);
    desk_reload(&desk);
    struct keeper_news news = pass(&desk, MORNING_MS);
    assert_string_equal(news.trouble, "");
    assert_string_equal(news.unnoted, "");
    desk_check_number(&desk, MORNING_MS, tuesday_ms(8), "A");
    store_bench_run(&desk.bench, "ALTER TABLE plan_revisions RENAME TO away");
    assert_true(keeper_pass(desk.keeper, MORNING_MS + 10000, false));
    news = pass(&desk, MORNING_MS + 11000); /* not each second, but it stays true */
    assert_string_equal(news.trouble, "");
    assert_non_null(strstr(news.unnoted, "plan_revisions"));
    assert_true(keeper_pass(desk.keeper, MORNING_MS + 20000, false));
    store_bench_run(&desk.bench, "ALTER TABLE away RENAME TO plan_revisions");
    news = pass(&desk, MORNING_MS + 30000);
    assert_string_equal(news.unnoted, "");
    struct store *store = store_bench_open(&desk.bench);
    assert_int_equal(store_revision_list(store, "zhangdian", 0, &rows), 0);
    assert_int_equal(rows.count, 1);
    store_rows_finish(&rows);
    store_close(store);
    desk_clean_up(&desk);
}

/* Many orders while the store is gone: it is back when it would have been without them. */
static void whoever_asks_puts_no_try_off(void **state)
{
    (void)state;
    enum { ASKED = 20 };
    struct desk desk;
    desk_set_up(&desk, 0);
    char *where = desk.station->scheduler.store;
    MUST(asprintf(&desk.station->scheduler.store, "%s/schedules/zhangdian.yaml/no.db",
                  desk.bench.folder) > 0);
    assert_false(keeper_pass(desk.keeper, MORNING_MS, false));
    for (int i = 1; i <= ASKED; i++) {
        assert_false(keeper_pass(desk.keeper, MORNING_MS + i, true));
    }
    free(desk.station->scheduler.store);
    desk.station->scheduler.store = where;
    assert_false(keeper_pass(desk.keeper, MORNING_MS + 999, false));
    assert_true(keeper_pass(desk.keeper, MORNING_MS + 1000, false));
    desk_clean_up(&desk);
}

/* What was signed cannot be written down for a while. */
static void what_could_not_be_kept_is_kept_later(void **state)
{
    (void)state;
    struct desk desk;
    char path[512];
    char in_the_way[520];
    size_t told = 0;
    desk_set_up(&desk, 1);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    snprintf(in_the_way, sizeof(in_the_way), "%s.tmp", path);
    MUST(mkdir(in_the_way, 0755) == 0);
    desk_pass(&desk, EVENING_MS, NULL, &told);
    assert_int_equal(told, 1);
    assert_int_not_equal(access(path, F_OK), 0);
    desk_pass(&desk, EVENING_MS + 30000, NULL, &told);
    assert_int_equal(told, 0); /* told once */
    MUST(rmdir(in_the_way) == 0);
    desk_pass(&desk, EVENING_MS + 59000, NULL, NULL);
    assert_int_not_equal(access(path, F_OK), 0); /* not yet */
    desk_pass(&desk, EVENING_MS + 60000, NULL, NULL);
    assert_int_equal(access(path, F_OK), 0);
    desk_clean_up(&desk);
}

/* Nobody knows yet whether the store has what it had. */
static void what_cannot_be_recalled_is_told_without_a_promise(void **state)
{
    (void)state;
    struct desk desk;
    struct keeper *other = NULL;
    struct keeper_news news;
    char path[512];
    desk_set_up(&desk, 1);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    FILE *file = fopen(path, "w");
    MUST(file != NULL && fputs("{", file) >= 0 && fclose(file) == 0);
    MUST(keeper_create(desk.station, &other) == 0);
    keeper_fetch(other, &news);
    assert_null(news.signoff);
    assert_int_equal(news.told.count, 1);
    assert_string_equal(news.told.items[0].file, path);
    assert_non_null(
        strstr(news.told.items[0].text, "cannot be read (it is damaged): until the store answers"));
    problems_finish(&news.told);
    keeper_destroy(other);
    desk_clean_up(&desk);
}

/* What is written to a file that nobody will look for again is lost. */
static void a_store_that_is_moved_away_is_noticed_and_not_made_anew(void **state)
{
    (void)state;
    struct desk desk;
    char trouble[KEEPER_TROUBLE_SIZE];
    char away[512];
    desk_set_up(&desk, 1);
    if (store_is_postgres(desk.bench.where)) {
        desk_clean_up(&desk);
        skip();
    }
    snprintf(away, sizeof(away), "%s.away", desk.bench.where);
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_pass(&desk, EVENING_MS, trouble, NULL);
    assert_string_equal(trouble, "");
    MUST(rename(desk.bench.where, away) == 0);
    desk_pass(&desk, EVENING_MS + 1000, trouble, NULL);
    assert_non_null(strstr(trouble, "the store is gone"));
    assert_ptr_equal(strstr(trouble, desk.bench.where), trouble); /* which one */
    assert_int_not_equal(access(desk.bench.where, F_OK), 0);
    assert_int_equal(signoff_frozen(planner_signoff(desk.planner), 0)->count, 1);
    MUST(rename(away, desk.bench.where) == 0);
    desk_pass(&desk, EVENING_MS + 3000, trouble, NULL);
    assert_string_equal(trouble, "");
    desk_clean_up(&desk);
}

/* Whoever has it open answers from his cache: other programs cannot read it any more. */
static void a_store_that_is_written_over_is_noticed(void **state)
{
    (void)state;
    struct desk desk;
    char trouble[KEEPER_TROUBLE_SIZE];
    desk_set_up(&desk, 1);
    if (store_is_postgres(desk.bench.where)) {
        desk_clean_up(&desk);
        skip();
    }
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_pass(&desk, EVENING_MS, trouble, NULL);
    assert_string_equal(trouble, "");
    store_bench_run(&desk.bench, "PRAGMA wal_checkpoint(TRUNCATE)");
    desk_pass(&desk, EVENING_MS + 1000, trouble, NULL); /* what it knows is of that file */
    FILE *file = fopen(desk.bench.where, "r+");
    MUST(file != NULL);
    for (int i = 0; i < 100000; i++) {
        fputc(i * 7 % 251, file);
    }
    MUST(fclose(file) == 0);
    desk_pass(&desk, EVENING_MS + 10000, trouble, NULL);
    assert_ptr_equal(strstr(trouble, desk.bench.where), trouble);
    assert_non_null(strstr(trouble, "ketang store restore"));
    assert_int_equal(signoff_frozen(planner_signoff(desk.planner), 0)->count, 1);
    desk_clean_up(&desk);
}

/* A backup that was copied over it: what is signed in that one holds, and not what was in a cache.
 */
static void a_store_that_another_one_is_copied_over_is_opened_anew(void **state)
{
    (void)state;
    struct desk desk;
    char command[1200];
    char trouble[KEEPER_TROUBLE_SIZE];
    desk_set_up(&desk, 0);
    if (store_is_postgres(desk.bench.where)) {
        desk_clean_up(&desk);
        skip();
    }
    desk_edit_day(&desk, MONDAY + 1, NULL);
    snprintf(command, sizeof(command), "VACUUM INTO '%s.backup'", desk.bench.where);
    store_bench_run(&desk.bench, command);
    desk_edit_day(&desk, MONDAY + 1, "改课");
    desk_pass(&desk, EVENING_MS, trouble, NULL);
    assert_int_equal(signoff_frozen(planner_signoff(desk.planner), 0)->count, 0);
    store_bench_run(&desk.bench, "PRAGMA wal_checkpoint(TRUNCATE)");
    desk_pass(&desk, EVENING_MS + 1000, trouble, NULL); /* what it knows is of that file */
    snprintf(command, sizeof(command), "cp '%s.backup' '%s'", desk.bench.where, desk.bench.where);
    MUST(system(command) == 0);
    desk_pass(&desk, EVENING_MS + 10000, trouble, NULL);
    assert_string_equal(trouble, "");
    assert_int_equal(signoff_frozen(planner_signoff(desk.planner), 0)->count, 1);
    desk_clean_up(&desk);
}

/* What was said of the old one is not said of the one that is there now. */
static void a_store_that_is_exchanged_takes_notes_at_once(void **state)
{
    (void)state;
    struct desk desk;
    char path[512];
    desk_set_up(&desk, 0);
    if (store_is_postgres(desk.bench.where)) {
        desk_clean_up(&desk);
        skip();
    }
    desk_reload(&desk);
    (void)pass(&desk, MORNING_MS);
    desk_check_number(&desk, MORNING_MS, tuesday_ms(8), "A");
    store_bench_run(&desk.bench, "ALTER TABLE plan_revisions RENAME TO away");
    assert_true(pass(&desk, MORNING_MS + 10000).unnoted[0] != '\0');
    snprintf(path, sizeof(path), "%s.away", desk.bench.where);
    MUST(rename(desk.bench.where, path) == 0);
    struct keeper_news news = pass(&desk, MORNING_MS + 11000);
    assert_true(news.trouble[0] != '\0');
    assert_string_equal(news.unnoted, "");  /* it is gone: nobody knows */
    store_bench_run(&desk.bench, "VACUUM"); /* makes another one */
    news = pass(&desk, MORNING_MS + 13000);
    assert_string_equal(news.trouble, "");
    assert_string_equal(news.unnoted, "");
    desk_clean_up(&desk);
}

/* A gate that each pass of the keeper's thread goes through: it is the clock that it reads. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static int64_t evening_ms(void)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return EVENING_MS;
}

static void whoever_asks_learns_whether_the_store_has_answered(void **state)
{
    (void)state;
    enum { SOON_MS = 10, LONG_MS = 60000 };
    struct desk desk;
    char folder[512];
    desk_set_up(&desk, 1);
    snprintf(folder, sizeof(folder), "%s/away", desk.bench.folder);
    MUST(mknod(folder, S_IFREG | 0644, 0) == 0); /* where the store's folder should be */
    free(desk.station->scheduler.store);
    MUST(asprintf(&desk.station->scheduler.store, "%s/ketang.db", folder) > 0);
    pthread_mutex_lock(&gate);
    MUST(keeper_start(desk.keeper, evening_ms) == 0);
    assert_false(keeper_ask(desk.keeper, SOON_MS)); /* it stalls */
    pthread_mutex_unlock(&gate);
    assert_false(keeper_ask(desk.keeper, LONG_MS)); /* it is gone, and that is said at once */
    MUST(unlink(folder) == 0);
    assert_true(keeper_ask(desk.keeper, LONG_MS)); /* it is back: nobody waits for the next try */
    desk_clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_closed_at_their_hour_and_only_once),
        cmocka_unit_test(a_broken_timetable_is_not_closed_until_it_is_mended),
        cmocka_unit_test(a_list_that_cannot_be_kept_is_not_a_store_that_is_lost),
        cmocka_unit_test(what_is_wanted_when_is_told_to_the_queue),
        cmocka_unit_test(a_clock_that_is_set_back_holds_nothing_up),
        cmocka_unit_test(many_warnings_are_bounded_and_told_once),
        cmocka_unit_test(what_is_planned_and_ordered_is_noted_in_the_store),
        cmocka_unit_test(what_cannot_be_noted_is_told_and_an_answer_all_the_same),
        cmocka_unit_test(whoever_asks_puts_no_try_off),
        cmocka_unit_test(what_could_not_be_kept_is_kept_later),
        cmocka_unit_test(what_cannot_be_recalled_is_told_without_a_promise),
        cmocka_unit_test(a_store_that_is_moved_away_is_noticed_and_not_made_anew),
        cmocka_unit_test(a_store_that_is_written_over_is_noticed),
        cmocka_unit_test(a_store_that_another_one_is_copied_over_is_opened_anew),
        cmocka_unit_test(a_store_that_is_exchanged_takes_notes_at_once),
        cmocka_unit_test(whoever_asks_learns_whether_the_store_has_answered),
        cmocka_unit_test(a_store_that_is_gone_is_tried_again_and_what_was_known_holds),
    };
    return cmocka_run_group_tests_name("store_keeper", tests, NULL, NULL);
}
