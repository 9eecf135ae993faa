/* SPDX-License-Identifier: MIT */
#include "playout/cut.h"

#include "playout/proof_inner.h"
#include "playout/window.h"

#include <stdbool.h>

enum {
    CC_MODULO = 16,
    LAST_UNITS = CC_MODULO - 1, /* they settle the counter */
    /* A last end is nearly always found so close to where it was asked for. */
    NEAR_FRAMES = 10 * GOP_FRAMES,
};

static int64_t max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A window whose packets are those needed, without any that settle the counter. */
static struct window open_window(const struct profile *profile, bool is_video,
                                 const struct asset_index *index, int64_t in_point, int64_t frames)
{
    const struct es_profile *es = is_video ? &profile->video.es : &profile->audio.es;
    const int64_t grid = profile->join_grid_frames;
    const int64_t count = frames / grid * es->units_per_grid;
    return (struct window){
        .es = es,
        .aus = (is_video ? index->video : index->audio) + in_point / grid * es->units_per_grid,
        .count = count,
        .extra_from = count,
        .is_video = is_video,
    };
}

static int64_t units_of(const struct profile *profile, const struct es_profile *es, int64_t frames)
{
    return frames / profile->join_grid_frames * es->units_per_grid;
}

static int64_t settling_packets(int64_t packets)
{
    return (CC_MODULO - packets % CC_MODULO) % CC_MODULO;
}

/* When access unit `au` must be finished, for its own sake. */
static int64_t deadline(const struct window *window, int64_t au)
{
    const struct es_profile *es = window->es;
    return window_dts(window, au) * es->packets_per_second - proof_scaled_us(es, es->latency_us) -
           proof_scaled_us(es, TRANSIT_US);
}

/* When everything must be finished: the end of the window of so many frames. */
static int64_t closing(const struct es_profile *es, int64_t frames)
{
    return (frames - es->lead_frames) * TICKS_PER_FRAME * es->packets_per_second -
           proof_scaled_us(es, es->latency_us);
}

/* --- From the in-point on ---------------------------------------------------- */

struct walk {
    struct window window;
    int64_t done;    /* access units served, each with the packets it needs */
    int64_t packets; /* of them */
    int64_t finished;
    int64_t before[CC_MODULO]; /* `finished` before access unit n, at n % 16 */
    int64_t held;              /* sound: bytes of the last whole units, as in proof.c */
};

static struct walk start_walk(const struct profile *profile, bool is_video,
                              const struct asset_index *index, int64_t in_point, int64_t frames)
{
    return (struct walk){.window = open_window(profile, is_video, index, in_point, frames),
                         .finished = INT64_MIN};
}

static int64_t serve(const struct window *window, int64_t au, int64_t finished, int64_t packets)
{
    const int64_t earliest = window_earliest(window, au) * window->es->packets_per_second;
    return max(finished, earliest) + packets * TICKS_PER_SECOND;
}

/* False when the sound buffer overflows as soon as one more unit follows. */
static bool hold(struct walk *walk)
{
    const struct es_profile *es = walk->window.es;
    const int64_t whole = proof_whole_units(es);
    const bool is_full = walk->done >= whole;
    if (is_full && walk->held + proof_bytes_on_their_way(es) > es->buffer_bytes) {
        return false;
    }
    walk->held += window_pes_size(&walk->window, walk->done);
    walk->held -= is_full ? window_pes_size(&walk->window, walk->done - whole) : 0;
    return true;
}

/* Serves up to `count` access units: false when no piece reaches so far. */
static bool walk_to(struct walk *walk, int64_t count)
{
    const struct window *window = &walk->window;
    while (walk->done < count) {
        const int64_t packets = window_au_packets(window, walk->done);
        const int64_t finished = serve(window, walk->done, walk->finished, packets);
        if (finished > deadline(window, walk->done) || (!window->is_video && !hold(walk))) {
            return false;
        }
        walk->before[walk->done % CC_MODULO] = walk->finished;
        walk->finished = finished;
        walk->packets += packets;
        walk->done++;
    }
    return true;
}

/* True when the window may close where the walk stands, after `frames`. */
static bool may_close(const struct walk *walk, int64_t frames)
{
    const struct window *window = &walk->window;
    const int64_t extra = settling_packets(walk->packets);
    int64_t finished = walk->finished;
    if (extra > 0) {
        finished = walk->before[(walk->done - extra) % CC_MODULO];
    }
    for (int64_t au = walk->done - extra; au < walk->done; au++) {
        finished = serve(window, au, finished, window_au_packets(window, au) + 1);
        if (finished > deadline(window, au)) {
            return false;
        }
    }
    return finished <= closing(window->es, frames) &&
           (window->is_video || walk->held <= window->es->buffer_bytes);
}

struct ends {
    const struct profile *profile;
    const struct asset_index *index;
    int64_t in_point;
    struct walk video;
    struct walk audio;
};

static bool start_ends(struct ends *ends, const struct profile *profile,
                       const struct asset_index *index, int64_t in_point)
{
    const int64_t rest = index->header->duration_frames - in_point;
    if (in_point < 0 || in_point % GOP_FRAMES != 0 || rest < EVENT_MIN_FRAMES) {
        return false;
    }
    *ends = (struct ends){.profile = profile,
                          .index = index,
                          .in_point = in_point,
                          .video = start_walk(profile, true, index, in_point, rest),
                          .audio = start_walk(profile, false, index, in_point, rest)};
    return true;
}

static bool ends_reach(struct ends *ends, int64_t frames)
{
    return walk_to(&ends->video, units_of(ends->profile, &ends->profile->video.es, frames)) &&
           walk_to(&ends->audio, units_of(ends->profile, &ends->profile->audio.es, frames));
}

static bool ends_at(const struct ends *ends, int64_t frames)
{
    return asset_index_may_end(ends->index, ends->in_point, frames) &&
           may_close(&ends->video, frames) && may_close(&ends->audio, frames);
}

static int64_t grid_up(const struct profile *profile, int64_t frames)
{
    const int64_t grid = profile->join_grid_frames;
    return (frames + grid - 1) / grid * grid;
}

int64_t cut_first_end(const struct profile *profile, const struct asset_index *index,
                      int64_t in_point, int64_t least)
{
    struct ends ends;
    if (!start_ends(&ends, profile, index, in_point)) {
        return -1;
    }
    const int64_t rest = index->header->duration_frames - in_point;
    for (int64_t frames = grid_up(profile, max(least, EVENT_MIN_FRAMES)); frames <= rest;
         frames += profile->join_grid_frames) {
        if (!ends_reach(&ends, frames)) {
            return -1;
        }
        if (ends_at(&ends, frames)) {
            return frames;
        }
    }
    return -1;
}

/* The last end in [least, most], or -1. */
static int64_t last_end_within(struct ends *ends, int64_t least, int64_t most)
{
    int64_t found = -1;
    for (int64_t frames = grid_up(ends->profile, least); frames <= most && ends_reach(ends, frames);
         frames += ends->profile->join_grid_frames) {
        found = ends_at(ends, frames) ? frames : found;
    }
    return found;
}

int64_t cut_last_end(const struct profile *profile, const struct asset_index *index,
                     int64_t in_point, int64_t most)
{
    struct ends ends;
    int64_t found = -1;
    const int64_t reach = min(most, index->header->duration_frames - in_point);
    if (start_ends(&ends, profile, index, in_point) && reach - NEAR_FRAMES > EVENT_MIN_FRAMES) {
        found = last_end_within(&ends, reach - NEAR_FRAMES, reach);
    }
    if (found < 0 && start_ends(&ends, profile, index, in_point)) {
        found = last_end_within(&ends, EVENT_MIN_FRAMES, reach);
    }
    return found;
}

/* --- From the end back ------------------------------------------------------- */

/* Times count from the start of the asset, whatever the in-point. */
struct retreat {
    struct window window; /* from the start of the asset to the end of the piece */
    int64_t at;           /* the units from here on have been seen */
    int64_t packets;      /* of them */
    int64_t body_from;    /* where the last 15 begin */
    /* For each number of packets that settle the counter: when the service of
     * the last 15 must begin at the latest; INT64_MIN: they cannot be in time. */
    int64_t tail_begins[CC_MODULO];
    int64_t body_begins; /* when that of unit `at` must, for those before the last 15 */
    int64_t body_time;   /* that the packets of [at, body_from) take */
    int64_t body_asks;   /* the tail begins no earlier than this, for any unit of the body */
    int64_t held;        /* sound: bytes of the whole units from `at` on */
};

static int64_t send_time(const struct window *window, int64_t au)
{
    return window_au_packets(window, au) * TICKS_PER_SECOND;
}

/* max_lead before its DTS; the opening of the window is not known yet. */
static int64_t may_begin(const struct window *window, int64_t au)
{
    return (window_dts(window, au) - (int64_t)window->es->max_lead_ms * TICKS_PER_MS) *
           window->es->packets_per_second;
}

static int64_t begin_of_tail(const struct window *window, int64_t closes, int64_t extra)
{
    int64_t begins = closes;
    for (int64_t au = window->count - 1; au >= window->count - LAST_UNITS; au--) {
        begins = min(begins, deadline(window, au)) - send_time(window, au);
        begins -= au >= window->count - extra ? TICKS_PER_SECOND : 0;
        if (may_begin(window, au) > begins) {
            return INT64_MIN;
        }
    }
    return begins;
}

/* The end is at least EVENT_MIN_FRAMES, and so at least 15 units, from the start. */
static struct retreat start_retreat(const struct profile *profile, bool is_video,
                                    const struct asset_index *index, int64_t end)
{
    struct retreat retreat = {.window = open_window(profile, is_video, index, 0, end)};
    const struct window *window = &retreat.window;
    retreat.at = window->count;
    retreat.body_from = window->count - LAST_UNITS;
    retreat.body_begins = INT64_MAX / 2;
    retreat.body_asks = INT64_MIN;
    for (int64_t extra = 0; extra < CC_MODULO; extra++) {
        retreat.tail_begins[extra] = begin_of_tail(window, closing(window->es, end), extra);
    }
    return retreat;
}

/* False when a piece that has unit `at` overflows the sound buffer. */
static bool hold_back(struct retreat *retreat)
{
    const struct window *window = &retreat->window;
    const int64_t next = retreat->at + proof_whole_units(window->es);
    const bool has_next = next < window->count;
    retreat->held += window_pes_size(window, retreat->at);
    retreat->held -= has_next ? window_pes_size(window, next) : 0;
    return retreat->held + (has_next ? proof_bytes_on_their_way(window->es) : 0) <=
           window->es->buffer_bytes;
}

/* Sees the units from `first` on: false when no piece begins so early. */
static bool retreat_to(struct retreat *retreat, int64_t first)
{
    const struct window *window = &retreat->window;
    while (retreat->at > first) {
        const int64_t au = --retreat->at;
        retreat->packets += window_au_packets(window, au);
        if (!window->is_video && !hold_back(retreat)) {
            return false;
        }
        if (au >= retreat->body_from) {
            continue;
        }
        retreat->body_begins = min(retreat->body_begins, deadline(window, au));
        retreat->body_begins -= send_time(window, au);
        retreat->body_time += send_time(window, au);
        retreat->body_asks = max(retreat->body_asks, may_begin(window, au) + retreat->body_time);
        if (may_begin(window, au) > retreat->body_begins) {
            return false;
        }
    }
    return true;
}

/* True when the window may open for a piece that begins where the retreat stands. */
static bool may_open(const struct retreat *retreat, int64_t in_point)
{
    const struct es_profile *es = retreat->window.es;
    const int64_t opens = (in_point - es->lead_frames) * TICKS_PER_FRAME * es->packets_per_second;
    const int64_t tail_begins = retreat->tail_begins[settling_packets(retreat->packets)];
    return opens <= retreat->body_begins &&
           max(opens + retreat->body_time, retreat->body_asks) <= tail_begins;
}

int64_t cut_first_entry(const struct profile *profile, const struct asset_index *index,
                        int64_t least, int64_t end)
{
    int64_t found = -1;
    if (end > index->header->duration_frames || end < EVENT_MIN_FRAMES ||
        !profile_is_on_grid(profile, end) || !asset_index_may_end(index, 0, end)) {
        return -1;
    }
    struct retreat video = start_retreat(profile, true, index, end);
    struct retreat audio = start_retreat(profile, false, index, end);
    const int64_t last = (end - EVENT_MIN_FRAMES) / GOP_FRAMES * GOP_FRAMES;
    for (int64_t in_point = last; in_point >= max(least, 0); in_point -= GOP_FRAMES) {
        if (!retreat_to(&video, units_of(profile, video.window.es, in_point)) ||
            !retreat_to(&audio, units_of(profile, audio.window.es, in_point))) {
            break;
        }
        if (may_open(&video, in_point) && may_open(&audio, in_point)) {
            found = in_point;
        }
    }
    return found;
}
