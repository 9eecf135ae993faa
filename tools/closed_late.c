/* SPDX-License-Identifier: MIT */
#include "tools/closed_late.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/day.h"
#include "scheduler/when.h"

enum { SLOT_TEXT_SIZE = 128, DETAIL_TEXT_SIZE = 256 };

/* What a slot of the same lesson at the same time may have otherwise; then what the day may have.
 */
enum detail {
    DETAIL_TITLE,
    DETAIL_SUBSTITUTE,
    DETAIL_MEDIA,
    DETAIL_REST,
    DETAIL_OVERRUN,
    DETAIL_TOPIC,
    SLOT_DETAILS,
    DETAIL_FILLERS = SLOT_DETAILS,
    DETAIL_NEXT,
    DETAIL_COUNTDOWN,
    DETAILS,
};

/* As the timetable writes them. */
static const char *const detail_keys[DETAILS] = {
    "title", "substitute", "media", "rest", "overrun", "topic", "fillers", "next", "countdown"};

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

/* True when another day, which is not closed itself, airs the lessons of the closed one. */
static bool find_again(const struct frozen_days *closed, const struct day *list,
                       const struct timetable *timetable, struct day *again)
{
    enum { DAYS_AHEAD = 400 }; /* as far as a shift goes where there is no term */
    for (int64_t date = list->date + 1; date <= list->date + DAYS_AHEAD; date++) {
        day_look_up(timetable, date, again);
        if (again->kind == DAY_SCHOOL && again->source == list->source && again->rule != NULL &&
            frozen_days_at(closed, date) == NULL) {
            return true;
        }
    }
    return false;
}

/*
 * The day goes on airing what it was closed with; where the files hold those lessons on another
 * day in its place, as 顺延 does, they air on both.
 */
static void warn_of_twice(const char *channel, const struct frozen_days *closed,
                          const struct day *list, const struct timetable *timetable,
                          struct problems *problems)
{
    char date[WHEN_TEXT_SIZE];
    char other[WHEN_TEXT_SIZE];
    struct day again;
    if (find_again(closed, list, timetable, &again)) {
        const struct place place = again.rule->place;
        problems_add(problems, PROBLEM_WARNING, place.file->path, place.line, place.column,
                     _("the lessons of %s air twice: on that day, for its list is closed, and on "
                       "%s, where this line moves them; open the list again: `ketang freeze %s %s "
                       "--off --reason TEXT`, or let this line begin a day later"),
                     when_date_text(list->date, date), when_date_text(again.date, other), channel,
                     date);
    }
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

/* --- What is otherwise within the slots ------------------------------------------------------- */

static const char *slot_detail(const struct day_slot *slot, enum detail detail,
                               char text[DETAIL_TEXT_SIZE])
{
    switch (detail) {
    case DETAIL_TITLE:
        if (slot->lesson != NULL) {
            timetable_lesson_title(slot->lesson, text, DETAIL_TEXT_SIZE);
        }
        return slot->lesson != NULL ? text : NULL;
    case DETAIL_SUBSTITUTE:
        return slot->lesson != NULL ? slot->lesson->substitute : NULL;
    case DETAIL_MEDIA:
        return slot->media > 0 ? when_length_text(slot->media, text) : NULL;
    case DETAIL_REST:
        return timetable_rest_name(slot->fit.rest);
    case DETAIL_OVERRUN:
        return timetable_overrun_name(slot->fit.overrun);
    default:
        return slot->fit.topic;
    }
}

/* The fillers in their order, "FILL-01 FILL-02; 家庭教育: JT-01". */
static const char *fillers_text(const struct timetable *timetable, char text[DETAIL_TEXT_SIZE])
{
    const char *topic = NULL;
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < timetable->filler_count && used < DETAIL_TEXT_SIZE; i++) {
        const struct filler *filler = &timetable->fillers[i];
        const bool is_new = !text_same(topic, filler->topic);
        used += (size_t)snprintf(text + used, DETAIL_TEXT_SIZE - used, "%s%s%s%s",
                                 used == 0 ? ""
                                 : is_new  ? "; "
                                           : " ",
                                 is_new && filler->topic != NULL ? filler->topic : "",
                                 is_new && filler->topic != NULL ? ": " : "", filler->house_number);
        topic = filler->topic;
    }
    return used > 0 ? text : NULL;
}

static const char *day_detail(const struct timetable *timetable, enum detail detail,
                              char text[DETAIL_TEXT_SIZE])
{
    switch (detail) {
    case DETAIL_FILLERS:
        return fillers_text(timetable, text);
    case DETAIL_NEXT:
        return timetable->presentation.next.house_number;
    default:
        return timetable->presentation.countdown.house_number;
    }
}

/* `slot` NULL: of the whole day. */
static const char *detail_text(enum detail detail, const struct day_slot *slot,
                               char text[DETAIL_TEXT_SIZE])
{
    char of[SLOT_TEXT_SIZE];
    if (slot == NULL) {
        return detail_keys[detail];
    }
    snprintf(text, DETAIL_TEXT_SIZE, _("%s of %s"), detail_keys[detail], slot_text(slot, of));
    return text;
}

static void warn_of_detail(const char *channel, int64_t day, const struct day_slot *slot,
                           enum detail detail, const char *was, const char *is,
                           const struct timetable *timetable, struct problems *problems)
{
    char date[WHEN_TEXT_SIZE];
    char text[DETAIL_TEXT_SIZE];
    const struct place place = slot == NULL             ? (struct place){0}
                               : detail == DETAIL_TITLE ? slot->lesson->place
                                                        : slot->place;
    problems_add(problems, PROBLEM_WARNING,
                 place.file != NULL ? place.file->path : timetable->file->path, place.line,
                 place.column,
                 _("the list of %s is closed and is otherwise than the files now: %s there: %s; "
                   "in the files: %s. This does not hold until the list is opened again: `ketang "
                   "freeze %s %s --off --reason TEXT`"),
                 when_date_text(day, date), detail_text(detail, slot, text),
                 was != NULL ? was : _("nothing"), is != NULL ? is : _("nothing"), channel, date);
}

/* Of each detail the first slot that has it otherwise. */
static void compare_details(const char *channel, const struct frozen_day *closed,
                            const struct day *list, const struct day *files,
                            const struct timetable *timetable, struct problems *problems)
{
    char was[DETAIL_TEXT_SIZE];
    char is[DETAIL_TEXT_SIZE];
    for (enum detail detail = 0; detail < DETAILS; detail++) {
        const bool is_of_slot = detail < SLOT_DETAILS;
        for (size_t i = 0; i < (is_of_slot ? list->count : 1); i++) {
            const char *before = is_of_slot ? slot_detail(&list->slots[i], detail, was)
                                            : day_detail(closed->timetable, detail, was);
            const char *now = is_of_slot ? slot_detail(&files->slots[i], detail, is)
                                         : day_detail(timetable, detail, is);
            if (!text_same(before, now)) {
                warn_of_detail(channel, closed->date, is_of_slot ? &files->slots[i] : NULL, detail,
                               before, now, timetable, problems);
                break;
            }
        }
    }
}

/* --- The slots -------------------------------------------------------------------------------- */

/* Of the slots that differ the one that begins first; one side may have none at that time. */
static void compare(const char *channel, const struct frozen_days *days,
                    const struct frozen_day *closed, const struct day *list,
                    const struct day *files, const struct timetable *timetable,
                    struct problems *problems)
{
    size_t i = 0;
    while (i < list->count && i < files->count && is_same_slot(&list->slots[i], &files->slots[i])) {
        i++;
    }
    const struct day_slot *was = i < list->count ? &list->slots[i] : NULL;
    const struct day_slot *is = i < files->count ? &files->slots[i] : NULL;
    if (was == NULL && is == NULL) {
        compare_details(channel, closed, list, files, timetable, problems);
        return;
    }
    if (list->source != files->source || list->kind != files->kind) {
        warn_of_day(channel, list, files, timetable, problems);
        if (list->kind == DAY_SCHOOL && day_has_grid(closed->timetable, list->source)) {
            warn_of_twice(channel, days, list, timetable, problems);
        }
        return;
    }
    const bool has_both = was != NULL && is != NULL;
    warn_of_slot(channel, list->date, has_both && is->start < was->start ? NULL : was,
                 has_both && was->start < is->start ? NULL : is, timetable, problems);
}

void closed_late_warn(const char *channel, const struct frozen_days *days, size_t index,
                      const struct timetable *timetable, struct problems *problems)
{
    const struct frozen_day *closed = &days->items[index];
    struct day list = {0};
    struct day files = {0};
    if (timetable != NULL && day_resolve(closed->timetable, closed->date, NULL, &list) == 0 &&
        day_resolve(timetable, closed->date, NULL, &files) == 0) {
        compare(channel, days, closed, &list, &files, timetable, problems);
    }
    day_finish(&list);
    day_finish(&files);
}
