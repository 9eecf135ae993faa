/* SPDX-License-Identifier: MIT */
/* The days that are reported, the ledger's rules, and the weeks. */
#include "scheduler/report/report_day.h"

#include "playout/station.h"
#include "scheduler/report/report_ledger.h"
#include "scheduler/report/report_weekly.h"
#include "scheduler/when.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t day_number(const char *text)
{
    int64_t number = 0;
    assert_int_equal(when_date(text, &number), 0);
    return number;
}

static void days_follow_each_other_without_gaps_where_clocks_change(void **state)
{
    static const char *const zones[] = {"Asia/Shanghai", "Europe/Berlin", "America/Santiago"};
    (void)state;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct zone *zone = NULL;
        assert_int_equal(zone_open(zones[i], &zone), 0);
        const int64_t first = day_number("2026-01-01");
        int64_t end = report_day_make(zone, first).from;
        for (int64_t number = first; number < first + 365; number++) {
            const struct report_day day = report_day_make(zone, number);
            assert_int_equal(day.from, end);
            assert_int_equal(day_number(day.date), number);
            assert_int_equal(report_day_at(zone, day.from).number, number);
            assert_int_equal(report_day_at(zone, day.to - 1).number, number);
            end = day.to;
        }
        zone_close(zone);
    }
}

static void the_rules_are_those_of_the_readme(void **state)
{
    static const struct {
        enum report_class class;
        enum ledger_account account;
        int percent;
    } rules[] = {
        {CLASS_PLANNED, ACCOUNT_NONE, 0},     {CLASS_FILLING, ACCOUNT_NONE, 0},
        {CLASS_SUBSTITUTED, ACCOUNT_NONE, 0}, {CLASS_CHANGED, ACCOUNT_NONE, 0},
        {CLASS_OFF_AIR, ACCOUNT_TINGBO, 100}, {CLASS_MUTED, ACCOUNT_TINGBO, 100},
        {CLASS_SLATE, ACCOUNT_TINGBO, 100},   {CLASS_PLANLESS, ACCOUNT_TINGBO, 100},
        {CLASS_WRONG, ACCOUNT_CUOBO, 100},    {CLASS_FILLER, ACCOUNT_DIANBO, 50},
        {CLASS_UNRECORDED, ACCOUNT_NONE, 0},  {CLASS_NOTHING, ACCOUNT_NONE, 0},
        {CLASS_WAITING, ACCOUNT_NONE, 0},
    };
    (void)state;
    assert_int_equal(sizeof(rules) / sizeof(rules[0]), CLASS_COUNT);
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        const struct ledger_rule *rule = ledger_rule(rules[i].class);
        assert_int_equal(rule->class, rules[i].class);
        assert_int_equal(rule->account, rules[i].account);
        assert_int_equal(rule->percent, rules[i].percent);
    }
}

static void only_a_recorded_day_without_faults_is_nil(void **state)
{
    (void)state;
    const struct ledger nothing = {0};
    const struct ledger fine = {.frames = {[ACCOUNT_NONE] = 100}};
    const struct ledger unrecorded = {.frames = {[ACCOUNT_NONE] = 100}, .unrecorded = 1};
    assert_false(ledger_is_nil(&nothing));
    assert_true(ledger_is_nil(&fine));
    assert_false(ledger_is_nil(&unrecorded));
    for (int account = ACCOUNT_TINGBO; account < ACCOUNT_COUNT; account++) {
        struct ledger faulty = fine;
        faulty.frames[account] = 1;
        assert_false(ledger_is_nil(&faulty));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_follow_each_other_without_gaps_where_clocks_change),
        cmocka_unit_test(the_rules_are_those_of_the_readme),
        cmocka_unit_test(only_a_recorded_day_without_faults_is_nil),
    };
    return cmocka_run_group_tests_name("report_day", tests, NULL, NULL);
}
