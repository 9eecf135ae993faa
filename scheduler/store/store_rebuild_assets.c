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

/* Loads the record called `name`; false when it cannot be used. */
static bool load_record(struct rebuild *rebuild, const char *name, struct asset_record *record)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", rebuild->station->media, name) < 0) {
        return false;
    }
    const int result = asset_record_load(path, record);
    const bool is_sound = result == 0 && record->house_number[0] != '\0' &&
                          strlen(record->house_number) <= STORE_NAME_MOST &&
                          strncmp(record->sha256, name, SHA256_HEX_SIZE - 1) == 0;
    if (!is_sound) {
        rebuild_warn(rebuild, path, 0, _("this record of an asset cannot be read: left out"));
    }
    if (result == 0 && !is_sound) {
        asset_record_finish(record);
    }
    free(path);
    return is_sound;
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
static int put_records(struct rebuild *rebuild, struct asset_record *records, size_t count)
{
    int result = 0;
    if (count > 0) {
        qsort(records, count, sizeof(*records), compare_records);
    }
    for (size_t i = 0; result == 0 && i < count; i++) {
        rebuild->has_more = rebuild->is_following && rebuild->done.assets == RECORDS_AT_A_TIME;
        if (rebuild->has_more) {
            break;
        }
        result = put_record(rebuild, &records[i]);
    }
    return result;
}

/* Puts those of the folder's records that the store does not know. */
static int put_unknown(struct rebuild *rebuild, struct dirent *const *entries, size_t count)
{
    struct store_rows rows;
    const char **hashes = NULL;
    struct asset_record *records = calloc(count + 1, sizeof(*records));
    size_t loaded = 0;
    int result = store_asset_list(rebuild->store, NULL, &rows);
    if (result == 0) {
        result = records != NULL ? sort_hashes(&rows, &hashes) : -ENOMEM;
    }
    for (size_t i = 0; result == 0 && i < count; i++) {
        const char *name = entries[i]->d_name;
        if (bsearch(&name, hashes, rows.count, sizeof(hashes[0]), compare_hashes) == NULL) {
            loaded += load_record(rebuild, name, &records[loaded]);
        }
    }
    if (result == 0) {
        result = put_records(rebuild, records, loaded);
    }
    for (size_t i = 0; i < loaded; i++) {
        asset_record_finish(&records[i]);
    }
    free(records);
    free(hashes);
    store_rows_finish(&rows);
    return result;
}

int rebuild_assets(struct rebuild *rebuild, const char *channel)
{
    struct dirent **entries = NULL;
    (void)channel;
    const int count = rebuild_list_folder(rebuild->station->media, is_record, &entries);
    if (count < 0) {
        return rebuild_warn(rebuild, rebuild->station->media, 0, strerror(-count));
    }
    const int result = put_unknown(rebuild, entries, (size_t)count);
    rebuild_free_entries(entries, count);
    return result;
}
