/* SPDX-License-Identifier: MIT */
/* timetable_check: what is wrong with a timetable as a whole. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

#include <stdlib.h>
#include <string.h>

/* A period, a break or a part of the repeats: a time on some days of the week. */
struct span {
    const char *name;
    int start;
    int end;
    unsigned days;
    int line;
};

/* Writes "08:30". */
static const char *clock_text(int minutes, char text[8])
{
    text[0] = (char)('0' + minutes / 600 % 10);
    text[1] = (char)('0' + minutes / 60 % 10);
    text[2] = ':';
    text[3] = (char)('0' + minutes % 60 / 10);
    text[4] = (char)('0' + minutes % 10);
    text[5] = '\0';
    return text;
}

static int first_day(unsigned days)
{
    int day = 0;
    while ((days >> day & 1u) == 0) {
        day++;
    }
    return day;
}

static void check_pair(const struct draft *draft, const struct span *a, const struct span *b)
{
    char clocks[4][8];
    const unsigned days = a->days & b->days;
    if (days == 0 || a->start >= b->end || b->start >= a->end) {
        return;
    }
    problems_add(draft->problems, PROBLEM_ERROR, draft->path, b->line, 0,
                 _("'%s' (%s to %s) overlaps '%s' (%s to %s, line %d) on %s; change one of the "
                   "times"),
                 b->name, clock_text(b->start, clocks[0]), clock_text(b->end, clocks[1]), a->name,
                 clock_text(a->start, clocks[2]), clock_text(a->end, clocks[3]), a->line,
                 timetable_day_name(first_day(days)));
}

/* The parts of the repeats in one civil day; returns how many. */
static size_t split_repeats(const struct repeat_rule *rule, struct span *parts)
{
    const unsigned every_day = (1u << DAYS_PER_WEEK) - 1;
    if (!rule->is_present) {
        return 0;
    }
    if (rule->until > rule->from) {
        parts[0] = (struct span){"repeats", rule->from, rule->until, every_day, rule->line};
        return 1;
    }
    parts[0] = (struct span){"repeats", rule->from, MINUTES_PER_DAY, every_day, rule->line};
    parts[1] = (struct span){"repeats", 0, rule->until, every_day, rule->line};
    return 2;
}

static size_t collect(const struct draft *draft, struct span *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->period_count; i++) {
        const struct draft_period *period = &draft->periods[i];
        spans[count++] =
            (struct span){period->name, period->start, period->end, period->days, period->line};
    }
    for (size_t i = 0; i < draft->break_count; i++) {
        const struct draft_break *entry = &draft->breaks[i];
        spans[count++] =
            (struct span){entry->name, entry->start, entry->end, entry->days, entry->line};
    }
    return count;
}

static void check_overlaps(const struct draft *draft, const struct span *spans, size_t count)
{
    struct span parts[2];
    const size_t part_count = split_repeats(&draft->timetable->repeats, parts);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            check_pair(draft, &spans[j], &spans[i]);
        }
        for (size_t j = 0; j < part_count; j++) {
            check_pair(draft, &spans[i], &parts[j]);
        }
    }
}

static void mark(bool *minutes, const struct span *span)
{
    for (int day = 0; day < DAYS_PER_WEEK; day++) {
        if ((span->days >> day & 1u) != 0) {
            memset(minutes + day * MINUTES_PER_DAY + span->start, 1,
                   (size_t)(span->end - span->start));
        }
    }
}

static void warn_of_gaps(const struct draft *draft, const struct span *spans, size_t count)
{
    enum { WEEK = DAYS_PER_WEEK * MINUTES_PER_DAY };
    bool *minutes = calloc(WEEK, sizeof(bool));
    struct span parts[2];
    const size_t part_count = split_repeats(&draft->timetable->repeats, parts);
    int empty = 0;
    int first = -1;
    char clock[8];
    if (minutes == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        mark(minutes, &spans[i]);
    }
    for (size_t i = 0; i < part_count; i++) {
        mark(minutes, &parts[i]);
    }
    for (int i = WEEK - 1; i >= 0; i--) {
        empty += !minutes[i];
        first = minutes[i] ? first : i;
    }
    if (empty > 0) {
        problems_add(draft->problems, PROBLEM_WARNING, draft->path, 0, 0,
                     _("nothing is planned in %d minutes of the week, the first at %s %s: %s"),
                     empty, timetable_day_name(first / MINUTES_PER_DAY),
                     clock_text(first % MINUTES_PER_DAY, clock),
                     draft->timetable->filler_count > 0
                         ? _("fillers will air there")
                         : _("the slate will air there, for 'fillers' is empty"));
    }
    free(minutes);
}

static void warn_of_unused(const struct draft *draft)
{
    const struct timetable *timetable = draft->timetable;
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        bool is_used = false;
        for (size_t j = 0; j < timetable->slot_count && !is_used; j++) {
            is_used = timetable->slots[j].lesson == &timetable->lessons[i];
        }
        if (!is_used) {
            problems_add(draft->problems, PROBLEM_WARNING, draft->path, timetable->lessons[i].line,
                         0, _("lesson '%s' has no place in the grid"),
                         timetable->lessons[i].house_number);
        }
    }
    for (size_t i = 0; i < draft->period_count; i++) {
        if (draft->periods[i].days == 0) {
            problems_add(draft->problems, PROBLEM_WARNING, draft->path, draft->periods[i].line, 0,
                         _("period '%s' has no lesson on any day"), draft->periods[i].name);
        }
    }
}

void timetable_check(const struct draft *draft)
{
    struct span *spans = calloc(draft->period_count + draft->break_count + 1, sizeof(spans[0]));
    if (spans == NULL) {
        return;
    }
    const size_t count = collect(draft, spans);
    check_overlaps(draft, spans, count);
    warn_of_gaps(draft, spans, count);
    warn_of_unused(draft);
    free(spans);
}
