/* SPDX-License-Identifier: MIT */
#include "playout/recording.h"

#include "playout/tape.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STAMP_SIZE = 24, /* 20261124T110000+0800.ts */
    NAME_SIZE = 96,
    PARTS = 4,   /* a file is at most this part of all */
    CHECKS = 64, /* the folder is looked at whenever this part of all has been written */
    MINUTE_S = 60,
};

struct recording {
    char *folder;
    char *name;
    const struct zone *zone;
    int slots_per_second;
    int minutes;
    int64_t max_bytes;

    int fd; /* -1: none open */
    char file[NAME_SIZE];
    int64_t period;    /* of the file, counted from the epoch of the local time, and */
    int offset;        /* that time's offset */
    int64_t size;      /* of the file */
    int64_t unchecked; /* bytes written since the folder was looked at */
    int64_t failed_s;  /* the second in which the last attempt failed */
    int error;         /* and why; 0: it did not */

    int64_t second; /* the last one that was looked up, and */
    struct civil civil;
};

struct recording *recording_create(const struct recording_options *options)
{
    struct recording *recording = calloc(1, sizeof(*recording));
    if (recording == NULL) {
        return NULL;
    }
    recording->fd = -1;
    recording->second = -1;
    recording->zone = options->zone;
    recording->slots_per_second = options->slots_per_second;
    recording->minutes = options->minutes;
    recording->max_bytes = options->max_bytes;
    recording->folder = strdup(options->folder);
    recording->name = strdup(options->name);
    if (recording->folder == NULL || recording->name == NULL) {
        recording_destroy(recording);
        return NULL;
    }
    return recording;
}

static void close_file(struct recording *recording)
{
    if (recording->fd >= 0) {
        (void)fdatasync(recording->fd);
        close(recording->fd);
        recording->fd = -1;
    }
}

void recording_destroy(struct recording *recording)
{
    if (recording == NULL) {
        return;
    }
    close_file(recording);
    free(recording->folder);
    free(recording->name);
    free(recording);
}

static void look_up(struct recording *recording, int64_t second)
{
    if (second == recording->second) {
        return;
    }
    recording->second = second;
    if (recording->zone != NULL) {
        zone_to_civil(recording->zone, second, &recording->civil);
        return;
    }
    enum { DAY_S = 86400 };
    recording->civil = (struct civil){.hour = (int)(second % DAY_S / 3600),
                                      .minute = (int)(second % 3600 / 60),
                                      .second = (int)(second % 60)};
    civil_date(second / DAY_S, &recording->civil);
}

static void make_name(struct recording *recording)
{
    const struct civil *at = &recording->civil;
    const unsigned minutes = (unsigned)abs(at->offset) / MINUTE_S;
    snprintf(recording->file, sizeof(recording->file), "%s-%04u%02u%02uT%02u%02u%02u%c%02u%02u.ts",
             recording->name, (unsigned)at->year % 10000, (unsigned)at->month % 100,
             (unsigned)at->day % 100, (unsigned)at->hour % 100, (unsigned)at->minute % 100,
             (unsigned)at->second % 100, at->offset < 0 ? '-' : '+', minutes / 60 % 100,
             minutes % 60);
}

static bool is_ours(const struct recording *recording, const char *file)
{
    const size_t length = strlen(recording->name);
    return strncmp(file, recording->name, length) == 0 && file[length] == '-' &&
           strlen(file) == length + STAMP_SIZE && strcmp(file + strlen(file) - 3, ".ts") == 0;
}

/* What our files take together, and the oldest of them apart from the one being written. */
static int64_t survey(const struct recording *recording, int folder, char oldest[NAME_SIZE])
{
    int64_t total = 0;
    DIR *list = fdopendir(dup(folder));
    oldest[0] = '\0';
    if (list == NULL) {
        return 0;
    }
    rewinddir(list); /* the place in it is shared with `folder` */
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        struct stat status;
        if (!is_ours(recording, entry->d_name) || strlen(entry->d_name) >= NAME_SIZE ||
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(status.st_mode)) {
            continue;
        }
        total += status.st_size;
        if (strcmp(entry->d_name, recording->file) != 0 &&
            (oldest[0] == '\0' || strcmp(entry->d_name, oldest) < 0)) {
            snprintf(oldest, NAME_SIZE, "%s", entry->d_name);
        }
    }
    closedir(list);
    return total;
}

/* Removes the oldest files until a part more than what is there fits into the limit. */
static void make_room(struct recording *recording)
{
    char oldest[NAME_SIZE];
    const int folder = open(recording->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    recording->unchecked = 0;
    if (folder < 0) {
        return;
    }
    const int64_t room = recording->max_bytes - recording->max_bytes / CHECKS;
    while (survey(recording, folder, oldest) > room && oldest[0] != '\0' &&
           unlinkat(folder, oldest, 0) == 0) {
    }
    close(folder);
}

/* An existing file goes on, without what a crash left of its last datagram. */
static int open_file(struct recording *recording)
{
    char *path = NULL;
    make_name(recording);
    if (mkdir(recording->folder, 0755) < 0 && errno != EEXIST) {
        return -errno;
    }
    if (asprintf(&path, "%s/%s", recording->folder, recording->file) < 0) {
        return -ENOMEM;
    }
    recording->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
    int result = recording->fd < 0 ? -errno : 0;
    free(path);
    if (result < 0) {
        return result;
    }
    const off_t end = lseek(recording->fd, 0, SEEK_END);
    recording->size = end < 0 ? 0 : end - end % DATAGRAM_SIZE;
    if (ftruncate(recording->fd, recording->size) < 0) {
        result = -errno;
        close_file(recording);
        return result;
    }
    make_room(recording);
    return 0;
}

/* Writes all of it, or takes back what was written of the last datagram.  Datagrams written. */
static size_t append(struct recording *recording, const uint8_t *bytes, size_t count, int *error)
{
    const size_t size = count * DATAGRAM_SIZE;
    size_t done = 0;
    while (done < size) {
        const ssize_t written = write(recording->fd, bytes + done, size - done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            *error = written < 0 ? errno : EIO;
            break;
        }
        done += (size_t)written;
    }
    const size_t whole = done / DATAGRAM_SIZE;
    recording->size += (int64_t)(whole * DATAGRAM_SIZE);
    recording->unchecked += (int64_t)(whole * DATAGRAM_SIZE);
    if (done % DATAGRAM_SIZE != 0 && ftruncate(recording->fd, recording->size) < 0) {
        close_file(recording); /* mended when it is opened again */
    }
    return whole;
}

static int64_t second_of(const struct recording *recording, uint64_t datagram)
{
    return (int64_t)(datagram * PACKETS_PER_DATAGRAM / (uint64_t)recording->slots_per_second);
}

static int64_t period_of(struct recording *recording, int64_t second)
{
    look_up(recording, second);
    return (second + recording->civil.offset) / (recording->minutes * MINUTE_S);
}

/* Makes the file of a second the open one. */
static int follow(struct recording *recording, int64_t second)
{
    const int64_t period = period_of(recording, second);
    if (recording->error != 0 && recording->failed_s == second) {
        return -recording->error; /* not more than one attempt a second */
    }
    if (recording->fd >= 0 && period == recording->period &&
        recording->civil.offset == recording->offset &&
        recording->size < recording->max_bytes / PARTS) {
        return 0;
    }
    close_file(recording);
    recording->period = period;
    recording->offset = recording->civil.offset;
    return open_file(recording);
}

/* How many of the datagrams from `first` on belong to the same second. */
static size_t run_of(const struct recording *recording, uint64_t first, size_t count)
{
    const uint64_t slots = (uint64_t)recording->slots_per_second;
    const uint64_t next = (uint64_t)(second_of(recording, first) + 1) * slots; /* a slot */
    const uint64_t end = (next + PACKETS_PER_DATAGRAM - 1) / PACKETS_PER_DATAGRAM;
    return end - first < count ? (size_t)(end - first) : count;
}

static size_t write_run(struct recording *recording, uint64_t first, size_t count,
                        const uint8_t *bytes)
{
    const int64_t second = second_of(recording, first);
    int error = -follow(recording, second);
    const size_t written = error == 0 ? append(recording, bytes, count, &error) : 0;
    recording->failed_s = second;
    recording->error = error;
    if (recording->unchecked > recording->max_bytes / CHECKS) {
        make_room(recording);
    }
    return written;
}

size_t recording_write(struct recording *recording, uint64_t first, size_t count,
                       const uint8_t *bytes, int *error)
{
    size_t lost = 0;
    *error = 0;
    while (count > 0) {
        const size_t run = run_of(recording, first, count);
        lost += run - write_run(recording, first, run, bytes);
        *error = recording->error != 0 ? recording->error : *error;
        first += run;
        bytes += run * DATAGRAM_SIZE;
        count -= run;
    }
    return lost;
}
