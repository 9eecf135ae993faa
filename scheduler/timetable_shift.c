/* SPDX-License-Identifier: MIT */
/*
 * timetable_shift: where lessons go when days are pushed back (顺延).
 *
 *     lessons of     Mon  Tue  Wed  Thu  Fri | Mon  Tue
 *     are held on    Mon   x   Wed  Thu  Fri | Mon  Tue
 *                     Mon      Tue  Wed  Thu | Fri  Mon
 *
 * From the first suspended day to the end of the term, the days that have
 * lessons and those on which they can be held are matched in order.  The
 * last lessons have no day left.  A day on which another is made up (补) is
 * none of these: it holds what it says.
 */
#include "scheduler/day.h"
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>

enum { SPAN_MOST = 400 }; /* days, where there is no term */

static bool is_shift(const struct date_rule *rule)
{
    return rule->kind == DATE_SUSPENDED && rule->suspension == SUSPENDED_SHIFT;
}

/* The days from `first` on that have lessons, and those that can hold them. */
struct match {
    int64_t *lessons;
    size_t lesson_count;
    int64_t *days;
    size_t day_count;
};

static bool is_made_up(const struct timetable *timetable, const struct day *day)
{
    struct day source;
    day_look_up(timetable, day->source, &source);
    return day->source != day->date && source.kind == DAY_SUSPENDED &&
           source.rule->suspension == SUSPENDED_MAKE_UP;
}

static void look_at(const struct timetable *timetable, int64_t date, struct match *match)
{
    struct day day;
    day_look_up(timetable, date, &day);
    if (day.kind == DAY_SCHOOL && is_made_up(timetable, &day)) {
        return;
    }
    if (day.kind == DAY_SCHOOL && day_has_grid(timetable, day.source)) {
        match->lessons[match->lesson_count++] = day.source;
        match->days[match->day_count++] = date;
    } else if (day.kind == DAY_SUSPENDED && is_shift(day.rule) && day_has_grid(timetable, date)) {
        match->lessons[match->lesson_count++] = date;
    }
}

/* Who wrote that the day runs another's timetable did not write these lessons. */
static void warn_of_swapped(const struct timetable *timetable, const struct day *day,
                            int64_t lessons, const struct date_rule *shift,
                            struct problems *problems)
{
    char texts[3][WHEN_TEXT_SIZE];
    if (day->rule != NULL && day->rule->kind == DATE_RUNS) {
        timetable_warn(timetable, problems, "swapped-day-shifted", &day->rule->place,
                       _("%s is to run the timetable of %s here, and holds that of %s, for the "
                         "days are pushed back (%s, line %d); to have it as written, suspend with "
                         "make_up (补) or drop (停上) there instead"),
                       when_date_text(day->date, texts[0]), when_date_text(day->source, texts[1]),
                       when_date_text(lessons, texts[2]), shift->place.file->name,
                       shift->place.line);
    }
}

static int keep(struct timetable *timetable, const struct match *match,
                const struct date_rule *rule, struct problems *problems)
{
    if (timetable_grow(&timetable->shifted, timetable->shifted_count, match->day_count,
                       sizeof(timetable->shifted[0])) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < match->day_count; i++) {
        struct day day;
        day_look_up(timetable, match->days[i], &day);
        if (day.source != match->lessons[i]) {
            warn_of_swapped(timetable, &day, match->lessons[i], rule, problems);
            timetable->shifted[timetable->shifted_count++] =
                (struct shifted_day){match->days[i], match->lessons[i], rule};
        }
    }
    return 0;
}

static void warn_of_lost(const struct timetable *timetable, const struct match *match,
                         const struct date_rule *rule, struct problems *problems)
{
    char text[WHEN_TEXT_SIZE];
    if (match->lesson_count > match->day_count) {
        const size_t lost = match->lesson_count - match->day_count;
        timetable_warn(timetable, problems, "shifted-out", &rule->place,
                       ngettext("the lessons of the last %zu day have no day left, from %s on; "
                                "make the term longer, or drop some",
                                "the lessons of the last %zu days have no day left, from %s on; "
                                "make the term longer, or drop some",
                                lost),
                       lost, when_date_text(match->lessons[match->day_count], text));
    }
}

/* Everything from the first suspended day of a term to the term's end. */
static int shift_term(struct timetable *timetable, const struct date_rule *rule, int64_t end,
                      struct problems *problems)
{
    const size_t size = (size_t)(end - rule->first + 1);
    struct match match = {.lessons = calloc(size, sizeof(int64_t)),
                          .days = calloc(size, sizeof(int64_t))};
    int result = match.lessons != NULL && match.days != NULL ? 0 : -ENOMEM;
    for (int64_t date = rule->first; result == 0 && date < end; date++) {
        look_at(timetable, date, &match);
    }
    if (result == 0) {
        result = keep(timetable, &match, rule, problems);
        warn_of_lost(timetable, &match, rule, problems);
    }
    free(match.lessons);
    free(match.days);
    return result;
}

static const struct date_rule *first_shift(const struct date_rules *rules, int64_t from, int64_t to,
                                           const struct date_rule *first)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct date_rule *rule = &rules->items[i];
        if (is_shift(rule) && rule->first >= from && rule->first < to &&
            (first == NULL || rule->first < first->first)) {
            first = rule;
        }
    }
    return first;
}

static int compare_days(const void *left, const void *right)
{
    const struct shifted_day *a = left;
    const struct shifted_day *b = right;
    return (a->date > b->date) - (a->date < b->date);
}

/* The first suspension in [from, to) of calendar and timetable moves all that follows. */
static int shift_between(struct timetable *timetable, int64_t from, int64_t to,
                         struct problems *problems)
{
    const struct date_rule *rule = first_shift(&timetable->dates, from, to, NULL);
    if (timetable->calendar != NULL) {
        rule = first_shift(&timetable->calendar->rules, from, to, rule);
    }
    if (rule == NULL) {
        return 0;
    }
    const int64_t end = to == INT64_MAX ? rule->first + SPAN_MOST : to;
    return shift_term(timetable, rule, end, problems);
}

int timetable_shift_days(struct timetable *timetable, struct problems *problems)
{
    const struct calendar *calendar = timetable->calendar;
    int result = 0;
    if (calendar == NULL || calendar->term_count == 0) {
        return shift_between(timetable, 0, INT64_MAX, problems);
    }
    for (size_t i = 0; result == 0 && i < calendar->term_count; i++) {
        const struct term *term = &calendar->terms[i];
        result = shift_between(timetable, term->week_1,
                               term->week_1 + (int64_t)term->weeks * DAYS_PER_WEEK, problems);
    }
    if (timetable->shifted_count > 1) {
        qsort(timetable->shifted, timetable->shifted_count, sizeof(timetable->shifted[0]),
              compare_days);
    }
    return result;
}
