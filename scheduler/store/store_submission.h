/* SPDX-License-Identifier: MIT */
/*
 * store_submission: what schools handed in, and what became of it.
 */
#ifndef SCHEDULER_STORE_STORE_SUBMISSION_H
#define SCHEDULER_STORE_STORE_SUBMISSION_H

#include "scheduler/store/store.h"

enum submission_state {
    SUBMISSION_RECEIVED,
    SUBMISSION_CHECKING, /* ingest is at it */
    SUBMISSION_ACCEPTED, /* air-ready */
    SUBMISSION_REJECTED, /* `finding` says why */
    SUBMISSION_REPLACED, /* by a later one */
};

struct store_submission {
    int64_t id;               /* given by the store, rising */
    const char *house_number; /* NULL while nobody has said which lesson it is */
    const char *file_name;    /* as it was handed in, for people */
    const char *sha256;       /* of the file as it was handed in; "" while it is not known */
    const char *school;       /* may be "" */
    const char *teacher;      /* may be "" */
    int64_t received_ms;
    enum submission_state state;
    int64_t state_ms; /* since when */
    const char *state_by;
    const char *finding;   /* in plain language; may be "" */
    const char *title;     /* this and the following may be "", and NULL where one is added */
    const char *kind;      /* "lesson", "filler", "card"; "" is a lesson */
    const char *consent;   /* who says that it may be shown, and by what right */
    const char *batch;     /* what it was handed in with */
    const char *subtitles; /* the name of the file of its subtitles; "": it has none */
    const char *subtitles_sha256; /* of that file; "": likewise */
};

/* Adds one, in its state; fills in *id. */
int store_submission_add(struct store *store, const struct store_submission *submission,
                         int64_t *id);

/*
 * Takes it from the state `was` to what *submission says: state, state_ms,
 * state_by, finding, house_number, sha256.  0; -ENOENT there is none of that
 * id; -ESTALE it is not in the state `was` any more: somebody else has taken it.
 */
int store_submission_move(struct store *store, const struct store_submission *submission,
                          enum submission_state was);

/* The latest last: all; those of which store_job_list_since() has a job. */
int store_submission_list(struct store *store, struct store_rows *rows);
int store_submission_list_since(struct store *store, int64_t since_ms, struct store_rows *rows);
/* One: no row when it is unknown. */
int store_submission_find(struct store *store, int64_t id, struct store_rows *rows);
struct store_submission store_submission_at(const struct store_rows *rows, size_t row);

const char *submission_state_name(enum submission_state state);

#endif
