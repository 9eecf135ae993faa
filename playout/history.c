/* SPDX-License-Identifier: MIT */
#include "playout/history.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAD_FRAMES = 250 }; /* no profile sends further ahead */

void history_finish(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        timeline_unref(history->steps[i].timeline);
    }
    free(history->steps);
    *history = (struct history){0};
}

int history_push(struct history *history, const struct tape_step *step)
{
    struct tape_step *grown = step->timeline != NULL
                                  ? realloc(history->steps, (history->count + 1) * sizeof(*grown))
                                  : NULL;
    if (grown == NULL) {
        timeline_unref(step->timeline);
        return -ENOMEM;
    }
    history->steps = grown;
    grown[history->count++] = *step;
    return 0;
}

int history_begin(struct history *history, int64_t slate_frames)
{
    const struct tape_step slate = {.frame = INT64_MIN,
                                    .timeline = timeline_create_empty(slate_frames)};
    return history_push(history, &slate);
}

void history_forget(struct history *history, int64_t frame)
{
    size_t first = 0;
    while (first + 1 < history->count && history->steps[first + 1].frame <= frame) {
        timeline_unref(history->steps[first++].timeline);
    }
    history->count -= first;
    memmove(history->steps, history->steps + first, history->count * sizeof(history->steps[0]));
}

int history_add(struct history *history, const struct journal_entry *entry, struct plan *plan,
                const struct media_lengths *lengths)
{
    struct tape_step step = {.frame = entry->frame};
    if (entry->kind == JOURNAL_ADOPT) {
        step.version_frame = entry->frame;
        step.eit_version = entry->eit_version;
        step.schedule_version = entry->schedule_version;
        step.timeline = timeline_create(plan, lengths);
    } else {
        const struct tape_step last = history->steps[history->count - 1];
        step.version_frame = last.version_frame;
        step.eit_version = last.eit_version;
        step.schedule_version = last.schedule_version;
        step.timeline =
            timeline_substitute(last.timeline, entry->seq, entry->from, entry->asset, lengths);
    }
    return history_push(history, &step);
}

/* The last adoption at or before `from`: what was before it does not matter. */
static size_t first_entry(const struct journal *journal, int64_t from)
{
    size_t first = 0;
    for (size_t i = 0; i < journal->count && journal->entries[i].frame <= from; i++) {
        if (journal->entries[i].kind == JOURNAL_ADOPT) {
            first = i;
        }
    }
    return first;
}

static int add_entry(struct history *history, const char *folder, const struct journal_entry *entry,
                     const struct media_lengths *lengths, struct problems *problems)
{
    struct plan *plan = NULL;
    if (entry->kind == JOURNAL_ADOPT) {
        char *path = NULL;
        if (asprintf(&path, "%s/%lld.yaml", folder, (long long)entry->revision) < 0) {
            return -ENOMEM;
        }
        const int result = plan_load(path, &plan, problems);
        free(path);
        if (result < 0) {
            return result;
        }
    }
    return history_add(history, entry, plan, lengths);
}

int history_load(const char *folder, const struct journal *journal, int64_t from, int64_t to,
                 int64_t slate_frames, const struct media_lengths *lengths, struct history *history,
                 struct problems *problems)
{
    struct history fresh = {0};
    int result = history_begin(&fresh, slate_frames);
    for (size_t i = first_entry(journal, from); i < journal->count && result == 0; i++) {
        if (journal->entries[i].frame > to) {
            break;
        }
        result = add_entry(&fresh, folder, &journal->entries[i], lengths, problems);
    }
    if (result < 0) {
        history_finish(&fresh);
        return result;
    }
    *history = fresh;
    return 0;
}

struct asset_list {
    struct asset **assets;
    size_t count;
    char (*missing)[SHA256_HEX_SIZE]; /* told already */
    size_t missing_count;
};

static bool is_known(const struct asset_list *list, const char *sha256)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(asset_sha256(list->assets[i]), sha256) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < list->missing_count; i++) {
        if (strcmp(list->missing[i], sha256) == 0) {
            return true;
        }
    }
    return false;
}

static int open_asset(struct asset_list *list, const char *media, const char *sha256,
                      struct problems *problems)
{
    if (sha256[0] == '\0' || is_known(list, sha256)) {
        return 0;
    }
    struct asset **grown = realloc(list->assets, (list->count + 1) * sizeof(*grown));
    char(*missing)[SHA256_HEX_SIZE] =
        realloc(list->missing, (list->missing_count + 1) * sizeof(*missing));
    list->assets = grown != NULL ? grown : list->assets;
    list->missing = missing != NULL ? missing : list->missing;
    if (grown == NULL || missing == NULL) {
        return -ENOMEM;
    }
    const int result = asset_open(media, sha256, false, &list->assets[list->count]);
    if (result == 0) {
        list->count++;
        return 0;
    }
    problems_add(problems, PROBLEM_ERROR, media, 0, 0, _("asset %s cannot be opened: %s"), sha256,
                 result == -EBADMSG ? _("index and media do not fit each other")
                                    : strerror(-result));
    snprintf(list->missing[list->missing_count++], SHA256_HEX_SIZE, "%s", sha256);
    return 0;
}

int history_open_assets(const struct history *history, const char *media, int64_t from, int64_t to,
                        struct asset ***assets, size_t *count, struct problems *problems)
{
    struct asset_list list = {0};
    int result = 0;
    for (size_t i = 0; i < history->count && result == 0; i++) {
        const int64_t starts = history->steps[i].frame;
        const int64_t ends = i + 1 < history->count ? history->steps[i + 1].frame : to;
        const int64_t last = (ends < to ? ends : to) + LEAD_FRAMES;
        int64_t frame = starts > from ? starts : from;
        while (frame < last && ends > from && result == 0) {
            struct piece piece;
            timeline_piece(history->steps[i].timeline, frame, &piece);
            result = open_asset(&list, media, piece.asset, problems);
            frame = piece.start + piece.length;
        }
    }
    free(list.missing);
    if (result < 0) {
        for (size_t i = 0; i < list.count; i++) {
            asset_unref(list.assets[i]);
        }
        free(list.assets);
        return result;
    }
    *assets = list.assets;
    *count = list.count;
    return 0;
}
