/* SPDX-License-Identifier: MIT */
/*
 * screen_text: text for a row of a terminal, cut between characters.
 */
#ifndef TOOLS_SCREEN_TEXT_H
#define TOOLS_SCREEN_TEXT_H

#include <stddef.h>
#include <wchar.h>

/*
 * As much of the text, in the encoding of the locale, as takes `columns`
 * columns and `room` characters, a wide one taking two columns.  What is no
 * character, or none that can be seen, becomes '?'; one that is cut off at
 * the end of the text is left out.  Returns the number of characters.
 */
size_t screen_text(const char *text, int columns, wchar_t *wide, size_t room);

#endif
