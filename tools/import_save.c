/* SPDX-License-Identifier: MIT */
#include "tools/import_save.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "scheduler/import/import_keep.h"
#include "scheduler/yaml_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int import_load(const char *path, size_t most, char **bytes, size_t *size)
{
    enum { CHUNK = 1 << 16 };
    size_t used = 0;
    int result = 0;
    char *read = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return -errno;
    }
    for (;;) {
        char *grown = realloc(read, used + CHUNK);
        if (grown == NULL) {
            result = -ENOMEM;
            break;
        }
        read = grown;
        const size_t got = fread(read + used, 1, CHUNK, file);
        used += got;
        if (got < CHUNK || used > most) {
            result = ferror(file) ? -EIO : 0;
            break;
        }
    }
    fclose(file);
    if (result < 0) {
        free(read);
        return result;
    }
    *bytes = read;
    *size = used;
    return 0;
}

static int compose(const struct import *import, const struct import_output *output, char **text,
                   size_t *size)
{
    FILE *out = open_memstream(text, size);
    if (out == NULL) {
        return -ENOMEM;
    }
    const int result = import_write(import, output, out);
    return fclose(out) != 0 && result == 0 ? -ENOMEM : result;
}

/* FILE.old, or the first of FILE.old2 ... that is free: a copy is never written over. */
static int keep_copy(const char *path, char **copy)
{
    enum { COPIES_MOST = 99 };
    for (int i = 1; i <= COPIES_MOST; i++) {
        char number[12] = "";
        if (i > 1) {
            snprintf(number, sizeof(number), "%d", i);
        }
        if (asprintf(copy, "%s.old%s", path, number) < 0) {
            *copy = NULL;
            return -ENOMEM;
        }
        if (link(path, *copy) == 0) {
            return 0;
        }
        const int result = -errno;
        free(*copy);
        *copy = NULL;
        if (result != -EEXIST) {
            return result;
        }
    }
    return -EEXIST;
}

static void tell_kept(const struct import_kept *kept, int result, const char *copy)
{
    fprintf(stderr, _("The timetable that was there is kept as %s.\n"), copy);
    if (result < 0) {
        fputs(_("Nothing of it could be taken over, for it is no plain timetable.\n"), stderr);
        return;
    }
    if (kept->kept != NULL) {
        fprintf(stderr, _("Taken over from it, for the sheet says nothing of them: %s.\n"),
                kept->kept);
    }
    if (kept->replaced != NULL) {
        fprintf(stderr, _("Replaced by what the sheet says: %s.\n"), kept->replaced);
    }
    if (kept->lost != NULL) {
        fprintf(stderr,
                _("Left out, for they belong to the lessons of the old grid: %s; copy from %s what "
                  "still holds.\n"),
                kept->lost, copy);
    }
    fputs(_("See with 'ketang check' whether all of it fits together.\n"), stderr);
}

/* The fresh text becomes one that has what is kept of the old file. */
static int take_over(const char *path, char **text, size_t *size)
{
    struct import_kept kept = {0};
    char *old = NULL;
    char *copy = NULL;
    char *merged = NULL;
    size_t old_size = 0;
    size_t merged_size = 0;
    FILE *out = NULL;
    int kept_result = 0;
    int result = import_load(path, YAML_TREE_BYTES_MOST, &old, &old_size);
    if (result == 0) {
        result = keep_copy(path, &copy);
    }
    if (result == 0 && (out = open_memstream(&merged, &merged_size)) == NULL) {
        result = -ENOMEM;
    }
    if (result < 0) {
        goto cleanup;
    }
    kept_result = import_keep(old, old_size, *text, *size, out, &kept);
    if (fclose(out) != 0 || kept_result == -ENOMEM) {
        result = -ENOMEM;
        goto cleanup;
    }
    if (kept_result == 0) {
        free(*text);
        *text = merged;
        *size = merged_size;
        merged = NULL;
    }
    tell_kept(&kept, kept_result, copy);

cleanup:
    import_kept_finish(&kept);
    free(merged);
    free(copy);
    free(old);
    return result;
}

static int write_all(int descriptor, const char *text, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(descriptor, text, size);
        if (written < 0 && errno != EINTR) {
            return -errno;
        }
        text += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* Under a temporary name first. */
static int put(const char *path, bool is_forced, const char *text, size_t size)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.%ld.part", path, (long)getpid()) < 0) {
        return -ENOMEM;
    }
    const int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int result = descriptor >= 0 ? write_all(descriptor, text, size) : -errno;
    if (result == 0 && fsync(descriptor) < 0) {
        result = -errno;
    }
    if (descriptor >= 0 && close(descriptor) < 0 && result == 0) {
        result = -errno;
    }
    /* link() never replaces a file that came meanwhile, rename() does. */
    if (result == 0 && (is_forced ? rename(temporary, path) : link(temporary, path)) < 0) {
        result = -errno;
    }
    if (result == 0) {
        result = durable_sync_folder(path);
    }
    (void)unlink(temporary);
    free(temporary);
    return result;
}

int import_save(const struct import *import, const struct import_output *output, const char *path,
                bool is_forced)
{
    if (strcmp(path, "-") == 0) {
        const int result = import_write(import, output, stdout);
        return result == 0 && fflush(stdout) != 0 ? -errno : result;
    }
    char *text = NULL;
    size_t size = 0;
    const bool is_there = access(path, F_OK) == 0;
    int result = is_there && !is_forced ? -EEXIST : compose(import, output, &text, &size);
    if (result == 0 && is_there) {
        result = take_over(path, &text, &size);
    }
    if (result == 0) {
        result = put(path, is_forced, text, size);
    }
    if (result == -EEXIST) {
        fprintf(stderr,
                _("ketang import: %s is there already; choose another name, or say "
                  "--force.\n"),
                path);
    } else if (result < 0) {
        fprintf(stderr, _("ketang import: %s cannot be written: %s.\n"), path, strerror(-result));
    } else {
        fprintf(stderr, _("%s is written.\n"), path);
    }
    free(text);
    return result;
}
