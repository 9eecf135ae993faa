/* SPDX-License-Identifier: MIT */
/*
 * publish: the week for viewers and headends, in a folder of its own.
 *
 *     edition.json            the last edition; edition-N.json those before
 *     epg.xml                 XMLTV
 *     ics/GRADE.ics           a calendar for families
 *     grid/GRADE.html         课程表
 *                             both as CHANNEL-GRADE too where several channels have the grade
 *     list/CHANNEL.html       节目单
 *     eit/TRANSPORT/DATE-schedule.{ts,sec}, DATE-pf.{ts,sec,csv}
 *
 * A run compares with the last edition.  Where nothing has changed, no new one
 * is made, and the documents are written again from the last.  edition.json is
 * written last: a run that was broken off is as if it had not been.
 */
#ifndef SCHEDULER_PUBLISH_H
#define SCHEDULER_PUBLISH_H

#include "playout/zone.h"
#include "scheduler/planner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum publish_format {
    PUBLISH_XMLTV = 1,
    PUBLISH_EIT = 2,
    PUBLISH_ICAL = 4,
    PUBLISH_GRID = 8,
    PUBLISH_LIST = 16,
    PUBLISH_ALL = 31,
};

/* All borrowed. */
struct publish_request {
    const struct station *station;
    const struct planner *planner; /* timetables, library, and what is signed */
    const struct zone *zone;
    int64_t week; /* a Monday: civil days since 1970-01-01 */
    int64_t time; /* of a new edition: seconds since the epoch */
    const char *folder;
    const char *const *channels; /* of documents; count 0: all */
    size_t channel_count;
    const char *const *grades; /* count 0: all */
    size_t grade_count;
    unsigned formats; /* of enum publish_format */
};

struct publish_outcome {
    int edition;
    bool is_new;
    size_t marked;             /* entries that the edition adds, changes, removes */
    size_t documents;          /* files written */
    bool lacks_grades;         /* no lesson names one: there is no document of a grade */
    const char *missing_grade; /* -ENXIO: the one of the request that has no lessons */
    bool *is_kept; /* by station_service_number(): its timetable is no good, it stays as it was
                      published; the caller frees it */
};

/*
 * 0; -ENODATA when no channel of the request has ever had a good timetable, -ENXIO as above,
 * -EBADMSG when edition.json is damaged, -EBUSY while another run is at work in the folder, or
 * another -errno.
 */
int publish(const struct publish_request *request, struct publish_outcome *outcome);

#endif
