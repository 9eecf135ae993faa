/* SPDX-License-Identifier: MIT */
#include "playout/as_run_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
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

static void name_of_day(const struct zone *zone, int64_t frame, char name[NAME_SIZE])
{
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    snprintf(name, NAME_SIZE, "%04u-%02u-%02u.jsonl", (unsigned)civil.year % 10000,
             (unsigned)civil.month % 100, (unsigned)civil.day % 100);
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

static int append(const struct as_run_file *file, int64_t frame, const char *text)
{
    char name[NAME_SIZE];
    char *path = NULL;
    if (text == NULL) {
        return -ENOMEM;
    }
    name_of_day(file->zone, frame, name);
    if (asprintf(&path, "%s/%s", file->folder, name) < 0) {
        return -ENOMEM;
    }
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    const int error = errno;
    free(path);
    if (fd < 0) {
        return -error;
    }
    const int result = write_line(fd, text);
    close(fd);
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

static int is_day_file(const struct dirent *entry)
{
    return strlen(entry->d_name) == NAME_SIZE - 1 && entry->d_name[4] == '-' &&
           strcmp(entry->d_name + DATE_SIZE, ".jsonl") == 0;
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
        char *path = NULL;
        if (found < 0 && asprintf(&path, "%s/%s", file->folder, entries[i]->d_name) >= 0) {
            found = last_end(path);
            free(path);
        }
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
        char *path = NULL;
        if (strcmp(entries[i]->d_name, oldest) < 0 &&
            asprintf(&path, "%s/%s", file->folder, entries[i]->d_name) >= 0) {
            removed += unlink(path) == 0;
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return removed;
}
