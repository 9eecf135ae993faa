/* SPDX-License-Identifier: MIT */
/* compile_private: what the parts of the compiler share. */
#ifndef SCHEDULER_COMPILE_PRIVATE_H
#define SCHEDULER_COMPILE_PRIVATE_H

#include "scheduler/compile.h"
#include "scheduler/compile_survey.h"
#include "scheduler/day.h"

enum { COMPILE_TEXT_SIZE = 512 };

/* A slot at its place in time, in frames. */
struct timed_slot {
    int64_t start;
    int64_t end;
    int64_t date;               /* the civil day it belongs to */
    const struct day_slot *day; /* NULL: nothing is planned */
};

/* Fillers of a topic that can be used. */
struct filler_list {
    const char *topic; /* NULL: the default ones */
    const struct library_asset **items;
    size_t count;
    const struct filler *first; /* of the timetable; NULL: none */
};

/* A timetable, and which of its fillers can be used. */
struct origin {
    const struct timetable *timetable;
    struct filler_list *fillers; /* the default list first */
    size_t filler_count;
};

struct compiler {
    const struct compile_input *input;
    struct cutter cutter;
    int64_t least_piece;
    struct plan *plan;
    struct origin *origins; /* the timetable of today first, then those of frozen days */
    size_t origin_count;
    const struct origin *origin; /* of the slot at work */
    struct day *days;
    size_t day_count;
    struct timed_slot *slots; /* in order of start */
    size_t slot_count;
    const struct timed_slot *next; /* what follows the slot at work; NULL: nothing */
    struct slot_visitor *visitor;  /* sees slots instead of events being made; NULL: none */
};

/* What all events of a programme share. */
struct programme {
    int64_t number;
    char title[COMPILE_TEXT_SIZE]; /* "": not in the EPG */
    char text[COMPILE_TEXT_SIZE];
    char source[COMPILE_TEXT_SIZE];
    const struct lesson *lesson; /* whose entry it is; NULL: of none */
    const char *instead_of;      /* of its fillers */
    const char *reason;
    const char *topic;
    const char *timetable_day;
    bool has_subtitles;
    bool is_signed;
    bool is_fixed; /* its start does not move */
};

/* A stretch of time to be filled. */
struct span {
    int64_t start;
    int64_t end;
};

/* An asset as it is to be fitted into a span. */
struct fitting {
    const struct library_asset *asset;
    enum event_kind kind;
    enum rest_rule rest;
    int64_t most;       /* frames of the asset that may air */
    int64_t least_rest; /* what is left of its room is none, or so much */
};

/* --- compile_fill.c: media into spans; 0 or -ENOMEM ------------------------------ */

/* Finds the fillers of all origins. */
int compile_fillers_find(struct compiler *compiler);
void compile_fillers_finish(struct compiler *compiler);

/* Fills a span, 0 or at least 24 frames long, with fillers, and the next lesson's card. */
int compile_fill(struct compiler *compiler, const struct programme *programme, struct span span);

/* An asset at the start of a span, and what is left by its rule. */
int compile_fit(struct compiler *compiler, const struct programme *programme,
                const struct fitting *fitting, struct span span);

/* Assets one after the other. */
int compile_air(struct compiler *compiler, const struct programme *programme,
                const struct fitting *fitting, int64_t *at, int64_t end);

/* An event of the slate, of a live source: whatever has no asset. */
int compile_emit(struct compiler *compiler, const struct programme *programme,
                 const struct plan_event *event);

/* How much of the fitting airs in the span: frames; 0: nothing of it. */
int64_t compile_fitted(const struct compiler *compiler, const struct fitting *fitting,
                       struct span span);

/* --- compile_choice.c -------------------------------------------------------------- */

/* Which media airs in a slot that is no rotation, and why not its own. */
struct slot_choice compile_choose(const struct compiler *compiler, const struct timed_slot *slot);

/* The same of one of a rotation. */
struct media_choice compile_choose_item(const struct compiler *compiler,
                                        const struct timed_slot *slot,
                                        const struct rotation_item *item);

/* How far a rotation has come; zeroed but for `at`, the start of its slot. */
struct rotation_walk {
    int64_t at;     /* where the next one begins */
    size_t number;  /* of the next one, counted on from lap to lap */
    size_t missing; /* how many in a row have no media */
};

/*
 * The next of a rotation that airs, and how: back to back, what has no media
 * is left out.  The caller moves `at`.  NULL: no other airs.
 */
const struct rotation_item *compile_rotate(const struct compiler *compiler,
                                           const struct timed_slot *slot,
                                           struct rotation_walk *walk, struct fitting *fitting);

/* How what was chosen is fitted into its slot; no asset: fillers, or the live source. */
struct fitting compile_fitting(const struct timed_slot *slot, const struct slot_choice *choice);

/* Frames of the media of a slot, as it may air; 0: nothing that needs a length. */
int64_t compile_needed(const struct compiler *compiler, const struct timed_slot *slot);

/* Shows a slot to the visitor.  0, or what it returned. */
int compile_visit(const struct compiler *compiler, const struct timed_slot *slot);

/* --- compile_slot.c ---------------------------------------------------------------- */

/* What airs in a slot. */
int compile_slot(struct compiler *compiler, const struct timed_slot *slot);

#endif
