/* SPDX-License-Identifier: MIT */
/*
 * store_amendment: what operators ordered for a day, with reason and author.
 *
 * Each is an edit of its day (store_day.h), and so is undoing it.  That it
 * has aired is none: nobody decided anything then, and whoever is editing the
 * day at that moment must not be told of a conflict.
 */
#ifndef SCHEDULER_STORE_STORE_AMENDMENT_H
#define SCHEDULER_STORE_STORE_AMENDMENT_H

#include "scheduler/store/store_day.h"

enum amendment_state {
    AMENDMENT_ORDERED,
    AMENDMENT_UNDONE,
    AMENDMENT_AIRED,
};

struct store_amendment {
    int64_t id; /* given by the store, rising */
    const char *channel;
    int64_t date;
    const char *kind; /* "slate", "insert" ...: the planner's words */
    int64_t from_frame;
    bool is_open;             /* until further notice */
    int64_t until_frame;      /* unless open */
    const char *house_number; /* what airs; NULL: none */
    const char *mode;         /* of what follows; may be "" */
    const char *reason;
    const char *author;
    int64_t ordered_ms;
    bool has_revision; /* it stands in a plan */
    int64_t revision;
    enum amendment_state state;
    int64_t state_ms; /* since when */
    const char *state_by;
    const char *state_reason; /* may be "" */
};

/*
 * Orders one.  Channel, date, author and time are those of the edit; id and
 * state are the store's.  0, *id and the new version of the day, or -ESTALE.
 */
int store_amendment_order(struct store *store, const struct store_day_edit *edit,
                          const struct store_amendment *amendment, int64_t *id, int64_t *version);

/*
 * Undoes one: an edit of its day.  Or says that it has aired, at edit->now_ms:
 * no edit, any version will do, and *version is the present one.  -ENOENT no
 * such amendment on that day; -EALREADY it is not just ordered any more.
 */
int store_amendment_move(struct store *store, const struct store_day_edit *edit, int64_t id,
                         enum amendment_state state, const char *reason, int64_t *version);

/* Where an order stands. */
struct store_amendment_place {
    int64_t revision;
    int64_t from_frame;
    bool is_open;
    int64_t until_frame; /* unless open; the same as from_frame: there is no room for it */
    const char *mode;    /* of what follows; a return may have changed it */
};

/*
 * Says in which plan revision it stands, from when until when it does there,
 * and what follows.  No edit: the order stays what it was.  -ENOENT.
 */
int store_amendment_planned(struct store *store, int64_t id,
                            const struct store_amendment_place *place);

/* Those of a channel that were ordered at one moment, in order. */
int store_amendment_find(struct store *store, const char *channel, const char *kind,
                         int64_t ordered_ms, struct store_rows *rows);

/* Of a channel's day, in the order in which they were ordered. */
int store_amendment_list(struct store *store, const char *channel, int64_t date,
                         struct store_rows *rows);
struct store_amendment store_amendment_at(const struct store_rows *rows, size_t row);

const char *amendment_state_name(enum amendment_state state);

#endif
