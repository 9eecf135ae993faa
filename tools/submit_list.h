/* SPDX-License-Identifier: MIT */
/*
 * submit_list: films that are handed in with a list of them: each row by itself, and
 * what stands in the list and not in the folder, or the other way round, is told.
 */
#ifndef TOOLS_SUBMIT_LIST_H
#define TOOLS_SUBMIT_LIST_H

#include "scheduler/submit_take.h"

/* A film of a folder, and the row of its list that means it. */
struct submit_item {
    char *path;
    const struct film_row *row; /* NULL: none does, or there is no list */
};

struct submit_items {
    struct submit_item *items;
    size_t count;
    struct film_list list;
    size_t problems; /* rows that name no film, and films that no row names: they were told */
};

/*
 * Reads the list and looks for its films in `folder` (NULL: the list's own); says what is
 * wrong, beginning with "ketang submit: ".  0 or -errno, and has said why.
 */
int submit_items_read(struct submit_items *items, const char *list, const char *folder);
void submit_items_finish(struct submit_items *items); /* accepts a zeroed one */

#endif
