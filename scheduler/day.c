/* SPDX-License-Identifier: MIT */
#include "scheduler/day.h"

#include "playout/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- Which day it is ---------------------------------------------------------------- */

static int compare_shifted(const void *key, const void *item)
{
    const int64_t date = *(const int64_t *)key;
    const struct shifted_day *day = item;
    return (date > day->date) - (date < day->date);
}

static const struct shifted_day *find_shifted(const struct timetable *timetable, int64_t date)
{
    return timetable->shifted_count == 0
               ? NULL
               : bsearch(&date, timetable->shifted, timetable->shifted_count,
                         sizeof(timetable->shifted[0]), compare_shifted);
}

static const struct date_rule *find_rule(const struct timetable *timetable, int64_t date)
{
    const struct date_rule *rule = date_rules_find(&timetable->dates, date);
    if (rule == NULL && timetable->calendar != NULL) {
        rule = date_rules_find(&timetable->calendar->rules, date);
    }
    return rule;
}

static bool has_terms(const struct timetable *timetable)
{
    return timetable->calendar != NULL && timetable->calendar->term_count > 0;
}

void day_look_up(const struct timetable *timetable, int64_t date, struct day *day)
{
    const struct calendar *calendar = timetable->calendar;
    const struct shifted_day *shifted = find_shifted(timetable, date);
    *day = (struct day){.date = date, .source = date, .rule = find_rule(timetable, date)};
    if (day->rule != NULL && day->rule->kind == DATE_HOLIDAY) {
        day->kind = DAY_HOLIDAY;
    } else if (day->rule != NULL && day->rule->kind == DATE_SUSPENDED) {
        day->kind = DAY_SUSPENDED;
    } else if (day->rule != NULL) {
        day->source = date_rule_source(day->rule, calendar, date);
    } else if (has_terms(timetable) && calendar_term(calendar, date) == NULL) {
        day->kind = DAY_VACATION;
    }
    if (shifted != NULL && day->kind == DAY_SCHOOL) {
        day->source = shifted->source;
        day->rule = shifted->rule;
    }
    day->week = calendar_week(calendar, day->source);
}

/* --- Slots --------------------------------------------------------------------------- */

struct day_slot *day_add(struct day *day)
{
    if (day->count == day->capacity) {
        const size_t capacity = day->capacity > 0 ? day->capacity * 2 : 32;
        struct day_slot *grown = realloc(day->slots, capacity * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        day->slots = grown;
        day->capacity = capacity;
    }
    day->slots[day->count] = (struct day_slot){0};
    return &day->slots[day->count++];
}

void day_finish(struct day *day)
{
    for (size_t i = 0; i < day->count; i++) {
        free(day->slots[i].items);
    }
    free(day->slots);
    free(day->left_out);
    *day = (struct day){0};
}

int lesson_longest(const struct lesson *lesson, int planned)
{
    const int media = lesson->media > 0 ? lesson->media : planned;
    return lesson->media_most > media ? lesson->media_most : media;
}

/* The cell of the highest layer that says something. */
static const struct grid_cell *find_cell(const struct timetable *timetable, int week, size_t period,
                                         int weekday)
{
    for (size_t i = timetable->layer_count; i > 0; i--) {
        const struct grid_layer *layer = &timetable->layers[i - 1];
        const struct grid_cell *cell = &layer->cells[period * DAYS_PER_WEEK + (size_t)weekday];
        const bool holds = layer->is_term || (layer->weeks.weeks >> week & 1u) != 0;
        if (holds && cell->kind != CELL_ABSENT) {
            return cell->kind == CELL_LESSON ? cell : NULL;
        }
    }
    return NULL;
}

static int add_lesson(const struct timetable *timetable, struct day *day, size_t index,
                      const struct grid_cell *cell)
{
    const struct period *period = &timetable->periods[index];
    struct day_slot *slot = day_add(day);
    if (slot == NULL) {
        return -ENOMEM;
    }
    *slot = (struct day_slot){
        .start = period->start,
        .end = period->end,
        .kind = SLOT_LESSON,
        .name = period->name,
        .period = index,
        .lesson = cell->lesson,
        .media = cell->lesson->media > 0 ? cell->lesson->media : period->media,
        .fit = period->fit,
        .is_fixed = period->is_fixed || cell->lesson->live != NULL,
        .source = day->source,
        .place = cell->place,
        .moved = day->rule != NULL ? day->rule->place : (struct place){0},
    };
    return 0;
}

static int add_lessons(const struct timetable *timetable, struct day *day)
{
    const int weekday = civil_weekday(day->source);
    int result = 0;
    for (size_t i = 0; result == 0 && day->kind == DAY_SCHOOL && i < timetable->period_count; i++) {
        const struct grid_cell *cell = find_cell(timetable, day->week, i, weekday);
        if (cell != NULL) {
            result = add_lesson(timetable, day, i, cell);
        }
    }
    return result;
}

bool day_has_grid(const struct timetable *timetable, int64_t date)
{
    const int week = calendar_week(timetable->calendar, date);
    bool has = false;
    for (size_t i = 0; !has && i < timetable->period_count; i++) {
        has = find_cell(timetable, week, i, civil_weekday(date)) != NULL;
    }
    return has;
}

bool day_holds(const struct day *day, enum day_condition on, unsigned days)
{
    const int weekday = civil_weekday(day->source);
    const bool is_on = on == ON_ALWAYS || (on == ON_SCHOOL) == (day->kind == DAY_SCHOOL);
    return is_on && (days >> weekday & 1u) != 0;
}

static int add_rotation_items(struct day_slot *slot, const struct fixture *fixture)
{
    slot->items = calloc(fixture->list_count + 1, sizeof(slot->items[0]));
    if (slot->items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < fixture->list_count; i++) {
        slot->items[i].house_number = fixture->list[i];
    }
    slot->item_count = fixture->list_count;
    slot->loops = true;
    return 0;
}

static int add_fixture(const struct timetable *timetable, struct day *day,
                       const struct fixture *fixture)
{
    static const enum slot_kind kinds[] = {[FIXTURE_BREAK] = SLOT_BREAK,
                                           [FIXTURE_RELAY] = SLOT_RELAY,
                                           [FIXTURE_ROTATION] = SLOT_ROTATION};
    struct day_slot *slot = day_add(day);
    if (slot == NULL) {
        return -ENOMEM;
    }
    *slot = (struct day_slot){
        .start = fixture->start,
        .end = fixture->end,
        .kind = kinds[fixture->kind],
        .name = fixture->name,
        .period = timetable->period_count,
        .house_number = fixture->house_number,
        .fit = fixture->fit,
        .is_fixed = fixture->kind == FIXTURE_RELAY,
        .place = fixture->place,
    };
    return fixture->kind == FIXTURE_ROTATION ? add_rotation_items(slot, fixture) : 0;
}

static int add_fixtures(const struct timetable *timetable, struct day *day)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->fixture_count; i++) {
        const struct fixture *fixture = &timetable->fixtures[i];
        if (day_holds(day, fixture->on, fixture->days)) {
            result = add_fixture(timetable, day, fixture);
        }
    }
    return result;
}

/* --- One-off changes ------------------------------------------------------------------ */

static void remove_slot(struct day *day, size_t index)
{
    free(day->slots[index].items);
    memmove(&day->slots[index], &day->slots[index + 1],
            (day->count - index - 1) * sizeof(day->slots[0]));
    day->count--;
}

static size_t find_period_slot(const struct day *day, size_t period)
{
    size_t index = 0;
    while (index < day->count &&
           (day->slots[index].kind != SLOT_LESSON || day->slots[index].period != period)) {
        index++;
    }
    return index;
}

/* Puts a lesson, or none, into a period. */
static int set_period(const struct timetable *timetable, struct day *day, size_t period,
                      const struct grid_cell *cell, const struct change *change)
{
    const size_t index = find_period_slot(day, period);
    if (index < day->count) {
        remove_slot(day, index);
    }
    if (cell->lesson == NULL) {
        return 0;
    }
    const int result = add_lesson(timetable, day, period, cell);
    if (result == 0) {
        struct day_slot *slot = &day->slots[day->count - 1];
        slot->reason = change->reason;
        slot->moved = change->place;
    }
    return result;
}

/* What the layers below say of a period of another date. */
static struct grid_cell cell_of(const struct timetable *timetable, int64_t date, size_t period)
{
    struct day day;
    day_look_up(timetable, date, &day);
    const struct grid_cell *cell =
        day.kind == DAY_SCHOOL ? find_cell(timetable, day.week, period, civil_weekday(day.source))
                               : NULL;
    return cell != NULL ? *cell : (struct grid_cell){.kind = CELL_NONE};
}

/* A lesson at a time of its own: what it overlaps makes way. */
static int set_span(const struct timetable *timetable, struct day *day, const struct change *change)
{
    for (size_t i = day->count; i > 0; i--) {
        const struct day_slot *slot = &day->slots[i - 1];
        if (slot->start < change->end && change->start < slot->end) {
            remove_slot(day, i - 1);
        }
    }
    struct day_slot *slot = day_add(day);
    if (slot == NULL) {
        return -ENOMEM;
    }
    *slot = (struct day_slot){
        .start = change->start,
        .end = change->end,
        .kind = change->lesson != NULL ? SLOT_LESSON : SLOT_BREAK,
        .name = change->name != NULL     ? change->name
                : change->lesson != NULL ? change->lesson->title
                                         : change->reason,
        .period = timetable->period_count,
        .lesson = change->lesson,
        .media = change->lesson != NULL ? change->lesson->media : 0,
        .is_fixed = true,
        .source = day->date,
        .reason = change->reason,
        .place = change->place,
        .moved = change->place,
    };
    return 0;
}

static int apply_change(const struct timetable *timetable, struct day *day,
                        const struct change *change)
{
    struct grid_cell cell = {CELL_LESSON, change->lesson, change->place};
    if (change->kind == CHANGE_SPAN) {
        return change->date == day->date ? set_span(timetable, day, change) : 0;
    }
    if (change->kind == CHANGE_CELL) {
        return change->date == day->date ? set_period(timetable, day, change->period, &cell, change)
                                         : 0;
    }
    int result = 0;
    if (change->date == day->date) {
        cell = cell_of(timetable, change->other_date, change->other_period);
        result = set_period(timetable, day, change->period, &cell, change);
    }
    if (result == 0 && change->other_date == day->date) {
        cell = cell_of(timetable, change->date, change->period);
        result = set_period(timetable, day, change->other_period, &cell, change);
    }
    return result;
}

static int compare_slots(const void *left, const void *right)
{
    const struct day_slot *a = left;
    const struct day_slot *b = right;
    if (a->start != b->start) {
        return a->start - b->start;
    }
    return a->end != b->end ? a->end - b->end : (int)a->kind - (int)b->kind;
}

static void sort_slots(struct day *day)
{
    if (day->count > 1) {
        qsort(day->slots, day->count, sizeof(day->slots[0]), compare_slots);
    }
}

int day_resolve_below(const struct timetable *timetable, int64_t date, size_t change,
                      struct day *day)
{
    day_look_up(timetable, date, day);
    int result = add_lessons(timetable, day);
    if (result == 0) {
        result = add_fixtures(timetable, day);
    }
    for (size_t i = 0; result == 0 && i < change; i++) {
        result = apply_change(timetable, day, &timetable->changes[i]);
    }
    sort_slots(day);
    return result;
}

int day_resolve_lessons(const struct timetable *timetable, int64_t date, struct day *day)
{
    return day_resolve_below(timetable, date, timetable->change_count, day);
}

int day_resolve(const struct timetable *timetable, int64_t date, const struct day_lengths *lengths,
                struct day *day)
{
    int result = day_resolve_lessons(timetable, date, day);
    if (result == 0) {
        result = day_add_repeats(timetable, lengths, day);
    }
    sort_slots(day);
    return result;
}
