/* SPDX-License-Identifier: MIT */
/* store_keeper_lists: tomorrow's lists, closed at the hour of the station file. */
#include "scheduler/store_keeper_private.h"

#include "playout/intl.h"
#include "scheduler/freezing.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/watch.h"

#include <errno.h>
#include <string.h>

enum {
    SETTLED_MS = 1000,       /* files that have lain still so long are whole */
    FREEZE_RETRY_MS = 30000, /* after a list could not be closed */
};

#define KEEPER_AUTHOR "ketang-scheduler"

/* The files are wrong, or the list cannot be kept as it is; the store is well. */
static void note_unclosed(struct problems *unclosed, const char *channel, const char *text)
{
    problems_add(unclosed, PROBLEM_ERROR, channel, 0, 0,
                 _("the list cannot be closed: %s; mend it, or close it with `ketang freeze`"),
                 text);
}

static const char *first_error(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].severity == PROBLEM_ERROR) {
            return problems->items[i].text;
        }
    }
    return NULL;
}

/* True for what another try with the same files would not mend, and the store is not to blame. */
static bool is_of_content(int result)
{
    return result == -EINVAL || result == -E2BIG || result == -EILSEQ;
}

static int keep_list(struct keeper *keeper, const struct store_day_edit *edit,
                     const struct timetable_files *files, struct problems *unclosed)
{
    const int result = freezing_keep(keeper->store, keeper->station, edit, files, NULL);
    if (result == 0) {
        pthread_mutex_lock(&keeper->lock);
        keeper->news.lists++;
        pthread_mutex_unlock(&keeper->lock);
    } else if (is_of_content(result)) {
        note_unclosed(unclosed, edit->channel, store_error(keeper->store));
    }
    return result == -EALREADY || is_of_content(result) ? 0 : result;
}

/* Closes the list of one channel, if nobody has dealt with it. */
static int close_list(struct keeper *keeper, const char *channel, int64_t date, int64_t now_ms,
                      struct problems *unclosed)
{
    const struct store_day_edit edit = {.channel = channel,
                                        .date = date,
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = KEEPER_AUTHOR,
                                        .now_ms = now_ms};
    struct problems problems;
    struct timetable_files files = {0};
    bool is_due = false;
    int result = freezing_is_due(keeper->store, channel, edit.date, &is_due);
    if (result < 0 || !is_due) {
        return result;
    }
    problems_init(&problems);
    const int read = freezing_read(keeper->station, channel, &files, &problems);
    if (read == 0) {
        result = keep_list(keeper, &edit, &files, unclosed);
    } else if (read == -ENOMEM) {
        result = read;
    } else if (read != -ENODATA) { /* a channel without a timetable has no list */
        const char *text = first_error(&problems);
        note_unclosed(unclosed, channel, text != NULL ? text : strerror(-read));
    }
    timetable_files_finish(&files);
    problems_finish(&problems);
    return result;
}

/* A file that is being written is not closed half: what has lain still for a second is whole. */
static bool files_are_settled(struct keeper *keeper, int64_t now_ms)
{
    const uint64_t seen = watch_schedules(keeper->station->timetables);
    if (!keeper->has_seen || seen != keeper->timetables_seen || now_ms < keeper->seen_ms) {
        keeper->has_seen = true;
        keeper->timetables_seen = seen;
        keeper->seen_ms = now_ms;
    }
    return now_ms - keeper->seen_ms >= SETTLED_MS;
}

int keeper_close_lists(struct keeper *keeper, int64_t now_ms)
{
    const struct scheduler_settings *settings = &keeper->station->scheduler;
    const struct service *service = NULL;
    int64_t date = 0;
    int result = 0;
    if (!settings->has_freeze || !files_are_settled(keeper, now_ms) || now_ms < keeper->freeze_ms ||
        !store_freeze_due(keeper->zone, settings->freeze_minute, now_ms, &date)) {
        return 0;
    }
    struct problems unclosed;
    problems_init(&unclosed);
    if (date != keeper->freeze_date) { /* another evening: all is told again */
        problems_finish(&keeper->unclosed);
        problems_init(&keeper->unclosed);
        keeper->freeze_date = date;
    }
    for (size_t i = 0; result == 0 && (service = station_service_at(keeper->station, i)) != NULL;
         i++) {
        result = close_list(keeper, service->name, date, now_ms, &unclosed);
    }
    keeper_tell_new(keeper, &unclosed, &keeper->unclosed);
    if (result == 0) {
        keeper->freeze_ms = unclosed.count > 0 ? now_ms + FREEZE_RETRY_MS : 0;
        problems_finish(&keeper->unclosed);
        keeper->unclosed = unclosed;
    } else { /* the store failed half-way: what was told stays told */
        problems_finish(&unclosed);
    }
    return result;
}
