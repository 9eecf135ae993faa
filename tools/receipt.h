/* SPDX-License-Identifier: MIT */
/*
 * receipt: what a school gets for a film that it handed in, in Chinese and English: its
 * number and hash, which lesson it is, when that airs, what happens next, what came of it.
 */
#ifndef TOOLS_RECEIPT_H
#define TOOLS_RECEIPT_H

#include "playout/zone.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/submit_desk.h"

#include <stdio.h>

/* Writes one of a submission, as plain text or as a page to print. */
void receipt_write(FILE *out, bool is_html, const struct store_submission *submission,
                   const struct submit_desk *desk, const struct zone *zone);

#endif
