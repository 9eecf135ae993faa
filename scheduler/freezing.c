/* SPDX-License-Identifier: MIT */
#include "scheduler/freezing.h"

#include "playout/plan.h"
#include "scheduler/reader.h"
#include "scheduler/store/timetable_files.h"
#include "scheduler/yaml_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char calendar_folder[] = "calendars/";

static bool is_calendar(const struct store_file *file)
{
    return strncmp(file->name, calendar_folder, strlen(calendar_folder)) == 0;
}

/* "calendars/NAME.yaml" as a timetable file names it: allocated; NULL: it names none. */
static char *named_calendar(const struct store_file *file)
{
    struct yaml_tree *tree = NULL;
    struct problems problems;
    char *name = NULL;
    problems_init(&problems);
    if (yaml_tree_parse(file->name, file->text, strlen(file->text), &tree, &problems) == 0 &&
        yaml_tree_root(tree)->type == YAML_TREE_MAPPING) {
        const char *text = reader_text(yaml_tree_root(tree), "calendar", NULL);
        if (text != NULL && asprintf(&name, "%s%s.yaml", calendar_folder, text) < 0) {
            name = NULL;
        }
    }
    yaml_tree_destroy(tree);
    problems_finish(&problems);
    return name;
}

static int parse_calendar(const struct store_file *files, size_t count, const char *name,
                          struct calendar **calendar, struct problems *problems)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return calendar_parse(files[i].name, files[i].text, strlen(files[i].text), calendar,
                                  problems);
        }
    }
    return 0; /* reading the timetable tells */
}

int freezing_timetable(const struct store_file *files, size_t count, const struct station *station,
                       struct timetable **timetable, struct problems *problems)
{
    struct timetable_source *sources = calloc(count + 1, sizeof(sources[0]));
    struct calendar *calendar = NULL;
    size_t source_count = 0;
    int result = sources != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < count; i++) {
        if (is_calendar(&files[i])) {
            continue;
        }
        char *name = calendar == NULL ? named_calendar(&files[i]) : NULL;
        if (name != NULL) {
            result = parse_calendar(files, count, name, &calendar, problems);
        }
        free(name);
        sources[source_count++] =
            (struct timetable_source){files[i].name, files[i].text, strlen(files[i].text)};
    }
    if (result == 0) {
        result = timetable_parse(sources, source_count, station, calendar, timetable, problems);
    } else {
        calendar_destroy(calendar);
    }
    free(sources);
    return result;
}

static int64_t revision_in_force(const struct station *station, const char *channel)
{
    char *folder = station_state_path(station, "plans", channel);
    const int64_t revision = folder != NULL ? plan_latest_revision(folder) : 0;
    free(folder);
    return revision > 0 ? revision : 0;
}

int freezing_is_due(struct store *store, const char *channel, int64_t date, bool *is_due)
{
    struct store_rows rows;
    const int result = store_freeze_list(store, channel, date, &rows);
    *is_due = result == 0 && rows.count == 0;
    store_rows_finish(&rows);
    return result;
}

int freezing_read(const struct station *station, const char *channel, struct timetable_files *files,
                  struct problems *problems)
{
    struct timetable *timetable = NULL;
    int result = timetable_files_read(station->timetables, channel, files, problems);
    if (result == 0) {
        result = freezing_timetable(files->items, files->count, station, &timetable, problems);
        if (result < 0) {
            timetable_files_finish(files);
            *files = (struct timetable_files){0};
        }
    }
    timetable_destroy(timetable);
    return result;
}

int freezing_keep(struct store *store, const struct station *station,
                  const struct store_day_edit *edit, const struct timetable_files *files,
                  struct frozen_list *list)
{
    int64_t version = 0;
    const int64_t revision = revision_in_force(station, edit->channel);
    if (list != NULL) {
        *list = (struct frozen_list){.revision = revision, .files = files->count};
    }
    return store_freeze_day(store, edit, revision, files->items, files->count, &version);
}
