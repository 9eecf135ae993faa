/* SPDX-License-Identifier: MIT */
#include "scheduler/ready_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS 3600000LL
#define DAY_MS  (24 * HOUR_MS)

/* A slot of which something was told. */
struct told {
    char *channel;
    char *house_number;
    int64_t date;
    int seconds;
    unsigned news; /* bit per enum ready_news */
    int64_t start_ms;
};

struct ready_watch {
    struct ready_world *world;
    int64_t cutoff_ms;
    struct ready_board board;
    bool is_stale;
    bool has_turned;
    bool has_looked;  /* there is a board */
    int64_t since_ms; /* of the first turn */
    int64_t last_ms;  /* of the last turn that saw a board */
    int64_t until_ms; /* the board reaches so far */
    int64_t next_ms;  /* before that there is nothing to tell */
    struct told *told;
    size_t told_count;
    size_t told_capacity;
};

struct ready_watch *ready_watch_create(struct ready_world *world, int64_t cutoff_ms)
{
    struct ready_watch *watch = calloc(1, sizeof(*watch));
    if (watch != NULL) {
        watch->world = world;
        watch->cutoff_ms = cutoff_ms;
        watch->is_stale = true;
    }
    return watch;
}

static void finish_told(struct told *told)
{
    free(told->channel);
    free(told->house_number);
}

void ready_watch_destroy(struct ready_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    for (size_t i = 0; i < watch->told_count; i++) {
        finish_told(&watch->told[i]);
    }
    free(watch->told);
    ready_finish(&watch->board);
    free(watch);
}

void ready_watch_invalidate(struct ready_watch *watch)
{
    watch->is_stale = true;
}

const struct ready_board *ready_watch_board(const struct ready_watch *watch)
{
    return watch->has_looked ? &watch->board : NULL;
}

/* --- What has been told -------------------------------------------------------------- */

/* A slot is known by its place in the timetable: it may still move by some minutes. */
static struct told *find_told(const struct ready_watch *watch, const struct ready_row *row)
{
    for (size_t i = watch->told_count; i > 0; i--) {
        struct told *told = &watch->told[i - 1];
        if (told->date == row->date && told->seconds == row->seconds &&
            strcmp(told->channel, row->channel) == 0 &&
            strcmp(told->house_number, row->house_number) == 0) {
            return told;
        }
    }
    return NULL;
}

/* NULL: out of memory. */
static struct told *add_told(struct ready_watch *watch, const struct ready_row *row)
{
    if (watch->told_count == watch->told_capacity) {
        const size_t capacity = watch->told_capacity > 0 ? watch->told_capacity * 2 : 16;
        struct told *grown = realloc(watch->told, capacity * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        watch->told = grown;
        watch->told_capacity = capacity;
    }
    struct told told = {.channel = strdup(row->channel),
                        .house_number = strdup(row->house_number),
                        .date = row->date,
                        .seconds = row->seconds,
                        .start_ms = ready_start_ms(row)};
    if (told.channel == NULL || told.house_number == NULL) {
        finish_told(&told);
        return NULL;
    }
    watch->told[watch->told_count] = told;
    return &watch->told[watch->told_count++];
}

/* What is so old that no board has it any more. */
static void forget(struct ready_watch *watch, int64_t now_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < watch->told_count; i++) {
        if (watch->told[i].start_ms < now_ms - 4 * DAY_MS) {
            finish_told(&watch->told[i]);
        } else {
            watch->told[kept++] = watch->told[i];
        }
    }
    watch->told_count = kept;
}

/* --- Turns ------------------------------------------------------------------------------ */

/* So long before its start a slot must be on the board at the latest, and an hour more. */
static int64_t reach_ms(const struct ready_watch *watch)
{
    return (watch->cutoff_ms > READY_WARN_MS ? watch->cutoff_ms : READY_WARN_MS) + HOUR_MS;
}

static int look(struct ready_watch *watch, int64_t now_ms)
{
    struct ready_board fresh = {0};
    int64_t from_ms = watch->last_ms < now_ms ? watch->last_ms : now_ms;
    from_ms = from_ms < now_ms - DAY_MS ? now_ms - DAY_MS : from_ms;
    const int64_t until_ms = now_ms + DAY_MS + reach_ms(watch);
    const int result = watch->world->survey(watch->world, from_ms, until_ms, &fresh);
    if (result < 0) {
        ready_finish(&fresh);
        return result;
    }
    ready_sort(&fresh);
    ready_finish(&watch->board);
    watch->board = fresh;
    watch->until_ms = until_ms;
    watch->is_stale = false;
    watch->has_looked = true;
    forget(watch, now_ms);
    return 0;
}

static int64_t due_ms(const struct ready_watch *watch, const struct ready_row *row,
                      enum ready_news news)
{
    return news == READY_NEWS_MISSING ? ready_start_ms(row) - READY_WARN_MS
                                      : ready_cutoff_at_ms(row, watch->cutoff_ms);
}

static int judge(struct ready_watch *watch, const struct ready_row *row, enum ready_news news,
                 int64_t now_ms)
{
    const int64_t at_ms = due_ms(watch, row, news);
    const unsigned bit = 1u << news;
    if (now_ms < at_ms) {
        watch->next_ms = at_ms < watch->next_ms ? at_ms : watch->next_ms;
        return 0;
    }
    struct told *told = find_told(watch, row);
    if (told == NULL) {
        told = add_told(watch, row);
    }
    if (told == NULL) {
        return -ENOMEM;
    }
    if ((told->news & bit) == 0) {
        told->news |= bit;
        watch->world->tell(watch->world, news, row);
    }
    return 0;
}

static int tell_all(struct ready_watch *watch, int64_t now_ms)
{
    int result = 0;
    watch->next_ms = INT64_MAX;
    for (size_t i = 0; result == 0 && i < watch->board.count; i++) {
        const struct ready_row *row = &watch->board.rows[i];
        if (row->start == READY_NO_TIME) {
            break;
        }
        if (!ready_is_wanting(row) || ready_start_ms(row) <= watch->since_ms) {
            continue;
        }
        result = judge(watch, row, READY_NEWS_MISSING, now_ms);
        if (result == 0) {
            result = judge(watch, row, READY_NEWS_DECIDED, now_ms);
        }
    }
    return result;
}

int ready_watch_turn(struct ready_watch *watch, int64_t now_ms)
{
    if (!watch->has_turned) {
        watch->has_turned = true;
        watch->since_ms = now_ms;
        watch->last_ms = now_ms;
    }
    /* A clock that went back may come to times that were past. */
    const bool is_back = now_ms < watch->last_ms;
    const bool runs_out = now_ms > watch->until_ms - reach_ms(watch);
    if (!watch->is_stale && !is_back && !runs_out && now_ms < watch->next_ms) {
        watch->last_ms = now_ms;
        return 0;
    }
    int result = watch->is_stale || is_back || runs_out ? look(watch, now_ms) : 0;
    if (result == 0) {
        result = tell_all(watch, now_ms);
    }
    if (result < 0) {
        watch->is_stale = true;
        return result;
    }
    watch->last_ms = now_ms;
    return 0;
}
