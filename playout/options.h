/* SPDX-License-Identifier: MIT */
/*
 * options: getopt_long() for all programs, which names the option that a mistyped one was to be.
 *
 * Unlike other modules it prints: it stands where getopt_long() would, which does.  `opterr` = 0
 * silences both.
 */
#ifndef PLAYOUT_OPTIONS_H
#define PLAYOUT_OPTIONS_H

#include <getopt.h>

/* As getopt_long(); after its complaint on standard error comes the option that may be meant. */
int options_next(int argc, char **argv, const char *shorts, const struct option *longs);

/* Its long name, which lives as long as `longs`; NULL: none is near.  `typed` as in "--jsn=1". */
const char *options_meant(const char *typed, const struct option *longs);

#endif
