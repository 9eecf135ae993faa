/* SPDX-License-Identifier: MIT */
/* What is on air ends, and fillers, or what comes next, air at once. */
#include "scheduler/order_work.h"

#include "playout/station.h"

#include <errno.h>

/*
 * The next programme after the present one, or line->count.  What only stands
 * in for a lesson is no reason to take a later one hours early.
 */
static size_t next_programme(const struct order_work *work)
{
    size_t next = line_group_end(work->line, work->index);
    while (next < work->line->count && !work->line->items[next].is_once &&
           event_absorbs(&work->line->items[next].event)) {
        if (event_lacks_lesson(&work->line->items[next].event)) {
            return work->line->count;
        }
        next++;
    }
    return next;
}

/* Up to `end` what is skipped must not come back, whatever becomes of what follows. */
static int follow_at_once(struct order_work *work, size_t next, int64_t end)
{
    const int64_t least = work->order->from + EVENT_MIN_FRAMES;
    struct line rest = {0};
    int result = 0;
    for (size_t i = next; result == 0 && i < work->line->count; i++) {
        result = line_append(&rest, &work->line->items[i]);
    }
    if (result == 0) {
        work->order->until = end > least ? end : least;
        result = order_move(&work->follow, &rest, &work->order->over);
    }
    line_finish(&rest);
    return result;
}

/* Up to `end`; what is inserted in what is skipped airs all the same. */
static int fill_around_insertions(struct order_work *work, int64_t end)
{
    struct order_follow *follow = &work->follow;
    for (size_t i = work->index + 1;
         i < work->line->count && event_end(&work->line->items[i].event) <= end; i++) {
        const struct line_event *item = &work->line->items[i];
        if (item->is_once && item->event.start >= follow->at) {
            if (order_end_at(follow, item->event.start) < 0 || order_append_own(work, item) < 0) {
                return -ENOMEM;
            }
            follow->first = follow->result->count; /* it is whole */
        }
    }
    return order_end_at(follow, end);
}

/*
 * The insertion on air ends, and what it would have left is as it would be.  The first event is
 * the order's, up to its end; `end` is that of the insertion, which must not come back.
 */
static int end_insertion(struct order_work *work, int64_t end)
{
    const struct order_end *left = work->follow.scene->end;
    const int64_t least = work->order->from + EVENT_MIN_FRAMES;
    const struct line *result = work->follow.result;
    if (order_join(&work->follow, &left->line) < 0) {
        return -ENOMEM;
    }
    work->order->until = end > least ? end : least;
    work->order->over = left->over;
    if (work->follow.first < result->count && !result->items[work->follow.first].is_once) {
        struct line_event *first = &result->items[work->follow.first];
        first->event.amendment = work->order->id;
        if (first->event.reason == NULL) {
            first->event.reason = work->order->reason;
        }
        first->is_kept = false;
        if (event_end(&first->event) > left->over) {
            work->order->over = event_end(&first->event);
        }
    }
    return 0;
}

int order_skip(struct order_work *work, int64_t end)
{
    const struct order_scene *scene = work->follow.scene;
    const size_t next = next_programme(work);
    work->order->over = 0;
    if (scene->end != NULL) {
        return end_insertion(work, end);
    }
    if (order_mode_of(work->order) == ORDER_FOLLOW && next < work->line->count &&
        !work->line->items[next].is_once &&
        work->line->items[next].event.start < order_limit(scene, work->line, work->order->from)) {
        return follow_at_once(work, next, end);
    }
    work->order->until = end;
    return fill_around_insertions(work, end) < 0 ? -ENOMEM : order_join(&work->follow, work->line);
}
