/* SPDX-License-Identifier: MIT */
#include "tools/import_history.h"

#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/yaml_tree.h"
#include "tools/import_save.h"
#include "tools/station_library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that is not there, or no timetable, has given none. */
static int add_file(const char *path, struct import_known *known)
{
    char *bytes = NULL;
    size_t size = 0;
    int result = import_load(path, YAML_TREE_BYTES_MOST, &bytes, &size);
    if (result == 0) {
        result = import_known_add(known, bytes, size, false);
        free(bytes);
    }
    return result == -ENOMEM ? result : 0;
}

/* The newest one last: it has the highest number. */
static int add_copies(const char *path, struct import_known *known)
{
    int result = 0;
    for (int i = IMPORT_COPIES_MOST; i >= 1 && result == 0; i--) {
        char *copy = import_copy_name(path, i);
        result = copy != NULL ? add_file(copy, known) : -ENOMEM;
        free(copy);
    }
    return result;
}

static int add_beside(const struct station *station, const char *channel,
                      struct import_known *known)
{
    struct timetable_files files = {0};
    struct problems problems; /* `ketang check` tells them */
    problems_init(&problems);
    int result = timetable_files_read(station->timetables, channel, &files, &problems);
    for (size_t i = 0; i < files.count && result != -ENOMEM; i++) {
        const char *text = files.items[i].text;
        result = import_known_add(known, text, strlen(text), true);
    }
    timetable_files_finish(&files);
    problems_finish(&problems);
    return result == -ENOMEM ? result : 0;
}

static int add_media(const struct station *station, struct import_known *known)
{
    struct planner *planner = NULL;
    const int result = station_library_open("ketang import", station, &planner);
    if (result == 0) {
        known->library = planner_take_library(planner);
    } else if (result != -ENOMEM) {
        fputs(_("ketang import: a new lesson might get the house number of a file there: see "
                "`ketang ready` when it can be read.\n"),
              stderr);
    }
    planner_destroy(planner);
    return result == -ENOMEM ? result : 0;
}

int import_history_load(const char *path, const char *station_path, const char *channel,
                        struct import_known *known)
{
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    *known = (struct import_known){0};
    int result = add_file(path, known);
    const bool has_station = station_load(station_path, &station, &problems) == 0;
    if (result == 0 && has_station && channel != NULL) {
        result = add_beside(station, channel, known); /* before copies: they air, those do not */
    }
    result = result == 0 ? add_copies(path, known) : result;
    result = result == 0 && has_station ? add_media(station, known) : result;
    if (result < 0) {
        import_known_finish(known);
    }
    station_destroy(station);
    problems_finish(&problems);
    return result;
}
