/* SPDX-License-Identifier: MIT */
#include "playout/media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Only the header: a week of events is measured in milliseconds. */
int media_read_header(const char *folder, const char *sha256, struct asset_index_header *header)
{
    char *path = asset_path(folder, sha256, "idx");
    if (path == NULL) {
        return -ENOMEM;
    }
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    int result = fd < 0 ? -errno : 0;
    free(path);
    if (fd < 0) {
        return result;
    }
    struct asset_index_header fresh;
    const ssize_t got = read(fd, &fresh, sizeof(fresh));
    if (got < 0) {
        result = -errno;
    } else if (got != (ssize_t)sizeof(fresh) ||
               memcmp(fresh.magic, ASSET_INDEX_MAGIC, sizeof(fresh.magic)) != 0 ||
               fresh.profile[sizeof(fresh.profile) - 1] != '\0') {
        result = -EBADMSG;
    } else {
        *header = fresh;
    }
    close(fd);
    return result;
}

static int64_t read_length(const char *folder, const char *sha256)
{
    struct asset_index_header header;
    return media_read_header(folder, sha256, &header) == 0 ? header.duration_frames : 0;
}

static size_t place_of(const char *sha256)
{
    const char first[] = {sha256[0], sha256[1], '\0'};
    return (size_t)strtoul(first, NULL, 16) % MEDIA_LENGTHS_KNOWN;
}

static int64_t media_length(const struct media_lengths *self, const char *sha256)
{
    struct media *media = (struct media *)(uintptr_t)self;
    if (sha256[0] == '\0') {
        return media->slate_frames;
    }
    struct media_length *known = &media->known[place_of(sha256)];
    if (strcmp(known->sha256, sha256) != 0) {
        const int64_t frames = read_length(media->folder, sha256);
        if (frames == 0) {
            return 0; /* it may still come: not remembered */
        }
        known->frames = frames;
        snprintf(known->sha256, sizeof(known->sha256), "%s", sha256);
    }
    return known->frames;
}

void media_init(struct media *media, const char *folder, int64_t slate_frames)
{
    *media = (struct media){
        .lengths.length = media_length, .folder = folder, .slate_frames = slate_frames};
}

static bool is_record_name(const char *name)
{
    const size_t length = strlen(name);
    char sha256[SHA256_HEX_SIZE];
    if (length != SHA256_HEX_SIZE - 1 + strlen(".json") ||
        strcmp(name + SHA256_HEX_SIZE - 1, ".json") != 0) {
        return false;
    }
    memcpy(sha256, name, SHA256_HEX_SIZE - 1);
    sha256[SHA256_HEX_SIZE - 1] = '\0';
    return asset_is_sha256(sha256);
}

/* Takes the record's name when it is a newer slate of the profile than the one found so far. */
static void consider(const char *folder, const char *name, const char *profile,
                     char sha256[SHA256_HEX_SIZE], int64_t *created_ms)
{
    char *path = NULL;
    struct asset_record record = {0};
    if (asprintf(&path, "%s/%s", folder, name) >= 0 && asset_record_load(path, &record) == 0 &&
        record.kind == ASSET_SLATE && record.is_proven && strcmp(record.profile, profile) == 0 &&
        record.created_ms > *created_ms) {
        *created_ms = record.created_ms;
        memcpy(sha256, record.sha256, SHA256_HEX_SIZE);
    }
    asset_record_finish(&record);
    free(path);
}

int media_open_slate(const char *folder, const char *profile, struct asset **slate)
{
    char sha256[SHA256_HEX_SIZE] = "";
    int64_t created_ms = INT64_MIN;
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return -errno;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (is_record_name(entry->d_name)) {
            consider(folder, entry->d_name, profile, sha256, &created_ms);
        }
    }
    closedir(directory);
    return sha256[0] == '\0' ? -ENOENT : asset_open(folder, sha256, true, slate);
}
