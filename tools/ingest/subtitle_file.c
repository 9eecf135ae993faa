/* SPDX-License-Identifier: MIT */
#include "tools/ingest/subtitle_file.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fontconfig/fontconfig.h>

enum { BYTES_MOST = 8 << 20, CHINESE = 0x8bfe /* any of them: 课 */ };

/* All of it; allocated. */
static int read_whole(int fd, char **bytes, size_t *size)
{
    struct stat status;
    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    if (!S_ISREG(status.st_mode)) {
        return -EINVAL;
    }
    if (status.st_size > BYTES_MOST) {
        return -EFBIG;
    }
    *bytes = malloc((size_t)status.st_size + 1);
    if (*bytes == NULL) {
        return -ENOMEM;
    }
    *size = 0;
    for (ssize_t got = 1; got > 0 && *size < (size_t)status.st_size; *size += (size_t)got) {
        got = read(fd, *bytes + *size, (size_t)status.st_size - *size);
        if (got < 0) {
            return -errno;
        }
    }
    return 0;
}

static int keep_in_memory(const char *bytes, size_t size)
{
    const int fd = memfd_create("subtitles", MFD_CLOEXEC);
    const int result = fd < 0 ? -errno : durable_write_all(fd, bytes, size);
    if (result < 0 && fd >= 0) {
        close(fd);
    }
    return result < 0 ? result : fd;
}

int subtitle_file_open(const char *path, struct ingest_failure *failure)
{
    struct import_text text = {.text = NULL};
    char *bytes = NULL;
    size_t size = 0;
    const int source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int result = source < 0 ? -errno : read_whole(source, &bytes, &size);
    if (source >= 0) {
        close(source);
    }
    result = result < 0 ? result : import_text_decode(bytes, size, &text);
    result = result < 0 ? result : keep_in_memory(text.text, text.size);
    if (result == -EILSEQ) {
        ingest_fail_film(failure, result,
                         _("its subtitles are text neither in UTF-8 nor in GB18030 (GBK) nor in "
                           "UTF-16: save them as UTF-8, or hand the film in without them"));
    } else if (result == -EFBIG) {
        ingest_fail_film(failure, result,
                         _("its subtitles are larger than %d MB: is it the right file?"),
                         BYTES_MOST >> 20);
    } else if (result < 0) {
        ingest_fail(failure, result, _("its subtitles cannot be read: %s"), strerror(-result));
    }
    free(text.text);
    free(bytes);
    return result;
}

int subtitle_font_open(struct ingest_failure *failure)
{
    FcPattern *wanted = FcNameParse((const FcChar8 *)"Noto Sans CJK SC:medium");
    FcPattern *found = NULL;
    FcChar8 *path = NULL;
    FcResult verdict = FcResultNoMatch;
    int fd = -1;
    if (wanted != NULL && FcConfigSubstitute(NULL, wanted, FcMatchPattern)) {
        FcDefaultSubstitute(wanted);
        found = FcFontMatch(NULL, wanted, &verdict);
    }
    FcCharSet *letters = NULL;
    if (found != NULL && FcPatternGetCharSet(found, FC_CHARSET, 0, &letters) == FcResultMatch &&
        FcCharSetHasChar(letters, CHINESE) &&
        FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch) {
        fd = open((const char *)path, O_RDONLY | O_CLOEXEC);
    }
    const int result = fd < 0 ? -errno : fd;
    FcPatternDestroy(found);
    FcPatternDestroy(wanted);
    return fd >= 0
               ? result
               : ingest_fail(failure, -ENOENT,
                             _("there are no Chinese letters on this machine to write subtitles "
                               "with: install fonts-noto-cjk"));
}
