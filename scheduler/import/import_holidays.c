/* SPDX-License-Identifier: MIT */
/*
 * Lists of holidays as they are published for programs:
 *
 *     [{"date": "2020-05-09", "name": "劳动节", "isOffDay": false}, ...]
 *
 * alone, or as `days` of a mapping.  Days off of one name that follow each
 * other become one line; of a day that is worked the list does not say whose
 * timetable it runs, and so it is left to the operator.
 */
#include "scheduler/import/import_readers.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SIZE = 24 };

/* The day as the list has it; false when it is none (told). */
static bool read_day(struct import *import, const json_t *item, char *place,
                     struct import_holiday *holiday)
{
    const char *date = json_string_value(json_object_get(item, "date"));
    const char *name = json_string_value(json_object_get(item, "name"));
    const json_t *is_off = json_object_get(item, "isOffDay");
    struct import_heading heading = {0};
    if (date != NULL) {
        import_heading_read(date, &heading);
    }
    if (!heading.has_date || heading.date.year == 0) {
        import_report(import, PROBLEM_ERROR, place,
                      _("`date` is no date; write it as \"2020-05-09\""));
        return false;
    }
    if (name == NULL || name[0] == '\0' || strlen(name) > IMPORT_TEXT_BYTES_MOST) {
        import_report(import, PROBLEM_ERROR, place,
                      _("`name` must be the name of the holiday, of %d bytes at most"),
                      IMPORT_TEXT_BYTES_MOST);
        return false;
    }
    if (!json_is_boolean(is_off)) {
        import_report(import, PROBLEM_ERROR, place,
                      _("`isOffDay` must be true for a day off, false for a day that is worked"));
        return false;
    }
    char *copy = strdup(name);
    if (copy == NULL) {
        return false;
    }
    (void)import_text_clean(copy);
    *holiday = (struct import_holiday){.name = copy,
                                       .place = place,
                                       .date = heading.date,
                                       .until = heading.date,
                                       .is_working = json_is_false(is_off)};
    return true;
}

static int compare_days(const void *left, const void *right)
{
    const struct import_holiday *a = left;
    const struct import_holiday *b = right;
    const int first = import_date_number(a->date);
    const int second = import_date_number(b->date);
    return (first > second) - (first < second);
}

/* Sorts, joins what belongs together, and tells what is said twice. */
static void join_days(struct import *import)
{
    qsort(import->holidays, import->holiday_count, sizeof(import->holidays[0]), compare_days);
    size_t kept = 1;
    for (size_t i = 1; i < import->holiday_count; i++) {
        struct import_holiday *last = &import->holidays[kept - 1];
        struct import_holiday *next = &import->holidays[i];
        const int gap = import_date_number(next->date) - import_date_number(last->until);
        const bool is_joined = gap == 1 && !next->is_working && !last->is_working &&
                               strcmp(next->name, last->name) == 0;
        if (gap <= 0) {
            import_report(import, PROBLEM_ERROR, next->place,
                          _("%d-%02d-%02d is in the list twice; the first one counts"),
                          next->date.year, next->date.month, next->date.day);
        } else if (is_joined) {
            last->until = next->until;
        } else {
            import->holidays[kept++] = *next;
            continue;
        }
        free(next->name);
        free(next->place);
    }
    import->holiday_count = kept;
}

static int read_list(struct import *import, const json_t *list)
{
    int result = 0;
    for (size_t i = 0; i < json_array_size(list) && result == 0; i++) {
        char place[PLACE_SIZE];
        struct import_holiday holiday;
        snprintf(place, sizeof(place), "[%zu]", i + 1);
        if (!read_day(import, json_array_get(list, i), place, &holiday)) {
            continue;
        }
        if (holiday.is_working) {
            import_report(import, PROBLEM_WARNING, place,
                          _("%d-%02d-%02d is worked: fill in `runs`, whose timetable it runs, and "
                            "take the line's # away"),
                          holiday.date.year, holiday.date.month, holiday.date.day);
        }
        result = import_add_holiday(import, &holiday);
        free(holiday.name);
    }
    return result;
}

static int make_title(struct import *import)
{
    const int first = import->holidays[0].date.year;
    return asprintf(&import->title, "%d 年放假与调休", first) < 0 ? -ENOMEM : 0;
}

int import_holidays_read(struct import *import, const void *bytes, size_t size)
{
    json_error_t error;
    const char *text = bytes;
    const size_t skip = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    import->is_calendar = true;
    json_t *root = json_loadb(text + skip, size - skip, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "%d:%d", error.line, error.column);
        import_report(import, PROBLEM_ERROR, place, _("this is no good JSON: %s"), error.text);
        return -EBADMSG;
    }
    const json_t *list = json_is_object(root) ? json_object_get(root, "days") : root;
    int result = 0;
    if (!json_is_array(list)) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this is no list of holidays: it must be a list of {\"date\": ..., "
                        "\"name\": ..., \"isOffDay\": ...}"));
        result = -EBADMSG;
    } else {
        result = read_list(import, list);
    }
    if (result == 0 && import->holiday_count > 0) {
        join_days(import);
        result = make_title(import);
    } else if (result == 0) {
        import_report(import, PROBLEM_ERROR, NULL, _("there is no day in this list"));
    }
    json_decref(root);
    return result;
}
