/* SPDX-License-Identifier: MIT */
/*
 * compile_survey: the slots of a stretch of time as compile.h places them,
 * each with the media that it needs and what airs; no events are made.
 *
 * The compiler itself asks the same functions, so that what is said here is
 * what a plan of the same input airs.
 */
#ifndef SCHEDULER_COMPILE_SURVEY_H
#define SCHEDULER_COMPILE_SURVEY_H

#include "scheduler/compile.h"
#include "scheduler/day.h"

enum media_state {
    MEDIA_NOT_NEEDED,
    MEDIA_READY,
    MEDIA_MISSING,
    MEDIA_DAMAGED,    /* its file was cut off, or grew: library_is_damaged() */
    MEDIA_UNAPPROVED, /* for this run */
    MEDIA_LATE,       /* came after the cutoff of this slot */
    MEDIA_UNFIT,      /* there, but it cannot air: no room for it, or it cannot be cut as needed */
    MEDIA_LIVE,       /* a live source: no file is needed */
    MEDIA_REPLACED,   /* an operator's order airs something else in this slot */
};

/* A house number in a run. */
struct media_choice {
    enum media_state state;
    enum media_state newest;           /* of its newest file, which may not be the one that airs */
    const struct library_asset *file;  /* the newest one; NULL: there is none */
    const struct library_asset *asset; /* READY: what airs; else NULL */
};

struct slot_choice {
    struct media_choice own;
    struct media_choice substitute; /* of the one declared; NOT_NEEDED: none is */
};

/* A slot; of a rotation each of its items, all at the start of it. */
struct surveyed_slot {
    int64_t start; /* frames, as it airs */
    int64_t end;
    int64_t date; /* the civil day it belongs to */
    const struct day_slot *day;
    const struct rotation_item *item; /* of a rotation; NULL: it is none */
    struct slot_choice choice;
    /* NULL: fillers, the slate or the live source; in a rotation its others. */
    const struct library_asset *airs;
};

/* Mandatory: `visit`; a negative result ends the survey.  What it sees lives for the call. */
struct slot_visitor {
    int (*visit)(struct slot_visitor *self, const struct surveyed_slot *slot);
};

/* Milliseconds since the epoch of the start of a slot: what cutoff and clearance go by. */
static inline int64_t compile_start_ms(int64_t frame)
{
    return frame / FRAMES_PER_SECOND * 1000;
}

/* Shows the slots on air at any frame of [from, to) that need media, in order of start.  0 or
 * -ENOMEM. */
int compile_survey(const struct compile_input *input, struct slot_visitor *visitor);

#endif
