/* SPDX-License-Identifier: MIT */
/*
 * take_line: the command lines of ketang take and its friends.
 *
 * One table says what each command wants on its line.
 */
#ifndef TOOLS_TAKE_LINE_H
#define TOOLS_TAKE_LINE_H

#include "tools/author_name.h"

#include <stdbool.h>

enum { TAKE_WORDS_MOST = 3 };

/* What was typed; the texts are of argv.  NULL: not said. */
struct take_order {
    const char *command; /* its name */
    const char *station_path;
    const char *words[TAKE_WORDS_MOST]; /* the channel first */
    int word_count;
    const char *reason;
    const char *by; /* NULL: the user */
    char author[AUTHOR_NAME_SIZE];
    const char *at;
    const char *minutes;
    const char *mode; /* of order_mode_name() */
};

/*
 * Reads the line of the command argv[0], which must be one of them.  0; 1: help was asked for and
 * has been printed; -EINVAL: what is wrong has been said.  Main thread (getopt).
 */
int take_line_read(int argc, char **argv, struct take_order *order);

/* Whether `replace` has its time behind the house number; then the line as it should be is said. */
bool take_line_is_swapped(const struct take_order *order);

#endif
