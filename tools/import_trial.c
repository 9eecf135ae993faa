/* SPDX-License-Identifier: MIT */
#include "tools/import_trial.h"

#include "playout/station.h"
#include "scheduler/freezing.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/timetable.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Whether the folder of a file is that of the station's timetables, however it is written. */
static bool is_in_folder(const char *path, const char *folder)
{
    struct stat here;
    struct stat there;
    const size_t length = (size_t)(base_name(path) - path);
    char *parent = length > 0 ? strndup(path, length) : strdup(".");
    const bool is_it = parent != NULL && stat(parent, &here) == 0 && stat(folder, &there) == 0 &&
                       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
    free(parent);
    return is_it;
}

/* `text` stands for the file of that base name. */
static int read_with(const struct import_trial *trial, const struct timetable_files *files,
                     const char *text, const struct station *station, struct problems *problems)
{
    struct store_file *items = calloc(files->count + 1, sizeof(items[0]));
    struct timetable *timetable = NULL;
    size_t count = 0;
    if (items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i].name, base_name(trial->path)) != 0) {
            items[count++] = files->items[i];
        }
    }
    items[count++] = (struct store_file){trial->name, text};
    const int result = freezing_timetable(items, count, station, &timetable, problems);
    timetable_destroy(timetable);
    free(items);
    return result == -ENOMEM ? result : 0;
}

static int try_on(const struct station *station, const struct import_trial *trial, const char *text,
                  struct problems *problems)
{
    struct timetable_files files = {0};
    struct problems others; /* `ketang check` tells them */
    char *channel = NULL;
    int result = 0;
    problems_init(&others);
    channel = trial->channel != NULL ? strdup(trial->channel)
                                     : timetable_channel_of(trial->path, &others);
    if (channel != NULL &&
        timetable_files_read(station->timetables, channel, &files, &others) == 0) {
        result = read_with(trial, &files, text, station, problems);
    }
    timetable_files_finish(&files);
    problems_finish(&others);
    free(channel);
    return result;
}

int import_trial(const struct import_trial *trial, const char *text, struct problems *problems)
{
    struct station *station = NULL;
    struct problems ignored;
    int result = 0;
    problems_init(&ignored);
    if (station_load(trial->station, &station, &ignored) == 0 &&
        is_in_folder(trial->path, station->timetables)) {
        result = try_on(station, trial, text, problems);
    }
    station_destroy(station);
    problems_finish(&ignored);
    return result;
}
