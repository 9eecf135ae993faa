/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_outcome.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rehearse_differences_finish(struct rehearse_differences *differences)
{
    free(differences->items);
    *differences = (struct rehearse_differences){0};
}

/* What stands in a list for an asset that has that house number, or none. */
static void name(char text[48], const char *house_number, const char *asset)
{
    enum { DIGITS = 12 };
    if (house_number != NULL && asset[0] != '\0') {
        snprintf(text, 48, "%s", house_number);
    } else {
        snprintf(text, 48, "%.*s", DIGITS, asset);
    }
}

/* Joined with the last one where both go on. */
static int add(struct rehearse_differences *differences, const struct rehearse_difference *one)
{
    struct rehearse_difference *last =
        differences->count > 0 ? &differences->items[differences->count - 1] : NULL;
    if (last != NULL && last->to == one->from && last->channel == one->channel &&
        strcmp(last->expected, one->expected) == 0 && strcmp(last->aired, one->aired) == 0) {
        last->to = one->to;
        return 0;
    }
    struct rehearse_difference *grown =
        realloc(differences->items, (differences->count + 1) * sizeof(grown[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    differences->items = grown;
    grown[differences->count++] = *one;
    return 0;
}

/* --- As-run against the plan in force ----------------------------------------------------- */

/* The asset that the journal put in the place of an event's, as it aired. */
static bool is_substitute(const struct journal *journal, const struct plan_event *event,
                          const char *asset, int64_t frame)
{
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_SUBSTITUTE && entry->seq == event->seq && entry->from <= frame &&
            strcmp(entry->asset, asset) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_as_planned(const struct journal *journal, const struct plan_event *event,
                          const struct report_span *aired)
{
    if (aired == NULL || aired->state != AIR_ON) {
        return false;
    }
    if (event == NULL) {
        return aired->asset[0] == '\0';
    }
    return strcmp(event->asset, aired->asset) == 0 ||
           is_substitute(journal, event, aired->asset, aired->from);
}

static const char *number_of(const struct report_span *aired)
{
    const struct as_run_record *record = aired->record;
    return record != NULL && strcmp(record->asset, aired->asset) == 0 ? record->house_number : NULL;
}

static void describe(struct rehearse_difference *one, const struct plan_event *event,
                     const struct report_span *aired)
{
    name(one->expected, event != NULL ? event->house_number : NULL,
         event != NULL ? event->asset : "");
    if (aired == NULL || aired->asset == NULL || aired->state != AIR_ON) {
        snprintf(one->aired, sizeof(one->aired), "-");
    } else {
        name(one->aired, number_of(aired), aired->asset);
    }
}

static int sweep(const struct channel_day *day, const struct report_layer *force,
                 const struct report_layer *aired, const struct frame_span *span,
                 struct rehearse_differences *differences)
{
    size_t plan_cursor = 0;
    size_t air_cursor = 0;
    int result = 0;
    for (int64_t at = span->from; at < span->to && result == 0;) {
        int64_t until = span->to;
        const struct report_span *planned = report_layer_at(force, &plan_cursor, at, &until);
        const struct report_span *air = report_layer_at(aired, &air_cursor, at, &until);
        const struct plan_event *event = planned != NULL ? planned->event : NULL;
        if (!is_as_planned(&day->journal, event, air)) {
            struct rehearse_difference one = {
                .channel = day->service->name, .from = at, .to = until};
            describe(&one, event, air);
            result = add(differences, &one);
        }
        differences->compared += until - at;
        at = until;
    }
    return result;
}

static int compare_day(const struct channel_day *day, const struct frame_span *span,
                       struct rehearse_differences *differences)
{
    const struct report_revisions revisions = {day->revisions, day->revision_count};
    struct report_layer force = {0};
    struct air air = {0};
    int result = report_plan_force(&revisions, span->from, span->to, &force);
    if (result == 0) {
        result = air_read(&air, day->lines, day->line_count, span->from, span->to);
    }
    if (result == 0) {
        result = sweep(day, &force, &air.aired, span, differences);
    }
    report_layer_finish(&force);
    air_finish(&air);
    return result;
}

static int load_day(const struct report_source *source, const struct service *service,
                    const struct report_day *day, const struct frame_span *stretch,
                    struct rehearse_outcome *outcome, struct problems *problems)
{
    struct channel_day *grown =
        realloc(outcome->days, (outcome->count + 1) * sizeof(outcome->days[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    outcome->days = grown;
    int result = channel_day_load(source, service, day, &grown[outcome->count], problems);
    if (result == 0) {
        const struct frame_span span = {
            .from = day->from > stretch->from ? day->from : stretch->from,
            .to = day->to < stretch->to ? day->to : stretch->to,
        };
        result = compare_day(&grown[outcome->count++], &span, &outcome->differences);
    }
    return result;
}

int rehearse_outcome_load(const struct station *station, const struct zone *zone,
                          const struct rehearse_stretch *stretch, struct rehearse_outcome *outcome,
                          struct problems *problems)
{
    const struct frame_span span = {stretch->from_s * FRAMES_PER_SECOND,
                                    stretch->to_s * FRAMES_PER_SECOND};
    struct report_catalogue catalogue = {0};
    const struct report_source source = {
        .station = station, .zone = zone, .catalogue = &catalogue, .now = INT64_MAX};
    int result = report_catalogue_load(&catalogue, station);
    for (size_t i = 0; i < station_service_count(station) && result == 0; i++) {
        const struct service *service = station_service_at(station, i);
        if (stretch->channel != NULL && strcmp(stretch->channel, service->name) != 0) {
            continue;
        }
        struct report_day day = report_day_at(zone, span.from);
        while (day.from < span.to && result == 0) {
            result = load_day(&source, service, &day, &span, outcome, problems);
            day = report_day_make(zone, day.number + 1);
        }
    }
    report_catalogue_finish(&catalogue);
    return result;
}

void rehearse_outcome_finish(struct rehearse_outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++) {
        channel_day_finish(&outcome->days[i]);
    }
    free(outcome->days);
    rehearse_differences_finish(&outcome->differences);
    *outcome = (struct rehearse_outcome){0};
}

/* --- The slate where fillers should air ---------------------------------------------------- */

/* That of an order, or of a channel without fillers, is meant so. */
static bool is_slate_for_filler(const struct as_run_record *record, const struct report_day *day)
{
    return record->kind == EVENT_SLATE && record->instead_of != NULL && record->amendment == 0 &&
           record->start >= day->from && record->start < day->to;
}

/* Adds up a day's; *first: the first line of them. */
static int64_t add_slate(const struct channel_day *day, const struct as_run_record **first)
{
    int64_t frames = 0;
    for (size_t i = 0; i < day->line_count; i++) {
        const struct as_run_record *record = &day->lines[i].record;
        if (is_slate_for_filler(record, &day->day)) {
            frames += record->end - record->start;
            *first = *first == NULL ? record : *first;
        }
    }
    return frames;
}

void rehearse_outcome_note_slate(const struct rehearse_outcome *outcome,
                                 struct rehearse_notes *notes)
{
    enum { MINUTE_FRAMES = 60 * FRAMES_PER_SECOND };
    for (size_t i = 0; i < outcome->count;) {
        const struct service *service = outcome->days[i].service;
        const struct as_run_record *first = NULL;
        int64_t frames = 0;
        for (; i < outcome->count && outcome->days[i].service == service; i++) {
            frames += add_slate(&outcome->days[i], &first);
        }
        if (first != NULL) {
            rehearse_note(
                notes, NOTE_PROBLEM, first->start, service->name,
                _("from here on the slate airs for %.1f minutes in all, for no filler has "
                  "media; make one with `ketang ingest --kind filler --house-number %s "
                  "FILE`"),
                (double)frames / MINUTE_FRAMES, first->instead_of);
        }
    }
}

/* --- As-run against as-run -------------------------------------------------------------------- */

/* The lines of a folder in [from, to), and their layers. */
struct record_side {
    struct as_run_lines lines;
    struct air air;
    int64_t until; /* the end of the last line */
};

static int load_side(const char *state, const char *channel, const struct report_day *stretch,
                     struct record_side *side, struct problems *problems)
{
    char *folder = NULL;
    if (asprintf(&folder, "%s/asrun/%s", state, channel) < 0) {
        return -ENOMEM;
    }
    int result = as_run_lines_load(folder, stretch, &side->lines, problems);
    free(folder);
    if (result == 0) {
        result =
            air_read(&side->air, side->lines.lines, side->lines.count, stretch->from, stretch->to);
    }
    for (size_t i = 0; i < side->lines.count; i++) {
        const int64_t end = side->lines.lines[i].record.end;
        side->until = end > side->until ? end : side->until;
    }
    return result;
}

static void finish_side(struct record_side *side)
{
    air_finish(&side->air);
    as_run_lines_finish(&side->lines);
}

static bool airs_the_same(const struct report_span *a, const struct report_span *b)
{
    return a != NULL && b != NULL && a->state == b->state && strcmp(a->asset, b->asset) == 0;
}

static void describe_air(char text[48], const struct report_span *span)
{
    if (span == NULL || span->state != AIR_ON) {
        snprintf(text, 48, "-");
    } else {
        name(text, number_of(span), span->asset);
    }
}

static int sweep_sides(const char *channel, const struct record_side *expected,
                       const struct record_side *real, const struct frame_span *span,
                       struct rehearse_differences *differences)
{
    size_t cursors[2] = {0};
    int result = 0;
    for (int64_t at = span->from; at < span->to && result == 0;) {
        int64_t until = span->to;
        const struct report_span *a =
            report_layer_at(&expected->air.aired, &cursors[0], at, &until);
        const struct report_span *b = report_layer_at(&real->air.aired, &cursors[1], at, &until);
        if (!airs_the_same(a, b)) {
            struct rehearse_difference one = {.channel = channel, .from = at, .to = until};
            describe_air(one.expected, a);
            describe_air(one.aired, b);
            result = add(differences, &one);
        }
        differences->compared += until - at;
        at = until;
    }
    return result;
}

static int64_t first_on_air(const struct report_layer *layer)
{
    for (size_t i = 0; i < layer->count; i++) {
        if (layer->spans[i].state == AIR_ON) {
            return layer->spans[i].from;
        }
    }
    return INT64_MAX;
}

/* A day of a channel, up to where both have lines. */
static int compare_sides(const struct station *station, const char *channel, const char *expected,
                         const struct report_day *day, const struct frame_span *stretch,
                         struct rehearse_differences *differences, struct problems *problems)
{
    struct record_side sides[2] = {0};
    int result = load_side(expected, channel, day, &sides[0], problems);
    if (result == 0) {
        result = load_side(station->state, channel, day, &sides[1], problems);
    }
    struct frame_span span = {.from = day->from > stretch->from ? day->from : stretch->from,
                              .to = day->to < stretch->to ? day->to : stretch->to};
    for (size_t i = 0; i < 2; i++) {
        span.to = sides[i].until < span.to ? sides[i].until : span.to;
    }
    /* A station that went on the air later than the rehearsal began is compared from then on. */
    const int64_t begin = first_on_air(&sides[1].air.aired);
    span.from = begin > span.from ? begin : span.from;
    if (result == 0 && span.from < span.to) {
        result = sweep_sides(channel, &sides[0], &sides[1], &span, differences);
    }
    finish_side(&sides[0]);
    finish_side(&sides[1]);
    return result;
}

int rehearse_compare(const struct station *station, const struct zone *zone, const char *expected,
                     const struct rehearse_stretch *stretch,
                     struct rehearse_differences *differences, struct problems *problems)
{
    const struct frame_span span = {stretch->from_s * FRAMES_PER_SECOND,
                                    stretch->to_s * FRAMES_PER_SECOND};
    int result = 0;
    for (size_t i = 0; i < station_service_count(station) && result == 0; i++) {
        const char *channel = station_service_at(station, i)->name;
        if (stretch->channel != NULL && strcmp(stretch->channel, channel) != 0) {
            continue;
        }
        struct report_day day = report_day_at(zone, span.from);
        while (day.from < span.to && result == 0) {
            result = compare_sides(station, channel, expected, &day, &span, differences, problems);
            day = report_day_make(zone, day.number + 1);
        }
    }
    return result;
}
