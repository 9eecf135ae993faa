/* SPDX-License-Identifier: MIT */
/*
 * rehearse_notes: what a rehearsal has found, and counted.
 *
 * Not thread-safe.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_NOTES_H
#define SCHEDULER_REHEARSE_REHEARSE_NOTES_H

#include <stddef.h>
#include <stdint.h>

enum rehearse_note_kind {
    NOTE_PROBLEM, /* it must not be */
    NOTE_FAULT,   /* what was planted, and what came of it at first */
};

struct rehearse_remark {
    enum rehearse_note_kind kind;
    int64_t frame; /* when */
    char *channel; /* or the transport; NULL: of the station as a whole */
    char *text;    /* a sentence without its dot */
};

enum { REHEARSE_NOTES_MOST = 1000 };

/* Zeroed at first. */
struct rehearse_notes {
    struct rehearse_remark *remarks; /* the first of them */
    size_t count;
    int64_t problems; /* all of them */
    int64_t revisions;
    int64_t adoptions;
    int64_t joins;   /* starts of events that were rendered */
    int64_t packets; /* rendered, and read */
};

void rehearse_notes_finish(struct rehearse_notes *notes); /* accepts a zeroed one */

/* Out of memory it is counted only. */
__attribute__((format(printf, 5, 6))) void rehearse_note(struct rehearse_notes *notes,
                                                         enum rehearse_note_kind kind,
                                                         int64_t frame, const char *channel,
                                                         const char *format, ...);

/* In the order of time. */
void rehearse_notes_sort(struct rehearse_notes *notes);

#endif
