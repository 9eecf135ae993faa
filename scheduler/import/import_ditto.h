/* SPDX-License-Identifier: MIT */
/*
 * import_ditto: what 同, 同左, 同上 and 〃 stand for.
 *
 * In a grid it is a lesson beside or above; in a list the cell of the row before.  In one week 同
 * may as well be what the term has: that is asked.
 */
#ifndef SCHEDULER_IMPORT_DITTO_H
#define SCHEDULER_IMPORT_DITTO_H

#include "scheduler/import/import_grid.h"

/*
 * What `cell` of a grid, a DITTO or ABOVE, stands for: `found`, which is to the left or above, or
 * NULL.  NULL, and told, where that cannot be said.
 */
const struct import_cell *import_ditto_of_grid(const struct import_grid *grid,
                                               const struct import_cell *cell,
                                               enum import_note note,
                                               const struct import_cell *found);

/*
 * What `cell` of a list says: itself, or, of 同, 同上 and 〃, `before`, the one of the row before
 * in its column, or NULL.  NULL, and told, where that is not meant.
 */
const struct import_cell *import_ditto_of_list(const struct import_grid *grid,
                                               enum import_column column,
                                               const struct import_cell *cell,
                                               const struct import_cell *before);

#endif
