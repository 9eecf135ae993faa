/* SPDX-License-Identifier: MIT */
#include "scheduler/daemon_private.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/engine_status.h"
#include "scheduler/fresh_problems.h"
#include "scheduler/planner_failure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    TURN_MS = 250,
    ENGINE_EVERY_MS = 1000,
    REVIEW_EVERY_MS = 600000, /* plans are looked at although nothing changed: they run out */
    PENDING_MS = 4000,        /* beyond the guard: by then a revision is in force */
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MOST_MS = 60000,
};

/* One scheduler for each station. */
static int lock_station(struct daemon *daemon, const char *folder)
{
    char *path = NULL;
    int result = 0;
    if (asprintf(&path, "%s/scheduler.lock", folder) < 0) {
        return -ENOMEM;
    }
    daemon->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (daemon->lock < 0) {
        result = -errno;
    } else if (flock(daemon->lock, LOCK_EX | LOCK_NB) < 0) {
        result = errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
    }
    free(path);
    return result;
}

/* What the plans are made with. */
static int open_planning(struct daemon *daemon)
{
    const struct station *station = daemon->station;
    daemon->channels = calloc(station_service_count(station) + 1, sizeof(daemon->channels[0]));
    daemon->media_watch = watch_folder_create(station->media);
    if (daemon->channels == NULL || daemon->media_watch == NULL) {
        return -ENOMEM;
    }
    int result = planner_create(station, &daemon->planner);
    if (result == 0) {
        result = zone_open(station->time_zone, &daemon->zone);
    }
    if (result == 0) {
        daemon->ready = ready_desk_create(station, daemon->zone, daemon->planner, daemon->log);
        result = daemon->ready != NULL ? 0 : -ENOMEM;
    }
    return result;
}

/* Takes the station for this process alone, and listens for orders. */
static int open_control(struct daemon *daemon)
{
    char *folder = NULL;
    char *path = NULL;
    int result = -ENOMEM;
    if (asprintf(&folder, "%s/run", daemon->station->state) < 0 ||
        asprintf(&path, "%s/scheduler.sock", folder) < 0) {
        goto cleanup;
    }
    result = durable_make_folder(folder);
    if (result == 0) {
        result = lock_station(daemon, folder);
    }
    if (result == 0) {
        result = control_socket_open(path, &daemon->handler, &daemon->control);
    }

cleanup:
    free(folder);
    free(path);
    return result;
}

static int open_keeper(struct daemon *daemon)
{
    const int result = keeper_create(daemon->station, &daemon->keeper);
    return result == 0 ? keeper_start(daemon->keeper, daemon->clock_ms) : result;
}

int daemon_create(const struct station *station, struct log *log, int64_t (*clock_ms)(void),
                  struct daemon **daemon)
{
    struct daemon *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->lock = -1;
    fresh->handler.handle = daemon_answer;
    fresh->station = station;
    fresh->station_file = watch_file(station->path);
    fresh->log = log;
    fresh->clock_ms = clock_ms;
    fresh->begun_ms = clock_ms();
    problems_init(&fresh->problems);
    problems_init(&fresh->media_problems);
    int result = open_planning(fresh);
    if (result == 0) {
        result = open_control(fresh);
    }
    if (result == 0) {
        result = open_keeper(fresh);
    }
    if (result < 0) {
        daemon_destroy(fresh);
        return result;
    }
    *daemon = fresh;
    return 0;
}

void daemon_destroy(struct daemon *daemon)
{
    if (daemon == NULL) {
        return;
    }
    control_socket_close(daemon->control);
    keeper_destroy(daemon->keeper);
    ready_desk_destroy(daemon->ready);
    planner_destroy(daemon->planner);
    watch_folder_destroy(daemon->media_watch);
    zone_close(daemon->zone);
    problems_finish(&daemon->problems);
    problems_finish(&daemon->media_problems);
    free(daemon->channels);
    if (daemon->lock >= 0) {
        close(daemon->lock);
    }
    free(daemon);
}

void daemon_reload(struct daemon *daemon)
{
    daemon->has_read = false;
}

/* --- Watching --------------------------------------------------------------- */

static void set_dirty(struct daemon *daemon)
{
    ready_desk_invalidate(daemon->ready);
    daemon->has_news_of_dues = true;
    for (size_t i = 0; i < station_service_count(daemon->station); i++) {
        daemon->channels[i].is_dirty = true;
    }
}

static void report_problems(struct daemon *daemon)
{
    const struct problems *problems = &daemon->problems;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        if (problem->severity == PROBLEM_ERROR) {
            char spot[PROBLEM_SPOT_SIZE];
            log_write(daemon->log, LOG_LEVEL_ERROR, daemon->now_ms,
                      "event=timetable_error place=%s%s text=\"%s\"", problem->file,
                      problem_spot(problem, spot), log_quote(problem->text).text);
        }
    }
    if (problems->errors > 0) {
        log_write(daemon->log, LOG_LEVEL_WARNING, daemon->now_ms,
                  "event=timetable_kept errors=%zu text=\"%s\"", problems->errors,
                  _("what was good before goes on; mend the file and save it"));
    }
}

static void read_timetables(struct daemon *daemon)
{
    problems_finish(&daemon->problems);
    (void)planner_load_timetables(daemon->planner, &daemon->problems);
    planner_check_channels(daemon->planner, &daemon->problems);
    log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms,
              "event=timetables_read folder=%s errors=%zu", daemon->station->timetables,
              daemon->problems.errors);
    report_problems(daemon);
    set_dirty(daemon);
}

static void watch_timetables(struct daemon *daemon)
{
    const uint64_t seen = watch_schedules(daemon->station->timetables);
    /* Editors write in steps: what has just changed is read a turn later. */
    const bool is_settled = seen == daemon->timetables_seen;
    daemon->timetables_seen = seen;
    if (!daemon->has_read || (is_settled && seen != daemon->timetables)) {
        daemon->has_read = true;
        daemon->timetables = seen;
        read_timetables(daemon);
    }
}

/* Settings are read at the start: a change waits for the next one, and is told. */
static void watch_station(struct daemon *daemon)
{
    const bool is_changed = watch_file(daemon->station->path) != daemon->station_file;
    if (is_changed && !daemon->is_change_logged) {
        log_write(
            daemon->log, LOG_LEVEL_WARNING, daemon->now_ms,
            "event=station_changed file=%s text=\"%s\"", daemon->station->path,
            _("once `ketang check` finds no mistake in it, restart the scheduler to work by it; "
              "the air goes on meanwhile"));
    }
    daemon->is_change_logged = is_changed;
}

const char *daemon_media_trouble(const struct daemon *daemon)
{
    const struct problems *problems = &daemon->media_problems;
    return problems->errors > 0 && problems->count > 0 ? problems->items[0].text : "";
}

/* What was damaged is no news when it comes back; nor is it mended while it is away. */
static void keep_damage(const struct problems *before, struct problems *now)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct problem *item = &before->items[i];
        if (item->severity == PROBLEM_WARNING) {
            problems_add(now, PROBLEM_WARNING, item->file, 0, 0, "%s", item->text);
        }
    }
}

/* Takes what is wrong with the media over; each thing is logged once as long as it lasts. */
static void report_media(struct daemon *daemon, struct problems *now)
{
    struct problems fresh;
    problems_init(&fresh);
    if (now->errors > 0) {
        keep_damage(&daemon->media_problems, now);
    }
    (void)fresh_problems(now, &daemon->media_problems, now->count, &fresh);
    for (size_t i = 0; i < fresh.count; i++) {
        const bool is_away = fresh.items[i].severity == PROBLEM_ERROR;
        log_write(daemon->log, LOG_LEVEL_ERROR, daemon->now_ms, "event=%s place=%s text=\"%s\"",
                  is_away ? "media_away" : "media_damaged", fresh.items[i].file,
                  log_quote(fresh.items[i].text).text);
    }
    if (daemon->media_problems.errors > 0 && now->errors == 0) {
        log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms, "event=media_back folder=%s",
                  daemon->station->media);
    }
    problems_finish(&fresh);
    problems_finish(&daemon->media_problems);
    daemon->media_problems = *now;
}

/* While the folder cannot be read, what was in it last goes on: nothing airs any better without. */
static void watch_media(struct daemon *daemon)
{
    const uint64_t seen = watch_folder_look(daemon->media_watch);
    struct problems problems;
    if (daemon->has_read_media && seen == daemon->media) {
        return;
    }
    problems_init(&problems);
    const int result = planner_read_media(daemon->planner, &problems);
    if (result == -ENOMEM) {
        problems_finish(&problems);
        return; /* nothing is known anew: at the next turn */
    }
    daemon->has_read_media = result == 0;
    report_media(daemon, &problems);
    if (daemon->has_read_media) {
        daemon->media = seen;
        set_dirty(daemon);
    }
}

/* Logs what is wrong now, by `event`, or that nothing is any more, by `end`; `text`: what of it. */
static void log_trouble(struct daemon *daemon, const char *event, const char *end,
                        const char *before, const char *trouble, const char *text)
{
    if (strcmp(before, trouble) == 0) {
        return;
    }
    if (trouble[0] != '\0') {
        log_write(daemon->log, LOG_LEVEL_ERROR, daemon->now_ms, "event=%s error=\"%s\" text=\"%s\"",
                  event, log_quote(trouble).text, text);
    } else {
        log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms, "event=%s", end);
    }
}

static void log_news(struct daemon *daemon, const struct keeper_news *news)
{
    for (size_t i = 0; i < news->told.count; i++) {
        const struct problem *problem = &news->told.items[i];
        char spot[PROBLEM_SPOT_SIZE];
        log_write(daemon->log, LOG_LEVEL_WARNING, daemon->now_ms,
                  "event=store_warning place=%s%s text=\"%s\"", problem->file,
                  problem_spot(problem, spot), log_quote(problem->text).text);
    }
    if (news->lists > 0) {
        log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms, "event=lists_frozen count=%d",
                  news->lists);
    }
    log_trouble(daemon, "store_lost", "store_back", daemon->trouble, news->trouble,
                _("what was approved and closed before holds; the air goes on"));
    log_trouble(daemon, "store_takes_no_notes", "store_takes_notes", daemon->unnoted, news->unnoted,
                _("plans and records are noted later; the air goes on"));
}

static void take_signoff(struct daemon *daemon, struct signoff *signoff)
{
    char lost[SIGNOFF_LOST_SIZE];
    signoff_lost_text(signoff, daemon->station, lost);
    log_trouble(daemon, "store_has_lost", "store_has_all", daemon->lost, lost,
                _("what was approved and closed before holds; the air goes on"));
    memcpy(daemon->lost, lost, sizeof(daemon->lost));
    planner_take_signoff(daemon->planner, signoff);
    set_dirty(daemon);
}

void daemon_hear_store(struct daemon *daemon)
{
    struct keeper_news news;
    keeper_fetch(daemon->keeper, &news);
    log_news(daemon, &news);
    memcpy(daemon->trouble, news.trouble, sizeof(daemon->trouble));
    memcpy(daemon->unnoted, news.unnoted, sizeof(daemon->unnoted));
    daemon->has_heard = news.has_answered;
    if (news.signoff != NULL) {
        take_signoff(daemon, news.signoff);
    }
    problems_finish(&news.told);
}

static void judge_channel(struct daemon *daemon, const struct service *service,
                          struct channel *channel)
{
    const struct engine_channel *engine = &channel->engine;
    if (!engine->is_known || channel->revision == 0) {
        return;
    }
    if (engine->revision == channel->revision) {
        channel->backoff_ms = 0;
        return;
    }
    const bool is_refused = engine->refused == channel->revision;
    if (is_refused && channel->reported_refusal != engine->refused) {
        channel->reported_refusal = engine->refused;
        log_write(daemon->log, LOG_LEVEL_WARNING, daemon->now_ms,
                  "event=plan_refused channel=%s revision=%lld reason=\"%s\"", service->name,
                  (long long)engine->refused, log_quote(engine->reason).text);
    }
    const bool is_overdue =
        daemon->now_ms > channel->written_ms + daemon->station->guard_ms + PENDING_MS;
    if ((is_refused || is_overdue) && daemon->now_ms >= channel->retry_ms) {
        channel->is_dirty = true;
        channel->backoff_ms = channel->backoff_ms == 0 ? BACKOFF_FIRST_MS : channel->backoff_ms * 2;
        if (channel->backoff_ms > BACKOFF_MOST_MS) {
            channel->backoff_ms = BACKOFF_MOST_MS;
        }
        channel->retry_ms = daemon->now_ms + channel->backoff_ms;
    }
}

static void watch_engine(struct daemon *daemon)
{
    if (daemon->now_ms < daemon->engine_asked_ms + ENGINE_EVERY_MS) {
        return;
    }
    daemon->engine_asked_ms = daemon->now_ms;
    struct engine_status *status = engine_status_ask(daemon->station->state);
    for (size_t i = 0; i < station_service_count(daemon->station); i++) {
        const struct service *service = station_service_at(daemon->station, i);
        daemon->channels[i].engine = engine_status_channel(status, service->name);
        judge_channel(daemon, service, &daemon->channels[i]);
    }
    engine_status_destroy(status);
}

/* --- Planning --------------------------------------------------------------- */

void daemon_note_outcome(struct daemon *daemon, struct channel *channel, const char *name,
                         const struct planner_outcome *outcome)
{
    channel->revision = outcome->revision;
    if (outcome->is_written) {
        channel->written_ms = daemon->now_ms;
        channel->failure = 0;
        ready_desk_invalidate(daemon->ready); /* an order may have replaced what is missing */
        log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms,
                  "event=plan_written channel=%s revision=%lld", name,
                  (long long)outcome->revision);
    }
}

int64_t daemon_start_planning(struct daemon *daemon)
{
    daemon->now_ms = daemon->clock_ms(); /* the channels before took their time */
    return daemon->now_ms;
}

void daemon_end_planning(struct daemon *daemon, const struct service *service, int64_t start_ms)
{
    planner_note_planning(daemon->planner, service, daemon->clock_ms() - start_ms);
}

static void plan_channel(struct daemon *daemon, size_t index)
{
    const struct service *service = station_service_at(daemon->station, index);
    struct channel *channel = &daemon->channels[index];
    const bool has_timetable = planner_timetable(daemon->planner, service->name) != NULL;
    struct planner_outcome outcome;
    char failure[PLANNER_FAILURE_SIZE];
    if (channel->failure < 0 && daemon->now_ms < channel->retry_ms) {
        return;
    }
    const int64_t start_ms = daemon_start_planning(daemon);
    int result = planner_update(daemon->planner, service, &channel->engine, start_ms, PLANNER_DAYS,
                                false, &outcome);
    daemon_end_planning(daemon, service, start_ms);
    if (result == -ENODATA && !has_timetable) {
        result = 0; /* there is no plan either; where one is in force it goes on */
    }
    if (result == -EBUSY) {
        return; /* the next turn */
    }
    channel->failure = result;
    if (result == 0) {
        channel->is_dirty = false;
        daemon_note_outcome(daemon, channel, service->name, &outcome);
        return;
    }
    log_write(
        daemon->log, LOG_LEVEL_ERROR, daemon->now_ms, "event=plan_failed channel=%s text=\"%s\"",
        service->name,
        log_quote(planner_failure_text(result, daemon->station, service->name, failure)).text);
    channel->retry_ms = daemon->now_ms + BACKOFF_MOST_MS;
}

static void plan(struct daemon *daemon)
{
    if (!daemon->has_heard) {
        return; /* what has been signed since the last start is not known yet */
    }
    if (daemon->now_ms >= daemon->reviewed_ms + REVIEW_EVERY_MS) {
        daemon->reviewed_ms = daemon->now_ms;
        set_dirty(daemon);
    }
    for (size_t i = 0; i < station_service_count(daemon->station); i++) {
        if (daemon->channels[i].is_dirty) {
            plan_channel(daemon, i);
        }
    }
    if (daemon->has_read_media) {
        ready_desk_turn(daemon->ready, daemon->now_ms);
        daemon_tell_dues(daemon);
    }
}

/* When the clock was set back, nothing waits for a time that is far ahead now. */
static void read_clock(struct daemon *daemon)
{
    const int64_t now_ms = daemon->clock_ms();
    if (now_ms < daemon->now_ms) {
        daemon->engine_asked_ms = 0;
        daemon->reviewed_ms = 0;
        for (size_t i = 0; i < station_service_count(daemon->station); i++) {
            daemon->channels[i].written_ms = now_ms;
            daemon->channels[i].retry_ms = 0;
        }
    }
    daemon->now_ms = now_ms;
}

void daemon_turn(struct daemon *daemon)
{
    read_clock(daemon);
    watch_station(daemon);
    watch_timetables(daemon);
    watch_media(daemon);
    daemon_hear_store(daemon);
    watch_engine(daemon);
    plan(daemon);
    struct pollfd ready = {.fd = control_socket_fd(daemon->control), .events = POLLIN};
    (void)poll(&ready, 1, TURN_MS);
    control_socket_serve(daemon->control, daemon->clock_ms());
}
