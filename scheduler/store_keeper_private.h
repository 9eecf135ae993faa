/* SPDX-License-Identifier: MIT */
/* store_keeper_private: what store_keeper*.c share. */
#ifndef SCHEDULER_STORE_KEEPER_PRIVATE_H
#define SCHEDULER_STORE_KEEPER_PRIVATE_H

#include "playout/zone.h"
#include "scheduler/store/store_follow.h"
#include "scheduler/store_keeper.h"

#include <pthread.h>

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
    int64_t afresh_ms;   /* when it was opened, or opened once more to see that it is well */
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
    struct store_follow *follow;       /* of the open store */
    int64_t follow_ms;                 /* not before */
    char unnoted[KEEPER_TROUBLE_SIZE]; /* why that failed; "": it did not */
    struct problems followed;          /* the warnings of the last time */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    pthread_cond_t passed;
    bool is_ending;
    uint64_t asked; /* rises with every question */
    uint64_t done;  /* the last one that a pass has dealt with */
    uint64_t heard; /* the last one that the store has answered */
    struct keeper_news news;
    struct due_list *dues; /* not told yet; NULL: nothing new */
};

/* Tells the problems that are not among `known` (may be NULL). */
void keeper_tell_new(struct keeper *keeper, const struct problems *problems,
                     const struct problems *known);

/* Closes tomorrow's lists once their hour has come.  0, or as store.h when the store failed. */
int keeper_close_lists(struct keeper *keeper, int64_t now_ms);

#endif
