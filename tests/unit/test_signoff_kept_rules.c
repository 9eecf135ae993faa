/* SPDX-License-Identifier: MIT */
/* What is signed and kept beside the store, under a rule that asks for less or for more than then.
 */
#include "scheduler/store/store_approval.h"
#include "tests/support/signoff_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What more people have looked at than must is looked at enough. */
static void what_a_store_has_lost_holds_under_a_looser_rule(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
    desk_start_under(&desk, 1, true);
    desk_check_lost(&desk, EVENING_MS + 1000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 1000);
    desk_start_under(&desk, 0, true);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 0, closed days: 1)");
    desk_start_under(&desk, 1, false);
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 3000);
    desk_bring_back(&desk, EVENING_MS + 4000, 2);
    desk_check_lost(&desk, EVENING_MS + 5000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 5000);
    desk_clean_up(&desk);
}

/* It is told, and not forgotten: who made the rule stricter by mistake takes that back. */
static void what_a_store_has_lost_waits_under_a_stricter_rule(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_lose_all(&desk);
    desk_start_under(&desk, 3, false);
    desk_check_lost(&desk, EVENING_MS + 1000,
                    "2 approvals that the store does not know hold no more");
    desk_check_asset(&desk, EVENING_MS + 1000, tuesday_ms(8), "");
    desk_start_under(&desk, 4, false);
    desk_check_lost(&desk, EVENING_MS + 2000,
                    "2 approvals that the store does not know hold no more");
    desk_start_under(&desk, 2, false);
    desk_check_lost(&desk, EVENING_MS + 3000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 3000);
    /* Looser for a while: what two have signed is signed by two for ever. */
    desk_start_under(&desk, 1, true);
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 2, closed days: 1)");
    desk_start_under(&desk, 2, false);
    desk_check_lost(&desk, EVENING_MS + 5000, "(approvals: 2, closed days: 1)");
    desk_check_both_air(&desk, EVENING_MS + 5000);
    desk_start_under(&desk, 3, false);
    desk_sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN); /* anew */
    desk_check_lost(&desk, EVENING_MS + 6000,
                    "1 approvals that the store does not know hold no more");
    desk_check_asset(&desk, EVENING_MS + 6000, tuesday_ms(18), store_bench_hash(1));
    desk_clean_up(&desk);
}

/* A store that is whole tells all itself: nobody is told of loss. */
static void a_stricter_rule_over_a_whole_store_is_no_loss(void **state)
{
    (void)state;
    struct desk desk;
    desk_set_up_signed(&desk);
    desk_start_under(&desk, 3, false);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_check_asset(&desk, EVENING_MS + 1000, tuesday_ms(8), "");
    desk_start_under(&desk, 2, false);
    desk_check_lost(&desk, EVENING_MS + 2000, NULL);
    desk_check_both_air(&desk, EVENING_MS + 2000);
    desk_clean_up(&desk);
}

/* Nor of stages that one person has signed, of whom the rule counts one now. */
static void a_stricter_rule_over_what_is_begun_is_no_loss(void **state)
{
    (void)state;
    struct desk desk;
    static char number[] = "A";
    desk_set_up(&desk, 3);
    desk_start_under(&desk, 3, true);
    desk_add_media(&desk, number, 1);
    desk_judge_stage(&desk, 1, APPROVAL_GIVEN);
    desk_judge_stage(&desk, 2, APPROVAL_GIVEN);
    desk_check_lost(&desk, EVENING_MS, NULL);
    desk_start_under(&desk, 3, false);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    desk_bring_back(&desk, EVENING_MS + 2000, 0);
    desk_start_under(&desk, 3, true);
    desk_check_lost(&desk, EVENING_MS + 3000, NULL);
    desk_lose_all(&desk);
    desk_check_lost(&desk, EVENING_MS + 4000, "(approvals: 1, closed days: 0)");
    desk_clean_up(&desk);
}

/* Sent back in a stage that the station has no more. */
static void what_was_sent_back_in_a_stage_that_is_gone_is_written_back_in_the_last(void **state)
{
    (void)state;
    struct desk desk;
    struct signoff_counts counts;
    struct problems problems;
    desk_set_up_signed(&desk);
    desk_judge_stage(&desk, 2, APPROVAL_REJECTED);
    desk_check_lost(&desk, EVENING_MS + 1000, NULL);
    store_bench_run(&desk.bench, "DELETE FROM approvals WHERE verdict = 'reject'");
    desk_start_under(&desk, 1, false);
    desk_check_lost(&desk, EVENING_MS + 2000, "(approvals: 1, closed days: 0)");
    struct store *store = store_bench_open(&desk.bench);
    problems_init(&problems);
    assert_int_equal(
        signoff_bring_back(store, desk.station, MONDAY, EVENING_MS + 3000, &counts, &problems), 0);
    problems_finish(&problems);
    store_close(store);
    desk_check_lost(&desk, EVENING_MS + 4000, NULL);
    desk_check_asset(&desk, EVENING_MS + 4000, tuesday_ms(8), "");
    desk_clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_store_has_lost_holds_under_a_looser_rule),
        cmocka_unit_test(what_a_store_has_lost_waits_under_a_stricter_rule),
        cmocka_unit_test(a_stricter_rule_over_a_whole_store_is_no_loss),
        cmocka_unit_test(a_stricter_rule_over_what_is_begun_is_no_loss),
        cmocka_unit_test(what_was_sent_back_in_a_stage_that_is_gone_is_written_back_in_the_last),
    };
    return cmocka_run_group_tests_name("signoff_kept_rules", tests, NULL, NULL);
}
