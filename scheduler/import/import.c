/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import.h"

#include "playout/intl.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int import_init(struct import *import, const char *file)
{
    *import = (struct import){.file = strdup(file), .has_titles = true};
    problems_init(&import->problems);
    return import->file != NULL ? 0 : -ENOMEM;
}

void import_lesson_finish(struct import_lesson *lesson)
{
    free(lesson->house_number);
    free(lesson->repeats);
    free(lesson->grade);
    free(lesson->subject);
    free(lesson->title);
    free(lesson->teacher);
    free(lesson->school);
    free(lesson->place);
    free(lesson->more);
    free(lesson->before);
}

static void free_rules(struct import *import)
{
    for (size_t i = 0; i < import->break_count; i++) {
        free(import->breaks[i].name);
        free(import->breaks[i].place);
        free(import->breaks[i].more);
    }
    for (size_t i = 0; i < import->repeat_count; i++) {
        free(import->repeats[i].place);
    }
    for (size_t i = 0; i < import->relay_count; i++) {
        free(import->relays[i].name);
        free(import->relays[i].place);
    }
    for (size_t i = 0; i < import->holiday_count; i++) {
        free(import->holidays[i].name);
        free(import->holidays[i].place);
    }
    free(import->breaks);
    free(import->repeats);
    free(import->relays);
    free(import->holidays);
}

void import_finish(struct import *import)
{
    if (import == NULL) {
        return;
    }
    for (size_t i = 0; i < import->period_count; i++) {
        free(import->periods[i].name);
        free(import->periods[i].place);
        free(import->periods[i].time_place);
        free(import->periods[i].more);
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        import_lesson_finish(&import->lessons[i]);
    }
    for (size_t i = 0; i < import->entry_count; i++) {
        free(import->entries[i].place);
    }
    free(import->periods);
    free(import->lessons);
    free(import->entries);
    free_rules(import);
    free(import->file);
    free(import->title);
    free(import->taken);
    free(import->untaken);
    problems_finish(&import->problems);
    *import = (struct import){0};
}

void import_report(struct import *import, enum problem_severity severity, const char *place,
                   const char *format, ...)
{
    char *text = NULL;
    char *where = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    if (place != NULL && asprintf(&where, "%s:%s", import->file, place) < 0) {
        where = NULL;
    }
    problems_add(&import->problems, severity, where != NULL ? where : import->file, 0, 0, "%s",
                 text != NULL ? text : "");
    free(where);
    free(text);
}

/* Room for one more item of `size` bytes; NULL when out of memory. */
static void *grown(void *items, size_t count, size_t size)
{
    enum { STEP = 32 };
    return count % STEP == 0 ? realloc(items, (count + STEP) * size) : items;
}

static int too_many(struct import *import, const char *place, size_t most)
{
    import_report(import, PROBLEM_ERROR, place,
                  _("this is more than a timetable has: %zu of these are the most"), most);
    return -E2BIG;
}

/* A copy of a text that may be NULL; *is_whole becomes false when out of memory. */
static char *copied(const char *from, bool *is_whole)
{
    char *copy = from != NULL ? strdup(from) : NULL;
    *is_whole = *is_whole && (from == NULL || copy != NULL);
    return copy;
}

const char *import_period_time_place(const struct import_period *period)
{
    return period->time_place != NULL ? period->time_place : period->place;
}

int import_add_period(struct import *import, const struct import_period *period)
{
    if (import->period_count == IMPORT_PERIODS_MOST) {
        return too_many(import, period->place, IMPORT_PERIODS_MOST);
    }
    struct import_period *items =
        grown(import->periods, import->period_count, sizeof(import->periods[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->periods = items;
    struct import_period made = *period;
    bool is_whole = true;
    made.name = copied(period->name, &is_whole);
    made.place = copied(period->place, &is_whole);
    made.time_place = copied(period->time_place, &is_whole);
    if (!is_whole) {
        free(made.name);
        free(made.place);
        free(made.time_place);
        return -ENOMEM;
    }
    for (char *at = made.name; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    items[import->period_count++] = made;
    return 0;
}

int import_add_lesson(struct import *import, const struct import_lesson *lesson)
{
    if (import->lesson_count == IMPORT_LESSONS_MOST) {
        return too_many(import, lesson->place, IMPORT_LESSONS_MOST);
    }
    struct import_lesson *items =
        grown(import->lessons, import->lesson_count, sizeof(import->lessons[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->lessons = items;
    struct import_lesson made = *lesson;
    bool is_whole = true;
    made.house_number = copied(lesson->house_number, &is_whole);
    made.repeats = copied(lesson->repeats, &is_whole);
    made.grade = copied(lesson->grade, &is_whole);
    made.subject = copied(lesson->subject, &is_whole);
    made.title = copied(lesson->title, &is_whole);
    made.teacher = copied(lesson->teacher, &is_whole);
    made.school = copied(lesson->school, &is_whole);
    made.place = copied(lesson->place, &is_whole);
    if (!is_whole) {
        import_lesson_finish(&made);
        return -ENOMEM;
    }
    items[import->lesson_count++] = made;
    return 0;
}

int import_add_entry(struct import *import, const struct import_entry *entry)
{
    if (import->entry_count == IMPORT_ENTRIES_MOST) {
        return too_many(import, entry->place, IMPORT_ENTRIES_MOST);
    }
    assert(entry->lesson < import->lesson_count && entry->period < import->period_count);
    struct import_entry *items =
        grown(import->entries, import->entry_count, sizeof(import->entries[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->entries = items;
    struct import_entry made = *entry;
    bool is_whole = true;
    made.place = copied(entry->place, &is_whole);
    if (!is_whole) {
        return -ENOMEM;
    }
    items[import->entry_count++] = made;
    import->days |= 1U << entry->day;
    return 0;
}

int import_add_break(struct import *import, const struct import_break *item)
{
    if (import->break_count == IMPORT_ENTRIES_MOST) {
        return too_many(import, item->place, IMPORT_ENTRIES_MOST);
    }
    struct import_break *items =
        grown(import->breaks, import->break_count, sizeof(import->breaks[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->breaks = items;
    struct import_break made = *item;
    bool is_whole = true;
    made.name = copied(item->name, &is_whole);
    made.place = copied(item->place, &is_whole);
    if (!is_whole) {
        free(made.name);
        free(made.place);
        return -ENOMEM;
    }
    items[import->break_count++] = made;
    return 0;
}

int import_add_repeat(struct import *import, const struct import_repeat *repeat)
{
    if (import->repeat_count == IMPORT_PERIODS_MOST) {
        return too_many(import, repeat->place, IMPORT_PERIODS_MOST);
    }
    struct import_repeat *items =
        grown(import->repeats, import->repeat_count, sizeof(import->repeats[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->repeats = items;
    struct import_repeat made = *repeat;
    bool is_whole = true;
    made.place = copied(repeat->place, &is_whole);
    if (!is_whole) {
        return -ENOMEM;
    }
    items[import->repeat_count++] = made;
    return 0;
}

int import_add_relay(struct import *import, const struct import_relay *relay)
{
    if (import->relay_count == IMPORT_PERIODS_MOST) {
        return too_many(import, relay->place, IMPORT_PERIODS_MOST);
    }
    struct import_relay *items =
        grown(import->relays, import->relay_count, sizeof(import->relays[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->relays = items;
    struct import_relay made = *relay;
    bool is_whole = true;
    made.name = copied(relay->name, &is_whole);
    made.place = copied(relay->place, &is_whole);
    if (!is_whole) {
        free(made.name);
        free(made.place);
        return -ENOMEM;
    }
    items[import->relay_count++] = made;
    return 0;
}

int import_add_holiday(struct import *import, const struct import_holiday *holiday)
{
    if (import->holiday_count == IMPORT_LESSONS_MOST) {
        return too_many(import, holiday->place, IMPORT_LESSONS_MOST);
    }
    struct import_holiday *items =
        grown(import->holidays, import->holiday_count, sizeof(import->holidays[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    import->holidays = items;
    struct import_holiday made = *holiday;
    bool is_whole = true;
    made.name = copied(holiday->name, &is_whole);
    made.place = copied(holiday->place, &is_whole);
    if (!is_whole) {
        free(made.name);
        free(made.place);
        return -ENOMEM;
    }
    items[import->holiday_count++] = made;
    return 0;
}
