/* SPDX-License-Identifier: MIT */
/*
 * publish_case: the week of one channel, from the text of a timetable, as it
 * is published.
 */
#ifndef TESTS_SUPPORT_PUBLISH_CASE_H
#define TESTS_SUPPORT_PUBLISH_CASE_H

#include "scheduler/publish/publish_epg.h"

/* What is published; texts may be NULL where nothing is said. */
struct publish_case {
    const char *timetable;
    const char *calendar;
    const char *time_zone;        /* NULL: Asia/Shanghai */
    const char *week;             /* a Monday, "2020-05-04" */
    const struct plan *in_force;  /* NULL: none */
    const char *closed;           /* a date whose list is closed; NULL: none */
    const char *closed_timetable; /* as it was then */
    int number;                   /* of the edition; 0: 1 */
};

/* The service of all cases: channel "zhangdian" of schedules/station.cfg. */
const struct station *publish_case_station(void);
const struct service *publish_case_service(void);
void publish_case_finish(void);

struct zone *publish_case_zone(const struct publish_case *that);
struct timetable *publish_case_timetable(const struct publish_case *that);

/* Each fails the test when it cannot be made; the caller destroys the result. */
struct plan *publish_case_plan(const struct publish_case *that);
struct edition *publish_case_edition(const struct publish_case *that);

/* The entry of that key, or NULL. */
const struct epg_entry *publish_case_find(const struct edition *edition, const char *key);

/* Civil time of the zone as seconds since the epoch: "2020-05-06 08:40". */
int64_t publish_case_time(const struct publish_case *that, const char *text);

#endif
