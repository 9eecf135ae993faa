/* SPDX-License-Identifier: MIT */
#include "playout/timeline.h"

#include "playout/station.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Far beyond any day on air, with room for sums. */
#define ENDLESS (INT64_MAX / 4)

/* A stretch of one asset, looped where it is longer than the asset. */
struct span {
    int64_t start;
    int64_t end;
    int64_t in_point;
    int64_t asset_frames; /* 0: unknown; then it never loops */
    ptrdiff_t event;
    const char *asset;
};

/* From `from` on, an event is this asset instead. */
struct substitution {
    ptrdiff_t event;
    int64_t from;
    int64_t asset_frames;
    char asset[SHA256_HEX_SIZE];
};

/* What the time lines of one plan have in common. */
struct shared_plan {
    atomic_int references;
    struct plan *plan;
    uint32_t *programmes;   /* number of the programme of each event */
    uint32_t *asset_frames; /* length of the asset of each event */
    size_t programme_count;
    uint32_t *short_programmes; /* of them; numbers */
    size_t short_count;
};

struct timeline {
    atomic_int references;
    struct shared_plan *shared; /* NULL: no plan */
    int64_t slate_frames;
    struct substitution *substitutions; /* the later ones prevail */
    size_t substitution_count;
};

static void release_plan(struct shared_plan *shared)
{
    if (shared != NULL && atomic_fetch_sub(&shared->references, 1) == 1) {
        plan_destroy(shared->plan);
        free(shared->programmes);
        free(shared->asset_frames);
        free(shared->short_programmes);
        free(shared);
    }
}

struct timeline *timeline_ref(struct timeline *timeline)
{
    atomic_fetch_add(&timeline->references, 1);
    return timeline;
}

void timeline_unref(struct timeline *timeline)
{
    if (timeline != NULL && atomic_fetch_sub(&timeline->references, 1) == 1) {
        release_plan(timeline->shared);
        free(timeline->substitutions);
        free(timeline);
    }
}

struct timeline *timeline_create_empty(int64_t slate_frames)
{
    struct timeline *timeline = calloc(1, sizeof(*timeline));
    if (timeline != NULL) {
        atomic_init(&timeline->references, 1);
        timeline->slate_frames = slate_frames;
    }
    return timeline;
}

/* Neighbours that are not in the EPG are one gap in it. */
static bool is_same_programme(const struct plan_event *a, const struct plan_event *b)
{
    return a->programme == b->programme || (a->title == NULL && b->title == NULL);
}

/* Those that last a second or less; a frame more, for what rounding does to a second. */
static void note_short(struct shared_plan *shared, const struct plan *plan)
{
    for (size_t first = 0, end = 0; first < plan->event_count; first = end) {
        int64_t length = 0;
        for (end = first;
             end < plan->event_count && shared->programmes[end] == shared->programmes[first];
             end++) {
            length += plan->events[end].duration;
        }
        if (length <= FRAMES_PER_SECOND + 1) {
            shared->short_programmes[shared->short_count++] = shared->programmes[first];
        }
    }
}

/* Takes the plan over when it succeeds. */
static struct shared_plan *share(struct plan *plan, const struct media_lengths *lengths)
{
    struct shared_plan *shared = calloc(1, sizeof(*shared));
    if (shared == NULL) {
        return NULL;
    }
    atomic_init(&shared->references, 1);
    shared->programmes = calloc(plan->event_count + 1, sizeof(shared->programmes[0]));
    shared->asset_frames = calloc(plan->event_count + 1, sizeof(shared->asset_frames[0]));
    shared->short_programmes = calloc(plan->event_count + 1, sizeof(shared->short_programmes[0]));
    if (shared->programmes == NULL || shared->asset_frames == NULL ||
        shared->short_programmes == NULL) {
        release_plan(shared);
        return NULL;
    }
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_new = i == 0 || !is_same_programme(&event[-1], event);
        shared->programme_count += is_new;
        shared->programmes[i] = (uint32_t)(shared->programme_count - 1);
        shared->asset_frames[i] = (uint32_t)lengths->length(lengths, event->asset);
    }
    note_short(shared, plan);
    shared->plan = plan;
    return shared;
}

struct timeline *timeline_create(struct plan *plan, const struct media_lengths *lengths)
{
    struct timeline *timeline = timeline_create_empty(lengths->length(lengths, ""));
    if (timeline != NULL) {
        timeline->shared = share(plan, lengths);
    }
    if (timeline == NULL || timeline->shared == NULL) {
        timeline_unref(timeline);
        plan_destroy(plan);
        return NULL;
    }
    return timeline;
}

static ptrdiff_t find_seq(const struct timeline *timeline, int64_t seq)
{
    const struct plan *plan = timeline_plan(timeline);
    for (size_t i = 0; plan != NULL && i < plan->event_count; i++) {
        if (plan->events[i].seq == seq) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

struct timeline *timeline_substitute(const struct timeline *timeline, int64_t seq, int64_t from,
                                     const char *asset, const struct media_lengths *lengths)
{
    struct timeline *fresh = timeline_create_empty(timeline->slate_frames);
    if (fresh == NULL) {
        return NULL;
    }
    const size_t count = timeline->substitution_count;
    fresh->substitutions = calloc(count + 1, sizeof(fresh->substitutions[0]));
    if (fresh->substitutions == NULL) {
        timeline_unref(fresh);
        return NULL;
    }
    fresh->shared = timeline->shared;
    if (fresh->shared != NULL) {
        atomic_fetch_add(&fresh->shared->references, 1);
    }
    if (count > 0) {
        memcpy(fresh->substitutions, timeline->substitutions, count * sizeof(struct substitution));
    }
    fresh->substitution_count = count;
    const ptrdiff_t event = find_seq(timeline, seq);
    if (event >= 0) {
        struct substitution *added = &fresh->substitutions[fresh->substitution_count++];
        added->event = event;
        added->from = from;
        added->asset_frames = lengths->length(lengths, asset);
        snprintf(added->asset, sizeof(added->asset), "%s", asset);
    }
    return fresh;
}

/* The stretch of an event on air at `frame`, after all substitutions. */
static struct span span_of_event(const struct timeline *timeline, ptrdiff_t index, int64_t frame)
{
    const struct plan_event *event = &timeline->shared->plan->events[index];
    const int64_t end = event->start + event->duration;
    struct span span = {.start = event->start,
                        .end = end,
                        .in_point = event->in_point,
                        .asset_frames = timeline->shared->asset_frames[index],
                        .event = index,
                        .asset = event->asset};
    for (size_t i = 0; i < timeline->substitution_count; i++) {
        const struct substitution *other = &timeline->substitutions[i];
        const int64_t from = other->from > event->start ? other->from : event->start;
        if (other->event != index || from >= end) {
            continue;
        }
        if (frame >= from) {
            span = (struct span){.start = from,
                                 .end = end,
                                 .asset_frames = other->asset_frames,
                                 .event = index,
                                 .asset = other->asset};
        } else {
            span.end = from < span.end ? from : span.end;
        }
    }
    return span;
}

static struct span find_span(const struct timeline *timeline, int64_t frame)
{
    const struct plan *plan = timeline_plan(timeline);
    struct span slate = {
        .end = ENDLESS, .asset_frames = timeline->slate_frames, .event = -1, .asset = ""};
    if (plan == NULL || plan->event_count == 0) {
        return slate;
    }
    const ptrdiff_t index = plan_find(plan, frame);
    if (index >= 0) {
        return span_of_event(timeline, index, frame);
    }
    const struct plan_event *last = &plan->events[plan->event_count - 1];
    if (frame < plan->events[0].start) {
        slate.end = plan->events[0].start;
    } else {
        slate.start = last->start + last->duration;
    }
    return slate;
}

void piece_cut(struct piece *piece, int64_t asset_frames, int64_t frame)
{
    const int64_t first = asset_frames - piece->in_point;
    if (asset_frames <= 0 || first <= 0 || piece->length <= first) {
        return;
    }
    /* Boundaries, from the start: 0, first, first + asset, first + 2 asset ... */
    const int64_t at = frame - piece->start;
    const int64_t last = (piece->length - first - 1) / asset_frames + 1; /* number of the last */
    int64_t last_start = first + (last - 1) * asset_frames;
    if (last_start > piece->length - EVENT_MIN_FRAMES) {
        last_start = piece->length - EVENT_MIN_FRAMES;
    }
    const int64_t number = at >= last_start ? last
                           : at < first     ? 0
                                            : (at - first) / asset_frames + 1;
    const int64_t start = number == 0      ? 0
                          : number == last ? last_start
                                           : first + (number - 1) * asset_frames;
    const int64_t end = number == last       ? piece->length
                        : number == last - 1 ? last_start
                                             : first + number * asset_frames;
    piece->start += start;
    piece->length = end - start;
    piece->in_point = number == 0 ? piece->in_point : 0;
}

void timeline_piece(const struct timeline *timeline, int64_t frame, struct piece *piece)
{
    const struct span span = find_span(timeline, frame);
    *piece = (struct piece){.start = span.start,
                            .length = span.end - span.start,
                            .in_point = span.in_point,
                            .event = span.event};
    memcpy(piece->asset, span.asset, strlen(span.asset) + 1);
    piece_cut(piece, span.asset_frames, frame);
}

const struct plan *timeline_plan(const struct timeline *timeline)
{
    return timeline->shared != NULL ? timeline->shared->plan : NULL;
}

int64_t timeline_programme(const struct timeline *timeline, int64_t frame)
{
    const struct plan *plan = timeline_plan(timeline);
    if (plan == NULL || plan->event_count == 0 || frame < plan->events[0].start) {
        return -1;
    }
    const ptrdiff_t index = plan_find(plan, frame);
    return index >= 0 ? timeline->shared->programmes[index]
                      : (int64_t)timeline->shared->programme_count;
}

const uint32_t *timeline_short_programmes(const struct timeline *timeline, size_t *count)
{
    *count = timeline->shared != NULL ? timeline->shared->short_count : 0;
    return timeline->shared != NULL ? timeline->shared->short_programmes : NULL;
}

bool timeline_programme_events(const struct timeline *timeline, int64_t n, size_t *first,
                               size_t *end)
{
    if (timeline->shared == NULL || n < 0 || n >= (int64_t)timeline->shared->programme_count) {
        return false;
    }
    /* Programme numbers rise by at most one from event to event. */
    const uint32_t *programmes = timeline->shared->programmes;
    size_t low = (size_t)n;
    size_t high = timeline->shared->plan->event_count - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (programmes[middle] < n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    while (low < timeline->shared->plan->event_count && programmes[low] == n) {
        low++;
    }
    *end = low;
    return true;
}
