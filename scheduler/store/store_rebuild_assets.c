/* SPDX-License-Identifier: MIT */
/* store_rebuild_assets: what the media records tell. */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_asset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_AT_A_TIME = 500 };

static int is_record(const struct dirent *entry)
{
    return strlen(entry->d_name) == SHA256_HEX_SIZE - 1 + strlen(".json") &&
           rebuild_ends_with(entry->d_name, ".json");
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

static int compare_hashes(const void *left, const void *right)
{
    return memcmp(*(const char *const *)left, *(const char *const *)right, SHA256_HEX_SIZE - 1);
}

/* The hashes that the store knows, sorted; they live as long as the rows.  0 or -ENOMEM. */
static int sort_hashes(const struct store_rows *rows, const char ***hashes)
{
    *hashes = calloc(rows->count + 1, sizeof((*hashes)[0]));
    if (*hashes == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < rows->count; i++) {
        (*hashes)[i] = store_asset_at(rows, i).sha256;
    }
    qsort(*hashes, rows->count, sizeof((*hashes)[0]), compare_hashes);
    return 0;
}

void new_records_finish(struct new_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        asset_record_finish(&records->items[i]);
    }
    free(records->items);
    problems_finish(&records->problems);
    *records = (struct new_records){0};
}

/* Reads the record called `name`, if it can be used. */
static void read_record(const struct rebuild *rebuild, const char *name)
{
    struct new_records *records = rebuild->records;
    struct asset_record *record = &records->items[records->count];
    char *path = NULL;
    if (asprintf(&path, "%s/%s", rebuild->station->media, name) < 0) {
        return;
    }
    const int result = asset_record_load(path, record);
    if (result == 0 && record->house_number[0] != '\0' &&
        strlen(record->house_number) <= STORE_NAME_MOST &&
        strncmp(record->sha256, name, SHA256_HEX_SIZE - 1) == 0) {
        records->count++;
    } else {
        problems_add(&records->problems, PROBLEM_WARNING, path, 0, 0,
                     _("this record of an asset cannot be read: left out"));
        if (result == 0) {
            asset_record_finish(record);
        }
    }
    free(path);
}

/* Reads those of the folder's records that the store does not know.  0 or as store.h says. */
static int read_unknown(const struct rebuild *rebuild, struct dirent *const *entries, size_t count)
{
    struct new_records *records = rebuild->records;
    struct store_rows rows;
    const char **hashes = NULL;
    int result = store_asset_list(rebuild->store, NULL, &rows);
    if (result == 0) {
        records->items = calloc(count + 1, sizeof(records->items[0]));
        result = records->items != NULL ? sort_hashes(&rows, &hashes) : -ENOMEM;
    }
    for (size_t i = 0; result == 0 && i < count; i++) {
        const char *name = entries[i]->d_name;
        if (bsearch(&name, hashes, rows.count, sizeof(hashes[0]), compare_hashes) == NULL) {
            read_record(rebuild, name);
        }
    }
    if (records->count > 0) {
        qsort(records->items, records->count, sizeof(records->items[0]), compare_records);
    }
    records->is_read = result == 0;
    free(hashes);
    store_rows_finish(&rows);
    return result;
}

static int read_folder(struct rebuild *rebuild)
{
    struct dirent **entries = NULL;
    const char *media = rebuild->station->media;
    const int count = rebuild_list_folder(media, is_record, &entries);
    if (count < 0) {
        return rebuild_warn(rebuild, media, 0, strerror(-count));
    }
    const int result = read_unknown(rebuild, entries, (size_t)count);
    rebuild_free_entries(entries, count);
    rebuild->has_read = result == 0;
    return result;
}

static int put_record(struct rebuild *rebuild, const struct asset_record *record)
{
    const struct store_asset asset = {.house_number = record->house_number,
                                      .sha256 = record->sha256,
                                      .profile = record->profile,
                                      .kind = asset_kind_name(record->kind),
                                      .created_ms = record->created_ms,
                                      .duration_frames = record->duration_frames};
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    result = store_asset_put(rebuild->store, &asset, REBUILD_AUTHOR);
    rebuild->done.assets += result == 0;
    return rebuild_end_row(rebuild, result, rebuild->station->media, 0, record->house_number);
}

/* Versions are numbered in the order in which files were made. */
static int put_records(struct rebuild *rebuild)
{
    struct new_records *records = rebuild->records;
    int result = 0;
    for (size_t i = 0; result == 0 && records->taken < records->count; i++) {
        rebuild->has_more = rebuild->is_following && i == RECORDS_AT_A_TIME;
        if (rebuild->has_more) {
            break;
        }
        result = put_record(rebuild, &records->items[records->taken]);
        records->taken += result == 0;
    }
    return result;
}

int rebuild_assets(struct rebuild *rebuild, const char *channel)
{
    struct new_records *records = rebuild->records;
    (void)channel;
    int result = records->is_read ? 0 : read_folder(rebuild);
    for (size_t i = 0; i < records->problems.count; i++) {
        rebuild_warn(rebuild, records->problems.items[i].file, 0, records->problems.items[i].text);
    }
    if (result == 0) {
        result = put_records(rebuild);
    }
    if (result == 0 && !rebuild->has_more) {
        rebuild->has_more = records->is_read && !rebuild->has_read; /* what came meanwhile */
        new_records_finish(records);
    }
    return result;
}
