/* SPDX-License-Identifier: MIT */
#include "tools/plan_behind.h"

#include "playout/intl.h"
#include "scheduler/day.h"
#include "scheduler/reasons_text.h"
#include "scheduler/timetable.h"

#include <string.h>

/* What the timetable has at a time. */
struct sight {
    bool has_slot;
    bool is_comparable;
    const struct lesson *lesson; /* of the timetable; NULL: none */
};

static int look_into(const struct timetable *timetable, int64_t date, int64_t second,
                     struct sight *sight)
{
    struct day day;
    const int result = day_resolve(timetable, date, NULL, &day);
    for (size_t i = 0; result == 0 && i < day.count && !sight->has_slot; i++) {
        const struct day_slot *slot = &day.slots[i];
        if (second >= slot->start && second < slot->end) {
            *sight = (struct sight){
                true, slot->kind == SLOT_LESSON && slot->fit.overrun != OVERRUN_RIPPLE,
                slot->lesson};
        }
    }
    day_finish(&day);
    return result;
}

/* 0 or -ENOMEM.  What begins before midnight is of the day before. */
static int look(const struct planner *planner, const char *channel, const struct zone *zone,
                int64_t frame, struct sight *sight)
{
    const int64_t time_s = (frame + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND;
    const int64_t date = zone_date(zone, time_s);
    struct civil civil;
    zone_to_civil(zone, time_s, &civil);
    const int64_t second = civil.hour * 3600 + civil.minute * 60 + civil.second;
    *sight = (struct sight){.is_comparable = true};
    int result = look_into(planner_timetable_on(planner, channel, date), date, second, sight);
    if (result == 0 && !sight->has_slot) {
        result = look_into(planner_timetable_on(planner, channel, date - 1), date - 1,
                           second + DAY_SECONDS, sight);
    }
    return result;
}

/* The lesson that the event airs or stands in for; NULL: it is none. */
static const char *planned_lesson(const struct plan_event *event)
{
    return event->instead_of != NULL     ? event->instead_of
           : event->kind == EVENT_LESSON ? event->house_number
                                         : NULL;
}

/* First of all: behind it may be said what orders have done. */
static bool says_nothing_is_planned(const struct plan_event *event)
{
    const char *words = _("nothing is planned");
    char reasons[REASONS_TEXT_SIZE] = "";
    reasons_text(event->reason, reasons, sizeof(reasons));
    return strncmp(reasons, words, strlen(words)) == 0;
}

bool plan_behind(const struct planner *planner, const char *channel, const struct zone *zone,
                 const struct plan_event *event, int64_t frame)
{
    struct sight now;   /* a lesson that is new there */
    struct sight begin; /* as it began: it may last longer than its slot */
    const char *planned = planned_lesson(event);
    if (event->amendment != 0 || look(planner, channel, zone, frame, &now) < 0 ||
        look(planner, channel, zone, event->start, &begin) < 0) {
        return false;
    }
    if (planned == NULL) {
        return now.is_comparable && now.lesson != NULL && says_nothing_is_planned(event);
    }
    if (!begin.has_slot) {
        return event->kind == EVENT_LESSON;
    }
    return begin.is_comparable && begin.lesson != NULL &&
           strcmp(begin.lesson->house_number, planned) != 0;
}
