/* SPDX-License-Identifier: MIT */
/* title_match: whether two people have written down the same title.  Any thread. */
#ifndef SCHEDULER_TITLE_MATCH_H
#define SCHEDULER_TITLE_MATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { TITLE_MATCH_SIZE = 512 }; /* of a title, in bytes; what is beyond is not compared */

/*
 * True when all of `part` stands in `title`, blanks, signs (《》（）“”·-), case and the width of
 * letters apart; Lesson 1 does not stand in Lesson 10.  Without a letter
 * it stands in any.  Both are UTF-8.
 */
bool title_match_has(const char *title, const char *part);

/* The bytes of such a sign beyond ASCII, in UTF-8, that a text begins with, or 0. */
size_t title_match_sign(const char *text);

#endif
