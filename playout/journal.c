/* SPDX-License-Identifier: MIT */
#include "playout/journal.h"

#include "playout/asset.h"
#include "playout/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool parse_version(const json_t *object, const char *key, int *version)
{
    const json_t *value = json_object_get(object, key);
    *version = (int)json_integer_value(value);
    return json_is_integer(value) && *version >= 0 && *version < 32;
}

static int parse_adopt(const json_t *object, struct journal_entry *entry)
{
    entry->kind = JOURNAL_ADOPT;
    entry->revision = json_integer_value(json_object_get(object, "adopt"));
    const bool is_sound = entry->revision > 0 &&
                          parse_version(object, "eit_version", &entry->eit_version) &&
                          parse_version(object, "schedule_version", &entry->schedule_version);
    return is_sound ? 0 : -EBADMSG;
}

static int parse_substitute(const json_t *object, struct journal_entry *entry)
{
    const json_t *from = json_object_get(object, "from");
    const char *asset = json_string_value(json_object_get(object, "asset"));
    const char *reason = json_string_value(json_object_get(object, "reason"));
    entry->kind = JOURNAL_SUBSTITUTE;
    entry->seq = json_integer_value(json_object_get(object, "substitute"));
    entry->from = json_integer_value(from);
    if (!json_is_integer(from) || asset == NULL || (asset[0] != '\0' && !asset_is_sha256(asset))) {
        return -EBADMSG;
    }
    memcpy(entry->asset, asset, strlen(asset) + 1);
    if (reason != NULL && (entry->reason = strdup(reason)) == NULL) {
        return -ENOMEM;
    }
    return 0;
}

static int parse_line(const char *line, struct journal_entry *entry)
{
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const json_t *frame = json_object_get(object, "frame");
    int result = -EBADMSG;
    *entry = (struct journal_entry){.frame = json_integer_value(frame)};
    if (json_is_integer(frame)) {
        result = json_is_integer(json_object_get(object, "adopt")) ? parse_adopt(object, entry)
                 : json_is_integer(json_object_get(object, "substitute"))
                     ? parse_substitute(object, entry)
                     : -EBADMSG;
    }
    json_decref(object);
    return result;
}

static int add_entry(struct journal *journal, const struct journal_entry *entry)
{
    struct journal_entry *grown = realloc(journal->entries, (journal->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    journal->entries = grown;
    grown[journal->count++] = *entry;
    return 0;
}

static int read_lines(FILE *file, struct journal *journal, int *line)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length = 0;
    int result = 0;
    int64_t last_frame = INT64_MIN;

    while (result == 0 && (length = getline(&text, &capacity, file)) > 0) {
        ++*line;
        if (text[length - 1] != '\n') {
            break; /* never acknowledged: power was lost while it was written */
        }
        struct journal_entry entry;
        result = parse_line(text, &entry);
        if (result == 0 && entry.frame < last_frame) {
            result = -EBADMSG;
        }
        if (result == 0) {
            last_frame = entry.frame;
            result = add_entry(journal, &entry);
        }
        if (result < 0) {
            free(entry.reason);
        }
    }
    if (result == 0 && ferror(file)) {
        result = -EIO;
    }
    free(text);
    return result;
}

int journal_load(const char *path, struct journal *journal, int *line)
{
    struct journal loaded = {0};
    int lines = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        if (errno != ENOENT) {
            return -errno;
        }
        *journal = loaded;
        return 0;
    }
    const int result = read_lines(file, &loaded, &lines);
    fclose(file);
    if (result < 0) {
        if (line != NULL) {
            *line = lines;
        }
        journal_finish(&loaded);
        return result;
    }
    *journal = loaded;
    return 0;
}

void journal_finish(struct journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        free(journal->entries[i].reason);
    }
    free(journal->entries);
    *journal = (struct journal){0};
}

static json_t *to_json(const struct journal_entry *entry)
{
    if (entry->kind == JOURNAL_ADOPT) {
        return json_pack("{s:I, s:I, s:i, s:i}", "adopt", (json_int_t)entry->revision, "frame",
                         (json_int_t)entry->frame, "eit_version", entry->eit_version,
                         "schedule_version", entry->schedule_version);
    }
    /* A reason that is no UTF-8 is left out: the entry itself matters more. */
    return json_pack("{s:I, s:I, s:I, s:s, s:o*}", "substitute", (json_int_t)entry->seq, "frame",
                     (json_int_t)entry->frame, "from", (json_int_t)entry->from, "asset",
                     entry->asset, "reason", json_string(entry->reason));
}

/* Cuts what follows the last newline: a line that was never acknowledged.  *end: the size left. */
static int cut_incomplete_line(int fd, off_t *end)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    char byte = '\n';
    *end = size;
    while (*end > 0 && pread(fd, &byte, 1, *end - 1) == 1 && byte != '\n') {
        --*end;
    }
    return *end < size && ftruncate(fd, *end) < 0 ? -errno : 0;
}

/* A line that is not safely on disk must not be found there by the next start either. */
static void take_back(int fd, off_t end)
{
    if (ftruncate(fd, end) == 0) {
        (void)fdatasync(fd);
    }
}

static int write_line(int fd, const char *text)
{
    char *line = NULL;
    const int length = asprintf(&line, "%s\n", text);
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

int journal_append(const char *path, struct journal *journal, const struct journal_entry *entry)
{
    struct journal_entry copy = *entry;
    int result = 0;
    int fd = -1;
    off_t end = 0;
    json_t *object = to_json(entry);
    char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    copy.reason = entry->reason != NULL ? strdup(entry->reason) : NULL;
    if (text == NULL || (entry->reason != NULL && copy.reason == NULL)) {
        result = -ENOMEM;
        goto cleanup;
    }
    fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        result = -errno;
        goto cleanup;
    }
    result = cut_incomplete_line(fd, &end);
    if (result == 0 && end == 0) {
        result = durable_sync_folder(path);
    }
    if (result == 0) {
        result = write_line(fd, text);
        result = result == 0 ? add_entry(journal, &copy) : result;
        if (result < 0) {
            take_back(fd, end);
        }
    }

cleanup:
    if (fd >= 0) {
        close(fd);
    }
    if (result < 0) {
        free(copy.reason);
    }
    free(text);
    json_decref(object);
    return result;
}
