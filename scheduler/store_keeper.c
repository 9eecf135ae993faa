/* SPDX-License-Identifier: MIT */
#include "scheduler/store_keeper.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/freezing.h"
#include "scheduler/store/store_clearance.h"
#include "scheduler/store/store_follow.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PASS_S = 1,
    RETRY_FIRST_MS = 1000, /* after the store failed; doubles up to */
    RETRY_MOST_MS = 60000,
    FREEZE_RETRY_MS = 30000, /* after a list could not be closed */
    FOLLOW_MS = 10000,       /* how often files are looked at */
};

#define KEEPER_AUTHOR "ketang-scheduler"

struct keeper {
    const struct station *station;
    struct zone *zone;
    pthread_t thread;
    bool has_thread;
    int64_t (*clock_ms)(void);

    /* Of the pass alone. */
    struct store *store; /* NULL: not open */
    int64_t retry_ms;    /* not before */
    int64_t wait_ms;
    int64_t freeze_ms; /* not before */
    bool has_loaded;
    int64_t loaded_signed; /* what the last signoff was made of */
    int64_t loaded_day;
    struct store_follow *follow; /* of the open store */
    int64_t follow_ms;           /* not before */
    struct problems followed;    /* the warnings of the last time */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    bool is_ending;
    struct keeper_news news;
};

/* --- Lifecycle -------------------------------------------------------------------------- */

int keeper_create(const struct station *station, struct keeper **keeper)
{
    pthread_condattr_t attributes;
    struct keeper *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->station = station;
    pthread_mutex_init(&fresh->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&fresh->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    problems_init(&fresh->news.told);
    problems_init(&fresh->followed);
    const int result = zone_open(station->time_zone, &fresh->zone);
    if (result < 0) {
        keeper_destroy(fresh);
        return result;
    }
    *keeper = fresh;
    return 0;
}

void keeper_destroy(struct keeper *keeper)
{
    if (keeper == NULL) {
        return;
    }
    if (keeper->has_thread) {
        pthread_mutex_lock(&keeper->lock);
        keeper->is_ending = true;
        pthread_cond_signal(&keeper->wake);
        pthread_mutex_unlock(&keeper->lock);
        pthread_join(keeper->thread, NULL);
    }
    store_follow_destroy(keeper->follow);
    store_close(keeper->store);
    problems_finish(&keeper->followed);
    signoff_destroy(keeper->news.signoff);
    problems_finish(&keeper->news.told);
    pthread_cond_destroy(&keeper->wake);
    pthread_mutex_destroy(&keeper->lock);
    zone_close(keeper->zone);
    free(keeper);
}

/* --- News ------------------------------------------------------------------------------- */

static bool is_among(const struct problem *item, const struct problems *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *other = &list->items[i];
        if (other->line == item->line && strcmp(other->file, item->file) == 0 &&
            strcmp(other->text, item->text) == 0) {
            return true;
        }
    }
    return false;
}

/* Tells the problems that are not among `known` (may be NULL). */
static void tell_new(struct keeper *keeper, const struct problems *problems,
                     const struct problems *known)
{
    pthread_mutex_lock(&keeper->lock);
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *item = &problems->items[i];
        if (known == NULL || !is_among(item, known)) {
            problems_add(&keeper->news.told, item->severity, item->file, item->line, item->column,
                         "%s", item->text);
        }
    }
    pthread_mutex_unlock(&keeper->lock);
}

static void hand_over(struct keeper *keeper, struct signoff *signoff)
{
    pthread_mutex_lock(&keeper->lock);
    signoff_destroy(keeper->news.signoff);
    keeper->news.signoff = signoff;
    pthread_mutex_unlock(&keeper->lock);
}

static void note_answer(struct keeper *keeper, const char *trouble)
{
    pthread_mutex_lock(&keeper->lock);
    keeper->news.has_answered = true;
    snprintf(keeper->news.trouble, sizeof(keeper->news.trouble), "%s", trouble);
    pthread_mutex_unlock(&keeper->lock);
}

void keeper_fetch(struct keeper *keeper, struct keeper_news *news)
{
    pthread_mutex_lock(&keeper->lock);
    *news = keeper->news;
    keeper->news.signoff = NULL;
    keeper->news.lists = 0;
    problems_init(&keeper->news.told);
    pthread_mutex_unlock(&keeper->lock);
}

/* --- The work --------------------------------------------------------------------------- */

/* The store failed: it is opened anew, later. */
static void give_up(struct keeper *keeper, int64_t now_ms, const char *trouble)
{
    keeper->wait_ms = keeper->wait_ms == 0 ? RETRY_FIRST_MS : keeper->wait_ms * 2;
    keeper->wait_ms = keeper->wait_ms < RETRY_MOST_MS ? keeper->wait_ms : RETRY_MOST_MS;
    keeper->retry_ms = now_ms + keeper->wait_ms;
    note_answer(keeper, trouble);
    store_follow_destroy(keeper->follow);
    keeper->follow = NULL;
    store_close(keeper->store);
    keeper->store = NULL;
}

static int open_store(struct keeper *keeper, int64_t now_ms)
{
    struct problems problems;
    problems_init(&problems);
    const int result =
        store_open(keeper->station->scheduler.store, STORE_USE, &keeper->store, &problems);
    if (result < 0) {
        keeper->store = NULL;
        give_up(keeper, now_ms, problems.count > 0 ? problems.items[0].text : strerror(-result));
    }
    problems_finish(&problems);
    return result;
}

/* Closes the list of one channel, if it is time and nobody has dealt with it. */
static int close_list(struct keeper *keeper, const char *channel, int64_t now_ms)
{
    const struct store_day_edit edit = {
        .channel = channel,
        .date = store_freeze_due(keeper->zone, keeper->station->scheduler.freeze_minute, now_ms),
        .based_on = STORE_DAY_WHATEVER,
        .author = KEEPER_AUTHOR,
        .now_ms = now_ms};
    struct problems problems;
    struct frozen_list list;
    bool is_due = false;
    int result = freezing_is_due(keeper->store, channel, edit.date, &is_due);
    if (result < 0 || !is_due) {
        return result;
    }
    problems_init(&problems);
    result = freezing_day(keeper->store, keeper->station, &edit, &problems, &list);
    if (result == 0) {
        pthread_mutex_lock(&keeper->lock);
        keeper->news.lists++;
        pthread_mutex_unlock(&keeper->lock);
    } else if (result == -ENODATA) {
        result = 0; /* a channel without a timetable has no list */
    } else if (problems.count > 0) {
        keeper->freeze_ms = now_ms + FREEZE_RETRY_MS; /* the files are wrong, not the store */
        tell_new(keeper, &problems, NULL);
        result = 0;
    }
    problems_finish(&problems);
    return result == -EALREADY ? 0 : result;
}

static int close_lists(struct keeper *keeper, int64_t now_ms)
{
    const struct service *service = NULL;
    int result = 0;
    if (!keeper->station->scheduler.has_freeze || now_ms < keeper->freeze_ms) {
        return 0;
    }
    for (size_t i = 0; result == 0 && (service = station_service_at(keeper->station, i)) != NULL;
         i++) {
        result = close_list(keeper, service->name, now_ms);
    }
    return result;
}

static int64_t day_of(const struct keeper *keeper, int64_t now_ms)
{
    struct civil civil;
    zone_to_civil(keeper->zone, now_ms / 1000, &civil);
    return civil_days(civil.year, civil.month, civil.day);
}

/* Makes a signoff when something has been signed, or another day has begun. */
static int look(struct keeper *keeper, int64_t now_ms)
{
    struct problems problems;
    struct signoff *signoff = NULL;
    int64_t count = 0;
    const int64_t day = day_of(keeper, now_ms);
    int result = store_signed(keeper->store, &count);
    if (result < 0 ||
        (keeper->has_loaded && count == keeper->loaded_signed && day == keeper->loaded_day)) {
        return result;
    }
    problems_init(&problems);
    result = signoff_load(keeper->store, keeper->station, day, &signoff, &problems);
    if (result == 0) {
        keeper->has_loaded = true;
        keeper->loaded_signed = count;
        keeper->loaded_day = day;
        tell_new(keeper, &problems, NULL);
        hand_over(keeper, signoff);
    }
    problems_finish(&problems);
    return result;
}

/* Notes in the store what the files of the station tell. */
static int follow(struct keeper *keeper, int64_t now_ms)
{
    struct store_rebuilt added;
    struct problems problems;
    bool has_more = false;
    if (now_ms < keeper->follow_ms) {
        return 0;
    }
    if (keeper->follow == NULL) {
        keeper->follow = store_follow_create(keeper->station, keeper->zone);
    }
    if (keeper->follow == NULL) {
        return -ENOMEM;
    }
    problems_init(&problems);
    const int result =
        store_follow_step(keeper->follow, keeper->store, now_ms, &problems, &added, &has_more);
    if (result < 0) {
        problems_finish(&problems);
        return result;
    }
    tell_new(keeper, &problems, &keeper->followed);
    problems_finish(&keeper->followed);
    keeper->followed = problems;
    keeper->follow_ms = has_more ? now_ms : now_ms + FOLLOW_MS;
    return 0;
}

void keeper_pass(struct keeper *keeper, int64_t now_ms)
{
    if (keeper->store == NULL && (now_ms < keeper->retry_ms || open_store(keeper, now_ms) < 0)) {
        return;
    }
    int result = close_lists(keeper, now_ms);
    if (result == 0) {
        result = look(keeper, now_ms);
    }
    if (result == 0) {
        result = follow(keeper, now_ms);
    }
    if (result < 0) {
        const char *text = store_error(keeper->store);
        give_up(keeper, now_ms, text[0] != '\0' ? text : strerror(-result));
        return;
    }
    keeper->wait_ms = 0;
    note_answer(keeper, "");
}

/* --- The thread ------------------------------------------------------------------------- */

static void *run(void *argument)
{
    struct keeper *keeper = argument;
    bool is_ending = false;
    while (!is_ending) {
        struct timespec until;
        keeper_pass(keeper, keeper->clock_ms());
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += PASS_S;
        pthread_mutex_lock(&keeper->lock);
        if (!keeper->is_ending) {
            pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
        }
        is_ending = keeper->is_ending;
        pthread_mutex_unlock(&keeper->lock);
    }
    return NULL;
}

int keeper_start(struct keeper *keeper, int64_t (*clock_ms)(void))
{
    sigset_t all;
    sigset_t before;
    keeper->clock_ms = clock_ms;
    sigfillset(&all); /* signals are the daemon's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int result = pthread_create(&keeper->thread, NULL, run, keeper);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    keeper->has_thread = result == 0;
    return -result;
}
