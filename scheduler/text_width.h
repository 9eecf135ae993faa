/* SPDX-License-Identifier: MIT */
/* text_width: the columns of a terminal, or of a page of fixed width, that text takes. */
#ifndef SCHEDULER_TEXT_WIDTH_H
#define SCHEDULER_TEXT_WIDTH_H

#include <stddef.h>

/* Columns that UTF-8 text takes: wide characters take two.  What is no UTF-8 counts by bytes. */
int text_width(const char *text);

/* Takes off the end what is left of a character whose other bytes were cut off.  Returns `text`. */
char *text_whole(char *text);

/* Bytes of the text, whole characters, that fit into `width` columns. */
size_t text_width_fitting(const char *text, int width);

#endif
