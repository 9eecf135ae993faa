/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_repeats.h"

#include "playout/intl.h"
#include "playout/text_same.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum likeness {
    BY_WORDS,     /* grade, subject and title */
    BY_TEACHER,   /* and the teacher */
    OF_ANY_GRADE, /* subject and title */
};

/* May `lesson` be the first run of `repeat`? */
static bool may_be(const struct import_lesson *lesson, const struct import_lesson *repeat,
                   enum likeness likeness)
{
    return !lesson->is_repeat && text_same(lesson->subject, repeat->subject) &&
           text_same(lesson->title, repeat->title) &&
           (likeness == OF_ANY_GRADE || text_same(lesson->grade, repeat->grade)) &&
           (likeness != BY_TEACHER || text_same(lesson->teacher, repeat->teacher));
}

/* -1 none, -2 several. */
static int find_first_run(const struct import *import, const struct import_lesson *repeat,
                          enum likeness likeness)
{
    int found = -1;
    for (size_t i = 0; i < import->lesson_count; i++) {
        if (may_be(&import->lessons[i], repeat, likeness)) {
            found = found == -1 ? (int)i : -2;
        }
    }
    return found;
}

/*
 * Marked as a repeat: which first run is meant?  -1 none, -2 several.  One that
 * leaves its grade out may be of any; of several the teacher tells.
 */
static int first_run_of(const struct import *import, const struct import_lesson *repeat,
                        enum likeness *likeness)
{
    *likeness = BY_WORDS;
    int first = find_first_run(import, repeat, *likeness);
    if (first == -1 && repeat->grade == NULL) {
        *likeness = OF_ANY_GRADE;
        first = find_first_run(import, repeat, *likeness);
    } else if (first == -2 && repeat->teacher != NULL &&
               find_first_run(import, repeat, BY_TEACHER) != -1) {
        *likeness = BY_TEACHER;
        first = find_first_run(import, repeat, *likeness);
    }
    return first;
}

/* Where in the term a cell airs for the first time, to compare; in minutes. */
static int64_t first_minute(const struct import *import, const struct import_entry *entry)
{
    const int64_t week = entry->weeks != 0 ? __builtin_ctzll(entry->weeks) : 0;
    return ((week * IMPORT_DAYS + entry->day) * 24 * 60) +
           (import->periods[entry->period].start / 60);
}

static const struct import_entry *first_entry(const struct import *import, size_t lesson)
{
    const struct import_entry *first = NULL;
    for (size_t i = 0; i < import->entry_count; i++) {
        const struct import_entry *entry = &import->entries[i];
        if (entry->lesson == lesson && import->periods[entry->period].has_time &&
            (first == NULL || first_minute(import, entry) < first_minute(import, first))) {
            first = entry;
        }
    }
    return first;
}

/* Before it is joined: afterwards whichever comes first is the first run. */
static void tell_early_repeat(struct import *import, size_t lesson, size_t first)
{
    const struct import_entry *repeat = first_entry(import, lesson);
    const struct import_entry *run = first_entry(import, first);
    if (repeat != NULL && run != NULL && first_minute(import, repeat) < first_minute(import, run)) {
        import_report(import, PROBLEM_WARNING, repeat->place,
                      _("this is marked as a repeat, but airs before the first run (%s); "
                        "exchange them, or give it the house number of what it repeats"),
                      run->place != NULL ? run->place : "");
    }
}

static void join(struct import *import, size_t lesson, size_t first)
{
    for (size_t k = 0; k < import->entry_count; k++) {
        if (import->entries[k].lesson == lesson) {
            import->entries[k].lesson = first;
        }
    }
}

static bool has_entry(const struct import *import, size_t lesson)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        if (import->entries[i].lesson == lesson) {
            return true;
        }
    }
    return false;
}

/* Lessons that no cell has any more: repeats that were joined to their first runs. */
static void drop_unused_lessons(struct import *import)
{
    for (size_t i = 0; i < import->lesson_count;) {
        if (!import->lessons[i].is_repeat || has_entry(import, i)) {
            i++;
            continue;
        }
        struct import_lesson *lesson = &import->lessons[i];
        import_lesson_finish(lesson);
        memmove(lesson, lesson + 1, (import->lesson_count - i - 1) * sizeof(*lesson));
        import->lesson_count--;
        for (size_t k = 0; k < import->entry_count; k++) {
            import->entries[k].lesson -= import->entries[k].lesson > i;
        }
    }
}

static void tell_early_repeats(struct import *import)
{
    enum likeness likeness = BY_WORDS;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        const bool is_named = lesson->is_repeat && lesson->repeats == NULL && lesson->title != NULL;
        const int first = is_named ? first_run_of(import, lesson, &likeness) : -1;
        if (first >= 0) {
            tell_early_repeat(import, i, (size_t)first);
        }
    }
}

void import_join_repeats(struct import *import)
{
    enum likeness likeness = BY_WORDS;
    tell_early_repeats(import);
    for (size_t i = 0; i < import->lesson_count; i++) {
        struct import_lesson *lesson = &import->lessons[i];
        if (!lesson->is_repeat || lesson->repeats != NULL) {
            continue;
        }
        const int first = first_run_of(import, lesson, &likeness);
        if (first >= 0) {
            join(import, i, (size_t)first);
            continue;
        }
        lesson->doubts |= IMPORT_DOUBT_REPEAT;
        if (first == -1) {
            import_report(import, PROBLEM_ERROR, lesson->place,
                          _("this is marked as a repeat, but its first run is not in this "
                            "timetable; write grade, subject and title as the first run has "
                            "them, or, with -o, the house number of a lesson of before"));
        }
    }
    drop_unused_lessons(import);
}

/* --- By house numbers ------------------------------------------------------- */

static ptrdiff_t find_numbered(const struct import *import, const char *house_number)
{
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        if (lesson->house_number != NULL && strcmp(lesson->house_number, house_number) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static int take(const char *from, char **to)
{
    if (*to == NULL && from != NULL && (*to = strdup(from)) == NULL) {
        return -ENOMEM;
    }
    return 0;
}

/* A lesson of before, which has no first run in this sheet. */
static int become(struct import_lesson *lesson, const struct import_known_number *number)
{
    lesson->keeps_number = true;
    lesson->is_beside = number->is_beside;
    int result = take(number->house_number, &lesson->house_number);
    result = result == 0 ? take(number->grade, &lesson->grade) : result;
    result = result == 0 ? take(number->subject, &lesson->subject) : result;
    result = result == 0 ? take(number->title, &lesson->title) : result;
    return result == 0 ? take(number->teacher, &lesson->teacher) : result;
}

/* 语文 甲 KT-1-1: the number is of another title. */
static bool is_other(struct import *import, struct import_lesson *lesson, const char *title)
{
    if (lesson->title == NULL || text_same(lesson->title, title)) {
        return false;
    }
    lesson->doubts |= IMPORT_DOUBT_REPEAT;
    import_report(import, PROBLEM_ERROR, lesson->place,
                  _("this is marked as a repeat of %s, which is %s, not %s; correct the house "
                    "number or the title"),
                  lesson->repeats, title != NULL ? title : "", lesson->title);
    return true;
}

static int join_numbered(struct import *import, size_t index, const struct import_known *known)
{
    struct import_lesson *lesson = &import->lessons[index];
    const ptrdiff_t first = find_numbered(import, lesson->repeats);
    const struct import_known_number *number =
        first < 0 && known != NULL ? import_known_find(known, lesson->repeats) : NULL;
    if (first >= 0) {
        if (!is_other(import, lesson, import_lesson_title(&import->lessons[first]))) {
            tell_early_repeat(import, index, (size_t)first);
            join(import, index, (size_t)first);
        }
        return 0;
    }
    if (number != NULL && number->is_lesson) {
        return is_other(import, lesson, number->title) ? 0 : become(lesson, number);
    }
    lesson->doubts |= IMPORT_DOUBT_REPEAT;
    import_report(import, PROBLEM_ERROR, lesson->place,
                  known != NULL
                      ? _("this is marked as a repeat of %s, but no lesson of this timetable has "
                          "that house number; write grade, subject and title of the first run")
                      : _("this is marked as a repeat of %s, but no lesson of this sheet gets that "
                          "house number; say -o and the timetable, so that those of before are "
                          "known, or write grade, subject and title of the first run"),
                  lesson->repeats);
    return take(lesson->repeats, &lesson->title);
}

int import_join_numbered_repeats(struct import *import, const struct import_known *known)
{
    int result = 0;
    for (size_t i = 0; i < import->lesson_count && result == 0; i++) {
        if (import->lessons[i].repeats != NULL) {
            result = join_numbered(import, i, known);
        }
    }
    drop_unused_lessons(import);
    return result;
}

void import_tell_unclear_repeats(struct import *import)
{
    enum likeness likeness = BY_WORDS;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *repeat = &import->lessons[i];
        const struct import_lesson *runs[2] = {NULL, NULL};
        if (!repeat->is_repeat || repeat->repeats != NULL ||
            first_run_of(import, repeat, &likeness) != -2) {
            continue;
        }
        for (size_t k = 0; k < import->lesson_count; k++) {
            const struct import_lesson *run = &import->lessons[k];
            if (may_be(run, repeat, likeness) && runs[1] == NULL) {
                runs[runs[0] != NULL ? 1 : 0] = run;
            }
        }
        import_report(import, PROBLEM_ERROR, repeat->place,
                      _("this is marked as a repeat, and several lessons may be its first run; "
                        "write the house number of the one that is meant beside 重播: %s (%s) or "
                        "%s (%s); or, where that tells them apart, the grade, or the teacher on "
                        "a line of its own"),
                      runs[0]->house_number, runs[0]->place != NULL ? runs[0]->place : "",
                      runs[1]->house_number, runs[1]->place != NULL ? runs[1]->place : "");
    }
}
