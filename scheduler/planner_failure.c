/* SPDX-License-Identifier: MIT */
#include "scheduler/planner_failure.h"

#include "playout/intl.h"
#include "scheduler/text_width.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What mends a folder that cannot be written; NULL: the error is not of the folder. */
static const char *remedy_of(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return _("make room on that disk");
    case EACCES:
    case EPERM:
        return _("let the user that the scheduler runs as write there (chown)");
    case EROFS:
    case EIO:
        return _("that disk takes nothing: see what the system log says of it, and mount it for "
                 "writing");
    default:
        return NULL;
    }
}

const char *planner_failure_text(int result, const struct station *station, const char *channel,
                                 char text[PLANNER_FAILURE_SIZE])
{
    const char *remedy = remedy_of(-result);
    if (remedy != NULL) {
        snprintf(text, PLANNER_FAILURE_SIZE, _("the plan cannot be written in %s/plans/%s: %s; %s"),
                 station->state, channel, strerror(-result), remedy);
    } else if (result == -EAGAIN) {
        snprintf(text, PLANNER_FAILURE_SIZE, "%s",
                 _("what is approved is not known; `ketang store status` says what the store "
                   "lacks"));
    } else if (result == -ENODEV) {
        snprintf(text, PLANNER_FAILURE_SIZE, "%s",
                 _("the media folder is empty or cannot be read, and nobody knows what could air; "
                   "`ketang check` says more"));
    } else if (result == -ENODATA) {
        snprintf(text, PLANNER_FAILURE_SIZE,
                 _("the channel has no good timetable: put one into %s, or mend it; `ketang check` "
                   "says why"),
                 station->timetables);
    } else if (result == -ENXIO) {
        snprintf(text, PLANNER_FAILURE_SIZE, "%s",
                 _("it is being made; give the order again in a few seconds"));
    } else if (result == -ENOMEM) {
        snprintf(text, PLANNER_FAILURE_SIZE, "%s",
                 _("there is no memory left to make the plan; end what else runs on this "
                   "machine"));
    } else {
        snprintf(
            text, PLANNER_FAILURE_SIZE,
            _("the plan cannot be made: %s; `ketang check` may find the mistake, else keep the "
              "scheduler's log for those who maintain it"),
            strerror(-result));
    }
    (void)text_whole(text);
    return text;
}
