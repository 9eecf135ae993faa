/* SPDX-License-Identifier: MIT */
/*
 * plan: one revision of what a channel airs, written by the scheduler.
 *
 * STATE/plans/CHANNEL/N.yaml is immutable.  It is a list of events without
 * gaps or overlaps.  Times are frames of 1/25 s since the Unix epoch (UTC);
 * comments repeat them as civil time for the reader.
 *
 *     # Ketang plan: written by the scheduler, never edited.
 *     format: 1
 *     channel: zhangdian
 *     revision: 12
 *     effective: 44155800000        # 2026-11-23 08:00:00.000 +0800
 *     next_seq: 2742                # the first number never used; may be missing
 *     fillers: [<sha256>, ...]      # in order of preference; may be empty
 *     amendments:                   # may be missing: orders of operators, the latest last
 *       - id: 3                     # never repeats on a channel
 *         kind: slate               # the words of the scheduler (order.h); as is `mode`
 *         mode: join
 *         asked: 44155844980        # when it was wanted, or could have been; may be missing
 *         from: 44155845000
 *         until: open               # the frame at which it ends, or open
 *         over: 44155860000         # from here on all is as planned; missing: `until`
 *         length: 7500              # frames; this and the next four may be missing
 *         house_number: ZD-YW-0101  # what it puts on air, by its asset
 *         asset: <sha256>
 *         live: studio-1            # or from a live source
 *         title: 语文 春夏秋冬
 *         undone: true              # it was taken back before it took effect
 *         reason: "..."
 *         author: "..."
 *         end_reason: "..."         # of who ended it, took it back, or its return
 *         end_author: "..."         # missing: nobody has
 *         end_order: 5              # the order that undid it; may be missing, as may the next
 *         covered_by: 5             # the order for which nothing of it airs, or has aired
 *     events:
 *       - seq: 1041                 # never repeats on a channel
 *         start: 44155845000        # 2026-11-23 08:30:00.000 +0800
 *         duration: 30000           # 00:20:00.000
 *         kind: lesson              # lesson repeat filler card ident slate live
 *         live: studio-1            # the live source that it takes; may be missing
 *         fixed: true               # it starts at that time and at no other
 *         programme: 1041           # seq of the first event of the EPG entry it belongs to
 *         house_number: ZD-YW-0101
 *         asset: <sha256>           # missing: the slate of the profile
 *         in_point: 0               # frames; missing: 0
 *         title: 语文 春夏秋冬       # EPG name; missing: not in the EPG
 *         text: 一年级 ...           # EPG text
 *         genre: education          # of the EPG entry; this and the next two may be missing
 *         subtitles: true           # it has them
 *         signed: true              # with sign language
 *         instead_of: ZD-YW-0102    # what should have been here, when it is a stand-in
 *         reason: 缺素材 ...         # why this event is here, or not what it should be
 *         source: zhangdian.yaml:42 # the lines that made it, the cell first
 *         timetable_day: 周二       # when it is another one than that of the date
 *         amendment: 3              # the order that put it here, or moved it
 *
 * Starts and durations are whole steps of the join grid of the channel's
 * profile, counted from the epoch.  A plan does not say which profile that
 * is: plan_proof.h checks it.
 *
 * An event longer than the rest of its asset loops the asset: from in_point
 * to its end, then whole, again and again, the last piece cut; were the last
 * piece shorter than 24 frames, the one before ends early so that it has 24.
 * Only assets that may be cut anywhere loop (asset.h).
 *
 * Ownership: a struct plan owns its strings; channel and fillers are of the
 * heap, all others are shared among its events and never freed singly.
 * Immutable once parsed.
 */
#ifndef PLAYOUT_PLAN_H
#define PLAYOUT_PLAN_H

#include "playout/asset_index.h"
#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_LESSON,
    EVENT_REPEAT,
    EVENT_FILLER,
    EVENT_CARD,
    EVENT_IDENT,
    EVENT_SLATE,
    EVENT_LIVE,
};

struct plan_event {
    int64_t seq;
    int64_t start;
    int64_t duration;
    int64_t in_point;
    int64_t programme;
    enum event_kind kind;
    const char *asset;        /* "": the slate of the profile; plan_append() takes NULL for it */
    const char *house_number; /* this and the following are NULL when missing */
    const char *title;
    const char *text;
    const char *genre; /* a word of the EPG's list of genres */
    const char *instead_of;
    const char *reason;
    const char *source;
    const char *timetable_day;
    const char *live;
    int64_t amendment; /* the last order that put or moved it there; 0: none */
    int64_t item_of;   /* the order that is given for it, whichever moves it; 0: none */
    bool has_subtitles;
    bool is_signed;
    bool is_fixed;
    bool is_for_lesson; /* a lesson's, be it a stand-in; of what is compiled alone: not written */
};

/*
 * Revisions take over at least so far apart: every version_number of EIT
 * present/following is sent before the next (EN 300 468, 5.2.4).
 */
enum { PLAN_APART_FRAMES = FRAMES_PER_SECOND + 1 };

#define AMENDMENT_OPEN INT64_MAX

/*
 * An order of an operator, which the scheduler has laid over the compiled
 * events.  The engine airs the events alone, and tells of orders.
 */
struct plan_amendment {
    int64_t id;
    const char *kind;
    int64_t asked; /* the frame that was wanted; 0: none was, or of a replacement: at once */
    int64_t from;
    int64_t until;       /* AMENDMENT_OPEN: until further notice */
    int64_t over;        /* 0: the same as `until` */
    int64_t length;      /* 0: none */
    int64_t end_order;   /* the order that undid it; 0: none did */
    int64_t covered_by;  /* a later order, for which nothing of it airs; 0: none */
    int64_t aired_from;  /* what earlier revisions have aired of it: from where */
    int64_t aired_until; /* and up to where; 0: nothing */
    const char *mode;    /* this and the following are NULL when missing */
    const char *house_number;
    const char *asset; /* NULL: the slate, or none */
    const char *live;
    const char *title;
    const char *reason;
    const char *author;
    const char *end_reason; /* of who ended it, took it back, or its return; may be NULL alone */
    const char *end_author; /* NULL: nobody has */
    bool is_undone;
};

struct plan {
    char *channel;
    int64_t revision;
    int64_t effective;
    int64_t next_seq; /* all numbers ever used on the channel are below; 0: not said */
    char (*fillers)[SHA256_HEX_SIZE];
    size_t filler_count;
    struct plan_amendment *amendments;
    size_t amendment_count;
    struct plan_event *events;
    size_t event_count;
};

/*
 * Parses a plan and checks all that can be checked without media: fields,
 * gaps, overlaps, lengths, sequence numbers.  Returns 0, -EINVAL with
 * the problems by file and line, or -errno.
 */
int plan_load(const char *path, struct plan **plan, struct problems *problems);

/* The same for `size` bytes in memory; `name` stands for the file in messages. */
int plan_parse(const char *name, const void *bytes, size_t size, struct plan **plan,
               struct problems *problems);

/*
 * Writes PATH by temporary name, fsync and rename; civil times in comments
 * are of `time_zone`.  The same plan gives the same bytes.  0 or -errno.
 */
int plan_save(const char *path, const struct plan *plan, const char *time_zone);

struct plan *plan_create(void);       /* empty; NULL out of memory */
void plan_destroy(struct plan *plan); /* accepts NULL */

/* Appends a copy of `event` (strings duplicated): 0 or -ENOMEM. */
int plan_append(struct plan *plan, const struct plan_event *event);
int plan_append_amendment(struct plan *plan, const struct plan_amendment *amendment);

/* Index of the event on air at `frame`, or -1 when it lies outside the plan. */
ptrdiff_t plan_find(const struct plan *plan, int64_t frame);

/* The order of that number; NULL: none.  The plan may be NULL. */
const struct plan_amendment *plan_find_order(const struct plan *plan, int64_t id);

/* The order that put an event there, or moved it; NULL: none.  Both may be NULL. */
const struct plan_amendment *plan_order(const struct plan *plan, const struct plan_event *event);

/* False for fillers and slate, unless they are fixed or stand in for something. */
bool event_is_programme(const struct plan_event *event);

/*
 * Index of the first event of the next programme: it begins after `frame`, and
 * is no other part of what was on before it.  event_count when there is none.
 */
size_t plan_next_programme(const struct plan *plan, int64_t frame);

/*
 * Where the programme of an event ends: its laps, and the fillers of its slot, counted in; of
 * fillers and slate between slots, where the next programme begins.
 */
int64_t plan_programme_end(const struct plan *plan, size_t index);

/* The highest N of N.yaml in a folder of plans; 0 when there is none, or -errno. */
int64_t plan_latest_revision(const char *folder);

/*
 * Locks a folder of plans: who makes a revision there holds it from what is in force on, and who
 * adopts one for that moment.  The descriptor, which close() unlocks, or -errno; -EWOULDBLOCK where
 * it is locked and the caller does not wait.
 */
int plan_lock_folder(const char *folder, bool waits);

const char *event_kind_name(enum event_kind kind); /* N_(): in files as it is */
int event_kind_parse(const char *name, enum event_kind *kind);

#endif
