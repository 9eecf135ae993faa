/* SPDX-License-Identifier: MIT */
/*
 * publish_ical: the lessons of a grade as a calendar for families.
 *
 * A lesson is an event with its channel, a repeat one of its own, 【重播】,
 * that does not make anybody busy; holidays and swapped days are events of the
 * whole day.  The UID of an event follows from its channel and key, so that a
 * later edition, imported again, changes what is there: SEQUENCE counts the
 * changes, what is no more comes as STATUS:CANCELLED.  Times are UTC.
 *
 * Normative reference: RFC 5545.
 */
#ifndef SCHEDULER_PUBLISH_ICAL_H
#define SCHEDULER_PUBLISH_ICAL_H

#include "playout/zone.h"
#include "scheduler/publish/publish_choice.h"

#include <stdio.h>

/* 0 or -EIO. */
int publish_ical(const struct edition *edition, const struct publish_choice *choice,
                 const struct zone *zone, FILE *out);

#endif
