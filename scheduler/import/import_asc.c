/* SPDX-License-Identifier: MIT */
/*
 * The XML of aSc Timetables: definitions first, then lessons (who and what),
 * then cards (when), each with a mask of days such as 10000.
 */
#include "scheduler/import/import_readers.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ATTRIBUTE_SIZE = 400,
    PLACE_SIZE = 24,
    THINGS_MOST = 5000,
};

/* Anything with an id: a subject, a teacher, a class, a lesson. */
struct thing {
    char *id;
    char *name;
};

struct things {
    struct thing *items;
    size_t count;
};

struct asc {
    struct import *import;
    const struct import_request *request;
    struct import_xml *xml;
    struct things subjects;
    struct things teachers;
    struct things classes;
    struct things lessons; /* the name is the number in import->lessons, or empty when left out */
    struct things periods; /* by their number; the name is that in import->periods */
    int days[IMPORT_DAYS]; /* the day of the week of each digit of a mask */
    size_t day_count;      /* of a mask; 0 until a daysdef was seen */
    bool has_told_weeks;
    int cards;
    char place[PLACE_SIZE];
};

static void finish_things(struct things *things)
{
    for (size_t i = 0; i < things->count; i++) {
        free(things->items[i].id);
        free(things->items[i].name);
    }
    free(things->items);
}

static int add_thing(struct asc *asc, struct things *things, const char *id, const char *name)
{
    enum { STEP = 64 };
    if (things->count >= THINGS_MOST) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("this is more than a timetable has: %d of these are the most"),
                      THINGS_MOST);
        return -E2BIG;
    }
    if (things->count % STEP == 0) {
        struct thing *grown = realloc(things->items, (things->count + STEP) * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        things->items = grown;
    }
    struct thing *thing = &things->items[things->count];
    *thing = (struct thing){.id = strdup(id), .name = strdup(name)};
    if (thing->id == NULL || thing->name == NULL) {
        free(thing->id);
        free(thing->name);
        return -ENOMEM;
    }
    (void)import_text_clean(thing->name);
    things->count++;
    return 0;
}

static const char *find_thing(const struct things *things, const char *id, size_t length)
{
    for (size_t i = 0; i < things->count; i++) {
        if (strlen(things->items[i].id) == length &&
            strncmp(things->items[i].id, id, length) == 0) {
            return things->items[i].name;
        }
    }
    return NULL;
}

static bool get(const struct asc *asc, const char *name, char value[ATTRIBUTE_SIZE])
{
    return import_xml_attribute(asc->xml, name, value, ATTRIBUTE_SIZE);
}

static int read_thing(struct asc *asc, struct things *things)
{
    char id[ATTRIBUTE_SIZE];
    char name[ATTRIBUTE_SIZE];
    if (!get(asc, "id", id) || !get(asc, "name", name)) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("this has no id or no name, and is left out"));
        return 0;
    }
    return add_thing(asc, things, id, name);
}

static int read_period(struct asc *asc)
{
    char number[ATTRIBUTE_SIZE];
    char name[ATTRIBUTE_SIZE];
    char times[2][ATTRIBUTE_SIZE];
    struct import_period period = {.name = name, .place = asc->place};
    if (!get(asc, "period", number) && !get(asc, "name", number)) {
        return 0;
    }
    import_text_clean(number);
    import_period_call(number, name, sizeof(name));
    get(asc, "starttime", times[0]);
    get(asc, "endtime", times[1]);
    period.has_time = import_clock_time(times[0], &period.start) == IMPORT_CLOCK_GOOD &&
                      import_clock_time(times[1], &period.end) == IMPORT_CLOCK_GOOD &&
                      period.start < period.end;
    if (!period.has_time) {
        period.start = 0;
        period.end = 0;
        period.doubts = IMPORT_DOUBT_TIME;
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("the times of this period are not understood; write them as in 8:00"));
    }
    if (find_thing(&asc->periods, number, strlen(number)) != NULL) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("period %s is defined twice; the first one counts"), number);
        return 0;
    }
    const int result = import_add_period(asc->import, &period);
    return result == 0 ? add_thing(asc, &asc->periods, number, name) : result;
}

/* A definition of one day says which digit of the masks it is; others are groups of days. */
static void read_days(struct asc *asc)
{
    char mask[ATTRIBUTE_SIZE];
    char name[ATTRIBUTE_SIZE];
    struct import_heading heading;
    if (!get(asc, "days", mask) || strspn(mask, "01") != strlen(mask) || mask[0] == '\0') {
        return; /* "every day" and the like may be written in words */
    }
    asc->day_count = asc->day_count == 0 ? strlen(mask) : asc->day_count;
    if (strlen(mask) != asc->day_count) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("the days '%s' have %zu digits, but those before have %zu; one for each "
                        "day of the file"),
                      mask, strlen(mask), asc->day_count);
        return;
    }
    const char *digit = strchr(mask, '1');
    get(asc, "name", name);
    import_text_fold(name);
    import_heading_read(name, &heading);
    if (digit != NULL && strchr(digit + 1, '1') == NULL && digit < mask + IMPORT_DAYS &&
        heading.has_day) {
        asc->days[digit - mask] = heading.day;
    }
}

/* The names of several ids, joined; false when one of them is not there. */
static bool join(const struct things *things, const char *ids, char names[ATTRIBUTE_SIZE])
{
    size_t used = 0;
    names[0] = '\0';
    for (const char *at = ids; *at != '\0';) {
        const size_t length = strcspn(at, ",");
        const char *name = find_thing(things, at, length);
        if (length > 0 && name == NULL) {
            return false;
        }
        if (length > 0 && used + strlen(name) + 4 < ATTRIBUTE_SIZE) {
            used += (size_t)snprintf(names + used, ATTRIBUTE_SIZE - used, "%s%s",
                                     used > 0 ? "、" : "", name);
        }
        at += length + (at[length] == ',');
    }
    return true;
}

static bool is_of_grade(const struct asc *asc, const char *ids)
{
    bool is_of = asc->request->grade == NULL;
    for (const char *at = ids; *at != '\0' && !is_of;) {
        const size_t length = strcspn(at, ",");
        const char *name = find_thing(&asc->classes, at, length);
        is_of = name != NULL && strcmp(name, asc->request->grade) == 0;
        at += length + (at[length] == ',');
    }
    return is_of;
}

static int read_lesson(struct asc *asc)
{
    char id[ATTRIBUTE_SIZE];
    char ids[3][ATTRIBUTE_SIZE];
    char names[3][ATTRIBUTE_SIZE];
    char number[24] = "";
    if (!get(asc, "id", id)) {
        return 0;
    }
    get(asc, "subjectid", ids[0]);
    get(asc, "teacherids", ids[1]);
    get(asc, "classids", ids[2]);
    const bool is_known = join(&asc->subjects, ids[0], names[0]) &&
                          join(&asc->teachers, ids[1], names[1]) &&
                          join(&asc->classes, ids[2], names[2]) && names[0][0] != '\0';
    if (!is_known) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("lesson %s names a subject, teacher or class that the file does not "
                        "define; it is left out"),
                      id);
        return add_thing(asc, &asc->lessons, id, number);
    }
    if (is_of_grade(asc, ids[2])) {
        const struct import_lesson lesson = {.subject = names[0],
                                             .teacher = names[1][0] != '\0' ? names[1] : NULL,
                                             .grade = names[2][0] != '\0' ? names[2] : NULL,
                                             .place = asc->place};
        snprintf(number, sizeof(number), "%zu", asc->import->lesson_count);
        const int result = import_add_lesson(asc->import, &lesson);
        if (result < 0) {
            return result;
        }
    }
    return add_thing(asc, &asc->lessons, id, number);
}

/* Weeks of a mask: 1 or 11 all, 10 the odd and 01 the even ones. */
static uint64_t weeks_of(struct asc *asc, const char *mask)
{
    uint64_t weeks = import_weeks_all();
    const bool is_odd = strcmp(mask, "10") == 0;
    if (!is_odd && strcmp(mask, "01") != 0) {
        if (strspn(mask, "1") != strlen(mask)) {
            import_report(asc->import, PROBLEM_ERROR, asc->place,
                          _("the weeks '%s' of this card are neither all, nor every other one; "
                            "it is taken as of all: correct it in the timetable"),
                          mask);
        }
        return weeks;
    }
    if (!asc->has_told_weeks) {
        asc->has_told_weeks = true;
        import_report(asc->import, PROBLEM_WARNING, asc->place,
                      _("the first of two alternating weeks is taken as the odd one (单周); see "
                        "whether that is right"));
    }
    (void)import_weeks_read(is_odd ? "单周" : "双周", &weeks);
    return weeks;
}

static int find_period(const struct import *import, const char *name, size_t *period)
{
    for (size_t i = 0; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            *period = i;
            return 0;
        }
    }
    return -ENOENT;
}

static int read_card(struct asc *asc)
{
    char values[4][ATTRIBUTE_SIZE];
    size_t period = 0;
    if (++asc->cards > IMPORT_ENTRIES_MOST) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("this is more than a timetable has: %d of these are the most"),
                      IMPORT_ENTRIES_MOST);
        return -E2BIG;
    }
    get(asc, "lessonid", values[0]);
    get(asc, "period", values[1]);
    const bool has_days = get(asc, "days", values[2]) && values[2][0] != '\0';
    get(asc, "weeks", values[3]);
    const char *lesson = find_thing(&asc->lessons, values[0], strlen(values[0]));
    const char *name = find_thing(&asc->periods, values[1], strlen(values[1]));
    if (lesson == NULL) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("this card names lesson '%s', which the file does not define"), values[0]);
        return 0;
    }
    if (lesson[0] == '\0' || !has_days) {
        return 0; /* left out already, or not placed */
    }
    if (strlen(values[2]) != asc->day_count || asc->day_count > IMPORT_DAYS ||
        strspn(values[2], "01") != strlen(values[2])) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("the days '%s' of this card (lesson %s, period %s) must be %zu digits of 0 "
                        "and 1, one for each day of the file"),
                      values[2], values[0], values[1], asc->day_count);
        return 0;
    }
    if (name == NULL || find_period(asc->import, name, &period) < 0) {
        import_report(asc->import, PROBLEM_ERROR, asc->place,
                      _("this card is in period '%s', which the file does not define"), values[1]);
        return 0;
    }
    int result = 0;
    const uint64_t weeks = weeks_of(asc, values[3]);
    for (int day = 0; day < (int)asc->day_count && result == 0; day++) {
        const struct import_entry entry = {.lesson = strtoul(lesson, NULL, 10),
                                           .period = period,
                                           .day = asc->days[day],
                                           .weeks = weeks,
                                           .place = asc->place};
        result = values[2][day] == '1' ? import_add_entry(asc->import, &entry) : 0;
    }
    return result;
}

static int read_element(struct asc *asc)
{
    snprintf(asc->place, sizeof(asc->place), "%d", import_xml_line(asc->xml));
    if (import_xml_is(asc->xml, "subject")) {
        return read_thing(asc, &asc->subjects);
    }
    if (import_xml_is(asc->xml, "teacher")) {
        return read_thing(asc, &asc->teachers);
    }
    if (import_xml_is(asc->xml, "class")) {
        return read_thing(asc, &asc->classes);
    }
    if (import_xml_is(asc->xml, "period")) {
        return read_period(asc);
    }
    if (import_xml_is(asc->xml, "lesson")) {
        return read_lesson(asc);
    }
    if (import_xml_is(asc->xml, "card")) {
        return read_card(asc);
    }
    if (import_xml_is(asc->xml, "daysdef")) {
        read_days(asc);
    }
    return 0;
}

static int read_all(struct asc *asc)
{
    bool is_timetable = false;
    for (;;) {
        const enum import_xml_event event = import_xml_next(asc->xml);
        int result = 0;
        if (event == IMPORT_XML_DONE) {
            return 0;
        }
        if (event == IMPORT_XML_START && !is_timetable && !import_xml_is(asc->xml, "timetable")) {
            import_report(asc->import, PROBLEM_ERROR, NULL,
                          _("this is no XML of aSc Timetables: it must begin with <timetable>"));
            result = -EBADMSG;
        } else if (event == IMPORT_XML_START) {
            result = is_timetable ? read_element(asc) : 0;
            is_timetable = true;
        } else if (event == IMPORT_XML_BROKEN) {
            snprintf(asc->place, sizeof(asc->place), "%d", import_xml_line(asc->xml));
            import_report(asc->import, PROBLEM_ERROR, asc->place,
                          _("this XML is broken, or brings definitions of its own (DOCTYPE), which "
                            "are not accepted"));
            result = -EBADMSG;
        }
        if (result < 0) {
            return result;
        }
    }
}

int import_asc_read(struct import *import, const struct import_request *request, const void *bytes,
                    size_t size)
{
    struct asc asc = {.import = import, .request = request};
    import->has_titles = false;
    for (int day = 0; day < IMPORT_DAYS; day++) {
        asc.days[day] = day; /* Monday first, unless the file says otherwise */
    }
    asc.xml = import_xml_open(bytes, size);
    if (asc.xml == NULL) {
        return -ENOMEM;
    }
    const int result = read_all(&asc);
    import_xml_close(asc.xml);
    finish_things(&asc.subjects);
    finish_things(&asc.teachers);
    finish_things(&asc.classes);
    finish_things(&asc.lessons);
    finish_things(&asc.periods);
    return result == 0 ? import_sort_periods(import) : result;
}
