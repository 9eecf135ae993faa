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

uint64_t watch_fingerprint(const char *folder, const char *suffix)
{
    uint64_t sum = 0; /* the order of a folder's entries says nothing */
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] != '.' && ends_with(entry->d_name, suffix)) {
            sum += fingerprint_of(dirfd(dir), entry->d_name);
        }
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
