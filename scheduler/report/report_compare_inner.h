/* SPDX-License-Identifier: MIT */
/*
 * report_compare_inner: what the parts of the comparison share.  Included by
 * report_compare.c, report_classify.c and report_programme.c only; the
 * contract is in report_compare.h.
 */
#ifndef SCHEDULER_REPORT_REPORT_COMPARE_INNER_H
#define SCHEDULER_REPORT_REPORT_COMPARE_INNER_H

#include "scheduler/report/report_compare.h"

/* A stretch in which nothing changes. */
struct atom {
    int64_t from;
    int64_t to;
    const struct report_span *planned;  /* of the list; NULL: nothing */
    const struct report_span *first;    /* of the first list; NULL: nothing */
    ptrdiff_t programme;                /* -1: none */
    const struct report_span *force;    /* NULL: no revision held yet */
    const struct report_span *aired;    /* NULL: no line */
    bool is_interrupted;                /* as another line tells */
    bool is_begun;                      /* the channel has had a plan by then */
    const struct plan_amendment *wrong; /* the order that says that it was wrong content */
};

/* report_classify.c */
enum report_class classify_atom(const struct compare_input *input, const struct atom *atom,
                                const struct planned_programme *programme);

/* report_classify.c: true when what stands in for a lesson in the plan does so in the list. */
bool is_listed_stand_in(const struct atom *atom);

/*
 * report_classify.c: true when what is as planned was not planned so as the
 * day began: the timetable was changed since.
 */
bool is_changed_since(const struct compare_input *input, const struct atom *atom,
                      enum report_class class);

/* report_programme.c: false when the event only fills. */
bool programme_is(const struct plan_event *event, const struct report_catalogue *catalogue);
/* The programmes of a list; (*of_span)[i] is that of its span i, or -1. */
int programmes_of_list(const struct report_layer *list, const struct report_catalogue *catalogue,
                       struct comparison *comparison, ptrdiff_t **of_span);
void programme_take(struct planned_programme *programme, const struct atom *atom,
                    enum report_class class, int64_t most);
/* After the last atom. */
void programme_judge(struct planned_programme *programme);

#endif
