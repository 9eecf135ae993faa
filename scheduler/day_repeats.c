/* SPDX-License-Identifier: MIT */
/*
 * day_repeats: which lessons a day repeats, and when.
 *
 *     from                    fixed                          until
 *      |-- R1 --|-- R2 --|----|=====|-- R3 --|-- R4 --|-- R5 --|
 *       <-pitch->         left|     |goes on after it
 *
 * What is fixed splits the time of a rule into stretches; a repeat that does
 * not fit before the end of one waits for the next.
 */
#include "scheduler/day.h"

#include "playout/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    BACK_MOST = 31, /* days to look back for lessons */
    ROUNDS_MOST = 2000,
};

struct repeats {
    const struct timetable *timetable;
    const struct day_lengths *lengths;
    const struct repeat_rule *rule;
    struct day *day;
    struct rotation_item *items;
    size_t count;
};

/* --- Which lessons ---------------------------------------------------------------- */

static bool is_repeated(const struct repeats *repeats, const struct day_slot *slot)
{
    return slot_is_first_run(slot) && slot->period < repeats->timetable->period_count &&
           (repeats->rule->periods >> slot->period & 1u) != 0;
}

static int collect(struct repeats *repeats, const struct day *day)
{
    struct rotation_item *grown =
        realloc(repeats->items, (repeats->count + day->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    repeats->items = grown;
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (is_repeated(repeats, slot)) {
            grown[repeats->count++] = (struct rotation_item){
                .lesson = slot->lesson,
                .house_number = slot->lesson->house_number,
                .media = slot->media,
                .room = slot->end - slot->start,
                .first_run = day->date,
            };
        }
    }
    return 0;
}

static int collect_date(struct repeats *repeats, int64_t date)
{
    struct day other;
    if (date == repeats->day->date) {
        return collect(repeats, repeats->day);
    }
    int result = day_resolve_lessons(repeats->timetable, date, &other);
    if (result == 0) {
        result = collect(repeats, &other);
    }
    day_finish(&other);
    return result;
}

/* The last day up to `from` that has any. */
static int collect_last(struct repeats *repeats, int64_t from)
{
    int result = 0;
    for (int back = 0; result == 0 && repeats->count == 0 && back < BACK_MOST; back++) {
        result = collect_date(repeats, from - back);
    }
    return result;
}

static int collect_span(struct repeats *repeats, int64_t first, int64_t last, unsigned days)
{
    int result = 0;
    for (int64_t date = first; result == 0 && date <= last; date++) {
        if ((days >> civil_weekday(date) & 1u) != 0) {
            result = collect_date(repeats, date);
        }
    }
    return result;
}

static int collect_all(struct repeats *repeats)
{
    const int64_t date = repeats->day->date;
    switch (repeats->rule->of) {
    case REPEAT_SAME_DAY:
        return collect_date(repeats, date);
    case REPEAT_PREVIOUS_DAY:
        return collect_last(repeats, date - 1);
    case REPEAT_LAST_DAY:
        return collect_last(repeats, date);
    case REPEAT_WEEK:
        return collect_span(repeats, monday_of(date), date - 1, ~0u);
    case REPEAT_DAYS:
        return collect_span(repeats, date - DAYS_PER_WEEK, date - 1, repeats->rule->of_days);
    }
    return 0;
}

/* --- When ------------------------------------------------------------------------- */

struct stretch {
    int start;
    int end;
};

/*
 * The first stretch of the rule's time at or after `from` that nothing fixed
 * takes; of the `count` slots that the day had before.  False: there is none.
 */
static bool next_stretch(const struct repeats *repeats, size_t count, int from,
                         struct stretch *stretch)
{
    const struct day *day = repeats->day;
    *stretch = (struct stretch){from, repeats->rule->until};
    for (size_t i = 0; i < count; i++) { /* in order of start */
        const struct day_slot *slot = &day->slots[i];
        if (!slot->is_fixed || slot->end <= stretch->start) {
            continue;
        }
        if (slot->start <= stretch->start) {
            stretch->start = slot->end;
        } else if (slot->start < stretch->end) {
            stretch->end = slot->start;
            break;
        }
    }
    return stretch->start < stretch->end;
}

/* How long the media is, or may become; 0: nobody knows. */
static int media_of(const struct repeats *repeats, const struct rotation_item *item)
{
    const int seconds =
        repeats->lengths != NULL ? repeats->lengths->seconds(repeats->lengths, item->lesson) : 0;
    return seconds > 0 ? seconds : lesson_longest(item->lesson, item->media);
}

static int shorter(int a, int b)
{
    return a < b ? a : b;
}

/* What a repeat must have to be worth beginning. */
static int needed_of(const struct repeats *repeats, const struct rotation_item *item)
{
    const struct repeat_rule *rule = repeats->rule;
    const int media = rule->fit.overrun == OVERRUN_RIPPLE ? media_of(repeats, item) : item->media;
    if (media == 0) {
        return shorter(item->room, rule->pitch);
    }
    return rule->fit.overrun == OVERRUN_RIPPLE ? media : shorter(media, rule->pitch);
}

static struct day_slot *add_slot(const struct repeats *repeats, enum slot_kind kind)
{
    const struct repeat_rule *rule = repeats->rule;
    struct day_slot *slot = day_add(repeats->day);
    if (slot != NULL) {
        slot->kind = kind;
        slot->name = rule->name;
        slot->period = repeats->timetable->period_count;
        slot->fit = rule->fit;
        slot->place = rule->place;
        if (repeats->day->rule != NULL) {
            slot->moved = repeats->day->rule->place;
        }
    }
    return slot;
}

static int leave_out(const struct repeats *repeats, const struct rotation_item *item)
{
    struct day *day = repeats->day;
    struct left_out *grown =
        realloc(day->left_out, (day->left_out_count + 1) * sizeof(day->left_out[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    day->left_out = grown;
    grown[day->left_out_count++] = (struct left_out){item->lesson, repeats->rule};
    return 0;
}

/* How far the last repeat may go beyond the end of a stretch. */
static int slack_of(const struct repeats *repeats, const struct stretch *stretch)
{
    const struct repeat_rule *rule = repeats->rule;
    const bool is_last = stretch->end == rule->until;
    return is_last && rule->fit.overrun == OVERRUN_RIPPLE ? rule->fit.ripple_most : 0;
}

static int add_repeat(const struct repeats *repeats, const struct rotation_item *item, int start,
                      int end)
{
    struct day_slot *slot = add_slot(repeats, SLOT_REPEAT);
    if (slot == NULL) {
        return -ENOMEM;
    }
    slot->start = start;
    slot->end = end;
    slot->lesson = item->lesson;
    slot->media = item->media;
    slot->first_run = item->first_run;
    return 0;
}

/* What goes over and over goes on to the end. */
static void stretch_last(const struct repeats *repeats, size_t count, int end)
{
    struct day *day = repeats->day;
    if (repeats->rule->loops && day->count > count && day->slots[day->count - 1].end < end) {
        day->slots[day->count - 1].end = end;
    }
}

/* Each repeat at its pitch, or later where the one before ripples. */
static int lay_out(const struct repeats *repeats, size_t count)
{
    const struct repeat_rule *rule = repeats->rule;
    const size_t before = repeats->day->count;
    struct stretch stretch;
    bool is_open = next_stretch(repeats, count, rule->from, &stretch);
    int at = is_open ? stretch.start : 0;
    int result = 0;
    for (size_t i = 0; result == 0 && i < ROUNDS_MOST; i++) {
        const struct rotation_item *item = &repeats->items[i % repeats->count];
        const int needed = needed_of(repeats, item);
        const int length = needed > rule->pitch ? needed : rule->pitch;
        if (i >= repeats->count && !rule->loops) {
            break;
        }
        while (is_open && at + needed > stretch.end + slack_of(repeats, &stretch)) {
            stretch_last(repeats, before, stretch.end);
            is_open = next_stretch(repeats, count, stretch.end, &stretch);
            at = stretch.start;
        }
        if (!is_open) {
            if (i >= repeats->count) {
                break;
            }
            result = leave_out(repeats, item);
            continue;
        }
        const int most = at + needed > stretch.end ? at + needed : stretch.end;
        result = add_repeat(repeats, item, at, shorter(at + length, most));
        at += length;
    }
    return result;
}

/* Back to back: in every stretch, going on where the one before should have ended. */
static int add_rotations(const struct repeats *repeats, size_t count)
{
    struct stretch stretch;
    int from = repeats->rule->from;
    size_t first = 0;
    while (next_stretch(repeats, count, from, &stretch)) {
        struct day_slot *slot = add_slot(repeats, SLOT_ROTATION);
        struct rotation_item *items = calloc(repeats->count + 1, sizeof(*items));
        if (slot == NULL || items == NULL) {
            free(items);
            return -ENOMEM;
        }
        const size_t left = repeats->rule->loops ? repeats->count : repeats->count - first;
        for (size_t i = 0; i < left; i++) {
            items[i] = repeats->items[(first + i) % repeats->count];
        }
        slot->start = stretch.start;
        slot->end = stretch.end;
        slot->items = items;
        slot->item_count = left;
        slot->loops = repeats->rule->loops;
        for (int at = stretch.start; first < repeats->count && at < stretch.end; first++) {
            const int media = media_of(repeats, &repeats->items[first]);
            at += media > 0 ? media : repeats->items[first].room;
        }
        first = repeats->rule->loops ? first % repeats->count : first;
        from = stretch.end;
    }
    return 0;
}

/* --- Opening and closing ------------------------------------------------------------ */

static int add_card(const struct timetable *timetable, struct day *day, const struct card *card,
                    int start)
{
    struct day_slot *slot = start >= 0 ? day_add(day) : NULL;
    if (slot == NULL) {
        return start >= 0 ? -ENOMEM : 0;
    }
    *slot = (struct day_slot){
        .start = start,
        .end = start + card->length,
        .kind = SLOT_BREAK,
        .name = card == &timetable->presentation.opening ? "片头" : "片尾",
        .period = timetable->period_count,
        .house_number = card->house_number,
        .place = card->place,
    };
    return 0;
}

static int add_cards(const struct timetable *timetable, struct day *day)
{
    const struct presentation *presentation = &timetable->presentation;
    int first = CLOCK_MOST;
    int last = 0;
    int result = 0;
    for (size_t i = 0; i < day->count; i++) {
        first = day->slots[i].start < first ? day->slots[i].start : first;
        last = day->slots[i].end > last ? day->slots[i].end : last;
    }
    if (day->count == 0) {
        return 0;
    }
    if (presentation->opening.house_number != NULL) {
        result =
            add_card(timetable, day, &presentation->opening, first - presentation->opening.length);
    }
    if (result == 0 && presentation->closing.house_number != NULL) {
        result = add_card(timetable, day, &presentation->closing, last);
    }
    return result;
}

int day_add_repeats(const struct timetable *timetable, const struct day_lengths *lengths,
                    struct day *day)
{
    const size_t count = day->count;
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->repeat_count; i++) {
        const struct repeat_rule *rule = &timetable->repeats[i];
        struct repeats repeats = {timetable, lengths, rule, day, NULL, 0};
        if (!day_holds(day, rule->on, rule->days)) {
            continue;
        }
        result = collect_all(&repeats);
        if (result == 0 && repeats.count > 0) {
            result = rule->pitch > 0 ? lay_out(&repeats, count) : add_rotations(&repeats, count);
        }
        free(repeats.items);
    }
    return result < 0 ? result : add_cards(timetable, day);
}
