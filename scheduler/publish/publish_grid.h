/* SPDX-License-Identifier: MIT */
/*
 * publish_grid: 课程表, the week of a grade for families, one page of HTML.
 *
 * Rows are the times at which lessons run first, columns the days; Saturday
 * and Sunday only when there is something on them.  A cell has subject, title,
 * teacher, the channel when there are several, and when it is repeated.
 */
#ifndef SCHEDULER_PUBLISH_GRID_H
#define SCHEDULER_PUBLISH_GRID_H

#include "scheduler/publish/publish_html.h"

/* The choice must name a grade.  0, -EIO or -ENOMEM. */
int publish_grid(const struct edition *edition, const struct publish_choice *choice,
                 const struct zone *zone, FILE *out);

#endif
