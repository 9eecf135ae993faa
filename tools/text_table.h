/* SPDX-License-Identifier: MIT */
/*
 * text_table: columns that line up, also when the text is Chinese.
 */
#ifndef TOOLS_TEXT_TABLE_H
#define TOOLS_TEXT_TABLE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Prints rows of `columns` cells each, the first row being the head, every
 * column as wide as its widest cell but at most `most` (what is longer is
 * cut, with an ellipsis).  NULL cells are empty.
 */
void text_table_print(FILE *out, const char *const *cells, size_t rows, size_t columns, int most);

#endif
