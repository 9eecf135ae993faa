/* SPDX-License-Identifier: MIT */
#include "playout/as_run_file.h"

#include "playout/as_run_chain.h"
#include "playout/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NAME_SIZE = 17, /* 2026-11-23.jsonl */
    DATE_SIZE = 10,
    TAIL_SIZE = 16384, /* longer than any line */
};

static void name_of_date(const struct civil *civil, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%04u-%02u-%02u.jsonl", (unsigned)civil->year % 10000,
             (unsigned)civil->month % 100, (unsigned)civil->day % 100);
}

static void name_of_day(const struct zone *zone, int64_t frame, char name[NAME_SIZE])
{
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    name_of_date(&civil, name);
}

static int is_day_file(const struct dirent *entry)
{
    return strlen(entry->d_name) == NAME_SIZE - 1 && entry->d_name[4] == '-' &&
           strcmp(entry->d_name + DATE_SIZE, ".jsonl") == 0;
}

/* Also ends a line that was cut off by a crash, so that it spoils no other. */
static int write_line(int fd, const char *text)
{
    char *line = NULL;
    char last = '\n';
    const off_t end = lseek(fd, 0, SEEK_END);
    if (end > 0 && pread(fd, &last, 1, end - 1) != 1) {
        return -EIO;
    }
    const int length = asprintf(&line, "%s%s\n", last == '\n' ? "" : "\n", text);
    if (length < 0) {
        return -ENOMEM;
    }
    int result = 0;
    const ssize_t written = write(fd, line, (size_t)length);
    if (written != length) {
        result = written < 0 ? -errno : -EIO;
    } else if (fdatasync(fd) < 0) {
        result = -errno;
    }
    free(line);
    return result;
}

/*
 * The chain of the last whole line of a file: 1, or 0 when it has none, or
 * -errno.  Looks at the end of the file, and further back when need be.
 */
static int last_chain(int fd, char chain[SHA256_HEX_SIZE])
{
    const off_t size = lseek(fd, 0, SEEK_END);
    for (off_t window = TAIL_SIZE;; window *= 8) {
        const off_t length = window < size ? window : size;
        char *tail = malloc((size_t)length + 1);
        if (tail == NULL) {
            return -ENOMEM;
        }
        const ssize_t got = pread(fd, tail, (size_t)length, size - length);
        const bool is_found = got > 0 && as_run_chain_last(tail, (size_t)got, chain);
        free(tail);
        if (got < 0 || is_found || length == size) {
            return got < 0 ? -EIO : is_found;
        }
    }
}

/* NULL: out of memory. */
static char *path_of(const struct as_run_file *file, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", file->folder, name) < 0 ? NULL : path;
}

/* The same by name.  A file that cannot be read has none: a line must be written all the same. */
static int last_chain_of(const struct as_run_file *file, const char *name,
                         char chain[SHA256_HEX_SIZE])
{
    char *path = path_of(file, name);
    const int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    const int result = fd >= 0 ? last_chain(fd, chain) : 0;
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return result;
}

/* The chain of the last whole line in the files before `name`: 1, 0 or -errno. */
static int chain_before(const struct as_run_file *file, const char *name,
                        char chain[SHA256_HEX_SIZE])
{
    struct dirent **entries = NULL;
    int result = 0;
    const int count = scandir(file->folder, &entries, is_day_file, alphasort);
    if (count < 0) {
        return -errno;
    }
    for (int i = count; i-- > 0;) {
        if (result == 0 && strcmp(entries[i]->d_name, name) < 0) {
            result = last_chain_of(file, entries[i]->d_name, chain);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

/* Seals the line by what is on disk before it, and writes it. */
static int write_sealed(const struct as_run_file *file, int fd, const char *name, const char *text)
{
    char previous[SHA256_HEX_SIZE] = AS_RUN_CHAIN_START;
    int result = last_chain(fd, previous);
    if (result == 0) {
        result = chain_before(file, name, previous);
    }
    if (result < 0) {
        return result;
    }
    char *sealed = as_run_chain_seal(previous, text);
    result = sealed != NULL ? write_line(fd, sealed) : -ENOMEM;
    free(sealed);
    return result;
}

/*
 * The file for a line of `frame`: that of its day, or that of the next day
 * when there is one already, as when an interruption is told after midnight or
 * the clock went back.  So lines are always added behind all others.
 */
static char *choose_file(const struct as_run_file *file, int64_t frame)
{
    char name[NAME_SIZE];
    struct civil civil = {0};
    civil_date(zone_date(file->zone, frame / FRAMES_PER_SECOND) + 1, &civil);
    name_of_date(&civil, name);
    char *next = path_of(file, name);
    if (next == NULL || access(next, F_OK) == 0) {
        return next;
    }
    free(next);
    name_of_day(file->zone, frame, name);
    return path_of(file, name);
}

static int append(const struct as_run_file *file, int64_t frame, const char *text)
{
    char *path = text != NULL ? choose_file(file, frame) : NULL;
    if (path == NULL) {
        return -ENOMEM;
    }
    int result = 0;
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0) {
        result = -errno;
    } else {
        result = lseek(fd, 0, SEEK_END) == 0 ? durable_sync_folder(path) : 0;
        if (result == 0) {
            result = write_sealed(file, fd, strrchr(path, '/') + 1, text);
        }
        close(fd);
    }
    free(path);
    return result;
}

static int write_record(struct as_run_sink *sink, const struct as_run_record *record)
{
    const struct as_run_file *file = (const struct as_run_file *)sink;
    char *text = as_run_record_json(record, file->zone);
    const int result = append(file, record->planned_start, text);
    free(text);
    return result;
}

void as_run_file_init(struct as_run_file *file, const char *folder, const struct zone *zone)
{
    *file = (struct as_run_file){.sink.write = write_record, .folder = folder, .zone = zone};
}

int as_run_file_interruption(struct as_run_file *file, const struct frame_span *span)
{
    char *text = as_run_interruption_json(span, file->zone);
    const int result = append(file, span->from, text);
    free(text);
    return result;
}

/* The greatest "end" in the last lines of a file; -1 when there is none. */
static int64_t last_end(const char *path)
{
    int64_t end = -1;
    char *tail = malloc(TAIL_SIZE + 1);
    const int fd = tail != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        const off_t size = lseek(fd, 0, SEEK_END);
        const off_t from = size > TAIL_SIZE ? size - TAIL_SIZE : 0;
        const ssize_t got = pread(fd, tail, TAIL_SIZE, from);
        tail[got > 0 ? got : 0] = '\0';
        char *rest = NULL;
        for (char *line = strtok_r(tail, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            json_t *object = json_loads(line, 0, NULL);
            const json_t *value = json_object_get(object, "end");
            if (json_integer_value(value) > end) {
                end = json_integer_value(value);
            }
            json_decref(object);
        }
        close(fd);
    }
    free(tail);
    return end;
}

int as_run_file_last(const struct as_run_file *file, int64_t *end)
{
    struct dirent **entries = NULL;
    const int count = scandir(file->folder, &entries, is_day_file, alphasort);
    if (count < 0) {
        return -errno;
    }
    int64_t found = -1;
    for (int i = count; i-- > 0;) {
        char *path = found < 0 ? path_of(file, entries[i]->d_name) : NULL;
        found = path != NULL ? last_end(path) : found;
        free(path);
        free(entries[i]);
    }
    free(entries);
    *end = found;
    return 0;
}

int as_run_file_expire(const struct as_run_file *file, int64_t frame, int days)
{
    const int64_t day_frames = INT64_C(86400) * FRAMES_PER_SECOND;
    char oldest[NAME_SIZE];
    struct dirent **entries = NULL;
    int removed = 0;
    name_of_day(file->zone, frame - days * day_frames, oldest);
    const int count = scandir(file->folder, &entries, is_day_file, alphasort);
    if (count < 0) {
        return -errno;
    }
    for (int i = 0; i < count; i++) {
        const bool is_old = strcmp(entries[i]->d_name, oldest) < 0;
        char *path = is_old ? path_of(file, entries[i]->d_name) : NULL;
        removed += path != NULL && unlink(path) == 0;
        free(path);
        free(entries[i]);
    }
    free(entries);
    return removed;
}
