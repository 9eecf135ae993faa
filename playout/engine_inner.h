/* SPDX-License-Identifier: MIT */
/*
 * engine_inner: what the parts of the engine share among themselves.
 * Included by engine*.c only; the contract is in engine.h.
 */
#ifndef PLAYOUT_ENGINE_INNER_H
#define PLAYOUT_ENGINE_INNER_H

#include "playout/air.h"
#include "playout/control_socket.h"
#include "playout/engine.h"

#include <time.h>

/* A transport that stays off the air. */
struct absentee {
    const struct transport *transport;
    char *reason;
};

struct engine {
    struct control_handler handler; /* first */
    struct log *log;
    const char *version;
    bool is_trusting;
    int64_t ahead_s;
    char *station_path;
    struct station *station;       /* as it was at the start: what runs */
    struct station *fresh_station; /* whose outputs are in use; NULL: the same */
    struct timespec station_changed;
    struct zone *zone;
    int lock_fd;
    struct shelf *shelf;
    struct channel_context context;

    struct multiplex *multiplexes; /* those on the air */
    size_t *lanes;                 /* number in the station of each of them */
    size_t multiplex_count;
    struct absentee *absentees;
    size_t absentee_count;

    struct outputs *outputs;
    struct air *air;
    struct control_socket *control;
    struct alarms alarms; /* of the station as a whole */
    bool has_time;
    bool is_on_air;
    bool is_clock_off;
    int64_t started_ms;
    uint64_t progress; /* of the pacer, at the last look */
};

/* The station whose outputs are in use. */
const struct station *engine_outputs_of(const struct engine *engine);

/* Raises a station-wide alarm, and logs it when it is new. */
void engine_alarm(struct engine *engine, const char *key, const char *text);
void engine_all_clear(struct engine *engine, const char *key);
int64_t engine_ms(void);

/* engine_control.c: answers the control socket. */
json_t *engine_handle(struct control_handler *handler, const json_t *request);

/*
 * The channels on the air behind each other: number `n`, or NULL beyond the
 * last; and the number of its multiplex.
 */
struct channel *engine_channel(const struct engine *engine, size_t n, size_t *multiplex);

/* engine_outputs.c: looks after them, once a second; tells how those of multiplex `i` are. */
void engine_tend_outputs(struct engine *engine);
json_t *engine_outputs_json(const struct engine *engine, size_t i);

/* engine_reload.c: the station file again.  0, or -EINVAL when it was not taken. */
int engine_reload(struct engine *engine);
/* The same, when the file's time has changed. */
void engine_watch_station(struct engine *engine);
void engine_note_station(struct engine *engine);

/* engine_setup.c: what engine_create() does before channels; 0 or -errno. */
int engine_take_state(struct engine *engine, struct problems *problems);
int engine_make_multiplexes(struct engine *engine, struct problems *problems);
void engine_finish_multiplex(struct multiplex *multiplex); /* accepts a half-made one */

#endif
