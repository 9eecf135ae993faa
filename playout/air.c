/* SPDX-License-Identifier: MIT */
#include "playout/air.h"

#include "playout/pacing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { START_NS = 40 * NS_PER_MS }; /* from the decision to the first datagram */

struct air {
    struct channel *const *channels;
    size_t count;
    struct outputs *outputs;
    int horizon_ms;

    struct air_clock clock;
    struct ring **rings;
    struct render_lane **renders;
    struct pacer_lane *paces;
    struct renderer **renderers;
    size_t renderer_count;
    struct pacer *pacer;
    bool is_realtime;
};

struct air *air_create(struct channel *const *channels, size_t count, struct outputs *outputs,
                       int horizon_ms)
{
    struct air *air = calloc(1, sizeof(*air));
    if (air == NULL) {
        return NULL;
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    air->channels = channels;
    air->count = count;
    air->outputs = outputs;
    air->horizon_ms = horizon_ms;
    air->renderer_count = cores > 0 && (size_t)cores < count ? (size_t)cores : count;
    air->rings = calloc(count, sizeof(air->rings[0]));
    air->renders = calloc(count, sizeof(air->renders[0]));
    air->paces = calloc(count, sizeof(air->paces[0]));
    air->renderers = calloc(air->renderer_count, sizeof(air->renderers[0]));
    if (air->rings == NULL || air->renders == NULL || air->paces == NULL ||
        air->renderers == NULL) {
        air_destroy(air);
        return NULL;
    }
    air_clock_init(&air->clock, system_monotonic_ns(), system_utc_offset_ns());
    return air;
}

void air_destroy(struct air *air)
{
    if (air == NULL) {
        return;
    }
    if (air->rings != NULL && air->renders != NULL && air->paces != NULL &&
        air->renderers != NULL) {
        air_stop(air);
    }
    free(air->rings);
    free(air->renders);
    free(air->paces);
    free(air->renderers);
    free(air);
}

void air_moment(const struct air *air, struct moment *now)
{
    const int64_t monotonic_ns = system_monotonic_ns();
    now->utc_ns = air_clock_utc_ns(&air->clock, monotonic_ns);
    now->frame = now->utc_ns / NS_PER_FRAME;
    now->ms = monotonic_ns / NS_PER_MS;
}

static int make_lane(struct air *air, size_t i, int64_t start_ns)
{
    const struct tape_format *format = channel_format(air->channels[i]);
    const int slots = tape_transport(format)->slots_per_second;
    air->rings[i] = ring_create(pacing_datagrams_in(slots, air->horizon_ms) + 1,
                                pacing_first_from(slots, start_ns));
    if (air->rings[i] == NULL) {
        return -ENOMEM;
    }
    air->renders[i] = render_lane_create(format, air->rings[i], channel_inputs(air->channels[i]));
    memset(&air->paces[i], 0, sizeof(air->paces[i]));
    air->paces[i].ring = air->rings[i];
    air->paces[i].slots_per_second = slots;
    /* Before the pacer runs: not one datagram of a muted channel goes out. */
    atomic_init(&air->paces[i].is_muted, channel_is_muted(air->channels[i]));
    if (air->renders[i] == NULL) {
        return -ENOMEM;
    }
    render_lane_fill(air->renders[i]); /* a second of television in about a millisecond */
    return 0;
}

/* Renderer r gets the channels r, r + n, r + 2n ... */
static int start_renderers(struct air *air)
{
    struct render_lane **lanes = calloc(air->count, sizeof(lanes[0]));
    int result = lanes != NULL ? 0 : -ENOMEM;
    for (size_t r = 0; r < air->renderer_count && result == 0; r++) {
        size_t count = 0;
        for (size_t i = r; i < air->count; i += air->renderer_count) {
            lanes[count++] = air->renders[i];
        }
        result = renderer_start(lanes, count, &air->renderers[r]);
    }
    free(lanes);
    return result;
}

static int prepare_channels(struct air *air, bool has_time)
{
    int result = 0;
    for (size_t i = 0; i < air->count && result == 0; i++) {
        struct moment now;
        air_moment(air, &now);
        result = channel_prepare(air->channels[i], &now, has_time);
    }
    return result;
}

int air_start(struct air *air, bool has_time)
{
    struct moment now;
    air_clock_init(&air->clock, system_monotonic_ns(), system_utc_offset_ns());
    int result = prepare_channels(air, has_time);
    air_moment(air, &now);
    for (size_t i = 0; i < air->count && result == 0; i++) {
        result = make_lane(air, i, now.utc_ns + START_NS);
    }
    if (result == 0) {
        air->pacer = pacer_create(air->paces, air->count, &air->clock, outputs_sink(air->outputs));
        result = air->pacer != NULL ? start_renderers(air) : -ENOMEM;
    }
    if (result == 0) {
        result = pacer_start(air->pacer, &air->is_realtime);
    }
    if (result < 0) {
        air_stop(air);
        return result;
    }
    for (size_t i = 0; i < air->count; i++) {
        channel_on_air(air->channels[i], &now, air->renders[i], &air->paces[i]);
    }
    return 0;
}

void air_stop(struct air *air)
{
    struct moment now;
    air_moment(air, &now);
    pacer_destroy(air->pacer);
    air->pacer = NULL;
    for (size_t r = 0; r < air->renderer_count; r++) {
        renderer_stop(air->renderers[r]);
        air->renderers[r] = NULL;
    }
    for (size_t i = 0; i < air->count; i++) {
        channel_stop(air->channels[i], &now);
        channel_on_air(air->channels[i], &now, NULL, NULL);
        render_lane_destroy(air->renders[i]);
        ring_destroy(air->rings[i]);
        air->renders[i] = NULL;
        air->rings[i] = NULL;
    }
}

void air_watch_clock(struct air *air)
{
    air_clock_watch(&air->clock, system_monotonic_ns(), system_utc_offset_ns());
}

const struct air_clock *air_clock_of(const struct air *air)
{
    return &air->clock;
}

bool air_is_realtime(const struct air *air)
{
    return air->is_realtime;
}

uint64_t air_progress(const struct air *air)
{
    uint64_t progress = 0;
    for (size_t i = 0; i < air->count; i++) {
        progress += air->rings[i] != NULL ? ring_position(air->rings[i]) : 0;
    }
    return progress;
}
