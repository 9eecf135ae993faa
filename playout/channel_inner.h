/* SPDX-License-Identifier: MIT */
/*
 * channel_inner: what the parts of a channel share among themselves.
 * Included by channel*.c only; the contract is in channel.h.
 */
#ifndef PLAYOUT_CHANNEL_INNER_H
#define PLAYOUT_CHANNEL_INNER_H

#include "playout/as_run_file.h"
#include "playout/channel.h"
#include "playout/history.h"
#include "playout/media.h"
#include "playout/plan_proof.h"
#include "playout/tape.h"

#include <time.h>

enum {
    OPEN_AHEAD_FRAMES = 20 * FRAMES_PER_SECOND, /* media is opened so far ahead */
    DECIDE_FRAMES = 10 * FRAMES_PER_SECOND,     /* what is missing then is replaced */
    BEHIND_FRAMES = 2 * FRAMES_PER_SECOND,      /* media that was on air then is kept open */
    FILES_MS = 250,                       /* between two looks at the files: every third tick */
    KEEP_FRAMES = 15 * FRAMES_PER_SECOND, /* EIT speaks of the journal of so long ago */
};

/* A revision that was not adopted, and why. */
struct refusal {
    int64_t revision; /* 0: none */
    char *reason;
    int64_t possible_from; /* frame; -1: not as it is */
};

struct channel {
    const struct channel_context *context;
    const struct service *service;
    const struct tape_format *format; /* of its transport */
    size_t number;                    /* in its transport */
    struct media media;
    struct plan_proof proof;
    bool has_time;

    char *folder; /* of its plans */
    char *journal_path;
    char *as_run_folder;
    char *heartbeat_path;
    char *mute_path;

    struct journal journal;
    struct history history;
    struct tape_inputs *inputs;
    struct asset **assets; /* those of the inputs; borrowed from them */
    size_t asset_count;
    bool is_stale; /* the history has changed since the inputs were made */

    struct channel_feed *feeds; /* the first carries the service; NULL: not on air */
    size_t feed_count;
    struct pacer_lane *pace;

    struct timespec folder_changed;
    int64_t files_ms; /* when heartbeat and folder were seen to */
    int64_t looked_ms;
    int64_t warned_ms;   /* of missing media */
    int64_t judged;      /* the highest revision that was adopted or refused for good */
    int64_t waiting;     /* the revision looked at last */
    int64_t retry_frame; /* when to look at it again, when it was late or early */
    struct refusal refused;

    struct as_run as_run;
    struct as_run_file as_run_file;
    bool has_as_run;
    int heartbeat_fd;
    int64_t aired;         /* first frame not sent before this start; -1: unknown */
    int64_t last_frame;    /* of the last tick */
    int64_t slate_from_ms; /* monotonic: the slate for want of the time, since this start */
    int64_t slate_to_ms;   /* 0: there was none, or it is recorded */
    uint64_t last_skipped;
    struct frame_span gap; /* the signal is away since, up to the last tick; empty: it is not */
    int64_t expired_day;   /* when old as-run files were last removed */

    struct alarms alarms;
};

/* The step of the journal with the latest frame. */
const struct tape_step *channel_last_step(const struct channel *channel);

/* The earliest frame from which the tape may still be changed. */
int64_t channel_earliest(const struct channel *channel, const struct moment *now);

/*
 * Writes a journal entry and adds its step; takes over the timeline.  0;
 * -EAGAIN when its frame is rendered already; or -errno.
 */
int channel_commit(struct channel *channel, const struct moment *now,
                   const struct journal_entry *entry, struct timeline *timeline);

/* With which version of EIT schedule `next` must start at `frame`. */
int channel_next_schedule_version(const struct channel *channel, const struct timeline *next,
                                  int64_t frame);

/* Raises an alarm, and logs it when it is new. */
__attribute__((format(printf, 5, 6))) void channel_alarm(struct channel *channel,
                                                         const struct moment *now, int64_t until_ms,
                                                         const char *key, const char *format, ...);
void channel_all_clear(struct channel *channel, const struct moment *now, const char *key);

/* channel_inputs.c: a new snapshot when steps or needed assets have changed, handed over. */
int channel_publish(struct channel *channel, const struct moment *now);

/* A snapshot for judging `next` around `frame`: NULL out of memory. */
struct tape_inputs *channel_trial_inputs(struct channel *channel, const struct timeline *next,
                                         int64_t frame);

/* channel_plan.c: looks for a new revision. */
void channel_look(struct channel *channel, const struct moment *now);
/* The same at once, before going on air. */
void channel_look_first(struct channel *channel, const struct moment *now);

/* channel_media.c: opens what is due, replaces what is missing or damaged. */
void channel_check_media(struct channel *channel, const struct moment *now);
void channel_check_faults(struct channel *channel, const struct moment *now);

/* channel_as_run.c */
void channel_start_as_run(struct channel *channel, const struct moment *now);
void channel_follow_as_run(struct channel *channel, const struct moment *now);
void channel_stop_as_run(struct channel *channel, const struct moment *now); /* after the beat */
void channel_read_heartbeat(struct channel *channel);
void channel_beat(struct channel *channel, const struct moment *now);

#endif
