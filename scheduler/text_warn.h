/* SPDX-License-Identifier: MIT */
/*
 * text_warn: which names viewers will not see as they were written, because
 * the charset of the network's tables lacks a character (si_text.h).
 */
#ifndef SCHEDULER_TEXT_WARN_H
#define SCHEDULER_TEXT_WARN_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/timetable.h"

/* Warns of the texts of a timetable that go into the EPG. */
void text_warn_timetable(const struct timetable *timetable, const struct network *network,
                         struct problems *problems);

/* The same of the names of network, services and providers. */
void text_warn_station(const struct station *station, struct problems *problems);

#endif
