/* SPDX-License-Identifier: MIT */
#include "tools/import_history.h"

#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/yaml_tree.h"
#include "tools/import_save.h"

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
        result = import_known_add(known, bytes, size);
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

static int add_media(const char *station_path, struct import_known *known)
{
    struct station *station = NULL;
    struct problems problems;
    int result = 0;
    problems_init(&problems);
    if (station_load(station_path, &station, &problems) == 0) {
        result = library_load(station->media, &known->library);
    }
    if (result < 0 && result != -ENOMEM) {
        fprintf(stderr,
                _("ketang import: the media folder %s cannot be read (%s); a new lesson might get "
                  "the house number of a file there: see 'ketang ready'.\n"),
                station->media, strerror(-result));
        result = 0;
    }
    station_destroy(station);
    problems_finish(&problems);
    return result;
}

int import_history_load(const char *path, const char *station, struct import_known *known)
{
    *known = (struct import_known){0};
    int result = add_file(path, known);
    result = result == 0 ? add_copies(path, known) : result;
    result = result == 0 ? add_media(station, known) : result;
    if (result < 0) {
        import_known_finish(known);
    }
    return result;
}
