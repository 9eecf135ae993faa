/* SPDX-License-Identifier: MIT */
/*
 * rehearse_fault: what shall go wrong in a rehearsal, as it is written:
 *
 *     missing:KT-05                          its file never comes
 *     late:KT-05@2026-11-24 10:30            it comes at that time
 *     overrun:linzi@2026-11-24 10:00+15      what airs then goes on 15 minutes longer: an operator
 *                                            extends it a minute before its end
 *     change:FILE@2026-11-25 09:00           FILE takes the place of the timetable of that name
 *     order:linzi@2026-11-24 10:10=JSON      an order, as order_desk.h reads it
 *
 * Times are civil times of the station.
 *
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_FAULT_H
#define SCHEDULER_REHEARSE_REHEARSE_FAULT_H

#include "playout/zone.h"

#include <jansson.h>
#include <stdint.h>

enum rehearse_fault_kind {
    FAULT_MISSING,
    FAULT_LATE,
    FAULT_OVERRUN,
    FAULT_CHANGE,
    FAULT_ORDER,
};

struct rehearse_fault {
    enum rehearse_fault_kind kind;
    const char *text; /* as it was given; borrowed */
    char *what;       /* a house number, a channel or a file */
    int64_t at_s;     /* since the epoch; 0: from the beginning */
    int64_t minutes;  /* overrun */
    json_t *order;
};

enum { REHEARSE_FAULT_TEXT = 320 };

/*
 * Reads a fault.  0; -EINVAL with a sentence in `why` that says what is wrong
 * and what would be right; or -ENOMEM.
 */
int rehearse_fault_parse(const char *text, const struct zone *zone, struct rehearse_fault *fault,
                         char why[REHEARSE_FAULT_TEXT]);
void rehearse_fault_finish(struct rehearse_fault *fault); /* accepts a zeroed one */

#endif
