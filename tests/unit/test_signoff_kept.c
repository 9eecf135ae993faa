/* SPDX-License-Identifier: MIT */
/* What is signed is kept beside the store, and holds over one that has lost it. */
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_clearance.h"
#include "scheduler/store/store_freeze.h"
#include "tests/support/must.h"
#include "tests/support/signoff_desk.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void a_store_that_has_lost_it_takes_nothing_off_the_air(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
    desk_write_timetable(&desk, "[A, A, A,", "[A, B, A,"); /* Tuesday is closed */
    desk_reload(&desk);
    desk_check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 1000);
    keeper_destroy(desk.keeper); /* also over a new start */
    MUST(keeper_create(desk.station, &desk.keeper) == 0);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 2000);
    /* What is signed, sent back, or closed and opened now is known of, and counts. */
    desk_sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 1)");
    desk_edit_day(&desk, MONDAY + 1, NULL);
    desk_edit_day(&desk, MONDAY + 1, "教师调课");
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    desk_check_number(&desk, EVENING_MS + 4000, tuesday_ms(8), "B");
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 5000, NULL);
    desk_clean_up(&desk);
}

/* An old copy, from before the file was sent back. */
static void what_was_sent_back_does_not_come_back_with_an_old_store(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(8), "");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(18), "");
    desk_bring_back(&desk, EVENING_MS + 3000, 1);
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_asset(&desk, EVENING_MS + 4000, tuesday_ms(18), "");
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN); /* again, on purpose */
    desk_check_lost(&desk, EVENING_MS + 5000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 5000);
    desk_clean_up(&desk);
}

static void what_a_store_has_lost_is_written_back_by_those_who_signed(void **state)
{
    (void)state;
    struct desk desk;
    struct store_rows rows;
    struct signoff_counts counts;
    struct problems problems;
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 2000, &counts, &problems), 0);
    assert_int_equal(counts.approved, 2);
    assert_int_equal(counts.closed, 1);
    assert_int_equal(store_approval_list(store, "A", &rows), 0);
    assert_int_equal(rows.count, 4);
    assert_string_equal(store_approval_at(&rows, 0).approver, "王");
    assert_string_equal(store_approval_at(&rows, 1).approver, "李");
    assert_non_null(strstr(store_approval_at(&rows, 1).note, "signoff.json"));
    store_rows_finish(&rows);
    assert_int_equal(store_freeze_in_force(store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_freeze_at(&rows, 0).author, "王");
    store_rows_finish(&rows);
    desk_check_lost(&desk, EVENING_MS + 3000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 3000);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 4000, &counts, &problems), 0);
    assert_int_equal(counts.approved + counts.closed, 0);
    problems_finish(&problems);
    store_close(store);
    desk_clean_up(&desk);
}

/* Of A's first run: which stages are signed, by whom, and which one sent it back. */
static void check_chain(struct desk *desk, const char *first, const char *second, int rejected)
{
    const struct store_approval of = {
        .house_number = "A", .sha256 = store_bench_hash(1), .run = APPROVAL_FIRST_RUN};
    struct approval_chain chain;
    struct store *store = store_bench_open(&desk->bench);
    assert_int_equal(store_approval_chain(store, &of, &chain), 0);
    assert_int_equal(chain.level, (first != NULL) + (second != NULL));
    assert_true(first == NULL || strcmp(chain.signers[0], first) == 0);
    assert_true(second == NULL || strcmp(chain.signers[1], second) == 0);
    assert_int_equal(chain.rejected, rejected);
    store_close(store);
}

/* Three stages, of which 王 has signed the first. */
static void set_up_begun(struct desk *desk)
{
    static char number[] = "A";
    desk_set_up(desk, 3);
    desk->station->scheduler.is_alone_allowed = false;
    desk_reload(desk);
    desk_add_media(desk, number, 1);
    desk_judge_stage(desk, 1, APPROVAL_GIVEN);
    store_bench_run(&desk->bench, "UPDATE approvals SET approver = '王'");
    desk_check_lost(desk, EVENING_MS, NULL);
}

static void stages_that_wait_for_the_next_one_are_written_back(void **state)
{
    (void)state;
    struct desk desk;
    set_up_begun(&desk);
    desk_judge_stage(&desk, 2, APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_start_under(&desk, 3, false); /* it is kept on, over a new start */
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 0)");
    desk_start_under(&desk, 0, false); /* and while nothing needs approval */
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_start_under(&desk, 3, false);
    desk_check_lost(&desk, EVENING_MS + 5000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 5000, tuesday_ms(8), "");
    desk_bring_back(&desk, EVENING_MS + 6000, 1);
    check_chain(&desk, "王", "李", 0);
    desk_check_lost(&desk, EVENING_MS + 7000, NULL);
    desk_bring_back(&desk, EVENING_MS + 8000, 0);
    desk_clean_up(&desk);
}

/* An old copy, of before the second stage; and what was signed anew meanwhile counts. */
static void only_stages_that_the_store_lacks_are_written_back(void **state)
{
    (void)state;
    struct desk desk;
    set_up_begun(&desk);
    desk_judge_stage(&desk, 2, APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE stage = 2");
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_bring_back(&desk, EVENING_MS + 3000, 1);
    check_chain(&desk, "王", "李", 0);
    store_bench_run(&desk.bench, "DELETE FROM approvals");
    desk_judge_stage(&desk, 1, APPROVAL_GIVEN); /* by the one who signed the second */
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    desk_bring_back(&desk, EVENING_MS + 5000, 1);
    check_chain(&desk, "李", "王", 0);
    desk_check_lost(&desk, EVENING_MS + 6000, NULL);
    desk_clean_up(&desk);
}

/* A rejection or a withdrawal leaves the stages below. */
static void stages_below_one_that_was_taken_back_are_written_back(void **state)
{
    (void)state;
    struct desk desk;
    set_up_begun(&desk);
    desk_judge_stage(&desk, 2, APPROVAL_GIVEN);
    desk_judge_stage(&desk, 2, APPROVAL_WITHDRAWN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_bring_back(&desk, EVENING_MS + 3000, 1);
    check_chain(&desk, "王", NULL, 0);
    desk_judge_stage(&desk, 2, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 5000, "(approvals: 1, closed days: 0)");
    desk_bring_back(&desk, EVENING_MS + 6000, 1);
    check_chain(&desk, "王", NULL, 2);
    desk_check_lost(&desk, EVENING_MS + 7000, NULL);
    desk_clean_up(&desk);
}

/* Told as begun and as undone: it is one run. */
static void what_was_told_is_told_as_it_was_by_who_recalls_it(void **state)
{
    (void)state;
    struct desk desk;
    struct store_clearance *clearance = NULL;
    char path[512];
    set_up_begun(&desk);
    desk_judge_stage(&desk, 2, APPROVAL_GIVEN);
    desk_judge_stage(&desk, 2, APPROVAL_WITHDRAWN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    json_t *kept = json_load_file(path, 0, NULL);
    assert_int_equal(store_clearance_told(kept), 2);
    assert_int_equal(store_clearance_recall(kept, &clearance), 0);
    json_t *told = store_clearance_tell(clearance);
    assert_int_equal(store_clearance_told(told), 2);
    assert_true(json_equal(json_object_get(told, "begun"), json_object_get(kept, "begun")));
    assert_true(json_equal(json_object_get(told, "undone"), json_object_get(kept, "undone")));
    json_decref(told);
    json_decref(kept);
    store_clearance_destroy(clearance);
    desk_clean_up(&desk);
}

/* The repeat waits for its first run, which was sent back. */
static void a_repeat_that_waits_for_its_first_run_is_written_back(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 2, closed days: 1)");
    desk_bring_back(&desk, EVENING_MS + 3000, 2);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 4000);
    desk_clean_up(&desk);
}

/* What an older version kept does not tell who signed. */
static void what_was_signed_by_nobody_knows_whom_is_written_back_by_names_of_its_own(void **state)
{
    (void)state;
    struct desk desk;
    char path[512];
    size_t i = 0;
    json_t *row = NULL;
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    json_t *kept = json_load_file(path, 0, NULL);
    json_array_foreach(json_object_get(kept, "approved"), i, row)
    {
        MUST(json_array_remove(row, 4) == 0);
    }
    MUST(json_dump_file(kept, path, JSON_COMPACT) == 0);
    json_decref(kept);
    desk_bring_back(&desk, EVENING_MS + 1000, 2);
    check_chain(&desk, "ketang store rebuild (1)", "ketang store rebuild (2)", 0);
    desk_check_lost(&desk, EVENING_MS + 2000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 2000);
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
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
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
    desk_start_under(&desk, 2, false);
    desk_pass(&desk, EVENING_MS + 1000, NULL, &told);
    assert_true(told > 0);
    assert_int_equal(truncate(aside, 40), 0);
    desk_start_under(&desk, 2, false);
    desk_pass(&desk, EVENING_MS + 2000, NULL, &told);
    assert_int_equal(told, 0);
    desk_clean_up(&desk);
}

/* An old copy, from before it was withdrawn. */
static void what_was_withdrawn_does_not_come_back_with_an_old_store(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'withdraw'");
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 2000, tuesday_ms(8), "");
    desk_start_under(&desk, 1, true); /* under any rule, and counted once */
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 0)");
    desk_start_under(&desk, 1, true);
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    desk_start_under(&desk, 2, false);
    desk_check_lost(&desk, EVENING_MS + 5000, "(approvals: 1, closed days: 0)");
    desk_check_asset(&desk, EVENING_MS + 5000, tuesday_ms(8), "");
    desk_check_asset(&desk, EVENING_MS + 5000, tuesday_ms(18), store_bench_hash(1));
    desk_bring_back(&desk, EVENING_MS + 6000, 1);
    desk_check_lost(&desk, EVENING_MS + 7000, NULL);
    desk_check_asset(&desk, EVENING_MS + 7000, tuesday_ms(8), "");
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN); /* again, on purpose */
    desk_check_lost(&desk, EVENING_MS + 8000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 8000);
    desk_clean_up(&desk);
}

/* Whoever signs all anew in a store that never heard of it means that. */
static void what_was_withdrawn_is_signed_anew_in_a_new_store(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 1)"); /* the repeat */
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 3000);
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
    desk_set_up_signed(&desk);
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN));
    desk_sign(&desk, "A", 1, "2020-02-18", APPROVAL_WITHDRAWN);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'withdraw'");
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN));
    assert_true(is_taken_back(&desk, "2020-02-18"));
    desk_sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 1, closed days: 0)");
    assert_false(is_taken_back(&desk, APPROVAL_FIRST_RUN)); /* it knows */
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 2, closed days: 0)");
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
    desk_set_up_signed(&desk);
    store_bench_run(&desk.bench, "UPDATE approvals SET approver = '王' WHERE run = 'first'");
    desk_start_under(&desk, 2, false);
    desk_check_lost(&desk, EVENING_MS + 1000, "(approvals: 1, closed days: 0)");
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
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 4000);
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
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
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
        cmocka_unit_test(a_store_that_has_lost_it_takes_nothing_off_the_air),
        cmocka_unit_test(what_was_sent_back_does_not_come_back_with_an_old_store),
        cmocka_unit_test(what_a_store_has_lost_is_written_back_by_those_who_signed),
        cmocka_unit_test(stages_that_wait_for_the_next_one_are_written_back),
        cmocka_unit_test(only_stages_that_the_store_lacks_are_written_back),
        cmocka_unit_test(stages_below_one_that_was_taken_back_are_written_back),
        cmocka_unit_test(what_was_told_is_told_as_it_was_by_who_recalls_it),
        cmocka_unit_test(a_repeat_that_waits_for_its_first_run_is_written_back),
        cmocka_unit_test(what_was_signed_by_nobody_knows_whom_is_written_back_by_names_of_its_own),
        cmocka_unit_test(what_was_kept_and_is_damaged_is_told_and_set_aside),
        cmocka_unit_test(what_was_withdrawn_does_not_come_back_with_an_old_store),
        cmocka_unit_test(what_was_withdrawn_is_signed_anew_in_a_new_store),
        cmocka_unit_test(whoever_signs_can_ask_what_the_store_does_not_know),
        cmocka_unit_test(what_one_person_signed_alone_is_signed_again),
        cmocka_unit_test(what_is_lost_is_found_and_written_in_one_transaction),
    };
    return cmocka_run_group_tests_name("signoff_kept", tests, NULL, NULL);
}
