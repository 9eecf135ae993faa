/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void warn(struct rebuild *rebuild, const char *file, int line, const char *text)
{
    problems_add(rebuild->problems, PROBLEM_WARNING, file, line, 0, "%s", text);
}

static bool ends_with(const char *name, const char *suffix)
{
    const size_t length = strlen(name);
    return length >= strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

static int is_record(const struct dirent *entry)
{
    return strlen(entry->d_name) == SHA256_HEX_SIZE - 1 + strlen(".json") &&
           ends_with(entry->d_name, ".json");
}

static int is_day(const struct dirent *entry)
{
    return strlen(entry->d_name) == STORE_DATE_SIZE - 1 + strlen(".jsonl") &&
           ends_with(entry->d_name, ".jsonl");
}

static void free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
}

/* The names of a folder in order; a folder that is not there is empty.  Their number, or -errno. */
static int list_folder(const char *folder, int (*is_wanted)(const struct dirent *entry),
                       struct dirent ***entries)
{
    const int count = scandir(folder, entries, is_wanted, alphasort);
    if (count < 0) {
        *entries = NULL;
        return errno == ENOENT ? 0 : -errno;
    }
    return count;
}

static int compare_records(const void *left, const void *right)
{
    const struct asset_record *a = left;
    const struct asset_record *b = right;
    if (a->created_ms != b->created_ms) {
        return a->created_ms < b->created_ms ? -1 : 1;
    }
    return strcmp(a->sha256, b->sha256);
}

static int put_record(struct rebuild *rebuild, const struct asset_record *record)
{
    const struct store_asset asset = {.house_number = record->house_number,
                                      .sha256 = record->sha256,
                                      .profile = record->profile,
                                      .kind = asset_kind_name(record->kind),
                                      .created_ms = record->created_ms,
                                      .duration_frames = record->duration_frames};
    struct store_rows rows;
    int result = store_asset_list(rebuild->store, record->house_number, &rows);
    bool is_known = false;
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        is_known = is_known || strcmp(store_asset_at(&rows, i).sha256, record->sha256) == 0;
    }
    store_rows_finish(&rows);
    if (result == 0 && !is_known) {
        result = store_asset_put(rebuild->store, &asset, REBUILD_AUTHOR);
        rebuild->done.assets += result == 0;
    }
    return result;
}

/* Loads the record called `name`; false when it cannot be used. */
static bool load_record(struct rebuild *rebuild, const char *name, struct asset_record *record)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", rebuild->station->media, name) < 0) {
        return false;
    }
    const int result = asset_record_load(path, record);
    const bool is_sound = result == 0 && record->house_number[0] != '\0' &&
                          strlen(record->house_number) <= STORE_NAME_MOST;
    if (!is_sound) {
        warn(rebuild, path, 0, _("this record of an asset cannot be read: left out"));
    }
    if (result == 0 && !is_sound) {
        asset_record_finish(record);
    }
    free(path);
    return is_sound;
}

/* Versions are numbered in the order in which files were made. */
static int rebuild_assets(struct rebuild *rebuild)
{
    struct dirent **entries = NULL;
    const int count = list_folder(rebuild->station->media, is_record, &entries);
    if (count < 0) {
        warn(rebuild, rebuild->station->media, 0, strerror(-count));
        return 0;
    }
    struct asset_record *records = calloc((size_t)count + 1, sizeof(*records));
    size_t loaded = 0;
    int result = records != NULL ? 0 : -ENOMEM;
    for (int i = 0; result == 0 && i < count; i++) {
        loaded += load_record(rebuild, entries[i]->d_name, &records[loaded]);
    }
    if (loaded > 0) {
        qsort(records, loaded, sizeof(*records), compare_records);
    }
    for (size_t i = 0; i < loaded; i++) {
        if (result == 0) {
            result = put_record(rebuild, &records[i]);
        }
        asset_record_finish(&records[i]);
    }
    free(records);
    free_entries(entries, count);
    return result;
}

static bool is_sound_line(const char *line, size_t length)
{
    json_t *object = length <= STORE_LINE_MOST ? json_loadb(line, length, 0, NULL) : NULL;
    const bool is_sound = json_is_object(object) && strlen(line) == length;
    json_decref(object);
    return is_sound;
}

/* Puts the lines of a day that the store has not yet. */
static int put_lines(struct rebuild *rebuild, FILE *in, const char *path,
                     struct store_as_run_line *line, const struct store_rows *known)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length = 0;
    size_t at = 0;
    int result = 0;
    while (result == 0 && (length = getline(&text, &size, in)) > 0 && text[length - 1] == '\n') {
        text[--length] = '\0';
        line->number++;
        while (at < known->count && store_as_run_at(known, at).number < line->number) {
            at++;
        }
        if (at < known->count && store_as_run_at(known, at).number == line->number) {
            if (strcmp(store_as_run_at(known, at).line, text) != 0) {
                warn(rebuild, path, (int)line->number,
                     _("this line is not what the store knows: left out"));
            }
        } else if (!is_sound_line(text, (size_t)length)) {
            warn(rebuild, path, (int)line->number, _("this line is damaged: left out"));
        } else {
            line->line = text;
            result = store_as_run_put(rebuild->store, line);
            rebuild->done.as_run_lines += result == 0;
        }
    }
    free(text);
    return result;
}

static int rebuild_day(struct rebuild *rebuild, const char *folder, const char *name,
                       const char *channel)
{
    char *path = NULL;
    char date[STORE_DATE_SIZE];
    struct store_rows known = {0};
    struct store_as_run_line line = {.channel = channel};
    snprintf(date, sizeof(date), "%.10s", name);
    if (store_date_parse(date, &line.date) < 0) {
        return 0;
    }
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        return -ENOMEM;
    }
    int result = 0;
    FILE *in = fopen(path, "re");
    if (in == NULL) {
        warn(rebuild, path, 0, strerror(errno));
        goto cleanup;
    }
    result = store_as_run_list(rebuild->store, channel, line.date, 0, &known);
    if (result == 0) {
        result = put_lines(rebuild, in, path, &line, &known);
    }
    fclose(in);

cleanup:
    store_rows_finish(&known);
    free(path);
    return result;
}

static int rebuild_as_run(struct rebuild *rebuild, const char *channel)
{
    struct dirent **entries = NULL;
    char *folder = station_state_path(rebuild->station, "asrun", channel);
    if (folder == NULL) {
        return -ENOMEM;
    }
    const int count = list_folder(folder, is_day, &entries);
    int result = 0;
    if (count < 0) {
        warn(rebuild, folder, 0, strerror(-count));
    }
    for (int i = 0; result == 0 && i < count; i++) {
        result = rebuild_day(rebuild, folder, entries[i]->d_name, channel);
    }
    free_entries(entries, count);
    free(folder);
    return result;
}

static int rebuild_all(struct rebuild *rebuild)
{
    struct seen_lessons seen = {0};
    const struct service *service = NULL;
    int result = rebuild_assets(rebuild);
    for (size_t i = 0; result == 0 && (service = station_service_at(rebuild->station, i)) != NULL;
         i++) {
        result = store_rebuild_plans(rebuild, service->name, &seen);
        if (result == 0) {
            result = rebuild_as_run(rebuild, service->name);
        }
    }
    if (result == 0) {
        result = seen_lessons_put(rebuild, &seen);
    }
    seen_lessons_finish(&seen);
    return result;
}

int store_rebuild(struct store *store, const struct station *station, const struct zone *zone,
                  int64_t now_ms, struct problems *problems, struct store_rebuilt *rebuilt)
{
    struct rebuild rebuild = {store, station, zone, now_ms, problems, {0}};
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = rebuild_all(&rebuild);
    result = store_end(store, result);
    if (result == 0) {
        *rebuilt = rebuild.done;
    }
    return result;
}
