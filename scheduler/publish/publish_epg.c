/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_epg.h"

#include "scheduler/day.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_BEFORE = 2, DAYS = DAYS_BEFORE + DAYS_PER_WEEK, TEXT_SIZE = 512, KEY_SIZE = 400 };

struct collector {
    const struct publish_source *source;
    struct edition *edition;
    struct edition_channel *channel;
    struct day days[DAYS]; /* from two days before the week on */
};

/* A slot of the timetable, with what it says of one lesson. */
struct found {
    const struct day *day;
    const struct day_slot *slot; /* NULL: none */
    const struct lesson *lesson; /* of the day's timetable; NULL: none was asked for */
    int64_t start;
    int64_t first_run; /* the date of it; repeats */
};

int64_t publish_time(const struct zone *zone, int64_t date, int seconds)
{
    struct civil civil = {
        .hour = seconds / 3600, .minute = seconds / 60 % 60, .second = seconds % 60};
    civil_date(date, &civil);
    return zone_from_civil(zone, &civil);
}

int64_t publish_date(const struct zone *zone, int64_t time, int *seconds)
{
    struct civil civil;
    zone_to_civil(zone, time, &civil);
    *seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
    return civil_days(civil.year, civil.month, civil.day);
}

/* The nearest second: slots begin on the join grid, up to two frames from their minute. */
static int64_t second_of(int64_t frame)
{
    return (frame + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND;
}

/* --- Which slot of the timetable a programme is of ---------------------------------- */

/* The lesson in the timetable that holds on a date, or NULL. */
static const struct lesson *lesson_on(const struct collector *collector, int64_t date,
                                      const char *house_number)
{
    return house_number != NULL
               ? timetable_lesson(publish_timetable_on(collector->source, date), house_number)
               : NULL;
}

/* Whether the slot airs that lesson; `lesson` NULL: whether it is of that name, if any is given. */
static bool slot_airs(const struct day_slot *slot, const struct lesson *lesson, const char *title,
                      int64_t *first_run)
{
    if (lesson == NULL) {
        return title == NULL ||
               (slot->lesson == NULL && slot->name != NULL && strcmp(slot->name, title) == 0);
    }
    *first_run = slot->first_run;
    bool is_there = slot->lesson == lesson;
    for (size_t i = 0; !is_there && i < slot->item_count; i++) {
        if (slot->items[i].lesson == lesson) {
            *first_run = slot->items[i].first_run;
            is_there = true;
        }
    }
    return is_there;
}

/*
 * The latest slot that begins by `start`, has not ended, and airs the lesson of
 * that house number; without one, has that name; or just is there.
 */
static struct found find_slot(const struct collector *collector, int64_t start,
                              const char *house_number, const char *title)
{
    const struct zone *zone = collector->source->zone;
    struct found found = {0};
    for (size_t i = 0; i < DAYS; i++) {
        const struct day *day = &collector->days[i];
        const struct lesson *lesson = lesson_on(collector, day->date, house_number);
        for (size_t k = 0; (lesson != NULL) == (house_number != NULL) && k < day->count; k++) {
            const struct day_slot *slot = &day->slots[k];
            const int64_t begin = publish_time(zone, day->date, slot->start);
            int64_t first_run = 0;
            if (begin > start + 1 || publish_time(zone, day->date, slot->end) <= start ||
                (found.slot != NULL && begin < found.start) ||
                !slot_airs(slot, lesson, title, &first_run)) {
                continue;
            }
            found = (struct found){day, slot, lesson, begin, first_run};
        }
    }
    return found;
}

/* When a lesson ran first on a date: 0 when it did not. */
static int first_run_of(const struct collector *collector, const char *house_number, int64_t date,
                        int64_t *time)
{
    const struct lesson *lesson = lesson_on(collector, date, house_number);
    struct day day;
    *time = 0;
    if (lesson == NULL) {
        return 0;
    }
    int result = day_resolve_lessons(publish_timetable_on(collector->source, date), date, &day);
    for (size_t i = 0; result == 0 && *time == 0 && i < day.count; i++) {
        if (day.slots[i].lesson == lesson && slot_is_first_run(&day.slots[i])) {
            *time = publish_time(collector->source->zone, date, day.slots[i].start);
        }
    }
    day_finish(&day);
    return result;
}

/* --- Programmes ----------------------------------------------------------------------- */

static void write_key(char key[KEY_SIZE], const char *kind, const struct zone *zone, int64_t time,
                      const char *grade)
{
    struct civil civil;
    zone_to_civil(zone, time, &civil);
    snprintf(key, KEY_SIZE, "%s %04d-%02d-%02d %02d:%02d%s%.300s", kind, civil.year, civil.month,
             civil.day, civil.hour, civil.minute, grade[0] != '\0' ? " " : "", grade);
}

static void tell_lesson(struct epg_entry *entry, const struct lesson *lesson)
{
    entry->texts[EPG_HOUSE_NUMBER] = lesson->house_number;
    entry->texts[EPG_GRADE] = lesson->grade;
    entry->texts[EPG_SUBJECT] = lesson->subject;
    entry->texts[EPG_LESSON_TITLE] = lesson->title;
    entry->texts[EPG_TEACHER] = lesson->teacher;
    entry->texts[EPG_SCHOOL] = lesson->school;
    if (entry->kind == EPG_LESSON) {
        entry->is_live = lesson->live != NULL;
        entry->subtitles_later = lesson->subtitles == ACCESS_REPEAT;
        entry->signed_later = lesson->sign_language == ACCESS_REPEAT;
    }
}

/* An order of an operator has put it there: what an order only moved has its source. */
static bool is_put_there(const struct plan_event *event)
{
    return event->amendment != 0 && event->source == NULL;
}

static enum epg_kind kind_of(const struct plan_event *event, const struct found *found)
{
    const bool has_lesson = found->lesson != NULL && !found->lesson->is_shared;
    if (found->slot != NULL) {
        return !has_lesson                          ? EPG_OTHER
               : found->slot->kind == SLOT_REPEAT   ? EPG_REPEAT
               : found->slot->kind == SLOT_ROTATION ? EPG_REPEAT
                                                    : EPG_LESSON;
    }
    if (event->kind != EVENT_LESSON && event->kind != EVENT_LIVE && event->kind != EVENT_REPEAT) {
        return EPG_FILLER;
    }
    if (!has_lesson) {
        return is_put_there(event) ? EPG_OTHER : EPG_FILLER;
    }
    return event->kind == EVENT_REPEAT ? EPG_REPEAT : EPG_LESSON;
}

/* What was on air before the week is told from its beginning on, joined in progress. */
static int add_entry(struct collector *collector, struct epg_entry *entry)
{
    const int64_t from = publish_time(collector->source->zone, collector->edition->week, 0);
    if (entry->start < from) {
        entry->start = from;
        entry->is_joined = true;
    }
    return publish_edition_add(collector->edition, collector->channel, entry);
}

static int add_repeat(struct collector *collector, struct epg_entry *entry,
                      const struct found *found)
{
    char key[KEY_SIZE];
    char date[WHEN_TEXT_SIZE];
    if (found->first_run == 0) {
        write_key(key, "repeat", collector->source->zone, entry->start, "");
    } else {
        snprintf(key, sizeof(key), "repeat %.300s %s", found->lesson->house_number,
                 when_date_text(found->first_run, date));
    }
    entry->texts[EPG_KEY] = key;
    const int result = found->first_run != 0 ? first_run_of(collector, found->lesson->house_number,
                                                            found->first_run, &entry->first_run)
                                             : 0;
    return result < 0 ? result : add_entry(collector, entry);
}

/* What a programme is of; one that an order has put in the place of another, of its slot. */
static struct found find_programme(const struct collector *collector,
                                   const struct plan_event *event, int64_t start)
{
    const bool is_put = is_put_there(event);
    const bool is_stand_in = event->instead_of != NULL && !is_put;
    const char *house_number = is_stand_in ? event->instead_of : event->house_number;
    const bool is_replacement = event->instead_of != NULL && is_put;
    struct found found = {0};
    int second = 0;
    if (house_number != NULL && !is_replacement) {
        found = find_slot(collector, start, house_number, NULL);
    }
    if (found.slot == NULL) {
        found = find_slot(collector, start, NULL, is_replacement ? NULL : event->title);
    }
    if (found.slot == NULL || is_replacement) {
        const int64_t date = publish_date(collector->source->zone, start, &second);
        found.lesson = lesson_on(collector, date, house_number);
    }
    return found;
}

static int add_programme(struct collector *collector, const struct plan_event *event, int64_t stop)
{
    char key[KEY_SIZE];
    struct epg_entry entry = {.start = second_of(event->start),
                              .stop = second_of(stop),
                              .has_subtitles = event->has_subtitles,
                              .is_signed = event->is_signed};
    const struct found found = find_programme(collector, event, entry.start);
    entry.kind = kind_of(event, &found);
    entry.texts[EPG_TITLE] = event->title;
    entry.texts[EPG_ABOUT] = event->text;
    entry.texts[EPG_GENRE] = event->genre;
    entry.texts[EPG_TIMETABLE_DAY] = event->timetable_day;
    if (entry.kind == EPG_LESSON || entry.kind == EPG_REPEAT) {
        tell_lesson(&entry, found.lesson);
    }
    if (entry.kind == EPG_REPEAT) {
        return add_repeat(collector, &entry, &found);
    }
    if (entry.kind == EPG_LESSON && found.slot != NULL) {
        entry.texts[EPG_PERIOD] = found.slot->name;
        entry.texts[EPG_REASON] = is_put_there(event) ? NULL : found.slot->reason;
    }
    write_key(key, entry.kind == EPG_LESSON ? "lesson" : "other", collector->source->zone,
              found.slot != NULL ? found.start : entry.start,
              entry.kind == EPG_LESSON ? found.lesson->grade : "");
    entry.texts[EPG_KEY] = key;
    return add_entry(collector, &entry);
}

static int add_programmes(struct collector *collector, const struct plan *plan)
{
    const struct zone *zone = collector->source->zone;
    const int64_t week = collector->edition->week;
    const int64_t from = publish_time(zone, week, 0);
    const int64_t to = publish_time(zone, week + DAYS_PER_WEEK, 0);
    int result = 0;
    size_t end = 0;
    for (size_t i = 0; result == 0 && i < plan->event_count; i = end) {
        const struct plan_event *event = &plan->events[i];
        const int64_t start = second_of(event->start);
        for (end = i + 1;
             end < plan->event_count && event->programme == plan->events[end].programme; end++) {
        }
        const struct plan_event *last = &plan->events[end - 1];
        const int64_t stop = last->start + last->duration;
        if (event->title != NULL && second_of(stop) > from && start < to) {
            result = add_programme(collector, event, stop);
        }
    }
    return result;
}

/* --- Days --------------------------------------------------------------------------- */

static const char *reason_of(const struct day *day)
{
    return day->rule != NULL && day->rule->reason != NULL ? day->rule->reason : "";
}

/* What is special about a day: false when nothing is. */
static bool tell_day(const struct day *day, char title[TEXT_SIZE], struct epg_entry *entry)
{
    const char *reason = reason_of(day);
    if (day->kind == DAY_HOLIDAY) {
        entry->kind = EPG_DAY_OFF;
        snprintf(title, TEXT_SIZE, "%.200s%s放假", reason, reason[0] != '\0' ? " " : "");
        return true;
    }
    if (day->kind == DAY_SUSPENDED) {
        entry->kind = EPG_DAY_OFF;
        snprintf(title, TEXT_SIZE, "停课%s%.200s", reason[0] != '\0' ? "：" : "", reason);
        return true;
    }
    if (day->kind != DAY_SCHOOL || day->source == day->date) {
        return false;
    }
    struct civil civil = {0};
    civil_date(day->source, &civil);
    entry->kind = EPG_DAY_SWAPPED;
    entry->texts[EPG_TIMETABLE_DAY] = when_day_chinese(civil_weekday(day->source));
    entry->texts[EPG_REASON] = reason;
    snprintf(title, TEXT_SIZE, "按%d月%d日（%s）课表上课", civil.month, civil.day,
             entry->texts[EPG_TIMETABLE_DAY]);
    return true;
}

static int add_days(struct collector *collector)
{
    const struct zone *zone = collector->source->zone;
    int result = 0;
    for (size_t i = DAYS_BEFORE; result == 0 && i < DAYS; i++) {
        const struct day *day = &collector->days[i];
        char title[TEXT_SIZE];
        char date[WHEN_TEXT_SIZE];
        char key[KEY_SIZE];
        struct epg_entry entry = {.start = publish_time(zone, day->date, 0),
                                  .stop = publish_time(zone, day->date + 1, 0)};
        if (!tell_day(day, title, &entry)) {
            continue;
        }
        snprintf(key, sizeof(key), "day %s", when_date_text(day->date, date));
        entry.texts[EPG_KEY] = key;
        entry.texts[EPG_TITLE] = title;
        result = publish_edition_add(collector->edition, collector->channel, &entry);
    }
    return result;
}

static int resolve_days(struct collector *collector)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < DAYS; i++) {
        const int64_t date = collector->edition->week - DAYS_BEFORE + (int64_t)i;
        result = day_resolve(publish_timetable_on(collector->source, date), date, NULL,
                             &collector->days[i]);
    }
    return result;
}

int publish_epg(const struct publish_source *source, const struct plan *plan,
                struct edition *edition)
{
    struct collector collector = {.source = source, .edition = edition};
    collector.channel =
        publish_edition_add_channel(edition, source->service->name, source->service->title);
    if (collector.channel == NULL) {
        return -ENOMEM;
    }
    collector.channel->term_week = calendar_week(source->timetable->calendar, edition->week);
    int result = resolve_days(&collector);
    if (result == 0) {
        result = add_programmes(&collector, plan);
    }
    if (result == 0) {
        result = add_days(&collector);
    }
    for (size_t i = 0; i < DAYS; i++) {
        day_finish(&collector.days[i]);
    }
    publish_edition_sort(collector.channel);
    return result;
}

/* --- Why lessons are no more -------------------------------------------------------------- */

/* Whether the change says what is in the period, or at the time, that began then. */
static bool change_is_of(const struct timetable *timetable, const struct change *change,
                         int64_t date, int second)
{
    if (change->kind == CHANGE_SPAN) {
        return change->date == date && second >= change->start && second < change->end;
    }
    const bool is_here = change->date == date && timetable->periods[change->period].start == second;
    return is_here || (change->kind == CHANGE_SWAP && change->other_date == date &&
                       timetable->periods[change->other_period].start == second);
}

int publish_epg_reasons(const struct publish_source *source, struct edition *edition,
                        struct edition_channel *channel)
{
    for (size_t i = 0; i < channel->count; i++) {
        struct epg_entry *entry = &channel->entries[i];
        int second = 0;
        const int64_t date = publish_date(source->zone, entry->start, &second);
        const struct timetable *timetable = publish_timetable_on(source, date);
        for (size_t k = 0;
             entry->mark == EPG_REMOVED && entry->kind == EPG_LESSON && k < timetable->change_count;
             k++) {
            if (change_is_of(timetable, &timetable->changes[k], date, second)) {
                entry->texts[EPG_REASON] =
                    publish_edition_keep(edition, timetable->changes[k].reason);
            }
        }
        if (entry->texts[EPG_REASON] == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}
