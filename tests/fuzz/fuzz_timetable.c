/* SPDX-License-Identifier: MIT */
/*
 * Timetables with an addition and a calendar, the three parted by lines of
 * "%%": whatever the bytes, a verdict and no crash, hang or leak; and what is
 * accepted can be resolved, objected to, and shown by day.
 */
#include "scheduler/day.h"
#include "scheduler/lint.h"
#include "scheduler/timetable.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 3, DAYS = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Splits at lines of "%%"; returns how many parts there are. */
static size_t split(const uint8_t *data, size_t size, struct timetable_source parts[PARTS])
{
    static const char *const names[PARTS] = {"base.yaml", "addition.yaml", "calendar.yaml"};
    size_t count = 0;
    while (count < PARTS) {
        const uint8_t *mark = size > 0 ? memmem(data, size, "%%\n", 3) : NULL;
        const size_t length = mark != NULL ? (size_t)(mark - data) : size;
        parts[count] = (struct timetable_source){names[count], data, length};
        count++;
        if (mark == NULL) {
            break;
        }
        data = mark + 3;
        size -= length + 3;
    }
    return count;
}

static void show_days(const struct timetable *timetable)
{
    const int64_t first = timetable->calendar != NULL && timetable->calendar->term_count > 0
                              ? timetable->calendar->terms[0].week_1
                              : 18300;
    for (int64_t date = first; date < first + DAYS; date++) {
        struct day day;
        if (day_resolve(timetable, date, NULL, &day) == 0) {
            for (size_t i = 0; i < day.count; i++) {
                if (day.slots[i].end <= day.slots[i].start) {
                    abort();
                }
            }
        }
        day_finish(&day);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct timetable_source parts[PARTS];
    struct timetable *timetable = NULL;
    struct calendar *calendar = NULL;
    struct problems problems;
    problems_init(&problems);
    const size_t count = split(data, size, parts);
    if (count == PARTS) {
        const int result =
            calendar_parse(parts[2].path, parts[2].bytes, parts[2].size, &calendar, &problems);
        if ((result == 0) != (calendar != NULL)) {
            abort();
        }
    }
    const size_t errors = problems.errors;
    const int result =
        timetable_parse(parts, count > 1 ? 2 : 1, NULL, calendar, &timetable, &problems);
    if ((result == 0) != (timetable != NULL) || (result == -EINVAL) != (problems.errors > errors)) {
        abort();
    }
    if (timetable != NULL) {
        const struct timetable *const all[] = {timetable};
        show_days(timetable);
        lint(all, 1, &problems);
    }
    timetable_destroy(timetable);
    problems_finish(&problems);
    return 0;
}
