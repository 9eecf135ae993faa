/* SPDX-License-Identifier: MIT */
#include "tools/meter/tstd_queue.h"

#include <stdlib.h>

enum { FIRST_RUNS = 64 };

void tstd_queue_finish(struct tstd_queue *queue)
{
    free(queue->runs);
    *queue = (struct tstd_queue){.runs = NULL};
}

static struct tstd_run *at(const struct tstd_queue *queue, size_t index)
{
    return &queue->runs[(queue->head + index) & (queue->room - 1)];
}

static bool grow(struct tstd_queue *queue)
{
    const size_t room = queue->room > 0 ? 2 * queue->room : FIRST_RUNS;
    struct tstd_run *runs = calloc(room, sizeof(*runs));
    if (runs == NULL) {
        return false;
    }
    for (size_t i = 0; i < queue->used; i++) {
        runs[i] = *at(queue, i);
    }
    free(queue->runs);
    *queue = (struct tstd_queue){.runs = runs, .room = room, .used = queue->used};
    return true;
}

bool tstd_queue_push(struct tstd_queue *queue, const struct tstd_run *run)
{
    if (queue->used > 0) {
        struct tstd_run *last = at(queue, queue->used - 1);
        if (last->role == run->role && last->unit == run->unit) {
            last->parts += run->parts;
            return true;
        }
    }
    if (queue->used == queue->room && !grow(queue)) {
        return false;
    }
    *at(queue, queue->used++) = *run;
    return true;
}

const struct tstd_run *tstd_queue_first(const struct tstd_queue *queue)
{
    return tstd_queue_at(queue, 0);
}

const struct tstd_run *tstd_queue_at(const struct tstd_queue *queue, size_t index)
{
    return index < queue->used ? at(queue, index) : NULL;
}

struct tstd_run tstd_queue_pop(struct tstd_queue *queue, int64_t parts)
{
    struct tstd_run *first = at(queue, 0);
    struct tstd_run taken = *first;
    if (first->parts > parts) {
        taken.parts = parts;
        first->parts -= parts;
    } else {
        queue->head = (queue->head + 1) & (queue->room - 1);
        queue->used--;
    }
    return taken;
}
