/* SPDX-License-Identifier: MIT */
/*
 * inbox: a folder into which schools put their films, each into one of its own.
 *
 *     INBOX/示例学校A/KT-42.mp4, KT-42.srt, 清单.csv    handed in when they are still
 *                    /taken/12-KT-42.mp4               what was taken
 *                    /receipts/12.html, 12.txt         what becomes of it
 *                    /match-list.txt                   what a person has to say
 *
 * Files of strangers: no link is followed, nothing but ordinary files is opened, and
 * nothing that a name or file holds leads out of the folder.  A file is still when its
 * size and times have been the same for a while, and nobody has it open for writing,
 * where that can be told.  Time is an argument.
 */
#ifndef TOOLS_INBOX_H
#define TOOLS_INBOX_H

#include "tools/store_command.h"

struct inbox;

struct inbox_settings {
    const char *path;
    const char *author;
    int64_t still_ms;  /* so long nothing of a file may have changed */
    bool trusts_ctime; /* a file's own time says how long: it is looked at once only */
};

/* Borrows the settings.  NULL: out of memory. */
struct inbox *inbox_create(const struct inbox_settings *settings);
void inbox_destroy(struct inbox *inbox); /* accepts NULL */

/* Looks what there is, and what of it is still; 0, or -errno: the folder cannot be read. */
int inbox_look(struct inbox *inbox, int64_t now_ms);

/* True when something still has not been handed in, or asked about, since the last look. */
bool inbox_has_news(const struct inbox *inbox);

struct inbox_counts {
    size_t taken;
    size_t asked;   /* on the match lists */
    size_t waiting; /* not still yet */
};

/*
 * Hands in what is still, into the open store; writes receipts and match lists, and brings
 * receipts up to date.  What is taken and asked is printed.  0, or -errno of the first thing
 * that was not possible, which it has said: try again later.
 */
int inbox_work(struct inbox *inbox, const struct store_command *command, int64_t now_ms,
               struct inbox_counts *counts);

/* Prints the match lists as they are.  0 or -errno. */
int inbox_list(const char *path);

#endif
