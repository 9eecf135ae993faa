/* SPDX-License-Identifier: MIT */
/*
 * publish_list: 节目单, all that a channel airs in a week, by time, as HTML.
 */
#ifndef SCHEDULER_PUBLISH_LIST_H
#define SCHEDULER_PUBLISH_LIST_H

#include "scheduler/publish/publish_html.h"

/* 0 or -EIO. */
int publish_list(const struct edition *edition, const struct edition_channel *channel,
                 const struct zone *zone, FILE *out);

#endif
