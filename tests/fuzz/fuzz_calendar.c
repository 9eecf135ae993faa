/* SPDX-License-Identifier: MIT */
/*
 * A calendar: whatever the bytes, a verdict and no crash, hang or leak; what is
 * accepted answers for every date of a hundred years.
 */
#include "scheduler/calendar.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST = 10957, LAST = FIRST + 36525, STEP = 11 }; /* 2000-01-01 and a century on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct calendar *calendar = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = calendar_parse("calendar.yaml", data, size, &calendar, &problems);
    if ((result == 0) != (calendar != NULL) || (result == -EINVAL) != (problems.errors > 0)) {
        abort();
    }
    for (int64_t date = FIRST; calendar != NULL && date < LAST; date += STEP) {
        const struct term *term = calendar_term(calendar, date);
        const int week = calendar_week(calendar, date);
        const struct date_rule *rule = date_rules_find(&calendar->rules, date);
        if ((term != NULL) != (week > 0) || (term != NULL && week > term->weeks) ||
            (rule != NULL && (date < rule->first || date > rule->last))) {
            abort();
        }
        if (rule != NULL && rule->kind == DATE_RUNS) {
            (void)date_rule_source(rule, calendar, date);
        }
    }
    calendar_destroy(calendar);
    problems_finish(&problems);
    return 0;
}
