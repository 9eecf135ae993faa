/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_follow.h"

#include "playout/intl.h"
#include "scheduler/store/store_rebuild_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SETTLED_AFTER_MS = 2000 }; /* a file that changes again later has another time */

/* What of a file shows that it has changed; zeroed: it is not there. */
struct stamp {
    int64_t mtime_ns;
    int64_t size;
    uint64_t inode;
};

enum { WATCHED = 2 };

/* Files that are looked at together: of one channel, or the media. */
struct part {
    int (*work)(struct rebuild *rebuild, const char *channel);
    const char *channel;
    char *paths[WATCHED];         /* a folder, and the file in it that grows (NULL: none) */
    struct stamp stamps[WATCHED]; /* as they were before the last look */
    bool is_settled;              /* as long as they are the same there is nothing new */
    int64_t due_ms;               /* but for time passing */
    struct problems problems;     /* of the last look */
};

struct store_follow {
    const struct station *station;
    const struct zone *zone;
    struct part *parts;
    size_t count;
    struct new_records records; /* still to be taken */
};

/* --- What is followed ---------------------------------------------------------- */

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static bool add_media(struct store_follow *follow)
{
    struct part *part = &follow->parts[follow->count++];
    part->work = rebuild_assets;
    part->paths[0] = strdup(follow->station->media);
    return part->paths[0] != NULL;
}

static bool add_channel(struct store_follow *follow, const char *channel)
{
    struct part *plans = &follow->parts[follow->count++];
    struct part *as_run = &follow->parts[follow->count++];
    plans->work = rebuild_plans;
    plans->channel = channel;
    plans->paths[0] = station_state_path(follow->station, "plans", channel);
    plans->paths[1] = plans->paths[0] != NULL ? join(plans->paths[0], "journal") : NULL;
    as_run->work = rebuild_as_run;
    as_run->channel = channel;
    as_run->paths[0] = station_state_path(follow->station, "asrun", channel);
    return plans->paths[1] != NULL && as_run->paths[0] != NULL;
}

struct store_follow *store_follow_create(const struct station *station, const struct zone *zone)
{
    const struct service *service = NULL;
    struct store_follow *follow = calloc(1, sizeof(*follow));
    if (follow == NULL) {
        return NULL;
    }
    follow->station = station;
    follow->zone = zone;
    follow->parts = calloc(2 * station_service_count(station) + 1, sizeof(follow->parts[0]));
    bool is_sound = follow->parts != NULL && add_media(follow);
    for (size_t i = 0; is_sound && (service = station_service_at(station, i)) != NULL; i++) {
        is_sound = add_channel(follow, service->name);
    }
    if (!is_sound) {
        store_follow_destroy(follow);
        return NULL;
    }
    return follow;
}

void store_follow_destroy(struct store_follow *follow)
{
    if (follow == NULL) {
        return;
    }
    for (size_t i = 0; i < follow->count; i++) {
        for (size_t k = 0; k < WATCHED; k++) {
            free(follow->parts[i].paths[k]);
        }
        problems_finish(&follow->parts[i].problems);
    }
    new_records_finish(&follow->records);
    free(follow->parts);
    free(follow);
}

/* --- Whether anything has changed ---------------------------------------------- */

static struct stamp stamp_of(const char *path)
{
    struct stat status;
    if (path == NULL || stat(path, &status) < 0) {
        return (struct stamp){0};
    }
    return (struct stamp){(int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
                          status.st_size, status.st_ino};
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->mtime_ns == b->mtime_ns && a->size == b->size && a->inode == b->inode;
}

static bool is_quiet(const struct part *part, const struct stamp *stamps, int64_t now_ms)
{
    bool is_same = true;
    for (size_t k = 0; k < WATCHED; k++) {
        is_same = is_same && same_stamp(&part->stamps[k], &stamps[k]);
    }
    return part->is_settled && is_same && now_ms < part->due_ms;
}

/* --- Looking ------------------------------------------------------------------- */

static int run(struct rebuild *rebuild, const struct part *part)
{
    int result =
        rebuild->may_write ? store_begin(rebuild->store) : store_begin_reading(rebuild->store);
    if (result < 0) {
        return result;
    }
    rebuild->has_more = false;
    rebuild->due_ms = INT64_MAX;
    rebuild->done = (struct store_rebuilt){0};
    const size_t taken = rebuild->records->taken;
    result = part->work(rebuild, part->channel);
    const int ended = store_end(rebuild->store, result < 0 ? result : 0);
    result = ended < 0 ? ended : result;
    if (result < 0) {
        rebuild->records->taken = taken; /* nothing was written */
    }
    return result;
}

static int run_again(struct rebuild *rebuild, const struct part *part)
{
    problems_finish(rebuild->problems);
    problems_init(rebuild->problems);
    rebuild->may_write = true;
    return run(rebuild, part);
}

/* Reads; once more, writing, when there is something to write; and row by row when one is refused.
 */
static int look(struct rebuild *rebuild, const struct part *part)
{
    int result = run(rebuild, part);
    if (result == REBUILD_NEWS) {
        result = run_again(rebuild, part);
    }
    if (rebuild_is_refusal(result)) {
        rebuild->is_careful = true;
        result = run_again(rebuild, part);
    }
    if (result < 0) {
        new_records_finish(rebuild->records);
    }
    if (rebuild_is_refusal(result)) {
        problems_add(rebuild->problems, PROBLEM_WARNING, part->paths[0], 0, 0,
                     _("the store cannot keep what is here: %s"), store_error(rebuild->store));
        rebuild->done = (struct store_rebuilt){0};
        rebuild->has_more = false;
        result = 0;
    }
    return result;
}

/* After a look that went well. */
static void remember(struct part *part, struct rebuild *rebuild, const struct stamp *stamps)
{
    part->is_settled = !rebuild->has_more;
    part->due_ms = rebuild->due_ms;
    for (size_t k = 0; k < WATCHED; k++) {
        part->stamps[k] = stamps[k];
        part->is_settled =
            part->is_settled && stamps[k].mtime_ns / 1000000 + SETTLED_AFTER_MS <= rebuild->now_ms;
    }
    const char *grows = part->paths[1];
    if (rebuild->last_file != NULL && (grows == NULL || strcmp(grows, rebuild->last_file) != 0)) {
        free(part->paths[1]);
        part->paths[1] = rebuild->last_file;
        rebuild->last_file = NULL;
        part->is_settled = false;
    }
    problems_finish(&part->problems);
    part->problems = *rebuild->problems;
    problems_init(rebuild->problems);
}

static void add(struct store_rebuilt *sum, const struct store_rebuilt *more)
{
    sum->assets += more->assets;
    sum->lessons += more->lessons;
    sum->revisions += more->revisions;
    sum->amendments += more->amendments;
    sum->as_run_lines += more->as_run_lines;
}

static int step_part(struct part *part, struct rebuild *rebuild)
{
    struct stamp stamps[WATCHED];
    struct problems problems;
    for (size_t k = 0; k < WATCHED; k++) {
        stamps[k] = stamp_of(part->paths[k]);
    }
    if (is_quiet(part, stamps, rebuild->now_ms)) {
        return 0;
    }
    problems_init(&problems);
    rebuild->problems = &problems;
    const int result = look(rebuild, part);
    if (result == 0) {
        remember(part, rebuild, stamps);
    }
    free(rebuild->last_file);
    problems_finish(&problems);
    return result;
}

static void tell(const struct part *part, struct problems *problems)
{
    for (size_t i = 0; i < part->problems.count; i++) {
        const struct problem *problem = &part->problems.items[i];
        problems_add(problems, problem->severity, problem->file, problem->line, problem->column,
                     "%s", problem->text);
    }
}

int store_follow_step(struct store_follow *follow, struct store *store, int64_t now_ms,
                      struct problems *problems, struct store_rebuilt *added, bool *has_more)
{
    struct store_rebuilt sum = {0};
    bool is_more = false;
    int result = 0;
    for (size_t i = 0; i < follow->count; i++) {
        struct rebuild rebuild = {.store = store,
                                  .records = &follow->records,
                                  .station = follow->station,
                                  .zone = follow->zone,
                                  .now_ms = now_ms,
                                  .is_following = true,
                                  .due_ms = INT64_MAX};
        if (result == 0) {
            result = step_part(&follow->parts[i], &rebuild);
        }
        if (result == 0) {
            add(&sum, &rebuild.done);
            is_more = is_more || rebuild.has_more;
        }
        tell(&follow->parts[i], problems);
    }
    if (result == 0) {
        *added = sum;
        *has_more = is_more;
    }
    return result;
}
