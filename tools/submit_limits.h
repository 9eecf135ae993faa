/* SPDX-License-Identifier: MIT */
/*
 * submit_limits: a sheet for teachers, in Chinese and English: which files are best, what
 * is refused or warned of in a house format, and how a film is to be called.
 */
#ifndef TOOLS_SUBMIT_LIMITS_H
#define TOOLS_SUBMIT_LIMITS_H

#include "playout/station.h"

#include <stdio.h>

/* Writes it as text, or as one page to print. */
void submit_limits_write(FILE *out, bool is_html, const struct station *station,
                         const struct profile *profile);

#endif
