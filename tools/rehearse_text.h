/* SPDX-License-Identifier: MIT */
/*
 * rehearse_text: what a rehearsal has come to, for people.
 */
#ifndef TOOLS_REHEARSE_TEXT_H
#define TOOLS_REHEARSE_TEXT_H

#include "scheduler/rehearse/rehearse_notes.h"
#include "scheduler/rehearse/rehearse_outcome.h"

#include <stdbool.h>
#include <stdio.h>

/* Where a rehearsal is written to, and in which time zone. */
struct rehearse_page {
    FILE *out;
    const struct zone *zone;
    bool has_all; /* what went as planned, too */
};

/* The events that aired otherwise than planned, or for a reason; or all.  0 or -ENOMEM. */
int rehearse_text_as_run(const struct rehearse_page *page, const struct rehearse_outcome *outcome);

/* The programmes of the lists that did not air as they were listed, and by which rule. */
int rehearse_text_rules(const struct rehearse_page *page, const struct rehearse_outcome *outcome);

/* Faults that were planted, or problems that were found. */
int rehearse_text_notes(const struct rehearse_page *page, const struct rehearse_notes *notes,
                        enum rehearse_note_kind kind);

int rehearse_text_differences(const struct rehearse_page *page,
                              const struct rehearse_differences *differences);

/* How far it is: a bar on a terminal, elsewhere nothing. */
struct rehearse_bar {
    FILE *out;
    bool is_terminal;
    int shown; /* percent; -1 at first */
    double started_s;
};

void rehearse_bar_show(struct rehearse_bar *bar, double part, double now_s);
void rehearse_bar_clear(struct rehearse_bar *bar);

#endif
