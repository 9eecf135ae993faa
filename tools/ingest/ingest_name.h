/* SPDX-License-Identifier: MIT */
/*
 * ingest_name: names that come with files, made fit for the library and for
 * a terminal.  Nothing in them is trusted.
 */
#ifndef TOOLS_INGEST_NAME_H
#define TOOLS_INGEST_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A house number out of a path: the file's name without its ending.  Letters
 * and digits of all languages, '-', '_' and '.' stay; whatever else is
 * between them becomes one '-'.  "UNNAMED" when nothing stays.  Allocated;
 * NULL out of memory.
 */
char *ingest_house_number(const char *path);

/* True for what a person may choose: one to 64 bytes, printable, no blank at either end. */
bool ingest_is_house_number(const char *text);

/*
 * As much of the beginning of a printable UTF-8 text as fits into `columns`
 * of a terminal (Chinese characters take two), in `out`; returns `out`.
 */
const char *ingest_clip(const char *text, int columns, char *out, size_t size);

#endif
