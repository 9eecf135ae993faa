/* SPDX-License-Identifier: MIT */
/* What stands before the lessons of a row: its name, time and grade; and parts of the day. */
#include "scheduler/import/import_rows.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <string.h>

enum { MORNING_END = 12 * 3600, AFTERNOON_FROM = 8 * 3600, MINUTE = 60 };

/* Takes (40分钟) off a label. */
static void take_minutes(struct import_row *row, char *text)
{
    char *word = strstr(text, "分钟");
    if (word == NULL) {
        return;
    }
    char *from = word;
    while (from > text && from[-1] >= '0' && from[-1] <= '9') {
        from--;
    }
    if (from < word) {
        import_numeral(from, &row->stated_minutes);
        memmove(from, word + strlen("分钟"), strlen(word + strlen("分钟")) + 1);
    }
}

static bool is_time(enum import_column column)
{
    return column == IMPORT_COLUMN_TIME || column == IMPORT_COLUMN_START ||
           column == IMPORT_COLUMN_END;
}

void import_grid_read_dots(char *text, bool is_of_times)
{
    char colons[IMPORT_CELL_BYTES_MOST + 1];
    struct import_range range;
    size_t from = 0;
    size_t length = 0;
    strcpy(colons, text);
    import_clock_undot(colons);
    if (import_clock_find(text, &range, &from, &length) == IMPORT_CLOCK_NONE &&
        (is_of_times || import_clock_find(colons, &range, &from, &length) != IMPORT_CLOCK_NONE)) {
        strcpy(text, colons);
    }
}

static void take_clock(struct import_row *row, char *text, const struct import_cell *cell,
                       enum import_column column)
{
    size_t from = 0;
    size_t length = 0;
    int seconds = 0;
    struct import_range range = {0};
    import_grid_read_dots(text, is_time(column));
    enum import_clock_verdict verdict = import_clock_find(text, &range, &from, &length);
    if (verdict == IMPORT_CLOCK_GOOD) {
        row->has_range = true;
        row->range = range;
    } else if (verdict == IMPORT_CLOCK_NONE) {
        verdict = import_clock_find_time(text, &seconds, &from, &length);
        if (verdict == IMPORT_CLOCK_GOOD && column == IMPORT_COLUMN_END && row->has_start) {
            row->range.end = seconds;
            row->has_range = seconds > row->range.start;
            verdict = row->has_range ? verdict : IMPORT_CLOCK_BACKWARDS;
        } else if (verdict == IMPORT_CLOCK_GOOD) {
            row->range.start = seconds;
            row->has_start = true;
        }
    }
    if (verdict != IMPORT_CLOCK_NONE) {
        memmove(text + from, text + from + length, strlen(text + from + length) + 1);
    }
    const bool is_bad = verdict > IMPORT_CLOCK_NONE;
    const bool is_unread =
        verdict == IMPORT_CLOCK_NONE && is_time(column) && strpbrk(text, "0123456789") != NULL;
    if ((is_bad || is_unread) && row->clock <= IMPORT_CLOCK_NONE) {
        row->clock = is_bad ? verdict : IMPORT_CLOCK_UNREADABLE;
        row->clock_cell = cell;
    } else if (row->clock_cell == NULL && verdict == IMPORT_CLOCK_GOOD) {
        row->clock_cell = cell;
    }
    /* What is left of a time that was not read whole is no name. */
    if (is_time(column) && !row->has_range && (is_unread || verdict != IMPORT_CLOCK_NONE)) {
        text[0] = '\0';
    }
}

/* What is left of a label without its time: "第1节 ()" becomes "第1节". */
static void tidy(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    char *empty = strstr(text, "()");
    if (empty != NULL) {
        memmove(empty, empty + 2, strlen(empty + 2) + 1);
    }
    const size_t skip = strspn(text, " -");
    memmove(text, text + skip, strlen(text + skip) + 1);
    for (size_t size = strlen(text); size > 0 && strchr(" -:", text[size - 1]) != NULL; size--) {
        text[size - 1] = '\0';
    }
}

static void read_label(struct import_row *row, const struct import_cell *cell,
                       enum import_column column)
{
    char text[IMPORT_CELL_BYTES_MOST + 1];
    strcpy(text, cell->folded);
    if (column == IMPORT_COLUMN_GRADE) {
        strcpy(row->grade, text);
        return;
    }
    take_minutes(row, text);
    take_clock(row, text, cell, column);
    tidy(text);
    if (text[0] == '\0') {
        return;
    }
    if (row->name[0] == '\0') {
        strcpy(row->name, text);
    } else if (strlen(row->name) + strlen(text) + 2 < sizeof(row->name)) {
        strcat(row->name, " ");
        strcat(row->name, text);
    }
}

bool import_column_is_label(const struct import_head *head)
{
    return head->column == IMPORT_COLUMN_NAME || head->column == IMPORT_COLUMN_TIME ||
           head->column == IMPORT_COLUMN_START || head->column == IMPORT_COLUMN_END ||
           head->column == IMPORT_COLUMN_GRADE;
}

bool import_column_is_content(const struct import_head *head)
{
    return head->is_day || head->is_grade;
}

void import_part_close(struct import_grid *grid, const struct import_part_rows *part)
{
    char place[IMPORT_PLACE_SIZE];
    char said[IMPORT_CLOCK_TEXT_SIZE];
    char found[IMPORT_CLOCK_TEXT_SIZE];
    if (!part->has_stated || !part->has_rows || part->is_unsure) {
        return;
    }
    import_sheet_place(grid->sheet, part->cell, place);
    if (part->stated.end != part->rows.end) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("this is said to end at %s, but its own rows end at %s; correct one of "
                        "them"),
                      import_clock_text(part->stated.end, said),
                      import_clock_text(part->rows.end, found));
    }
    if (part->has_stated_start && part->stated.start != part->rows.start) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("this is said to start at %s, but its own rows start at %s; correct one "
                        "of them"),
                      import_clock_text(part->stated.start, said),
                      import_clock_text(part->rows.start, found));
    }
}

static void open_part(struct import_grid *grid, struct import_part_rows *open,
                      const struct import_cell *cell)
{
    size_t from = 0;
    size_t length = 0;
    struct import_part_rows part = {.part = import_words_part(cell->folded), .cell = cell};
    import_part_close(grid, open);
    if (import_clock_find(cell->folded, &part.stated, &from, &length) == IMPORT_CLOCK_GOOD) {
        part.has_stated = true;
        part.has_stated_start = true;
    } else if (strstr(cell->folded, "结束") != NULL || strstr(cell->folded, "放学") != NULL ||
               strcasestr(cell->folded, "end") != NULL) {
        part.has_stated = import_clock_find_time(cell->folded, &part.stated.end, &from, &length) ==
                          IMPORT_CLOCK_GOOD;
    }
    *open = part;
}

/* 2:30 under 下午 is 14:30: that is said, not guessed. */
static void apply_part(const struct import_part_rows *part, struct import_row *row)
{
    const bool is_later =
        (part->part == IMPORT_PART_AFTERNOON && row->range.start < AFTERNOON_FROM) ||
        (part->part == IMPORT_PART_EVENING && row->range.start < MORNING_END);
    if (row->has_range && is_later && row->range.end <= MORNING_END) {
        row->range.start += MORNING_END;
        row->range.end += MORNING_END;
    }
}

void import_part_count(struct import_part_rows *part, const struct import_row *row)
{
    part->is_unsure = part->is_unsure || row->is_told;
    if (!row->has_range) {
        return;
    }
    if (!part->has_rows) {
        part->has_rows = true;
        part->rows = row->range;
    }
    part->rows.start = row->range.start < part->rows.start ? row->range.start : part->rows.start;
    part->rows.end = row->range.end > part->rows.end ? row->range.end : part->rows.end;
}

static void check_labels(struct import_grid *grid, struct import_row *row)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (row->cell == NULL) {
        return;
    }
    row->is_told = row->clock > IMPORT_CLOCK_NONE || (row->has_start && !row->has_range);
    import_sheet_place(grid->sheet, row->clock_cell != NULL ? row->clock_cell : row->cell, place);
    if (row->clock > IMPORT_CLOCK_NONE) {
        import_grid_bad_time(grid, row->clock_cell, row->clock);
    } else if (row->is_told) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("'%s' says only the start, not the end; write both, as in 08:40-09:20"),
                      import_grid_shown(row->clock_cell, text));
    }
    const int minutes = (row->range.end - row->range.start) / MINUTE;
    if (row->has_range && row->stated_minutes > 0 && row->stated_minutes != minutes) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("this says %d minutes, but from its start to its end there are %d; correct "
                        "one of them"),
                      row->stated_minutes, minutes);
    }
}

/* 备注：… below the lessons, and no lesson beside it. */
static bool is_remark_row(const struct import_grid *grid, int number)
{
    const struct import_cell *first = NULL;
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_cell *cell = import_sheet_at(grid->sheet, number, column);
        first = first == NULL ? cell : first;
        if (first != NULL && !import_words_begins_remark(first->folded)) {
            return false;
        }
        if (cell != NULL && cell != first && import_grid_is_lesson(grid, cell)) {
            return false;
        }
    }
    return first != NULL;
}

bool import_row_leave_remark(struct import_grid *grid, int number)
{
    if (!is_remark_row(grid, number)) {
        return false;
    }
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_cell *cell = import_sheet_origin(grid->sheet, number, column);
        if (cell != NULL) {
            import_grid_leave_out(grid, cell);
        }
    }
    return true;
}

void import_row_read_labels(struct import_grid *grid, struct import_part_rows *part,
                            struct import_row *row)
{
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_head *head = &grid->shape.heads[column];
        const struct import_cell *cell = import_sheet_at(grid->sheet, row->number, column);
        /* Its first column has been read, or it begins in the head: a title of a turned table. */
        const bool is_seen =
            cell != NULL && (cell->column < column || cell->row <= grid->shape.last_row);
        if (!import_column_is_label(head) || cell == NULL || is_seen) {
            continue;
        }
        if (import_words_part(cell->folded) != IMPORT_PART_NONE) {
            if (cell->row == row->number) {
                open_part(grid, part, cell);
            }
            continue;
        }
        row->cell = row->cell == NULL ? cell : row->cell;
        read_label(row, cell, head->column);
    }
    apply_part(part, row);
    check_labels(grid, row);
}
