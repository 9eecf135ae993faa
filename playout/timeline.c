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
    char asset[SHA256_HEX_SIZE];
};

struct shared_plan {
    atomic_int references;
    struct plan *plan;
    uint32_t *programmes; /* number of the programme of each event */
    size_t programme_count;
};

struct timeline {
    atomic_int references;
    struct shared_plan *shared; /* NULL: no plan */
    struct span *spans;         /* without gaps, from 0 to ENDLESS */
    size_t span_count;
};

static void release_plan(struct shared_plan *shared)
{
    if (shared != NULL && atomic_fetch_sub(&shared->references, 1) == 1) {
        plan_destroy(shared->plan);
        free(shared->programmes);
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
        free(timeline->spans);
        free(timeline);
    }
}

static struct timeline *create(size_t span_count)
{
    struct timeline *timeline = calloc(1, sizeof(*timeline));
    if (timeline == NULL) {
        return NULL;
    }
    atomic_init(&timeline->references, 1);
    timeline->spans = calloc(span_count, sizeof(timeline->spans[0]));
    if (timeline->spans == NULL) {
        free(timeline);
        return NULL;
    }
    return timeline;
}

struct timeline *timeline_create_empty(int64_t slate_frames)
{
    struct timeline *timeline = create(1);
    if (timeline != NULL) {
        timeline->spans[0] =
            (struct span){.end = ENDLESS, .asset_frames = slate_frames, .event = -1};
        timeline->span_count = 1;
    }
    return timeline;
}

static struct shared_plan *share(struct plan *plan)
{
    struct shared_plan *shared = calloc(1, sizeof(*shared));
    if (shared == NULL) {
        return NULL;
    }
    atomic_init(&shared->references, 1);
    shared->programmes = calloc(plan->event_count + 1, sizeof(shared->programmes[0]));
    if (shared->programmes == NULL) {
        free(shared);
        return NULL;
    }
    for (size_t i = 0; i < plan->event_count; i++) {
        const bool is_new = i == 0 || plan->events[i].programme != plan->events[i - 1].programme;
        shared->programme_count += is_new;
        shared->programmes[i] = (uint32_t)(shared->programme_count - 1);
    }
    shared->plan = plan;
    return shared;
}

static void fill_spans(struct timeline *timeline, const struct plan *plan,
                       const struct media_lengths *lengths)
{
    const int64_t slate = lengths->length(lengths, "");
    struct span *span = timeline->spans;
    int64_t end = 0;
    if (plan->event_count > 0) {
        end = plan->events[0].start;
    }
    *span++ = (struct span){.end = end, .asset_frames = slate, .event = -1};
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        *span = (struct span){.start = event->start,
                              .end = event->start + event->duration,
                              .in_point = event->in_point,
                              .asset_frames = lengths->length(lengths, event->asset),
                              .event = (ptrdiff_t)i};
        memcpy(span->asset, event->asset, sizeof(span->asset));
        end = span->end;
        span++;
    }
    *span++ = (struct span){.start = end, .end = ENDLESS, .asset_frames = slate, .event = -1};
    timeline->span_count = (size_t)(span - timeline->spans);
}

struct timeline *timeline_create(struct plan *plan, const struct media_lengths *lengths)
{
    struct timeline *timeline = create(plan->event_count + 2);
    if (timeline != NULL) {
        timeline->shared = share(plan);
    }
    if (timeline == NULL || timeline->shared == NULL) {
        timeline_unref(timeline);
        plan_destroy(plan);
        return NULL;
    }
    fill_spans(timeline, plan, lengths);
    return timeline;
}

static bool is_substituted(const struct timeline *timeline, const struct span *span, int64_t seq,
                           int64_t from)
{
    return span->event >= 0 && timeline->shared->plan->events[span->event].seq == seq &&
           span->end > from;
}

struct timeline *timeline_substitute(const struct timeline *timeline, int64_t seq, int64_t from,
                                     const char *asset, const struct media_lengths *lengths)
{
    struct timeline *fresh = create(timeline->span_count + 1);
    if (fresh == NULL) {
        return NULL;
    }
    fresh->shared = timeline->shared;
    if (fresh->shared != NULL) {
        atomic_fetch_add(&fresh->shared->references, 1);
    }
    bool is_done = false;
    for (size_t i = 0; i < timeline->span_count; i++) {
        struct span span = timeline->spans[i];
        if (!is_substituted(timeline, &span, seq, from)) {
            fresh->spans[fresh->span_count++] = span;
            continue;
        }
        if (span.start < from) {
            fresh->spans[fresh->span_count] = span;
            fresh->spans[fresh->span_count++].end = from;
            span.start = from;
        }
        if (is_done) { /* a second part of the same event: the first one reaches to its end */
            fresh->spans[fresh->span_count - 1].end = span.end;
            continue;
        }
        span.in_point = 0;
        span.asset_frames = lengths->length(lengths, asset);
        snprintf(span.asset, sizeof(span.asset), "%s", asset);
        fresh->spans[fresh->span_count++] = span;
        is_done = true;
    }
    return fresh;
}

static const struct span *find_span(const struct timeline *timeline, int64_t frame)
{
    size_t low = 0;
    size_t high = timeline->span_count - 1;
    while (low < high) {
        const size_t middle = (low + high + 1) / 2;
        if (timeline->spans[middle].start <= frame) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return &timeline->spans[low];
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
    const int64_t number =
        at >= last_start ? last : at < first ? 0 : (at - first) / asset_frames + 1;
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
    const struct span *span = find_span(timeline, frame);
    *piece = (struct piece){.start = span->start,
                            .length = span->end - span->start,
                            .in_point = span->in_point,
                            .event = span->event};
    memcpy(piece->asset, span->asset, sizeof(piece->asset));
    piece_cut(piece, span->asset_frames, frame);
}

const struct plan *timeline_plan(const struct timeline *timeline)
{
    return timeline->shared != NULL ? timeline->shared->plan : NULL;
}

int64_t timeline_programme(const struct timeline *timeline, int64_t frame)
{
    const struct span *span = find_span(timeline, frame);
    if (span->event >= 0) {
        return timeline->shared->programmes[span->event];
    }
    const bool is_after = timeline->shared != NULL && span->start > 0;
    return is_after ? (int64_t)timeline->shared->programme_count : -1;
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
