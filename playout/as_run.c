/* SPDX-License-Identifier: MIT */
#include "playout/as_run.h"

#include "playout/intl.h"
#include "playout/reasons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORGOTTEN_FRAMES = 9 * 86400 * FRAMES_PER_SECOND, /* older silence is not told */
    FUTURE_FRAMES = 10 * FRAMES_PER_SECOND,
};

/* A stretch of the tape of one event and one asset. */
struct segment {
    const struct plan_event *event;     /* NULL: outside of the plan */
    const struct plan_amendment *order; /* that put the event there, or moved it; NULL: none */
    const char *asset;
    bool is_slated; /* the slate for want of the time */
    int64_t from;
    int64_t to;
};

void as_run_init(struct as_run *as_run, struct as_run_sink *sink, const struct zone *zone,
                 int64_t frontier)
{
    *as_run = (struct as_run){.sink = sink, .zone = zone, .frontier = frontier};
}

void as_run_finish(struct as_run *as_run)
{
    as_run_record_finish(&as_run->current);
    free(as_run->planned_reason);
    free(as_run->off_air.items);
    free(as_run->muted.items);
    *as_run = (struct as_run){0};
}

int as_run_off_air(struct as_run *as_run, int64_t from, int64_t to)
{
    return frame_spans_add(&as_run->off_air, from, to);
}

int as_run_muted(struct as_run *as_run, int64_t from, int64_t to)
{
    return frame_spans_add(&as_run->muted, from, to);
}

int as_run_slated(struct as_run *as_run, int64_t from, int64_t to)
{
    struct frame_spans *off_air = &as_run->off_air;
    const struct frame_span gap =
        off_air->count > 0 ? off_air->items[off_air->count - 1] : (struct frame_span){0};
    const struct frame_span slated = {.from = from > gap.from ? from : gap.from,
                                      .to = to < gap.to ? to : gap.to};
    if (slated.from >= slated.to) {
        return 0;
    }
    as_run->slated = slated;
    off_air->items[off_air->count - 1].to = slated.from;
    off_air->count -= gap.from == slated.from;
    return frame_spans_add(off_air, slated.to, gap.to);
}

static int add_part(struct as_run_record *record, const char *asset, int64_t from)
{
    if (record->part_count > 0 && strcmp(record->parts[record->part_count - 1].asset, asset) == 0) {
        return 0;
    }
    struct aired_part *grown = realloc(record->parts, (record->part_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    record->parts = grown;
    struct aired_part *part = &grown[record->part_count++];
    part->from = from;
    snprintf(part->asset, sizeof(part->asset), "%s", asset);
    return 0;
}

static int copy_text(char **to, const char *text)
{
    *to = text != NULL ? strdup(text) : NULL;
    return text != NULL && *to == NULL ? -ENOMEM : 0;
}

static bool has_reason(const struct as_run_record *record, const char *reason, size_t length)
{
    for (const char *at = record->reason, *next = NULL; at != NULL; at = next) {
        if (reasons_first(at, &next) == length && memcmp(at, reason, length) == 0) {
            return true;
        }
    }
    return false;
}

static int append_reason(struct as_run_record *record, const char *reason, size_t length)
{
    char *joined = NULL;
    if (has_reason(record, reason, length)) {
        return 0;
    }
    if (asprintf(&joined, "%s%s%.*s", record->reason != NULL ? record->reason : "",
                 record->reason != NULL ? REASONS_JOIN : "", (int)length, reason) < 0) {
        return -ENOMEM;
    }
    free(record->reason);
    record->reason = joined;
    return 0;
}

/* Appends what is not there yet. */
static int add_reason(struct as_run_record *record, const char *reason)
{
    int result = 0;
    for (const char *at = reason, *next = NULL; at != NULL && result == 0; at = next) {
        const size_t length = reasons_first(at, &next);
        result = append_reason(record, at, length);
    }
    return result;
}

/*
 * Why the event ended early: the operator's reason, or that of another plan.  Where the event is
 * of an order itself, only a later one has ended it: what was below goes on by itself.
 */
static int add_end_reason(struct as_run_record *record, const struct plan_amendment *order)
{
    if (order != NULL && order->id > record->amendment && order->reason != NULL) {
        return add_reason(record, order->reason);
    }
    return record->reason == NULL ? add_reason(record, _("cut short by a new plan")) : 0;
}

static int begin(struct as_run *as_run, const struct segment *segment)
{
    struct as_run_record *record = &as_run->current;
    const struct plan_event *event = segment->event;
    as_run->has_current = true;
    *record = (struct as_run_record){
        .kind = EVENT_SLATE, .start = segment->from, .planned_start = segment->from};
    if (event == NULL) {
        return 0;
    }
    record->seq = event->seq;
    record->kind = event->kind;
    record->amendment = event->amendment;
    record->planned_start = event->start;
    record->planned_duration = event->duration;
    snprintf(record->asset, sizeof(record->asset), "%s", event->asset);
    int result = copy_text(&record->house_number, event->house_number);
    result = copy_text(&record->title, event->title) < 0 ? -ENOMEM : result;
    result = copy_text(&record->instead_of, event->instead_of) < 0 ? -ENOMEM : result;
    return result;
}

/* A later revision says more, or takes back what is not so any more: an end by an order undone. */
static int plan_reason(struct as_run *as_run, const char *reason)
{
    free(as_run->planned_reason);
    return copy_text(&as_run->planned_reason, reason);
}

/* What the plan said comes first. */
static int put_planned_reason(struct as_run *as_run)
{
    struct as_run_record *record = &as_run->current;
    char *others = record->reason;
    record->reason = as_run->planned_reason;
    as_run->planned_reason = NULL;
    const int result = add_reason(record, others);
    free(others);
    return result;
}

static bool is_off_air_throughout(const struct as_run_record *record)
{
    return frame_spans_total(&record->interrupted) >= record->end - record->start;
}

/* `order`: of what follows, for it may say why the event ended early; NULL: none. */
static int end_current(struct as_run *as_run, const struct plan_amendment *order)
{
    struct as_run_record *record = &as_run->current;
    int result = put_planned_reason(as_run);
    if (frame_spans_add_within(&record->interrupted, &as_run->off_air, record->start, record->end) <
        0) {
        result = -ENOMEM;
    }
    if (frame_spans_add_within(&record->muted, &as_run->muted, record->start, record->end) < 0) {
        result = -ENOMEM;
    }
    if (record->seq == 0) {
        record->planned_duration = record->end - record->start;
    } else if (record->end < record->planned_start + record->planned_duration &&
               add_end_reason(record, order) < 0) {
        result = -ENOMEM;
    }
    if (record->interrupted.count > 0 && add_reason(record, _("off the air for a time")) < 0) {
        result = -ENOMEM;
    }
    /* A slate that nobody planned and nobody saw is no event. */
    if (record->seq != 0 || !is_off_air_throughout(record)) {
        const int written = as_run->sink->write(as_run->sink, record);
        result = written < 0 ? written : result;
    }
    frame_spans_forget(&as_run->off_air, record->end);
    frame_spans_forget(&as_run->muted, record->end);
    as_run_record_finish(record);
    as_run->has_current = false;
    return result;
}

static const char *substitution_reason(const struct journal *journal, int64_t seq, int64_t frame)
{
    const char *reason = NULL;
    for (size_t i = 0; i < journal->count && journal->entries[i].frame <= frame; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_SUBSTITUTE && entry->seq == seq && entry->from <= frame) {
            reason = entry->reason;
        }
    }
    return reason;
}

static int follow_segment(struct as_run *as_run, const struct segment *segment,
                          const struct journal *journal)
{
    const int64_t seq = segment->event != NULL ? segment->event->seq : 0;
    int result = 0;
    if (as_run->has_current && as_run->current.seq != seq) {
        result = end_current(as_run, segment->order);
    }
    if (!as_run->has_current && begin(as_run, segment) < 0) {
        result = -ENOMEM;
    }
    struct as_run_record *record = &as_run->current;
    record->end = segment->to;
    int failed = add_part(record, segment->asset, segment->from);
    if (segment->event != NULL) {
        failed |= plan_reason(as_run, segment->event->reason);
        if (strcmp(segment->asset, segment->event->asset) != 0) {
            failed |= add_reason(record, segment->is_slated
                                             ? _("the slate, for the clock was not synchronised")
                                             : substitution_reason(journal, seq, segment->from));
        }
    }
    return failed != 0 ? -ENOMEM : result;
}

/* The first frame of the next day of the station. */
static int64_t next_midnight(const struct zone *zone, int64_t frame)
{
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    civil.day++;
    civil.hour = 0;
    civil.minute = 0;
    civil.second = 0;
    const int64_t midnight = zone_from_civil(zone, &civil) * FRAMES_PER_SECOND;
    return midnight > frame ? midnight : frame + 86400 * FRAMES_PER_SECOND;
}

static size_t step_at(const struct history *history, int64_t frame)
{
    size_t i = history->count - 1;
    while (i > 0 && history->steps[i].frame > frame) {
        i--;
    }
    return i;
}

/* What is on the tape from the frontier on, up to `until` at most. */
static struct segment next_segment(const struct as_run *as_run, const struct history *history,
                                   struct piece *piece, int64_t until)
{
    const int64_t from = as_run->frontier;
    const struct frame_span *slated = &as_run->slated;
    const size_t i = step_at(history, from);
    const struct timeline *timeline = history->steps[i].timeline;
    timeline_piece(timeline, from, piece);
    const bool is_slated = slated->from <= from && from < slated->to;
    const int64_t ends[] = {
        piece->start + piece->length,
        i + 1 < history->count ? history->steps[i + 1].frame : until,
        from < slated->from ? slated->from
        : is_slated         ? slated->to
                            : until,
    };
    const struct plan *plan = timeline_plan(timeline);
    const struct plan_event *event = piece->event >= 0 ? &plan->events[piece->event] : NULL;
    struct segment segment = {
        .event = event,
        .order = plan_order(plan, event),
        .asset = is_slated ? "" : piece->asset,
        .is_slated = is_slated,
        .from = from,
        .to = until,
    };
    for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
        segment.to = ends[k] < segment.to ? ends[k] : segment.to;
    }
    return segment;
}

int as_run_advance(struct as_run *as_run, const struct history *history,
                   const struct journal *journal, int64_t until)
{
    int result = 0;
    while (as_run->frontier < until) {
        struct piece piece; /* what the segment's asset points into */
        struct segment segment = next_segment(as_run, history, &piece, until);
        const int64_t midnight = next_midnight(as_run->zone, segment.from);
        if (segment.event == NULL && midnight < segment.to) {
            segment.to = midnight;
        }
        int failed = follow_segment(as_run, &segment, journal);
        as_run->frontier = segment.to;
        if (segment.event == NULL && segment.to == midnight) { /* day by day */
            failed = end_current(as_run, NULL) < 0 ? -EIO : failed;
        }
        result = result == 0 ? failed : result;
    }
    return result;
}

int as_run_stop(struct as_run *as_run, int64_t frame)
{
    struct as_run_record *record = &as_run->current;
    if (!as_run->has_current || record->seq != 0 || frame <= record->start) {
        return 0;
    }
    record->end = frame < record->end ? frame : record->end;
    as_run->frontier = record->end;
    return end_current(as_run, NULL);
}

struct as_run_start as_run_resume(int64_t recorded, int64_t aired, int64_t now, int64_t event_start)
{
    const int64_t oldest = now - FORGOTTEN_FRAMES;
    if (recorded > now + FUTURE_FRAMES) {
        recorded = 0; /* written while the clock was wrong */
    }
    struct as_run_start start = {.frontier = recorded > oldest ? recorded : event_start};
    if (recorded <= oldest && aired > oldest && aired < event_start) {
        start.frontier = aired;
    }
    const int64_t silent = aired > oldest ? aired : start.frontier;
    if (silent < now) {
        start.off_air = (struct frame_span){
            .from = silent > start.frontier ? silent : start.frontier, .to = now};
    }
    if (aired > oldest && aired < start.frontier) {
        start.interruption =
            (struct frame_span){.from = aired, .to = now < start.frontier ? now : start.frontier};
    }
    if (start.off_air.from >= start.off_air.to) {
        start.off_air = (struct frame_span){0};
    }
    if (start.interruption.from >= start.interruption.to || recorded <= oldest) {
        start.interruption = (struct frame_span){0};
    }
    return start;
}
