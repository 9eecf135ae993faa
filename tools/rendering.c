/* SPDX-License-Identifier: MIT */
#include "tools/rendering.h"

#include "playout/history.h"
#include "playout/intl.h"
#include "playout/media.h"
#include "playout/station_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One member of the transport (tape.h), as its journal and plans have it. */
struct member {
    struct journal journal;
    struct history history;
    struct asset **assets;
    size_t asset_count;
};

/* A journal, and what it was like before it was read last. */
struct watch {
    char *path;
    struct stat was; /* zeroed: not there */
};

struct rendering {
    struct station *station;
    const struct transport *transport;
    struct asset **slates; /* of each service */
    struct tape_format *format;
    struct tape_reader *reader;
    struct tape_inputs **inputs; /* of each member; NULL before the first load */
    struct watch *watches;       /* of each member */
    bool is_current;             /* `inputs` are what the watched journals were */
};

static int open_slates(struct rendering *rendering, struct problems *problems)
{
    const char *media = rendering->station->media;
    const size_t count = rendering->transport->service_count;
    rendering->slates = calloc(count, sizeof(rendering->slates[0]));
    int result = rendering->slates != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && result == 0; i++) {
        const char *profile = rendering->transport->services[i].profile->name;
        result = media_open_slate(media, profile, &rendering->slates[i]);
        if (result < 0) {
            problems_add(problems, PROBLEM_ERROR, media, 0, 0,
                         _("there is no slate of profile '%s' (%s): make one with "
                           "'ketang ingest --slate --profile %s'"),
                         profile, strerror(-result), profile);
        }
    }
    return result;
}

static int open_watches(struct rendering *rendering)
{
    const size_t count = tape_member_count(rendering->format);
    rendering->watches = calloc(count, sizeof(rendering->watches[0]));
    int result = rendering->watches != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && result == 0; i++) {
        const char *name = tape_member(rendering->format, i)->name;
        char *folder = station_state_path(rendering->station, "plans", name);
        char *path = NULL;
        if (folder == NULL || asprintf(&path, "%s/journal", folder) < 0) {
            result = -ENOMEM;
        } else {
            rendering->watches[i].path = path;
        }
        free(folder);
    }
    return result;
}

static int open_transport(struct rendering *rendering, const char *path, const char *name,
                          struct problems *problems)
{
    int result = station_load(path, &rendering->station, problems);
    if (result < 0) {
        return result;
    }
    rendering->transport = station_transport(rendering->station, name);
    if (rendering->transport == NULL) {
        char text[STATION_NAMES_SIZE];
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, "%s",
                     station_names_complain_transport(rendering->station, name, text));
        return -EINVAL;
    }
    result = open_slates(rendering, problems);
    if (result == 0) {
        result = tape_format_create(rendering->station, rendering->transport, rendering->slates,
                                    &rendering->format, problems);
    }
    if (result == 0) {
        result = open_watches(rendering);
    }
    if (result == 0) {
        rendering->reader = tape_reader_create(rendering->format);
        result = rendering->reader != NULL ? 0 : -ENOMEM;
    }
    return result;
}

int rendering_open(const char *station_path, const char *transport, struct rendering **rendering,
                   struct problems *problems)
{
    struct rendering *fresh = calloc(1, sizeof(*fresh));
    const int result =
        fresh != NULL ? open_transport(fresh, station_path, transport, problems) : -ENOMEM;
    if (result < 0) {
        rendering_close(fresh);
        return result;
    }
    *rendering = fresh;
    return 0;
}

static struct stat look_at(const struct watch *watch)
{
    struct stat is;
    return stat(watch->path, &is) == 0 ? is : (struct stat){0};
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool rendering_has_changed(const struct rendering *rendering)
{
    if (!rendering->is_current) {
        return true;
    }
    for (size_t i = 0; i < tape_member_count(rendering->format); i++) {
        const struct stat is = look_at(&rendering->watches[i]);
        if (!is_same(&is, &rendering->watches[i].was)) {
            return true;
        }
    }
    return false;
}

/* The journal of a member, and what it names; media only of services that are carried. */
static int load_member(const struct rendering *rendering, size_t number, int64_t from, int64_t to,
                       struct member *member, struct problems *problems)
{
    enum { EARLIER_FRAMES = 15 * FRAMES_PER_SECOND }; /* of which EIT still speaks */
    const struct station *station = rendering->station;
    const bool is_carried = number < rendering->transport->service_count;
    const int64_t slate_frames =
        is_carried ? asset_index_of(rendering->slates[number])->header->duration_frames
                   : GOP_FRAMES;
    struct media media;
    media_init(&media, station->media, slate_frames);
    const char *path = rendering->watches[number].path;
    char *folder =
        station_state_path(station, "plans", tape_member(rendering->format, number)->name);
    int line = 0;
    int result = -ENOMEM;
    if (folder == NULL) {
        goto cleanup;
    }
    result = journal_load(path, &member->journal, &line);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, path, line, 0, _("the journal cannot be read: %s"),
                     strerror(-result));
        goto cleanup;
    }
    result = history_load(folder, &member->journal, from - EARLIER_FRAMES, to, slate_frames,
                          &media.lengths, &member->history, problems);
    if (result == 0 && is_carried) {
        result = history_open_assets(&member->history, station->media, from, to, &member->assets,
                                     &member->asset_count, problems);
    }

cleanup:
    free(folder);
    return result;
}

static void finish_member(struct member *member)
{
    for (size_t i = 0; i < member->asset_count; i++) {
        asset_unref(member->assets[i]);
    }
    free(member->assets);
    history_finish(&member->history);
    journal_finish(&member->journal);
}

/* The inputs of a member; NULL when they cannot be had, with *result told. */
static struct tape_inputs *make_inputs(const struct rendering *rendering, size_t number,
                                       int64_t from, int64_t to, struct problems *problems,
                                       int *result)
{
    struct member member = {0};
    struct tape_inputs *inputs = NULL;
    *result = load_member(rendering, number, from, to, &member, problems);
    if (*result == 0) {
        inputs = tape_inputs_create(member.history.steps, member.history.count, member.assets,
                                    member.asset_count);
        *result = inputs != NULL ? 0 : -ENOMEM;
    }
    finish_member(&member);
    return inputs;
}

static void destroy_inputs(struct tape_inputs **inputs, size_t count)
{
    for (size_t i = 0; inputs != NULL && i < count; i++) {
        tape_inputs_unref(inputs[i]);
    }
    free(inputs);
}

int rendering_load(struct rendering *rendering, int64_t from, int64_t to, struct problems *problems)
{
    const size_t count = tape_member_count(rendering->format);
    const size_t before = problems->errors;
    struct tape_inputs **inputs = calloc(count, sizeof(inputs[0]));
    int result = inputs != NULL ? 0 : -ENOMEM;
    rendering->is_current = false;
    for (size_t i = 0; i < count && result == 0; i++) {
        /* First looked at, then read: what comes in between is found later. */
        rendering->watches[i].was = look_at(&rendering->watches[i]);
        inputs[i] = make_inputs(rendering, i, from, to, problems, &result);
    }
    if (result < 0) {
        destroy_inputs(inputs, count);
        return result;
    }
    destroy_inputs(rendering->inputs, count);
    rendering->inputs = inputs;
    rendering->is_current = true;
    return (int)(problems->errors - before);
}

void rendering_read(struct rendering *rendering, uint64_t first, size_t count, uint8_t *packets,
                    struct tape_fault *fault)
{
    tape_read(rendering->reader, rendering->inputs, first, count, packets, fault);
}

const struct station *rendering_station(const struct rendering *rendering)
{
    return rendering->station;
}

const struct tape_format *rendering_format(const struct rendering *rendering)
{
    return rendering->format;
}

void rendering_close(struct rendering *rendering)
{
    if (rendering == NULL) {
        return;
    }
    tape_reader_destroy(rendering->reader);
    if (rendering->format != NULL) {
        destroy_inputs(rendering->inputs, tape_member_count(rendering->format));
    }
    for (size_t i = 0; rendering->watches != NULL && i < tape_member_count(rendering->format);
         i++) {
        free(rendering->watches[i].path);
    }
    free(rendering->watches);
    tape_format_destroy(rendering->format);
    for (size_t i = 0; rendering->slates != NULL && i < rendering->transport->service_count; i++) {
        asset_unref(rendering->slates[i]);
    }
    free(rendering->slates);
    station_destroy(rendering->station);
    free(rendering);
}
