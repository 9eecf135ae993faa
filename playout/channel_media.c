/* SPDX-License-Identifier: MIT */
/*
 * channel_media: what must be there in time, and what happens when it is not.
 *
 *      T - 20 s         T - 10 s                    T
 *         │ open, hash     │ missing or damaged?      │ event
 *         │                │ then replace: first the  │
 *         ▼                ▼ fillers, then the slate  ▼
 *
 * A replacement is one more entry of the journal.  When it is too late for
 * the start of the event, it begins at the next group of pictures.
 */
#include "playout/channel_inner.h"

#include "playout/adoption.h"
#include "playout/intl.h"
#include "playout/stand_ins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WARN_FRAMES = 2 * 3600 * FRAMES_PER_SECOND, /* missing media is told so far ahead */
    WARN_MS = 10000,                            /* and looked for so often */
    SHORT_FRAMES = 3600 * FRAMES_PER_SECOND,    /* a plan that ends within an hour */
    MORE_FRAMES = 17, /* beyond the longest lead: video lead and reordering, rounded up */
    CUTS = 20,        /* places tried for the end of a faulty item */
};

/* Where a replacement begins. */
struct cut {
    int64_t frame; /* of the journal entry */
    int64_t from;
};

static const struct plan_event *find_event(const struct plan *plan, int64_t seq)
{
    for (size_t i = 0; plan != NULL && i < plan->event_count; i++) {
        if (plan->events[i].seq == seq) {
            return &plan->events[i];
        }
    }
    return NULL;
}

static int64_t longest_lead(const struct channel *channel)
{
    const int ms = channel->service->profile->video.es.max_lead_ms;
    return (ms * FRAMES_PER_SECOND + 999) / 1000;
}

/* May the event be cut after the piece on air just before `from`? */
static bool may_cut(struct channel *channel, const struct timeline *timeline, int64_t from)
{
    char reason[PLAN_PROOF_REASON_SIZE];
    struct piece piece;
    timeline_piece(timeline, from - 1, &piece);
    piece.length = from - piece.start;
    return plan_proof_piece(&channel->proof, &piece, reason) != -EDOM;
}

/* The first frame at which the event may give way: its start, or a GOP of it. */
static bool find_cut(struct channel *channel, const struct moment *now,
                     const struct plan_event *event, struct cut *cut)
{
    const struct timeline *timeline = channel_last_step(channel)->timeline;
    const int64_t end = event->start + event->duration;
    const int lead = channel->service->profile->video.es.lead_frames;
    cut->frame = channel_earliest(channel, now);
    cut->from = event->start;
    if (channel->feeds == NULL || cut->frame + lead < event->start) {
        return true;
    }
    const int64_t after = cut->frame + longest_lead(channel) + MORE_FRAMES - event->start;
    const int64_t gops = after > 0 ? (after + GOP_FRAMES - 1) / GOP_FRAMES : 1;
    for (int64_t i = gops; i < gops + CUTS; i++) {
        cut->from = event->start + i * GOP_FRAMES;
        if (cut->from > end - EVENT_MIN_FRAMES) {
            return false;
        }
        if (may_cut(channel, timeline, cut->from)) {
            return true;
        }
    }
    return false;
}

/* The timeline with `asset` in place of the event from the cut on; NULL when it will not do. */
static struct timeline *try_substitute(struct channel *channel, const struct plan_event *event,
                                       const struct cut *cut, const char *asset)
{
    const struct timeline *old = channel_last_step(channel)->timeline;
    struct asset *opened = NULL;
    char reason[PLAN_PROOF_REASON_SIZE];
    if (asset[0] != '\0' && (shelf_want(channel->context->shelf, asset, &opened) < 0 ||
                             asset_index_of(opened)->header->is_cut_anywhere == 0)) {
        return NULL;
    }
    struct timeline *fresh =
        timeline_substitute(old, event->seq, cut->from, asset, &channel->media.lengths);
    if (fresh == NULL) {
        return NULL;
    }
    bool is_legal = plan_proof_stretch(&channel->proof, fresh, cut->from,
                                       event->start + event->duration, reason) == 0;
    if (is_legal && channel->feeds != NULL) {
        struct tape_inputs *inputs = channel_trial_inputs(channel, fresh, cut->frame);
        is_legal = inputs != NULL && adoption_may_be(channel->format, channel->number, inputs, old,
                                                     fresh, cut->frame);
        tape_inputs_unref(inputs);
    }
    if (!is_legal) {
        timeline_unref(fresh);
        return NULL;
    }
    return fresh;
}

static struct timeline *choose_substitute(struct channel *channel, const struct plan_event *event,
                                          const struct cut *cut, const char *bad,
                                          char chosen[SHA256_HEX_SIZE])
{
    const struct plan *plan = timeline_plan(channel_last_step(channel)->timeline);
    struct timeline *timeline = NULL;
    for (size_t i = 0; i < plan->filler_count && timeline == NULL; i++) {
        memcpy(chosen, plan->fillers[i], SHA256_HEX_SIZE);
        if (strcmp(chosen, bad) != 0) {
            timeline = try_substitute(channel, event, cut, chosen);
        }
    }
    if (timeline == NULL) {
        chosen[0] = '\0';
        timeline = try_substitute(channel, event, cut, "");
    }
    return timeline;
}

static const char *name_of(const struct plan_event *event)
{
    return event->house_number != NULL ? event->house_number
           : event->title != NULL      ? event->title
                                       : event_kind_name(event->kind);
}

static void substitute(struct channel *channel, const struct moment *now,
                       const struct plan_event *event, const char *bad, const char *why)
{
    struct cut cut;
    char key[48];
    struct journal_entry entry = {.kind = JOURNAL_SUBSTITUTE, .seq = event->seq};
    struct timeline *timeline = NULL;
    const int64_t frames_left = event->start + event->duration - now->frame;
    const int64_t until_ms = now->ms + frames_left * 40;
    snprintf(key, sizeof(key), "substituted:%lld", (long long)event->seq);
    if (find_cut(channel, now, event, &cut)) {
        timeline = choose_substitute(channel, event, &cut, bad, entry.asset);
    }
    if (timeline == NULL) {
        channel_alarm(channel, now, until_ms, key,
                      _("%s: %s; it is too late to put something else in its place"),
                      name_of(event), why);
        return;
    }
    entry.frame = cut.frame;
    entry.from = cut.from;
    char *reason = strdup(why);
    entry.reason = reason;
    if (channel_commit(channel, now, &entry, timeline) == 0) {
        channel_alarm(channel, now, until_ms, key,
                      entry.asset[0] == '\0' ? _("%s: %s; the slate is shown instead")
                                             : _("%s: %s; a filler is shown instead"),
                      name_of(event), why);
    }
    free(reason);
}

static const char *fault_text(int error)
{
    return error == -ENOENT    ? _("its media is missing")
           : error == -EBADMSG ? _("its media is damaged")
           : error == -EIO     ? _("its media cannot be read")
                               : strerror(-error);
}

/* True when the event ends with something else than this asset: it is replaced already. */
static bool is_replaced(const struct timeline *timeline, const struct plan_event *event,
                        const char *asset)
{
    struct piece last;
    timeline_piece(timeline, event->start + event->duration - 1, &last);
    return strcmp(last.asset, asset) != 0;
}

/* Judges the asset of one event that is on air or soon will be. */
static void check_event(struct channel *channel, const struct moment *now,
                        const struct plan_event *event)
{
    const struct timeline *timeline = channel_last_step(channel)->timeline;
    const int64_t ahead = event->start - now->frame;
    char reason[PLAN_PROOF_REASON_SIZE];
    struct asset *asset = NULL;
    struct piece piece;
    /* How it ends: a replacement may be on its way while the old one is still on air. */
    timeline_piece(timeline, event->start + event->duration - 1, &piece);
    if (piece.asset[0] == '\0') {
        return;
    }
    const int result = shelf_want(channel->context->shelf, piece.asset, &asset);
    if (result < 0) {
        snprintf(reason, sizeof(reason), "%s", fault_text(result));
        if (result != -EBADMSG && channel->feeds != NULL && ahead > DECIDE_FRAMES) {
            return; /* it may still come */
        }
        substitute(channel, now, event, piece.asset, reason);
    } else if (ahead > 0 && plan_proof_stretch(&channel->proof, timeline, event->start,
                                               event->start + event->duration, reason) == -EDOM) {
        substitute(channel, now, event, piece.asset, reason);
    }
}

static bool is_there(const struct channel *channel, const char *sha256)
{
    static const char *const suffixes[] = {"json", "idx", "mp4"};
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        char *path = asset_path(channel->media.folder, sha256, suffixes[i]);
        const bool is_missing = path != NULL && access(path, R_OK) < 0;
        free(path);
        if (is_missing) {
            return false;
        }
    }
    return true;
}

/* Says early what will be missing. */
static void warn_early(struct channel *channel, const struct moment *now, const struct plan *plan)
{
    const struct plan_event *first = NULL;
    int missing = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_soon =
            event->start + event->duration > now->frame && event->start < now->frame + WARN_FRAMES;
        if (is_soon && event->asset[0] != '\0' && event->start > now->frame &&
            !is_there(channel, event->asset)) {
            first = first == NULL ? event : first;
            missing++;
        }
    }
    if (first == NULL) {
        channel_all_clear(channel, now, "media_missing");
        return;
    }
    char text[ZONE_TEXT_SIZE];
    channel_alarm(channel, now, INT64_MAX, "media_missing",
                  ngettext("the media of %d event of the next two hours is missing; the first is "
                           "%s at %.19s",
                           "the media of %d events of the next two hours is missing; the first is "
                           "%s at %.19s",
                           (unsigned long)missing),
                  missing, name_of(first),
                  zone_frame_text(channel->context->zone, first->start, text));
}

/* What the scheduler had to replace, because its media was not there when it planned. */
static void warn_of_stand_ins(struct channel *channel, const struct moment *now,
                              const struct plan *plan)
{
    const struct stand_ins found = stand_ins_find(plan, now->frame, now->frame + WARN_FRAMES);
    const struct plan_event *first = found.first;
    if (first == NULL) {
        channel_all_clear(channel, now, "stand_in");
        return;
    }
    char text[ZONE_TEXT_SIZE];
    channel_alarm(channel, now, INT64_MAX, "stand_in",
                  ngettext("%d event of the next two hours is a stand-in; the first is for %s at "
                           "%.19s (%s)",
                           "%d events of the next two hours are stand-ins; the first is for %s at "
                           "%.19s (%s)",
                           (unsigned long)found.count),
                  found.count, first->instead_of,
                  zone_frame_text(channel->context->zone, first->start, text),
                  first->reason != NULL ? first->reason : "");
}

static void warn_of_end(struct channel *channel, const struct moment *now, const struct plan *plan)
{
    const struct plan_event *last =
        plan != NULL && plan->event_count > 0 ? &plan->events[plan->event_count - 1] : NULL;
    if (last == NULL) {
        channel_alarm(channel, now, INT64_MAX, "no_plan",
                      _("there is no plan: the slate is shown"));
    } else if (last->start + last->duration <= now->frame) {
        channel_alarm(channel, now, INT64_MAX, "plan_ends",
                      _("the plan has ended: the slate is shown"));
    } else if (last->start + last->duration < now->frame + SHORT_FRAMES) {
        char text[ZONE_TEXT_SIZE];
        channel_alarm(channel, now, INT64_MAX, "plan_ends",
                      _("the plan ends at %.19s, then the slate is shown"),
                      zone_frame_text(channel->context->zone, last->start + last->duration, text));
    } else {
        channel_all_clear(channel, now, "plan_ends");
    }
    if (last != NULL) {
        channel_all_clear(channel, now, "no_plan");
    }
}

void channel_check_media(struct channel *channel, const struct moment *now)
{
    /* A substitution makes a new timeline, with the same plan. */
    struct timeline *timeline = timeline_ref(channel_last_step(channel)->timeline);
    const struct plan *plan = timeline_plan(timeline);
    if (plan != NULL) {
        ptrdiff_t first = plan_find(plan, now->frame);
        if (first < 0 && plan->event_count > 0 && plan->events[0].start > now->frame) {
            first = 0;
        }
        for (size_t i = (size_t)first; first >= 0 && i < plan->event_count; i++) {
            if (plan->events[i].start > now->frame + OPEN_AHEAD_FRAMES) {
                break;
            }
            check_event(channel, now, &plan->events[i]);
        }
        if (now->ms - channel->warned_ms >= WARN_MS) {
            channel->warned_ms = now->ms;
            warn_early(channel, now, plan);
            warn_of_stand_ins(channel, now, plan);
        }
    }
    warn_of_end(channel, now, plan);
    timeline_unref(timeline);
}

void channel_check_faults(struct channel *channel, const struct moment *now)
{
    struct tape_fault fault;
    if (channel->feeds == NULL ||
        !render_lane_fault(channel->feeds[0].lane, channel->number, &fault)) {
        return;
    }
    struct timeline *timeline = timeline_ref(channel_last_step(channel)->timeline);
    const struct plan_event *event = find_event(timeline_plan(timeline), fault.seq);
    log_write(channel->context->log, LOG_LEVEL_ERROR, now->ms,
              "event=media_fault channel=%s seq=%lld asset=%s error=\"%s\"", channel_name(channel),
              (long long)fault.seq, fault.asset, fault_text(fault.error));
    if (event == NULL) {
        channel_alarm(channel, now, now->ms + 60000, "slate_fault",
                      _("the slate cannot be read: %s"), strerror(-fault.error));
    } else if (!is_replaced(timeline, event, fault.asset)) {
        shelf_condemn(channel->context->shelf, fault.asset);
        substitute(channel, now, event, fault.asset, fault_text(fault.error));
    }
    timeline_unref(timeline);
}
