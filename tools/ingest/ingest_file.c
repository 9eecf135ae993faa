/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_file.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <libavutil/avstring.h>

enum { PROBE_BYTES = 20 << 20 };

static int check(const struct stat *status, struct ingest_failure *failure)
{
    if (S_ISDIR(status->st_mode)) {
        return ingest_fail(failure, -EISDIR, _("this is a folder; name the files in it"));
    }
    if (!S_ISREG(status->st_mode)) {
        return ingest_fail(failure, -EINVAL, _("this is not an ordinary file"));
    }
    if (status->st_size == 0) {
        return ingest_fail(failure, -ENODATA,
                           _("the file is empty (0 bytes): hand it in again, the copy has failed"));
    }
    return 0;
}

int ingest_file_take(const char *path, struct stat *status, struct ingest_failure *failure)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe waits */
    if (fd < 0 || fstat(fd, status) < 0) {
        const int error = errno;
        if (fd >= 0) {
            close(fd);
        }
        return ingest_fail(failure, -error, _("the file cannot be read: %s"), strerror(error));
    }
    const int result = check(status, failure);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int ingest_file_still_is(const char *path, const struct stat *before,
                         struct ingest_failure *failure)
{
    struct stat now;
    if (stat(path, &now) < 0) {
        return ingest_fail(failure, -errno,
                           _("the file vanished while it was read (%s): hand it in again, and "
                             "leave it there until it is ready"),
                           strerror(errno));
    }
    if (now.st_dev != before->st_dev || now.st_ino != before->st_ino ||
        now.st_size != before->st_size || now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != before->st_mtim.tv_nsec) {
        return ingest_fail(failure, -ESTALE,
                           _("the file changed while it was read: wait until its copy is "
                             "complete, then hand it in again"));
    }
    return 0;
}

/* A film that wants further files opened does not get them. */
static int open_nothing_else(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                             AVDictionary **options)
{
    (void)format;
    (void)io;
    (void)url;
    (void)flags;
    (void)options;
    return AVERROR(EPERM);
}

/* Formats that only name other files, or are no film. */
static bool is_refused_format(const char *name)
{
    static const char *const REFUSED[] = {
        "concat", "hls", "dash", "imf", "sdp", "rtsp", "tty", "txt", "webm_dash_manifest"};
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
        if (av_match_name(REFUSED[i], name)) {
            return true;
        }
    }
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, "_pipe") == 0; /* still pictures */
}

static int probe(AVIOContext *io, const char *name, const AVInputFormat **input,
                 struct ingest_failure *failure)
{
    const int result = av_probe_input_buffer2(io, input, name, NULL, 0, PROBE_BYTES);
    if (result >= 0 && is_refused_format((*input)->name)) {
        return ingest_fail(failure, AVERROR_INVALIDDATA,
                           _("this is no film but a list or a single picture (%s): hand in the "
                             "film itself, as MP4"),
                           (*input)->name);
    }
    return result;
}

static int open_format(AVFormatContext **format, AVIOContext *io, const AVInputFormat *input)
{
    *format = avformat_alloc_context();
    if (*format == NULL) {
        return AVERROR(ENOMEM);
    }
    (*format)->pb = io;
    (*format)->io_open = open_nothing_else;
    (*format)->probesize = PROBE_BYTES;
    const int result = avformat_open_input(format, NULL, input, NULL); /* frees when it fails */
    return result < 0 ? result : avformat_find_stream_info(*format, NULL);
}

int ingest_file_open(int fd, const char *name, AVFormatContext **format, AVIOContext **io,
                     struct ingest_failure *failure)
{
    const AVInputFormat *input = NULL;
    *io = ingest_io_open(fd, false);
    if (*io == NULL) {
        return ingest_fail(failure, -ENOMEM, _("out of memory"));
    }
    int result = probe(*io, name, &input, failure);
    if (result >= 0) {
        result = open_format(format, *io, input);
    }
    if (result < 0) {
        avformat_close_input(format);
        (void)ingest_io_close(io);
        return ingest_fail(failure, result,
                           _("this is no film that can be opened, or its end is missing: export "
                             "it again as MP4 (%s)"),
                           av_err2str(result));
    }
    return 0;
}
