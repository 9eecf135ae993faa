/* SPDX-License-Identifier: MIT */
#include "tools/closed_late.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/day.h"
#include "scheduler/when.h"

enum { SLOT_TEXT_SIZE = 128 };

static const char *lesson_number(const struct lesson *lesson)
{
    return lesson != NULL ? lesson->house_number : NULL;
}

static bool is_same_slot(const struct day_slot *left, const struct day_slot *right)
{
    bool is_same = left->start == right->start && left->end == right->end &&
                   left->kind == right->kind && left->item_count == right->item_count &&
                   text_same(lesson_number(left->lesson), lesson_number(right->lesson)) &&
                   text_same(left->house_number, right->house_number);
    for (size_t i = 0; is_same && i < left->item_count; i++) {
        const struct rotation_item *a = &left->items[i];
        const struct rotation_item *b = &right->items[i];
        is_same = text_same(lesson_number(a->lesson), lesson_number(b->lesson)) &&
                  text_same(a->house_number, b->house_number);
    }
    return is_same;
}

/* What it airs, and from when to when; NULL: nothing. */
static const char *slot_text(const struct day_slot *slot, char text[SLOT_TEXT_SIZE])
{
    char start[WHEN_TEXT_SIZE];
    char end[WHEN_TEXT_SIZE];
    if (slot == NULL) {
        return _("nothing");
    }
    const char *what = slot->lesson != NULL         ? slot->lesson->house_number
                       : slot->house_number != NULL ? slot->house_number
                                                    : slot->name;
    snprintf(text, SLOT_TEXT_SIZE, "%s-%s %s", when_clock_text(slot->start, start),
             when_clock_text(slot->end, end), what != NULL ? what : "");
    return text;
}

static const char *source_text(const struct day *day, char text[WHEN_TEXT_SIZE])
{
    return day->kind == DAY_SCHOOL ? when_date_text(day->source, text) : _("a day without lessons");
}

static void warn_of_day(const char *channel, const struct day *list, const struct day *files,
                        const struct timetable *timetable, struct problems *problems)
{
    char date[WHEN_TEXT_SIZE];
    char was[WHEN_TEXT_SIZE];
    char is[WHEN_TEXT_SIZE];
    const struct place place = files->rule != NULL ? files->rule->place : (struct place){0};
    problems_add(problems, PROBLEM_WARNING,
                 place.file != NULL ? place.file->path : timetable->file->path, place.line,
                 place.column,
                 _("the list of %s is closed and runs the timetable of %s; that the files say %s "
                   "now does not hold until the list is opened again: `ketang freeze %s %s --off "
                   "--reason TEXT`"),
                 when_date_text(list->date, date), source_text(list, was), source_text(files, is),
                 channel, date);
}

static void warn_of_slot(const char *channel, int64_t day, const struct day_slot *list,
                         const struct day_slot *files, const struct timetable *timetable,
                         struct problems *problems)
{
    char date[WHEN_TEXT_SIZE];
    char was[SLOT_TEXT_SIZE];
    char is[SLOT_TEXT_SIZE];
    const struct place place = files != NULL ? files->place : (struct place){0};
    problems_add(
        problems, PROBLEM_WARNING, place.file != NULL ? place.file->path : timetable->file->path,
        place.line, place.column,
        _("the list of %s is closed and is otherwise than the files now, first there: %s; "
          "the files: %s. This does not hold until the list is opened again: `ketang "
          "freeze %s %s --off --reason TEXT`; or give it as an order: `ketang replace`"),
        when_date_text(day, date), slot_text(list, was), slot_text(files, is), channel, date);
}

/* Of the slots that differ the one that begins first; one side may have none at that time. */
static void compare(const char *channel, const struct day *list, const struct day *files,
                    const struct timetable *timetable, struct problems *problems)
{
    size_t i = 0;
    while (i < list->count && i < files->count && is_same_slot(&list->slots[i], &files->slots[i])) {
        i++;
    }
    const struct day_slot *was = i < list->count ? &list->slots[i] : NULL;
    const struct day_slot *is = i < files->count ? &files->slots[i] : NULL;
    if (was == NULL && is == NULL) {
        return;
    }
    if (list->source != files->source || list->kind != files->kind) {
        warn_of_day(channel, list, files, timetable, problems);
        return;
    }
    const bool has_both = was != NULL && is != NULL;
    warn_of_slot(channel, list->date, has_both && is->start < was->start ? NULL : was,
                 has_both && was->start < is->start ? NULL : is, timetable, problems);
}

void closed_late_warn(const char *channel, const struct frozen_day *closed,
                      const struct timetable *timetable, struct problems *problems)
{
    struct day list = {0};
    struct day files = {0};
    if (timetable != NULL && day_resolve(closed->timetable, closed->date, NULL, &list) == 0 &&
        day_resolve(timetable, closed->date, NULL, &files) == 0) {
        compare(channel, &list, &files, timetable, problems);
    }
    day_finish(&list);
    day_finish(&files);
}
