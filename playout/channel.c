/* SPDX-License-Identifier: MIT */
#include "playout/channel_inner.h"

#include "playout/adoption.h"
#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/pacing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *channel_name(const struct channel *channel)
{
    return channel->service->name;
}

const struct service *channel_service(const struct channel *channel)
{
    return channel->service;
}

struct tape_inputs *channel_inputs(struct channel *channel)
{
    return channel->inputs;
}

const struct tape_step *channel_last_step(const struct channel *channel)
{
    return &channel->history.steps[channel->history.count - 1];
}

void channel_alarm(struct channel *channel, const struct moment *now, int64_t until_ms,
                   const char *key, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    if (alarms_raise(&channel->alarms, key, now->ms, until_ms, text)) {
        log_write(channel->context->log, LOG_LEVEL_WARNING, now->ms,
                  "event=alarm channel=%s alarm=%s text=\"%s\"", channel_name(channel), key,
                  log_quote(text).text);
    }
    free(text);
}

void channel_all_clear(struct channel *channel, const struct moment *now, const char *key)
{
    if (alarms_clear(&channel->alarms, key)) {
        log_write(channel->context->log, LOG_LEVEL_INFO, now->ms,
                  "event=all_clear channel=%s alarm=%s", channel_name(channel), key);
    }
}

int channel_next_schedule_version(const struct channel *channel, const struct timeline *next,
                                  int64_t frame)
{
    /* What came after the last schedule was decided has not been on air yet. */
    const int64_t decided = tape_guide_frame(channel->format, frame - 1);
    size_t i = channel->history.count - 1;
    while (i > 0 && channel->history.steps[i].frame > decided) {
        i--;
    }
    return tape_next_schedule_version(channel->format, &channel->history.steps[i], next, frame);
}

static char *run_path(const struct station *station, const char *what, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/run/%s-%s", station->state, what, name) < 0 ? NULL : path;
}

static int make_paths(struct channel *channel)
{
    const struct station *station = channel->context->station;
    const char *name = channel_name(channel);
    channel->folder = station_state_path(station, "plans", name);
    channel->as_run_folder = station_state_path(station, "asrun", name);
    channel->heartbeat_path = run_path(station, "onair", name);
    channel->mute_path = run_path(station, "mute", name);
    if (channel->folder == NULL ||
        asprintf(&channel->journal_path, "%s/journal", channel->folder) < 0) {
        channel->journal_path = NULL;
    }
    return channel->folder != NULL && channel->as_run_folder != NULL &&
                   channel->heartbeat_path != NULL && channel->mute_path != NULL &&
                   channel->journal_path != NULL
               ? 0
               : -ENOMEM;
}

static int make_folder(const char *path, struct problems *problems)
{
    const int result = durable_make_folder(path);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("the folder cannot be made: %s"),
                     strerror(-result));
    }
    return result < 0 ? -EINVAL : 0;
}

int channel_create(const struct channel_context *context, const struct tape_format *format,
                   size_t service, struct channel **channel, struct problems *problems)
{
    struct channel *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->context = context;
    fresh->service = &tape_transport(format)->services[service];
    fresh->format = format;
    fresh->number = service;
    fresh->heartbeat_fd = -1;
    fresh->aired = -1;
    int result = make_paths(fresh);
    if (result == 0) {
        result = make_folder(fresh->folder, problems);
    }
    if (result == 0) {
        result = make_folder(fresh->as_run_folder, problems);
    }
    if (result < 0) {
        channel_destroy(fresh);
        return result;
    }
    const struct asset_index_header *header = asset_index_of(tape_slate(format, service))->header;
    media_init(&fresh->media, context->station->media, header->duration_frames);
    plan_proof_init(&fresh->proof, context->station->media, fresh->service->profile, header);
    as_run_file_init(&fresh->as_run_file, fresh->as_run_folder, context->zone);
    *channel = fresh;
    return 0;
}

void channel_destroy(struct channel *channel)
{
    if (channel == NULL) {
        return;
    }
    as_run_finish(&channel->as_run);
    alarms_finish(&channel->alarms);
    tape_inputs_unref(channel->inputs);
    history_finish(&channel->history);
    journal_finish(&channel->journal);
    if (channel->heartbeat_fd >= 0) {
        close(channel->heartbeat_fd);
    }
    free(channel->refused.reason);
    free(channel->feeds);
    free(channel->assets);
    free(channel->folder);
    free(channel->journal_path);
    free(channel->as_run_folder);
    free(channel->heartbeat_path);
    free(channel->mute_path);
    free(channel);
}

/* The first frame of which no lane has rendered anything. */
static int64_t rendered_frame(const struct channel *channel)
{
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < channel->feed_count; i++) {
        const int64_t frame = render_lane_frame(channel->feeds[i].lane);
        latest = frame > latest ? frame : latest;
    }
    return latest;
}

static void fence(struct channel *channel, int64_t frame)
{
    for (size_t i = 0; i < channel->feed_count; i++) {
        render_lane_fence(channel->feeds[i].lane, frame);
    }
}

/* False when a lane has passed it. */
static bool lift_fence(struct channel *channel)
{
    bool has_held = true;
    for (size_t i = 0; i < channel->feed_count; i++) {
        has_held = render_lane_lift(channel->feeds[i].lane) && has_held;
    }
    return has_held;
}

int64_t channel_earliest(const struct channel *channel, const struct moment *now)
{
    const int64_t guard_ns = (int64_t)channel->context->station->guard_ms * NS_PER_MS;
    const int64_t last = channel_last_step(channel)->frame;
    int64_t earliest = now->frame + 1;
    if (channel->feeds != NULL) {
        const int64_t rendered = rendered_frame(channel);
        earliest = frame_from_ns(now->utc_ns + guard_ns);
        earliest = rendered > earliest ? rendered : earliest;
    }
    return last > earliest ? last : earliest;
}

int channel_commit(struct channel *channel, const struct moment *now,
                   const struct journal_entry *entry, struct timeline *timeline)
{
    const struct tape_step *last = channel_last_step(channel);
    const bool is_plan = entry->kind == JOURNAL_ADOPT;
    const struct tape_step step = {
        .frame = entry->frame,
        .version_frame = is_plan ? entry->frame : last->version_frame,
        .eit_version = is_plan ? entry->eit_version : last->eit_version,
        .schedule_version = is_plan ? entry->schedule_version : last->schedule_version,
        .timeline = timeline,
    };
    fence(channel, entry->frame);
    if (rendered_frame(channel) > entry->frame) { /* judging took too long */
        (void)lift_fence(channel);
        timeline_unref(timeline);
        return -EAGAIN;
    }
    int result = journal_append(channel->journal_path, &channel->journal, entry);
    if (result == 0) {
        result = history_push(&channel->history, &step);
        channel->is_stale = true;
    } else {
        timeline_unref(timeline);
        channel_alarm(channel, now, now->ms + 60000, "journal",
                      _("the journal %s cannot be written: %s; the plan stays as it is"),
                      channel->journal_path, strerror(-result));
    }
    if (result == 0) {
        result = channel_publish(channel, now);
    }
    if (!lift_fence(channel)) {
        channel_alarm(channel, now, now->ms + 3600 * 1000, "journal_slow",
                      _("the disk was too slow for the journal: a change took effect late"));
    }
    return result;
}

/* The endless slate, for when nothing better is known. */
static int take_slate(struct channel *channel)
{
    history_finish(&channel->history);
    channel->is_stale = true;
    return history_begin(&channel->history, channel->media.slate_frames);
}

/* Puts a journal that cannot be followed aside, so that plans can be adopted again. */
static void put_journal_aside(struct channel *channel, const struct moment *now, const char *why)
{
    char *aside = NULL;
    if (asprintf(&aside, "%s.damaged-%lld", channel->journal_path,
                 (long long)(now->utc_ns / NS_PER_S)) < 0) {
        return;
    }
    (void)rename(channel->journal_path, aside);
    journal_finish(&channel->journal);
    channel_alarm(channel, now, INT64_MAX, "journal_damaged",
                  _("the journal cannot be followed (%s); it was kept as %s, and a new one begins"),
                  why, aside);
    free(aside);
}

/* Nothing would be adopted before the frame of its last entry. */
static bool is_of_the_future(const struct journal *journal, int64_t frame)
{
    enum { HOUR_FRAMES = 3600 * FRAMES_PER_SECOND };
    return journal->count > 0 && journal->entries[journal->count - 1].frame > frame + HOUR_FRAMES;
}

static int load_history(struct channel *channel, const struct moment *now)
{
    struct problems problems;
    int line = 0;
    problems_init(&problems);
    int result = journal_load(channel->journal_path, &channel->journal, &line);
    if (result == 0 && is_of_the_future(&channel->journal, now->frame)) {
        result = -EINVAL;
        put_journal_aside(channel, now,
                          _("it speaks of the future: was the clock of this machine wrong?"));
    } else if (result < 0) {
        char why[128];
        snprintf(why, sizeof(why), _("line %d: %s"), line, strerror(-result));
        if (result == -EBADMSG) {
            put_journal_aside(channel, now, why);
        } else { /* it may be sound, only not to be read now */
            channel_alarm(channel, now, INT64_MAX, "journal_unreadable",
                          _("the journal cannot be read (%s): the slate is shown"), why);
        }
    } else {
        result = history_load(channel->folder, &channel->journal, now->frame - KEEP_FRAMES,
                              INT64_MAX, channel->media.slate_frames, &channel->media.lengths,
                              &channel->history, &problems);
        if (result < 0 && result != -ENOMEM) {
            put_journal_aside(channel, now,
                              problems.count > 0 ? problems.items[0].text : strerror(-result));
        }
    }
    if (result < 0) {
        result = take_slate(channel);
    }
    problems_finish(&problems);
    return result;
}

int channel_prepare(struct channel *channel, const struct moment *now, bool has_time)
{
    channel->has_time = has_time;
    channel->is_stale = true;
    if (!has_time) {
        const int result = take_slate(channel);
        return result < 0 ? result : channel_publish(channel, now);
    }
    channel_read_heartbeat(channel);
    history_finish(&channel->history);
    journal_finish(&channel->journal);
    const int result = load_history(channel, now);
    if (result < 0) {
        return result;
    }
    for (size_t i = 0; i < channel->journal.count; i++) {
        const struct journal_entry *entry = &channel->journal.entries[i];
        channel->judged = entry->kind == JOURNAL_ADOPT && entry->revision > channel->judged
                              ? entry->revision
                              : channel->judged;
    }
    channel_look_first(channel, now);
    channel_check_media(channel, now);
    return channel_publish(channel, now);
}

bool channel_is_muted(const struct channel *channel)
{
    return access(channel->mute_path, F_OK) == 0;
}

void channel_on_air(struct channel *channel, const struct moment *now, struct channel_feed *feeds,
                    size_t count, struct pacer_lane *pace)
{
    free(channel->feeds);
    channel->feeds = feeds;
    channel->feed_count = count;
    channel->pace = pace;
    if (pace == NULL) {
        return;
    }
    if (atomic_load(&pace->is_muted)) {
        channel_alarm(channel, now, INT64_MAX, "muted", _("the output is muted by the operator"));
    }
    channel->last_frame = now->frame;
    channel->last_skipped = 0;
    channel->gap = (struct frame_span){0};
    if (channel->has_time) {
        channel_start_as_run(channel, now);
    } else {
        channel->slate_from_ms = now->ms;
    }
}

int channel_mute(struct channel *channel, const struct moment *now, bool is_muted)
{
    if (channel->pace == NULL) {
        return -ENOTCONN;
    }
    atomic_store(&channel->pace->is_muted, is_muted); /* first: it is to act at once */
    log_write(channel->context->log, LOG_LEVEL_INFO, now->ms, "event=%s channel=%s",
              is_muted ? "mute" : "unmute", channel_name(channel));
    if (!is_muted) {
        channel_all_clear(channel, now, "muted");
        return unlink(channel->mute_path) == 0 || errno == ENOENT ? 0 : -errno;
    }
    channel_alarm(channel, now, INT64_MAX, "muted", _("the output is muted by the operator"));
    const int fd = open(channel->mute_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return -errno;
    }
    close(fd);
    return 0;
}

static void watch_guide(struct channel *channel, const struct moment *now)
{
    switch (render_lane_guide(channel->feeds[0].lane)) {
    case TAPE_GUIDE_WHOLE:
        channel_all_clear(channel, now, "guide");
        break;
    case TAPE_GUIDE_SHORTENED:
        channel_alarm(channel, now, INT64_MAX, "guide",
                      _("the programme guide has no room for all texts and shortens them: raise "
                        "eit_events_per_day, or lower eit_days"));
        break;
    case TAPE_GUIDE_CUT:
        channel_alarm(channel, now, INT64_MAX, "guide",
                      _("the programme guide has no room for all events and leaves some out: raise "
                        "eit_events_per_day, or lower eit_days"));
        break;
    }
}

void channel_tick(struct channel *channel, const struct moment *now, bool is_full)
{
    alarms_expire(&channel->alarms, now->ms);
    if (!channel->has_time) {
        return;
    }
    if (now->ms - channel->files_ms >= FILES_MS) {
        channel->files_ms = now->ms;
        channel_beat(channel, now);
        channel_look(channel, now);
    }
    channel_check_faults(channel, now);
    if (is_full) {
        channel_check_media(channel, now);
        channel_publish(channel, now);
        render_lane_tidy(channel->feeds[0].lane);
        watch_guide(channel, now);
        const int64_t walked = channel->has_as_run ? channel->as_run.frontier : now->frame;
        const int64_t past = now->frame - KEEP_FRAMES;
        history_forget(&channel->history, walked < past ? walked : past);
    }
    channel_follow_as_run(channel, now);
    channel->last_frame = now->frame;
}

void channel_stop(struct channel *channel, const struct moment *now)
{
    if (channel->pace == NULL) {
        return;
    }
    if (channel->has_time) {
        channel_beat(channel, now);
        channel_stop_as_run(channel, now);
    } else {
        channel->slate_to_ms = now->ms;
    }
}
