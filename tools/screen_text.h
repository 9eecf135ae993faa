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

/*
 * How many of these characters go on a row of `columns`: up to a space, where
 * the rest follows on the next row, or as many as there is room for.
 */
size_t screen_text_row(const wchar_t *wide, size_t count, int columns);

#endif
