/* SPDX-License-Identifier: MIT */
#include "scheduler/order.h"

#include "playout/station.h"
#include "scheduler/order_work.h"

#include <errno.h>
#include <string.h>

enum order_mode order_mode_of(const struct plan_amendment *order)
{
    enum order_mode mode = ORDER_JOIN;
    (void)order_mode_parse(order->mode, &mode);
    return mode;
}

bool event_absorbs(const struct plan_event *event)
{
    return !event->is_fixed &&
           (event->kind == EVENT_FILLER || event->kind == EVENT_CARD || event->kind == EVENT_SLATE);
}

bool event_lacks_lesson(const struct plan_event *event)
{
    return event->instead_of != NULL && event->is_for_lesson;
}

size_t line_group_end(const struct line *line, size_t index)
{
    const int64_t group = line->items[index].group;
    size_t end = index + 1;
    while (group != 0 && end < line->count && line->items[end].group == group) {
        end++;
    }
    return end;
}

/* --- What airs in the time of an order ------------------------------------------- */

static bool repeats_lesson(const struct plan_amendment *order)
{
    return order_mode_of(order) == ORDER_LOOP || order_mode_of(order) == ORDER_PUSH_LOOP;
}

struct order_content order_looping_content(const struct plan_amendment *order)
{
    struct order_content content = {.kind = EVENT_SLATE,
                                    .asset = "",
                                    .house_number = order->house_number,
                                    .live = order->live,
                                    .title = order->title,
                                    .is_item = true};
    if (order->live != NULL) {
        content.kind = EVENT_LIVE;
    } else if (order->asset != NULL) {
        content.kind = repeats_lesson(order) ? EVENT_LESSON : EVENT_FILLER;
        content.asset = order->asset;
    }
    return content;
}

/* An asset that airs once. */
static struct order_content whole_content(const struct plan_amendment *order,
                                          const struct order_scene *scene)
{
    const char *asset = order->asset != NULL ? order->asset : "";
    const struct library_asset *known =
        scene->library != NULL ? library_get(scene->library, asset) : NULL;
    const bool is_lesson = known == NULL || known->kind == ASSET_LESSON;
    return (struct order_content){.kind = is_lesson ? EVENT_LESSON : EVENT_FILLER,
                                  .asset = asset,
                                  .house_number = order->house_number,
                                  .title = order->title,
                                  .is_item = true};
}

/* --- Where an order begins --------------------------------------------------------- */

static bool may_leave_at(const struct order_scene *scene, const struct plan_event *event,
                         int64_t frame)
{
    const struct cutter *cutter = scene->cutter;
    return cutter_may_end(cutter, event, frame) &&
           (event->start >= scene->earliest ||
            event_keeps_pieces(event, frame - event->start, scene->earliest, cutter->lengths));
}

/* A notice would begin anew behind what pushes it: it airs to its end first, once. */
static bool is_awaited(const struct line_event *item, const struct plan_amendment *order)
{
    return item->is_once && event_absorbs(&item->event) && order_pushes(order) &&
           strcmp(order->kind, order_kind_name(ORDER_INSERT)) == 0;
}

/* The first frame >= order->from at which the event on air then may end. */
static int64_t find_start(const struct line *line, const struct plan_amendment *order,
                          const struct order_scene *scene)
{
    const size_t index = line_find(line, order->from);
    int64_t cut = order->from;
    if (index == line->count || line->items[index].event.start == cut || cut < scene->earliest) {
        return cut; /* between events, or decided already */
    }
    const struct plan_event *event = &line->items[index].event;
    if (is_awaited(&line->items[index], order)) {
        return event_end(event);
    }
    while (cut < event_end(event) && !may_leave_at(scene, event, cut)) {
        cut =
            cutter_first_end(scene->cutter, event, cut + scene->cutter->profile->join_grid_frames);
    }
    return cut;
}

/* Copies what the line airs before the order; the index of what it airs then. */
static int copy_before(struct line *result, const struct line *line,
                       const struct plan_amendment *order, size_t *index)
{
    const int64_t cut = order->from;
    size_t i = 0;
    for (; i < line->count && line->items[i].event.start < cut; i++) {
        struct line_event item = line->items[i];
        if (event_end(&item.event) > cut) {
            item.event.duration = cut - item.event.start;
            item.note.end = END_BY_ORDER;
            item.note.order = order->id;
            item.note.late = order->asked != 0 ? cut - order->asked : 0;
        } else if (event_end(&item.event) == cut && item.note.end == END_BY_ORDER) {
            item.note.order = order->id; /* which takes the place of the one that cut it there */
        }
        if (line_append(result, &item) < 0) {
            return -ENOMEM;
        }
    }
    *index = i > 0 && event_end(&line->items[i - 1].event) > cut ? i - 1 : i;
    return 0;
}

/* --- Insert and extend ---------------------------------------------------------------- */

enum { RESUME_WITHIN_FRAMES = 10 * FRAMES_PER_SECOND };

/* Where an interrupted lesson goes on: as near as may be before the cut, or else after it. */
static int64_t find_resume(const struct order_work *work)
{
    const struct plan_event *event = order_present(work);
    const int64_t cut = work->order->from;
    for (int64_t late = (cut - event->start) / GOP_FRAMES * GOP_FRAMES;
         late > 0 && late > cut - event->start - RESUME_WITHIN_FRAMES; late -= GOP_FRAMES) {
        const struct plan_event joined = cutter_joined(event, event->start + late);
        if (cutter_is_legal(work->follow.scene->cutter, &joined)) {
            return event->start + late;
        }
    }
    return cutter_first_entry(work->follow.scene->cutter, event, cut);
}

static int push(struct order_work *work)
{
    struct line rest = {0};
    const bool is_split = order_present(work)->start < work->order->from;
    const bool goes_on = is_split && !event_absorbs(order_present(work));
    const int64_t from = goes_on ? find_resume(work) : order_present(work)->start;
    int result = line_append_from(&rest, work->line, from, from);
    if (result == 0) {
        result = order_move(&work->follow, &rest, &work->order->over);
    }
    line_finish(&rest);
    return result;
}

/*
 * What was inserted for a time that this order takes comes whole after it, or not at all where it
 * has no room: a rest of it would be of no use to anybody.
 */
static int put_off_covered(struct order_work *work, int64_t limit)
{
    struct order_follow *follow = &work->follow;
    for (size_t i = work->index;
         i < work->line->count && work->line->items[i].event.start < follow->at; i++) {
        const struct line_event *item = &work->line->items[i];
        const int64_t end = event_end(&item->event);
        int result = 0;
        if (!item->is_once || item->event.start < work->order->from) {
            continue;
        }
        if (follow->at + item->event.duration <= limit) {
            result = order_put_off(follow, item);
            work->order->over = follow->at;
        } else if (end <= limit && end - follow->at >= EVENT_MIN_FRAMES) {
            result = order_fill(follow, end);
        }
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* The events of the order have been appended. */
static int go_on(struct order_work *work, int64_t limit)
{
    struct order_follow *follow = &work->follow;
    const bool is_interrupted = order_present(work)->start < work->order->from;
    if (follow->at > limit || (follow->at < limit && limit - follow->at < EVENT_MIN_FRAMES)) {
        if (order_end_at(follow, limit) < 0) {
            return -ENOMEM;
        }
    }
    work->order->until = follow->at;
    work->order->over = 0;
    if (order_pushes(work->order) && follow->at < limit &&
        !(is_interrupted && order_present(work)->is_fixed)) {
        return push(work);
    }
    const int result = put_off_covered(work, limit);
    return result < 0 ? result : order_join(follow, work->line);
}

/*
 * Before what an insertion ends.  A break-in below that it does not push is none: one that ran out
 * is carried on from its first legal entry, which may be a moment later than the insertion.
 */
static int64_t insert_limit(const struct order_work *work)
{
    const struct order_scene *scene = work->follow.scene;
    int64_t limit = order_limit(scene, work->line, work->order->from);
    for (size_t i = work->index; i < work->line->count && !order_pushes(work->order); i++) {
        const struct line_event *item = &work->line->items[i];
        if (item->event.start == limit && item->is_break_in) {
            limit = order_limit(scene, work->line, limit + 1);
        }
    }
    return limit;
}

static int insert(struct order_work *work)
{
    const struct plan_amendment *order = work->order;
    const struct order_content content = whole_content(order, work->follow.scene);
    const int64_t limit = insert_limit(work);
    struct line_event item = order_event(order, &content, order->from, order->from + order->length);
    item.is_once = true;
    return order_append_own(work, &item) < 0 ? -ENOMEM : go_on(work, limit);
}

static int extend(struct order_work *work)
{
    const struct plan_amendment *order = work->order;
    const struct order_content content = order_looping_content(order);
    const int64_t limit = order_limit(work->follow.scene, work->line, order->from);
    const int64_t end = order->from + order->length;
    if (order_loop(&work->follow, &content, end < limit ? end : limit) < 0) {
        return -ENOMEM;
    }
    return go_on(work, limit);
}

/* --- Replace and skip ------------------------------------------------------------------ */

static bool has_begun(const struct order_work *work)
{
    return work->order->from < work->follow.scene->earliest;
}

/* The first fixed start that can still be kept; the end of the line when there is none. */
static int64_t next_fixed(const struct order_work *work)
{
    for (size_t i = work->index; i < work->line->count; i++) {
        const struct plan_event *event = &work->line->items[i].event;
        if (event->is_fixed && event->start >= work->follow.scene->earliest) {
            return event->start;
        }
    }
    return line_end(work->line);
}

/* Where the present programme ends: behind what is inserted in it, when it goes on there. */
static int64_t programme_end(const struct order_work *work)
{
    const struct line *line = work->line;
    const int64_t group = line->items[work->index].group;
    size_t last = line_group_end(line, work->index) - 1;
    for (size_t i = last + 1; i < line->count && line->items[i].group != 0; i++) {
        if (line->items[i].group == group) {
            last = i;
        } else if (line->items[i].group > 0) { /* of no order */
            break;
        }
    }
    return event_end(&line->items[last].event);
}

/*
 * Where what the order is about ends: once it has begun that is decided, and a
 * replacement is wanted there whatever a new timetable says, as is one of what
 * is left of the slot on air; but what was skipped leaves its time to what that
 * has fixed there.  Where what was to be replaced is planned no more only
 * fillers make way.
 */
static int64_t present_end(const struct order_work *work, enum order_kind kind)
{
    const bool is_of_rest = kind == ORDER_REPLACE && work->order->asked == 0;
    if (has_begun(work) || is_of_rest) {
        const int64_t fixed = next_fixed(work);
        return kind == ORDER_SKIP && fixed < work->order->until ? fixed : work->order->until;
    }
    const int64_t end = programme_end(work);
    const int64_t whole = work->order->from + work->order->length;
    const bool is_bare =
        event_absorbs(order_present(work)) && order_present(work)->instead_of == NULL;
    return kind == ORDER_REPLACE && is_bare && whole < end ? whole : end;
}

/* As the rest of the slot is ruled: again as often as it fits whole, or until it is cut. */
static int append_again(struct order_work *work, struct line_event item, int64_t end)
{
    const enum order_mode mode = order_mode_of(work->order);
    const int64_t least = mode == ORDER_WHOLE ? item.event.duration : EVENT_MIN_FRAMES;
    int result = 0;
    item.event.is_fixed = false;
    while (result == 0 && (mode == ORDER_WHOLE || mode == ORDER_LOOP) && item.event.duration > 0 &&
           work->follow.at + least <= end) {
        item.event.start = work->follow.at;
        result = order_append_own(work, &item);
    }
    return result;
}

static int replace(struct order_work *work)
{
    const struct plan_amendment *order = work->order;
    const struct order_content content = whole_content(order, work->follow.scene);
    const int64_t end = present_end(work, ORDER_REPLACE);
    struct line_event item = order_event(order, &content, order->from, order->from + order->length);
    item.event.instead_of = order_present(work)->instead_of != NULL
                                ? order_present(work)->instead_of
                                : order_present(work)->house_number;
    item.event.is_fixed =
        order_present(work)->is_fixed && order_present(work)->start == order->from;
    work->order->until = end;
    work->order->over = 0;
    if (order_append_own(work, &item) < 0 || append_again(work, item, end) < 0 ||
        order_end_at(&work->follow, end) < 0) {
        return -ENOMEM;
    }
    return order_join(&work->follow, work->line);
}

/* --- All of them ------------------------------------------------------------------------ */

/* True when there is time for the order before what does not move, or before what it ends. */
static bool has_room(const struct order_work *work, enum order_kind kind)
{
    const int64_t from = work->order->from;
    if (order_is_break_in(work->order)) {
        return work->order->until > from;
    }
    if (kind == ORDER_SKIP && !has_begun(work) && order_present(work)->start == from) {
        return false; /* what it was to end has ended */
    }
    const int64_t end = kind == ORDER_INSERT   ? insert_limit(work)
                        : kind == ORDER_EXTEND ? order_limit(work->follow.scene, work->line, from)
                                               : present_end(work, kind);
    return end - from >= EVENT_MIN_FRAMES;
}

static int lay_over(struct order_work *work, enum order_kind kind)
{
    switch (kind) {
    case ORDER_INSERT:
        return insert(work);
    case ORDER_EXTEND:
        return extend(work);
    case ORDER_REPLACE:
        return replace(work);
    case ORDER_SKIP:
        return order_skip(work, present_end(work, ORDER_SKIP));
    default:
        return order_break_in(work);
    }
}

const struct plan_event *order_find_cut(const struct line *line, const struct plan_amendment *order,
                                        const struct order_scene *scene, int64_t *cut)
{
    const size_t index = line_find(line, order->from);
    if (index == line->count) {
        return NULL;
    }
    const struct plan_event *event = &line->items[index].event;
    *cut = find_start(line, order, scene);
    return *cut > event->start && *cut < event_end(event) ? event : NULL;
}

int order_apply(struct line *line, struct plan_amendment *order, const struct order_scene *scene)
{
    struct line made = {0};
    struct plan_amendment done = *order;
    enum order_kind kind = ORDER_SLATE;
    int result = 0;
    if (line->count == 0 || order_kind_parse(order->kind, &kind) < 0 || order->is_undone ||
        order->from >= line_end(line) || order_over(order) <= line->items[0].event.start) {
        return 0;
    }
    done.from = find_start(line, order, scene);
    struct order_work work = {.order = &done, .line = line};
    work.follow = (struct order_follow){.result = &made, .order = &done, .scene = scene};
    if (done.from >= line_end(line)) {
        return 0;
    }
    result = copy_before(&made, line, &done, &work.index);
    work.follow.first = made.count;
    work.follow.at = done.from;
    if (result == 0 && !has_room(&work, kind)) {
        line_finish(&made);
        order->until = order->from;
        order->over = 0;
        return 0;
    }
    if (result == 0) {
        result = lay_over(&work, kind);
    }
    if (result < 0) {
        line_finish(&made);
        return result;
    }
    line_finish(line);
    *line = made;
    *order = done;
    return 0;
}
