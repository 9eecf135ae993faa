/* SPDX-License-Identifier: MIT */
/* markup: text of people in HTML and XML. */
#ifndef SCHEDULER_MARKUP_H
#define SCHEDULER_MARKUP_H

#include <stdio.h>

/* Escaped, for attributes too; what XML has no character for is left out. */
void markup_text(FILE *out, const char *text);

#endif
