/* SPDX-License-Identifier: MIT */
#include "playout/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int durable_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (folder == NULL) {
        return -ENOMEM;
    }
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int result = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0) {
        close(fd);
    }
    free(folder);
    return result;
}

int durable_make_folder(const char *path)
{
    char *copy = strdup(path);
    int result = 0;
    if (copy == NULL) {
        return -ENOMEM;
    }
    for (char *at = copy + 1; result == 0; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        const char end = *at;
        *at = '\0';
        if (mkdir(copy, 0755) == 0) {
            result = durable_sync_folder(copy);
        } else if (errno != EEXIST) {
            result = -errno;
        }
        *at = end;
        if (end == '\0') {
            break;
        }
    }
    free(copy);
    return result;
}

int durable_write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        const ssize_t put = write(fd, at, size);
        if (put < 0 && errno != EINTR) {
            return -errno;
        }
        at += put > 0 ? put : 0;
        size -= put > 0 ? (size_t)put : 0;
    }
    return 0;
}

/* Where slices cannot be written by themselves, the last fsync() does it all. */
int durable_sync_while(int fd, bool (*goes_on)(void *context), void *context)
{
    enum { SLICE_BYTES = 8 << 20 };
    struct stat status;
    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    for (off_t at = 0; at < status.st_size; at += SLICE_BYTES) {
        if (!goes_on(context)) {
            return -ECANCELED;
        }
        (void)sync_file_range(fd, at, SLICE_BYTES,
                              SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                                  SYNC_FILE_RANGE_WAIT_AFTER);
    }
    return fsync(fd) < 0 ? -errno : 0;
}

int durable_flush(FILE *file)
{
    static const char page[4096];
    if (ferror(file)) {
        return write(fileno(file), page, sizeof(page)) < 0 ? -errno : -EIO;
    }
    return fflush(file) != 0 || fsync(fileno(file)) < 0 ? -errno : 0;
}

static int write_json(const char *path, const json_t *object, size_t flags)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return -errno;
    }
    const bool is_whole = json_dumpf(object, file, flags) == 0 && fputc('\n', file) != EOF;
    int result = durable_flush(file);
    if (result == 0 && !is_whole) {
        result = -EIO;
    }
    if (fclose(file) != 0 && result == 0) {
        result = -errno;
    }
    return result;
}

int durable_save_json(const char *path, const json_t *object, size_t flags)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.tmp", path) < 0) {
        return -ENOMEM;
    }
    int result = write_json(temporary, object, flags);
    if (result == 0 && rename(temporary, path) < 0) {
        result = -errno;
    }
    if (result == 0) {
        result = durable_sync_folder(path);
    } else {
        unlink(temporary);
    }
    free(temporary);
    return result;
}
