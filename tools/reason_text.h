/* SPDX-License-Identifier: MIT */
/* reason_text: why a command is given, as it was typed: blanks alone are no reason. */
#ifndef TOOLS_REASON_TEXT_H
#define TOOLS_REASON_TEXT_H

/*
 * `text` without blanks and line ends of any kind before and behind it, those of Chinese
 * keyboards too; "" where it has no others.  Ends it in place.
 */
const char *reason_text(char *text);

#endif
