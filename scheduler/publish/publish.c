/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish.h"

#include "playout/durable.h"
#include "scheduler/publish/publish_choice.h"
#include "scheduler/publish/publish_compare.h"
#include "scheduler/publish/publish_documents.h"
#include "scheduler/publish/publish_eit.h"
#include "scheduler/publish/publish_epg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define EDITION_FILE "edition.json"

/* A run. */
struct run {
    const struct publish_request *request;
    struct edition *fresh;
    struct edition *last; /* NULL: none */
    struct timeline **timelines;
    size_t service_count;
    bool has_channel;
    bool lacks_channel; /* one of the last edition has no good timetable now */
    bool *is_kept;      /* that is this service */
    int lock;
};

/* --- What is to be published ------------------------------------------------------------ */

/* All but the plan in force. */
static struct publish_source source_of(const struct run *run, const struct service *service)
{
    const struct publish_request *request = run->request;
    const struct planner *planner = request->planner;
    return (struct publish_source){
        .service = service,
        .timetable = planner_timetable(planner, service->name),
        .frozen = signoff_frozen(planner_signoff(planner),
                                 station_service_number(request->station, service)),
        .library = planner_library(planner),
        .zone = request->zone,
    };
}

/* The plan from the day before the week, so that nothing seems to begin with it, on. */
static int collect_channel(struct run *run, size_t index)
{
    const struct publish_request *request = run->request;
    const struct service *service = station_service_at(request->station, index);
    const int64_t days = DAYS_PER_WEEK + request->station->network.eit_days;
    struct plan *plan = NULL;
    struct publish_source source = source_of(run, service);
    if (source.timetable == NULL) {
        run->is_kept[index] =
            run->last != NULL && publish_edition_channel(run->last, service->name) != NULL;
        run->lacks_channel |= run->is_kept[index];
        return 0;
    }
    struct plan *in_force = NULL;
    (void)planner_latest(request->planner, service, &in_force); /* NULL when none can be read */
    source.in_force = in_force;
    int result = publish_plan(
        &source, publish_time(request->zone, request->week - 1, 0) * FRAMES_PER_SECOND,
        publish_time(request->zone, request->week + days, 0) * FRAMES_PER_SECOND, &plan);
    plan_destroy(in_force);
    if (result < 0) {
        return result;
    }
    run->has_channel = true;
    result = publish_epg(&source, plan, run->fresh);
    if (result < 0) {
        plan_destroy(plan);
        return result;
    }
    run->timelines[index] = publish_timeline(plan);
    return run->timelines[index] != NULL ? 0 : -ENOMEM;
}

static int collect(struct run *run)
{
    const struct publish_request *request = run->request;
    char digest[PUBLISH_DIGEST_SIZE];
    int result = 0;
    run->fresh->time = request->time;
    run->fresh->week = request->week;
    run->fresh->station = publish_edition_keep(run->fresh, request->station->name);
    run->fresh->time_zone = publish_edition_keep(run->fresh, request->station->time_zone);
    if (run->fresh->station == NULL || run->fresh->time_zone == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; result == 0 && i < run->service_count; i++) {
        result = collect_channel(run, i);
    }
    if (result < 0) {
        return result;
    }
    publish_eit_digest(run->timelines, run->service_count, digest);
    /* What a broken timetable leaves out is no news. */
    run->fresh->guide =
        publish_edition_keep(run->fresh, run->lacks_channel ? run->last->guide : digest);
    return run->fresh->guide == NULL ? -ENOMEM : run->has_channel ? 0 : -ENODATA;
}

/* Else the documents would be empty. */
static bool has_wanted_channel(const struct run *run)
{
    const struct publish_choice wanted = {run->request->channels, run->request->channel_count,
                                          NULL};
    bool has = false;
    for (size_t i = 0; !has && i < run->fresh->channel_count; i++) {
        has = publish_choice_has_channel(&wanted, &run->fresh->channels[i]);
    }
    return has;
}

/* Why lessons were taken out stands in the timetables alone. */
static int give_reasons(struct run *run)
{
    const struct publish_request *request = run->request;
    int result = 0;
    for (size_t i = 0; result == 0 && i < run->fresh->channel_count; i++) {
        struct edition_channel *channel = &run->fresh->channels[i];
        const struct service *service = station_service(request->station, channel->name);
        if (service != NULL && planner_timetable(request->planner, channel->name) != NULL) {
            const struct publish_source source = source_of(run, service);
            result = publish_epg_reasons(&source, run->fresh, channel);
        }
    }
    return result;
}

/* --- The folder -------------------------------------------------------------------------- */

static char *path_in(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) >= 0 ? path : NULL;
}

static int lock_folder(struct run *run)
{
    int result = durable_make_folder(run->request->folder);
    if (result < 0) {
        return result;
    }
    run->lock = open(run->request->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run->lock < 0) {
        return -errno;
    }
    if (flock(run->lock, LOCK_EX | LOCK_NB) < 0) {
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    }
    return 0;
}

static int load_last(struct run *run)
{
    char *path = path_in(run->request->folder, EDITION_FILE);
    int result = path != NULL ? publish_edition_load(path, &run->last) : -ENOMEM;
    free(path);
    if (result == 0 && run->last->week != run->request->week) {
        return -EBADMSG; /* of another week: the folder is not ours */
    }
    return result == -ENOENT ? 0 : result;
}

/* Keeps the last edition under its number. */
static int put_aside(const struct run *run)
{
    char name[64];
    if (run->last == NULL) {
        return 0;
    }
    snprintf(name, sizeof(name), "edition-%d.json", run->last->number);
    char *from = path_in(run->request->folder, EDITION_FILE);
    char *to = path_in(run->request->folder, name);
    int result = from != NULL && to != NULL ? 0 : -ENOMEM;
    if (result == 0) {
        unlink(to);
        result = link(from, to) < 0 ? -errno : 0;
    }
    free(from);
    free(to);
    return result;
}

static int save(const struct run *run)
{
    char *text = publish_edition_text(run->fresh);
    int result = text != NULL ? put_aside(run) : -ENOMEM;
    if (result == 0) {
        result = publish_write_text(run->request->folder, EDITION_FILE, text);
    }
    free(text);
    return result;
}

/* --- A run --------------------------------------------------------------------------------- */

static int publish_run(struct run *run, struct publish_outcome *outcome)
{
    bool is_different = false;
    int result = lock_folder(run);
    if (result == 0) {
        result = load_last(run);
    }
    if (result == 0) {
        result = collect(run);
    }
    if (result == 0) {
        result = publish_compare(run->fresh, run->last, run->request->zone, &is_different);
    }
    if (result == 0 && !has_wanted_channel(run)) {
        result = -ENODATA;
    }
    if (result == 0) {
        result = give_reasons(run);
    }
    if (result < 0) {
        return result;
    }
    const struct edition *edition = is_different ? run->fresh : run->last;
    outcome->edition = edition->number;
    outcome->is_new = is_different;
    outcome->marked = publish_marked(edition);
    result = publish_documents(run->request, edition, run->timelines, outcome);
    return result < 0 || !is_different ? result : save(run);
}

int publish(const struct publish_request *request, struct publish_outcome *outcome)
{
    struct run run = {.request = request,
                      .fresh = publish_edition_create(),
                      .service_count = station_service_count(request->station),
                      .lock = -1};
    *outcome = (struct publish_outcome){0};
    run.timelines = calloc(run.service_count + 1, sizeof(run.timelines[0]));
    run.is_kept = calloc(run.service_count + 1, sizeof(run.is_kept[0]));
    const int result = run.fresh != NULL && run.timelines != NULL && run.is_kept != NULL
                           ? publish_run(&run, outcome)
                           : -ENOMEM;
    outcome->is_kept = run.is_kept;
    for (size_t i = 0; run.timelines != NULL && i < run.service_count; i++) {
        timeline_unref(run.timelines[i]);
    }
    free(run.timelines);
    publish_edition_destroy(run.fresh);
    publish_edition_destroy(run.last);
    if (run.lock >= 0) {
        close(run.lock);
    }
    return result;
}
