/* SPDX-License-Identifier: MIT */
#include "scheduler/named_numbers.h"

#include "scheduler/lesson_room.h"
#include "scheduler/library.h"
#include "scheduler/planner.h"
#include "scheduler/title_match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of any house format. */
static char any[] = "";

struct named_numbers {
    const struct station *station;
    struct planner *planner; /* has the timetables */
    struct library *numbers; /* without files */
};

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

static const struct timetable *timetable_at(const struct named_numbers *named, size_t service)
{
    return planner_timetable(named->planner, station_service_at(named->station, service)->name);
}

bool named_numbers_on(const struct named_numbers *named, size_t n, const char *house_number)
{
    const struct timetable *timetable = timetable_at(named, n);
    struct library *numbers = timetable != NULL ? library_create() : NULL;
    const bool is_on = numbers != NULL && add_timetable(numbers, timetable) == 0 &&
                       library_find(numbers, any, house_number) != NULL;
    library_destroy(numbers);
    return is_on;
}

struct named_numbers *named_numbers_read(const struct station *station)
{
    struct named_numbers *named = calloc(1, sizeof(*named));
    if (named == NULL) {
        return NULL;
    }
    struct problems ignored; /* `ketang check` tells them */
    problems_init(&ignored);
    named->station = station;
    named->numbers = library_create();
    int result = named->numbers != NULL ? planner_create(station, &named->planner) : -ENOMEM;
    if (result == 0) {
        (void)planner_load_timetables(named->planner, &ignored);
    }
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        const struct timetable *timetable = timetable_at(named, i);
        result = timetable != NULL ? add_timetable(named->numbers, timetable) : 0;
    }
    problems_finish(&ignored);
    if (result < 0) {
        named_numbers_destroy(named);
        return NULL;
    }
    return named;
}

void named_numbers_destroy(struct named_numbers *named)
{
    if (named != NULL) {
        library_destroy(named->numbers);
        planner_destroy(named->planner);
        free(named);
    }
}

bool named_numbers_has(const struct named_numbers *named, const char *house_number)
{
    return named == NULL || library_find(named->numbers, any, house_number) != NULL;
}

static int room_in(const struct timetable *timetable, const char *house_number)
{
    int shortest = 0;
    for (size_t i = 0; timetable != NULL && i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        const struct period *where = NULL;
        const int room =
            lesson->house_number != NULL && strcmp(lesson->house_number, house_number) == 0
                ? lesson_room(timetable, lesson, &where)
                : 0;
        shortest = room > 0 && (shortest == 0 || room < shortest) ? room : shortest;
    }
    return shortest;
}

int named_numbers_room(const struct named_numbers *named, const struct profile *profile,
                       const char *house_number)
{
    int shortest = 0;
    for (size_t i = 0; named != NULL && i < station_service_count(named->station); i++) {
        const bool is_wanted = station_service_at(named->station, i)->profile == profile;
        const int room = is_wanted ? room_in(timetable_at(named, i), house_number) : 0;
        shortest = room > 0 && (shortest == 0 || room < shortest) ? room : shortest;
    }
    return shortest;
}

const char *named_numbers_suggest(const struct named_numbers *named, const char *house_number)
{
    return named_numbers_has(named, house_number)
               ? NULL
               : library_suggest(named->numbers, NULL, house_number);
}

/* "荷花", "语文 荷花" and "三年级语文《荷花》第一课时" are all of the lesson 三年级 语文 荷花. */
static bool is_title_of(const struct lesson *lesson, const char *title)
{
    char whole[TITLE_MATCH_SIZE];
    timetable_lesson_title(lesson, whole, sizeof(whole));
    return title_match_has(title, lesson->title) || title_match_has(whole, title);
}

/* A lesson 水 is none that is called 水的三态. */
static bool is_all_of(const struct lesson *lesson, const char *title)
{
    char whole[TITLE_MATCH_SIZE];
    timetable_lesson_title(lesson, whole, sizeof(whole));
    return title_match_has(title, lesson->title) && title_match_has(whole, title);
}

const struct lesson *named_numbers_other_lesson(const struct named_numbers *named,
                                                const char *house_number, const char *title)
{
    const struct lesson *first = NULL;
    for (size_t i = 0; named != NULL && i < station_service_count(named->station); i++) {
        const struct timetable *timetable = timetable_at(named, i);
        const struct lesson *lesson =
            timetable != NULL ? timetable_lesson(timetable, house_number) : NULL;
        if (lesson != NULL && is_title_of(lesson, title)) {
            return NULL;
        }
        first = first != NULL ? first : lesson;
    }
    return first;
}

const char *named_numbers_titled(const struct named_numbers *named, const char *title)
{
    const char *number = NULL;
    for (size_t i = 0; named != NULL && i < station_service_count(named->station); i++) {
        const struct timetable *timetable = timetable_at(named, i);
        for (size_t k = 0; timetable != NULL && k < timetable->lesson_count; k++) {
            const struct lesson *lesson = &timetable->lessons[k];
            if (!is_all_of(lesson, title)) {
                continue;
            }
            if (number != NULL && strcmp(number, lesson->house_number) != 0) {
                return NULL;
            }
            number = lesson->house_number;
        }
    }
    return number;
}
