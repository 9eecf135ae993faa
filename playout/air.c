/* SPDX-License-Identifier: MIT */
#include "playout/air.h"

#include "playout/pacing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { START_NS = 40 * NS_PER_MS }; /* from the decision to the first datagram */

struct air {
    const struct multiplex *multiplexes;
    size_t count;
    struct outputs *outputs;
    int horizon_ms;
    int64_t ahead_ns; /* of the output's clock before the system's */

    struct air_clock clock;
    struct ring **rings;
    struct render_lane **renders;
    struct pacer_lane *paces;
    struct renderer **renderers;
    size_t renderer_count;
    struct pacer *pacer;
    bool is_realtime;
    bool is_still; /* `now` is what time it is */
    struct moment now;
    struct tape_inputs *nothing; /* of a member that is off the air: the endless slate */
};

/* The inputs of a service whose transport stays off the air; NULL: out of memory. */
static struct tape_inputs *make_nothing(void)
{
    struct tape_step slate = {.frame = INT64_MIN, .timeline = timeline_create_empty(GOP_FRAMES)};
    struct tape_inputs *inputs =
        slate.timeline != NULL ? tape_inputs_create(&slate, 1, NULL, 0) : NULL;
    timeline_unref(slate.timeline);
    return inputs;
}

static int64_t utc_offset_ns(const struct air *air)
{
    return system_utc_offset_ns() + air->ahead_ns;
}

struct air *air_create(const struct multiplex *multiplexes, size_t count, struct outputs *outputs,
                       int horizon_ms, int64_t ahead_ns)
{
    struct air *air = calloc(1, sizeof(*air));
    if (air == NULL) {
        return NULL;
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    air->multiplexes = multiplexes;
    air->count = count;
    air->outputs = outputs;
    air->horizon_ms = horizon_ms;
    air->ahead_ns = ahead_ns;
    air->renderer_count = cores > 0 && (size_t)cores < count ? (size_t)cores : count;
    air->rings = calloc(count, sizeof(air->rings[0]));
    air->renders = calloc(count, sizeof(air->renders[0]));
    air->paces = calloc(count, sizeof(air->paces[0]));
    air->renderers = calloc(air->renderer_count, sizeof(air->renderers[0]));
    air->nothing = make_nothing();
    if (air->rings == NULL || air->renders == NULL || air->paces == NULL ||
        air->renderers == NULL || air->nothing == NULL) {
        air_destroy(air);
        return NULL;
    }
    air_clock_init(&air->clock, system_monotonic_ns(), utc_offset_ns(air));
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
    tape_inputs_unref(air->nothing);
    free(air);
}

void air_moment(const struct air *air, struct moment *now)
{
    if (air->is_still) {
        *now = air->now;
        return;
    }
    const int64_t monotonic_ns = system_monotonic_ns();
    now->utc_ns = air_clock_utc_ns(&air->clock, monotonic_ns);
    now->frame = now->utc_ns / NS_PER_FRAME;
    now->ms = monotonic_ns / NS_PER_MS;
}

static size_t service_count(const struct multiplex *multiplex)
{
    return tape_transport(multiplex->format)->service_count;
}

/* The channel of a service, or NULL when it is off the air. */
static struct channel *find_channel(const struct air *air, const struct service *service)
{
    for (size_t i = 0; i < air->count; i++) {
        const struct multiplex *multiplex = &air->multiplexes[i];
        for (size_t k = 0; k < service_count(multiplex); k++) {
            if (channel_service(multiplex->channels[k]) == service) {
                return multiplex->channels[k];
            }
        }
    }
    return NULL;
}

void air_inputs(const struct air *air, size_t multiplex, struct tape_inputs **inputs)
{
    const struct tape_format *format = air->multiplexes[multiplex].format;
    for (size_t m = 0; m < tape_member_count(format); m++) {
        struct channel *channel = find_channel(air, tape_member(format, m));
        inputs[m] = channel != NULL ? channel_inputs(channel) : air->nothing;
    }
}

static struct render_lane *make_render(const struct air *air, size_t i)
{
    const struct tape_format *format = air->multiplexes[i].format;
    struct tape_inputs **inputs = calloc(tape_member_count(format), sizeof(inputs[0]));
    if (inputs != NULL) {
        air_inputs(air, i, inputs);
    }
    struct render_lane *lane =
        inputs != NULL ? render_lane_create(format, air->rings[i], inputs) : NULL;
    free(inputs);
    return lane;
}

/* Muted is a transport: one of its channels says so for all. */
static bool is_muted(const struct multiplex *multiplex)
{
    return channel_is_muted(multiplex->channels[0]);
}

static int make_lane(struct air *air, size_t i, int64_t start_ns)
{
    const int slots = tape_transport(air->multiplexes[i].format)->slots_per_second;
    air->rings[i] = ring_create(pacing_datagrams_in(slots, air->horizon_ms) + 1,
                                pacing_first_from(slots, start_ns));
    if (air->rings[i] == NULL) {
        return -ENOMEM;
    }
    air->renders[i] = make_render(air, i);
    memset(&air->paces[i], 0, sizeof(air->paces[i]));
    air->paces[i].ring = air->rings[i];
    air->paces[i].slots_per_second = slots;
    /* Before the pacer runs: not one datagram of a muted transport goes out. */
    atomic_init(&air->paces[i].is_muted, is_muted(&air->multiplexes[i]));
    if (air->renders[i] == NULL) {
        return -ENOMEM;
    }
    render_lane_fill(air->renders[i]); /* a second of television in about a millisecond */
    return 0;
}

/* The lanes of which a service is a member, its own first: an array, or NULL out of memory. */
static struct channel_feed *make_feeds(const struct air *air, size_t own, size_t number,
                                       size_t *count)
{
    const struct service *service = &tape_transport(air->multiplexes[own].format)->services[number];
    struct channel_feed *feeds = calloc(air->count, sizeof(feeds[0]));
    if (feeds == NULL) {
        return NULL;
    }
    feeds[0] = (struct channel_feed){.lane = air->renders[own], .member = number};
    *count = 1;
    for (size_t i = 0; i < air->count; i++) {
        const struct tape_format *format = air->multiplexes[i].format;
        for (size_t m = 0; i != own && m < tape_member_count(format); m++) {
            if (tape_member(format, m) == service) {
                feeds[(*count)++] = (struct channel_feed){.lane = air->renders[i], .member = m};
            }
        }
    }
    return feeds;
}

static int put_on_air(struct air *air, const struct moment *now)
{
    int result = 0;
    for (size_t i = 0; i < air->count; i++) {
        const struct multiplex *multiplex = &air->multiplexes[i];
        for (size_t k = 0; k < service_count(multiplex); k++) {
            size_t count = 0;
            struct channel_feed *feeds = make_feeds(air, i, k, &count);
            result = feeds != NULL ? result : -ENOMEM;
            channel_on_air(multiplex->channels[k], now, feeds, count,
                           feeds != NULL ? &air->paces[i] : NULL);
        }
    }
    return result;
}

/* Renderer r gets the transports r, r + n, r + 2n ... */
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
    for (size_t i = 0; i < air->count; i++) {
        const struct multiplex *multiplex = &air->multiplexes[i];
        for (size_t k = 0; k < service_count(multiplex) && result == 0; k++) {
            struct moment now;
            air_moment(air, &now);
            result = channel_prepare(multiplex->channels[k], &now, has_time);
        }
    }
    return result;
}

int air_start(struct air *air, bool has_time)
{
    struct moment now;
    air_clock_init(&air->clock, system_monotonic_ns(), utc_offset_ns(air));
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
    if (result == 0) {
        air_moment(air, &now); /* with many transports it has taken a while */
        result = put_on_air(air, &now);
    }
    if (result < 0) {
        air_stop(air);
    }
    return result;
}

int air_start_still(struct air *air, const struct moment *now)
{
    air->is_still = true;
    air->now = *now;
    int result = prepare_channels(air, true);
    for (size_t i = 0; i < air->count && result == 0; i++) {
        result = make_lane(air, i, now->utc_ns);
    }
    if (result == 0) {
        result = put_on_air(air, now);
    }
    if (result < 0) {
        air_stop(air);
    }
    return result;
}

void air_set(struct air *air, const struct moment *now)
{
    air->now = *now;
}

struct ring *air_ring(const struct air *air, size_t multiplex)
{
    return air->rings[multiplex];
}

struct render_lane *air_render(const struct air *air, size_t multiplex)
{
    return air->renders[multiplex];
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
        const struct multiplex *multiplex = &air->multiplexes[i];
        for (size_t k = 0; k < service_count(multiplex); k++) {
            channel_stop(multiplex->channels[k], &now);
            channel_on_air(multiplex->channels[k], &now, NULL, 0, NULL);
        }
        render_lane_destroy(air->renders[i]);
        ring_destroy(air->rings[i]);
        air->renders[i] = NULL;
        air->rings[i] = NULL;
    }
}

void air_watch_clock(struct air *air)
{
    air_clock_watch(&air->clock, system_monotonic_ns(), utc_offset_ns(air));
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
