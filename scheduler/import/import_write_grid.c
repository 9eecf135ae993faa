/* SPDX-License-Identifier: MIT */
/*
 * The grid of a timetable, and its layers.
 *
 * Lessons of all weeks are the grid of the term.  When others are of some
 * weeks only, the weeks fall into classes that have the same lessons; each
 * class is a layer in which `同` stands for what the grid of the term says.
 */
#include "scheduler/import/import_write.h"

#include "scheduler/text_width.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NO_LESSON = -1 };

struct layout {
    const struct import *import;
    int *cells;    /* periods times days: the lesson, or NO_LESSON */
    int *base;     /* the same of the grid of the term, or NULL */
    int key_width; /* of the widest name of a period */
    int cell_width[IMPORT_DAYS];
};

static int *square(const struct layout *layout, int *cells, size_t period, int day)
{
    (void)layout;
    return &cells[period * IMPORT_DAYS + (size_t)day];
}

static int *make_cells(const struct import *import)
{
    int *cells = calloc(import->period_count * IMPORT_DAYS + 1, sizeof(*cells));
    for (size_t i = 0; cells != NULL && i < import->period_count * IMPORT_DAYS; i++) {
        cells[i] = NO_LESSON;
    }
    return cells;
}

/* Lessons that are held in all of `weeks`; of two in one square the first. */
static void fill(const struct layout *layout, int *cells, uint64_t weeks)
{
    for (size_t i = 0; i < layout->import->entry_count; i++) {
        const struct import_entry *entry = &layout->import->entries[i];
        int *cell = square(layout, cells, entry->period, entry->day);
        if ((entry->weeks & weeks) == weeks && *cell == NO_LESSON) {
            *cell = (int)entry->lesson;
        }
    }
}

static const char *cell_text(const struct layout *layout, size_t period, int day)
{
    const int lesson = *square(layout, layout->cells, period, day);
    if (layout->base != NULL && lesson == *square(layout, layout->base, period, day)) {
        return "同";
    }
    return lesson == NO_LESSON ? "~" : layout->import->lessons[lesson].house_number;
}

static bool has_day(const struct import *import, int day)
{
    return (import->days >> day & 1) != 0;
}

/* A row that says nothing but what the grid of the term does. */
static bool is_as_below(const struct layout *layout, size_t period)
{
    for (int day = 0; day < IMPORT_DAYS; day++) {
        if (layout->base != NULL && has_day(layout->import, day) &&
            *square(layout, layout->cells, period, day) !=
                *square(layout, layout->base, period, day)) {
            return false;
        }
    }
    return layout->base != NULL;
}

static void measure(struct layout *layout)
{
    layout->key_width = 0;
    for (int day = 0; day < IMPORT_DAYS; day++) {
        layout->cell_width[day] = has_day(layout->import, day) ? 4 : 0; /* 周一 */
    }
    for (size_t i = 0; i < layout->import->period_count; i++) {
        const int width = import_write_width(layout->import->periods[i].name);
        layout->key_width = width > layout->key_width ? width : layout->key_width;
        for (int day = 0; day < IMPORT_DAYS; day++) {
            const int cell =
                has_day(layout->import, day) ? text_width(cell_text(layout, i, day)) : 0;
            layout->cell_width[day] =
                cell > layout->cell_width[day] ? cell : layout->cell_width[day];
        }
    }
}

static void pad(int width, FILE *out)
{
    fprintf(out, "%*s", width > 0 ? width : 0, "");
}

/* One row between brackets, every column as wide as its widest cell. */
static void write_row(const struct layout *layout, const char *const texts[IMPORT_DAYS], FILE *out)
{
    const char *comma = "";
    int missing = 0;
    fputc('[', out);
    for (int day = 0; day < IMPORT_DAYS; day++) {
        if (!has_day(layout->import, day)) {
            continue;
        }
        fputs(comma, out);
        pad(missing, out);
        fputs(texts[day], out);
        missing = layout->cell_width[day] - text_width(texts[day]);
        comma = ", ";
    }
    fputs("]\n", out);
}

static void write_days(const struct layout *layout, int indent, FILE *out)
{
    const char *texts[IMPORT_DAYS];
    for (int day = 0; day < IMPORT_DAYS; day++) {
        texts[day] = import_day_name(day);
    }
    pad(indent, out);
    fputs("days:", out);
    const int missing = layout->key_width + 2 + 2 - (int)strlen("days:");
    pad(missing > 1 ? missing : 1, out);
    write_row(layout, texts, out);
}

static void write_rows(const struct layout *layout, int indent, FILE *out)
{
    pad(indent, out);
    fputs("grid:\n", out);
    for (size_t i = 0; i < layout->import->period_count; i++) {
        const char *texts[IMPORT_DAYS];
        const char *name = layout->import->periods[i].name;
        if (is_as_below(layout, i)) {
            continue;
        }
        for (int day = 0; day < IMPORT_DAYS; day++) {
            texts[day] = cell_text(layout, i, day);
        }
        pad(indent + 2, out);
        import_write_value(name, out);
        fputc(':', out);
        pad(layout->key_width - import_write_width(name) + 1, out);
        write_row(layout, texts, out);
    }
}

/* Classes of weeks that have the same lessons.  Returns how many. */
static size_t classify(const struct import *import, uint64_t classes[IMPORT_WEEKS_MOST])
{
    uint64_t all = 0;
    for (size_t i = 0; i < import->entry_count; i++) {
        all |= import->entries[i].weeks;
    }
    size_t count = all != 0 ? 1 : 0;
    classes[0] = all;
    for (size_t i = 0; i < import->entry_count; i++) {
        const uint64_t weeks = import->entries[i].weeks;
        for (size_t k = count; k-- > 0;) {
            const uint64_t within = classes[k] & weeks;
            if (within != 0 && within != classes[k]) {
                classes[k] &= ~weeks;
                classes[count++] = within; /* never more classes than weeks */
            }
        }
    }
    return count;
}

static int compare_classes(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    const uint64_t first_a = a & (~a + 1);
    const uint64_t first_b = b & (~b + 1);
    return (first_a > first_b) - (first_a < first_b);
}

static int write_layer(struct layout *layout, uint64_t weeks, FILE *out)
{
    char text[IMPORT_WEEKS_TEXT_SIZE];
    layout->cells = make_cells(layout->import);
    if (layout->cells == NULL) {
        return -ENOMEM;
    }
    fill(layout, layout->cells, weeks);
    bool is_needed = layout->base == NULL;
    for (size_t i = 0; i < layout->import->period_count; i++) {
        is_needed = is_needed || !is_as_below(layout, i);
    }
    if (is_needed) {
        measure(layout);
        fprintf(out, "  - week: %s\n", import_weeks_text(weeks, text));
        if (layout->base == NULL) {
            write_days(layout, 4, out);
        }
        write_rows(layout, 4, out);
    }
    free(layout->cells);
    layout->cells = NULL;
    return 0;
}

static int write_layers(struct layout *layout, uint64_t *classes, size_t count, FILE *out)
{
    int result = 0;
    qsort(classes, count, sizeof(classes[0]), compare_classes);
    fputs("\nweeks:                  # 分周课表\n", out);
    for (size_t i = 0; i < count && result == 0; i++) {
        result = write_layer(layout, classes[i], out);
    }
    return result;
}

int import_write_grid(const struct import *import, const struct import_output *output, FILE *out)
{
    uint64_t classes[IMPORT_WEEKS_MOST + 1];
    struct layout layout = {.import = import};
    if (output->is_addition) {
        fputs("\nweeks:                  # 分周课表\n", out);
        return write_layer(&layout, UINT64_C(1) << import->week, out);
    }
    const size_t count = classify(import, classes);
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        all |= classes[i];
    }
    layout.cells = make_cells(import);
    if (layout.cells == NULL) {
        return -ENOMEM;
    }
    fill(&layout, layout.cells, all);
    measure(&layout);
    fputc('\n', out);
    write_days(&layout, 0, out);
    write_rows(&layout, 0, out);
    int result = 0;
    layout.base = layout.cells;
    layout.cells = NULL;
    if (count > 1) {
        result = write_layers(&layout, classes, count, out);
    }
    free(layout.base);
    return result;
}
