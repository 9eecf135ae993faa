/* SPDX-License-Identifier: MIT */
#include "playout/engine_inner.h"

#include "playout/intl.h"
#include "playout/pacing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    TICK_MS = 100,
    FULL_TICKS = 10, /* one in so many does everything */
    /* For recordings, at the end: less than half of what systemd waits. */
    RECORDINGS_END_MS = 4000,
};

int64_t engine_ms(void)
{
    return system_monotonic_ns() / NS_PER_MS;
}

const struct station *engine_outputs_of(const struct engine *engine)
{
    return engine->fresh_station != NULL ? engine->fresh_station : engine->station;
}

void engine_alarm(struct engine *engine, const char *key, const char *text)
{
    const int64_t now_ms = engine_ms();
    if (alarms_raise(&engine->alarms, key, now_ms, INT64_MAX, text)) {
        log_write(engine->log, LOG_LEVEL_WARNING, now_ms, "event=alarm alarm=%s text=\"%s\"", key,
                  log_quote(text).text);
    }
}

void engine_all_clear(struct engine *engine, const char *key)
{
    if (alarms_clear(&engine->alarms, key)) {
        log_write(engine->log, LOG_LEVEL_INFO, engine_ms(), "event=all_clear alarm=%s", key);
    }
}

struct channel *engine_channel(const struct engine *engine, size_t n, size_t *multiplex)
{
    for (size_t i = 0; i < engine->multiplex_count; i++) {
        const struct multiplex *one = &engine->multiplexes[i];
        const size_t services = tape_transport(one->format)->service_count;
        if (n < services) {
            *multiplex = i;
            return one->channels[n];
        }
        n -= services;
    }
    return NULL;
}

static int open_zone(struct engine *engine, struct problems *problems)
{
    const int result = zone_open(engine->station->time_zone, &engine->zone);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, engine->station_path, 0, 0,
                     _("time_zone '%s' cannot be read: %s"), engine->station->time_zone,
                     strerror(-result));
    }
    return result;
}

static int open_control(struct engine *engine, struct problems *problems)
{
    char *path = NULL;
    if (asprintf(&path, "%s/run/playout.sock", engine->station->state) < 0) {
        return -ENOMEM;
    }
    engine->handler.handle = engine_handle;
    const int result = control_socket_open(path, &engine->handler, &engine->control);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, path, 0, 0,
                     _("the control socket cannot be opened: %s"), strerror(-result));
    }
    free(path);
    return result;
}

static int set_up(struct engine *engine, struct problems *problems)
{
    int result = station_load(engine->station_path, &engine->station, problems);
    if (result == 0) {
        engine_note_station(engine);
        result = open_zone(engine, problems);
    }
    if (result == 0) {
        result = engine_take_state(engine, problems);
    }
    if (result == 0) {
        result = shelf_create(engine->station->media, &engine->shelf);
    }
    if (result == 0) {
        engine->context = (struct channel_context){.station = engine->station,
                                                   .zone = engine->zone,
                                                   .shelf = engine->shelf,
                                                   .log = engine->log};
        result = engine_make_multiplexes(engine, problems);
    }
    if (result == 0) {
        engine->outputs = outputs_create(engine->multiplex_count);
        result = engine->outputs != NULL
                     ? outputs_open(engine->outputs, engine->station, engine->lanes, problems)
                     : -ENOMEM;
    }
    if (result == 0) {
        engine->air = air_create(engine->multiplexes, engine->multiplex_count, engine->outputs,
                                 engine->station->horizon_ms, engine->ahead_s * NS_PER_S);
        result = engine->air != NULL ? open_control(engine, problems) : -ENOMEM;
    }
    return result;
}

int engine_create(const struct engine_options *options, struct engine **engine,
                  struct problems *problems)
{
    struct engine *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->lock_fd = -1;
    fresh->log = options->log;
    fresh->version = options->version;
    fresh->is_trusting = options->trust_clock;
    fresh->ahead_s = options->ahead_s;
    fresh->started_ms = engine_ms();
    fresh->station_path = strdup(options->station);
    const int result = fresh->station_path != NULL ? set_up(fresh, problems) : -ENOMEM;
    if (result < 0) {
        engine_destroy(fresh);
        return result;
    }
    *engine = fresh;
    return 0;
}

static void end_outputs(struct engine *engine)
{
    const size_t left = outputs_destroy(engine->outputs, RECORDINGS_END_MS);
    if (left > 0) {
        log_write(engine->log, LOG_LEVEL_WARNING, engine_ms(),
                  "event=recordings_left count=%zu text=\"%s\"", left,
                  _("the disk of a recording does not answer: its last seconds are not written"));
    }
}

void engine_destroy(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    control_socket_close(engine->control);
    air_destroy(engine->air);
    for (size_t i = 0; i < engine->multiplex_count; i++) {
        engine_finish_multiplex(&engine->multiplexes[i]);
    }
    for (size_t i = 0; i < engine->absentee_count; i++) {
        free(engine->absentees[i].reason);
    }
    end_outputs(engine);
    shelf_destroy(engine->shelf);
    zone_close(engine->zone);
    station_destroy(engine->fresh_station);
    station_destroy(engine->station);
    alarms_finish(&engine->alarms);
    if (engine->lock_fd >= 0) {
        close(engine->lock_fd);
    }
    free(engine->multiplexes);
    free(engine->lanes);
    free(engine->absentees);
    free(engine->station_path);
    free(engine);
}

static int go_on_air(struct engine *engine)
{
    if (engine->ahead_s != 0) {
        engine_alarm(engine, "rehearsal",
                     _("a rehearsal: the time of day is not the real one (--clock-ahead)"));
    }
    engine->has_time = engine->is_trusting || system_clock_is_synchronised();
    if (!engine->has_time) {
        engine_alarm(engine, "clock_unsynchronised",
                     _("the clock of this machine is not synchronised: the slate is shown until it "
                       "is (--trust-clock airs the plan all the same)"));
    } else if (!system_clock_is_synchronised()) {
        log_write(engine->log, LOG_LEVEL_WARNING, engine_ms(), "event=clock text=\"%s\"",
                  _("the clock of this machine is not synchronised; it is trusted all the same"));
    }
    const int result = air_start(engine->air, engine->has_time);
    engine->is_on_air = result == 0;
    if (result == 0) {
        log_write(engine->log, LOG_LEVEL_INFO, engine_ms(),
                  "event=on_air transports=%zu realtime=%d clock=%s", engine->multiplex_count,
                  air_is_realtime(engine->air),
                  !engine->has_time     ? "unsynchronised"
                  : engine->is_trusting ? "trusted"
                                        : "synchronised");
    }
    return result;
}

/* The clock has become right: from the slate to the plan, with one jump. */
static int take_time(struct engine *engine)
{
    engine_all_clear(engine, "clock_unsynchronised");
    air_stop(engine->air);
    engine->is_on_air = false;
    return go_on_air(engine);
}

static void watch_clock(struct engine *engine)
{
    air_watch_clock(engine->air);
    const struct air_clock *clock = air_clock_of(engine->air);
    if (air_clock_is_off(clock)) {
        char text[160];
        snprintf(text, sizeof(text),
                 _("the system's clock has moved by %.3f s; the output follows it by 20 µs a "
                   "second, or at once after a restart"),
                 (double)clock->error_ns / 1e9);
        /* The number changes with every look: one alarm, not one a second. */
        if (!engine->is_clock_off) {
            engine_alarm(engine, "clock_stepped", text);
        }
        engine->is_clock_off = true;
    } else if (engine->is_clock_off) {
        engine->is_clock_off = false;
        engine_all_clear(engine, "clock_stepped");
    }
}

static bool is_pacer_alive(struct engine *engine)
{
    const uint64_t progress = air_progress(engine->air);
    const bool is_alive = progress != engine->progress;
    engine->progress = progress;
    return is_alive;
}

static int tick(struct engine *engine, bool is_full, struct engine_host *host)
{
    struct moment now;
    air_moment(engine->air, &now);
    size_t multiplex = 0;
    struct channel *channel = NULL;
    for (size_t i = 0; (channel = engine_channel(engine, i, &multiplex)) != NULL; i++) {
        channel_tick(channel, &now, is_full);
    }
    if (!is_full) {
        return 0;
    }
    shelf_tidy(engine->shelf);
    engine_tend_outputs(engine);
    log_tidy(engine->log, now.ms);
    engine_watch_station(engine);
    if (is_pacer_alive(engine) && host->alive != NULL) {
        host->alive(host);
    }
    if (engine->has_time) {
        watch_clock(engine);
        return 0;
    }
    return system_clock_is_synchronised() ? take_time(engine) : 0;
}

/* True when the engine shall stop. */
static bool read_signals(struct engine *engine, int signal_fd)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo != SIGHUP) {
            log_write(engine->log, LOG_LEVEL_INFO, engine_ms(), "event=stop signal=%u",
                      info.ssi_signo);
            return true;
        }
        (void)engine_reload(engine);
    }
    return false;
}

static int serve(struct engine *engine, int signal_fd, struct engine_host *host)
{
    struct pollfd fds[] = {
        {.fd = signal_fd, .events = POLLIN},
        {.fd = control_socket_fd(engine->control), .events = POLLIN},
    };
    int64_t next_ms = engine_ms();
    int result = 0;
    for (uint64_t ticks = 0; result == 0;) {
        const int64_t wait_ms = next_ms - engine_ms();
        if (poll(fds, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR) {
            return -errno;
        }
        if ((fds[0].revents & POLLIN) != 0 && read_signals(engine, signal_fd)) {
            break;
        }
        const int64_t now_ms = engine_ms();
        control_socket_serve(engine->control, now_ms);
        if (now_ms >= next_ms) {
            result = tick(engine, ticks++ % FULL_TICKS == 0, host);
            next_ms = now_ms - next_ms > FULL_TICKS * TICK_MS ? now_ms : next_ms;
            next_ms += TICK_MS;
        }
    }
    return result;
}

int engine_run(struct engine *engine, int signal_fd, struct engine_host *host)
{
    int result = go_on_air(engine);
    if (result < 0) {
        return result;
    }
    if (host->ready != NULL) {
        host->ready(host);
    }
    result = serve(engine, signal_fd, host);
    if (host->stopping != NULL) {
        host->stopping(host);
    }
    air_stop(engine->air);
    engine->is_on_air = false;
    return result;
}
