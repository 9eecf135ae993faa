/* SPDX-License-Identifier: MIT */
/* ready_text: what people and programs read of the readiness board. */
#ifndef SCHEDULER_READY_TEXT_H
#define SCHEDULER_READY_TEXT_H

#include "scheduler/ready.h"

#include <jansson.h>

enum { READY_TEXT_SIZE = 384 };

/* "missing": for logs and JSON. */
const char *ready_state_name(enum media_state state);

/* The same in a word or two, in the reader's language. */
const char *ready_state_text(enum media_state state);

/* Why it does not air, as a sentence without a full stop. */
const char *ready_cause_text(enum media_state state);

/* What airs in place of what is not ready. */
const char *ready_instead_text(const struct ready_row *row, char text[READY_TEXT_SIZE]);

/* "2026-11-23T08:00:00+0800", its start to the second; "" without a time. */
enum { READY_TIME_SIZE = 32 };
const char *ready_time_text(const struct ready_row *row, const struct zone *zone,
                            char text[READY_TIME_SIZE]);

/* A row as an object; NULL out of memory. */
json_t *ready_json(const struct ready_row *row, const struct zone *zone);

#endif
