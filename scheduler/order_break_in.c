/* SPDX-License-Identifier: MIT */
/* What lasts until the operator returns. */
#include "scheduler/order_work.h"

#include "playout/station.h"

#include <errno.h>

enum { OPEN_LEAST_FRAMES = 6 * 3600 * FRAMES_PER_SECOND };

int64_t order_open_end(const struct plan_amendment *order, const struct order_scene *scene)
{
    const int64_t now = order->from > scene->earliest ? order->from : scene->earliest;
    return order_day_end(scene, now + OPEN_LEAST_FRAMES);
}

/* Where a break-in ends by the plan, and the line below is joined. */
static int64_t find_end(const struct order_work *work, const struct order_content *content)
{
    const struct plan_amendment *order = work->order;
    const struct order_scene *scene = work->follow.scene;
    const bool is_joined = order_mode_of(order) != ORDER_START;
    const int64_t until =
        order->until == AMENDMENT_OPEN ? order_open_end(order, scene) : order->until;
    const int64_t end = line_end(work->line);
    int64_t at = until > order->from + EVENT_MIN_FRAMES ? until : order->from + EVENT_MIN_FRAMES;
    if (at >= end || at < scene->earliest) {
        return at < end ? at : end;
    }
    while (at < end) {
        at = is_joined ? line_first_entry(work->line, scene->cutter, at) : at;
        const struct line_event item = order_event(order, content, order->from, at);
        if (cutter_is_legal(scene->cutter, &item.event)) {
            return at;
        }
        at += scene->cutter->profile->join_grid_frames;
    }
    return end;
}

/* What comes again from its start when a break-in is over. */
static int restart_line(const struct order_work *work, int64_t at, struct line *rest)
{
    for (size_t i = work->index; i < work->line->count; i++) {
        const struct line_event *item = &work->line->items[i];
        const bool is_missed = item->event.is_fixed && item->event.start < at;
        if (!is_missed && line_append(rest, item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

/* True when the interrupted programme may come again at `at`. */
static bool may_restart(const struct order_work *work, int64_t at)
{
    const size_t now = line_find(work->line, at);
    const bool is_busy = now < work->line->count && work->line->items[now].event.is_fixed;
    const struct order_scene *scene = work->follow.scene;
    return !order_present(work)->is_fixed && !event_absorbs(order_present(work)) && !is_busy &&
           at < order_day_end(scene, work->order->from) &&
           order_limit(scene, work->line, at) >= at + EVENT_MIN_FRAMES;
}

static int restart(struct order_work *work)
{
    struct line rest = {0};
    int result = restart_line(work, work->follow.at, &rest);
    if (result == 0) {
        result = order_move(&work->follow, &rest, &work->order->over);
    }
    line_finish(&rest);
    return result;
}

int order_break_in(struct order_work *work)
{
    struct plan_amendment *order = work->order;
    const struct order_content content = order_looping_content(order);
    struct order_follow *follow = &work->follow;
    const bool is_open = order->until == AMENDMENT_OPEN;
    const int64_t end = find_end(work, &content);
    if (order_loop(follow, &content, end) < 0) {
        return -ENOMEM;
    }
    for (size_t i = follow->first; i < follow->result->count; i++) {
        follow->result->items[i].event.is_fixed = true;
        follow->result->items[i].is_break_in = true;
    }
    follow->first = follow->result->count;
    order->over = 0;
    if (is_open) {
        return order_join(follow, work->line);
    }
    order->until = end;
    return order_mode_of(order) == ORDER_START && may_restart(work, end)
               ? restart(work)
               : order_join(follow, work->line);
}
