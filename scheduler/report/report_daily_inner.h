/* SPDX-License-Identifier: MIT */
/* report_daily_inner: what report_daily*.c share. */
#ifndef SCHEDULER_REPORT_REPORT_DAILY_INNER_H
#define SCHEDULER_REPORT_REPORT_DAILY_INNER_H

#include "scheduler/report/report_daily.h"

/* True when the channel's record tells of the whole day. */
static inline bool channel_day_is_over(const struct channel_day *channel)
{
    return channel->until >= channel->day.to;
}

/*
 * The seal of a channel's record, or why there is none; what is wrong with the record; which
 * incidents nobody has explained.
 */
void report_daily_notes(struct report_document *document, const struct report_source *source,
                        const struct channel_day *channel);

#endif
