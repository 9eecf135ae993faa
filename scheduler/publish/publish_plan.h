/* SPDX-License-Identifier: MIT */
/*
 * publish_plan: what a channel airs, as far ahead as anybody wants to know.
 *
 *     |-- compiled --|------- the plan in force -------|---- compiled ----|
 *     from                                                               to
 *
 * Where the plan in force says nothing, the timetable is compiled as it is
 * meant: every lesson is taken to have media of the planned length, for
 * teachers hand in next week's lessons after its timetable is published.
 * Closed days (定稿) are made from their own timetables, as they will air.
 *
 * Events are numbered as the scheduler will number them when nothing changes,
 * so that event_ids of the guide agree with what goes on air; without a plan
 * in force by the minute, so that they are unique for six weeks.
 *
 * A pure function but for the time zone's file.
 */
#ifndef SCHEDULER_PUBLISH_PLAN_H
#define SCHEDULER_PUBLISH_PLAN_H

#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/frozen_days.h"
#include "scheduler/library.h"
#include "scheduler/timetable.h"

/* A channel, as it is to be published.  All borrowed. */
struct publish_source {
    const struct service *service;
    const struct timetable *timetable;
    const struct library *library;
    const struct zone *zone;
    const struct frozen_days *frozen; /* NULL: none */
    const struct plan *in_force;      /* NULL: none */
};

/* The timetable that holds on a date: that of the day's closing, if it is closed. */
const struct timetable *publish_timetable_on(const struct publish_source *source, int64_t date);

/*
 * A plan whose events, gapless, are those of all frames of [from, to): the
 * first may begin before, the last end after.  0 or -ENOMEM.
 */
int publish_plan(const struct publish_source *source, int64_t from, int64_t to, struct plan **plan);

#endif
