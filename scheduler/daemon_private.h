/* SPDX-License-Identifier: MIT */
/* daemon_private: what daemon.c and daemon_answer.c share. */
#ifndef SCHEDULER_DAEMON_PRIVATE_H
#define SCHEDULER_DAEMON_PRIVATE_H

#include "playout/control_socket.h"
#include "scheduler/daemon.h"
#include "scheduler/planner.h"
#include "scheduler/ready_desk.h"
#include "scheduler/store_keeper.h"
#include "scheduler/watch.h"

#include <stdbool.h>
#include <stdint.h>

struct channel {
    bool is_dirty;
    int64_t revision;   /* the latest written; 0: not known */
    int64_t written_ms; /* when */
    int64_t retry_ms;   /* not before */
    int64_t backoff_ms;
    int failure; /* of the last planning, -errno; 0: none; not tried again before retry_ms */
    int64_t reported_refusal;
    struct engine_channel engine;
};

struct daemon {
    struct control_handler handler; /* first */
    const struct station *station;
    struct log *log;
    int64_t (*clock_ms)(void);
    struct planner *planner;
    struct keeper *keeper;
    bool has_heard;                    /* of the store: it has been asked */
    char trouble[KEEPER_TROUBLE_SIZE]; /* of the store, as keeper_news has it */
    char unnoted[KEEPER_TROUBLE_SIZE];
    char lost[SIGNOFF_LOST_SIZE]; /* of what is in force, as signoff_lost_text() */
    struct zone *zone;
    struct ready_desk *ready;
    int lock; /* -1: not held */
    struct control_socket *control;
    struct channel *channels; /* as the station's services */
    struct problems problems; /* of the timetables, as last read */
    int64_t begun_ms;         /* when the daemon began, by the clock of then */
    uint64_t station_file;    /* fingerprints */
    bool is_change_logged;    /* the log has it that the station file is another one now */
    uint64_t timetables;
    uint64_t timetables_seen;
    struct watch_folder *media_watch;
    bool has_read_media; /* false: it cannot be read, and is tried again */
    uint64_t media;
    struct problems media_problems; /* as last read; while it is away, with its damage */
    int64_t now_ms;
    int64_t engine_asked_ms;
    int64_t reviewed_ms;
    bool has_news_of_dues; /* when films are wanted may have changed */
    int64_t dues_ms;       /* when it was told last */
    bool has_read;
};

/* Notes a revision that may have been written. */
void daemon_note_outcome(struct daemon *daemon, struct channel *channel, const char *name,
                         const struct planner_outcome *outcome);

/* Why the media folder cannot be read; "": it can. */
const char *daemon_media_trouble(const struct daemon *daemon);

/* Takes what the keeper of the store has heard. */
void daemon_hear_store(struct daemon *daemon);

/* daemon_dues.c: tells the store when films are wanted, if that may have changed. */
void daemon_tell_dues(struct daemon *daemon);

/* How long planning takes is counted: see planner_note_planning(). */
int64_t daemon_start_planning(struct daemon *daemon);
void daemon_end_planning(struct daemon *daemon, const struct service *service, int64_t start_ms);

/* daemon_answer.c: to what is asked over the control socket. */
json_t *daemon_answer(struct control_handler *self, const json_t *request);

#endif
