/* SPDX-License-Identifier: MIT */
/*
 * version: which Ketang this is.
 *
 * Linked into the programs only, never into the tests, because it changes
 * with every commit: modules that need it get it from their main.
 */
#ifndef PLAYOUT_VERSION_H
#define PLAYOUT_VERSION_H

/* For instance "0.1 (e7ae3ef)".  Never NULL. */
const char *version_text(void);

#endif
