/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse.h"

#include "playout/as_run_file.h"
#include "playout/intl.h"
#include "playout/pacing.h"
#include "scheduler/planner.h"
#include "scheduler/rehearse/rehearse_folders.h"
#include "scheduler/rehearse/rehearse_lanes.h"
#include "scheduler/rehearse/rehearse_planning.h"
#include "scheduler/rehearse/rehearse_script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAD_MS = 60000,        /* so long before the stretch the station goes on the air */
    TAIL_MS = 2 * 86400000, /* an event that is longer stays open at the end */
    TICK_MS = 100,
    FULL_MS = 1000,
    BEFORE_FRAMES = 6 * FRAMES_PER_SECOND, /* a join: by all ticks, and with packets, from here */
    AFTER_FRAMES = 5 * FRAMES_PER_SECOND,  /* to here */
    EARLY_FRAMES = 21 * FRAMES_PER_SECOND, /* from here by full ticks: media is opened 20 s ahead */
};

/* How closely the clock must be followed. */
enum gait { GAIT_FAR, GAIT_EARLY, GAIT_NEAR };

/* One channel, as it was when the clock was last looked at. */
struct follower {
    struct channel *channel;
    size_t lane;
    enum gait gait;
    int64_t next;    /* join ahead; INT64_MAX: none */
    int64_t adopted; /* frame of the last step of the journal */
    int64_t started; /* start of the event on air */
};

struct rehearsal {
    const struct rehearse_request *request;
    struct rehearse_notes *notes;
    struct rehearse_folders folders;
    struct zone *zone;
    FILE *log_file;
    struct log *log;
    struct rehearse_planning *planning;
    struct engine_still *engine;
    struct rehearse_lanes *lanes;
    struct rehearse_script *script;
    struct follower *followers;
    size_t count;
    struct moment now;
    int64_t full_ms; /* of the last full tick */
};

static void set_time(struct rehearsal *rehearsal, int64_t ms)
{
    rehearsal->now.ms = ms;
    rehearsal->now.utc_ns = ms * NS_PER_MS;
    rehearsal->now.frame = rehearsal->now.utc_ns / NS_PER_FRAME;
}

/* --- Setting up ------------------------------------------------------------------------ */

/* The engine's log, each line with the time of the rehearsal before it. */
static ssize_t write_log(void *cookie, const char *bytes, size_t size)
{
    const struct rehearsal *rehearsal = cookie;
    char text[ZONE_TEXT_SIZE];
    zone_frame_text(rehearsal->zone, rehearsal->now.frame, text);
    return fprintf(rehearsal->log_file, "%.23s %.*s", text, (int)size, bytes) >= 0 ? (ssize_t)size
                                                                                   : -1;
}

static int open_log(struct rehearsal *rehearsal, FILE **lines)
{
    char *path = NULL;
    if (asprintf(&path, "%s/rehearsal.log", rehearsal->request->station->state) < 0) {
        return -ENOMEM;
    }
    rehearsal->log_file = fopen(path, "we");
    free(path);
    if (rehearsal->log_file == NULL) {
        return -errno;
    }
    *lines = fopencookie(rehearsal, "w", (cookie_io_functions_t){.write = write_log});
    rehearsal->log = *lines != NULL ? log_create(*lines, false) : NULL;
    return rehearsal->log != NULL ? 0 : -ENOMEM;
}

static bool is_ours(const struct rehearsal *rehearsal, const struct channel *channel)
{
    const char *only = rehearsal->request->channel;
    return only == NULL || strcmp(only, channel_name(channel)) == 0;
}

static int find_followers(struct rehearsal *rehearsal)
{
    const size_t most = station_service_count(rehearsal->request->station);
    size_t lane = 0;
    struct channel *channel = NULL;
    rehearsal->followers = calloc(most + 1, sizeof(rehearsal->followers[0]));
    if (rehearsal->followers == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; (channel = engine_still_channel(rehearsal->engine, i, &lane)) != NULL; i++) {
        if (is_ours(rehearsal, channel)) {
            rehearsal->followers[rehearsal->count++] =
                (struct follower){.channel = channel, .lane = lane, .adopted = INT64_MIN};
        }
    }
    return 0;
}

/*
 * Whether the media folder is away: the station's own plans tell it, which the
 * rehearsal's folders do not have.
 */
static int check_media(const struct station *station, struct problems *problems)
{
    struct planner *planner = NULL;
    int result = planner_create(station, &planner);
    if (result == 0) {
        result = planner_read_media(planner, problems);
    }
    planner_destroy(planner);
    return result;
}

/* The scheduler first: the station goes on the air with a plan. */
static int set_up(struct rehearsal *rehearsal, FILE **lines, struct problems *problems)
{
    const struct rehearse_request *request = rehearsal->request;
    int result = zone_open(request->station->time_zone, &rehearsal->zone);
    if (result == 0) {
        result = check_media(request->station, problems);
    }
    if (result == 0) {
        result = rehearse_folders_make(&rehearsal->folders, request->station, request->state,
                                       request->faults, request->fault_count, problems);
    }
    if (result == 0) {
        result = open_log(rehearsal, lines);
    }
    if (result == 0) {
        result =
            engine_still_create(request->station, rehearsal->log, &rehearsal->engine, problems);
    }
    if (result == 0) {
        result = rehearse_planning_create(request->station, request->channel, rehearsal->now.ms,
                                          rehearsal->notes, &rehearsal->planning, problems);
    }
    if (result == 0 && request->has_all_ticks) {
        rehearse_planning_review_often(rehearsal->planning);
    }
    if (result == 0 && problems->errors > 0) {
        result = -EINVAL; /* what is wrong in the timetables would not be rehearsed */
    }
    if (result == 0) {
        result = rehearse_planning_turn(rehearsal->planning, NULL, &rehearsal->now);
    }
    if (result == 0) {
        result = engine_still_start(rehearsal->engine, &rehearsal->now);
    }
    return result == 0 ? find_followers(rehearsal) : result;
}

static int set_stage(struct rehearsal *rehearsal)
{
    const struct rehearse_request *request = rehearsal->request;
    const struct rehearse_stage stage = {
        .station = request->station,
        .folders = &rehearsal->folders,
        .zone = rehearsal->zone,
        .engine = rehearsal->engine,
        .planning = rehearsal->planning,
        .notes = rehearsal->notes,
    };
    rehearsal->lanes = rehearse_lanes_create(rehearsal->engine, request->sink, rehearsal->notes);
    rehearsal->script = rehearse_script_create(&stage, request->faults, request->fault_count);
    return rehearsal->lanes != NULL && rehearsal->script != NULL ? 0 : -ENOMEM;
}

static void clean_up(struct rehearsal *rehearsal, FILE *lines)
{
    rehearse_lanes_destroy(rehearsal->lanes);
    if (rehearsal->request->sink != NULL) {
        rehearsal->request->sink->finish(rehearsal->request->sink);
    }
    rehearse_script_destroy(rehearsal->script);
    if (rehearsal->engine != NULL && rehearsal->count > 0) {
        engine_still_stop(rehearsal->engine, &rehearsal->now);
    }
    engine_still_destroy(rehearsal->engine);
    rehearse_planning_destroy(rehearsal->planning);
    log_destroy(rehearsal->log);
    if (lines != NULL) {
        fclose(lines);
    }
    if (rehearsal->log_file != NULL) {
        fclose(rehearsal->log_file);
    }
    free(rehearsal->followers);
    rehearse_folders_finish(&rehearsal->folders);
    zone_close(rehearsal->zone);
}

/* --- The gait of the clock ----------------------------------------------------------------- */

/* The joins around a frame: of events, of a substitute within one, of a change of plans. */
struct joins {
    int64_t last;
    int64_t next;
};

static void add_join(struct joins *joins, int64_t join, int64_t frame)
{
    if (join <= frame) {
        joins->last = join > joins->last ? join : joins->last;
    } else {
        joins->next = join < joins->next ? join : joins->next;
    }
}

/* One and the same asset again, within one programme: nothing is to be opened or decided. */
static bool is_seam(const struct plan *plan, size_t i)
{
    const struct plan_event *before = &plan->events[i - 1];
    const struct plan_event *event = &plan->events[i];
    return event->programme == before->programme && event->kind == before->kind &&
           strcmp(event->asset, before->asset) == 0;
}

/* The joins of the event on air: of all that repeat one asset the first two and the last. */
static void add_event(struct joins *joins, const struct plan *plan, size_t i, int64_t frame)
{
    size_t first = i;
    size_t last = i;
    while (first > 0 && is_seam(plan, first)) {
        first--;
    }
    while (last + 1 < plan->event_count && is_seam(plan, last + 1)) {
        last++;
    }
    add_join(joins, plan->events[first].start, frame);
    add_join(joins, plan->events[first].start + plan->events[first].duration, frame);
    add_join(joins, plan->events[last].start + plan->events[last].duration, frame);
}

/* True when something else airs in an event's place, at least at its end. */
static bool is_replaced(const struct timeline *timeline, const struct plan_event *event)
{
    struct piece piece;
    timeline_piece(timeline, event->start + event->duration - 1, &piece);
    return strcmp(piece.asset, event->asset) != 0;
}

static struct joins find_joins(struct channel *channel, int64_t frame)
{
    struct joins joins = {INT64_MIN / 2, INT64_MAX};
    const struct tape_step *last = tape_inputs_step(channel_inputs(channel), INT64_MAX);
    const struct plan *plan = timeline_plan(last->timeline);
    const ptrdiff_t i = plan != NULL ? plan_find(plan, frame) : -1;
    add_join(&joins, last->frame, frame);
    if (i >= 0 && is_replaced(last->timeline, &plan->events[i])) {
        struct piece piece; /* perhaps from the middle of the event on */
        timeline_piece(last->timeline, frame, &piece);
        add_join(&joins, piece.start, frame);
        add_join(&joins, piece.start + piece.length, frame);
    } else if (i >= 0) {
        add_event(&joins, plan, (size_t)i, frame);
    } else if (plan != NULL && plan->event_count > 0) {
        const struct plan_event *end = &plan->events[plan->event_count - 1];
        add_join(&joins, plan->events[0].start, frame);
        add_join(&joins, end->start + end->duration, frame);
    }
    return joins;
}

static void count_changes(struct rehearsal *rehearsal, struct follower *follower,
                          const struct joins *joins)
{
    const struct tape_step *last = tape_inputs_step(channel_inputs(follower->channel), INT64_MAX);
    if (last->frame != follower->adopted && timeline_plan(last->timeline) != NULL) {
        rehearsal->notes->adoptions++;
        follower->adopted = last->frame;
    }
    if (joins->last > follower->started && rehearsal->request->sink != NULL) {
        rehearsal->notes->joins++;
    }
    follower->started = joins->last > follower->started ? joins->last : follower->started;
}

static void look(struct rehearsal *rehearsal, struct follower *follower)
{
    const int64_t frame = rehearsal->now.frame;
    const struct joins joins = find_joins(follower->channel, frame);
    const bool is_pending =
        rehearse_planning_is_pending(rehearsal->planning, channel_service(follower->channel));
    count_changes(rehearsal, follower, &joins);
    follower->next = joins.next;
    follower->gait =
        is_pending || frame - joins.last <= AFTER_FRAMES || joins.next - frame <= BEFORE_FRAMES
            ? GAIT_NEAR
        : joins.next - frame <= EARLY_FRAMES ? GAIT_EARLY
                                             : GAIT_FAR;
}

/* Files change at these times. */
static int64_t wake_ms(const struct rehearsal *rehearsal)
{
    const int64_t planning_ms = rehearse_planning_wake_ms(rehearsal->planning);
    const int64_t script_ms = rehearse_script_wake_ms(rehearsal->script);
    return planning_ms < script_ms ? planning_ms : script_ms;
}

/* How long nothing can happen. */
static int64_t step_ms(const struct rehearsal *rehearsal)
{
    const int64_t now_ms = rehearsal->now.ms;
    int64_t until_ms = wake_ms(rehearsal);
    for (size_t i = 0; i < rehearsal->count; i++) {
        const struct follower *follower = &rehearsal->followers[i];
        int64_t next_ms = INT64_MAX;
        if (follower->gait == GAIT_NEAR || rehearsal->request->has_all_ticks) {
            return TICK_MS;
        }
        if (follower->gait == GAIT_EARLY) {
            next_ms = now_ms + FULL_MS;
        } else if (follower->next != INT64_MAX) {
            next_ms = (follower->next - EARLY_FRAMES) * 1000 / FRAMES_PER_SECOND;
        }
        until_ms = next_ms < until_ms ? next_ms : until_ms;
    }
    const int64_t ticks = (until_ms - now_ms) / TICK_MS;
    return ticks > 1 ? ticks * TICK_MS : TICK_MS;
}

/* --- Running ---------------------------------------------------------------------------- */

static bool is_lane_open(const struct rehearsal *rehearsal, size_t lane)
{
    for (size_t i = 0; i < rehearsal->count; i++) {
        if (rehearsal->followers[i].lane == lane && rehearsal->followers[i].gait == GAIT_NEAR) {
            return true;
        }
    }
    return false;
}

static int turn(struct rehearsal *rehearsal)
{
    const struct moment *now = &rehearsal->now;
    int result = rehearse_script_turn(rehearsal->script, now);
    if (result == 0) {
        result = rehearse_planning_turn(rehearsal->planning, rehearsal->engine, now);
    }
    for (size_t i = 0; i < rehearsal->count; i++) {
        look(rehearsal, &rehearsal->followers[i]);
    }
    for (size_t i = 0; i < engine_still_lanes(rehearsal->engine); i++) {
        rehearse_lanes_turn(rehearsal->lanes, i, now, is_lane_open(rehearsal, i));
    }
    const bool is_full = now->ms - rehearsal->full_ms >= FULL_MS;
    rehearsal->full_ms = is_full ? now->ms : rehearsal->full_ms;
    engine_still_tick(rehearsal->engine, now, is_full);
    return result;
}

/* True when what began before the end is over, and recorded. */
static bool is_over(struct rehearsal *rehearsal)
{
    const int64_t end = rehearsal->request->to_s * FRAMES_PER_SECOND;
    for (size_t i = 0; i < rehearsal->count; i++) {
        const struct plan_event *event =
            rehearse_event_at(rehearsal->followers[i].channel, rehearsal->now.frame);
        if (rehearsal->now.frame < end || (event != NULL && event->start < end)) {
            return false;
        }
    }
    return true;
}

static int run(struct rehearsal *rehearsal)
{
    const struct rehearse_request *request = rehearsal->request;
    struct rehearse_watcher *watcher = request->watcher;
    const int64_t end_ms = request->to_s * 1000 + TAIL_MS;
    const double total_ms = (double)(request->to_s - request->from_s) * 1000;
    int result = turn(rehearsal);
    while (result == 0 && rehearsal->now.ms < end_ms && !is_over(rehearsal)) {
        set_time(rehearsal, rehearsal->now.ms + step_ms(rehearsal));
        result = turn(rehearsal);
        if (watcher != NULL) {
            watcher->progress(watcher,
                              (double)(rehearsal->now.ms - request->from_s * 1000) / total_ms);
        }
    }
    return result;
}

int rehearse(const struct rehearse_request *request, struct rehearse_notes *notes,
             struct problems *problems)
{
    struct rehearsal rehearsal = {.request = request, .notes = notes};
    FILE *lines = NULL;
    set_time(&rehearsal, request->from_s * 1000 - LEAD_MS);
    int result = set_up(&rehearsal, &lines, problems);
    if (result == 0) {
        result = set_stage(&rehearsal);
    }
    if (result == 0) {
        result = run(&rehearsal);
    }
    clean_up(&rehearsal, lines);
    if (result < 0 && problems->errors == 0) {
        problems_add(problems, PROBLEM_ERROR, request->state, 0, 0,
                     _("the rehearsal cannot go on: %s"), strerror(-result));
    }
    rehearse_notes_sort(notes);
    return result;
}
