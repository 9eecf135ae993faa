/* SPDX-License-Identifier: MIT */
/* planner_job: from what is in force to the next revision on disk. */
#include "scheduler/planner_job.h"

#include "playout/durable.h"
#include "playout/journal.h"
#include "scheduler/compile.h"
#include "scheduler/order_retime.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SLACK_FRAMES = 13,         /* half a second for writing, and for the engine to notice */
    PENDING_LATE_MS = 3000,    /* after its time a revision that the engine ignores is given up */
    PENDING_EARLY_MS = 300000, /* one for so much later was written by another clock */
    PLANNING_MOST_MS = 20000,
    LOOK_MS = 400, /* so often the engine looks for revisions, with some to spare */
};

static int lock_folder(struct planner_job *job)
{
    const int result = durable_make_folder(job->folder);
    if (result < 0) {
        return result;
    }
    job->lock = plan_lock_folder(job->folder, true);
    return job->lock < 0 ? job->lock : 0;
}

static int load_revision(const struct planner_job *job, int64_t revision, struct plan **plan)
{
    struct problems problems;
    char *path = NULL;
    if (asprintf(&path, "%s/%" PRId64 ".yaml", job->folder, revision) < 0) {
        return -ENOMEM;
    }
    problems_init(&problems);
    const int result = plan_load(path, plan, &problems);
    problems_finish(&problems);
    free(path);
    return result;
}

/* Finds out which revision the engine adopted last, and for when. */
static void load_adopted(struct planner_job *job)
{
    struct journal journal = {0};
    char *path = NULL;
    if (asprintf(&path, "%s/journal", job->folder) < 0) {
        return;
    }
    if (journal_load(path, &journal, NULL) == 0) {
        for (size_t i = 0; i < journal.count; i++) {
            if (journal.entries[i].kind == JOURNAL_ADOPT) {
                job->adopted = journal.entries[i].revision;
                job->adopted_frame = journal.entries[i].frame;
            }
        }
        journal_finish(&journal);
    }
    free(path);
}

/* True when the latest revision will not be adopted any more. */
static bool is_given_up(const struct planner_job *job)
{
    const struct engine_channel *engine = job->engine;
    const int64_t due_ms =
        job->latest != NULL ? job->latest->effective * 1000 / FRAMES_PER_SECOND : 0;
    if (due_ms > job->now_ms + PENDING_EARLY_MS) {
        return true; /* nothing waits for it: orders least of all */
    }
    if (engine == NULL || !engine->is_known) {
        return false; /* it may yet be: the engine is not there to tell */
    }
    if (engine->refused >= job->latest_revision) {
        return true;
    }
    return engine->revision == job->adopted && job->now_ms > due_ms + PENDING_LATE_MS;
}

/* Finds out what is in force. */
static int load_base(struct planner_job *job)
{
    load_adopted(job);
    job->latest_revision = plan_latest_revision(job->folder);
    if (job->latest_revision < 0) {
        return (int)job->latest_revision;
    }
    if (job->latest_revision > 0) {
        (void)load_revision(job, job->latest_revision, &job->latest);
    }
    if (job->latest == NULL || (job->latest_revision != job->adopted && is_given_up(job))) {
        job->has_nothing = job->adopted == 0;
        if (job->adopted > 0 && job->adopted != job->latest_revision) {
            (void)load_revision(job, job->adopted, &job->base);
        }
    }
    return 0;
}

const struct plan *planner_job_base(const struct planner_job *job)
{
    if (job->has_nothing) {
        return NULL;
    }
    return job->base != NULL ? job->base : job->latest;
}

/* Standing orders are those of the latest revision, whether it was adopted or not. */
static int copy_orders(struct planner_job *job)
{
    const struct plan *latest = job->latest;
    const size_t count = latest != NULL ? latest->amendment_count : 0;
    job->orders = calloc(count + 1, sizeof(job->orders[0])); /* room for one more */
    if (job->orders == NULL) {
        return -ENOMEM;
    }
    if (count > 0) {
        memcpy(job->orders, latest->amendments, count * sizeof(job->orders[0]));
    }
    job->order_count = count;
    return 0;
}

static int64_t effective_of(const struct planner_job *job)
{
    const struct planner *planner = job->planner;
    const ptrdiff_t index = planner_channel_index(planner, job->service->name);
    const int64_t planning_ms = index >= 0 ? planner->channels[index].planning_ms : 0;
    const int64_t due_ms = job->now_ms + planner->station->guard_ms + planning_ms;
    int64_t effective = (due_ms * FRAMES_PER_SECOND + 999) / 1000 + SLACK_FRAMES;
    const struct plan *base = planner_job_base(job);
    if (base != NULL && base->effective > effective) {
        effective = base->effective; /* one still to be adopted comes first, or this in its place */
    }
    const int64_t apart = job->adopted > 0 ? job->adopted_frame + PLAN_APART_FRAMES : effective;
    return apart > effective ? apart : effective;
}

const struct frozen_days *planner_job_closed(const struct planner_job *job)
{
    const struct planner *planner = job->planner;
    return signoff_frozen(planner->signoff, station_service_number(planner->station, job->service));
}

/* Compiles, from the oldest order on, up to the midnight that lies at least `days` days ahead. */
static int compile_fresh(struct planner_job *job, int64_t effective)
{
    const struct planner *planner = job->planner;
    const struct station *station = planner->station;
    const struct timetable *timetable = planner_timetable(planner, job->service->name);
    const bool lacks_library = planner_lacks_library(planner);
    if (timetable == NULL || lacks_library || !planner_knows_signed(planner)) {
        return planner_job_base(job) != NULL ? 0
               : timetable == NULL           ? -ENODATA
               : lacks_library               ? -ENODEV
                                             : -EAGAIN;
    }
    struct civil civil;
    zone_to_civil(planner->zone, job->now_ms / 1000, &civil);
    const struct civil midnight = {
        .year = civil.year, .month = civil.month, .day = civil.day + job->days + 1};
    const struct compile_input input = {
        .timetable = timetable,
        .frozen = planner_job_closed(job),
        .library = planner->library,
        .profile = job->service->profile,
        .zone = planner->zone,
        .from = revise_reach(job->orders, job->order_count, effective),
        .to = zone_from_civil(planner->zone, &midnight) * FRAMES_PER_SECOND,
        .media = planner->media,
        .clearance = planner_clearance(planner),
        .cutoff_ms = (int64_t)station->scheduler.cutoff_minutes * 60000,
        .base = planner_job_base(job),
    };
    return compile(&input, &job->fresh);
}

/* What only a revision says that never was in force has not aired. */
static void forget_unaired(struct planner_job *job)
{
    for (size_t i = 0; i < job->order_count; i++) {
        const struct plan_amendment *known =
            plan_find_order(planner_job_base(job), job->orders[i].id);
        job->orders[i].aired_from = known != NULL ? known->aired_from : 0;
        job->orders[i].aired_until = known != NULL ? known->aired_until : 0;
    }
}

int planner_job_open(struct planner_job *job)
{
    const struct planner *planner = job->planner;
    job->lock = -1;
    job->lengths = library_lengths(planner->library, job->service->profile->name);
    job->cutter = (struct cutter){job->service->profile, &job->lengths.lengths, planner->media};
    job->folder = station_state_path(planner->station, "plans", job->service->name);
    int result = job->folder != NULL ? lock_folder(job) : -ENOMEM;
    if (result == 0) {
        result = load_base(job);
    }
    if (result == 0) {
        result = copy_orders(job);
    }
    if (result == 0) {
        result = compile_fresh(job, effective_of(job));
    }
    if (result == 0 && job->latest != NULL && planner_job_base(job) != job->latest) {
        const struct revise_input input = planner_job_input(job);
        forget_unaired(job);
        result = order_retime(&input, job->latest->effective, job->orders);
    }
    return result;
}

void planner_job_close(struct planner_job *job)
{
    plan_destroy(job->latest);
    plan_destroy(job->base);
    plan_destroy(job->fresh);
    plan_destroy(job->made);
    free(job->orders);
    free(job->folder);
    if (job->lock >= 0) {
        close(job->lock);
    }
}

static int64_t next_seq_of(const struct plan *plan, int64_t least)
{
    if (plan == NULL) {
        return least;
    }
    int64_t next = plan->next_seq > least ? plan->next_seq : least;
    for (size_t i = 0; plan->next_seq == 0 && i < plan->event_count; i++) {
        next = plan->events[i].seq >= next ? plan->events[i].seq + 1 : next;
    }
    return next;
}

struct revise_input planner_job_input(const struct planner_job *job)
{
    const int64_t effective = effective_of(job);
    return (struct revise_input){
        .base = planner_job_base(job),
        .fresh = job->fresh != NULL ? job->fresh : planner_job_base(job),
        .amendments = job->orders,
        .amendment_count = job->order_count,
        .effective = effective,
        .earliest = revise_earliest(effective, job->service->profile),
        .revision = job->latest_revision + 1,
        .next_seq = next_seq_of(job->base, next_seq_of(job->latest, 1)),
        .cutter = &job->cutter,
        .zone = job->planner->zone,
        .library = job->planner->library,
    };
}

/* True when the engine has adopted a revision since the job was opened. */
static bool is_outrun(const struct planner_job *job)
{
    struct planner_job now = {.folder = job->folder};
    load_adopted(&now);
    return now.adopted != job->adopted || now.adopted_frame != job->adopted_frame;
}

/* True when both air the same on the way from `from` to the end of what they air at `to`. */
static bool airs_same(const struct plan *a, const struct plan *b, int64_t from, int64_t to)
{
    ptrdiff_t i = plan_find(a, from);
    ptrdiff_t k = plan_find(b, from);
    bool is_same = i >= 0 && k >= 0;
    while (is_same && i < (ptrdiff_t)a->event_count && k < (ptrdiff_t)b->event_count &&
           (a->events[i].start < to || b->events[k].start < to)) {
        const struct plan_event *one = &a->events[i++];
        const struct plan_event *other = &b->events[k++];
        is_same = one->start == other->start && one->in_point == other->in_point &&
                  strcmp(one->asset, other->asset) == 0;
    }
    return is_same;
}

/*
 * True while the engine may take over the latest revision, on which the one that was made relies:
 * with what it airs now, it would refuse that one.
 */
static bool must_wait(const struct planner_job *job)
{
    const struct plan *latest = job->latest;
    const bool is_pending = job->waits && job->engine != NULL && job->engine->is_known &&
                            job->adopted > 0 && job->adopted != job->latest_revision &&
                            latest != NULL && planner_job_base(job) == latest;
    struct plan *adopted = NULL;
    if (!is_pending || job->now_ms > latest->effective * 1000 / FRAMES_PER_SECOND -
                                         job->planner->station->guard_ms + LOOK_MS) {
        return false;
    }
    const struct revise_input input = planner_job_input(job);
    const int64_t now = job->now_ms * FRAMES_PER_SECOND / 1000;
    const bool waits = load_revision(job, job->adopted, &adopted) == 0 &&
                       !airs_same(adopted, job->made, now, input.earliest);
    plan_destroy(adopted);
    return waits;
}

int planner_job_save(struct planner_job *job, struct planner_outcome *outcome)
{
    const struct plan *plan = job->made;
    char *path = NULL;
    if (must_wait(job)) {
        return -EBUSY;
    }
    if (is_outrun(job)) {
        return -ESTALE;
    }
    if (asprintf(&path, "%s/%" PRId64 ".yaml", job->folder, plan->revision) < 0) {
        return -ENOMEM;
    }
    const int result = plan_save(path, plan, job->planner->station->time_zone);
    free(path);
    if (result == 0) {
        outcome->revision = plan->revision;
        outcome->is_written = true;
    }
    return result;
}

static int64_t end_of(const struct plan *plan)
{
    if (plan == NULL || plan->event_count == 0) {
        return 0;
    }
    const struct plan_event *last = &plan->events[plan->event_count - 1];
    return last->start + last->duration;
}

/* True when the revision is worth writing. */
static bool is_due(const struct planner_job *job, enum revise_verdict verdict, bool is_eager)
{
    const int64_t day = (int64_t)86400 * FRAMES_PER_SECOND;
    const int64_t now = job->now_ms * FRAMES_PER_SECOND / 1000;
    if (verdict == REVISE_LONGER) {
        return is_eager || end_of(planner_job_base(job)) - now < (job->days - 1) * day;
    }
    return verdict == REVISE_DIFFERENT;
}

int planner_job_make(struct planner_job *job, enum revise_verdict *verdict)
{
    const struct revise_input input = planner_job_input(job);
    plan_destroy(job->made);
    job->made = NULL;
    return revise(&input, &job->made, verdict);
}

int planner_job_run(const struct planner_job *asked, planner_job_work *work, void *context,
                    struct planner_outcome *outcome)
{
    int result;
    do {
        struct planner_job job = *asked;
        *outcome = (struct planner_outcome){0};
        result = planner_job_open(&job);
        outcome->revision = job.latest_revision;
        if (result == 0) {
            result = work(&job, context, outcome);
        }
        outcome->is_planless = planner_job_base(&job) == NULL;
        planner_job_close(&job);
    } while (result == -ESTALE);
    return result;
}

static int update(struct planner_job *job, void *context, struct planner_outcome *outcome)
{
    const bool *is_eager = context;
    enum revise_verdict verdict = REVISE_SAME;
    const int result = planner_job_make(job, &verdict);
    /* What is in force may be right while the latest revision, refused, is not. */
    return result == 0 && is_due(job, verdict, *is_eager) ? planner_job_save(job, outcome) : result;
}

int planner_update(struct planner *planner, const struct service *service,
                   const struct engine_channel *engine, int64_t now_ms, int days, bool is_eager,
                   struct planner_outcome *outcome)
{
    const struct planner_job asked = {.planner = planner,
                                      .service = service,
                                      .engine = engine,
                                      .now_ms = now_ms,
                                      .days = days,
                                      .waits = true};
    return planner_job_run(&asked, update, &is_eager, outcome);
}

int planner_latest(const struct planner *planner, const struct service *service, struct plan **plan)
{
    struct planner_job job = {.planner = planner, .service = service};
    job.folder = station_state_path(planner->station, "plans", service->name);
    if (job.folder == NULL) {
        return -ENOMEM;
    }
    const int64_t revision = plan_latest_revision(job.folder);
    int result = revision > 0 ? 0 : revision < 0 ? (int)revision : -ENODATA;
    if (result == 0) {
        result = load_revision(&job, revision, plan);
    }
    free(job.folder);
    return result;
}

void planner_note_planning(struct planner *planner, const struct service *service, int64_t took_ms)
{
    const ptrdiff_t index = planner_channel_index(planner, service->name);
    if (index < 0) {
        return;
    }
    struct planned_channel *channel = &planner->channels[index];
    const int64_t fading_ms = channel->planning_ms - channel->planning_ms / 8;
    const int64_t took = took_ms < PLANNING_MOST_MS ? took_ms : PLANNING_MOST_MS;
    channel->planning_ms = took > fading_ms ? took : fading_ms;
}
