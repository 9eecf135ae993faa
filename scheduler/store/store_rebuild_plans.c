/* SPDX-License-Identifier: MIT */
/* store_rebuild_plans: what the plans and the journal of a channel tell. */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "playout/journal.h"
#include "playout/plan.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_revision.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECONDS_A_DAY = 86400 };

/* One plan file. */
struct plan_file {
    const char *channel;
    char *path;
    int64_t revision;
    int64_t written_ms;
    char sha256[SHA256_HEX_SIZE];
};

static int warn(struct rebuild *rebuild, const char *file, int line, const char *text)
{
    problems_add(rebuild->problems, PROBLEM_WARNING, file, line, 0, "%s", text);
    return 0;
}

static int64_t local_date(const struct rebuild *rebuild, int64_t frame)
{
    struct civil civil;
    zone_to_civil(rebuild->zone, frame / FRAMES_PER_SECOND, &civil);
    return civil_days(civil.year, civil.month, civil.day);
}

/* An order that the store has already: same kind, same beginning. */
static int is_known_order(const struct rebuild *rebuild, const struct plan_amendment *amendment,
                          const char *channel, int64_t date, bool *is_known)
{
    struct store_rows rows;
    const int result = store_amendment_list(rebuild->store, channel, date, &rows);
    *is_known = false;
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const struct store_amendment known = store_amendment_at(&rows, i);
        *is_known = *is_known || (known.from_frame == amendment->from &&
                                  strcmp(known.kind, amendment->kind) == 0);
    }
    store_rows_finish(&rows);
    return result;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL && text[0] != '\0' ? text : otherwise;
}

static int put_order(struct rebuild *rebuild, const struct plan_amendment *from,
                     const struct plan_file *file)
{
    const struct store_day_edit edit = {.channel = file->channel,
                                        .date = local_date(rebuild, from->from),
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = or_else(from->author, REBUILD_AUTHOR),
                                        .now_ms = file->written_ms};
    const struct store_amendment amendment = {.kind = from->kind,
                                              .from_frame = from->from,
                                              .is_open = from->until == AMENDMENT_OPEN,
                                              .until_frame = from->until,
                                              .mode = "",
                                              .reason = or_else(from->reason, from->kind),
                                              .has_revision = true,
                                              .revision = file->revision};
    bool is_known = false;
    int64_t version = 0;
    int64_t id = 0;
    int result = is_known_order(rebuild, from, file->channel, edit.date, &is_known);
    if (result < 0 || is_known || from->until <= from->from) {
        return result;
    }
    result = store_amendment_order(rebuild->store, &edit, &amendment, &id, &version);
    if (result == 0 && !amendment.is_open &&
        from->until / FRAMES_PER_SECOND <= rebuild->now_ms / 1000) {
        result = store_amendment_move(rebuild->store, &edit, id, AMENDMENT_AIRED, "", &version);
    }
    rebuild->done.amendments += result == 0;
    return result;
}

/* When the engine took a revision over; what the plan asked for when it never did. */
static int64_t effective_frame(const struct journal *journal, const struct plan *plan)
{
    for (size_t i = journal->count; i-- > 0;) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_ADOPT && entry->revision == plan->revision) {
            return entry->frame;
        }
    }
    return plan->effective;
}

/* Whether the store knows the revision, and whether as this file. */
static int compare_with_store(struct rebuild *rebuild, const struct plan_file *file, bool *is_known,
                              bool *is_same)
{
    struct store_rows rows;
    const int result =
        store_revision_list(rebuild->store, file->channel, file->revision - 1, &rows);
    *is_known = false;
    *is_same = true;
    if (result == 0 && rows.count > 0) {
        const struct store_revision known = store_revision_at(&rows, 0);
        *is_known = known.revision == file->revision;
        *is_same = !*is_known || strcmp(known.sha256, file->sha256) == 0;
    }
    store_rows_finish(&rows);
    return result;
}

static int put_revision(struct rebuild *rebuild, const struct plan_file *file,
                        const struct plan *plan, const struct journal *journal)
{
    const struct store_revision revision = {.channel = file->channel,
                                            .revision = file->revision,
                                            .effective_frame = effective_frame(journal, plan),
                                            .written_ms = file->written_ms,
                                            .sha256 = file->sha256,
                                            .author = "",
                                            .reason = ""};
    bool is_known = false;
    bool is_same = true;
    int result = compare_with_store(rebuild, file, &is_known, &is_same);
    if (result < 0) {
        return result;
    }
    if (!is_same) {
        return warn(rebuild, file->path, 0,
                    _("this is not the plan that the store knows by that number: left out"));
    }
    result = store_revision_put(rebuild->store, &revision);
    rebuild->done.revisions += result == 0 && !is_known;
    return result;
}

static int take_plan(struct rebuild *rebuild, const struct plan_file *file,
                     const struct journal *journal, struct seen_lessons *seen)
{
    struct problems problems;
    struct plan *plan = NULL;
    problems_init(&problems);
    int result = plan_load(file->path, &plan, &problems);
    if (result == -ENOMEM) {
        goto cleanup;
    }
    if (result < 0 || plan->revision != file->revision ||
        strcmp(plan->channel, file->channel) != 0) {
        result = warn(rebuild, file->path, 0, _("this plan cannot be read: left out"));
        goto cleanup;
    }
    result = put_revision(rebuild, file, plan, journal);
    for (size_t i = 0; result == 0 && i < plan->event_count; i++) {
        result = seen_lessons_take(seen, &plan->events[i], file->channel, file->written_ms);
    }
    for (size_t i = 0; result == 0 && i < plan->amendment_count; i++) {
        result = put_order(rebuild, &plan->amendments[i], file);
    }

cleanup:
    plan_destroy(plan);
    problems_finish(&problems);
    return result;
}

/* Takes N.yaml if it is there: numbers may be missing. */
static int take_file(struct rebuild *rebuild, const char *folder, struct plan_file *file,
                     const struct journal *journal, struct seen_lessons *seen)
{
    struct stat status;
    if (asprintf(&file->path, "%s/%" PRId64 ".yaml", folder, file->revision) < 0) {
        return -ENOMEM;
    }
    int result = 0;
    if (stat(file->path, &status) == 0 && S_ISREG(status.st_mode)) {
        file->written_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
        result = asset_hash_file(file->path, file->sha256);
        result = result == 0 ? take_plan(rebuild, file, journal, seen)
                             : warn(rebuild, file->path, 0, strerror(-result));
    }
    free(file->path);
    return result;
}

static int load_journal(struct rebuild *rebuild, const char *folder, struct journal *journal)
{
    char *path = NULL;
    int line = 0;
    if (asprintf(&path, "%s/journal", folder) < 0) {
        return -ENOMEM;
    }
    int result = journal_load(path, journal, &line);
    if (result < 0 && result != -ENOMEM) {
        result = warn(rebuild, path, line,
                      _("the journal cannot be read: plans count from when they asked for"));
    }
    free(path);
    return result;
}

int store_rebuild_plans(struct rebuild *rebuild, const char *channel, struct seen_lessons *seen)
{
    struct journal journal = {0};
    char *folder = station_state_path(rebuild->station, "plans", channel);
    if (folder == NULL) {
        return -ENOMEM;
    }
    const int64_t latest = plan_latest_revision(folder);
    int result = latest < 0 && latest != -ENOENT ? (int)latest : 0;
    if (result == 0) {
        result = load_journal(rebuild, folder, &journal);
    }
    for (int64_t revision = 1; result == 0 && revision <= latest; revision++) {
        struct plan_file file = {.channel = channel, .revision = revision};
        result = take_file(rebuild, folder, &file, &journal, seen);
    }
    journal_finish(&journal);
    free(folder);
    return result;
}
