/* SPDX-License-Identifier: MIT */
/*
 * ingest_hint: whether a film's house number is one that timetables name, told before the film is
 * made ready: zhangdian-4-1 never airs where ZHANGDIAN-4-1 is planned.
 */
#ifndef TOOLS_INGEST_HINT_H
#define TOOLS_INGEST_HINT_H

#include "playout/station.h"
#include "scheduler/library.h"

/*
 * The house numbers that the timetables of the station name, in a library without files; none of
 * timetables with mistakes.  The caller destroys it.  NULL: out of memory.
 */
struct library *ingest_hint_named(const struct station *station);

/* The one that is likely meant; NULL: this one is named, or none is near.  Accepts no library. */
const char *ingest_hint(const struct library *named, const char *house_number);

#endif
