/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_compare.h"

#include "scheduler/publish/publish_epg.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60, TEXT_SIZE = 700 };

/* --- Differences -------------------------------------------------------------------------- */

static bool is_near(int64_t a, int64_t b)
{
    return a - b < MINUTE && b - a < MINUTE;
}

/* What viewers do not see: a lesson that only got another house number has not changed. */
static bool is_unseen(size_t text)
{
    return text == EPG_KEY || text == EPG_HOUSE_NUMBER || text == EPG_BEFORE;
}

static bool looks_same(const struct epg_entry *a, const struct epg_entry *b)
{
    bool is_same = a->kind == b->kind && is_near(a->start, b->start) && is_near(a->stop, b->stop) &&
                   is_near(a->first_run, b->first_run) && a->is_live == b->is_live &&
                   a->has_subtitles == b->has_subtitles && a->is_signed == b->is_signed &&
                   a->subtitles_later == b->subtitles_later && a->signed_later == b->signed_later;
    for (size_t i = 0; is_same && i < EPG_TEXTS; i++) {
        is_same = is_unseen(i) || strcmp(a->texts[i], b->texts[i]) == 0;
    }
    return is_same;
}

/* "周三 08:30", or "08:30" when it is on the date of `fresh`. */
static void write_time(char text[TEXT_SIZE], const struct zone *zone, int64_t time, int64_t fresh)
{
    int second = 0;
    int other = 0;
    const int64_t date = publish_date(zone, time + MINUTE / 2, &second);
    const bool is_same_date = date == publish_date(zone, fresh + MINUTE / 2, &other);
    snprintf(text, TEXT_SIZE, "%s%s%02d:%02d",
             is_same_date ? "" : when_day_chinese(civil_weekday(date)), is_same_date ? "" : " ",
             second / 3600, second / 60 % 60);
}

/* What an entry was, as far as it differs. */
static void write_before(char text[TEXT_SIZE], const struct epg_entry *old,
                         const struct epg_entry *fresh, const struct zone *zone)
{
    const char *old_teacher = old->texts[EPG_TEACHER];
    const bool has_moved = !is_near(old->start, fresh->start);
    text[0] = '\0';
    if (has_moved) {
        write_time(text, zone, old->start, fresh->start);
    }
    if (strcmp(old->texts[EPG_TITLE], fresh->texts[EPG_TITLE]) != 0) {
        const size_t length = strlen(text);
        snprintf(text + length, TEXT_SIZE - length, "%s%.600s", length > 0 ? " " : "",
                 old->texts[EPG_TITLE]);
    } else if (strcmp(old_teacher, fresh->texts[EPG_TEACHER]) != 0 && old_teacher[0] != '\0') {
        const size_t length = strlen(text);
        snprintf(text + length, TEXT_SIZE - length, "%s%.300s", length > 0 ? "，" : "",
                 old_teacher);
    }
    if (text[0] == '\0' && !is_near(old->stop, fresh->stop)) {
        char time[TEXT_SIZE];
        write_time(time, zone, old->stop, fresh->stop);
        snprintf(text, TEXT_SIZE, "至%.40s", time);
    }
}

/* Follows from the rest, or is marked where it begins: in the week before. */
static bool is_never_marked(const struct epg_entry *entry)
{
    return entry->kind == EPG_FILLER || entry->is_joined;
}

static int mark(struct edition *edition, struct epg_entry *entry, const struct epg_entry *old,
                const struct zone *zone)
{
    char before[TEXT_SIZE];
    if (is_never_marked(entry)) {
        return 0;
    }
    if (old == NULL) {
        entry->mark = EPG_ADDED;
        return 0;
    }
    entry->sequence = old->sequence;
    if (old->is_cancelled) {
        entry->sequence++;
        entry->mark = EPG_ADDED;
        return 0;
    }
    if (looks_same(entry, old)) {
        return 0;
    }
    entry->sequence++;
    entry->mark = EPG_CHANGED;
    write_before(before, old, entry, zone);
    entry->texts[EPG_BEFORE] = publish_edition_keep(edition, before);
    return entry->texts[EPG_BEFORE] != NULL ? 0 : -ENOMEM;
}

/* --- Which entry was which ----------------------------------------------------------------- */

struct comparison {
    struct edition *edition;
    struct edition_channel *channel;
    size_t count; /* of fresh entries; those that are cancelled come after them */
    const struct edition_channel *last;
    const struct zone *zone;
    const struct epg_entry **was; /* of fresh entries: that of `last`; NULL: none */
    bool *is_found;               /* of entries of `last` */
};

static bool is_same_programme(const struct epg_entry *a, const struct epg_entry *b)
{
    return a->kind == b->kind && strcmp(a->texts[EPG_TITLE], b->texts[EPG_TITLE]) == 0 &&
           strcmp(a->texts[EPG_HOUSE_NUMBER], b->texts[EPG_HOUSE_NUMBER]) == 0 &&
           strcmp(a->texts[EPG_GRADE], b->texts[EPG_GRADE]) == 0;
}

/* Repeats are counted (their keys), and have no slot that another could take. */
static bool has_slot(const struct epg_entry *old)
{
    return !old->is_cancelled && old->kind != EPG_REPEAT;
}

static bool goes_on(const struct epg_entry *old, const struct epg_entry *fresh,
                    const struct zone *zone)
{
    (void)zone;
    return !old->is_cancelled && looks_same(old, fresh);
}

static bool stays(const struct epg_entry *old, const struct epg_entry *fresh,
                  const struct zone *zone)
{
    (void)zone;
    return has_slot(old) && is_near(old->start, fresh->start) && is_same_programme(old, fresh);
}

static bool moves_on_its_day(const struct epg_entry *old, const struct epg_entry *fresh,
                             const struct zone *zone)
{
    int second = 0;
    return has_slot(old) && is_same_programme(old, fresh) &&
           publish_date(zone, old->start, &second) == publish_date(zone, fresh->start, &second);
}

static bool moves_with_its_period(const struct epg_entry *old, const struct epg_entry *fresh,
                                  const struct zone *zone)
{
    return strcmp(old->texts[EPG_PERIOD], fresh->texts[EPG_PERIOD]) == 0 &&
           moves_on_its_day(old, fresh, zone);
}

static bool gives_way(const struct epg_entry *old, const struct epg_entry *fresh,
                      const struct zone *zone)
{
    (void)zone;
    return has_slot(old) && old->kind == fresh->kind && is_near(old->start, fresh->start) &&
           strcmp(old->texts[EPG_GRADE], fresh->texts[EPG_GRADE]) == 0;
}

static bool has_its_key(const struct epg_entry *old, const struct epg_entry *fresh,
                        const struct zone *zone)
{
    (void)zone;
    return strcmp(old->texts[EPG_KEY], fresh->texts[EPG_KEY]) == 0;
}

/* The first that is not found yet and of which `is_it` holds. */
static void find_by(struct comparison *comparison,
                    bool (*is_it)(const struct epg_entry *old, const struct epg_entry *fresh,
                                  const struct zone *zone),
                    size_t fresh_index)
{
    const struct epg_entry *fresh = &comparison->channel->entries[fresh_index];
    for (size_t i = 0; i < comparison->last->count; i++) {
        const struct epg_entry *old = &comparison->last->entries[i];
        if (!comparison->is_found[i] && !is_never_marked(old) &&
            is_it(old, fresh, comparison->zone)) {
            comparison->is_found[i] = true;
            comparison->was[fresh_index] = old;
            return;
        }
    }
}

/*
 * What is still on that day is found first, wherever it is now: where a lesson
 * is put before all others, each has the slot, thus the key, that the next one
 * had.  Only a slot whose programme is gone has given way to another.
 */
static void find_all(struct comparison *comparison)
{
    static bool (*const rules[])(const struct epg_entry *, const struct epg_entry *,
                                 const struct zone *) = {
        goes_on, stays, moves_with_its_period, moves_on_its_day, gives_way, has_its_key};
    for (size_t rule = 0; rule < sizeof(rules) / sizeof(rules[0]); rule++) {
        for (size_t i = 0; i < comparison->count; i++) {
            if (comparison->was[i] == NULL && !is_never_marked(&comparison->channel->entries[i])) {
                find_by(comparison, rules[rule], i);
            }
        }
    }
}

/* --- Keys ---------------------------------------------------------------------------------- */

/* A key that was published is never another entry's. */
static bool is_taken(const struct comparison *comparison, const struct epg_entry *entry,
                     const char *key)
{
    for (size_t i = 0; i < comparison->last->count; i++) {
        const struct epg_entry *old = &comparison->last->entries[i];
        if (!is_never_marked(old) && strcmp(old->texts[EPG_KEY], key) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < comparison->count; i++) {
        const struct epg_entry *other = &comparison->channel->entries[i];
        if (other != entry && strcmp(other->texts[EPG_KEY], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The key of an entry that was not there: its own, or the first with a number that is free. */
static int set_new_key(struct comparison *comparison, struct epg_entry *entry)
{
    char key[TEXT_SIZE];
    snprintf(key, sizeof(key), "%.*s", TEXT_SIZE - 1, entry->texts[EPG_KEY]);
    for (int number = 2; is_taken(comparison, entry, key); number++) {
        snprintf(key, sizeof(key), "%.480s /%d", entry->texts[EPG_KEY], number);
    }
    entry->texts[EPG_KEY] = publish_edition_keep(comparison->edition, key);
    return entry->texts[EPG_KEY] != NULL ? 0 : -ENOMEM;
}

/* What was there goes on with its key: all of these first, so that the new see what is taken. */
static int set_keys(struct comparison *comparison)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < comparison->count; i++) {
        struct epg_entry *entry = &comparison->channel->entries[i];
        if (comparison->was[i] != NULL) {
            entry->texts[EPG_KEY] =
                publish_edition_keep(comparison->edition, comparison->was[i]->texts[EPG_KEY]);
            result = entry->texts[EPG_KEY] != NULL ? 0 : -ENOMEM;
        }
    }
    for (size_t i = 0; result == 0 && i < comparison->count; i++) {
        if (comparison->was[i] == NULL) {
            result = set_new_key(comparison, &comparison->channel->entries[i]);
        }
    }
    return result;
}

/* --- What is gone -------------------------------------------------------------------------- */

/* A lesson that was taken out and put elsewhere says there when it was. */
static int tell_move(struct comparison *comparison, const struct epg_entry *old)
{
    char before[TEXT_SIZE];
    for (size_t i = 0; old->kind == EPG_LESSON && i < comparison->count; i++) {
        struct epg_entry *entry = &comparison->channel->entries[i];
        if (entry->mark == EPG_ADDED && entry->texts[EPG_BEFORE][0] == '\0' &&
            is_same_programme(old, entry)) {
            write_time(before, comparison->zone, old->start, entry->start);
            entry->texts[EPG_BEFORE] = publish_edition_keep(comparison->edition, before);
            return entry->texts[EPG_BEFORE] != NULL ? 0 : -ENOMEM;
        }
    }
    return 0;
}

/* An entry that is no more stays, cancelled. */
static int cancel(struct comparison *comparison, const struct epg_entry *old)
{
    struct epg_entry entry = *old;
    int result = old->is_cancelled ? 0 : tell_move(comparison, old);
    entry.mark = old->is_cancelled ? EPG_UNCHANGED : EPG_REMOVED;
    entry.sequence += old->is_cancelled ? 0 : 1;
    entry.is_cancelled = true;
    entry.texts[EPG_BEFORE] = "";
    return result < 0 ? result
                      : publish_edition_add(comparison->edition, comparison->channel, &entry);
}

static int mark_all(struct comparison *comparison)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < comparison->count; i++) {
        result = mark(comparison->edition, &comparison->channel->entries[i], comparison->was[i],
                      comparison->zone);
    }
    return result;
}

/* Headends get the house numbers, and the next edition knows lessons by them. */
static bool has_new_numbers(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        const struct epg_entry *was = comparison->was[i];
        if (was != NULL && strcmp(was->texts[EPG_HOUSE_NUMBER],
                                  comparison->channel->entries[i].texts[EPG_HOUSE_NUMBER]) != 0) {
            return true;
        }
    }
    return false;
}

static int cancel_gone(struct comparison *comparison)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < comparison->last->count; i++) {
        const struct epg_entry *old = &comparison->last->entries[i];
        if (!comparison->is_found[i] && !is_never_marked(old)) {
            result = cancel(comparison, old);
        }
    }
    return result;
}

static int compare_channel(struct edition *edition, struct edition_channel *channel,
                           const struct edition_channel *last, const struct zone *zone,
                           bool *is_different)
{
    struct comparison comparison = {edition,
                                    channel,
                                    channel->count,
                                    last,
                                    zone,
                                    calloc(channel->count + 1, sizeof(struct epg_entry *)),
                                    calloc(last->count + 1, sizeof(bool))};
    int result = comparison.was != NULL && comparison.is_found != NULL ? 0 : -ENOMEM;
    if (result == 0) {
        find_all(&comparison);
        result = set_keys(&comparison);
    }
    if (result == 0) {
        *is_different = *is_different || has_new_numbers(&comparison);
        result = mark_all(&comparison);
    }
    if (result == 0) {
        result = cancel_gone(&comparison);
    }
    free(comparison.was);
    free(comparison.is_found);
    publish_edition_sort(channel);
    return result;
}

/* --- All ------------------------------------------------------------------------------------- */

/* A channel whose timetable cannot be read now: it stays as it was. */
static int take_over(struct edition *edition, const struct edition_channel *last)
{
    struct edition_channel *channel = publish_edition_add_channel(edition, last->name, last->title);
    int result = channel != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < last->count; i++) {
        struct epg_entry entry = last->entries[i];
        entry.mark = EPG_UNCHANGED;
        entry.texts[EPG_BEFORE] = "";
        result = publish_edition_add(edition, channel, &entry);
    }
    if (result == 0) {
        channel->term_week = last->term_week;
    }
    return result;
}

static bool heads_differ(const struct edition *fresh, const struct edition *last)
{
    bool differ = strcmp(fresh->guide, last->guide) != 0 ||
                  strcmp(fresh->station, last->station) != 0 ||
                  strcmp(fresh->time_zone, last->time_zone) != 0 ||
                  fresh->channel_count != last->channel_count;
    for (size_t i = 0; !differ && i < fresh->channel_count; i++) {
        const struct edition_channel *old = publish_edition_channel(last, fresh->channels[i].name);
        differ = old == NULL || strcmp(old->title, fresh->channels[i].title) != 0 ||
                 old->term_week != fresh->channels[i].term_week;
    }
    return differ;
}

int publish_compare(struct edition *fresh, const struct edition *last, const struct zone *zone,
                    bool *is_different)
{
    int result = 0;
    fresh->number = last != NULL ? last->number + 1 : 1;
    *is_different = last == NULL;
    if (last == NULL) {
        return 0;
    }
    for (size_t i = 0; result == 0 && i < fresh->channel_count; i++) {
        const struct edition_channel *old = publish_edition_channel(last, fresh->channels[i].name);
        if (old != NULL) {
            result = compare_channel(fresh, &fresh->channels[i], old, zone, is_different);
        }
    }
    for (size_t i = 0; result == 0 && i < last->channel_count; i++) {
        if (publish_edition_channel(fresh, last->channels[i].name) == NULL) {
            result = take_over(fresh, &last->channels[i]);
        }
    }
    if (result == 0) {
        *is_different = *is_different || publish_marked(fresh) > 0 || heads_differ(fresh, last);
    }
    return result;
}

size_t publish_marked(const struct edition *edition)
{
    size_t count = 0;
    for (size_t i = 0; i < edition->channel_count; i++) {
        for (size_t k = 0; k < edition->channels[i].count; k++) {
            count += edition->channels[i].entries[k].mark != EPG_UNCHANGED;
        }
    }
    return count;
}
