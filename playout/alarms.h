/* SPDX-License-Identifier: MIT */
/*
 * alarms: what is wrong right now, for status.
 *
 * An alarm has a key, which never changes and is never translated, and a
 * sentence for people.  It stands until it is cleared.
 * Thread: one.
 */
#ifndef PLAYOUT_ALARMS_H
#define PLAYOUT_ALARMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct alarm {
    char *key;
    char *text;
    int64_t since_ms;
    int64_t until_ms; /* cleared by alarms_expire() then; INT64_MAX: never */
};

struct alarms {
    struct alarm *items;
    size_t count;
};

void alarms_finish(struct alarms *alarms); /* accepts a zeroed one */

/*
 * Raises an alarm, or gives a standing one a new sentence and end.  True when
 * something changed that is worth a log line.  Out of memory it is lost.
 */
bool alarms_raise(struct alarms *alarms, const char *key, int64_t now_ms, int64_t until_ms,
                  const char *text);

/* True when it stood. */
bool alarms_clear(struct alarms *alarms, const char *key);
void alarms_expire(struct alarms *alarms, int64_t now_ms);

#endif
