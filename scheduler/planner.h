/* SPDX-License-Identifier: MIT */
/*
 * planner: keeps the plans of a station: reads timetables and library,
 * writes the next revision of a channel's plan when something has changed.
 *
 * The daemon and `ketang plan` work through it alike.  While a revision is
 * made the channel's folder is locked, so that both may run.
 *
 * A timetable that is broken changes nothing: the last good one goes on.
 *
 * Not thread-safe: one thread owns a planner.  Times are arguments.
 */
#ifndef SCHEDULER_PLANNER_H
#define SCHEDULER_PLANNER_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/library.h"
#include "scheduler/order_request.h"
#include "scheduler/order_when.h"
#include "scheduler/signoff.h"
#include "scheduler/timetable.h"

#include <stdbool.h>
#include <stdint.h>

enum { PLANNER_DAYS = 9 };

struct planner;

/* What the engine says of a channel; all zero when it does not answer. */
struct engine_channel {
    bool is_known;
    int64_t revision; /* the last one adopted; 0: none */
    int64_t refused;  /* the last one it would not take; 0: none */
    char reason[256]; /* why */
};

/* What became of a request. */
struct planner_outcome {
    int64_t revision;           /* the latest revision on disk; 0: none */
    bool is_written;            /* it has just been written */
    bool is_planless;           /* nothing was in force for an order to be laid over */
    struct order_answer answer; /* to an order */
};

/*
 * Borrows `station`.  0, -ENOENT when the time zone is unknown, -ENOMEM or
 * another -errno.
 */
int planner_create(const struct station *station, struct planner **planner);
void planner_destroy(struct planner *planner); /* accepts NULL */

/*
 * Reads all timetables (*.yaml of the station's folder), with their
 * additions and calendars.  Each good one replaces the last of its channel;
 * the others are left out.  Problems and warnings are added.  0 or -errno
 * when the folder cannot be read.
 */
int planner_load_timetables(struct planner *planner, struct problems *problems);

/* The same for the files named.  0 or -ENOMEM. */
int planner_load_files(struct planner *planner, const char *const *paths, size_t count,
                       struct problems *problems);

/*
 * Takes over what has been signed.  Where files need approval, before the
 * first one what is planned goes on, and nothing new is.
 */
void planner_take_signoff(struct planner *planner, struct signoff *signoff);

/* False: files need approval, and nobody has said yet what was signed. */
bool planner_knows_signed(const struct planner *planner);

/* Takes what the station's store says, as commands do.  0, or as signoff_open(). */
int planner_open_signoff(struct planner *planner, int64_t now_ms, struct problems *problems);

/*
 * Adds what channels lack: a warning for one that never had a timetable; an error for one that
 * something was planned for and that has none any more, or whose file is gone: what is planned
 * ends some day, and then the slate airs.  Nothing where a file is there and faulty: that has
 * been said as it was read.  One that does not even tell its channel is that of the channel it
 * is named after.
 */
void planner_check_channels(const struct planner *planner, struct problems *problems);

/* Why a channel has no good timetable. */
enum planner_lack {
    PLANNER_LACKS_NOTHING,   /* it has one */
    PLANNER_NEVER_HAD,       /* nothing was ever planned for it */
    PLANNER_LACKS_FILE,      /* something was, and its file is gone */
    PLANNER_LACKS_GOOD_FILE, /* its files are faulty, and it was never read without faults */
};

enum { PLANNER_LACK_SIZE = 1024 };

/* With a sentence for those who can mend it, without a full stop; "" when nothing lacks. */
enum planner_lack planner_lack(const struct planner *planner, const char *channel,
                               char text[PLANNER_LACK_SIZE]);

/*
 * Adds a warning for each calendar beside the timetables that none of those loaded names, and
 * what is wrong with it.  Call it only when all timetables were good: one that could not be read
 * may name it.
 */
void planner_check_calendars(const struct planner *planner, struct problems *problems);

/*
 * Reads the media folder's records, and adds a warning for each file that is damaged.  0 or
 * -errno; then the last ones stay, and an error that names the folder is added, but for -ENOMEM.
 * A folder that is missing or has no records is away (-ENOENT) when the latest plan of a channel
 * airs media; before that nothing was ingested yet.
 */
int planner_read_media(struct planner *planner, struct problems *problems);

/* True when nobody knows what could air: the media folder is away, and was never read. */
bool planner_lacks_library(const struct planner *planner);

const struct library *planner_library(const struct planner *planner);

/* Hands it over to the caller; the planner is only good to be destroyed then. */
struct library *planner_take_library(struct planner *planner);

/* The last good timetable of a channel, or NULL. */
const struct timetable *planner_timetable(const struct planner *planner, const char *channel);

/* The one that holds on a date: that of the day's closing, if it is closed. */
const struct timetable *planner_timetable_on(const struct planner *planner, const char *channel,
                                             int64_t date);

/* Where its periods are told; NULL of both: there is no such channel. */
struct order_periods planner_periods(const struct planner *planner, const char *channel);

/* The closing of a channel's day; NULL: it is open. */
const struct frozen_day *planner_closed_day(const struct planner *planner, const char *channel,
                                            int64_t date);

/* What has been signed; NULL: not known. */
const struct signoff *planner_signoff(const struct planner *planner);

/*
 * Adds the warnings of compile.h and text_warn.h for the station and timetables; none of lessons
 * without media when planner_read_media() failed: it has told of all of them.
 */
void planner_warn(const struct planner *planner, struct problems *problems);

/*
 * Writes a revision if the channel's plan is not what it should be at
 * `now_ms` (since the epoch), `days` days ahead; one that only reaches
 * further is written when less than a day short of that, unless
 * `is_eager`.  Returns 0, -ENODATA when the channel has neither a
 * timetable nor a plan (one that is in force goes on), -EBUSY as
 * planner_order(), or -errno.
 */
int planner_update(struct planner *planner, const struct service *service,
                   const struct engine_channel *engine, int64_t now_ms, int days, bool is_eager,
                   struct planner_outcome *outcome);

/*
 * Gives an order, ends one, or takes it back (order.h), and writes the
 * revision.  0; -ECANCELED when it cannot be, and the answer says why in a
 * sentence; -ENODATA without a timetable; -ENXIO when it is about what is on
 * air and no plan is; or -errno.  Where it `waits`, -EBUSY when the engine
 * would refuse the revision unless it takes over the last one first, which it
 * does at its next look: try again a moment later.
 */
int planner_order(struct planner *planner, const struct service *service,
                  const struct engine_channel *engine, int64_t now_ms,
                  const struct order_request *request, bool waits, struct planner_outcome *outcome);

/*
 * The latest revision, whose amendments are the orders of the last day; the
 * caller destroys it.  0, -ENODATA when there is none, or -errno.
 */
int planner_latest(const struct planner *planner, const struct service *service,
                   struct plan **plan);

/*
 * Notes how long a revision of a channel took: so much earlier the engine is
 * told of the next ones, so that they do not come too late on a busy machine.
 */
void planner_note_planning(struct planner *planner, const struct service *service, int64_t took_ms);

#endif
