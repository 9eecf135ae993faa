/* SPDX-License-Identifier: MIT */
#include "scheduler/planner.h"

#include "playout/intl.h"
#include "scheduler/compile.h"
#include "scheduler/lint.h"
#include "scheduler/planner_private.h"
#include "scheduler/text_warn.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
        free(planner->channels[i].fault);
    }
    free(planner->channels);
    library_destroy(planner->library);
    media_cuts_destroy(planner->media);
    signoff_destroy(planner->signoff);
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

int planner_is_yaml(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* Takes ownership of the timetable. */
static int keep(struct planner *planner, struct timetable *timetable)
{
    const ptrdiff_t index = planner_channel_index(planner, timetable->channel);
    if (index < 0) {
        timetable_destroy(timetable);
        return -EINVAL;
    }
    timetable_destroy(planner->channels[index].timetable);
    planner->channels[index].timetable = timetable;
    return 0;
}

/* The files of a folder, or those named on a command line. */
struct files {
    char **paths;
    char **channels; /* of each; NULL: it could not be told, or the file is done */
    size_t count;
};

static void finish_files(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->paths[i]);
        free(files->channels[i]);
    }
    free(files->paths);
    free(files->channels);
}

/* The first error in a file of the channel says why its timetable is no good. */
static void note_fault(struct planned_channel *channel, const struct problems *found)
{
    char spot[PROBLEM_SPOT_SIZE];
    channel->has_file = true;
    for (size_t i = 0; i < found->count && channel->fault == NULL; i++) {
        const struct problem *item = &found->items[i];
        if (item->severity == PROBLEM_ERROR && asprintf(&channel->fault, "%s%s: %s", item->file,
                                                        problem_spot(item, spot), item->text) < 0) {
            channel->fault = NULL;
        }
    }
}

/* Reads all files of the first channel that is not done; all of them must be good. */
static int load_channel(struct planner *planner, struct files *files, size_t first,
                        struct problems *problems)
{
    struct timetable *timetable = NULL;
    const char **paths = calloc(files->count + 1, sizeof(paths[0]));
    char *channel = files->channels[first];
    size_t count = 0;
    if (paths == NULL) {
        return -ENOMEM;
    }
    files->channels[first] = NULL;
    paths[count++] = files->paths[first];
    for (size_t i = first + 1; i < files->count; i++) {
        if (files->channels[i] != NULL && strcmp(files->channels[i], channel) == 0) {
            paths[count++] = files->paths[i];
            free(files->channels[i]);
            files->channels[i] = NULL;
        }
    }
    const ptrdiff_t index = planner_channel_index(planner, channel);
    struct planned_channel *planned = index >= 0 ? &planner->channels[index] : NULL;
    struct problems found; /* what is wrong with a calendar is told once, whoever names it */
    problems_init(&found);
    int result = timetable_load(paths, count, planner->station, &timetable, &found);
    if (planned != NULL) {
        note_fault(planned, &found);
    }
    problems_add_new(problems, &found);
    problems_finish(&found);
    free(paths);
    free(channel);
    if (result == 0 && planned != NULL && planned->fault != NULL) {
        timetable_destroy(timetable); /* another file of it does not even tell its channel */
        result = -EINVAL;
    }
    return result < 0 ? result : keep(planner, timetable);
}

/*
 * So faulty that it names no channel: as "linzi.yaml" or "linzi-w03.yaml" it is linzi's, unless
 * there is a channel linzi-w03.
 */
static void note_nameless(struct planner *planner, const char *path, const struct problems *found)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    struct planned_channel *owner = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        const char *name = station_service_at(planner->station, i)->name;
        const size_t length = strlen(name);
        if (length > longest && strncmp(file, name, length) == 0 &&
            !isalnum((unsigned char)file[length])) {
            owner = &planner->channels[i];
            longest = length;
        }
    }
    if (owner != NULL) {
        note_fault(owner, found);
    }
}

/* Channel by channel; a broken one leaves the others alone. */
static int load_files(struct planner *planner, struct files *files, struct problems *problems)
{
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        planner->channels[i].has_file = false;
        free(planner->channels[i].fault);
        planner->channels[i].fault = NULL;
    }
    for (size_t i = 0; i < files->count; i++) {
        struct problems found;
        problems_init(&found);
        files->channels[i] = timetable_channel_of(files->paths[i], &found);
        if (files->channels[i] == NULL) {
            note_nameless(planner, files->paths[i], &found);
        }
        problems_add_new(problems, &found);
        problems_finish(&found);
    }
    for (size_t i = 0; i < files->count; i++) {
        if (files->channels[i] != NULL && load_channel(planner, files, i, problems) == -ENOMEM) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int create_files(struct files *files, size_t count)
{
    *files =
        (struct files){calloc(count + 1, sizeof(char *)), calloc(count + 1, sizeof(char *)), 0};
    return files->paths != NULL && files->channels != NULL ? 0 : -ENOMEM;
}

int planner_load_files(struct planner *planner, const char *const *paths, size_t count,
                       struct problems *problems)
{
    struct files files;
    int result = create_files(&files, count);
    for (size_t i = 0; result == 0 && i < count; i++) {
        files.paths[i] = strdup(paths[i]);
        files.count++;
        result = files.paths[i] != NULL ? 0 : -ENOMEM;
    }
    if (result == 0) {
        result = load_files(planner, &files, problems);
    }
    finish_files(&files);
    return result;
}

/* Returns `result`. */
static int complain_of_folder(const struct station *station, int result, struct problems *problems)
{
    char *here = station->timetables[0] != '/' ? getcwd(NULL, 0) : NULL;
    if (here != NULL) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("the folder that 'timetables' names, \"%s\", cannot be read: %s; it is "
                       "relative to the folder in which the program was started, %s: write it "
                       "from / on, or start there where it is"),
                     station->timetables, strerror(-result), here);
    } else {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("the folder that 'timetables' names, \"%s\", cannot be read: %s"),
                     station->timetables, strerror(-result));
    }
    free(here);
    return result;
}

int planner_load_timetables(struct planner *planner, struct problems *problems)
{
    struct dirent **names = NULL;
    struct files files;
    const char *folder = planner->station->timetables;
    const int count = scandir(folder, &names, planner_is_yaml, alphasort);
    if (count < 0) {
        return complain_of_folder(planner->station, -errno, problems);
    }
    int result = create_files(&files, (size_t)count);
    for (int i = 0; i < count; i++) {
        if (result == 0 &&
            asprintf(&files.paths[files.count++], "%s/%s", folder, names[i]->d_name) < 0) {
            files.paths[files.count - 1] = NULL;
            result = -ENOMEM;
        }
        free(names[i]);
    }
    free(names);
    if (result == 0) {
        result = load_files(planner, &files, problems);
    }
    finish_files(&files);
    return result;
}

void planner_take_signoff(struct planner *planner, struct signoff *signoff)
{
    signoff_destroy(planner->signoff);
    planner->signoff = signoff;
}

int planner_open_signoff(struct planner *planner, int64_t now_ms, struct problems *problems)
{
    struct signoff *signoff = NULL;
    const int result =
        signoff_open(planner->station, zone_date(planner->zone, now_ms / 1000), &signoff, problems);
    if (result == 0) {
        planner_take_signoff(planner, signoff);
    }
    return result;
}

const struct signoff *planner_signoff(const struct planner *planner)
{
    return planner->signoff;
}

bool planner_knows_signed(const struct planner *planner)
{
    return planner->signoff != NULL || planner->station->scheduler.approval_stages == 0;
}

const struct clearance *planner_clearance(const struct planner *planner)
{
    return planner_knows_signed(planner) ? signoff_clearance(planner->signoff) : &signoff_nothing;
}

const struct library *planner_library(const struct planner *planner)
{
    return planner->library;
}

struct library *planner_take_library(struct planner *planner)
{
    struct library *library = planner->library;
    planner->library = NULL;
    return library;
}

const struct timetable *planner_timetable(const struct planner *planner, const char *channel)
{
    const ptrdiff_t index = planner_channel_index(planner, channel);
    return index >= 0 ? planner->channels[index].timetable : NULL;
}

const struct frozen_day *planner_closed_day(const struct planner *planner, const char *channel,
                                            int64_t date)
{
    const ptrdiff_t index = planner_channel_index(planner, channel);
    return index >= 0 ? frozen_days_at(signoff_frozen(planner->signoff, (size_t)index), date)
                      : NULL;
}

struct order_periods planner_periods(const struct planner *planner, const char *channel)
{
    const ptrdiff_t index = planner_channel_index(planner, channel);
    return (struct order_periods){
        .timetable = planner_timetable(planner, channel),
        .closed = index >= 0 ? signoff_frozen(planner->signoff, (size_t)index) : NULL};
}

const struct timetable *planner_timetable_on(const struct planner *planner, const char *channel,
                                             int64_t date)
{
    const struct frozen_day *closed = planner_closed_day(planner, channel, date);
    return closed != NULL ? closed->timetable : planner_timetable(planner, channel);
}

/*
 * Before the first ingest all channels lack all: that is said once, unless all
 * of them accept that lessons do.  True when it was said.
 */
static bool warn_of_empty_library(const struct planner *planner, struct problems *problems)
{
    size_t channels = 0;
    size_t lessons = 0;
    bool is_accepted = true;
    for (size_t i = 0; i < station_service_count(planner->station); i++) {
        const struct timetable *timetable = planner->channels[i].timetable;
        if (timetable == NULL) {
            continue;
        }
        const size_t missing = compile_lacks_media(
            timetable, planner->library, station_service_at(planner->station, i)->profile);
        if (missing == 0) {
            return false;
        }
        channels++;
        lessons += missing;
        is_accepted = is_accepted && timetable_accepts(timetable, "missing-media");
    }
    if (channels < 2 || is_accepted) {
        return false;
    }
    problems_warn(problems, "missing-media", planner->station->path, 0, 0,
                  _("all %zu lessons of %zu channels have no media yet, nor have the fillers: "
                    "the slate airs until they are made with 'ketang ingest'; 'ketang ready "
                    "--missing' lists them"),
                  lessons, channels);
    return true;
}

void planner_warn(const struct planner *planner, struct problems *problems)
{
    const size_t count = station_service_count(planner->station);
    const struct timetable **timetables = calloc(count + 1, sizeof(timetables[0]));
    text_warn_station(planner->station, problems);
    for (size_t i = 0; timetables != NULL && i < count; i++) {
        timetables[i] = planner->channels[i].timetable;
    }
    if (timetables != NULL) {
        lint(timetables, count, problems);
    }
    free(timetables);
    const bool is_told = planner->is_media_away || warn_of_empty_library(planner, problems);
    for (size_t i = 0; i < count; i++) {
        const struct timetable *timetable = planner->channels[i].timetable;
        if (timetable == NULL) {
            continue;
        }
        text_warn_timetable(timetable, &planner->station->network, problems);
        if (!is_told) {
            compile_warn(timetable, planner->library,
                         station_service_at(planner->station, i)->profile, problems);
        }
    }
}
