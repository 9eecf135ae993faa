/* SPDX-License-Identifier: MIT */
/*
 * import_trial: whether the station would take a timetable that is about to
 * replace one of its own.  The scheduler goes on by the last good list of a
 * channel, so a broken file would do no harm at once; but nobody at the desk
 * wants one in the place of a good one.
 */
#ifndef TOOLS_IMPORT_TRIAL_H
#define TOOLS_IMPORT_TRIAL_H

#include "playout/problems.h"

struct import_trial {
    const char *station; /* its file */
    const char *channel; /* NULL: that of the file which is there */
    const char *path;    /* the file that is there */
    const char *name;    /* of the new text, as problems say it */
};

/*
 * Reads `text` in the place of the file, together with the other files of its
 * channel.  0, and what is wrong is added to *problems: nothing where the file
 * is none of the station's, or where the others cannot be read anyway; or
 * -ENOMEM.
 */
int import_trial(const struct import_trial *trial, const char *text, struct problems *problems);

#endif
