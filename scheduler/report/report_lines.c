/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_lines.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_day_file(const struct dirent *entry)
{
    return strlen(entry->d_name) == DAY_FILE_SIZE - 1 && entry->d_name[4] == '-' &&
           entry->d_name[7] == '-' && strcmp(entry->d_name + DAY_SIZE, ".jsonl") == 0;
}

int report_day_files(const char *folder, struct day_files *files)
{
    struct dirent **entries = NULL;
    *files = (struct day_files){0};
    const int count = scandir(folder, &entries, is_day_file, alphasort);
    if (count < 0) {
        return errno == ENOENT ? 0 : -errno;
    }
    files->names = calloc((size_t)count + 1, sizeof(files->names[0]));
    for (int i = 0; i < count; i++) {
        if (files->names != NULL) {
            memcpy(files->names[i], entries[i]->d_name, DAY_FILE_SIZE);
        }
        free(entries[i]);
    }
    free(entries);
    files->count = files->names != NULL ? (size_t)count : 0;
    return files->names != NULL ? 0 : -ENOMEM;
}

void day_files_finish(struct day_files *files)
{
    free(files->names);
    *files = (struct day_files){0};
}

static int read_all(int fd, char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = read(fd, bytes + done, size - done);
        if (got <= 0) {
            return got < 0 ? -errno : -EIO;
        }
        done += (size_t)got;
    }
    return 0;
}

int report_read_day_file(const char *folder, const char *name, char **bytes, size_t *size)
{
    struct stat status;
    char *path = NULL;
    char *fresh = NULL;
    int result = 0;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        return -ENOMEM;
    }
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    if (fd < 0) {
        return -errno;
    }
    if (fstat(fd, &status) < 0) {
        result = -errno;
    } else if (!S_ISREG(status.st_mode)) {
        result = -EINVAL;
    } else if (status.st_size > DAY_FILE_BYTES_MOST) {
        result = -EFBIG;
    } else if ((fresh = malloc((size_t)status.st_size + 1)) == NULL) {
        result = -ENOMEM;
    } else {
        result = read_all(fd, fresh, (size_t)status.st_size);
    }
    close(fd);
    if (result < 0) {
        free(fresh);
        return result;
    }
    *bytes = fresh;
    *size = (size_t)status.st_size;
    return 0;
}

bool report_next_line(const char *bytes, size_t size, struct report_line *line)
{
    const char *end = bytes + size;
    const char *start = line->bytes != NULL ? line->bytes + line->length : bytes;
    if (line->bytes != NULL && start < end) {
        start++; /* the newline */
    }
    if (start >= end) {
        return false;
    }
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    line->bytes = start;
    line->length = (size_t)((newline != NULL ? newline : end) - start);
    line->number++;
    return true;
}
