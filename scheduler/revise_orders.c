/* SPDX-License-Identifier: MIT */
#include "scheduler/revise_orders.h"

#include "scheduler/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct order_scene scene_of(const struct revise_input *input)
{
    return (struct order_scene){.cutter = input->cutter,
                                .zone = input->zone,
                                .library = input->library,
                                .fillers = input->fresh,
                                .earliest = input->earliest};
}

/* Without a timetable the base goes on, which has in its events what was ordered before. */
static bool goes_on_alone(const struct revise_input *input)
{
    return input->fresh == input->base;
}

/* --- Which orders are laid over a line ------------------------------------------- */

/*
 * The first frame that the orders from number `index` on change, or were laid over: one that is
 * over is still below a later one that lasts, and began before that.
 */
static int64_t reach_of(const struct plan_amendment *amendments, size_t count, size_t index,
                        int64_t effective)
{
    int64_t reach = INT64_MAX;
    for (size_t i = count; i-- > index;) {
        const struct plan_amendment *order = &amendments[i];
        const bool is_below = !order->is_undone && order_over(order) > reach;
        if ((is_below || order_is_active(order, effective)) && order->from < reach) {
            reach = order->from;
        }
    }
    return reach;
}

int64_t revise_reach(const struct plan_amendment *amendments, size_t count, int64_t effective)
{
    const int64_t reach = reach_of(amendments, count, 0, effective);
    return reach < effective ? reach : effective;
}

static bool is_below_others(const struct revise_input *input, size_t index)
{
    const struct plan_amendment *order = &input->amendments[index];
    return !order->is_undone &&
           order_over(order) >
               reach_of(input->amendments, input->amendment_count, index + 1, input->effective);
}

static bool is_laid_over(const struct revise_input *input, size_t index)
{
    const struct plan_amendment *order = &input->amendments[index];
    if (goes_on_alone(input)) {
        return order_is_active(order, input->effective) && order_is_break_in(order) &&
               order->until == AMENDMENT_OPEN;
    }
    return order_is_active(order, input->effective) || is_below_others(input, index);
}

size_t revise_count_begun(const struct revise_input *input)
{
    size_t count = input->amendment_count;
    while (count > 0 && !(is_laid_over(input, count - 1) &&
                          input->amendments[count - 1].from < input->earliest)) {
        count--;
    }
    return count;
}

/* --- Insertions that end before their time ---------------------------------------- */

int revise_sheets_open(struct revise_sheets *sheets, const struct revise_input *input,
                       struct plan_amendment *orders)
{
    *sheets = (struct revise_sheets){.input = input, .orders = orders};
    sheets->under = calloc(input->amendment_count + 1, sizeof(sheets->under[0]));
    return sheets->under != NULL ? 0 : -ENOMEM;
}

static void close_from(struct revise_sheets *sheets, size_t first)
{
    for (size_t i = first; sheets->under != NULL && i < sheets->input->amendment_count; i++) {
        line_finish(&sheets->under[i]);
    }
    free(sheets->under);
    *sheets = (struct revise_sheets){0};
}

void revise_sheets_close(struct revise_sheets *sheets)
{
    close_from(sheets, 0);
}

static int copy_line(struct line *copy, const struct line *line)
{
    int result = 0;
    line_finish(copy);
    for (size_t i = 0; result == 0 && i < line->count; i++) {
        result = line_append(copy, &line->items[i]);
    }
    return result;
}

static bool may_end_sooner(const struct revise_sheets *sheets, size_t index)
{
    bool is_ended = false;
    for (size_t i = index + 1; i < sheets->input->amendment_count; i++) {
        is_ended = is_ended || order_ends_insertions(&sheets->orders[i]);
    }
    return is_ended && order_is_insertion(&sheets->orders[index]);
}

/* So long is an insertion that is cut there: what loops may have begun anew behind another one. */
static int64_t length_until(const struct plan_amendment *order, const struct plan_event *event,
                            int64_t cut)
{
    const bool is_by_clock =
        event_is_cut_anywhere(event) && event_end(event) == order->from + order->length;
    return is_by_clock ? cut - order->from : cut - event->start + event->in_point;
}

enum { WAIT_FRAMES = 5 * FRAMES_PER_SECOND };

/* A moment later, when what lies below can be joined only then: no filler flashes in between. */
static int64_t wait_for_entry(const struct revise_sheets *sheets, const struct line *line,
                              size_t index, const struct line *below,
                              const struct order_scene *scene, int64_t cut)
{
    struct plan_amendment later = sheets->orders[index];
    int64_t at = cut;
    while (cut >= scene->earliest && at <= cut + WAIT_FRAMES) {
        later.from = line_first_entry(below, scene->cutter, at);
        if (later.from == at) {
            return at;
        }
        if (order_find_cut(line, &later, scene, &at) == NULL) {
            break;
        }
    }
    return cut;
}

/* The number of the insertion that the order ends, and how long it is then; or `index`. */
static size_t find_ended(const struct revise_sheets *sheets, const struct line *line, size_t index,
                         const struct order_scene *scene, int64_t *length)
{
    struct plan_amendment *order = &sheets->orders[index];
    int64_t cut = 0;
    const struct plan_event *event =
        order_ends_insertions(order) ? order_find_cut(line, order, scene, &cut) : NULL;
    for (size_t i = 0; event != NULL && i < index; i++) {
        if (event->item_of == sheets->orders[i].id && sheets->under[i].count > 0) {
            if (!order_pushes(&sheets->orders[i])) {
                cut = wait_for_entry(sheets, line, index, &sheets->under[i], scene, cut);
            }
            order->from = cut;
            *length = length_until(&sheets->orders[i], event, cut);
            return i;
        }
    }
    return index;
}

/* What airs below order number `index` when insertion number `ended` is only so long. */
static int lay_anew(const struct revise_sheets *sheets, size_t ended, size_t index, int64_t length,
                    struct order_end *end)
{
    const size_t count = sheets->input->amendment_count;
    struct plan_amendment *orders = calloc(count + 1, sizeof(orders[0]));
    struct revise_sheets anew = {0};
    int result = orders != NULL ? revise_sheets_open(&anew, sheets->input, orders) : -ENOMEM;
    if (result == 0) {
        memcpy(orders, sheets->orders, count * sizeof(orders[0]));
        memcpy(anew.under, sheets->under, ended * sizeof(anew.under[0])); /* borrowed */
        end->over = order_over(&orders[ended]);
        orders[ended].length = length;
        result = copy_line(&end->line, &sheets->under[ended]);
    }
    if (result == 0) {
        result = revise_lay_over(&anew, &end->line, ended, index);
    }
    if (result == 0 && order_over(&orders[ended]) > end->over) {
        end->over = order_over(&orders[ended]);
    }
    if (anew.under != NULL) {
        close_from(&anew, ended);
    }
    free(orders);
    return result;
}

/* --- All of them ------------------------------------------------------------------ */

/* Up to where the order, and what lies over it, air without a break; INT64_MIN: it does not. */
static int64_t planned_end(const struct plan *plan, const struct plan_amendment *order)
{
    const ptrdiff_t first = plan_find(plan, order->from);
    int64_t end = INT64_MIN;
    for (size_t i = first > 0 ? (size_t)first : 0;
         i < plan->event_count && plan->events[i].amendment >= order->id; i++) {
        end = event_end(&plan->events[i]);
    }
    return end;
}

/* A break-in that the base has already is only carried on, behind what lies over it. */
static int carry_on(struct line *line, const struct order_scene *scene,
                    const struct plan_amendment *order, int64_t end)
{
    struct plan_amendment rest = *order;
    rest.from = end;
    return end < order_open_end(order, scene) ? order_apply(line, &rest, scene) : 0;
}

/* One that is over, and only below others, has its times. */
static void keep_times(struct plan_amendment *order, const struct plan_amendment *known)
{
    const int64_t over = order_over(order) > order_over(known) ? order_over(order) : known->over;
    order->from = known->from;
    order->until = known->until;
    order->over = over;
}

/* A break-in that ran out before it was ended was not on the air up to its end: nor below others.
 */
static void end_as_aired(struct plan_amendment *order)
{
    if (order_is_break_in(order) && order->aired_until > order->from &&
        order->aired_until < order->until) {
        order->until = order->aired_until;
    }
}

static int lay_one_over(struct revise_sheets *sheets, struct line *line, size_t index)
{
    const struct revise_input *input = sheets->input;
    struct plan_amendment *order = &sheets->orders[index];
    const struct plan_amendment known = *order;
    struct order_scene scene = scene_of(input);
    struct order_end end = {0};
    int64_t length = 0;
    if (!order_is_active(&known, input->effective)) {
        end_as_aired(order);
    }
    int result = may_end_sooner(sheets, index) ? copy_line(&sheets->under[index], line) : 0;
    const size_t ended = find_ended(sheets, line, index, &scene, &length);
    if (result == 0 && ended < index) {
        result = lay_anew(sheets, ended, index, length, &end);
        scene.end = &end;
    }
    if (result == 0) {
        result = order_apply(line, order, &scene);
    }
    if (!order_is_active(&known, input->effective)) {
        keep_times(order, &known);
    }
    line_finish(&end.line);
    return result;
}

/*
 * What was inserted and is put off by another order is over when it has aired; also where a later
 * one lies over it, which may be ended before.
 */
static void keep_put_off(const struct revise_sheets *sheets, const struct line *line)
{
    struct plan_amendment *orders = sheets->orders;
    for (size_t i = 0; i < line->count; i++) {
        const struct line_event *item = &line->items[i];
        for (size_t k = 0; k < sheets->input->amendment_count && item->is_once; k++) {
            if (orders[k].id == -item->group && order_over(&orders[k]) < event_end(&item->event)) {
                orders[k].over = event_end(&item->event);
            }
        }
    }
}

int revise_lay_over(struct revise_sheets *sheets, struct line *line, size_t first, size_t end)
{
    const struct revise_input *input = sheets->input;
    const struct order_scene scene = scene_of(input);
    int result = 0;
    for (size_t i = first; result == 0 && i < end; i++) {
        const int64_t planned = goes_on_alone(input) && input->base != NULL
                                    ? planned_end(input->base, &sheets->orders[i])
                                    : INT64_MIN;
        if (!is_laid_over(input, i)) {
            continue;
        }
        result = planned == INT64_MIN ? lay_one_over(sheets, line, i)
                                      : carry_on(line, &scene, &sheets->orders[i], planned);
        keep_put_off(sheets, line);
    }
    return result;
}
