/* SPDX-License-Identifier: MIT */
/* reasons_text: the reasons of plans and records (reasons.h), for people to read. */
#ifndef SCHEDULER_REASONS_TEXT_H
#define SCHEDULER_REASONS_TEXT_H

#include <stddef.h>

enum { REASONS_TEXT_SIZE = 1024 };

/*
 * Writes them in the reader's language, joined by its signs.  What the daemons
 * said in theirs is translated where it is a sentence without numbers; what
 * operators wrote stays as it is.  `reasons` may be NULL.
 */
void reasons_text(const char *reasons, char *text, size_t size);

#endif
