/* SPDX-License-Identifier: MIT */
#include "tools/author_name.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Spaces and line ends that follow each other become one space. */
static void join_spaces(char *text)
{
    char *out = text;
    for (const char *at = text; *at != '\0'; at++) {
        const bool is_space = *at == ' ' || *at == '\n';
        if (!is_space) {
            *out++ = *at;
        } else if (out[-1] != ' ') { /* none is at the start */
            *out++ = ' ';
        }
    }
    *out = '\0';
}

int author_name_read(const char *command, const char *said, char name[AUTHOR_NAME_SIZE])
{
    const char *user = getenv("USER");
    if (said == NULL) {
        said = user != NULL && user[0] != '\0' ? user : "root";
    }
    if (strlen(said) >= AUTHOR_NAME_SIZE) {
        fprintf(stderr, _("ketang %s: the name is too long; %d bytes are the most.\n"), command,
                STORE_NAME_MOST);
        return -EINVAL;
    }
    strcpy(name, said);
    if (import_text_clean(name) > 0) {
        fprintf(stderr,
                _("ketang %s: the name has characters that cannot be seen; type it anew.\n"),
                command);
        return -EINVAL;
    }
    join_spaces(name);
    if (name[0] == '\0') {
        fprintf(stderr, _("ketang %s: the name is empty; say who, by --by NAME.\n"), command);
        return -EINVAL;
    }
    return 0;
}
