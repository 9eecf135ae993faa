/* SPDX-License-Identifier: MIT */
#include "scheduler/lint_units.h"

#include "playout/intl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first time that a lesson airs. */
struct airing_first {
    const struct timetable *timetable;
    const struct lesson *lesson;
    int64_t date;
    int start;
};

/* A lesson in a rotation, before or after its first run. */
struct rotated {
    const struct timetable *timetable;
    const char *house_number;
    int64_t date;
    int start;
    struct place place;
};

struct units {
    struct airing_first *firsts;
    size_t count;
    size_t capacity;
    struct rotated *rotated;
    size_t rotated_count;
    size_t rotated_capacity;
};

struct units *units_create(void)
{
    return calloc(1, sizeof(struct units));
}

void units_destroy(struct units *units)
{
    if (units != NULL) {
        free(units->firsts);
        free(units->rotated);
        free(units);
    }
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    const size_t size = strlen(end);
    return length >= size && strncmp(text + length - size, end, size) == 0;
}

int units_number(const char *title, size_t *stem)
{
    size_t length = strlen(title);
    int number = 0;
    int place = 1;
    const bool is_wide = ends_with(title, length, "）");
    if (!is_wide && !ends_with(title, length, ")")) {
        return 0;
    }
    length -= is_wide ? strlen("）") : 1;
    if (ends_with(title, length, "课时")) {
        length -= strlen("课时");
    }
    while (length > 0 && isdigit((unsigned char)title[length - 1]) && place <= 100) {
        number += (title[--length] - '0') * place;
        place *= 10;
    }
    if (ends_with(title, length, "第")) {
        length -= strlen("第");
    }
    if (ends_with(title, length, "（")) {
        *stem = length - strlen("（");
        return number;
    }
    *stem = length > 0 ? length - 1 : 0;
    return ends_with(title, length, "(") ? number : 0;
}

static const struct airing_first *find_first(const struct units *units, const struct lesson *lesson)
{
    for (size_t i = 0; i < units->count; i++) {
        if (units->firsts[i].lesson == lesson) {
            return &units->firsts[i];
        }
    }
    return NULL;
}

static bool grow(void *items, size_t count, size_t *capacity, size_t size)
{
    void **list = items;
    if (count < *capacity) {
        return true;
    }
    void *grown = realloc(*list, (*capacity * 2 + 64) * size);
    if (grown == NULL) {
        return false;
    }
    *list = grown;
    *capacity = *capacity * 2 + 64;
    return true;
}

static bool is_rotated(const struct units *units, const struct timetable *timetable,
                       const char *house_number)
{
    for (size_t i = 0; i < units->rotated_count; i++) {
        if (units->rotated[i].timetable == timetable &&
            strcmp(units->rotated[i].house_number, house_number) == 0) {
            return true;
        }
    }
    return false;
}

static void see_rotation(struct units *units, const struct timetable *timetable,
                         const struct day *day, const struct day_slot *slot)
{
    for (size_t i = 0; i < slot->item_count; i++) {
        if (slot->items[i].lesson == NULL &&
            !is_rotated(units, timetable, slot->items[i].house_number) &&
            grow(&units->rotated, units->rotated_count, &units->rotated_capacity,
                 sizeof(units->rotated[0]))) {
            units->rotated[units->rotated_count++] = (struct rotated){
                timetable, slot->items[i].house_number, day->date, slot->start, slot->place};
        }
    }
}

void units_see(struct units *units, const struct timetable *timetable, const struct day *day)
{
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (slot->kind == SLOT_ROTATION) {
            see_rotation(units, timetable, day, slot);
        } else if (slot_is_first_run(slot) && find_first(units, slot->lesson) == NULL &&
                   grow(&units->firsts, units->count, &units->capacity, sizeof(units->firsts[0]))) {
            units->firsts[units->count++] =
                (struct airing_first){timetable, slot->lesson, day->date, slot->start};
        }
    }
}

static bool is_numbered_before(const struct lesson *lesson, const struct lesson *other)
{
    size_t stem = 0;
    size_t other_stem = 0;
    const int number = units_number(lesson->title, &stem);
    return number > 1 && units_number(other->title, &other_stem) == number - 1 &&
           stem == other_stem && strncmp(lesson->title, other->title, stem) == 0 &&
           strcmp(lesson->grade, other->grade) == 0 && strcmp(lesson->subject, other->subject) == 0;
}

static bool is_before(const struct airing_first *a, const struct airing_first *b)
{
    return a->date != b->date ? a->date < b->date : a->start < b->start;
}

static void tell_order(const struct airing_first *first, const struct airing_first *before,
                       struct problems *problems)
{
    char dates[2][WHEN_TEXT_SIZE];
    timetable_warn(first->timetable, problems, "unit-order", &first->lesson->place,
                   _("'%s' (%s) airs on %s, before '%s' (%s) on %s, which comes first in the unit"),
                   first->lesson->house_number, first->lesson->title,
                   when_date_text(first->date, dates[0]), before->lesson->house_number,
                   before->lesson->title, when_date_text(before->date, dates[1]));
}

static void tell_rotations(const struct units *units, struct problems *problems)
{
    char dates[2][WHEN_TEXT_SIZE];
    for (size_t i = 0; i < units->rotated_count; i++) {
        const struct rotated *rotated = &units->rotated[i];
        const struct lesson *lesson = timetable_lesson(rotated->timetable, rotated->house_number);
        const struct airing_first *first = lesson != NULL ? find_first(units, lesson) : NULL;
        if (first != NULL && (rotated->date < first->date ||
                              (rotated->date == first->date && rotated->start < first->start))) {
            timetable_warn(rotated->timetable, problems, "repeat-before-first", &rotated->place,
                           _("'%s' is repeated on %s, before its first run on %s"),
                           rotated->house_number, when_date_text(rotated->date, dates[0]),
                           when_date_text(first->date, dates[1]));
        }
    }
}

void units_tell(const struct units *units, struct problems *problems)
{
    for (size_t i = 0; i < units->count; i++) {
        const struct airing_first *first = &units->firsts[i];
        size_t stem = 0;
        const bool follows =
            first->lesson->after != NULL || units_number(first->lesson->title, &stem) > 1;
        for (size_t k = 0; follows && k < units->count; k++) {
            const struct airing_first *other = &units->firsts[k];
            if (other->timetable != first->timetable || !is_before(first, other)) {
                continue;
            }
            const char *after = first->lesson->after;
            if (after != NULL ? strcmp(after, other->lesson->house_number) == 0
                              : is_numbered_before(first->lesson, other->lesson)) {
                tell_order(first, other, problems);
            }
        }
    }
    tell_rotations(units, problems);
}
