/* SPDX-License-Identifier: MIT */
/*
 * inbox_folder: the folders of an inbox: what lies in them, for how long it has been
 * still, and the few files that are written there.  Every name is one of a folder that is
 * open; no link is followed.
 */
#ifndef TOOLS_INBOX_FOLDER_H
#define TOOLS_INBOX_FOLDER_H

#include "scheduler/film_list.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INBOX_MATCH_LIST "match-list.txt"

enum { INBOX_FILES_MOST = 5000, INBOX_SCHOOLS_MOST = 500 };

enum { INBOX_REFUSAL_SIZE = 900 };

struct inbox_file {
    char school[NAME_MAX + 1];
    char name[NAME_MAX + 1];
    int64_t size;
    int64_t mtime_ns;
    int64_t ctime_ms;
    int64_t since_ms; /* when it was first seen as it is */
    bool is_still;
    bool is_told; /* handed in or asked about, as it is */
    bool is_there;
    char refusal[INBOX_REFUSAL_SIZE]; /* as it is in the match list; "": none */
};

struct inbox_files {
    struct inbox_file *items;
    size_t count;
    size_t capacity;
    char (*schools)[NAME_MAX + 1];
    size_t school_count;
};

/*
 * Looks at all schools' folders, and says of each file whether it is still: unchanged for
 * `still_ms` as seen from look to look, or with `trusts_ctime` by its own time; and not open for
 * writing, where that can be told.  0 or -errno.
 */
int inbox_files_look(struct inbox_files *files, const char *path, int64_t now_ms, int64_t still_ms,
                     bool trusts_ctime);
void inbox_files_finish(struct inbox_files *files); /* accepts a zeroed one */

/* KT-42.srt and KT-42.mp4. */
bool inbox_same_stem(const struct inbox_file *a, const struct inbox_file *b);

/* Opens the folder of a school, and makes `taken` and `receipts` in it.  0 or -errno. */
int inbox_folder_open(const char *path, const char *school, int *folder);
void inbox_folder_close(int folder);

/* Reads an ordinary file, whole; allocated.  0 or -errno; -EFBIG: it has more than `most`. */
int inbox_folder_read(int folder, const char *name, size_t most, char **bytes, size_t *size);

/* Puts a file in place of what is there, whole or not at all; `inner` is a folder in it, or ".". */
int inbox_folder_write(int folder, const char *inner, const char *name, const char *bytes,
                       size_t size);

/* Writes the match list where it has changed, and takes it away when it is empty. */
int inbox_folder_match_list(int folder, const char *text, size_t size);

/* When a file was written.  0 or -errno. */
int inbox_folder_time(int folder, const char *inner, const char *name, int64_t *time_ms);

/* Moves a file to taken/ID-NAME; one that has changed since it was looked at stays.  0, -errno. */
int inbox_folder_take(int folder, const struct inbox_file *file, int64_t id);
int inbox_folder_take_name(int folder, const char *name, int64_t id);

/* True when a file that a row means was taken. */
bool inbox_folder_has_taken(int folder, const struct film_row *row);

#endif
