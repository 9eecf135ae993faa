/* SPDX-License-Identifier: MIT */
/*
 * import_check: what does not fit together in an imported timetable.
 *
 * Before this, readers have told what single cells and rows have wrong.
 */
#include "scheduler/import/import.h"

#include "playout/intl.h"
#include "scheduler/import/import_doubts.h"
#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_repeats.h"
#include "scheduler/import/import_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return (a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* 课题：王小明, 《王小明》, or by --lines. */
static bool is_said_title(const struct import_lesson *lesson)
{
    for (size_t i = 0; i < lesson->lines.count; i++) {
        if (lesson->lines.roles[i] == IMPORT_ROLE_TITLE) {
            return true;
        }
    }
    return false;
}

/* Where hardly any cell has a title, what looks like one may well be a teacher. */
static void doubt_rare_titles(struct import *import)
{
    enum { LESSONS_LEAST = 6, RARE = 4 };
    size_t titles = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        titles += import->lessons[i].title != NULL && import->lessons[i].subject != NULL;
    }
    if (import->lesson_count < LESSONS_LEAST || titles * RARE >= import->lesson_count) {
        return;
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        struct import_lesson *lesson = &import->lessons[i];
        if (lesson->title != NULL && lesson->subject != NULL && !is_said_title(lesson) &&
            import_words_may_be_person(lesson->title)) {
            lesson->doubts |= IMPORT_DOUBT_PERSON;
            lesson->doubts &= ~(unsigned)IMPORT_DOUBT_NAME; /* said by the other */
        }
    }
}

/* Of cells whose lines are in doubt the title is not known yet. */
static bool is_same_lesson(const struct import_lesson *a, const struct import_lesson *b)
{
    return ((a->doubts | b->doubts) & IMPORT_DOUBT_LINES) == 0 && a->title != NULL &&
           !a->is_repeat && !b->is_repeat && is_same(a->title, b->title) &&
           is_same(a->subject, b->subject) && is_same(a->grade, b->grade) &&
           is_same(a->teacher, b->teacher) && is_same(a->school, b->school);
}

/* They may be one film, or several of a unit: each has a house number, and waits for its file. */
static void tell_same_lessons(struct import *import)
{
    const struct import_lesson *first = NULL;
    const struct import_lesson *second = NULL;
    size_t count = 0;
    for (size_t i = 1; i < import->lesson_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (is_same_lesson(&import->lessons[i], &import->lessons[k])) {
                second = second == NULL ? &import->lessons[i] : second;
                first = first == NULL ? &import->lessons[k] : first;
                count++;
                break;
            }
        }
    }
    if (count > 0) {
        import_report(import, PROBLEM_WARNING, second->place,
                      ngettext("%zu cell says the same lesson as another (this one as %s), and is "
                               "taken for a lesson of its own, with a house number of its own; if "
                               "it is a repeat, write 重播 before it",
                               "%zu cells say the same lesson as another (this one as %s), and "
                               "are taken for %zu lessons of their own, with house numbers of "
                               "their own; before those that are repeats write 重播",
                               count),
                      count, first->place != NULL ? first->place : "", count);
    }
}

static unsigned days_of_period(const struct import *import, size_t period)
{
    unsigned days = 0;
    for (size_t i = 0; i < import->entry_count; i++) {
        days |= import->entries[i].period == period ? 1U << import->entries[i].day : 0;
    }
    return days;
}

struct span {
    const char *name;
    const char *place;
    int start;
    int end;
    unsigned days;
};

static bool check_overlap(struct import *import, const struct span *a, const struct span *b)
{
    if ((a->days & b->days) == 0 || a->start >= b->end || b->start >= a->end) {
        return false;
    }
    char texts[4][IMPORT_CLOCK_TEXT_SIZE];
    import_report(import, PROBLEM_ERROR, b->place,
                  _("%s, %s-%s, overlaps %s, %s-%s (%s); correct one of the times"), b->name,
                  import_clock_text(b->start, texts[0]), import_clock_text(b->end, texts[1]),
                  a->name, import_clock_text(a->start, texts[2]),
                  import_clock_text(a->end, texts[3]), a->place != NULL ? a->place : "");
    return true;
}

static void check_times(struct import *import)
{
    unsigned days[IMPORT_PERIODS_MOST];
    for (size_t i = 0; i < import->period_count; i++) {
        days[i] = days_of_period(import, i);
    }
    for (size_t i = 0; i < import->period_count; i++) {
        struct import_period *later = &import->periods[i];
        const struct span b = {later->name, import_period_time_place(later), later->start,
                               later->end, days[i]};
        for (size_t k = 0; k < i && later->has_time; k++) {
            const struct import_period *before = &import->periods[k];
            const struct span a = {before->name, import_period_time_place(before), before->start,
                                   before->end, days[k]};
            if (before->has_time && check_overlap(import, &a, &b)) {
                later->doubts |= IMPORT_DOUBT_OVERLAP;
            }
        }
        for (size_t k = 0; k < import->break_count && later->has_time; k++) {
            const struct import_break *item = &import->breaks[k];
            const struct span a = {item->name, item->place, item->start, item->end, item->days};
            if (check_overlap(import, &a, &b)) {
                later->doubts |= IMPORT_DOUBT_OVERLAP;
            }
        }
    }
}

struct slot_order {
    const struct import *import;
    size_t entry;
};

static int compare_slots(const void *left, const void *right)
{
    const struct slot_order *a = left;
    const struct slot_order *b = right;
    const struct import_entry *first = &a->import->entries[a->entry];
    const struct import_entry *second = &b->import->entries[b->entry];
    if (first->day != second->day) {
        return first->day < second->day ? -1 : 1;
    }
    if (first->period != second->period) {
        return first->period < second->period ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void tell_slot(struct import *import, const struct import_entry *first,
                      const struct import_entry *second)
{
    struct import_lesson *lesson = &import->lessons[second->lesson];
    lesson->doubts |= IMPORT_DOUBT_SLOT;
    import_report(import, PROBLEM_ERROR, second->place,
                  _("%s of %s is taken already (%s): a channel airs one lesson at a time; correct "
                    "the slot, or import one grade with --grade"),
                  import->periods[second->period].name, import_day_name(second->day),
                  first->place != NULL ? first->place : "");
}

/* Two lessons in one slot of the same week: the first one that came keeps it. */
static int check_slots(struct import *import)
{
    struct slot_order *order = calloc(import->entry_count + 1, sizeof(*order));
    if (order == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < import->entry_count; i++) {
        order[i] = (struct slot_order){import, i};
    }
    qsort(order, import->entry_count, sizeof(*order), compare_slots);
    for (size_t i = 1; i < import->entry_count; i++) {
        const struct import_entry *second = &import->entries[order[i].entry];
        for (size_t k = i; k-- > 0;) {
            const struct import_entry *first = &import->entries[order[k].entry];
            if (first->day != second->day || first->period != second->period) {
                break;
            }
            if ((first->weeks & second->weeks) != 0) {
                tell_slot(import, first, second);
                break;
            }
        }
    }
    free(order);
    return 0;
}

int import_check(struct import *import)
{
    import_join_repeats(import);
    tell_same_lessons(import);
    doubt_rare_titles(import);
    char lines[IMPORT_LINES_TEXT_SIZE];
    import_doubts_advise(import, lines);
    int result = import_doubts_tell(import, lines);
    check_times(import);
    result = result < 0 ? result : check_slots(import);
    if (!import->is_calendar && import->entry_count == 0 && import->problems.errors == 0) {
        import_report(import, PROBLEM_ERROR, NULL, _("no lesson was found"));
    }
    return result;
}
