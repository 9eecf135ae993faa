/* SPDX-License-Identifier: MIT */
/*
 * text_table: columns that line up, also when the text is Chinese.
 */
#ifndef TOOLS_TEXT_TABLE_H
#define TOOLS_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Rows of `columns` cells each, the first row being the head.  NULL cells are empty. */
struct text_table {
    const char *const *cells;
    size_t rows;
    size_t columns;
    int most;                    /* the widest column; what is longer is cut, with an ellipsis */
    bool is_last_whole;          /* the last column is never cut */
    const char *const *headings; /* a line before a row, NULL: none; or NULL altogether */
    const char *const *colours;  /* of cells, as "1;31", NULL: none; or NULL altogether */
};

/* Every column is as wide as its widest cell. */
void text_table_write(FILE *out, const struct text_table *table);

/* A plain one. */
void text_table_print(FILE *out, const char *const *cells, size_t rows, size_t columns, int most);

#endif
