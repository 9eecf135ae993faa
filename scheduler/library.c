/* SPDX-License-Identifier: MIT */
#include "scheduler/library.h"

#include "playout/suggest.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct library {
    struct library_asset *assets; /* by house number, then the latest first */
    size_t count;
    struct library *damaged; /* what cannot air; NULL: nothing */
    bool has_records;        /* the folder had some, good or not */
};

struct library *library_create(void)
{
    return calloc(1, sizeof(struct library));
}

void library_destroy(struct library *library)
{
    if (library == NULL) {
        return;
    }
    for (size_t i = 0; i < library->count; i++) {
        free(library->assets[i].house_number);
        free(library->assets[i].profile);
        free(library->assets[i].title);
    }
    free(library->assets);
    library_destroy(library->damaged);
    free(library);
}

static int compare_assets(const void *left, const void *right)
{
    const struct library_asset *a = left;
    const struct library_asset *b = right;
    const int by_number = strcmp(a->house_number, b->house_number);
    if (by_number != 0) {
        return by_number;
    }
    if (a->created_ms != b->created_ms) {
        return a->created_ms > b->created_ms ? -1 : 1;
    }
    return strcmp(a->sha256, b->sha256);
}

static int append(struct library *library, const struct library_asset *asset)
{
    if ((library->count & (library->count - 1)) == 0) { /* full at 0, 1, 2, 4, 8 ... */
        const size_t capacity = library->count > 0 ? library->count * 2 : 1;
        struct library_asset *grown = realloc(library->assets, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        library->assets = grown;
    }
    struct library_asset copy = *asset;
    copy.house_number = strdup(asset->house_number);
    copy.profile = strdup(asset->profile);
    copy.title = asset->title != NULL ? strdup(asset->title) : NULL;
    if (copy.house_number == NULL || copy.profile == NULL ||
        (asset->title != NULL && copy.title == NULL)) {
        free(copy.house_number);
        free(copy.profile);
        free(copy.title);
        return -ENOMEM;
    }
    library->assets[library->count++] = copy;
    return 0;
}

static void sort(struct library *library)
{
    if (library->count > 0) {
        qsort(library->assets, library->count, sizeof(library->assets[0]), compare_assets);
    }
}

int library_add(struct library *library, const struct library_asset *asset)
{
    const int result = append(library, asset);
    size_t at = result == 0 ? library->count - 1 : 0;
    while (at > 0 && compare_assets(&library->assets[at - 1], &library->assets[at]) > 0) {
        const struct library_asset other = library->assets[at];
        library->assets[at] = library->assets[at - 1];
        library->assets[at - 1] = other;
        at--;
    }
    return result;
}

/* The library of what is damaged, which is made when something is.  NULL: out of memory. */
static struct library *damaged_of(struct library *library)
{
    if (library->damaged == NULL) {
        library->damaged = library_create();
    }
    return library->damaged;
}

int library_add_damaged(struct library *library, const struct library_asset *asset)
{
    return damaged_of(library) != NULL ? library_add(library->damaged, asset) : -ENOMEM;
}

static bool has_file(const char *media, const char *sha256, const char *suffix)
{
    char *path = asset_path(media, sha256, suffix);
    const bool is_there = path != NULL && access(path, R_OK) == 0;
    free(path);
    return is_there;
}

/* Whether the media file is as long as its index says; one that says nothing is not asked. */
static bool is_whole(const char *media, const char *sha256)
{
    struct asset_index_header header;
    struct stat status;
    char *index = asset_path(media, sha256, "idx");
    char *path = asset_path(media, sha256, "mp4");
    FILE *file = index != NULL ? fopen(index, "re") : NULL;
    const bool says_size = file != NULL && fread(&header, sizeof(header), 1, file) == 1 &&
                           memcmp(header.magic, ASSET_INDEX_MAGIC, sizeof(header.magic)) == 0;
    const bool is_other = says_size && path != NULL && stat(path, &status) == 0 &&
                          (uint64_t)status.st_size != header.asset_size;
    if (file != NULL) {
        fclose(file);
    }
    free(index);
    free(path);
    return !is_other;
}

/* Reads one record; what cannot go on air is passed over. */
static int take_record(struct library *library, const char *media, const char *name)
{
    struct asset_record record = {0};
    char *path = NULL;
    int result = 0;
    if (asprintf(&path, "%s/%s", media, name) < 0) {
        return -ENOMEM;
    }
    if (asset_record_load(path, &record) < 0) {
        goto cleanup; /* damaged, or gone since it was listed */
    }
    if (record.is_proven && record.duration_frames > 0 && has_file(media, record.sha256, "mp4") &&
        has_file(media, record.sha256, "idx")) {
        struct library_asset asset = {.house_number = record.house_number,
                                      .profile = record.profile,
                                      .title = record.title[0] != '\0' ? record.title : NULL,
                                      .kind = record.kind,
                                      .duration = record.duration_frames,
                                      .created_ms = record.created_ms};
        memcpy(asset.sha256, record.sha256, sizeof(asset.sha256));
        struct library *place = is_whole(media, asset.sha256) ? library : damaged_of(library);
        result = place != NULL ? append(place, &asset) : -ENOMEM;
    }

cleanup:
    asset_record_finish(&record);
    free(path);
    return result;
}

static bool is_record(const char *name)
{
    const size_t length = strlen(name);
    char hash[SHA256_HEX_SIZE];
    if (length != SHA256_HEX_SIZE - 1 + strlen(".json") ||
        strcmp(name + SHA256_HEX_SIZE - 1, ".json") != 0) {
        return false;
    }
    memcpy(hash, name, sizeof(hash) - 1);
    hash[sizeof(hash) - 1] = '\0';
    return asset_is_sha256(hash);
}

int library_load(const char *media, struct library **library)
{
    int result = 0;
    DIR *dir = NULL;
    struct library *fresh = library_create();
    if (fresh == NULL) {
        return -ENOMEM;
    }
    dir = opendir(media);
    if (dir == NULL && errno != ENOENT) {
        result = -errno;
        goto cleanup;
    }
    while (dir != NULL && result == 0) {
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            break;
        }
        if (is_record(entry->d_name)) {
            fresh->has_records = true;
            result = take_record(fresh, media, entry->d_name);
        }
    }
    if (result == 0) {
        sort(fresh);
        if (fresh->damaged != NULL) {
            sort(fresh->damaged);
        }
        *library = fresh;
        fresh = NULL;
    }

cleanup:
    if (dir != NULL) {
        closedir(dir);
    }
    library_destroy(fresh);
    return result;
}

bool library_has_records(const struct library *library)
{
    return library->has_records;
}

/* Index of the first asset of a house number, or of the one after it. */
static size_t find_number(const struct library *library, const char *house_number)
{
    size_t low = 0;
    size_t high = library->count; /* the first of that number is in [low, high] */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(library->assets[middle].house_number, house_number) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool library_has(const struct library *library, const char *house_number)
{
    const size_t first = find_number(library, house_number);
    return first < library->count && strcmp(library->assets[first].house_number, house_number) == 0;
}

const struct library_asset *library_find(const struct library *library, const char *profile,
                                         const char *house_number)
{
    const struct library_question question = {.profile = profile,
                                              .airing = {.house_number = house_number}};
    return library_find_cleared(library, &question);
}

bool library_is_late(const struct library_asset *asset, const struct library_question *question)
{
    return question->before_ms > 0 && asset->created_ms >= question->before_ms &&
           (question->in_time == NULL || strcmp(question->in_time, asset->sha256) != 0);
}

static bool may_be_used(const struct library_asset *asset, const struct library_question *question)
{
    struct airing airing = question->airing;
    airing.sha256 = asset->sha256;
    return strcmp(asset->profile, question->profile) == 0 && !library_is_late(asset, question) &&
           (question->clearance == NULL ||
            question->clearance->may_air(question->clearance, &airing));
}

const struct library_asset *library_find_cleared(const struct library *library,
                                                 const struct library_question *question)
{
    const char *house_number = question->airing.house_number;
    for (size_t i = find_number(library, house_number); i < library->count; i++) {
        const struct library_asset *asset = &library->assets[i];
        if (strcmp(asset->house_number, house_number) != 0) {
            break;
        }
        if (may_be_used(asset, question)) {
            return asset;
        }
    }
    return NULL;
}

bool library_is_damaged(const struct library *library, const char *profile,
                        const char *house_number)
{
    const struct library_asset *damaged =
        library->damaged != NULL ? library_find(library->damaged, profile, house_number) : NULL;
    const struct library_asset *sound =
        damaged != NULL ? library_find(library, profile, house_number) : NULL;
    return damaged != NULL && (sound == NULL || sound->created_ms <= damaged->created_ms);
}

const struct library_asset *library_damaged(const struct library *library, size_t number)
{
    const struct library *damaged = library->damaged;
    for (size_t i = 0; damaged != NULL && i < damaged->count; i++) {
        const struct library_asset *asset = &damaged->assets[i];
        const struct library_asset *sound =
            library_find(library, asset->profile, asset->house_number);
        const bool is_replaced = sound != NULL && sound->created_ms > asset->created_ms;
        if (!is_replaced && number-- == 0) {
            return asset;
        }
    }
    return NULL;
}

const struct library_asset *library_get(const struct library *library, const char *sha256)
{
    for (size_t i = 0; i < library->count; i++) {
        if (strcmp(library->assets[i].sha256, sha256) == 0) {
            return &library->assets[i];
        }
    }
    return NULL;
}

/* --- What was meant --------------------------------------------------------------- */

enum { FOLDED_SIZE = 64 };

/*
 * A house number as it is told to others: "kt 007" and "KT-07" are both "KT7".
 * Its numbers are told apart: "KT-01-12" is "KT1-12".
 */
struct folded {
    char text[FOLDED_SIZE];
    char numbers[FOLDED_SIZE]; /* "1-12-" */
};

/* Takes the number at `at` over, without the zeros before it; returns what follows it. */
static const char *fold_number(const char *at, struct folded *folded)
{
    const size_t length = strlen(folded->text);
    const char *apart = length > 0 && isdigit((unsigned char)folded->text[length - 1]) ? "-" : "";
    while (*at == '0' && isdigit((unsigned char)at[1])) {
        at++;
    }
    const int digits = (int)strspn(at, "0123456789");
    snprintf(folded->text + length, FOLDED_SIZE - length, "%s%.*s", apart, digits, at);
    const size_t numbers = strlen(folded->numbers);
    snprintf(folded->numbers + numbers, FOLDED_SIZE - numbers, "%.*s-", digits, at);
    return at + digits;
}

/* What is too long is cut: it is like nothing. */
static struct folded fold(const char *house_number)
{
    struct folded folded = {0};
    for (const char *at = house_number; *at != '\0';) {
        const unsigned char sign = (unsigned char)*at;
        const size_t length = strlen(folded.text);
        if (isdigit(sign)) {
            at = fold_number(at, &folded);
            continue;
        }
        if ((sign >= 0x80 || isalpha(sign)) && length + 1 < FOLDED_SIZE) {
            folded.text[length] = (char)toupper(sign);
        }
        at++;
    }
    return folded;
}

const char *library_suggest(const struct library *library, const char *profile,
                            const char *house_number)
{
    const struct folded wanted = fold(house_number);
    struct folded nearest = {0};
    const char *found = NULL;
    for (size_t i = 0; i < library->count; i++) {
        const struct library_asset *asset = &library->assets[i];
        const struct folded folded = fold(asset->house_number);
        const char *const known[] = {nearest.text, folded.text, NULL};
        if ((profile == NULL || strcmp(asset->profile, profile) == 0) &&
            strcmp(folded.numbers, wanted.numbers) == 0 &&
            suggest(wanted.text, known) == folded.text) {
            nearest = folded;
            found = asset->house_number;
        }
    }
    return found;
}

bool library_is_cut_anywhere(const struct library_asset *asset)
{
    return asset->kind != ASSET_LESSON;
}

static int64_t length_of(const struct media_lengths *self, const char *sha256)
{
    const struct library_lengths *lengths = (const struct library_lengths *)self;
    const struct library *library = lengths->library;
    const struct library_asset *found = NULL;
    if (sha256[0] != '\0') {
        found = library_get(library, sha256);
        return found != NULL ? found->duration : 0;
    }
    for (size_t i = 0; i < library->count; i++) {
        const struct library_asset *asset = &library->assets[i];
        if (asset->kind == ASSET_SLATE && strcmp(asset->profile, lengths->profile) == 0 &&
            (found == NULL || asset->created_ms > found->created_ms)) {
            found = asset;
        }
    }
    return found != NULL ? found->duration : 0;
}

struct library_lengths library_lengths(const struct library *library, const char *profile)
{
    return (struct library_lengths){{length_of}, library, profile};
}
