/* SPDX-License-Identifier: MIT */
#include "scheduler/revise.h"

#include "playout/intl.h"
#include "scheduler/order.h"
#include "scheduler/revise_line.h"
#include "scheduler/revise_orders.h"
#include "scheduler/revise_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    COUNTER_FRAMES = 15, /* an item's last units settle its continuity counter */
    MARGIN_FRAMES = 3,
};

/* Far beyond any day on air, with room for sums. */
#define ENDLESS (INT64_MAX / 8)

int64_t revise_earliest(int64_t effective, const struct profile *profile)
{
    const int64_t lead_ms = profile->video.es.max_lead_ms > profile->audio.es.max_lead_ms
                                ? profile->video.es.max_lead_ms
                                : profile->audio.es.max_lead_ms;
    const int64_t lead = (lead_ms * FRAMES_PER_SECOND + 999) / 1000;
    return cutter_grid_up(profile, effective + lead + profile->video.es.reorder_units + 1 +
                                       COUNTER_FRAMES + MARGIN_FRAMES);
}

/* --- Where the old is left and the new is joined ---------------------------- */

struct reviser {
    const struct revise_input *input;
    struct line fresh; /* with the orders that have begun */
    struct line result;
    struct plan_amendment *orders; /* brought up to date */
    struct revise_sheets sheets;
};

/* True when a looping event may end at `frame` and airs as before up to `earliest`. */
static bool may_leave(const struct reviser *reviser, const struct plan_event *running,
                      int64_t frame)
{
    const struct revise_input *input = reviser->input;
    struct plan_event other = *running;
    other.duration = frame - running->start;
    return other.duration == running->duration ||
           (cutter_is_legal(input->cutter, &other) &&
            event_keeps_pieces(running, other.duration, input->earliest, input->cutter->lengths));
}

/* The first frame at which a filler or slate may end and the fresh line begin, or -1. */
static int64_t find_cut(const struct reviser *reviser, const struct plan_event *running)
{
    const struct revise_input *input = reviser->input;
    const struct line *fresh = &reviser->fresh;
    int64_t cut = line_first_entry(fresh, input->cutter, input->earliest);
    while (cut <= event_end(running) && cut < line_end(fresh)) {
        if (may_leave(reviser, running, cut)) {
            return cut;
        }
        cut += input->cutter->profile->join_grid_frames;
        cut = line_first_entry(fresh, input->cutter, cut);
    }
    return -1;
}

/* More of what an operator has put on: no filler that he did not order flashes up before it. */
static struct line_event fill_with(const struct line_event *next, int64_t from, int64_t to)
{
    struct line_event filler = *next;
    filler.event.start = from;
    filler.event.duration = to - from;
    filler.event.in_point = 0;
    return filler;
}

/* Up to where the fresh line can be joined: the first filler, where it can be cut so short. */
static struct line_event fill_up(const struct reviser *reviser, int64_t from, int64_t to)
{
    const char *reason = _("fills up to the next point at which a lesson can be joined");
    const struct revise_input *input = reviser->input;
    const struct line *fresh = &reviser->fresh;
    const size_t index = line_find(fresh, to);
    struct line_event filler = line_slate(from, to, reason);
    if (index < fresh->count && fresh->items[index].is_break_in) {
        filler = fill_with(&fresh->items[index], from, to);
    } else if (input->fresh->filler_count > 0) {
        const char *asset = input->fresh->fillers[0];
        const struct library_asset *known =
            input->library != NULL ? library_get(input->library, asset) : NULL;
        filler.event.kind = EVENT_FILLER;
        filler.event.asset = asset;
        filler.event.house_number = known != NULL ? known->house_number : NULL;
    }
    return cutter_is_legal(input->cutter, &filler.event) ? filler : line_slate(from, to, reason);
}

/* Goes on with the fresh line where an event that was left untouched ends. */
static int join_after(struct reviser *reviser, int64_t end)
{
    const struct line *fresh = &reviser->fresh;
    const struct cutter *cutter = reviser->input->cutter;
    const int64_t asked = end;
    if (end >= line_end(fresh)) {
        return 0;
    }
    if (line_first_entry(fresh, cutter, end) != end) {
        const int64_t entry = line_first_entry(fresh, cutter, end + EVENT_MIN_FRAMES);
        const struct line_event filler = fill_up(reviser, end, entry);
        if (line_append(&reviser->result, &filler) < 0) {
            return -ENOMEM;
        }
        end = entry;
    }
    return line_append_from(&reviser->result, fresh, end, asked);
}

/* True when it was an order that would have ended the event, later than may change. */
static bool is_cut_by_order(const struct revise_input *input, const struct plan_event *event)
{
    const int64_t end = event_end(event);
    for (size_t i = 0; i < input->amendment_count; i++) {
        if (input->amendments[i].from == end && end >= input->earliest) {
            return true;
        }
    }
    return false;
}

/*
 * True when a lesson is the planned one at the planned time, and may end
 * when that ends: what an order still to come cuts is whole without it.
 */
static bool may_end_as_planned(const struct reviser *reviser, const struct plan_event *running,
                               const struct plan_event *planned)
{
    const struct revise_input *input = reviser->input;
    struct plan_event other = *running;
    other.duration = event_end(planned) - running->start;
    return running->start - running->in_point == planned->start - planned->in_point &&
           (other.duration == running->duration ||
            (other.duration > running->duration && is_cut_by_order(input, running) &&
             cutter_is_legal(input->cutter, &other)));
}

/*
 * True when the fresh line airs the same at the end of the fixed part, so
 * that the running event stays, perhaps with another end.
 */
static bool goes_on(const struct reviser *reviser, const struct plan_event *running,
                    const struct plan_event *planned)
{
    if (!revise_same_content(running, planned)) {
        return false;
    }
    return event_is_cut_anywhere(running) ? may_leave(reviser, running, event_end(planned))
                                          : may_end_as_planned(reviser, running, planned);
}

/* The running event ends as planned; what was said of another end is not true any more. */
static void end_as_planned(struct line_event *running, const struct line_event *planned)
{
    const int64_t end = event_end(&planned->event);
    if (end != event_end(&running->event)) {
        running->event.duration = end - running->event.start;
        running->event.reason = planned->event.reason;
        running->note = planned->note;
    }
}

/* The last break-in that nobody has ended and that ran out before the event; NULL: none did. */
static const struct plan_amendment *find_run_out(const struct reviser *reviser,
                                                 const struct plan_event *event)
{
    const struct plan_amendment *found = NULL;
    for (size_t i = 0; i < reviser->input->amendment_count; i++) {
        const struct plan_amendment *order = &reviser->orders[i];
        if (order_is_break_in(order) && !order->is_undone && order->until == AMENDMENT_OPEN &&
            order->from < event->start && order->id > event->amendment) {
            found = order;
        }
    }
    return found;
}

/* Fillers and slate do; what an operator has put there as well, when he says so. */
static bool makes_way(const struct plan_event *event)
{
    return event->kind == EVENT_FILLER || event->kind == EVENT_SLATE ||
           (event_is_cut_anywhere(event) && event->amendment != 0);
}

/* Joins old and new at the event on air when boundaries may change again. */
static int join_running(struct reviser *reviser, struct line_event *running)
{
    const struct line *fresh = &reviser->fresh;
    const struct plan_amendment *run_out = find_run_out(reviser, &running->event);
    const size_t index = line_find(fresh, reviser->input->earliest - 1);
    if (index < fresh->count) {
        const struct line_event *planned = &fresh->items[index];
        if (revise_same_entry(&running->event, &planned->event)) {
            running->group = planned->group;
        }
        if (goes_on(reviser, &running->event, &planned->event)) {
            running->is_once = planned->is_once;
            end_as_planned(running, planned);
            return join_after(reviser, event_end(&running->event));
        }
    }
    if (run_out != NULL || makes_way(&running->event)) {
        const int64_t cut = find_cut(reviser, &running->event);
        if (cut >= 0 && cut != event_end(&running->event)) {
            running->event.duration = cut - running->event.start;
            running->note.end = run_out != NULL ? END_BY_ORDER : END_BY_PLAN;
            running->note.order = run_out != NULL ? run_out->id : 0;
            running->note.late = cut - reviser->input->earliest;
        }
    }
    return join_after(reviser, event_end(&running->event));
}

/* Before the first event of a plan the slate airs, phased from the epoch. */
static struct plan_event slate_before(const struct plan *plan)
{
    const bool has_events = plan != NULL && plan->event_count > 0;
    return (struct plan_event){
        .duration = has_events ? plan->events[0].start : ENDLESS, .kind = EVENT_SLATE, .asset = ""};
}

static int join_slate_before(struct reviser *reviser)
{
    const struct plan_event slate = slate_before(reviser->input->base);
    const int64_t cut = find_cut(reviser, &slate);
    return join_after(reviser, cut >= 0 ? cut : event_end(&slate));
}

/* After the last event the slate loops from its end: the new plan must say so. */
static int append_slate_after(struct reviser *reviser)
{
    const struct line *result = &reviser->result;
    const int64_t end = event_end(&result->items[result->count - 1].event);
    struct line_event slate = line_slate(end, end + ENDLESS, _("the plan before ended here"));
    const int64_t cut = find_cut(reviser, &slate.event);
    if (cut >= 0) {
        slate.event.duration = cut - end;
        return line_append(&reviser->result, &slate);
    }
    return 0;
}

/* Copies what stays of the base: from the event on air on, up to `earliest`. */
static int copy_base(struct reviser *reviser)
{
    const struct revise_input *input = reviser->input;
    const struct plan *base = input->base;
    for (size_t i = 0; base != NULL && i < base->event_count; i++) {
        const struct line_event item = {.event = base->events[i], .is_kept = true};
        if (event_end(&item.event) <= input->effective && i + 1 < base->event_count) {
            continue;
        }
        if (item.event.start >= input->earliest) {
            break;
        }
        if (line_append(&reviser->result, &item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int merge(struct reviser *reviser)
{
    struct line *result = &reviser->result;
    if (copy_base(reviser) < 0) {
        return -ENOMEM;
    }
    if (result->count == 0) {
        return join_slate_before(reviser);
    }
    if (event_end(&result->items[result->count - 1].event) < reviser->input->earliest) {
        if (append_slate_after(reviser) < 0) {
            return -ENOMEM;
        }
        return join_after(reviser, event_end(&result->items[result->count - 1].event));
    }
    return join_running(reviser, &result->items[result->count - 1]);
}

/* --- Orders ------------------------------------------------------------------ */

static int copy_orders(struct reviser *reviser)
{
    const struct revise_input *input = reviser->input;
    reviser->orders = calloc(input->amendment_count + 1, sizeof(reviser->orders[0]));
    if (reviser->orders == NULL) {
        return -ENOMEM;
    }
    if (input->amendment_count > 0) {
        memcpy(reviser->orders, input->amendments,
               input->amendment_count * sizeof(reviser->orders[0]));
    }
    return revise_sheets_open(&reviser->sheets, input, reviser->orders);
}

/*
 * Orders that have begun change what was compiled; those that are still to
 * come also what is left untouched: only they may cut a running lesson.
 */
static int make_line(struct reviser *reviser)
{
    const struct revise_input *input = reviser->input;
    const size_t begun = revise_count_begun(input);
    int result = line_from_plan(&reviser->fresh, input->fresh);
    if (result == 0) {
        result = revise_lay_over(&reviser->sheets, &reviser->fresh, 0, begun);
    }
    if (result == 0) {
        result = merge(reviser);
    }
    if (result == 0) {
        result = revise_lay_over(&reviser->sheets, &reviser->result, begun, input->amendment_count);
    }
    return result;
}

static void finish(struct reviser *reviser)
{
    revise_sheets_close(&reviser->sheets);
    line_finish(&reviser->fresh);
    line_finish(&reviser->result);
    free(reviser->orders);
}

int revise(const struct revise_input *input, struct plan **plan, enum revise_verdict *verdict)
{
    struct reviser reviser = {.input = input};
    int result = copy_orders(&reviser);
    if (result == 0) {
        result = make_line(&reviser);
    }
    if (result == 0) {
        result = revise_plan(input, &reviser.result, reviser.orders, plan, verdict);
    }
    finish(&reviser);
    return result;
}

/* --- When orders begin and end ------------------------------------------------- */

int64_t revise_cut_frame(const struct plan *plan, int64_t earliest, const struct cutter *cutter)
{
    const ptrdiff_t index = plan_find(plan, earliest - 1);
    const struct plan_event before = slate_before(plan);
    const struct plan_event *running = index >= 0 ? &plan->events[index] : &before;
    const int64_t end = event_end(running);
    int64_t cut = cutter_first_end(cutter, running, earliest);
    while (cut < end &&
           !event_keeps_pieces(running, cut - running->start, earliest, cutter->lengths)) {
        cut = cutter_first_end(cutter, running, cut + cutter->profile->join_grid_frames);
    }
    return cut;
}

/* What the order has on air, as if for ever. */
static struct plan_event running_of(const struct revise_input *input,
                                    const struct plan_amendment *order)
{
    struct plan_event event = {.start = order->from, .kind = EVENT_SLATE, .asset = ""};
    const ptrdiff_t index = input->base != NULL ? plan_find(input->base, input->earliest - 1) : -1;
    if (index >= 0 && input->base->events[index].amendment == order->id) {
        event = input->base->events[index];
    }
    event.duration = ENDLESS;
    return event;
}

int revise_return_frame(const struct revise_input *input, const struct plan_amendment *order,
                        int64_t *frame)
{
    struct reviser reviser = {.input = input};
    const struct plan_event running = running_of(input, order);
    int result = copy_orders(&reviser);
    if (result == 0) {
        result = line_from_plan(&reviser.fresh, input->fresh);
    }
    if (result == 0) {
        result = revise_lay_over(&reviser.sheets, &reviser.fresh, 0, input->amendment_count);
    }
    if (result == 0) {
        const int64_t cut = find_cut(&reviser, &running);
        *frame = cut >= 0 ? cut : input->earliest;
    }
    finish(&reviser);
    return result;
}

int64_t revise_restart_frame(const struct revise_input *input, const struct plan_amendment *order)
{
    const struct reviser reviser = {.input = input};
    const struct plan_event running = running_of(input, order);
    int64_t frame = input->earliest;
    while (!may_leave(&reviser, &running, frame)) {
        frame += input->cutter->profile->join_grid_frames;
    }
    return frame;
}
