/* SPDX-License-Identifier: MIT */
#include "playout/engine_still.h"

#include "playout/engine_inner.h"
#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct engine_still {
    struct engine engine; /* without its station: that is the caller's */
};

static int set_up(struct engine *engine, const struct station *station, struct problems *problems)
{
    int result = zone_open(station->time_zone, &engine->zone);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("time_zone '%s' cannot be read: %s"), station->time_zone, strerror(-result));
        return result;
    }
    result = engine_take_state(engine, problems);
    if (result == 0) {
        result = shelf_create(station->media, &engine->shelf);
    }
    if (result == 0) {
        shelf_trust(engine->shelf);
        engine->context = (struct channel_context){
            .station = station, .zone = engine->zone, .shelf = engine->shelf, .log = engine->log};
        result = engine_make_multiplexes(engine, problems);
    }
    if (result == 0) {
        engine->air =
            air_create(engine->multiplexes, engine->multiplex_count, NULL, station->horizon_ms, 0);
        result = engine->air != NULL ? 0 : -ENOMEM;
    }
    return result;
}

int engine_still_create(struct station *station, struct log *log, struct engine_still **engine,
                        struct problems *problems)
{
    struct engine_still *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->engine.lock_fd = -1;
    fresh->engine.log = log;
    fresh->engine.station = station;
    fresh->engine.station_path = strdup(station->path);
    const int result =
        fresh->engine.station_path != NULL ? set_up(&fresh->engine, station, problems) : -ENOMEM;
    if (result < 0) {
        engine_still_destroy(fresh);
        return result;
    }
    *engine = fresh;
    return 0;
}

void engine_still_destroy(struct engine_still *engine)
{
    if (engine == NULL) {
        return;
    }
    struct engine *inner = &engine->engine;
    air_destroy(inner->air);
    for (size_t i = 0; i < inner->multiplex_count; i++) {
        engine_finish_multiplex(&inner->multiplexes[i]);
    }
    for (size_t i = 0; i < inner->absentee_count; i++) {
        free(inner->absentees[i].reason);
    }
    shelf_destroy(inner->shelf);
    zone_close(inner->zone);
    if (inner->lock_fd >= 0) {
        close(inner->lock_fd);
    }
    free(inner->multiplexes);
    free(inner->lanes);
    free(inner->absentees);
    free(inner->station_path);
    free(engine);
}

int engine_still_start(struct engine_still *engine, const struct moment *now)
{
    return air_start_still(engine->engine.air, now);
}

void engine_still_stop(struct engine_still *engine, const struct moment *now)
{
    air_set(engine->engine.air, now);
    air_stop(engine->engine.air);
}

void engine_still_tick(struct engine_still *engine, const struct moment *now, bool is_full)
{
    size_t lane = 0;
    struct channel *channel = NULL;
    air_set(engine->engine.air, now);
    for (size_t i = 0; (channel = engine_still_channel(engine, i, &lane)) != NULL; i++) {
        channel_tick(channel, now, is_full);
    }
    if (is_full) {
        shelf_tidy(engine->engine.shelf);
        log_tidy(engine->engine.log, now->ms);
    }
}

size_t engine_still_lanes(const struct engine_still *engine)
{
    return engine->engine.multiplex_count;
}

const struct tape_format *engine_still_format(const struct engine_still *engine, size_t lane)
{
    return engine->engine.multiplexes[lane].format;
}

struct ring *engine_still_ring(const struct engine_still *engine, size_t lane)
{
    return air_ring(engine->engine.air, lane);
}

struct render_lane *engine_still_render(const struct engine_still *engine, size_t lane)
{
    return air_render(engine->engine.air, lane);
}

void engine_still_inputs(const struct engine_still *engine, size_t lane,
                         struct tape_inputs **inputs)
{
    air_inputs(engine->engine.air, lane, inputs);
}

struct channel *engine_still_channel(const struct engine_still *engine, size_t n, size_t *lane)
{
    return engine_channel(&engine->engine, n, lane);
}
