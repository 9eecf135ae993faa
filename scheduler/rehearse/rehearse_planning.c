/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_planning.h"

#include "playout/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* As in daemon.c; but for the reviews (rehearse_planning.h). */
enum {
    REVIEW_EVERY_MS = 6 * 3600000,
    REVIEW_OFTEN_MS = 600000,
    ENGINE_EVERY_MS = 1000,
    PENDING_MS = 4000,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MOST_MS = 60000,
};

struct planned {
    bool is_ours; /* to be planned */
    bool is_dirty;
    int64_t revision;
    int64_t written_ms;
    int64_t retry_ms;
    int64_t backoff_ms;
    int64_t reported_refusal;
    struct engine_channel engine;
};

struct rehearse_planning {
    const struct station *station;
    struct rehearse_notes *notes;
    struct planner *planner;
    struct planned *channels; /* as the station's services */
    int64_t asked_ms;
    int64_t reviewed_ms;
    int64_t review_every_ms;
};

struct planner *rehearse_planning_planner(struct rehearse_planning *planning)
{
    return planning->planner;
}

static struct planned *planned_of(const struct rehearse_planning *planning,
                                  const struct service *service)
{
    return &planning->channels[station_service_number(planning->station, service)];
}

static void set_dirty(struct rehearse_planning *planning)
{
    for (size_t i = 0; i < station_service_count(planning->station); i++) {
        planning->channels[i].is_dirty = planning->channels[i].is_ours;
    }
}

int rehearse_planning_reread(struct rehearse_planning *planning, struct problems *problems)
{
    int result = planner_load_timetables(planning->planner, problems);
    if (result == 0) {
        result = planner_read_media(planning->planner, problems);
    }
    set_dirty(planning);
    return result;
}

int rehearse_planning_create(const struct station *station, const char *only, int64_t now_ms,
                             struct rehearse_notes *notes, struct rehearse_planning **planning,
                             struct problems *problems)
{
    const size_t count = station_service_count(station);
    struct rehearse_planning *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->station = station;
    fresh->notes = notes;
    fresh->reviewed_ms = now_ms;
    fresh->review_every_ms = REVIEW_EVERY_MS;
    fresh->channels = calloc(count + 1, sizeof(fresh->channels[0]));
    int result = fresh->channels != NULL ? planner_create(station, &fresh->planner) : -ENOMEM;
    for (size_t i = 0; result == 0 && i < count; i++) {
        fresh->channels[i].is_ours =
            only == NULL || strcmp(station_service_at(station, i)->name, only) == 0;
    }
    if (result == 0) {
        result = rehearse_planning_reread(fresh, problems);
    }
    if (result == 0) {
        result = planner_open_signoff(fresh->planner, now_ms, problems);
    }
    if (result < 0) {
        rehearse_planning_destroy(fresh);
        return result;
    }
    *planning = fresh;
    return 0;
}

void rehearse_planning_destroy(struct rehearse_planning *planning)
{
    if (planning != NULL) {
        planner_destroy(planning->planner);
        free(planning->channels);
        free(planning);
    }
}

void rehearse_planning_review_often(struct rehearse_planning *planning)
{
    planning->review_every_ms = REVIEW_OFTEN_MS;
}

/* --- What the engine says ----------------------------------------------------------- */

static struct engine_channel ask(const struct channel *channel, const struct moment *now)
{
    struct engine_channel answer = {.is_known = true};
    json_t *status = channel_status(channel, now);
    const json_t *refused = json_object_get(status, "refused");
    const char *reason = json_string_value(json_object_get(refused, "reason"));
    answer.revision = json_integer_value(json_object_get(status, "adopted"));
    answer.refused = json_integer_value(json_object_get(refused, "revision"));
    snprintf(answer.reason, sizeof(answer.reason), "%s", reason != NULL ? reason : "");
    json_decref(status);
    return answer;
}

static void judge(struct rehearse_planning *planning, const struct service *service,
                  struct planned *planned, const struct moment *now)
{
    const struct engine_channel *engine = &planned->engine;
    const int64_t now_ms = now->ms;
    if (planned->revision == 0) {
        return;
    }
    if (engine->revision == planned->revision) {
        planned->backoff_ms = 0;
        return;
    }
    const bool is_refused = engine->refused == planned->revision;
    if (is_refused && planned->reported_refusal != engine->refused) {
        planned->reported_refusal = engine->refused;
        rehearse_note(planning->notes, NOTE_PROBLEM, now->frame, service->name,
                      _("the engine refuses plan revision %lld: %s"), (long long)engine->refused,
                      engine->reason);
    }
    const bool is_overdue = now_ms > planned->written_ms + planning->station->guard_ms + PENDING_MS;
    if ((is_refused || is_overdue) && now_ms >= planned->retry_ms) {
        planned->is_dirty = true;
        planned->backoff_ms = planned->backoff_ms == 0 ? BACKOFF_FIRST_MS : planned->backoff_ms * 2;
        if (planned->backoff_ms > BACKOFF_MOST_MS) {
            planned->backoff_ms = BACKOFF_MOST_MS;
        }
        planned->retry_ms = now_ms + planned->backoff_ms;
    }
}

static void watch_engine(struct rehearse_planning *planning, struct engine_still *engine,
                         const struct moment *now)
{
    size_t lane = 0;
    struct channel *channel = NULL;
    if (now->ms < planning->asked_ms + ENGINE_EVERY_MS) {
        return;
    }
    planning->asked_ms = now->ms;
    for (size_t i = 0; (channel = engine_still_channel(engine, i, &lane)) != NULL; i++) {
        struct planned *planned = planned_of(planning, channel_service(channel));
        if (planned->is_ours) {
            planned->engine = ask(channel, now);
            judge(planning, channel_service(channel), planned, now);
        }
    }
}

/* --- Planning ----------------------------------------------------------------------- */

/*
 * The engine looks for a folder that has changed by its time stamp.  In a
 * rehearsal the stamps are those of its own clock, for two revisions may be
 * written within one step of the system's.
 */
static int stamp_folder(const struct rehearse_planning *planning, const struct service *service,
                        int64_t now_ms)
{
    char *folder = station_state_path(planning->station, "plans", service->name);
    const struct timespec now = {.tv_sec = now_ms / 1000, .tv_nsec = now_ms % 1000 * 1000000};
    const struct timespec times[2] = {now, now};
    const int result = folder == NULL                              ? -ENOMEM
                       : utimensat(AT_FDCWD, folder, times, 0) < 0 ? -errno
                                                                   : 0;
    free(folder);
    return result;
}

static int note_outcome(struct rehearse_planning *planning, const struct service *service,
                        int64_t now_ms, const struct planner_outcome *outcome)
{
    struct planned *planned = planned_of(planning, service);
    planned->revision = outcome->revision;
    if (!outcome->is_written) {
        return 0;
    }
    planned->written_ms = now_ms;
    planning->notes->revisions++;
    return stamp_folder(planning, service, now_ms);
}

static int plan_channel(struct rehearse_planning *planning, size_t index, int64_t now_ms)
{
    const struct service *service = station_service_at(planning->station, index);
    struct planned *planned = &planning->channels[index];
    struct planner_outcome outcome;
    planned->is_dirty = false;
    const int result = planner_update(planning->planner, service, &planned->engine, now_ms,
                                      PLANNER_DAYS, false, &outcome);
    if (result == -ENODATA) {
        return 0; /* until it has a timetable */
    }
    if (result == -EBUSY) {
        planned->is_dirty = true;
        return 0;
    }
    return result < 0 ? result : note_outcome(planning, service, now_ms, &outcome);
}

int rehearse_planning_turn(struct rehearse_planning *planning, struct engine_still *engine,
                           const struct moment *now)
{
    int result = 0;
    if (engine != NULL) {
        watch_engine(planning, engine, now);
    }
    if (now->ms >= planning->reviewed_ms + planning->review_every_ms) {
        planning->reviewed_ms = now->ms;
        set_dirty(planning);
    }
    for (size_t i = 0; i < station_service_count(planning->station) && result == 0; i++) {
        if (planning->channels[i].is_dirty) {
            result = plan_channel(planning, i, now->ms);
        }
    }
    return result;
}

int rehearse_planning_order(struct rehearse_planning *planning, const struct service *service,
                            int64_t now_ms, const struct order_request *request,
                            struct planner_outcome *outcome)
{
    const struct planned *planned = planned_of(planning, service);
    const int result =
        planner_order(planning->planner, service, &planned->engine, now_ms, request, true, outcome);
    return result < 0 ? result : note_outcome(planning, service, now_ms, outcome);
}

bool rehearse_planning_is_pending(const struct rehearse_planning *planning,
                                  const struct service *service)
{
    const struct planned *planned = planned_of(planning, service);
    return planned->is_dirty || planned->revision != planned->engine.revision;
}

int64_t rehearse_planning_wake_ms(const struct rehearse_planning *planning)
{
    return planning->reviewed_ms + planning->review_every_ms;
}
