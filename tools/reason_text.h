/* SPDX-License-Identifier: MIT */
/* reason_text: why a command is given, as it was typed: blanks alone are no reason. */
#ifndef TOOLS_REASON_TEXT_H
#define TOOLS_REASON_TEXT_H

/*
 * `text` without blanks (scheduler/blank.h) before and behind it; "" where it has nothing else.
 * Ends it in place.
 */
const char *reason_text(char *text);

#endif
