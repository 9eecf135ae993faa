/* SPDX-License-Identifier: MIT */
#include "scheduler/store_keeper_private.h"

#include "playout/intl.h"
#include "scheduler/fresh_problems.h"
#include "scheduler/store/store_clearance.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PASS_S = 1,
    RETRY_FIRST_MS = 1000, /* after the store failed; doubles up to */
    RETRY_MOST_MS = 60000,
    KEEP_RETRY_MS = 30000, /* after what was signed could not be written down */
    FOLLOW_MS = 10000,     /* how often files are looked at */
    AFRESH_MS = 10000,     /* how often the store is opened once more */
    TOLD_MOST = 200,       /* news that nobody fetches do not pile up */
};

/* --- Lifecycle -------------------------------------------------------------------------- */

/* Until the store answers, what it said last holds. */
static void recall(struct keeper *keeper)
{
    struct problems *told = &keeper->news.told;
    const int result = signoff_recall(keeper->kept, keeper->station, &keeper->news.signoff, told);
    if (result < 0 && result != -ENOENT && result != -ESTALE) {
        problems_add(told, PROBLEM_WARNING, keeper->kept, 0, 0,
                     _("cannot be read (%s): until the store answers nothing new is planned where "
                       "files need approval, and closed days are not known; what is planned airs"),
                     result == -EBADMSG ? _("it is damaged") : strerror(-result));
    }
}

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
    pthread_cond_init(&fresh->passed, &attributes);
    pthread_condattr_destroy(&attributes);
    problems_init(&fresh->news.told);
    problems_init(&fresh->followed);
    problems_init(&fresh->unclosed);
    int result = zone_open(station->time_zone, &fresh->zone);
    if (result == 0 && asprintf(&fresh->kept, "%s/signoff.json", station->state) < 0) {
        fresh->kept = NULL;
        result = -ENOMEM;
    }
    if (result < 0) {
        keeper_destroy(fresh);
        return result;
    }
    recall(fresh);
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
    problems_finish(&keeper->unclosed);
    signoff_destroy(keeper->news.signoff);
    problems_finish(&keeper->news.told);
    due_list_destroy(keeper->dues);
    pthread_cond_destroy(&keeper->wake);
    pthread_cond_destroy(&keeper->passed);
    pthread_mutex_destroy(&keeper->lock);
    zone_close(keeper->zone);
    free(keeper->kept);
    free(keeper);
}

/* --- News ------------------------------------------------------------------------------- */

void keeper_tell_new(struct keeper *keeper, const struct problems *problems,
                     const struct problems *known)
{
    struct problems fresh;
    problems_init(&fresh);
    const size_t more = fresh_problems(problems, known, TOLD_MOST, &fresh);
    if (more > 0) {
        problems_add(&fresh, PROBLEM_WARNING, keeper->station->state, 0, 0,
                     _("%zu more warnings are not shown; `ketang store rebuild` shows all"), more);
    }
    pthread_mutex_lock(&keeper->lock);
    struct problems *told = &keeper->news.told;
    const size_t room = told->count <= TOLD_MOST ? TOLD_MOST + 1 - told->count : 0;
    (void)fresh_problems(&fresh, NULL, room, told);
    pthread_mutex_unlock(&keeper->lock);
    problems_finish(&fresh);
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
    snprintf(keeper->news.unnoted, sizeof(keeper->news.unnoted), "%s", keeper->unnoted);
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

static void close_store(struct keeper *keeper)
{
    store_follow_destroy(keeper->follow);
    keeper->follow = NULL;
    keeper->follow_ms = 0; /* the next one is to be told at once, too */
    keeper->unnoted[0] = '\0';
    store_close(keeper->store);
    keeper->store = NULL;
}

/*
 * The store failed: it is opened anew, later.  Who asks for it before its time
 * does not put that off.  Who is told has to know which file is meant.
 */
static void give_up(struct keeper *keeper, int64_t now_ms, const char *trouble)
{
    if (now_ms >= keeper->retry_ms) {
        keeper->wait_ms = keeper->wait_ms == 0 ? RETRY_FIRST_MS : keeper->wait_ms * 2;
        keeper->wait_ms = keeper->wait_ms < RETRY_MOST_MS ? keeper->wait_ms : RETRY_MOST_MS;
        keeper->retry_ms = now_ms + keeper->wait_ms;
    }
    char text[KEEPER_TROUBLE_SIZE];
    snprintf(text, sizeof(text), "%s: %s", store_place(keeper->station->scheduler.store), trouble);
    close_store(keeper);
    note_answer(keeper, text);
}

static int open_store(struct keeper *keeper, int64_t now_ms)
{
    struct problems problems;
    problems_init(&problems);
    int result = signoff_check_store(keeper->station, &problems);
    if (result == 0) {
        result = store_open(keeper->station->scheduler.store, STORE_USE, &keeper->store, &problems);
    }
    keeper->has_loaded = false; /* it may be another one */
    keeper->afresh_ms = now_ms;
    if (result < 0) {
        keeper->store = NULL;
        give_up(keeper, now_ms, problems.count > 0 ? problems.items[0].text : strerror(-result));
    }
    problems_finish(&problems);
    return result;
}

/*
 * A file that was written over is not seen by who has it open: SQLite answers from its cache, or
 * takes for the old file what is another one.  So it is opened once more, as every command does.
 * 0, or as store.h says: the store has been given up.
 */
static int look_afresh(struct keeper *keeper, int64_t now_ms)
{
    const char *where = keeper->station->scheduler.store;
    struct store *store = NULL;
    struct problems problems;
    int64_t count = 0;
    int64_t known = 0;
    if (now_ms - keeper->afresh_ms < AFRESH_MS || store_is_postgres(where)) {
        return 0;
    }
    keeper->afresh_ms = now_ms;
    problems_init(&problems);
    int result = store_open(where, STORE_LOOK, &store, &problems);
    if (result == 0) {
        result = store_signed(store, &count);
    }
    if (result < 0) {
        give_up(keeper, now_ms,
                problems.count > 0 ? problems.items[0].text
                : store != NULL    ? store_error(store)
                                   : strerror(-result));
    } else if (store_signed(keeper->store, &known) < 0 || known != count) {
        close_store(keeper);
        result = open_store(keeper, now_ms);
    }
    store_close(store);
    problems_finish(&problems);
    return result;
}

/* Where that fails it is tried again; it is told once. */
static void keep(struct keeper *keeper, const struct signoff *signoff, int64_t now_ms,
                 struct problems *problems)
{
    const int result = signoff_save(signoff, keeper->kept);
    if (result < 0 && !keeper->is_unkept) {
        problems_add(problems, PROBLEM_WARNING, keeper->kept, 0, 0,
                     _("cannot be written (%s); after a new start without the store nothing new "
                       "would be planned"),
                     strerror(-result));
    }
    keeper->is_unkept = result < 0;
    keeper->keep_ms = now_ms + KEEP_RETRY_MS;
}

/* Makes a signoff when something has been signed, or another day has begun. */
static int look(struct keeper *keeper, int64_t now_ms)
{
    struct problems problems;
    struct signoff *signoff = NULL;
    int64_t count = 0;
    const int64_t day = zone_date(keeper->zone, now_ms / 1000);
    int result = store_signed(keeper->store, &count);
    const bool is_known =
        keeper->has_loaded && count == keeper->loaded_signed && day == keeper->loaded_day;
    if (result < 0 || (is_known && (!keeper->is_unkept || now_ms < keeper->keep_ms))) {
        return result;
    }
    problems_init(&problems);
    result = signoff_load(keeper->store, keeper->station, day, &signoff, &problems);
    if (result == 0) {
        keeper->has_loaded = true;
        keeper->loaded_signed = count;
        keeper->loaded_day = day;
        keep(keeper, signoff, now_ms, &problems);
        keeper_tell_new(keeper, &problems, NULL);
        hand_over(keeper, signoff);
    }
    problems_finish(&problems);
    return result;
}

/* Notes in the store what the files of the station tell.  0 or as store_follow_step(). */
static int follow_step(struct keeper *keeper, int64_t now_ms, bool *has_more)
{
    struct store_rebuilt added;
    struct problems problems;
    if (keeper->follow == NULL) {
        keeper->follow = store_follow_create(keeper->station, keeper->zone);
    }
    if (keeper->follow == NULL) {
        return -ENOMEM;
    }
    problems_init(&problems);
    const int result =
        store_follow_step(keeper->follow, keeper->store, now_ms, &problems, &added, has_more);
    if (result < 0) {
        problems_finish(&problems);
        return result;
    }
    keeper_tell_new(keeper, &problems, &keeper->followed);
    problems_finish(&keeper->followed);
    keeper->followed = problems;
    return 0;
}

/*
 * What cannot be noted waits: what was signed has been heard all the same, and
 * a store that is gone fails when it is looked at next.
 */
static void follow(struct keeper *keeper, int64_t now_ms)
{
    bool has_more = false;
    if (now_ms < keeper->follow_ms) {
        return;
    }
    const int result = follow_step(keeper, now_ms, &has_more);
    const char *text = result < 0 ? store_error(keeper->store) : "";
    snprintf(keeper->unnoted, sizeof(keeper->unnoted), "%s",
             result == 0 || text[0] != '\0' ? text : strerror(-result));
    keeper->follow_ms = result == 0 && has_more ? now_ms : now_ms + FOLLOW_MS;
}

void keeper_take_dues(struct keeper *keeper, struct due_list *list)
{
    pthread_mutex_lock(&keeper->lock);
    struct due_list *old = keeper->dues;
    keeper->dues = list;
    pthread_mutex_unlock(&keeper->lock);
    due_list_destroy(old);
}

static struct due_list *fetch_dues(struct keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    struct due_list *list = keeper->dues;
    keeper->dues = NULL;
    pthread_mutex_unlock(&keeper->lock);
    return list;
}

/* What the store does not take now is for the next pass, unless there is newer by then. */
static void tell_dues(struct keeper *keeper)
{
    struct due_list *list = fetch_dues(keeper);
    int changed = 0;
    if (list == NULL) {
        return;
    }
    if (store_job_reorder(keeper->store, list->dues, list->count, &changed) < 0) {
        pthread_mutex_lock(&keeper->lock);
        if (keeper->dues == NULL) {
            keeper->dues = list;
            list = NULL;
        }
        pthread_mutex_unlock(&keeper->lock);
    }
    due_list_destroy(list);
}

bool keeper_pass(struct keeper *keeper, int64_t now_ms, bool is_asked)
{
    if (now_ms < keeper->last_ms) { /* the clock was set back: nothing waits for the old one */
        keeper->retry_ms = 0;
        keeper->freeze_ms = 0;
        keeper->keep_ms = 0;
        keeper->follow_ms = 0;
        keeper->afresh_ms = now_ms;
    }
    keeper->last_ms = now_ms;
    if (keeper->store != NULL && store_has_moved(keeper->store)) {
        close_store(keeper);
    }
    if (keeper->store == NULL &&
        ((now_ms < keeper->retry_ms && !is_asked) || open_store(keeper, now_ms) < 0)) {
        return false;
    }
    if (look_afresh(keeper, now_ms) < 0) {
        return false;
    }
    int result = look(keeper, now_ms);
    if (result == 0) {
        result = keeper_close_lists(keeper, now_ms);
    }
    if (result < 0) {
        const char *text = store_error(keeper->store);
        give_up(keeper, now_ms, text[0] != '\0' ? text : strerror(-result));
        return false;
    }
    keeper->wait_ms = 0;
    follow(keeper, now_ms);
    tell_dues(keeper);
    note_answer(keeper, "");
    return true;
}

/* --- The thread ------------------------------------------------------------------------- */

static struct timespec in_ms(int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    return until;
}

/* Waits for the next pass; which question that one is for. */
static uint64_t rest(struct keeper *keeper, uint64_t answered, bool has_heard, bool *is_ending)
{
    const struct timespec until = in_ms(PASS_S * 1000);
    int result = 0;
    pthread_mutex_lock(&keeper->lock);
    keeper->done = answered;
    keeper->heard = has_heard ? answered : keeper->heard;
    pthread_cond_broadcast(&keeper->passed);
    while (result == 0 && !keeper->is_ending && keeper->asked == answered) {
        result = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
    }
    *is_ending = keeper->is_ending;
    answered = keeper->asked;
    pthread_mutex_unlock(&keeper->lock);
    return answered;
}

static void *run(void *argument)
{
    struct keeper *keeper = argument;
    uint64_t answered = 0;
    bool is_asked = false;
    bool is_ending = false;
    while (!is_ending) {
        const bool has_heard = keeper_pass(keeper, keeper->clock_ms(), is_asked);
        const uint64_t question = rest(keeper, answered, has_heard, &is_ending);
        is_asked = question != answered;
        answered = question;
    }
    return NULL;
}

bool keeper_ask(struct keeper *keeper, int wait_ms)
{
    const struct timespec until = in_ms(wait_ms);
    int result = 0;
    pthread_mutex_lock(&keeper->lock);
    const uint64_t question = ++keeper->asked;
    pthread_cond_signal(&keeper->wake);
    while (result == 0 && keeper->has_thread && keeper->done < question) {
        result = pthread_cond_timedwait(&keeper->passed, &keeper->lock, &until);
    }
    const bool has_heard = keeper->heard >= question;
    pthread_mutex_unlock(&keeper->lock);
    return has_heard;
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
