/* SPDX-License-Identifier: MIT */
#include "tools/live_tape.h"

#include "playout/intl.h"
#include "tools/rendering.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STRETCH_FRAMES = 60 * FRAMES_PER_SECOND }; /* loaded at once */

struct live_tape {
    struct rendering *rendering;
    int64_t loaded_from;
    int64_t loaded_to; /* frames; the stretch that can be read */
    int64_t watched;   /* the frame at which the journals were looked at last */
};

int live_tape_open(const char *station_path, const char *transport, struct live_tape **tape,
                   struct problems *problems)
{
    struct live_tape *fresh = calloc(1, sizeof(*fresh));
    const int result = fresh != NULL
                           ? rendering_open(station_path, transport, &fresh->rendering, problems)
                           : -ENOMEM;
    if (result < 0) {
        live_tape_close(fresh);
        return result;
    }
    *tape = fresh;
    return 0;
}

void live_tape_close(struct live_tape *tape)
{
    if (tape != NULL) {
        rendering_close(tape->rendering);
        free(tape);
    }
}

const struct transport *live_tape_transport(const struct live_tape *tape)
{
    return tape_transport(rendering_format(tape->rendering));
}

static int reload(struct live_tape *tape, int64_t from, struct problems *problems)
{
    struct problems found; /* lessons that are missing matter only where they air */
    problems_init(&found);
    const int result = rendering_load(tape->rendering, from, from + STRETCH_FRAMES, &found);
    for (size_t i = 0; i < found.count && result < 0; i++) {
        const struct problem *one = &found.items[i];
        problems_add(problems, one->severity, one->file, one->line, one->column, "%s", one->text);
    }
    problems_finish(&found);
    if (result < 0) {
        return result;
    }
    tape->loaded_from = from;
    tape->loaded_to = from + STRETCH_FRAMES;
    return 0;
}

/*
 * Makes sure that the packets can be read, by the journals as they are now.
 * Packets of one frame do not change once one of them is there: one look at
 * each frame is enough.
 */
static int load(struct live_tape *tape, uint64_t first, size_t count, struct problems *problems)
{
    const struct tape_format *format = rendering_format(tape->rendering);
    const int64_t from = tape_frame_of_slot(format, first);
    const int64_t to = tape_frame_of_slot(format, first + count - 1);
    const bool is_watched = to == tape->watched;
    tape->watched = to;
    if (from >= tape->loaded_from && to <= tape->loaded_to &&
        (is_watched || !rendering_has_changed(tape->rendering))) {
        return 0;
    }
    return reload(tape, from, problems);
}

int live_tape_read(struct live_tape *tape, uint64_t first, size_t count, uint8_t *packets,
                   struct problems *problems)
{
    struct tape_fault fault;
    int result = load(tape, first, count, problems);
    if (result < 0) {
        return result;
    }
    rendering_read(tape->rendering, first, count, packets, &fault);
    if (fault.error != 0) { /* perhaps the lesson has come since */
        result =
            reload(tape, tape_frame_of_slot(rendering_format(tape->rendering), first), problems);
        if (result < 0) {
            return result;
        }
        rendering_read(tape->rendering, first, count, packets, &fault);
    }
    if (fault.error != 0) {
        problems_add(problems, PROBLEM_ERROR, rendering_station(tape->rendering)->path, 0, 0,
                     _("lesson %s cannot be read here: %s"), fault.asset, strerror(-fault.error));
    }
    return fault.error;
}

bool live_tape_try(struct live_tape *tape, uint64_t first, size_t count, uint8_t *packets)
{
    struct problems ignored;
    problems_init(&ignored);
    const int result = live_tape_read(tape, first, count, packets, &ignored);
    problems_finish(&ignored);
    return result == 0;
}
