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
    desk_add_media(&desk, number, 1);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), "");
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS + 1000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 1000, tuesday_ms(8), path);
    desk_check_asset(&desk, MORNING_MS + 1000, tuesday_ms(18), "");
    desk_sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS + 2000, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS + 2000, tuesday_ms(18), path);
    /* Withdrawn: its approved substitute airs. */
    desk_add_media(&desk, substitute, 2);
    desk_sign(&desk, "S", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
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
    desk_add_media(&desk, number, 1);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_add_media(&desk, number, 2); /* made later */
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), store_bench_hash(1));
    desk_sign(&desk, "A", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
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
    desk_add_media(&desk, number, 1);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    assert_int_equal(
        planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, false, &outcome),
        -ECANCELED);
    assert_non_null(strstr(outcome.answer.text, "not approved"));
    desk_sign(&desk, "B", 1, "2020-02-17", APPROVAL_GIVEN); /* as a repeat today */
    desk_pass(&desk, MORNING_MS + 1000, NULL, NULL);
    assert_int_equal(
        planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, false, &outcome), 0);
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
    desk_add_media(&desk, number, 1);
    char *path = asset_path(desk.station->media, store_bench_hash(1), "idx");
    FILE *out = fopen(path, "w");
    MUST(out != NULL && fwrite(&header, sizeof(header), 1, out) == 1 && fclose(out) == 0);
    free(path);
    desk_read_media(&desk);
    desk_pass(&desk, MORNING_MS, NULL, NULL);
    desk_check_asset(&desk, MORNING_MS, tuesday_ms(8), "");
    assert_int_equal(
        planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, false, &outcome),
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
    desk_read_media(desk);
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
    desk_add_media(&desk, first, 1);
    desk_add_media(&desk, second, 2);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
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
    desk_add_media(&desk, first, 1);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS, tuesday_ms(8), store_bench_hash(1));
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, A,");
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    MUST(unlink(path) == 0);
    start_again(&desk);
    assert_null(planner_signoff(desk.planner));
    desk_check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8), store_bench_hash(1));
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, EVENING_MS + 120000, &request,
                                   false, &outcome),
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
    desk_add_media(&desk, number, 1);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_pass(&desk, EVENING_MS, NULL, NULL);
    desk_check_asset(&desk, EVENING_MS, tuesday_ms(18), store_bench_hash(1));
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
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
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
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
        cmocka_unit_test(what_was_kept_is_not_believed_blindly),
    };
    return cmocka_run_group_tests_name("signoff", tests, NULL, NULL);
}
