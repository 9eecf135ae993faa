/* SPDX-License-Identifier: MIT */
#include "scheduler/media_room.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { CONTAINER_PERCENT = 102, BITS_PER_BYTE = 8 };

/* The first folder above `path` that is there: what is not is made within it. */
static int ask_disk(const char *path, struct statvfs *disk)
{
    char *folder = strdup(path);
    int result = folder != NULL ? -ENOENT : -ENOMEM;
    while (result == -ENOENT) {
        result = statvfs(folder, disk) == 0 ? 0 : -errno;
        char *slash = strrchr(folder, '/');
        if (result != -ENOENT || strcmp(folder, ".") == 0 || strcmp(folder, "/") == 0) {
            break;
        }
        if (slash == NULL) {
            snprintf(folder, 2, "."); /* a name has at least one letter */
        } else {
            slash[slash == folder ? 1 : 0] = '\0';
        }
    }
    free(folder);
    return result;
}

int64_t media_room_free(const char *folder)
{
    struct statvfs disk;
    const int result = ask_disk(folder, &disk);
    return result < 0 ? result : (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

static double gigabytes(int64_t bytes)
{
    return (double)(bytes > 0 ? bytes : 0) / 1e9;
}

int media_room_check(const char *folder, int64_t bytes, int64_t reserve_bytes,
                     char text[MEDIA_ROOM_TEXT])
{
    const int64_t room = media_room_free(folder);
    if (room < 0 || room - reserve_bytes >= bytes) {
        return 0;
    }
    if (bytes == 0) {
        snprintf(text, MEDIA_ROOM_TEXT,
                 _("the disk of %s has %.1f GB free, less than the %.1f GB that are kept in "
                   "reserve: make room there"),
                 folder, gigabytes(room), gigabytes(reserve_bytes));
        return -ENOSPC;
    }
    snprintf(text, MEDIA_ROOM_TEXT,
             _("the disk of %s has %.1f GB free, of which %.1f GB are kept in reserve, and %.1f GB "
               "are wanted: make room there"),
             folder, gigabytes(room), gigabytes(reserve_bytes), gigabytes(bytes));
    return -ENOSPC;
}

int64_t media_room_of_asset(const struct profile *profile, int64_t frames)
{
    const int64_t rate_bps = profile->video.vbv_rate_bps + profile->audio.bitrate_bps;
    const int64_t bits = rate_bps / FRAMES_PER_SECOND * frames / 100 * CONTAINER_PERCENT;
    return bits / BITS_PER_BYTE;
}

const char *media_room_warning(const struct station *station, char text[MEDIA_ROOM_TEXT])
{
    const char *const folders[] = {station->media, station->state};
    text[0] = '\0';
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        const int64_t room = media_room_free(folders[i]);
        if (room < 0 || room >= station->keeping.warn_bytes) {
            continue;
        }
        snprintf(text, MEDIA_ROOM_TEXT,
                 room < station->keeping.reserve_bytes
                     ? _("the disk of %s has only %.1f GB free: no film is taken in and none is "
                         "made ready before there is room")
                     : _("the disk of %s has only %.1f GB free: make room before no film can be "
                         "taken in"),
                 folders[i], gigabytes(room));
        break;
    }
    return text;
}
