/* SPDX-License-Identifier: MIT */
/* submit_text: what became of a film that was handed in, in words. */
#ifndef TOOLS_SUBMIT_TEXT_H
#define TOOLS_SUBMIT_TEXT_H

#include "scheduler/submit_take.h"

#include <stdio.h>

enum { SUBMIT_NAME_SIZE = 512 };

/* The name of a file that somebody else has given it, fit to print.  Returns `text`. */
const char *submit_name(const char *path, char text[SUBMIT_NAME_SIZE]);

/* "name: number 12, for KT-42, in sd", or that it was handed in before. */
void submit_text_taken(FILE *out, const struct submit_taking *taking);

/* How a person says which lesson it is. */
enum submit_way {
    SUBMIT_COMMAND, /* handing it in with its house number */
    SUBMIT_RENAME,  /* calling it by its house number, in an inbox */
};

/* "name: which lesson is it?", those that it may be, and why, and the command that takes it. */
void submit_text_asked(FILE *out, const struct submit_desk *desk,
                       const struct submit_taking *taking, enum submit_way way);

/* "name: why not." */
void submit_text_failed(FILE *out, const struct submit_taking *taking);

#endif
