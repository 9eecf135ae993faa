/* SPDX-License-Identifier: MIT */
/* take_answer: the scheduler's answers to orders, in words. */
#ifndef TOOLS_TAKE_ANSWER_H
#define TOOLS_TAKE_ANSWER_H

#include <jansson.h>

/*
 * Prints the answer (scheduler/order_desk.h) to a command about a channel,
 * NULL being all of them; an error goes to stderr.  Returns the exit status.
 */
int take_answer_print(const char *command, const char *channel, const json_t *answer);

#endif
