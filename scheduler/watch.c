/* SPDX-License-Identifier: MIT */
#include "scheduler/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* FNV-1a. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    return hash;
}

static bool ends_with(const char *name, const char *suffix)
{
    const size_t length = strlen(name);
    const size_t wanted = strlen(suffix);
    return length >= wanted && strcmp(name + length - wanted, suffix) == 0;
}

static uint64_t fingerprint_of(int folder, const char *name)
{
    struct stat status;
    uint64_t hash = mix(0xcbf29ce484222325u, name, strlen(name));
    if (fstatat(folder, name, &status, 0) == 0) {
        const int64_t facts[] = {(int64_t)status.st_size, (int64_t)status.st_mtim.tv_sec,
                                 (int64_t)status.st_mtim.tv_nsec, (int64_t)status.st_ino};
        hash = mix(hash, facts, sizeof(facts));
    }
    return hash;
}

/* What an entry adds to a folder's sum: the order of entries says nothing. */
static uint64_t weigh(DIR *dir, const struct dirent *entry, const char *suffix)
{
    const bool counts = entry->d_name[0] != '.' && ends_with(entry->d_name, suffix);
    return counts ? fingerprint_of(dirfd(dir), entry->d_name) : 0;
}

uint64_t watch_fingerprint(const char *folder, const char *suffix)
{
    uint64_t sum = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        sum += weigh(dir, entry, suffix);
    }
    closedir(dir);
    return sum + 1;
}

uint64_t watch_schedules(const char *folder)
{
    char *calendars = NULL;
    uint64_t seen = watch_fingerprint(folder, ".yaml");
    if (asprintf(&calendars, "%s/calendars", folder) >= 0) {
        seen += watch_fingerprint(calendars, ".yaml");
        free(calendars);
    }
    return seen;
}

uint64_t watch_file(const char *path)
{
    return fingerprint_of(AT_FDCWD, path);
}

/* --- Large folders ---------------------------------------------------------- */

struct watch_folder {
    char *path;
    uint64_t stamp;  /* the folder's own fingerprint at the last look at all of it */
    bool is_settled; /* that look found what the one before had found */
    uint64_t seen;
    DIR *pass;    /* over all files, some at each look; NULL: not begun */
    uint64_t sum; /* of those it has passed */
};

struct watch_folder *watch_folder_create(const char *path)
{
    struct watch_folder *watch = calloc(1, sizeof(*watch));
    if (watch != NULL && (watch->path = strdup(path)) == NULL) {
        free(watch);
        return NULL;
    }
    return watch;
}

static void end_pass(struct watch_folder *watch)
{
    if (watch->pass != NULL) {
        closedir(watch->pass);
    }
    watch->pass = NULL;
    watch->sum = 0;
}

void watch_folder_destroy(struct watch_folder *watch)
{
    if (watch == NULL) {
        return;
    }
    end_pass(watch);
    free(watch->path);
    free(watch);
}

static void look_at_some(struct watch_folder *watch)
{
    if (watch->pass == NULL) {
        watch->pass = opendir(watch->path);
    }
    for (int i = 0; watch->pass != NULL && i < WATCH_AT_A_LOOK; i++) {
        const struct dirent *entry = readdir(watch->pass);
        if (entry != NULL) {
            watch->sum += weigh(watch->pass, entry, "");
        } else {
            watch->seen = watch->sum + 1;
            end_pass(watch);
        }
    }
}

uint64_t watch_folder_look(struct watch_folder *watch)
{
    const uint64_t stamp = watch_file(watch->path); /* first: what comes later changes it again */
    if (stamp == watch->stamp && watch->is_settled) {
        look_at_some(watch);
        return watch->seen;
    }
    const uint64_t seen = watch_fingerprint(watch->path, "");
    end_pass(watch);
    /* Two files of one tick of the clock leave one time: hence a second look. */
    watch->is_settled = stamp == watch->stamp && seen == watch->seen;
    watch->stamp = stamp;
    watch->seen = seen;
    return seen;
}
