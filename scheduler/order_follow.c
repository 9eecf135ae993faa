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
                                         .amendment = order->id,
                                         .item_of = content->is_item ? order->id : 0},
                               .group = -order->id};
}

static int append(struct order_follow *follow, const struct line_event *item)
{
    follow->at = event_end(&item->event);
    return line_append(follow->result, item);
}

/* --- Filling ------------------------------------------------------------------- */

static int end_before(struct order_follow *follow, int64_t end, int64_t least_rest);

static const struct order_content slate_content = {.kind = EVENT_SLATE, .asset = ""};

/* The first filler; the slate when there is none. */
static struct order_content filler_of(const struct order_follow *follow)
{
    const struct order_scene *scene = follow->scene;
    if (scene->fillers->filler_count == 0) {
        return slate_content;
    }
    const struct library_asset *asset =
        scene->library != NULL ? library_get(scene->library, scene->fillers->fillers[0]) : NULL;
    return (struct order_content){.kind = EVENT_FILLER,
                                  .asset = scene->fillers->fillers[0],
                                  .house_number = asset != NULL ? asset->house_number : NULL};
}

static int append_content(struct order_follow *follow, const struct order_content *content,
                          int64_t end)
{
    const struct line_event item = order_event(follow->order, content, follow->at, end);
    return append(follow, &item);
}

static bool may_fill(const struct order_follow *follow, const struct order_content *content,
                     int64_t start, int64_t end)
{
    const struct line_event item = order_event(follow->order, content, start, end);
    return cutter_is_legal(follow->scene->cutter, &item.event);
}

/*
 * Where looping content may end: at `end`, or so long before that `rest` fits
 * between; its start when nowhere near.
 */
static int64_t last_loop_end(const struct order_follow *follow, const struct plan_event *event,
                             const struct order_content *rest)
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
        if (cutter_may_end(cutter, event, at) && may_fill(follow, rest, at, end)) {
            return at;
        }
    }
    return event->start;
}

/* A lesson again and again, the last time cut so that a filler fits behind it. */
static int loop_lesson(struct order_follow *follow, const struct order_content *content,
                       int64_t end)
{
    const struct media_lengths *lengths = follow->scene->cutter->lengths;
    const int64_t length = lengths->length(lengths, content->asset);
    int result = 0;
    while (result == 0 && length > 0 && follow->at + EVENT_MIN_FRAMES <= end) {
        result = append_content(follow, content, follow->at + length);
    }
    const bool has_fillers = follow->scene->fillers->filler_count > 0;
    const int64_t least_rest =
        has_fillers ? cutter_least_piece(follow->scene->cutter->profile) : EVENT_MIN_FRAMES;
    return result == 0 ? end_before(follow, end, least_rest) : result;
}

int order_loop(struct order_follow *follow, const struct order_content *content, int64_t end)
{
    if (content->kind == EVENT_LESSON) {
        return loop_lesson(follow, content, end);
    }
    if (follow->at >= end) {
        return 0;
    }
    struct order_content rest = filler_of(follow);
    const struct line_event item = order_event(follow->order, content, follow->at, end);
    int64_t cut = last_loop_end(follow, &item.event, &rest);
    if (cut == follow->at) {
        rest = slate_content;
        cut = last_loop_end(follow, &item.event, &rest);
    }
    if (cut > follow->at && append_content(follow, content, cut) < 0) {
        return -ENOMEM;
    }
    return cut < end ? append_content(follow, &rest, end) : 0;
}

int order_fill(struct order_follow *follow, int64_t end)
{
    const struct order_content filler = filler_of(follow);
    return order_loop(follow, &filler, end);
}

/* --- Ends ---------------------------------------------------------------------- */

/*
 * Where an event that crosses `end`, or stops short of it by less than
 * `least_rest`, is cut; its start when it must go.
 */
static int64_t cut_before(const struct order_follow *follow, const struct plan_event *event,
                          int64_t end, int64_t least_rest)
{
    const struct cutter *cutter = follow->scene->cutter;
    if (event_end(event) > end && event->start + EVENT_MIN_FRAMES <= end &&
        cutter_may_end(cutter, event, end)) {
        return end;
    }
    if (event->start + EVENT_MIN_FRAMES + least_rest > end) {
        return event->start;
    }
    const int64_t cut = cutter_last_end(cutter, event, end - least_rest);
    return cut >= event->start + EVENT_MIN_FRAMES ? cut : event->start;
}

static int end_before(struct order_follow *follow, int64_t end, int64_t least_rest)
{
    struct line *result = follow->result;
    while (result->count > follow->first) {
        struct line_event *last = &result->items[result->count - 1];
        if (event_end(&last->event) == end || event_end(&last->event) + least_rest <= end) {
            break;
        }
        const int64_t cut = cut_before(follow, &last->event, end, least_rest);
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

int order_end_at(struct order_follow *follow, int64_t end)
{
    return end_before(follow, end, EVENT_MIN_FRAMES);
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

int order_put_off(struct order_follow *follow, const struct line_event *item)
{
    struct line_event moved = *item;
    moved.note.moved += follow->at - item->event.start;
    moved.note.order = follow->order->id;
    moved.event.start = follow->at;
    if (!item->is_once) { /* an insertion stays that of its own order */
        moved.event.amendment = follow->order->id;
    }
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

/* A moment is left before the event at `index`: a filler begins then, all else in time or late. */
static bool takes_moment(const struct order_follow *follow, const struct line *rest, size_t index)
{
    const struct line_event *item = index < rest->count ? &rest->items[index] : NULL;
    return item != NULL && !item->is_once && event_absorbs(&item->event) &&
           item->event.asset[0] != '\0' && may_begin_at(follow, &item->event, follow->at);
}

/*
 * A filler takes up the difference between where the result ends and where
 * it should: TAKEN, NOT_TAKEN when it is too short, or -ENOMEM.
 */
static int absorb(struct order_follow *follow, const struct line *rest, size_t index)
{
    const struct line_event *item = &rest->items[index];
    const int64_t end = event_end(&item->event);
    if (follow->at >= end) {
        return NOT_TAKEN;
    }
    if (end - follow->at < EVENT_MIN_FRAMES) { /* never early: a moment late instead */
        const bool is_taken = takes_moment(follow, rest, index + 1);
        return !is_taken && order_fill(follow, follow->at + EVENT_MIN_FRAMES) < 0 ? -ENOMEM
                                                                                  : NOT_TAKEN;
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
        const bool has_time = item->is_once && item->event.start > follow->at;
        if (item->event.start == follow->at || item->event.start >= limit || has_time) {
            break;
        }
        if (item->is_once || !event_absorbs(&item->event)) {
            taken = order_put_off(follow, item) < 0 ? -ENOMEM : NOT_TAKEN;
        } else {
            taken = absorb(follow, rest, i);
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
