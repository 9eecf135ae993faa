/* SPDX-License-Identifier: MIT */
#include "scheduler/order_follow.h"

#include "playout/station.h"

#include <errno.h>
#include <string.h>

struct line_event order_event(const struct plan_amendment *order,
                              const struct order_content *content, int64_t start, int64_t end)
{
    return (struct line_event){.event = {.start = start,
                                         .duration = end - start,
                                         .kind = content->kind,
                                         .asset = content->asset,
                                         .house_number = content->house_number,
                                         .live = content->live,
                                         .title = content->title,
                                         .reason = order->reason,
                                         .amendment = order->id},
                               .group = -order->id};
}

static int append(struct order_follow *follow, const struct line_event *item)
{
    follow->at = event_end(&item->event);
    return line_append(follow->result, item);
}

/* --- Filling ------------------------------------------------------------------- */

static int append_slate(struct order_follow *follow, int64_t end)
{
    static const struct order_content slate = {.kind = EVENT_SLATE, .asset = ""};
    const struct line_event item = order_event(follow->order, &slate, follow->at, end);
    return append(follow, &item);
}

/*
 * Where looping content may end: at `end`, or so long before that slate fits
 * between; its start when nowhere near.
 */
static int64_t last_loop_end(const struct order_follow *follow, const struct plan_event *event)
{
    const struct cutter *cutter = follow->scene->cutter;
    const int64_t asset_frames = cutter->lengths->length(cutter->lengths, event->asset);
    const int64_t end = event_end(event);
    const int64_t lowest = end - 2 * asset_frames - 2 * cutter_least_piece(cutter->profile);
    if (asset_frames <= 0) {
        return event->start;
    }
    if (cutter_is_legal(cutter, event)) {
        return end;
    }
    for (int64_t at = end - EVENT_MIN_FRAMES; at > event->start && at > lowest;
         at -= cutter->profile->join_grid_frames) {
        if (cutter_may_end(cutter, event, at)) {
            return at;
        }
    }
    return event->start;
}

/* A lesson again and again, the last time cut. */
static int loop_lesson(struct order_follow *follow, const struct order_content *content,
                       int64_t end)
{
    const struct media_lengths *lengths = follow->scene->cutter->lengths;
    const int64_t length = lengths->length(lengths, content->asset);
    int result = 0;
    while (result == 0 && length > 0 && follow->at + EVENT_MIN_FRAMES <= end) {
        const int64_t start = follow->at;
        const struct line_event item = order_event(follow->order, content, start, start + length);
        result = append(follow, &item);
    }
    return result == 0 ? order_end_at(follow, end) : result;
}

int order_loop(struct order_follow *follow, const struct order_content *content, int64_t end)
{
    if (content->kind == EVENT_LESSON) {
        return loop_lesson(follow, content, end);
    }
    struct line_event item = order_event(follow->order, content, follow->at, end);
    if (follow->at >= end) {
        return 0;
    }
    const int64_t cut = last_loop_end(follow, &item.event);
    item.event.duration = cut - item.event.start;
    if (item.event.duration > 0 && append(follow, &item) < 0) {
        return -ENOMEM;
    }
    return cut < end ? append_slate(follow, end) : 0;
}

int order_fill(struct order_follow *follow, int64_t end)
{
    const struct order_scene *scene = follow->scene;
    struct order_content content = {.kind = EVENT_SLATE, .asset = ""};
    if (scene->fillers->filler_count > 0) {
        const struct library_asset *asset =
            scene->library != NULL ? library_get(scene->library, scene->fillers->fillers[0]) : NULL;
        content.kind = EVENT_FILLER;
        content.asset = scene->fillers->fillers[0];
        content.house_number = asset != NULL ? asset->house_number : NULL;
    }
    return order_loop(follow, &content, end);
}

/* --- Ends ---------------------------------------------------------------------- */

/* Where an event that crosses `end`, or stops short of it, is cut; its start when it must go. */
static int64_t cut_before(const struct order_follow *follow, const struct plan_event *event,
                          int64_t end)
{
    const struct cutter *cutter = follow->scene->cutter;
    if (event_end(event) > end && event->start + EVENT_MIN_FRAMES <= end &&
        cutter_may_end(cutter, event, end)) {
        return end;
    }
    if (event->start + 2 * EVENT_MIN_FRAMES > end) {
        return event->start;
    }
    const int64_t cut = cutter_last_end(cutter, event, end - EVENT_MIN_FRAMES);
    return cut >= event->start + EVENT_MIN_FRAMES ? cut : event->start;
}

int order_end_at(struct order_follow *follow, int64_t end)
{
    struct line *result = follow->result;
    while (result->count > follow->first) {
        struct line_event *last = &result->items[result->count - 1];
        if (event_end(&last->event) == end || event_end(&last->event) + EVENT_MIN_FRAMES <= end) {
            break;
        }
        const int64_t cut = cut_before(follow, &last->event, end);
        follow->at = cut;
        if (cut > last->event.start) {
            last->event.duration = cut - last->event.start;
            last->note.end = END_BY_FIXED;
            last->note.order = follow->order->id;
            last->note.late = 0;
            break;
        }
        result->count--;
    }
    return order_fill(follow, end);
}

/* --- Joining ------------------------------------------------------------------- */

int order_join(struct order_follow *follow, const struct line *source)
{
    const struct cutter *cutter = follow->scene->cutter;
    const int64_t asked = follow->at;
    if (follow->at >= line_end(source)) {
        return 0;
    }
    if (line_first_entry(source, cutter, follow->at) != follow->at) {
        const int64_t entry = line_first_entry(source, cutter, follow->at + EVENT_MIN_FRAMES);
        if (order_fill(follow, entry) < 0) {
            return -ENOMEM;
        }
    }
    return line_append_from(follow->result, source, follow->at, asked);
}

/* --- Moving -------------------------------------------------------------------- */

int64_t order_day_end(const struct order_scene *scene, int64_t frame)
{
    struct civil civil;
    zone_to_civil(scene->zone, (frame + EVENT_MIN_FRAMES) / FRAMES_PER_SECOND, &civil);
    const struct civil midnight = {.year = civil.year, .month = civil.month, .day = civil.day + 1};
    return zone_from_civil(scene->zone, &midnight) * FRAMES_PER_SECOND;
}

int64_t order_limit(const struct order_scene *scene, const struct line *line, int64_t frame)
{
    const int64_t midnight = order_day_end(scene, frame);
    for (size_t i = 0; i < line->count; i++) {
        const struct plan_event *event = &line->items[i].event;
        const bool is_next_day = event->start >= midnight && !event_absorbs(event);
        if (event->start >= frame && (event->is_fixed || is_next_day)) {
            return event->start;
        }
    }
    return line_end(line);
}

static int append_rest(struct order_follow *follow, const struct line *rest, size_t index)
{
    for (; index < rest->count; index++) {
        if (append(follow, &rest->items[index]) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

/*
 * What another order cut, at a time that has gone by, is cut there as was decided: here it is
 * moved to a time that is not decided, and must be cut where it may.
 */
static void cut_again(const struct order_follow *follow, struct line_event *item)
{
    const struct cutter *cutter = follow->scene->cutter;
    if (item->note.end == END_BY_ORDER && !cutter_is_legal(cutter, &item->event)) {
        const int64_t cut = cutter_last_end(cutter, &item->event, event_end(&item->event));
        item->event.duration = cut - item->event.start;
        item->note.late = 0;
    }
}

static int append_moved(struct order_follow *follow, const struct line_event *item)
{
    struct line_event moved = *item;
    moved.note.moved += follow->at - item->event.start;
    moved.note.order = follow->order->id;
    moved.event.start = follow->at;
    moved.event.amendment = follow->order->id;
    moved.is_kept = false;
    cut_again(follow, &moved);
    return moved.event.duration > 0 ? append(follow, &moved) : 0;
}

/* A filler that begins where the result ends. */
static int append_looped(struct order_follow *follow, const struct line_event *item)
{
    struct line_event looped = *item;
    looped.event.start = follow->at;
    looped.event.duration = event_end(&item->event) - follow->at;
    looped.event.in_point = 0;
    looped.is_kept = false;
    return append(follow, &looped);
}

static bool may_begin_at(const struct order_follow *follow, const struct plan_event *event,
                         int64_t frame)
{
    struct plan_event looped = *event;
    looped.start = frame;
    looped.duration = event_end(event) - frame;
    looped.in_point = 0;
    return event_is_cut_anywhere(event) && cutter_is_legal(follow->scene->cutter, &looped);
}

enum taken { TAKEN, NOT_TAKEN };

/*
 * A filler takes up the difference between where the result ends and where
 * it should: TAKEN, NOT_TAKEN when it is too short, or -ENOMEM.
 */
static int absorb(struct order_follow *follow, const struct line_event *item)
{
    const int64_t end = event_end(&item->event);
    if (follow->at >= end) {
        return NOT_TAKEN;
    }
    if (end - follow->at < EVENT_MIN_FRAMES) { /* never early: a moment late instead */
        return append_slate(follow, follow->at + EVENT_MIN_FRAMES) < 0 ? -ENOMEM : NOT_TAKEN;
    }
    /* the slate at the end of a slot is a remnant: a gap before it is for fillers */
    const bool is_remnant = item->event.asset[0] == '\0' &&
                            follow->scene->fillers->filler_count > 0 &&
                            follow->at < item->event.start;
    if (!is_remnant && may_begin_at(follow, &item->event, follow->at)) {
        return append_looped(follow, item) < 0 ? -ENOMEM : TAKEN;
    }
    if (follow->at < item->event.start) {
        if (order_end_at(follow, item->event.start) < 0) {
            return -ENOMEM;
        }
        return append(follow, item) < 0 ? -ENOMEM : TAKEN;
    }
    struct line_event copy = *item;
    const struct line alone = {.items = &copy, .count = 1};
    if (order_join(follow, &alone) < 0) {
        return -ENOMEM;
    }
    follow->at = line_end(follow->result);
    return TAKEN;
}

int order_move(struct order_follow *follow, const struct line *rest, int64_t *over)
{
    const int64_t limit = order_limit(follow->scene, rest, follow->at);
    size_t i = 0;
    int taken = NOT_TAKEN;
    for (; i < rest->count && taken == NOT_TAKEN; i++) {
        const struct line_event *item = &rest->items[i];
        if (item->event.start == follow->at || item->event.start >= limit) {
            break;
        }
        if (!event_absorbs(&item->event)) {
            taken = append_moved(follow, item) < 0 ? -ENOMEM : NOT_TAKEN;
        } else {
            taken = absorb(follow, item);
        }
    }
    if (taken < 0) {
        return taken;
    }
    const int64_t next = i < rest->count ? rest->items[i].event.start : line_end(rest);
    *over = next;
    if (follow->at != next && order_end_at(follow, next) < 0) {
        return -ENOMEM;
    }
    return append_rest(follow, rest, i);
}
