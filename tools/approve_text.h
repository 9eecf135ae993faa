/* SPDX-License-Identifier: MIT */
/* approve_text: the command that signs the next stage, ready to be pasted; or why none can. */
#ifndef TOOLS_APPROVE_TEXT_H
#define TOOLS_APPROVE_TEXT_H

#include <stdio.h>

enum { APPROVE_TEXT_SIZE = 768 };

/* "ketang replace ", or with the station file where it is another one, as the shell takes it. */
void approve_text_begin(FILE *out, const char *command, const char *station_path);

/*
 * "ketang approve KT-42 --stage 2 --repeat 2026-11-30"; returns `text`.
 * `run` is as in store_approval.h, `station_path` the station file's.
 */
const char *approve_text(const char *station_path, const char *house_number, int stage,
                         const char *run, char text[APPROVE_TEXT_SIZE]);

/* Why a run that signoff_is_taken_back() does not air, and the way out: a sentence with its end. */
const char *approve_text_taken_back(void);

#endif
