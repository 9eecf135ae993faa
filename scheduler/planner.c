/* SPDX-License-Identifier: MIT */
#include "scheduler/planner.h"

#include "playout/intl.h"
#include "scheduler/compile.h"
#include "scheduler/planner_private.h"
#include "scheduler/text_warn.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int planner_create(const struct station *station, struct planner **planner)
{
    int result = -ENOMEM;
    struct planner *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->station = station;
    fresh->channels = calloc(station_service_count(station) + 1, sizeof(fresh->channels[0]));
    fresh->library = library_create();
    fresh->media = media_cuts_create(station->media);
    if (fresh->channels != NULL && fresh->library != NULL && fresh->media != NULL) {
        result = zone_open(station->time_zone, &fresh->zone);
    }
    if (result < 0) {
        planner_destroy(fresh);
        return result;
    }
    *planner = fresh;
    return 0;
}

void planner_destroy(struct planner *planner)
{
    if (planner == NULL) {
        return;
    }
    for (size_t i = 0; planner->channels != NULL && i < station_service_count(planner->station);
         i++) {
        timetable_destroy(planner->channels[i].timetable);
        free(planner->channels[i].path);
    }
    free(planner->channels);
    library_destroy(planner->library);
    media_cuts_destroy(planner->media);
    zone_close(planner->zone);
    free(planner);
}

ptrdiff_t planner_channel_index(const struct planner *planner, const char *name)
{
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        if (strcmp(station_service_at(planner->station, i)->name, name) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static int is_timetable(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* Takes ownership of the timetable. */
static int keep(struct planner *planner, struct timetable *timetable, const char *path)
{
    const ptrdiff_t index = planner_channel_index(planner, timetable->channel);
    char *copy = strdup(path);
    if (index < 0 || copy == NULL) {
        timetable_destroy(timetable);
        free(copy);
        return copy == NULL ? -ENOMEM : -EINVAL;
    }
    struct planned_channel *channel = &planner->channels[index];
    timetable_destroy(channel->timetable);
    free(channel->path);
    *channel = (struct planned_channel){timetable, copy};
    return 0;
}

int planner_load_timetable(struct planner *planner, const char *path, struct problems *problems)
{
    struct timetable *timetable = NULL;
    const int result = timetable_load(path, planner->station, &timetable, problems);
    return result < 0 ? result : keep(planner, timetable, path);
}

/* The file that was read before in this pass and is for the same channel, or NULL. */
static const char *same_channel(const struct timetable *timetable, struct timetable *const *all,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i] != NULL && strcmp(all[i]->channel, timetable->channel) == 0) {
            return all[i]->file;
        }
    }
    return NULL;
}

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Reads the files of one pass; of two for a channel the first by name counts. */
static int load_all(struct planner *planner, struct dirent *const *names, size_t count,
                    struct problems *problems)
{
    const char *folder = planner->station->timetables;
    struct timetable **all = calloc(count + 1, sizeof(all[0]));
    int result = all != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < count; i++) {
        char *path = join(folder, names[i]->d_name);
        if (path == NULL) {
            result = -ENOMEM;
            break;
        }
        if (timetable_load(path, planner->station, &all[i], problems) == 0) {
            const char *other = same_channel(all[i], all, i);
            if (other != NULL) {
                problems_add(problems, PROBLEM_ERROR, path, 0, 0,
                             _("channel '%s' has its timetable in %s already; keep one of them"),
                             all[i]->channel, other);
                timetable_destroy(all[i]);
                all[i] = NULL;
            }
        }
        free(path);
    }
    for (size_t i = 0; all != NULL && i < count; i++) {
        char *path = all[i] != NULL && result == 0 ? join(folder, names[i]->d_name) : NULL;
        if (path != NULL) {
            result = keep(planner, all[i], path);
        } else {
            timetable_destroy(all[i]);
        }
        free(path);
    }
    free(all);
    return result;
}

int planner_load_timetables(struct planner *planner, struct problems *problems)
{
    struct dirent **names = NULL;
    const char *folder = planner->station->timetables;
    const int count = scandir(folder, &names, is_timetable, alphasort);
    if (count < 0) {
        const int result = -errno;
        problems_add(problems, PROBLEM_ERROR, folder, 0, 0,
                     _("the folder of timetables cannot be read: %s"), strerror(-result));
        return result;
    }
    const int result = load_all(planner, names, (size_t)count, problems);
    for (int i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
    return result;
}

int planner_load_library(struct planner *planner)
{
    struct library *fresh = NULL;
    const int result = library_load(planner->station->media, &fresh);
    if (result == 0) {
        library_destroy(planner->library);
        planner->library = fresh;
    }
    return result;
}

const struct library *planner_library(const struct planner *planner)
{
    return planner->library;
}

const struct timetable *planner_timetable(const struct planner *planner, const char *channel)
{
    const ptrdiff_t index = planner_channel_index(planner, channel);
    return index >= 0 ? planner->channels[index].timetable : NULL;
}

const char *planner_timetable_path(const struct planner *planner, const char *channel)
{
    const ptrdiff_t index = planner_channel_index(planner, channel);
    return index >= 0 ? planner->channels[index].path : NULL;
}

void planner_warn(const struct planner *planner, struct problems *problems)
{
    text_warn_station(planner->station, problems);
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        const struct planned_channel *channel = &planner->channels[i];
        if (channel->timetable != NULL) {
            text_warn_timetable(channel->path, channel->timetable, &planner->station->network,
                                problems);
            compile_warn(channel->path, channel->timetable, planner->library,
                         station_service_at(planner->station, i)->profile, problems);
        }
    }
}

int planner_make_folder(const char *path)
{
    char *copy = strdup(path);
    int result = 0;
    if (copy == NULL) {
        return -ENOMEM;
    }
    for (char *at = copy + 1; result == 0; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        const char end = *at;
        *at = '\0';
        if (mkdir(copy, 0755) < 0 && errno != EEXIST) {
            result = -errno;
        }
        *at = end;
        if (end == '\0') {
            break;
        }
    }
    free(copy);
    return result;
}
