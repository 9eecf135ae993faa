/* SPDX-License-Identifier: MIT */
/*
 * daemon: the scheduler at work: watches, compiles, hands plans over.
 *
 * Several times a second it looks whether a timetable or the media folder
 * has changed (for files written in place: some of them at each look), and
 * now and then whether the engine took what it was given.
 * On the control socket STATE/run/scheduler.sock it takes orders, one JSON
 * object a line, and answers with one:
 *
 *     orders of operators                              as order_desk.h says
 *     {"command":"status"}                             "channel":.. narrows not_ready
 *         {"ok":true,"channels":[{"name":..,"revision":N,"timetable":"zhangdian.yaml",
 *          "adopted":N,"refused":..,"plan_trouble":"why there is no new one"}],
 *          "errors":2,"problems":["file:line: ..."],"media_trouble":"","media_room":"",
 *          "store_trouble":"","store_unnoted":"","store_lost":"","station_changed":false,
 *          "not_ready":as ready_desk_tell(),"tomorrow":as ready_desk_lists()}
 *     otherwise {"ok":false,"error":"a sentence"}
 *
 * What happens is logged as key=value lines; the first error of a timetable
 * once for every time it is saved; media that is damaged, or the folder
 * that cannot be read, once, until that changes; then no lesson is told of;
 * lessons that are not ready as ready_desk.h says.
 *
 * Thread: one.
 */
#ifndef SCHEDULER_DAEMON_H
#define SCHEDULER_DAEMON_H

#include "playout/log.h"
#include "playout/station.h"

#include <stdint.h>

struct daemon;

/*
 * Borrows `station` and `log`; `clock_ms` tells the time since the epoch.
 * 0, -EADDRINUSE when another one is running, or -errno.
 */
int daemon_create(const struct station *station, struct log *log, int64_t (*clock_ms)(void),
                  struct daemon **daemon);
void daemon_destroy(struct daemon *daemon); /* accepts NULL */

/* Reads all timetables again, even if they look unchanged. */
void daemon_reload(struct daemon *daemon);

/* Works for about a quarter of a second. */
void daemon_turn(struct daemon *daemon);

#endif
