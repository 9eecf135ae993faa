/* SPDX-License-Identifier: MIT */
#include "playout/options.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 64 };

const char *options_meant(const char *typed, const struct option *longs)
{
    const char *names[OPTIONS_MOST + 1] = {NULL};
    const char *meant = NULL;
    for (size_t i = 0; i < OPTIONS_MOST && longs[i].name != NULL; i++) {
        names[i] = longs[i].name;
    }
    if (strncmp(typed, "--", 2) != 0) {
        return NULL;
    }
    char *word = strndup(typed + 2, strcspn(typed + 2, "="));
    if (word != NULL) {
        meant = suggest(word, names);
    }
    free(word);
    return meant;
}

int options_next(int argc, char **argv, const char *shorts, const struct option *longs)
{
    const int option = getopt_long(argc, argv, shorts, longs, NULL);
    /* With optopt an argument is missing, or one too many. */
    const bool is_unknown = option == '?' && optopt == 0 && opterr != 0;
    const char *meant = is_unknown ? options_meant(argv[optind - 1], longs) : NULL;
    if (meant != NULL) {
        fprintf(stderr, _("Did you mean --%s?\n"), meant);
    }
    return option;
}
