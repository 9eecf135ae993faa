/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_ditto.h"

#include "playout/intl.h"

const struct import_cell *import_ditto_of_grid(const struct import_grid *grid,
                                               const struct import_cell *cell,
                                               enum import_note note,
                                               const struct import_cell *found)
{
    const bool is_above = note == IMPORT_NOTE_ABOVE;
    const enum import_note other =
        found != NULL ? import_grid_note_of(grid, found) : IMPORT_NOTE_EMPTY;
    const char *problem = NULL;
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (!is_above && grid->request->week > 0 && import_words_is_same(cell->folded)) {
        problem = _("this may be the lesson to the left, or, in one week, the one that the term "
                    "has here; write 同左, or the lesson itself");
    } else if (is_above && found != NULL && (found->rows > 1 || found->columns > 1)) {
        problem = _("what stands there is merged of several cells; write here what is meant");
    } else if (found == NULL ||
               (is_above && (other == IMPORT_NOTE_EMPTY || import_grid_is_at_its_time(other)))) {
        problem = _("no lesson stands there; write here what is meant");
    } else {
        return found;
    }
    import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                  _("'%s': %s"), import_grid_shown(cell, text), problem);
    return NULL;
}

/* Why 同左, 同 or 同上 in a column stands for nothing that is known; NULL when it does. */
static const char *list_problem(const struct import_grid *grid, enum import_column column,
                                const struct import_cell *cell, const struct import_cell *before)
{
    const bool is_lesson = column == IMPORT_COLUMN_SUBJECT || column == IMPORT_COLUMN_TITLE;
    if (import_words_note(cell->folded) == IMPORT_NOTE_LEFT) {
        return _("in a list each row is one lesson, and none stands to its left; write 同上 for "
                 "the row above, or what is meant");
    }
    if (is_lesson && grid->request->week > 0 && import_words_is_same(cell->folded)) {
        return _("this may be what stands above, or, in one week, what the term has here; write "
                 "同上, or what is meant");
    }
    return before == NULL ? _("nothing stands there; write here what is meant") : NULL;
}

const struct import_cell *import_ditto_of_list(const struct import_grid *grid,
                                               enum import_column column,
                                               const struct import_cell *cell,
                                               const struct import_cell *before)
{
    const enum import_note note = import_words_note(cell->folded);
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (note != IMPORT_NOTE_DITTO && note != IMPORT_NOTE_ABOVE && note != IMPORT_NOTE_LEFT) {
        return cell;
    }
    const char *problem = list_problem(grid, column, cell, before);
    if (problem != NULL) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                      _("'%s': %s"), import_grid_shown(cell, text), problem);
    }
    return problem == NULL ? before : NULL;
}
