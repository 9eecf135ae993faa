/* SPDX-License-Identifier: MIT */
#include "playout/stand_ins.h"

#include <stdbool.h>
#include <stddef.h>

struct stand_ins stand_ins_find(const struct plan *plan, int64_t from, int64_t to)
{
    struct stand_ins found = {0};
    const struct plan_event *last = NULL;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_ordered = event->amendment != 0; /* an operator wanted it so */
        if (event->instead_of == NULL || is_ordered || event->start + event->duration <= from ||
            event->start >= to) {
            continue;
        }
        found.first = found.first == NULL ? event : found.first;
        found.count += last == NULL || last->programme != event->programme;
        last = event;
    }
    return found;
}
