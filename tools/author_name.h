/* SPDX-License-Identifier: MIT */
/*
 * author_name: who gives a command, in one form: names that differ in spaces alone are the same,
 * for whether one person signs two stages is seen by it.
 */
#ifndef TOOLS_AUTHOR_NAME_H
#define TOOLS_AUTHOR_NAME_H

#include "scheduler/store/store.h"

enum { AUTHOR_NAME_SIZE = STORE_NAME_MOST + 1 };

/*
 * Takes the name that was said by --by, without spaces of any kind around it and with one of ASCII
 * within; NULL: the user's name.  0; or -EINVAL, and says what is wrong: nothing is left of it, it
 * is too long, or has characters that cannot be seen.  `command` is "approve".
 */
int author_name_read(const char *command, const char *said, char name[AUTHOR_NAME_SIZE]);

#endif
