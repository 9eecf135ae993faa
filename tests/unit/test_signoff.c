/* SPDX-License-Identifier: MIT */
/* What is signed in the store, closed days and approvals, and what airs because of it. */
#include "playout/asset.h"
#include "playout/asset_index.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_freeze.h"
#include "tests/support/must.h"
#include "tests/support/signoff_desk.h"

#include <errno.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- Closed days ------------------------------------------------------------------------- */

static void a_day_that_is_closed_stays_as_it_was_until_it_is_opened_again(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up(&desk, 0);
    desk_reload(&desk);
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_number(&desk, EVENING_MS, tuesday_ms(8), "A");
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, B,");
    desk_reload(&desk);
    desk_check_number(&desk, EVENING_MS, tuesday_ms(8), "A");
    desk_check_number(&desk, EVENING_MS, tuesday_ms(18), "A"); /* the repeat, too */
    desk_check_number(&desk, EVENING_MS, tuesday_ms(8 + 24), "B");
    desk_edit_day(&desk, MONDAY + 1, "教师调课");
    desk_pass(&desk, EVENING_MS + 1000, NULL, NULL);
    desk_check_number(&desk, EVENING_MS, tuesday_ms(8), "B");
    desk_clean_up(&desk);
}

/* --- Approvals --------------------------------------------------------------------------- */

/* What is wrong with it is of other tests. */
static int read_media(struct planner *reader)
{
    struct problems problems;
    problems_init(&problems);
    const int result = planner_read_media(reader, &problems);
    problems_finish(&problems);
    return result;
}

/* Puts a lesson's file into the planner's library; its hash is store_bench_hash(content). */
static void add_media(struct desk *desk, char *number, int content)
{
    static char nothing[] = "";
    static const char *const suffixes[] = {"mp4", "idx", "json"};
    struct asset_record record = {.house_number = number,
                                  .profile = desk->service->profile->name,
                                  .title = nothing,
                                  .source = nothing,
                                  .is_proven = true,
                                  .duration_frames = 20LL * 60 * FRAMES_PER_SECOND,
                                  .created_ms = MORNING_MS - DAY_MS + content};
    snprintf(record.sha256, sizeof(record.sha256), "%s", store_bench_hash(content));
    for (int i = 0; i < 3; i++) {
        char *path = asset_path(desk->station->media, record.sha256, suffixes[i]);
        FILE *out = i < 2 ? fopen(path, "w") : NULL;
        MUST(i == 2 ? asset_record_save(path, &record) == 0 : out != NULL && fclose(out) == 0);
        free(path);
    }
    MUST(read_media(desk->planner) == 0);
}

static void sign(struct desk *desk, const char *number, int content, const char *run,
                 enum approval_verdict verdict)
{
    static const char *const approvers[] = {"王", "李", "张"};
    const struct approval_rule rule = {desk->station->scheduler.approval_stages, true};
    struct store *store = store_bench_open(&desk->bench);
    for (int stage = 1; stage <= (verdict == APPROVAL_GIVEN ? rule.stages : 1); stage++) {
        const struct store_approval approval = {.house_number = number,
                                                .sha256 = store_bench_hash(content),
                                                .run = run,
                                                .stage = stage,
                                                .verdict = verdict,
                                                .approver = approvers[stage - 1],
                                                .note = "",
                                                .time_ms = MORNING_MS};
        assert_int_equal(store_approval_add(store, &approval, &rule), 0);
    }
    store_close(store);
}

static void a_lesson_airs_when_all_stages_are_signed_and_its_repeat_by_its_own(void **state)
{
    (void)state;
    struct desk desk;
    char number[] = "A";
    char substitute[] = "S";
    char path[256];
    const char *file = store_bench_hash(1);
    snprintf(path, sizeof(path), "%s", file);
    desk_set_up(&desk, 2);
    desk_reload(&desk);
    add_media(&desk, number, 1);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), "");
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS + 1000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 1000, tuesday_ms(8), path);
    desk_check_asset(&desk, MORNING_MS + 1000, tuesday_ms(18), "");
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS + 2000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 2000, tuesday_ms(18), path);
    /* Withdrawn: its approved substitute airs. */
    add_media(&desk, substitute, 2);
    sign(&desk, "S", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    desk_pass(&desk, MORNING_MS + 3000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 3000, tuesday_ms(8), store_bench_hash(2));
    desk_clean_up(&desk);
}

static void a_file_that_changed_is_not_approved_and_the_old_one_goes_on(void **state)
{
    (void)state;
    struct desk desk;
    char number[] = "A";
    desk_set_up(&desk, 1);
    desk_reload(&desk);
    add_media(&desk, number, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    add_media(&desk, number, 2); /* made later */
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), store_bench_hash(1));
    sign(&desk, "A", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS + 1000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 1000, tuesday_ms(8), store_bench_hash(2));
    desk_clean_up(&desk);
}

static void an_order_cannot_air_what_is_not_approved(void **state)
{
    (void)state;
    struct desk desk;
    struct planner_outcome outcome;
    char number[] = "B";
    const struct order_request insert = {
        .kind = ORDER_INSERT, .reason = "test", .house_number = number};
    desk_set_up(&desk, 1);
    desk_reload(&desk);
    add_media(&desk, number, 1);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, &outcome),
                     -ECANCELED);
    assert_non_null(strstr(outcome.answer.text, "not approved"));
    sign(&desk, "B", 1, "2020-02-17", APPROVAL_GIVEN); /* as a repeat today */
    desk_pass(&desk, MORNING_MS + 1000, NULL, NULL);
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, &outcome),
                     0);
    desk_clean_up(&desk);
}

/* Whoever has ingested a file would not believe that there is none. */
static void an_order_for_a_damaged_file_says_so(void **state)
{
    (void)state;
    struct desk desk;
    struct planner_outcome outcome;
    char number[] = "B";
    const struct asset_index_header header = {.magic = ASSET_INDEX_MAGIC, .asset_size = 1};
    const struct order_request insert = {
        .kind = ORDER_INSERT, .reason = "test", .house_number = number};
    desk_set_up(&desk, 0);
    desk_reload(&desk);
    add_media(&desk, number, 1);
    char *path = asset_path(desk.station->media, store_bench_hash(1), "idx");
    FILE *out = fopen(path, "w");
    MUST(out != NULL && fwrite(&header, sizeof(header), 1, out) == 1 && fclose(out) == 0);
    free(path);
    MUST(read_media(desk.planner) == 0);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), "");
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, &outcome),
                     -ECANCELED);
    assert_non_null(strstr(outcome.answer.text, "the media of B is damaged; `ketang ingest"));
    desk_clean_up(&desk);
}

/* --- Without the store ------------------------------------------------------------------- */

/* The scheduler starts again, and the store does not answer. */
static void start_again(struct desk *desk)
{
    struct keeper_news news;
    keeper_destroy(desk->keeper);
    planner_destroy(desk->planner);
    free(desk->station->scheduler.store);
    MUST(asprintf(&desk->station->scheduler.store, "%s/schedules/zhangdian.yaml/no.db",
                  desk->bench.folder) > 0);
    MUST(planner_create(desk->station, &desk->planner) == 0);
    MUST(read_media(desk->planner) == 0);
    MUST(keeper_create(desk->station, &desk->keeper) == 0);
    desk_reload(desk);
    keeper_pass(desk->keeper, EVENING_MS + 60000, false);
    keeper_fetch(desk->keeper, &news);
    assert_true(news.trouble[0] != '\0');
    planner_take_signoff(desk->planner, news.signoff);
    problems_finish(&news.told);
}

static void a_new_start_without_the_store_knows_what_was_signed(void **state)
{
    (void)state;
    struct desk desk;
    char first[] = "A";
    char second[] = "B";
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    const struct order_request back = {.command = REQUEST_RETURN};
    desk_set_up(&desk, 1);
    desk_write_timetable(&desk, "[A, A, A,", "[A, A, B,");
    desk_reload(&desk);
    add_media(&desk, first, 1);
    add_media(&desk, second, 2);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS, tuesday_ms(8), store_bench_hash(1));
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, A,"); /* Tuesday is closed */
    start_again(&desk);
    desk_check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8), store_bench_hash(1));
    desk_check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8 + 24), store_bench_hash(1));
    desk_order(&desk, EVENING_MS + 120000, &slate);
    desk_check_asset(&desk, EVENING_MS + 180000, tuesday_ms(8), "");
    desk_order(&desk, EVENING_MS + 240000, &back);
    desk_check_asset(&desk, EVENING_MS + 300000, tuesday_ms(8), store_bench_hash(1));
    desk_check_asset(&desk, EVENING_MS + 300000, tuesday_ms(18), ""); /* never signed */
    desk_write_timetable(&desk, "[A, A, A,", "[A, A, B,");
    desk_reload(&desk);
    desk_check_asset(&desk, EVENING_MS + 360000, tuesday_ms(8 + 24), ""); /* B, never signed */
    desk_clean_up(&desk);
}

/* Nothing was kept either: the plan goes on, and nothing that is not known to be signed airs. */
static void where_nothing_is_known_the_plan_goes_on(void **state)
{
    (void)state;
    struct desk desk;
    char first[] = "A";
    char path[512];
    const struct order_request request = {.kind = ORDER_INSERT,
                                          .house_number = "A",
                                          .at = (EVENING_MS / 1000 + 900) * FRAMES_PER_SECOND,
                                          .reason = "test"};
    struct planner_outcome outcome;
    desk_set_up(&desk, 1);
    desk_reload(&desk);
    add_media(&desk, first, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS, tuesday_ms(8), store_bench_hash(1));
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, A,");
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    MUST(unlink(path) == 0);
    start_again(&desk);
    assert_null(planner_signoff(desk.planner));
    desk_check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8), store_bench_hash(1));
    assert_int_equal(
        planner_order(desk.planner, desk.service, NULL, EVENING_MS + 120000, &request, &outcome),
        -EAGAIN);
    desk_clean_up(&desk);
}

/*
 * A repeat that was signed before the file was sent back does not air, with or
 * without the store.
 */
static void what_was_sent_back_airs_in_no_repeat_either(void **state)
{
    (void)state;
    struct desk desk;
    char number[] = "A";
    desk_set_up(&desk, 1);
    desk_reload(&desk);
    add_media(&desk, number, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS, tuesday_ms(18), store_bench_hash(1));
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    desk_pass(&desk, EVENING_MS + 1000, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS + 1000, tuesday_ms(18), "");
    start_again(&desk);
    desk_check_asset(&desk, EVENING_MS + 60000, tuesday_ms(18), "");
    desk_clean_up(&desk);
}

/* What was kept is damaged, or of another rule. */
static void what_was_kept_is_not_believed_blindly(void **state)
{
    (void)state;
    struct desk desk;
    char path[512];
    struct signoff *signoff = NULL;
    struct problems problems;
    const struct airing airing = {.house_number = "A", .sha256 = store_bench_hash(1)};
    desk_set_up(&desk, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    problems_init(&problems);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), 0);
    assert_true(signoff_clearance(signoff)->may_air(signoff_clearance(signoff), &airing));
    signoff_destroy(signoff);
    desk.station->scheduler.approval_stages = 3;
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ESTALE);
    desk.station->scheduler.approval_stages = 1;
    desk.station->scheduler.is_alone_allowed = !desk.station->scheduler.is_alone_allowed;
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ESTALE);
    desk.station->scheduler.is_alone_allowed = !desk.station->scheduler.is_alone_allowed;
    MUST(truncate(path, 40) == 0);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -EBADMSG);
    MUST(unlink(path) == 0);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ENOENT);
    problems_finish(&problems);
    desk_clean_up(&desk);
}

/* --- Another store in its place ---------------------------------------------------------- */

/* The store is one that never heard of it: made anew, or an old copy. */
static void lose_all(struct desk *desk)
{
    store_bench_run(&desk->bench, "DELETE FROM approvals; DELETE FROM frozen_files; "
                                  "DELETE FROM freezes; DELETE FROM day_changes");
}

static void check_lost(struct desk *desk, int64_t now_ms, const char *said)
{
    char text[SIGNOFF_LOST_SIZE];
    desk_pass(desk, now_ms, NULL, NULL);
    signoff_lost_text(planner_signoff(desk->planner), desk->station, text);
    if (said == NULL ? text[0] != '\0' : strstr(text, said) == NULL) {
        fail_msg("said: %s", text);
    }
}

/* A desk of two stages by two people: A is signed, its repeat of Tuesday, too, which is closed. */
static void set_up_signed(struct desk *desk)
{
    static char number[] = "A";
    desk_set_up(desk, 2);
    desk->station->scheduler.is_alone_allowed = false;
    desk_reload(desk);
    add_media(desk, number, 1);
    sign(desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    sign(desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_edit_day(desk, MONDAY + 1, NULL);
    check_lost(desk, EVENING_MS, NULL);
}

static void check_both_air(struct desk *desk, int64_t now_ms)
{
    desk_check_asset(desk, now_ms, tuesday_ms(8), store_bench_hash(1));
    desk_check_asset(desk, now_ms, tuesday_ms(18), store_bench_hash(1));
}

static void a_store_that_has_lost_it_takes_nothing_off_the_air(void **state)
{
    (void)state;
    struct desk desk;
    set_up_signed(&desk);
    lose_all(&desk);
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, A,"); /* Tuesday is closed */
    desk_reload(&desk);
    check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 1000);
    keeper_destroy(desk.keeper); /* also over a new start */
    MUST(keeper_create(desk.station, &desk.keeper) == 0);
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 2000);
    /* What is signed, sent back, or closed and opened now is known of, and counts. */
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 1)");
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_edit_day(&desk, MONDAY + 1, "教师调课");
    check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    desk_check_number(&desk, EVENING_MS + 4000, tuesday_ms(8), "B");
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    check_lost(&desk, EVENING_MS + 5000, NULL);
    desk_clean_up(&desk);
}

/* An old copy, from before the file was sent back. */
static void what_was_sent_back_does_not_come_back_with_an_old_store(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(8), "");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(18), "");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 3000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 1);
    problems_finish(&problems);
    store_close(store);
    check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_asset(&desk, EVENING_MS + 4000, tuesday_ms(18), "");
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN); /* again, on purpose */
    check_lost(&desk, EVENING_MS + 5000, NULL);
    check_both_air(&desk, EVENING_MS + 5000);
    desk_clean_up(&desk);
}

static void what_a_store_has_lost_is_written_back_by_names_of_its_own(void **state)
{
    (void)state;
    struct desk desk;
    struct store_rows rows;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    lose_all(&desk);
    check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 2000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 2);
    assert_int_equal(counts.closed, 1);
    assert_int_equal(store_approval_list(store, "A", &rows), 0);
    assert_int_equal(rows.count, 4);
    assert_string_equal(store_approval_at(&rows, 1).approver, "ketang store rebuild (2)");
    assert_non_null(strstr(store_approval_at(&rows, 1).note, "signoff.json"));
    store_rows_finish(&rows);
    assert_int_equal(store_freeze_in_force(store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_freeze_at(&rows, 0).author, "王");
    store_rows_finish(&rows);
    check_lost(&desk, EVENING_MS + 3000, NULL);
    check_both_air(&desk, EVENING_MS + 3000);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 4000, &counts, &problems), 0);
    assert_int_equal(counts.approved + counts.closed, 0);
    problems_finish(&problems);
    store_close(store);
    desk_clean_up(&desk);
}

static void reject_in_stage(struct desk *desk, int stage)
{
    const struct approval_rule rule = {2, true};
    struct store *store = store_bench_open(&desk->bench);
    const struct store_approval approval = {.house_number = "A",
                                            .sha256 = store_bench_hash(1),
                                            .run = APPROVAL_FIRST_RUN,
                                            .stage = stage,
                                            .verdict = APPROVAL_REJECTED,
                                            .approver = "李",
                                            .note = "",
                                            .time_ms = EVENING_MS};
    assert_int_equal(store_approval_add(store, &approval, &rule), 0);
    store_close(store);
}

static void start_under(struct desk *desk, int stages, bool is_alone_allowed)
{
    desk->station->scheduler.approval_stages = stages;
    desk->station->scheduler.is_alone_allowed = is_alone_allowed;
    keeper_destroy(desk->keeper);
    MUST(keeper_create(desk->station, &desk->keeper) == 0);
}

/* What more people have looked at than must is looked at enough. */
static void what_a_store_has_lost_holds_under_a_looser_rule(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    lose_all(&desk);
    start_under(&desk, 1, true);
    check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 1000);
    start_under(&desk, 0, true);
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 0, closed days: 1)");
    start_under(&desk, 1, false);
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 3000);
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 4000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 2);
    problems_finish(&problems);
    store_close(store);
    check_lost(&desk, EVENING_MS + 5000, NULL);
    check_both_air(&desk, EVENING_MS + 5000);
    desk_clean_up(&desk);
}

/* It is told, and not forgotten: who made the rule stricter by mistake takes that back. */
static void what_a_store_has_lost_waits_under_a_stricter_rule(void **state)
{
    (void)state;
    struct desk desk;
    set_up_signed(&desk);
    lose_all(&desk);
    start_under(&desk, 3, false);
    check_lost(&desk, EVENING_MS + 1000, "2 approvals that the store does not know hold no more");
    desk_check_asset(&desk, EVENING_MS + 1000, tuesday_ms(8), "");
    start_under(&desk, 4, false);
    check_lost(&desk, EVENING_MS + 2000, "2 approvals that the store does not know hold no more");
    start_under(&desk, 2, false);
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 3000);
    /* Looser for a while: what two have signed is signed by two for ever. */
    start_under(&desk, 1, true);
    check_lost(&desk, EVENING_MS + 4000, "(approvals: 2, closed days: 1)");
    start_under(&desk, 2, false);
    check_lost(&desk, EVENING_MS + 5000, "(approvals: 2, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 5000);
    start_under(&desk, 3, false);
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN); /* anew */
    check_lost(&desk, EVENING_MS + 6000, "1 approvals that the store does not know hold no more");
    desk_check_asset(&desk, EVENING_MS + 6000, tuesday_ms(18), store_bench_hash(1));
    desk_clean_up(&desk);
}

/* A store that is whole tells all itself: nobody is told of loss. */
static void a_stricter_rule_over_a_whole_store_is_no_loss(void **state)
{
    (void)state;
    struct desk desk;
    set_up_signed(&desk);
    start_under(&desk, 3, false);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_check_asset(&desk, EVENING_MS + 1000, tuesday_ms(8), "");
    start_under(&desk, 2, false);
    check_lost(&desk, EVENING_MS + 2000, NULL);
    check_both_air(&desk, EVENING_MS + 2000);
    desk_clean_up(&desk);
}

/* Sent back in a stage that the station has no more. */
static void what_was_sent_back_in_a_stage_that_is_gone_is_written_back_in_the_last(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    reject_in_stage(&desk, 2);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    start_under(&desk, 1, false);
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 3000, &counts, &problems), 0);
    problems_finish(&problems);
    store_close(store);
    check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_asset(&desk, EVENING_MS + 4000, tuesday_ms(8), "");
    desk_clean_up(&desk);
}

static void what_was_kept_and_is_damaged_is_told_and_set_aside(void **state)
{
    (void)state;
    struct desk desk;
    struct problems problems;
    struct signoff *signoff = NULL;
    char path[512];
    char aside[600];
    size_t told = 0;
    set_up_signed(&desk);
    lose_all(&desk);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    snprintf(aside, sizeof(aside), "%s.damaged", path);
    MUST(truncate(path, 40) == 0);
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(signoff_load(store, desk.station, MONDAY, &signoff, &problems), 0);
    assert_int_equal(problems.count, 1);
    assert_non_null(strstr(problems.items[0].text, "the store alone tells now what is approved"));
    assert_int_equal(access(aside, F_OK), -1); /* who only looks moves nothing */
    signoff_destroy(signoff);
    problems_finish(&problems);
    store_close(store);
    start_under(&desk, 2, false);
    desk_pass(&desk, EVENING_MS + 1000, NULL, &told);
    assert_true(told > 0);
    assert_int_equal(truncate(aside, 40), 0);
    start_under(&desk, 2, false);
    desk_pass(&desk, EVENING_MS + 2000, NULL, &told);
    assert_int_equal(told, 0);
    desk_clean_up(&desk);
}

/* An old copy, from before it was withdrawn. */
static void what_was_withdrawn_does_not_come_back_with_an_old_store(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'withdraw'");
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(8), "");
    start_under(&desk, 1, true); /* under any rule, and counted once */
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 0)");
    start_under(&desk, 1, true);
    check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    start_under(&desk, 2, false);
    check_lost(&desk, EVENING_MS + 5000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 5000, tuesday_ms(8), "");
    desk_check_asset(&desk, EVENING_MS + 5000, tuesday_ms(18), store_bench_hash(1));
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 6000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 1);
    problems_finish(&problems);
    store_close(store);
    check_lost(&desk, EVENING_MS + 7000, NULL);
    desk_check_asset(&desk, EVENING_MS + 7000, tuesday_ms(8), "");
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN); /* again, on purpose */
    check_lost(&desk, EVENING_MS + 8000, NULL);
    check_both_air(&desk, EVENING_MS + 8000);
    desk_clean_up(&desk);
}

/* Whoever signs all anew in a store that never heard of it means that. */
static void what_was_withdrawn_is_signed_anew_in_a_new_store(void **state)
{
    (void)state;
    struct desk desk;
    set_up_signed(&desk);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    lose_all(&desk);
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 1)"); /* the repeat */
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 1)");
    check_both_air(&desk, EVENING_MS + 3000);
    desk_clean_up(&desk);
}

static bool is_taken_back(const struct desk *desk, const char *run)
{
    const struct store_approval of = {
        .house_number = "A", .sha256 = store_bench_hash(1), .run = run};
    return signoff_is_taken_back(planner_signoff(desk->planner), &of);
}

static void whoever_signs_can_ask_what_the_store_does_not_know(void **state)
{
    (void)state;
    struct desk desk;
    set_up_signed(&desk);
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN));
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_WITHDRAWN);
    check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'withdraw'");
    check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN));
    assert_true(is_taken_back(&desk, "2020-02-18"));
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 0)");
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN)); /* it knows */
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    check_lost(&desk, EVENING_MS + 4000, "(approvals: 2, closed days: 0)");
    assert_true(is_taken_back(&desk, APPROVAL_FIRST_RUN));
    assert_true(is_taken_back(&desk, "2020-02-19"));
    desk_clean_up(&desk);
}

/* One person signed both stages in the store: the second one does not count. */
static void what_one_person_signed_alone_is_signed_again(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    struct store_rows rows;
    set_up_signed(&desk);
    store_bench_run(&desk.bench, "UPDATE approvals SET approver = '王' WHERE run = 'first'");
    start_under(&desk, 2, false);
    check_lost(&desk, EVENING_MS + 1000, "(approvals: 1, closed days: 0)");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 2000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 1);
    assert_int_equal(store_approval_list(store, "A", &rows), 0);
    assert_int_equal(rows.count, 6);
    assert_int_equal(store_approval_at(&rows, 4).verdict, APPROVAL_WITHDRAWN);
    assert_int_equal(store_approval_at(&rows, 5).stage, 2);
    store_rows_finish(&rows);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 3000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 0);
    problems_finish(&problems);
    store_close(store);
    check_lost(&desk, EVENING_MS + 4000, NULL);
    check_both_air(&desk, EVENING_MS + 4000);
    desk_clean_up(&desk);
}

static int transactions;

static int count_transaction(unsigned type, void *context, void *statement, void *text)
{
    (void)context;
    (void)statement;
    if (type == SQLITE_TRACE_STMT && strncmp(text, "BEGIN", 5) == 0) {
        transactions++;
    }
    return 0;
}

static int watch(sqlite3 *db, char **message, const void *api)
{
    (void)message;
    (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_transaction, NULL);
}

/* Who rejects a file while it is brought back is not signed over: there is no moment between. */
static void what_is_lost_is_found_and_written_in_one_transaction(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    set_up_signed(&desk);
    lose_all(&desk);
    MUST(sqlite3_auto_extension((void (*)(void))watch) == SQLITE_OK);
    struct store *store = store_bench_open(&desk.bench);
    sqlite3_reset_auto_extension();
    problems_init(&problems);
    transactions = 0;
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 1000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 2);
    assert_int_equal(transactions, desk.bench.schema == NULL ? 1 : 0); /* PostgreSQL: not seen */
    problems_finish(&problems);
    store_close(store);
    desk_clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_that_is_closed_stays_as_it_was_until_it_is_opened_again),
        cmocka_unit_test(a_lesson_airs_when_all_stages_are_signed_and_its_repeat_by_its_own),
        cmocka_unit_test(a_file_that_changed_is_not_approved_and_the_old_one_goes_on),
        cmocka_unit_test(an_order_cannot_air_what_is_not_approved),
        cmocka_unit_test(an_order_for_a_damaged_file_says_so),
        cmocka_unit_test(a_new_start_without_the_store_knows_what_was_signed),
        cmocka_unit_test(where_nothing_is_known_the_plan_goes_on),
        cmocka_unit_test(what_was_sent_back_airs_in_no_repeat_either),
        cmocka_unit_test(a_store_that_has_lost_it_takes_nothing_off_the_air),
        cmocka_unit_test(what_was_sent_back_does_not_come_back_with_an_old_store),
        cmocka_unit_test(what_a_store_has_lost_is_written_back_by_names_of_its_own),
        cmocka_unit_test(what_a_store_has_lost_holds_under_a_looser_rule),
        cmocka_unit_test(what_a_store_has_lost_waits_under_a_stricter_rule),
        cmocka_unit_test(a_stricter_rule_over_a_whole_store_is_no_loss),
        cmocka_unit_test(what_was_sent_back_in_a_stage_that_is_gone_is_written_back_in_the_last),
        cmocka_unit_test(what_was_kept_and_is_damaged_is_told_and_set_aside),
        cmocka_unit_test(what_was_withdrawn_does_not_come_back_with_an_old_store),
        cmocka_unit_test(what_was_withdrawn_is_signed_anew_in_a_new_store),
        cmocka_unit_test(whoever_signs_can_ask_what_the_store_does_not_know),
        cmocka_unit_test(what_one_person_signed_alone_is_signed_again),
        cmocka_unit_test(what_is_lost_is_found_and_written_in_one_transaction),
        cmocka_unit_test(what_was_kept_is_not_believed_blindly),
    };
    return cmocka_run_group_tests_name("signoff", tests, NULL, NULL);
}
