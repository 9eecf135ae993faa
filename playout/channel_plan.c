/* SPDX-License-Identifier: MIT */
/*
 * channel_plan: which plan revision holds.
 *
 * A revision is judged once, completely: it parses, every piece on a known
 * asset is legal, and there is a frame from which it may take over.  One that
 * comes too late for what it changes is kept in mind and taken up as soon as
 * that is possible; a newer one takes its place.
 */
#include "playout/channel_inner.h"

#include "playout/adoption.h"
#include "playout/intl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SEARCH_FRAMES = 10 * FRAMES_PER_SECOND, /* how far beyond the earliest frame to look */
    RETRY_FRAMES = 2 * FRAMES_PER_SECOND,   /* after a full disk, say */
    LATE_FRAMES = 60 * FRAMES_PER_SECOND,   /* when it cannot be foreseen what is possible */
    RESCAN_MS = 1000, /* a folder's time stamp may hide what came in the same instant */
    LOOK_FRAMES = (FILES_MS * FRAMES_PER_SECOND + 999) / 1000 + 2, /* from one look to the next */
};

/* A revision that is being judged. */
struct candidate {
    int64_t revision;
    char *path;
    struct timeline *timeline;
    int64_t effective;
};

static void frame_text(const struct channel *channel, int64_t frame, char text[ZONE_TEXT_SIZE])
{
    (void)zone_frame_text(channel->context->zone, frame, text);
}

__attribute__((format(printf, 5, 6))) static void refuse(struct channel *channel,
                                                         const struct moment *now, int64_t revision,
                                                         int64_t possible_from, const char *format,
                                                         ...)
{
    char *reason = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&reason, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    free(channel->refused.reason);
    channel->refused =
        (struct refusal){.revision = revision, .reason = reason, .possible_from = possible_from};
    channel_alarm(channel, now, INT64_MAX, "plan_refused",
                  _("plan revision %lld is refused, the old one stays: %s"), (long long)revision,
                  reason);
}

static void forget_refusal(struct channel *channel, const struct moment *now)
{
    free(channel->refused.reason);
    channel->refused = (struct refusal){0};
    channel_all_clear(channel, now, "plan_refused");
}

static const char *first_error(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].severity == PROBLEM_ERROR) {
            return problems->items[i].text;
        }
    }
    return _("it cannot be read");
}

static void log_problems(struct channel *channel, const struct moment *now,
                         const struct problems *problems)
{
    enum { MOST = 20 };
    for (size_t i = 0; i < problems->count && i < MOST; i++) {
        const struct problem *problem = &problems->items[i];
        log_write(channel->context->log, LOG_LEVEL_WARNING, now->ms,
                  "event=plan_problem channel=%s file=%s line=%d text=\"%s\"",
                  channel_name(channel), problem->file, problem->line,
                  log_quote(problem->text).text);
    }
}

static int load_plan(struct channel *channel, struct candidate *candidate,
                     struct problems *problems)
{
    struct plan *plan = NULL;
    const int result = plan_load(candidate->path, &plan, problems);
    if (result < 0) {
        return result;
    }
    if (strcmp(plan->channel, channel_name(channel)) != 0 ||
        plan->revision != candidate->revision) {
        problems_add(problems, PROBLEM_ERROR, candidate->path, 0, 0,
                     _("it says channel '%s', revision %lld, which is not its place"),
                     plan->channel, (long long)plan->revision);
        plan_destroy(plan);
        return -EINVAL;
    }
    candidate->effective = plan->effective;
    candidate->timeline = timeline_create(plan, &channel->media.lengths);
    return candidate->timeline != NULL ? 0 : -ENOMEM;
}

/* A substitution holds on while its event is on air, or about to be. */
static bool holds_on(const struct channel *channel, const struct timeline *timeline,
                     const struct journal_entry *entry, int64_t frame)
{
    const struct plan *plan = timeline_plan(timeline);
    const int64_t soon = frame + channel->service->profile->video.es.lead_frames;
    const ptrdiff_t i = plan_find(plan, entry->from > frame ? entry->from : frame);
    return entry->kind == JOURNAL_SUBSTITUTE && i >= 0 && plan->events[i].seq == entry->seq &&
           entry->from <= soon;
}

static size_t last_adoption(const struct journal *journal)
{
    size_t i = journal->count;
    while (i > 0 && journal->entries[i - 1].kind != JOURNAL_ADOPT) {
        i--;
    }
    return i;
}

/* Takes the substitutions that hold on over into the new timeline: 0 or -ENOMEM. */
static int carry_over(struct channel *channel, struct timeline **timeline, int64_t frame)
{
    for (size_t i = last_adoption(&channel->journal); i < channel->journal.count; i++) {
        const struct journal_entry *entry = &channel->journal.entries[i];
        if (!holds_on(channel, *timeline, entry, frame)) {
            continue;
        }
        struct timeline *fresh = timeline_substitute(*timeline, entry->seq, entry->from,
                                                     entry->asset, &channel->media.lengths);
        if (fresh == NULL) {
            return -ENOMEM;
        }
        timeline_unref(*timeline);
        *timeline = fresh;
    }
    return 0;
}

/* Writes the substitutions that were taken over down again, for the new revision. */
static void journal_carried(struct channel *channel, const struct moment *now, size_t first,
                            size_t end, int64_t frame)
{
    for (size_t i = first; i < end; i++) {
        struct journal_entry entry = channel->journal.entries[i];
        const struct timeline *timeline = channel_last_step(channel)->timeline;
        if (!holds_on(channel, timeline, &entry, frame)) {
            continue;
        }
        entry.frame = frame;
        struct timeline *same = timeline_substitute(timeline, entry.seq, entry.from, entry.asset,
                                                    &channel->media.lengths);
        entry.reason = entry.reason != NULL ? strdup(entry.reason) : NULL;
        if (same != NULL) {
            (void)channel_commit(channel, now, &entry, same);
        }
        free(entry.reason);
    }
}

static void commit(struct channel *channel, const struct moment *now, struct candidate *candidate,
                   int64_t frame)
{
    const size_t first = last_adoption(&channel->journal);
    const size_t end = channel->journal.count;
    const struct journal_entry entry = {
        .kind = JOURNAL_ADOPT,
        .frame = frame,
        .revision = candidate->revision,
        .eit_version = tape_next_eit_version(channel->format, channel_last_step(channel),
                                             candidate->timeline, frame),
        .schedule_version = channel_next_schedule_version(channel, candidate->timeline, frame),
    };
    char text[ZONE_TEXT_SIZE];
    struct timeline *timeline = candidate->timeline;
    candidate->timeline = NULL;
    if (channel_commit(channel, now, &entry, timeline) < 0) {
        channel->retry_frame = now->frame + RETRY_FRAMES;
        return;
    }
    journal_carried(channel, now, first, end, frame);
    channel->judged = candidate->revision;
    forget_refusal(channel, now);
    frame_text(channel, frame, text);
    log_write(channel->context->log, LOG_LEVEL_INFO, now->ms,
              "event=adopt channel=%s revision=%lld frame=%lld time=\"%s\"", channel_name(channel),
              (long long)candidate->revision, (long long)frame, text);
}

/* True when the next look is early enough for what it changes. */
static bool may_wait(const struct channel *channel, const struct moment *now,
                     const struct candidate *candidate)
{
    return channel_earliest(channel, now) + LOOK_FRAMES <= candidate->effective;
}

/*
 * Not while the next revision is made, which counts on what is in force: it would be too late for
 * that one; nor when there is one already.  But nobody who plans for long holds up what is planned.
 */
static void adopt(struct channel *channel, const struct moment *now, struct candidate *candidate,
                  int64_t frame)
{
    const bool is_on_air = channel->feeds != NULL;
    const int lock = plan_lock_folder(channel->folder, false);
    const bool is_being_replaced = lock == -EWOULDBLOCK && may_wait(channel, now, candidate);
    const bool is_replaced = plan_latest_revision(channel->folder) > candidate->revision;
    if (is_on_air && (is_being_replaced || is_replaced)) {
        channel->retry_frame = now->frame; /* at the next look */
        channel->folder_changed = (struct timespec){0};
    } else {
        commit(channel, now, candidate, frame);
    }
    if (lock >= 0) {
        close(lock);
    }
}

/* Comes too late for what it changes: says so, and when to look again. */
static void postpone(struct channel *channel, const struct moment *now,
                     const struct candidate *candidate, int64_t earliest)
{
    const struct timeline *old = channel_last_step(channel)->timeline;
    const int64_t possible = adoption_possible_from(channel->format, channel->number, old,
                                                    candidate->timeline, earliest);
    const int64_t soon = now->frame + SEARCH_FRAMES / 2;
    const int64_t then = possible - (earliest - now->frame) - SEARCH_FRAMES / 2;
    channel->retry_frame = possible < 0 ? now->frame + LATE_FRAMES : then > soon ? then : soon;
    if (possible < 0) {
        refuse(channel, now, candidate->revision, possible, "%s",
               _("it would change what is on air already"));
        return;
    }
    char text[ZONE_TEXT_SIZE];
    frame_text(channel, possible, text);
    refuse(channel, now, candidate->revision, possible,
           _("it would change what is on air already; it can take over at %s"), text);
}

/* How to take over: adopts, waits or postpones. */
static void take_over(struct channel *channel, const struct moment *now,
                      struct candidate *candidate)
{
    int64_t earliest = channel_earliest(channel, now);
    const int64_t said = channel_last_step(channel)->version_frame + PLAN_APART_FRAMES;
    earliest = said > earliest ? said : earliest;
    if (candidate->effective > earliest + SEARCH_FRAMES) {
        channel->retry_frame = candidate->effective - SEARCH_FRAMES;
        return;
    }
    earliest = candidate->effective > earliest ? candidate->effective : earliest;
    struct timeline *trial = timeline_ref(candidate->timeline);
    if (carry_over(channel, &trial, earliest) < 0) {
        channel->retry_frame = now->frame + RETRY_FRAMES;
        timeline_unref(trial);
        return;
    }
    int64_t frame = -1;
    struct tape_inputs *inputs = channel_trial_inputs(channel, trial, earliest);
    if (inputs != NULL) {
        frame = adoption_find(channel->format, channel->number, inputs,
                              channel_last_step(channel)->timeline, trial, earliest, SEARCH_FRAMES);
    }
    tape_inputs_unref(inputs);
    timeline_unref(trial);
    if (frame < 0 && channel->feeds == NULL) {
        frame = channel_earliest(channel, now); /* nothing is on air that it could disturb */
    }
    if (frame >= 0) {
        adopt(channel, now, candidate, frame);
    } else {
        postpone(channel, now, candidate, earliest);
    }
}

static void judge(struct channel *channel, const struct moment *now, int64_t revision)
{
    struct candidate candidate = {.revision = revision};
    struct problems problems;
    problems_init(&problems);
    if (asprintf(&candidate.path, "%s/%lld.yaml", channel->folder, (long long)revision) < 0) {
        return;
    }
    channel->retry_frame = INT64_MAX;
    int result = load_plan(channel, &candidate, &problems);
    if (result == 0) {
        result = plan_proof_check(&channel->proof, candidate.timeline, now->frame, candidate.path,
                                  &problems);
    }
    if (result == 0) {
        take_over(channel, now, &candidate);
    } else {
        log_problems(channel, now, &problems);
        refuse(channel, now, revision, -1, "%s", first_error(&problems));
        channel->judged = revision;
    }
    timeline_unref(candidate.timeline);
    free(candidate.path);
    problems_finish(&problems);
}

static bool has_folder_changed(struct channel *channel, const struct moment *now)
{
    struct stat status;
    if (stat(channel->folder, &status) < 0) {
        return false;
    }
    const bool has_changed = status.st_mtim.tv_sec != channel->folder_changed.tv_sec ||
                             status.st_mtim.tv_nsec != channel->folder_changed.tv_nsec;
    channel->folder_changed = status.st_mtim;
    return has_changed || now->ms - channel->looked_ms >= RESCAN_MS;
}

void channel_look(struct channel *channel, const struct moment *now)
{
    if (!has_folder_changed(channel, now)) {
        return;
    }
    channel->looked_ms = now->ms;
    const int64_t latest = plan_latest_revision(channel->folder);
    const bool is_new = latest != channel->waiting;
    if (latest > channel->judged && (is_new || now->frame >= channel->retry_frame)) {
        channel->waiting = latest;
        judge(channel, now, latest);
    }
}

void channel_look_first(struct channel *channel, const struct moment *now)
{
    const int64_t latest = plan_latest_revision(channel->folder);
    channel->looked_ms = now->ms;
    if (latest > channel->judged) {
        channel->waiting = latest;
        judge(channel, now, latest);
    }
}
