/* SPDX-License-Identifier: MIT */
/* Approvals: the chain of stages, the store of them, and what may air. */
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_clearance.h"

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

/* One verdict and what is said of it. */
struct signing {
    int stage;
    enum approval_verdict verdict;
    const char *approver;
    int file; /* number of the file */
    const char *run;
    int expected;
    const char *says; /* a part of the message */
};

static void sign_all(struct store *store, const struct signing *signings, size_t count,
                     const struct approval_rule *rule)
{
    for (size_t i = 0; i < count; i++) {
        const struct signing *signing = &signings[i];
        const struct store_approval approval = {.house_number = "KT-01",
                                                .sha256 = store_bench_hash(signing->file),
                                                .run = signing->run,
                                                .stage = signing->stage,
                                                .verdict = signing->verdict,
                                                .approver = signing->approver,
                                                .note = "",
                                                .time_ms = (int64_t)i};
        const int result = store_approval_add(store, &approval, rule);
        if (result != signing->expected ||
            (signing->says != NULL && strstr(store_error(store), signing->says) == NULL)) {
            fail_msg("signing %zu: %d (%s)", i, result, store_error(store));
        }
    }
}

#define SIGN_ALL(store, signings, rule)                                                            \
    sign_all(store, signings, sizeof(signings) / sizeof((signings)[0]), rule)

static struct airing airing_of(int file, int64_t repeat_date)
{
    return (struct airing){"KT-01", store_bench_hash(file), repeat_date != 0,
                           repeat_date != 0 ? repeat_date : MONDAY, 0};
}

static bool may_air(struct store *store, const struct approval_rule *rule, int file,
                    int64_t repeat_date)
{
    struct store_clearance *clearance = NULL;
    assert_int_equal(store_clearance_create(store, rule, &clearance), 0);
    const struct airing airing = airing_of(file, repeat_date);
    const struct clearance *view = store_clearance_view(clearance);
    const bool answer = view->may_air(view, &airing);
    store_clearance_destroy(clearance);
    return answer;
}

static void three_stages_are_signed_in_order(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {3, true};
    const struct signing signings[] = {
        {2, APPROVAL_GIVEN, "李", 1, "first", -EPERM, "stage 1 comes first"},
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {1, APPROVAL_GIVEN, "李", 1, "first", -EALREADY, "by 王"},
        {3, APPROVAL_GIVEN, "李", 1, "first", -EPERM, "stage 2 comes first"},
        {2, APPROVAL_GIVEN, "李", 1, "first", 0, NULL},
        {0, APPROVAL_GIVEN, "李", 1, "first", -ERANGE, "stages 1 to 3"},
        {4, APPROVAL_GIVEN, "李", 1, "first", -ERANGE, "stages 1 to 3"},
    };
    const struct signing last[] = {{3, APPROVAL_GIVEN, "张", 1, "first", 0, NULL}};
    SIGN_ALL(room->store, signings, &rule);
    assert_false(may_air(room->store, &rule, 1, 0));
    SIGN_ALL(room->store, last, &rule);
    assert_true(may_air(room->store, &rule, 1, 0));
}

static void a_changed_file_has_no_approval(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {1, true};
    const struct signing signings[] = {{1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL}};
    SIGN_ALL(room->store, signings, &rule);
    assert_true(may_air(room->store, &rule, 1, 0));
    assert_false(may_air(room->store, &rule, 2, 0));
}

static void each_repeat_needs_its_own(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {1, true};
    const struct signing signings[] = {
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {1, APPROVAL_GIVEN, "王", 1, "2020-02-18", 0, NULL},
        {1, APPROVAL_GIVEN, "王", 1, "2020-02-30", -EINVAL, "no run"},
        {1, APPROVAL_GIVEN, "王", 1, "18.2.", -EINVAL, "no run"},
    };
    SIGN_ALL(room->store, signings, &rule);
    assert_true(may_air(room->store, &rule, 1, 0));
    assert_false(may_air(room->store, &rule, 1, MONDAY));
    assert_true(may_air(room->store, &rule, 1, MONDAY + 1));
    assert_false(may_air(room->store, &rule, 1, MONDAY + 2));
}

static void a_rejection_undoes_its_stage_and_those_above_and_stays_in_the_history(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {2, true};
    struct store_rows rows;
    const struct signing signings[] = {
        {1, APPROVAL_WITHDRAWN, "王", 1, "first", -ENOENT, "nothing to withdraw"},
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {2, APPROVAL_GIVEN, "李", 1, "first", 0, NULL},
        {1, APPROVAL_REJECTED, "张", 1, "first", 0, NULL},
        {2, APPROVAL_GIVEN, "李", 1, "first", -EPERM, "stage 1 comes first"},
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {2, APPROVAL_GIVEN, "李", 1, "first", 0, NULL},
        {2, APPROVAL_WITHDRAWN, "李", 1, "first", 0, NULL},
        {2, APPROVAL_REJECTED, "李", 1, "first", 0, NULL},
    };
    SIGN_ALL(room->store, signings, &rule);
    assert_false(may_air(room->store, &rule, 1, 0));
    assert_int_equal(store_approval_list(room->store, "KT-01", &rows), 0);
    assert_int_equal(rows.count, 7);
    const struct store_approval rejection = store_approval_at(&rows, 2);
    assert_int_equal(rejection.verdict, APPROVAL_REJECTED);
    assert_string_equal(rejection.approver, "张");
    assert_string_equal(rejection.run, "first");
    store_rows_finish(&rows);
}

/* The store and what the planner asks; `repeat_date` 0: the first run. */
static void check_rejected(struct store *store, int64_t repeat_date, int expected)
{
    const struct approval_rule rule = {2, true};
    const struct airing airing = airing_of(1, repeat_date);
    char date[STORE_DATE_SIZE];
    const struct store_approval of = {.house_number = "KT-01",
                                      .sha256 = store_bench_hash(1),
                                      .run = repeat_date != 0 ? store_date_text(repeat_date, date)
                                                              : APPROVAL_FIRST_RUN};
    struct store_clearance *clearance = NULL;
    int stage = -1;
    assert_int_equal(store_approval_rejected(store, &of, &stage), 0);
    assert_int_equal(stage, expected);
    assert_int_equal(store_clearance_create(store, &rule, &clearance), 0);
    const struct clearance *view = store_clearance_view(clearance);
    assert_int_equal(view->rejected_stage(view, &airing), expected);
    store_clearance_destroy(clearance);
}

/* Whoever sends a file back means all its runs; a signature by mistake is of one run alone. */
static void a_file_that_is_sent_back_airs_in_no_run_until_it_is_signed_again(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {2, true};
    const struct signing signings[] = {
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {2, APPROVAL_GIVEN, "李", 1, "first", 0, NULL},
        {1, APPROVAL_GIVEN, "王", 1, "2020-02-18", 0, NULL},
        {2, APPROVAL_GIVEN, "李", 1, "2020-02-18", 0, NULL},
    };
    const struct signing withdrawn[] = {{2, APPROVAL_WITHDRAWN, "李", 1, "first", 0, NULL}};
    const struct signing rejected[] = {{2, APPROVAL_REJECTED, "李", 1, "first", 0, NULL}};
    const struct signing below[] = {{1, APPROVAL_WITHDRAWN, "王", 1, "first", 0, NULL},
                                    {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL}};
    const struct signing again[] = {{2, APPROVAL_GIVEN, "李", 1, "first", 0, NULL}};
    const struct signing of_repeat[] = {{1, APPROVAL_REJECTED, "王", 1, "2020-02-18", 0, NULL}};
    SIGN_ALL(room->store, signings, &rule);
    SIGN_ALL(room->store, withdrawn, &rule);
    assert_false(may_air(room->store, &rule, 1, 0));
    assert_true(may_air(room->store, &rule, 1, MONDAY + 1));
    SIGN_ALL(room->store, rejected, &rule);
    assert_false(may_air(room->store, &rule, 1, MONDAY + 1));
    check_rejected(room->store, MONDAY + 1, 2);
    SIGN_ALL(room->store, below, &rule);
    assert_false(may_air(room->store, &rule, 1, MONDAY + 1));
    SIGN_ALL(room->store, again, &rule);
    assert_true(may_air(room->store, &rule, 1, MONDAY + 1));
    check_rejected(room->store, MONDAY + 1, 0);
    SIGN_ALL(room->store, of_repeat, &rule);
    assert_true(may_air(room->store, &rule, 1, 0));
    assert_false(may_air(room->store, &rule, 1, MONDAY + 1));
    check_rejected(room->store, 0, 0);
    check_rejected(room->store, MONDAY + 1, 1);
}

static void one_person_signs_one_stage_where_the_station_wants_that(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule strict = {2, false};
    const struct approval_rule lenient = {2, true};
    const struct signing signings[] = {
        {1, APPROVAL_GIVEN, "王", 1, "first", 0, NULL},
        {2, APPROVAL_GIVEN, "王", 1, "first", -EACCES, "another person"},
    };
    const struct signing alone[] = {{2, APPROVAL_GIVEN, "王", 1, "first", 0, NULL}};
    SIGN_ALL(room->store, signings, &strict);
    SIGN_ALL(room->store, alone, &lenient);
    assert_true(may_air(room->store, &lenient, 1, 0));
    assert_false(may_air(room->store, &strict, 1, 0)); /* the rule has become stricter since */
}

static void without_stages_everything_airs_and_nothing_is_signed(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule none = {0, true};
    const struct signing signings[] = {
        {1, APPROVAL_GIVEN, "王", 1, "first", -ERANGE, "approval_stages"}};
    SIGN_ALL(room->store, signings, &none);
    assert_true(may_air(room->store, &none, 7, 0));
}

static void what_cannot_be_stored_is_refused_with_a_reason(void **state)
{
    const struct store_room *room = *state;
    const struct approval_rule rule = {1, true};
    struct store_rows rows;
    char longest[STORE_NAME_MOST + 2];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    const struct signing signings[] = {
        {1, APPROVAL_GIVEN, "", 1, "first", -EINVAL, "missing"},
        {1, APPROVAL_GIVEN, longest, 1, "first", -E2BIG, "120 bytes"},
        {1, APPROVAL_GIVEN, "\xc0\xaf", 1, "first", -EILSEQ, "byte 1"},
        {1, APPROVAL_GIVEN, "王\xed\xa0\x80", 1, "first", -EILSEQ, "byte 4"},
        {1, APPROVAL_GIVEN, "'); DROP TABLE approvals; --", 1, "first", 0, NULL},
    };
    SIGN_ALL(room->store, signings, &rule);
    assert_int_equal(store_approval_list(room->store, NULL, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_approval_at(&rows, 0).approver, "'); DROP TABLE approvals; --");
    store_rows_finish(&rows);
}

/* The plainest way to say what may air: all verdicts of the file and run, read backwards. */
static bool plain_answer(const struct approval_step *steps, size_t count, int stages)
{
    for (int stage = 1; stage <= stages; stage++) {
        bool is_signed = false;
        for (size_t i = count; i-- > 0 && !is_signed;) {
            if (steps[i].verdict != APPROVAL_GIVEN && steps[i].stage <= stage) {
                return false; /* undone, and not signed again since */
            }
            is_signed = steps[i].verdict == APPROVAL_GIVEN && steps[i].stage == stage;
        }
        if (!is_signed) {
            return false;
        }
    }
    return true;
}

static void random_verdicts_are_judged_as_by_the_plainest_rule(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    for (int round = 0; round < 20000; round++) {
        struct approval_chain chain = {0};
        struct approval_step taken[24];
        size_t count = 0;
        const int stages = (int)dice_between(&dice, 1, 4);
        const int64_t steps = dice_between(&dice, 0, 24);
        for (int64_t i = 0; i < steps; i++) {
            const struct approval_step step = {
                (int)dice_between(&dice, 1, stages),
                dice_once_in(&dice, 4) ? (enum approval_verdict)dice_between(&dice, 1, 2)
                                       : APPROVAL_GIVEN,
                "王"};
            if (approval_chain_check(&chain, &step, true) == 0) {
                taken[count++] = step;
            }
            approval_chain_take(&chain, &step);
        }
        const bool answer = approval_chain_level(&chain, true) >= stages;
        if (answer != plain_answer(taken, count, stages)) {
            fail_msg("round %d: %d", round, answer);
        }
    }
}

static void what_was_sent_back_is_known_until_that_stage_is_signed(void **state)
{
    (void)state;
    static const struct {
        struct approval_step step;
        int rejected;
    } cases[] = {
        {{1, APPROVAL_GIVEN, "王"}, 0},     {{2, APPROVAL_REJECTED, "李"}, 2},
        {{1, APPROVAL_WITHDRAWN, "王"}, 2}, {{1, APPROVAL_GIVEN, "王"}, 2},
        {{3, APPROVAL_REJECTED, "张"}, 2}, /* it may not come */
        {{2, APPROVAL_GIVEN, "李"}, 0},
    };
    struct approval_chain chain = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        approval_chain_take(&chain, &cases[i].step);
        assert_int_equal(chain.rejected, cases[i].rejected);
    }
}

#define WITH_ROOM(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, store_room_set_up, store_room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ROOM(three_stages_are_signed_in_order),
        WITH_ROOM(a_changed_file_has_no_approval),
        WITH_ROOM(each_repeat_needs_its_own),
        WITH_ROOM(a_rejection_undoes_its_stage_and_those_above_and_stays_in_the_history),
        WITH_ROOM(a_file_that_is_sent_back_airs_in_no_run_until_it_is_signed_again),
        WITH_ROOM(one_person_signs_one_stage_where_the_station_wants_that),
        WITH_ROOM(without_stages_everything_airs_and_nothing_is_signed),
        WITH_ROOM(what_cannot_be_stored_is_refused_with_a_reason),
        cmocka_unit_test(what_was_sent_back_is_known_until_that_stage_is_signed),
        cmocka_unit_test(random_verdicts_are_judged_as_by_the_plainest_rule),
    };
    return cmocka_run_group_tests_name("store_approval", tests, NULL, NULL);
}
