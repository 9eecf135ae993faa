/* SPDX-License-Identifier: MIT */
/*
 * subtitle_lines: long lines of subtitles, broken where a reader of Chinese
 * would break them.
 *
 * Lines of about the same length; best after a mark of punctuation; never
 * before one that closes or after one that opens, nor inside a word or a
 * number.  (libass breaks at blanks alone, which Chinese has none of.)
 */
#ifndef TOOLS_INGEST_SUBTITLE_LINES_H
#define TOOLS_INGEST_SUBTITLE_LINES_H

/* Columns that a line may take: a Chinese character takes two. */
enum { SUBTITLE_COLUMNS = 54 };

/*
 * Text of an ASS event: UTF-8, "\N" ends a line, what is in braces is no text.
 * Returns it with more line ends: allocated, NULL out of memory.
 */
char *subtitle_lines_break(const char *text);

#endif
