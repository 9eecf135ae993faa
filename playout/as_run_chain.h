/* SPDX-License-Identifier: MIT */
/*
 * as_run_chain: makes tampering with the as-run record show.
 *
 * Every line ends with a member that depends on it and on all lines before:
 *
 *     {"seq":1041, ... ,"end":F,"chain":"<sha256>"}
 *
 *     chain = SHA-256 (chain of the line before || the line without that member)
 *
 * Both are taken as they stand in the file: 64 hexadecimal digits, then the
 * bytes from "{" to "}".  Before the first line stand 64 zeros.  So anybody
 * can check a line with what every system has:
 *
 *     printf '%s%s' "$CHAIN_OF_THE_LINE_BEFORE" "$LINE_WITHOUT_CHAIN" | sha256sum
 *
 * The chain goes on from day to day: the lines of a channel are in the order
 * of their files' names, and in the order of the lines within each.
 *
 * It shows changes by somebody who does not make it anew.  Against somebody
 * who does, the last chain of a day is printed in the signed daily report.
 *
 * Pure functions; any thread.  Normative reference: FIPS 180-4 (SHA-256).
 */
#ifndef PLAYOUT_AS_RUN_CHAIN_H
#define PLAYOUT_AS_RUN_CHAIN_H

#include "playout/asset_index.h"

#include <stdbool.h>
#include <stddef.h>

/* What stands before the first line of all. */
#define AS_RUN_CHAIN_START "0000000000000000000000000000000000000000000000000000000000000000"

/*
 * The line with its chain, `previous` being that of the line before; the
 * caller frees it.  `line` is a JSON object with members, without its end.
 * NULL: out of memory.
 */
char *as_run_chain_seal(const char *previous, const char *line);

/*
 * Takes the chain off `length` bytes of a line without its newline.  False,
 * and nothing is written, when there is none: the line is of a version before,
 * or it was cut off by a crash.
 */
bool as_run_chain_of(const char *line, size_t length, char chain[SHA256_HEX_SIZE]);

/* True when the line has a chain, and it is the one that comes after `previous`. */
bool as_run_chain_follows(const char *previous, const char *line, size_t length);

/*
 * The chain of the last whole line of `size` bytes of a file; a line that has
 * none does not count.  False when there is none.
 */
bool as_run_chain_last(const char *bytes, size_t size, char chain[SHA256_HEX_SIZE]);

#endif
