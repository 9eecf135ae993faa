/* SPDX-License-Identifier: MIT */
/*
 * publish_epg: the entries of a channel's week.
 *
 * Programmes are those of a plan (publish_plan.h), as EIT tells them; what the
 * plan does not say of them (period, first run, what only the repeat has) is
 * looked up in the timetable's day.  A programme that the timetable no longer
 * knows is told as far as the plan knows it.
 *
 * What stands in for a lesson until its media comes is told as that lesson;
 * what an order of an operator has put there is told as what it is.
 */
#ifndef SCHEDULER_PUBLISH_EPG_H
#define SCHEDULER_PUBLISH_EPG_H

#include "scheduler/publish/publish_edition.h"
#include "scheduler/publish/publish_plan.h"

/*
 * Adds the channel with all programmes of `plan` that are on in the edition's
 * week, and what is special about its days.  0 or -ENOMEM.
 */
int publish_epg(const struct publish_source *source, const struct plan *plan,
                struct edition *edition);

/*
 * Gives the lessons that the edition takes out the reason of the one-off
 * change that did it.  0 or -ENOMEM.
 */
int publish_epg_reasons(const struct publish_source *source, struct edition *edition,
                        struct edition_channel *channel);

/* Seconds since the epoch of a time of a civil day; beyond 24:00 of the next one. */
int64_t publish_time(const struct zone *zone, int64_t date, int seconds);

/* The civil day of a time, and its seconds of that day. */
int64_t publish_date(const struct zone *zone, int64_t time, int *seconds);

#endif
