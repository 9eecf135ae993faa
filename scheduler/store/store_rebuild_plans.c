/* SPDX-License-Identifier: MIT */
/* store_rebuild_plans: what the plans and the journal of a channel tell. */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "playout/journal.h"
#include "scheduler/store/store_revision.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    REVISIONS_AT_A_TIME = 16, /* reading one takes some 20 ms */
    REVISIONS_IN_DOUBT = 64,  /* that the engine may still take over */
    REVISION_DIGITS_MOST = 18,
};

/* When the engine last took a revision over; NULL: it has not, so what the plan asks for counts. */
static const struct journal_entry *find_adoption(const struct journal *journal, int64_t revision)
{
    for (size_t i = journal->count; i-- > 0;) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_ADOPT && entry->revision == revision) {
            return entry;
        }
    }
    return NULL;
}

/* Whether the store knows the revision, and whether as this file. */
static int compare_with_store(struct rebuild *rebuild, const struct plan_file *file, bool *is_known,
                              bool *is_same, int64_t *effective)
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
        *effective = known.effective_frame;
    }
    store_rows_finish(&rows);
    return result;
}

/* `order` made the revision; NULL: none. */
static int put_revision(struct rebuild *rebuild, const struct plan_file *file, bool is_new,
                        int64_t effective, const struct plan_amendment *order)
{
    const struct store_revision revision = {
        .channel = file->channel,
        .revision = file->revision,
        .effective_frame = effective,
        .written_ms = file->written_ms,
        .sha256 = file->sha256,
        .author = order != NULL ? rebuild_short_text(order->author, STORE_NAME_MOST) : "",
        .reason = order != NULL ? rebuild_short_text(order->reason, STORE_NOTE_MOST) : ""};
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    result = store_revision_put(rebuild->store, &revision);
    rebuild->done.revisions += result == 0 && is_new;
    return rebuild_end_row(rebuild, result, file->path, 0, _("this plan"));
}

/* Reads a plan; *plan is NULL when it cannot be used.  0 or -ENOMEM. */
static int load_plan(struct rebuild *rebuild, const struct plan_file *file, struct plan **plan)
{
    struct problems problems;
    *plan = NULL;
    problems_init(&problems);
    int result = plan_load(file->path, plan, &problems);
    problems_finish(&problems);
    if (result == -ENOMEM) {
        return result;
    }
    if (result < 0 || (*plan)->revision != file->revision ||
        strcmp((*plan)->channel, file->channel) != 0) {
        plan_destroy(*plan);
        *plan = NULL;
        rebuild_warn(rebuild, file->path, 0, _("this plan cannot be read: left out"));
    }
    return 0;
}

/* What is kept from plan to plan of a channel. */
struct plans {
    const char *channel;
    struct journal journal;
    struct standing_orders orders;
    struct seen_lessons lessons;
};

static int take_lessons(struct rebuild *rebuild, const struct plan_file *file,
                        const struct plan *plan, struct plans *plans)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < plan->event_count; i++) {
        result = seen_lessons_take(rebuild, &plans->lessons, &plan->events[i], file);
    }
    return result;
}

static int take_plan(struct rebuild *rebuild, const struct plan_file *file, const struct plan *plan,
                     struct plans *plans)
{
    const struct journal_entry *adoption = find_adoption(&plans->journal, plan->revision);
    const int64_t effective = adoption != NULL ? adoption->frame : plan->effective;
    bool is_known = false;
    bool is_same = true;
    int64_t known_effective = 0;
    int result = compare_with_store(rebuild, file, &is_known, &is_same, &known_effective);
    if (result < 0) {
        return result;
    }
    if (!is_same) {
        return rebuild_warn(
            rebuild, file->path, 0,
            _("this is not the plan that the store knows by that number: left out"));
    }
    if (!is_known || (adoption != NULL && known_effective != effective)) {
        result = put_revision(rebuild, file, !is_known, effective,
                              standing_orders_newest(&plans->orders, plan));
    }
    if (result == 0 && !(is_known && rebuild->is_following)) {
        result = take_lessons(rebuild, file, plan, plans);
    }
    if (result == 0) {
        result = standing_orders_take(rebuild, &plans->orders, plan, file);
    }
    return result;
}

/* Takes N.yaml if it is there. */
static int take_file(struct rebuild *rebuild, const char *folder, int64_t revision,
                     struct plans *plans)
{
    struct plan_file file = {.channel = plans->channel, .revision = revision};
    struct plan *plan = NULL;
    struct stat status;
    if (asprintf(&file.path, "%s/%" PRId64 ".yaml", folder, revision) < 0) {
        return -ENOMEM;
    }
    int result = 0;
    if (stat(file.path, &status) == 0 && S_ISREG(status.st_mode)) {
        file.written_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
        result = asset_hash_file(file.path, file.sha256);
        result = result == 0 ? load_plan(rebuild, &file, &plan)
                             : rebuild_warn(rebuild, file.path, 0, strerror(-result));
    }
    if (result == 0 && plan != NULL) {
        result = take_plan(rebuild, &file, plan, plans);
    }
    plan_destroy(plan);
    free(file.path);
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
        result =
            rebuild_warn(rebuild, path, line,
                         _("the journal cannot be read: plans count from when they asked for"));
    }
    free(path);
    return result;
}

/* What the journal tells of revisions before the newest that the store knows. */
static int settle_doubts(struct rebuild *rebuild, const struct plans *plans, int64_t newest)
{
    struct store_rows rows;
    int result =
        store_revision_list(rebuild->store, plans->channel, newest - REVISIONS_IN_DOUBT, &rows);
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        struct store_revision known = store_revision_at(&rows, i);
        const struct journal_entry *entry = find_adoption(&plans->journal, known.revision);
        if (entry != NULL && entry->frame != known.effective_frame) {
            known.effective_frame = entry->frame;
            result = rebuild_begin_row(rebuild);
            if (result == 0) {
                result = store_revision_put(rebuild->store, &known);
                result = rebuild_end_row(rebuild, result, plans->channel, 0, _("this plan"));
            }
        }
    }
    store_rows_finish(&rows);
    return result;
}

static int is_plan(const struct dirent *entry)
{
    return entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
           strspn(entry->d_name, "0123456789") <= REVISION_DIGITS_MOST &&
           strcmp(entry->d_name + strspn(entry->d_name, "0123456789"), ".yaml") == 0;
}

static int compare_numbers(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The numbers of the folder's plans, in order; the caller frees them. */
static int list_revisions(const char *folder, int64_t **numbers, size_t *count)
{
    struct dirent **entries = NULL;
    const int found = rebuild_list_folder(folder, is_plan, &entries);
    *count = 0;
    *numbers = found < 0 ? NULL : calloc((size_t)found + 1, sizeof((*numbers)[0]));
    for (int i = 0; *numbers != NULL && i < found; i++) {
        (*numbers)[(*count)++] = strtoll(entries[i]->d_name, NULL, 10);
    }
    if (*count > 0) {
        qsort(*numbers, *count, sizeof((*numbers)[0]), compare_numbers);
    }
    rebuild_free_entries(entries, found);
    return found < 0 ? found : *numbers != NULL ? 0 : -ENOMEM;
}

/* The state folder was lost, or is an older one: nothing of it can be told from what is stored. */
static void tell_behind(struct rebuild *rebuild, const char *folder, int64_t newest)
{
    problems_add(rebuild->problems, PROBLEM_WARNING, folder, 0, 0,
                 _("the plans here are older than the store's, which has number %lld: plans, and "
                   "orders in them, are not noted in the store until that number is passed; bring "
                   "the folder back from a backup, or live with the gap: the air goes on"),
                 (long long)newest);
}

/* From number `first` on, the newest that the store knows; 0: it knows none. */
static int take_files(struct rebuild *rebuild, const char *folder, int64_t first,
                      struct plans *plans)
{
    int64_t *numbers = NULL;
    size_t count = 0;
    size_t i = 0;
    int result = list_revisions(folder, &numbers, &count);
    if (result < 0 && result != -ENOMEM) {
        return rebuild_warn(rebuild, folder, 0, strerror(-result));
    }
    while (i < count && numbers[i] < first) {
        i++;
    }
    if (count > 0 && i == count) {
        tell_behind(rebuild, folder, first);
    }
    for (; result == 0 && i < count; i++) {
        rebuild->has_more = rebuild->is_following && rebuild->done.revisions == REVISIONS_AT_A_TIME;
        if (rebuild->has_more) {
            break;
        }
        result = take_file(rebuild, folder, numbers[i], plans);
    }
    if (result == 0 && !rebuild->has_more) {
        result = standing_orders_air(rebuild, &plans->orders, plans->channel);
    }
    free(numbers);
    return result;
}

int rebuild_plans(struct rebuild *rebuild, const char *channel)
{
    struct plans plans = {.channel = channel};
    int64_t newest = 0;
    char *folder = station_state_path(rebuild->station, "plans", channel);
    int result = folder != NULL ? load_journal(rebuild, folder, &plans.journal) : -ENOMEM;
    if (result == 0 && rebuild->is_following) {
        result = store_revision_newest(rebuild->store, channel, &newest);
    }
    if (result == 0 && newest > 0) {
        result = settle_doubts(rebuild, &plans, newest);
    }
    if (result == 0) {
        result = take_files(rebuild, folder, newest, &plans);
    }
    seen_lessons_finish(&plans.lessons);
    standing_orders_finish(&plans.orders);
    journal_finish(&plans.journal);
    free(folder);
    return result;
}
