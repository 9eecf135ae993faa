/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_io.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libavutil/error.h>
#include <libavutil/mem.h>

enum { BUFFER_BYTES = 256 << 10 };

static int fd_of(void *opaque)
{
    return (int)(intptr_t)opaque;
}

static int read_some(void *opaque, uint8_t *bytes, int size)
{
    ssize_t got;
    do {
        got = read(fd_of(opaque), bytes, (size_t)size);
    } while (got < 0 && errno == EINTR);
    return got > 0 ? (int)got : got == 0 ? AVERROR_EOF : AVERROR(errno);
}

static int write_all(void *opaque, uint8_t *bytes, int size)
{
    for (int done = 0; done < size;) {
        const ssize_t put = write(fd_of(opaque), bytes + done, (size_t)(size - done));
        if (put < 0 && errno != EINTR) {
            return AVERROR(errno);
        }
        done += put > 0 ? (int)put : 0;
    }
    return size;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct stat status;
    if ((whence & AVSEEK_SIZE) != 0) {
        return fstat(fd_of(opaque), &status) < 0 ? AVERROR(errno) : status.st_size;
    }
    const off_t at = lseek(fd_of(opaque), offset, whence & ~AVSEEK_FORCE);
    return at < 0 ? AVERROR(errno) : at;
}

AVIOContext *ingest_io_open(int fd, bool is_written)
{
    if (lseek(fd, 0, SEEK_SET) < 0 || (is_written && ftruncate(fd, 0) < 0)) {
        return NULL;
    }
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    AVIOContext *io =
        buffer != NULL
            ? avio_alloc_context(buffer, BUFFER_BYTES, is_written, (void *)(intptr_t)fd,
                                 is_written ? NULL : read_some, is_written ? write_all : NULL, seek)
            : NULL;
    if (io == NULL) {
        av_free(buffer);
    }
    return io;
}

int ingest_io_close(AVIOContext **io)
{
    if (*io == NULL) {
        return 0;
    }
    avio_flush(*io);
    const int result = (*io)->error;
    av_freep(&(*io)->buffer);
    avio_context_free(io);
    return result;
}
