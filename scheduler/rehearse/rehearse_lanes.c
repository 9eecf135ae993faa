/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_lanes.h"

#include "playout/intl.h"
#include "playout/pacing.h"

#include <stdlib.h>
#include <string.h>

enum { DATAGRAMS = 64, PACKETS = DATAGRAMS * PACKETS_PER_DATAGRAM };

struct lane {
    const struct tape_format *format;
    struct ring *ring;
    struct render_lane *render;
    struct tape_reader *reader; /* the second computation's */
    struct tape_inputs **inputs;
    bool is_open;
    bool has_differed; /* since it was opened: told once */
};

struct rehearse_lanes {
    struct engine_still *engine;
    struct rehearse_sink *sink;
    struct rehearse_notes *notes;
    struct lane *items;
    size_t count;
    uint8_t taken[PACKETS * TS_PACKET_SIZE];
    uint8_t again[PACKETS * TS_PACKET_SIZE];
};

static bool create_lane(struct rehearse_lanes *lanes, size_t i)
{
    struct lane *lane = &lanes->items[i];
    lane->format = engine_still_format(lanes->engine, i);
    lane->ring = engine_still_ring(lanes->engine, i);
    lane->render = engine_still_render(lanes->engine, i);
    lane->reader = tape_reader_create(lane->format);
    lane->inputs = calloc(tape_member_count(lane->format), sizeof(struct tape_inputs *));
    return lane->reader != NULL && lane->inputs != NULL;
}

struct rehearse_lanes *rehearse_lanes_create(struct engine_still *engine,
                                             struct rehearse_sink *sink,
                                             struct rehearse_notes *notes)
{
    struct rehearse_lanes *lanes = calloc(1, sizeof(*lanes));
    bool is_made = lanes != NULL;
    if (is_made) {
        lanes->engine = engine;
        lanes->sink = sink;
        lanes->notes = notes;
        lanes->count = engine_still_lanes(engine);
        lanes->items = calloc(lanes->count, sizeof(lanes->items[0]));
        is_made = lanes->items != NULL;
    }
    for (size_t i = 0; is_made && i < lanes->count; i++) {
        is_made = create_lane(lanes, i);
    }
    if (!is_made) {
        rehearse_lanes_destroy(lanes);
        return NULL;
    }
    return lanes;
}

static void shut(struct rehearse_lanes *lanes, size_t i)
{
    if (lanes->items[i].is_open) {
        lanes->sink->end(lanes->sink, i);
        lanes->items[i].is_open = false;
    }
}

void rehearse_lanes_destroy(struct rehearse_lanes *lanes)
{
    if (lanes == NULL) {
        return;
    }
    for (size_t i = 0; lanes->items != NULL && i < lanes->count; i++) {
        shut(lanes, i);
        tape_reader_destroy(lanes->items[i].reader);
        free(lanes->items[i].inputs);
    }
    free(lanes->items);
    free(lanes);
}

static const char *name_of(const struct lane *lane)
{
    return tape_transport(lane->format)->name;
}

/* Takes what the pacer would send; false when the renderer has not delivered it. */
static bool take(struct rehearse_lanes *lanes, const struct lane *lane, uint64_t first,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t *datagram = ring_peek(lane->ring, first + i);
        if (datagram == NULL) {
            return false;
        }
        memcpy(lanes->taken + i * DATAGRAM_SIZE, datagram, DATAGRAM_SIZE);
    }
    return true;
}

/* The tape is the same whoever reads it whenever: before and after a revision was adopted. */
static void compare(struct rehearse_lanes *lanes, struct lane *lane, uint64_t slot, size_t count)
{
    struct tape_fault fault;
    tape_read(lane->reader, lane->inputs, slot, count, lanes->again, &fault);
    const int64_t frame = tape_frame_of_slot(lane->format, slot);
    if (fault.error != 0 && !lane->has_differed) {
        lane->has_differed = true;
        rehearse_note(lanes->notes, NOTE_PROBLEM, frame, name_of(lane),
                      _("event %lld: its media cannot be read on the air: %s"),
                      (long long)fault.seq, strerror(-fault.error));
    }
    if (memcmp(lanes->taken, lanes->again, count * TS_PACKET_SIZE) != 0 && !lane->has_differed) {
        lane->has_differed = true;
        rehearse_note(lanes->notes, NOTE_PROBLEM, frame, name_of(lane),
                      _("what was rendered before a change is not what the plan says after it"));
    }
}

static void take_due(struct rehearse_lanes *lanes, size_t i, uint64_t until)
{
    struct lane *lane = &lanes->items[i];
    engine_still_inputs(lanes->engine, i, lane->inputs);
    for (uint64_t next = ring_position(lane->ring); next < until;) {
        const size_t count = until - next < DATAGRAMS ? (size_t)(until - next) : DATAGRAMS;
        const uint64_t slot = next * PACKETS_PER_DATAGRAM;
        const size_t packets = count * PACKETS_PER_DATAGRAM;
        if (!take(lanes, lane, next, count)) {
            rehearse_note(lanes->notes, NOTE_PROBLEM, tape_frame_of_slot(lane->format, slot),
                          name_of(lane), _("packets are missing: the renderer came too late"));
            break;
        }
        compare(lanes, lane, slot, packets);
        lanes->sink->packets(lanes->sink, i, lanes->taken, packets);
        lanes->notes->packets += (int64_t)packets;
        next += count;
    }
}

void rehearse_lanes_turn(struct rehearse_lanes *lanes, size_t i, const struct moment *now,
                         bool is_open)
{
    struct lane *lane = &lanes->items[i];
    const int slots = tape_transport(lane->format)->slots_per_second;
    const uint64_t until = pacing_first_from(slots, now->utc_ns);
    if (lane->is_open) {
        take_due(lanes, i, until);
    }
    if (until > ring_position(lane->ring)) {
        ring_advance(lane->ring, until);
    }
    if (!is_open || lanes->sink == NULL) {
        shut(lanes, i);
        return;
    }
    if (!lane->is_open) {
        lane->is_open = true;
        lane->has_differed = false;
        lanes->sink->begin(lanes->sink, i, lane->format,
                           ring_position(lane->ring) * PACKETS_PER_DATAGRAM);
    }
    render_lane_fill(lane->render);
}
