/* SPDX-License-Identifier: MIT */
#include "playout/options.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 64, NAME_SIZE = 64 };

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

/* "ketang extend", for a command has its own name alone; a program without its folder. */
static const char *full_name(const char *name, char text[NAME_SIZE])
{
    const char *slash = strrchr(name, '/');
    name = slash != NULL ? slash + 1 : name;
    snprintf(text, NAME_SIZE, "%s%s", strncmp(name, "ketang", 6) == 0 ? "" : "ketang ", name);
    return text;
}

/* Its long name; NULL: getopt_long() means no such option by `optopt`. */
static const char *long_of_optopt(const struct option *longs)
{
    for (size_t i = 0; longs[i].name != NULL; i++) {
        if (longs[i].val == optopt) {
            return longs[i].name;
        }
    }
    return NULL;
}

/* What was typed: how many options it is the beginning of. */
static size_t count_begun(const char *word, const struct option *longs)
{
    const size_t length = strcspn(word, "=");
    size_t count = 0;
    for (size_t i = 0; length > 2 && longs[i].name != NULL; i++) {
        count += strncmp(longs[i].name, word + 2, length - 2) == 0;
    }
    return count;
}

static void complain_of(const char *name, const char *word, const char *shorts,
                        const struct option *longs)
{
    const char *long_name = strncmp(word, "--", 2) == 0 ? long_of_optopt(longs) : NULL;
    const char letter[] = {(char)optopt, '\0'};
    if (optopt == 0) {
        const char *meant = options_meant(word, longs);
        fprintf(stderr,
                count_begun(word, longs) > 1
                    ? _("%s: several options begin with %s; write it out.\n")
                    : _("%s: there is no option %s.\n"),
                name, word);
        if (meant != NULL) {
            fprintf(stderr, _("Did you mean --%s?\n"), meant);
        }
    } else if (long_name != NULL || (optopt != ':' && strchr(shorts, optopt) != NULL)) {
        fprintf(stderr,
                long_name != NULL && strchr(word, '=') != NULL
                    ? _("%s: the option %s%s takes no argument.\n")
                    : _("%s: the option %s%s needs an argument.\n"),
                name, long_name != NULL ? "--" : "-", long_name != NULL ? long_name : letter);
    } else if ((unsigned char)optopt >= 0x80) { /* a byte of a sign, which would be broken */
        fprintf(stderr, _("%s: there is no option %s.\n"), name, word);
    } else {
        fprintf(stderr, _("%s: there is no option -%s.\n"), name, letter);
    }
}

/*
 * Where getopt_long() goes on: `optind` is still at a cluster until its last letter is taken, else
 * at or before the next word with options.
 */
static const char *find_word(int argc, char **argv)
{
    for (int i = optind > 0 ? optind : 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            return argv[i];
        }
    }
    return "";
}

int options_next(int argc, char **argv, const char *shorts, const struct option *longs)
{
    const char *word = find_word(argc, argv);
    const int kept = opterr;
    opterr = 0; /* its own sentences are another program's, and say no command */
    const int option = getopt_long(argc, argv, shorts, longs, NULL);
    opterr = kept;
    if (option == '?' && kept != 0) {
        char name[NAME_SIZE];
        complain_of(full_name(argv[0], name), word, shorts, longs);
    }
    return option;
}
