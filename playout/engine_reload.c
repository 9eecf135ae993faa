/* SPDX-License-Identifier: MIT */
/*
 * engine_reload: the station file, edited while on air.
 *
 * Outputs are taken at once.  A file with mistakes, or with changes that need
 * a restart, changes nothing: what runs goes on, and status says why.
 */
#include "playout/engine_inner.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static void log_problems(struct engine *engine, const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        log_write(engine->log, LOG_LEVEL_WARNING, engine_ms(),
                  "event=station_problem file=%s line=%d text=\"%s\"", problem->file, problem->line,
                  log_quote(problem->text).text);
    }
}

static void refuse(struct engine *engine, const struct problems *problems)
{
    char *text = NULL;
    const struct problem *first = problems->count > 0 ? &problems->items[0] : NULL;
    if (asprintf(&text, _("the station file is not taken, what runs goes on: line %d: %s"),
                 first != NULL ? first->line : 0, first != NULL ? first->text : "?") >= 0) {
        engine_alarm(engine, "station_file", text);
        free(text);
    }
}

static void ask_for_restart(struct engine *engine, const char *setting)
{
    char *text = NULL;
    if (asprintf(&text, _("the station file has changed in '%s': that needs a restart"), setting) >=
        0) {
        engine_alarm(engine, "station_file", text);
        free(text);
    }
}

int engine_reload(struct engine *engine)
{
    struct station *fresh = NULL;
    struct problems problems;
    problems_init(&problems);
    int result = station_load(engine->station_path, &fresh, &problems);
    if (result < 0) {
        refuse(engine, &problems);
        goto cleanup;
    }
    const char *setting = station_restart_reason(engine->station, fresh);
    if (setting != NULL) {
        ask_for_restart(engine, setting);
        result = -EINVAL;
        goto cleanup;
    }
    result = outputs_open(engine->outputs, fresh, engine->lanes, &problems);
    if (result == 0) {
        station_destroy(engine->fresh_station);
        engine->fresh_station = fresh;
        fresh = NULL;
        engine_all_clear(engine, "station_file");
        log_write(engine->log, LOG_LEVEL_INFO, engine_ms(), "event=reload file=%s",
                  engine->station_path);
    }

cleanup:
    log_problems(engine, &problems);
    problems_finish(&problems);
    station_destroy(fresh);
    return result;
}

void engine_note_station(struct engine *engine)
{
    struct stat status;
    if (stat(engine->station_path, &status) == 0) {
        engine->station_changed = status.st_mtim;
    }
}

void engine_watch_station(struct engine *engine)
{
    const struct timespec before = engine->station_changed;
    engine_note_station(engine);
    if (before.tv_sec != engine->station_changed.tv_sec ||
        before.tv_nsec != engine->station_changed.tv_nsec) {
        (void)engine_reload(engine);
    }
}
