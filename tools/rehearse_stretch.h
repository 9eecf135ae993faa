/* SPDX-License-Identifier: MIT */
/*
 * rehearse_stretch: which days are rehearsed, and which lie in a folder.
 *
 * What is wrong is printed, as commands do.
 */
#ifndef TOOLS_REHEARSE_STRETCH_H
#define TOOLS_REHEARSE_STRETCH_H

#include "scheduler/rehearse/rehearse_outcome.h"

/*
 * Of "next", "this", or the week that holds a date; or, when `week` is NULL,
 * of a day.  The channel is left alone.  0 or -EINVAL.
 */
int rehearse_stretch_find(const char *week, const char *day, const struct zone *zone,
                          struct rehearse_stretch *stretch);

/* FOLDER/rehearsal.json says what was rehearsed, for comparing it later.  0 or -EIO. */
int rehearse_stretch_save(const char *folder, const struct rehearse_stretch *stretch,
                          const char *const *faults, size_t count);

/* 0, or -EINVAL when there is no rehearsal.  The channel is left alone. */
int rehearse_stretch_load(const char *folder, struct rehearse_stretch *stretch);

#endif
