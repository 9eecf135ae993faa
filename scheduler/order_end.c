/* SPDX-License-Identifier: MIT */
#include "scheduler/order_end.h"

#include "scheduler/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int64_t order_round_end(const struct plan *plan, const struct plan_event *event)
{
    const struct plan_event *last = event;
    while (!event_is_cut_anywhere(last) && last + 1 < plan->events + plan->event_count &&
           last[1].programme == last->programme && strcmp(last[1].asset, last->asset) == 0) {
        last++;
    }
    return event_end(last);
}

static bool is_insertion_to_come(const struct revise_input *input, const struct plan *plan,
                                 const struct plan_amendment *order)
{
    return !order->is_undone && order_start_in(plan, order, input->earliest) >= 0;
}

/* Where the programme on air would end if nothing were inserted any more. */
static int find_whole_end(const struct revise_input *input, const struct plan *plan, int64_t *end)
{
    struct revise_input bare = *input;
    struct plan_amendment *others = calloc(input->amendment_count + 1, sizeof(*others));
    struct plan *made = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    if (others == NULL) {
        return -ENOMEM;
    }
    bare.amendments = others;
    bare.amendment_count = 0;
    for (size_t i = 0; i < input->amendment_count; i++) {
        if (!is_insertion_to_come(input, plan, &input->amendments[i])) {
            others[bare.amendment_count++] = input->amendments[i];
        }
    }
    const int result = revise(&bare, &made, &verdict);
    const ptrdiff_t index = result == 0 ? plan_find(made, input->earliest - 1) : -1;
    if (index >= 0) {
        *end = order_round_end(made, &made->events[index]);
    }
    plan_destroy(made);
    free(others);
    return result;
}

/* The insertion to come that the event is of, or of the gap behind it; NULL: none. */
static const struct plan_amendment *insertion_of(const struct revise_input *input,
                                                 const struct plan *plan,
                                                 const struct plan_event *event)
{
    for (size_t i = 0; i < input->amendment_count; i++) {
        const struct plan_amendment *order = &input->amendments[i];
        if (order->id == event->amendment && is_insertion_to_come(input, plan, order)) {
            return order_is_item(order, event) || event_absorbs(event) ? order : NULL;
        }
    }
    return NULL;
}

int order_find_end(const struct revise_input *input, const struct plan *plan,
                   const struct plan_event *present, int64_t *end)
{
    const struct plan_event *stop = plan->events + plan->event_count;
    int64_t whole = order_round_end(plan, present);
    *end = whole;
    const ptrdiff_t next = plan_find(plan, whole);
    if (next < 0 || insertion_of(input, plan, &plan->events[next]) == NULL) {
        return 0;
    }
    if (find_whole_end(input, plan, &whole) < 0) {
        return -ENOMEM;
    }
    for (const struct plan_event *event = present + 1; event < stop && event->start < whole;
         event++) {
        const struct plan_amendment *order = insertion_of(input, plan, event);
        const bool is_item = order != NULL && order_is_item(order, event);
        if (order == NULL && strcmp(event->asset, present->asset) != 0) {
            break;
        }
        if (is_item && order_pushes(order)) {
            whole += event->duration;
        }
        if (order == NULL || is_item) {
            *end = event_end(event);
        }
    }
    return 0;
}
