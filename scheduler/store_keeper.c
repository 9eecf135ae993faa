/* SPDX-License-Identifier: MIT */
#include "scheduler/store_keeper.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/freezing.h"
#include "scheduler/fresh_problems.h"
#include "scheduler/store/store_clearance.h"
#include "scheduler/store/store_follow.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PASS_S = 1,
    SETTLED_MS = 1000,     /* files that have lain still so long are whole */
    RETRY_FIRST_MS = 1000, /* after the store failed; doubles up to */
    RETRY_MOST_MS = 60000,
    FREEZE_RETRY_MS = 30000, /* after a list could not be closed */
    KEEP_RETRY_MS = 30000,   /* after what was signed could not be written down */
    FOLLOW_MS = 10000,       /* how often files are looked at */
    TOLD_MOST = 200,         /* news that nobody fetches do not pile up */
};

#define KEEPER_AUTHOR "ketang-scheduler"

struct keeper {
    const struct station *station;
    struct zone *zone;
    pthread_t thread;
    bool has_thread;
    int64_t (*clock_ms)(void);

    /* Of the pass alone. */
    int64_t last_ms;     /* when the last one was */
    char *kept;          /* path of what was signed, as last heard */
    struct store *store; /* NULL: not open */
    int64_t retry_ms;    /* not before */
    int64_t wait_ms;
    int64_t freeze_ms;        /* not before */
    int64_t freeze_date;      /* the day whose lists were closed last, */
    struct problems unclosed; /* and what was in the way */
    bool has_seen;            /* the files of the timetables: */
    uint64_t timetables_seen; /* their fingerprint, */
    int64_t seen_ms;          /* and since when it is so */
    bool has_loaded;
    bool is_unkept;        /* what was signed could not be written down: */
    int64_t keep_ms;       /* not before */
    int64_t loaded_signed; /* what the last signoff was made of */
    int64_t loaded_day;
    struct store_follow *follow; /* of the open store */
    int64_t follow_ms;           /* not before */
    struct problems followed;    /* the warnings of the last time */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    pthread_cond_t passed;
    bool is_ending;
    uint64_t asked; /* rises with every question */
    uint64_t done;  /* the last one that a pass has dealt with */
    uint64_t heard; /* the last one that the store has answered */
    struct keeper_news news;
};

/* --- Lifecycle -------------------------------------------------------------------------- */

/* Until the store answers, what it said last holds. */
static void recall(struct keeper *keeper)
{
    struct problems *told = &keeper->news.told;
    const int result = signoff_recall(keeper->kept, keeper->station, &keeper->news.signoff, told);
    if (result < 0 && result != -ENOENT && result != -ESTALE) {
        problems_add(told, PROBLEM_WARNING, keeper->kept, 0, 0,
                     _("what was signed cannot be recalled (%s); the store has it"),
                     strerror(-result));
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
    pthread_cond_destroy(&keeper->wake);
    pthread_cond_destroy(&keeper->passed);
    pthread_mutex_destroy(&keeper->lock);
    zone_close(keeper->zone);
    free(keeper->kept);
    free(keeper);
}

/* --- News ------------------------------------------------------------------------------- */

/* Tells the problems that are not among `known` (may be NULL). */
static void tell_new(struct keeper *keeper, const struct problems *problems,
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
    store_close(keeper->store);
    keeper->store = NULL;
}

/* The store failed: it is opened anew, later. */
static void give_up(struct keeper *keeper, int64_t now_ms, const char *trouble)
{
    keeper->wait_ms = keeper->wait_ms == 0 ? RETRY_FIRST_MS : keeper->wait_ms * 2;
    keeper->wait_ms = keeper->wait_ms < RETRY_MOST_MS ? keeper->wait_ms : RETRY_MOST_MS;
    keeper->retry_ms = now_ms + keeper->wait_ms;
    note_answer(keeper, trouble);
    close_store(keeper);
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
    if (result < 0) {
        keeper->store = NULL;
        give_up(keeper, now_ms, problems.count > 0 ? problems.items[0].text : strerror(-result));
    }
    problems_finish(&problems);
    return result;
}

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

static int close_lists(struct keeper *keeper, int64_t now_ms)
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
    tell_new(keeper, &unclosed, &keeper->unclosed);
    if (result == 0) {
        keeper->freeze_ms = unclosed.count > 0 ? now_ms + FREEZE_RETRY_MS : 0;
        problems_finish(&keeper->unclosed);
        keeper->unclosed = unclosed;
    } else { /* the store failed half-way: what was told stays told */
        problems_finish(&unclosed);
    }
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

bool keeper_pass(struct keeper *keeper, int64_t now_ms)
{
    if (now_ms < keeper->last_ms) { /* the clock was set back: nothing waits for the old one */
        keeper->retry_ms = 0;
        keeper->freeze_ms = 0;
        keeper->keep_ms = 0;
        keeper->follow_ms = 0;
    }
    keeper->last_ms = now_ms;
    if (keeper->store != NULL && store_has_moved(keeper->store)) {
        close_store(keeper);
    }
    if (keeper->store == NULL && (now_ms < keeper->retry_ms || open_store(keeper, now_ms) < 0)) {
        return false;
    }
    int result = look(keeper, now_ms);
    if (result == 0) {
        result = close_lists(keeper, now_ms);
    }
    if (result == 0) {
        result = follow(keeper, now_ms);
    }
    if (result < 0) {
        const char *text = store_error(keeper->store);
        give_up(keeper, now_ms, text[0] != '\0' ? text : strerror(-result));
        return false;
    }
    keeper->wait_ms = 0;
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
    bool is_ending = false;
    while (!is_ending) {
        const bool has_heard = keeper_pass(keeper, keeper->clock_ms());
        const uint64_t question = rest(keeper, answered, has_heard, &is_ending);
        if (question != answered) {
            keeper->retry_ms = 0; /* somebody waits for it */
        }
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
