/* SPDX-License-Identifier: MIT */
/*
 * planned_clearance: clearance.h from the plans on disk, for the time in which
 * nobody knows what has been signed: whatever was planned had been.
 *
 * Reads the latest revisions back to one that no open break-in covers, so that
 * there is something to return to.
 */
#ifndef SCHEDULER_PLANNED_CLEARANCE_H
#define SCHEDULER_PLANNED_CLEARANCE_H

#include "playout/zone.h"
#include "scheduler/clearance.h"

struct planned_clearance;

/*
 * `folder` is that of a channel's plans, `latest` its latest revision (0:
 * none).  Borrows `zone`.  0 or -ENOMEM; plans that cannot be read are left out.
 */
int planned_clearance_create(const char *folder, int64_t latest, const struct zone *zone,
                             struct planned_clearance **clearance);
void planned_clearance_destroy(struct planned_clearance *clearance); /* accepts NULL */

/* Lives as long as *clearance. */
const struct clearance *planned_clearance_view(const struct planned_clearance *clearance);

#endif
