/* SPDX-License-Identifier: MIT */
/*
 * publish_xmltv: an edition as XMLTV, for headends and players.
 *
 * A channel is NAME.ketang for ever, whatever numbers the network gives it.
 * A first run has premiere, a repeat previously-shown with the start of its
 * first run.  That only the repeat is signed stands in desc and keyword of the
 * first run.  Elements come in the order of the DTD.
 *
 * Reference: xmltv.dtd of the XMLTV project (github.com/XMLTV/xmltv).
 */
#ifndef SCHEDULER_PUBLISH_XMLTV_H
#define SCHEDULER_PUBLISH_XMLTV_H

#include "playout/zone.h"
#include "scheduler/publish/publish_choice.h"

#include <stdio.h>

/* Times get the offset of the zone.  0, -EIO or -ENOMEM. */
int publish_xmltv(const struct edition *edition, const struct publish_choice *choice,
                  const struct zone *zone, FILE *out);

#endif
