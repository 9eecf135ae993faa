/* SPDX-License-Identifier: MIT */
/*
 * publish_choice: what of an edition a document is about.
 */
#ifndef SCHEDULER_PUBLISH_CHOICE_H
#define SCHEDULER_PUBLISH_CHOICE_H

#include "scheduler/publish/publish_edition.h"

/* All borrowed. */
struct publish_choice {
    const char *const *channels; /* names; count 0: all */
    size_t channel_count;
    const char *grade; /* its lessons, and those for everyone; NULL: all */
};

bool publish_choice_has_channel(const struct publish_choice *choice,
                                const struct edition_channel *channel);

/* A lesson for everyone, or for nobody in particular, is of every grade. */
bool publish_choice_has_entry(const struct publish_choice *choice, const struct epg_entry *entry);

/* "全体", or nothing. */
bool publish_is_for_everyone(const char *grade);

/*
 * Whether the day was told already by a channel before number `channel`: the
 * channels of a city mostly have the same holidays.
 */
bool publish_choice_day_is_known(const struct publish_choice *choice, const struct edition *edition,
                                 size_t channel, const struct epg_entry *day);

/*
 * The grades of all chosen channels, in the order in which schools count them:
 * the caller frees the array, the names are the edition's.  0 or -ENOMEM.
 */
int publish_grades(const struct edition *edition, const struct publish_choice *choice,
                   const char ***grades, size_t *count);

#endif
