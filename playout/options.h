/* SPDX-License-Identifier: MIT */
/*
 * options: getopt_long() for all programs, which says in a sentence of the reader's language what
 * is wrong, and names the option that a mistyped one was to be.
 *
 * Unlike other modules it prints: it stands where getopt_long() would, which does.  `opterr` = 0
 * silences it.
 */
#ifndef PLAYOUT_OPTIONS_H
#define PLAYOUT_OPTIONS_H

#include <getopt.h>

/* As getopt_long(); what is wrong it says on standard error. */
int options_next(int argc, char **argv, const char *shorts, const struct option *longs);

/* Its long name, which lives as long as `longs`; NULL: none is near.  `typed` as in "--jsn=1". */
const char *options_meant(const char *typed, const struct option *longs);

#endif
