/* SPDX-License-Identifier: MIT */
#include "scheduler/named_numbers.h"

#include "scheduler/planner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of any house format. */
static char any[] = "";

/* Once for all channels.  0, also of none (NULL), or -ENOMEM. */
static int add(struct library *named, const char *house_number)
{
    if (house_number == NULL || house_number[0] == '\0' ||
        library_find(named, any, house_number) != NULL) {
        return 0;
    }
    struct library_asset asset = {.house_number = strdup(house_number), .profile = any};
    const int result = asset.house_number != NULL ? library_add(named, &asset) : -ENOMEM;
    free(asset.house_number);
    return result;
}

static int add_timetable(struct library *named, const struct timetable *timetable)
{
    const struct presentation *cards = &timetable->presentation;
    const char *const more[] = {cards->opening.house_number, cards->closing.house_number,
                                cards->next.house_number, cards->countdown.house_number};
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->lesson_count; i++) {
        result = add(named, timetable->lessons[i].house_number);
        result = result == 0 ? add(named, timetable->lessons[i].substitute) : result;
    }
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        result = add(named, timetable->fillers[i].house_number);
    }
    for (size_t i = 0; result == 0 && i < sizeof(more) / sizeof(more[0]); i++) {
        result = add(named, more[i]);
    }
    return result;
}

struct library *named_numbers_read(const struct station *station)
{
    struct planner *planner = NULL;
    struct library *named = library_create();
    struct problems ignored; /* `ketang check` tells them */
    problems_init(&ignored);
    int result = named != NULL ? planner_create(station, &planner) : -ENOMEM;
    if (result == 0) {
        (void)planner_load_timetables(planner, &ignored);
    }
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        const struct timetable *timetable =
            planner_timetable(planner, station_service_at(station, i)->name);
        result = timetable != NULL ? add_timetable(named, timetable) : 0;
    }
    planner_destroy(planner);
    problems_finish(&ignored);
    return named;
}

bool named_numbers_has(const struct library *named, const char *house_number)
{
    return named == NULL || library_find(named, any, house_number) != NULL;
}

const char *named_numbers_suggest(const struct library *named, const char *house_number)
{
    return named_numbers_has(named, house_number) ? NULL
                                                  : library_suggest(named, NULL, house_number);
}
