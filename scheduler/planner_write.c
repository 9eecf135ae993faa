/* SPDX-License-Identifier: MIT */
/* planner_write: from what is in force to the next revision on disk. */
#include "scheduler/planner_private.h"

#include "playout/journal.h"
#include "scheduler/compile.h"
#include "scheduler/cutter.h"
#include "scheduler/revise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    SLACK_FRAMES = 13,      /* half a second for writing, and for the engine to notice */
    PENDING_LATE_MS = 3000, /* after its time a revision that the engine ignores is given up */
};

/* All that one revision is made from. */
struct job {
    const struct planner *planner;
    const struct service *service;
    const struct engine_channel *engine;
    int64_t now_ms;
    int days;
    char *folder;
    int lock; /* of the folder; -1 */
    int64_t latest_revision;
    struct plan *latest; /* on disk; NULL: none, or it cannot be read */
    struct plan *base;   /* in force, when that is another; NULL: `latest` is */
    bool has_nothing;    /* nothing is in force yet */
    struct plan *fresh;  /* NULL: the base goes on */
    struct plan_amendment *orders;
    size_t order_count;
    struct library_lengths lengths;
    struct cutter cutter;
};

static int lock_folder(struct job *job)
{
    char *path = NULL;
    int result = planner_make_folder(job->folder);
    if (result < 0) {
        return result;
    }
    if (asprintf(&path, "%s/.lock", job->folder) < 0) {
        return -ENOMEM;
    }
    job->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    free(path);
    if (job->lock < 0 || flock(job->lock, LOCK_EX) < 0) {
        return -errno;
    }
    return 0;
}

static int load_revision(const struct job *job, int64_t revision, struct plan **plan)
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

/* The revision that the engine adopted last; 0: none. */
static int64_t adopted_revision(const struct job *job)
{
    struct journal journal = {0};
    char *path = NULL;
    int64_t revision = 0;
    if (asprintf(&path, "%s/journal", job->folder) < 0) {
        return 0;
    }
    if (journal_load(path, &journal, NULL) == 0) {
        for (size_t i = 0; i < journal.count; i++) {
            if (journal.entries[i].kind == JOURNAL_ADOPT) {
                revision = journal.entries[i].revision;
            }
        }
        journal_finish(&journal);
    }
    free(path);
    return revision;
}

/* True when the latest revision will not be adopted any more. */
static bool is_given_up(const struct job *job, int64_t adopted)
{
    const struct engine_channel *engine = job->engine;
    if (engine == NULL || !engine->is_known) {
        return false; /* it may yet be: the engine is not there to tell */
    }
    if (engine->refused >= job->latest_revision) {
        return true;
    }
    const int64_t due_ms =
        job->latest != NULL ? job->latest->effective * 1000 / FRAMES_PER_SECOND : 0;
    return engine->revision == adopted && job->now_ms > due_ms + PENDING_LATE_MS;
}

/* Finds out what is in force. */
static int load_base(struct job *job)
{
    const int64_t adopted = adopted_revision(job);
    job->latest_revision = plan_latest_revision(job->folder);
    if (job->latest_revision < 0) {
        return (int)job->latest_revision;
    }
    if (job->latest_revision > 0) {
        (void)load_revision(job, job->latest_revision, &job->latest);
    }
    if (job->latest == NULL || (job->latest_revision != adopted && is_given_up(job, adopted))) {
        job->has_nothing = adopted == 0;
        if (adopted > 0 && adopted != job->latest_revision) {
            (void)load_revision(job, adopted, &job->base);
        }
    }
    return 0;
}

static const struct plan *base_of(const struct job *job)
{
    if (job->has_nothing) {
        return NULL;
    }
    return job->base != NULL ? job->base : job->latest;
}

/* Standing orders are those of the latest revision, whether it was adopted or not. */
static int copy_orders(struct job *job)
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

static int64_t effective_of(const struct job *job)
{
    const int64_t due_ms = job->now_ms + job->planner->station->guard_ms;
    int64_t effective = (due_ms * FRAMES_PER_SECOND + 999) / 1000 + SLACK_FRAMES;
    const struct plan *base = base_of(job);
    if (base != NULL && base->effective > effective) {
        effective = base->effective; /* a revision still to be adopted comes first */
    }
    return effective;
}

/* Compiles up to the midnight that lies at least `days` days ahead. */
static int compile_fresh(struct job *job, int64_t effective)
{
    const struct planner *planner = job->planner;
    const struct timetable *timetable = planner_timetable(planner, job->service->name);
    if (timetable == NULL) {
        return base_of(job) != NULL ? 0 : -ENODATA;
    }
    struct civil civil;
    zone_to_civil(planner->zone, job->now_ms / 1000, &civil);
    const struct civil midnight = {
        .year = civil.year, .month = civil.month, .day = civil.day + job->days + 1};
    const struct compile_input input = {
        .timetable = timetable,
        .library = planner->library,
        .profile = job->service->profile,
        .zone = planner->zone,
        .from = effective,
        .to = zone_from_civil(planner->zone, &midnight) * FRAMES_PER_SECOND,
        .media = planner->media,
    };
    return compile(&input, &job->fresh);
}

static int open_job(struct job *job)
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
    return result;
}

static void close_job(struct job *job)
{
    plan_destroy(job->latest);
    plan_destroy(job->base);
    plan_destroy(job->fresh);
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

static struct revise_input revise_input_of(const struct job *job)
{
    const int64_t effective = effective_of(job);
    return (struct revise_input){
        .base = base_of(job),
        .fresh = job->fresh != NULL ? job->fresh : base_of(job),
        .amendments = job->orders,
        .amendment_count = job->order_count,
        .effective = effective,
        .earliest = revise_earliest(effective, job->service->profile),
        .revision = job->latest_revision + 1,
        .next_seq = next_seq_of(job->base, next_seq_of(job->latest, 1)),
        .cutter = &job->cutter,
    };
}

static int save(const struct job *job, const struct plan *plan, struct planner_outcome *outcome)
{
    char *path = NULL;
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

/*
 * Where the slate that `order` wants can begin, given the revision without
 * it.
 */
static int find_slate_frame(const struct revise_input *input, int64_t *frame)
{
    struct plan *plan = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    const int result = revise(input, &plan, &verdict);
    if (result == 0) {
        *frame = revise_slate_frame(plan, input->earliest, input->cutter);
        plan_destroy(plan);
    }
    return result;
}

static const struct plan_amendment *find_order(const struct plan *plan, int64_t id)
{
    for (size_t i = 0; plan != NULL && i < plan->amendment_count; i++) {
        if (plan->amendments[i].id == id) {
            return &plan->amendments[i];
        }
    }
    return NULL;
}

/* The input of `job` without its order number `index`. */
static struct revise_input without_order(const struct revise_input *input, size_t index,
                                         struct plan_amendment *others)
{
    struct revise_input result = *input;
    result.amendments = others;
    result.amendment_count = 0;
    for (size_t i = 0; i < input->amendment_count; i++) {
        if (i != index) {
            others[result.amendment_count++] = input->amendments[i];
        }
    }
    return result;
}

/*
 * An order whose revision the engine refused did not happen at its time:
 * gives it a new one.
 */
static int retime_order(struct job *job, size_t index)
{
    struct plan_amendment *order = &job->orders[index];
    const struct revise_input input = revise_input_of(job);
    const struct plan_amendment *known = find_order(input.base, order->id);
    struct plan_amendment *others = NULL;
    int result = 0;
    const bool began = known != NULL && known->from == order->from;
    const bool ended = known != NULL && known->until == order->until;
    const bool is_late =
        (!began && order->from < input.earliest) || (!ended && order->until < input.earliest);
    if (base_of(job) == job->latest || !is_late) {
        return 0;
    }
    others = calloc(job->order_count + 1, sizeof(others[0]));
    if (others == NULL) {
        return -ENOMEM;
    }
    const struct revise_input rest = without_order(&input, index, others);
    if (!began) {
        result = find_slate_frame(&rest, &order->from);
    }
    if (result == 0 && !ended && order->until != AMENDMENT_OPEN && order->until < input.earliest) {
        result = began ? revise_return_frame(&rest, order, &order->until) : 0;
        order->until = began ? order->until : order->from; /* never began: never airs */
    }
    free(others);
    return result;
}

static int retime_orders(struct job *job)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < job->order_count; i++) {
        result = retime_order(job, i);
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
static bool is_due(const struct job *job, enum revise_verdict verdict, bool is_eager)
{
    const int64_t day = (int64_t)86400 * FRAMES_PER_SECOND;
    const int64_t now = job->now_ms * FRAMES_PER_SECOND / 1000;
    if (verdict == REVISE_LONGER) {
        return is_eager || end_of(base_of(job)) - now < (job->days - 1) * day;
    }
    return verdict == REVISE_DIFFERENT;
}

static int write_revision(struct job *job, bool is_forced, bool is_eager,
                          struct planner_outcome *outcome)
{
    struct plan *plan = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    const struct revise_input input = revise_input_of(job);
    int result = revise(&input, &plan, &verdict);
    outcome->revision = job->latest_revision;
    /* What is in force may be right while the latest revision, refused, is not. */
    if (result == 0 && (is_forced || is_due(job, verdict, is_eager))) {
        result = save(job, plan, outcome);
    }
    plan_destroy(plan);
    return result;
}

int planner_update(struct planner *planner, const struct service *service,
                   const struct engine_channel *engine, int64_t now_ms, int days, bool is_eager,
                   struct planner_outcome *outcome)
{
    struct job job = {
        .planner = planner, .service = service, .engine = engine, .now_ms = now_ms, .days = days};
    *outcome = (struct planner_outcome){0};
    int result = open_job(&job);
    if (result == 0) {
        result = retime_orders(&job);
    }
    if (result == 0) {
        result = write_revision(&job, false, is_eager, outcome);
    }
    close_job(&job);
    return result;
}

/* The slate that is on air until further notice, or job->order_count. */
static size_t find_open_order(const struct job *job)
{
    size_t index = 0;
    while (index < job->order_count && job->orders[index].until != AMENDMENT_OPEN) {
        index++;
    }
    return index;
}

static int order_slate(struct job *job, const char *reason, const char *author,
                       struct planner_outcome *outcome)
{
    int64_t id = 1;
    if (find_open_order(job) < job->order_count) {
        return -EALREADY;
    }
    for (size_t i = 0; i < job->order_count; i++) {
        id = job->orders[i].id >= id ? job->orders[i].id + 1 : id;
    }
    const struct revise_input input = revise_input_of(job);
    const int result = find_slate_frame(&input, &outcome->frame);
    if (result < 0) {
        return result;
    }
    job->orders[job->order_count++] = (struct plan_amendment){.id = id,
                                                              .kind = "slate",
                                                              .from = outcome->frame,
                                                              .until = AMENDMENT_OPEN,
                                                              .reason = reason,
                                                              .author = author};
    return write_revision(job, true, true, outcome);
}

int planner_slate(struct planner *planner, const struct service *service,
                  const struct engine_channel *engine, int64_t now_ms, const char *reason,
                  const char *author, struct planner_outcome *outcome)
{
    struct job job = {.planner = planner,
                      .service = service,
                      .engine = engine,
                      .now_ms = now_ms,
                      .days = PLANNER_DAYS};
    *outcome = (struct planner_outcome){0};
    int result = open_job(&job);
    if (result == 0) {
        result = retime_orders(&job);
    }
    if (result == 0) {
        result = order_slate(&job, reason, author, outcome);
    }
    close_job(&job);
    return result;
}

static int take_back_slate(struct job *job, struct planner_outcome *outcome)
{
    const size_t index = find_open_order(job);
    struct plan_amendment *others = NULL;
    if (index == job->order_count) {
        return -EALREADY;
    }
    if (job->fresh == NULL) {
        return -ENODATA; /* below the slate there is nothing to return to */
    }
    const struct revise_input input = revise_input_of(job);
    struct plan_amendment *order = &job->orders[index];
    others = calloc(job->order_count + 1, sizeof(others[0]));
    if (others == NULL) {
        return -ENOMEM;
    }
    const struct revise_input rest = without_order(&input, index, others);
    int result = 0;
    if (order->from >= input.earliest) { /* it has not begun and never will */
        outcome->frame = order->from;
        memcpy(job->orders, others, rest.amendment_count * sizeof(others[0]));
        job->order_count = rest.amendment_count;
    } else {
        result = revise_return_frame(&rest, order, &outcome->frame);
        order->until = outcome->frame;
    }
    free(others);
    return result < 0 ? result : write_revision(job, true, true, outcome);
}

int planner_return(struct planner *planner, const struct service *service,
                   const struct engine_channel *engine, int64_t now_ms,
                   struct planner_outcome *outcome)
{
    struct job job = {.planner = planner,
                      .service = service,
                      .engine = engine,
                      .now_ms = now_ms,
                      .days = PLANNER_DAYS};
    *outcome = (struct planner_outcome){0};
    int result = open_job(&job);
    if (result == 0) {
        result = retime_orders(&job);
    }
    if (result == 0) {
        result = take_back_slate(&job, outcome);
    }
    close_job(&job);
    return result;
}
