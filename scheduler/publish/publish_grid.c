/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_grid.h"

#include "scheduler/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS_SHOWN = 2 };

/* A first run in the grid. */
struct cell {
    const struct edition_channel *channel;
    const struct epg_entry *entry;
    int64_t date;
    char start[HTML_CLOCK_SIZE];
    char stop[HTML_CLOCK_SIZE];
};

struct grid {
    struct html_page page;
    const struct publish_choice *choice;
    FILE *out;
    struct cell *cells; /* by row, then date */
    size_t count;
    bool has_many_channels;
    bool is_off[DAYS_PER_WEEK];
    unsigned days; /* bit per column shown */
};

/* --- Cells ----------------------------------------------------------------------------- */

/* Rows: by start, stop and name of the period. */
static int compare_rows(const struct cell *a, const struct cell *b)
{
    int order = strcmp(a->start, b->start);
    order = order != 0 ? order : strcmp(a->stop, b->stop);
    return order != 0 ? order : strcmp(a->entry->texts[EPG_PERIOD], b->entry->texts[EPG_PERIOD]);
}

static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left;
    const struct cell *b = right;
    const int order = compare_rows(a, b);
    if (order != 0) {
        return order;
    }
    if (a->date != b->date) {
        return a->date < b->date ? -1 : 1;
    }
    const int channel = strcmp(a->channel->name, b->channel->name);
    return channel != 0 ? channel : strcmp(a->entry->texts[EPG_KEY], b->entry->texts[EPG_KEY]);
}

/* What was taken out by an earlier edition is not shown any more. */
static bool is_shown(const struct epg_entry *entry)
{
    return !entry->is_cancelled || entry->mark == EPG_REMOVED;
}

static void add_day(struct grid *grid, const struct epg_entry *entry)
{
    char clock[HTML_CLOCK_SIZE];
    int64_t date = 0;
    html_clock(grid->page.zone, entry->start, clock, &date);
    const int64_t column = date - grid->page.edition->week;
    if (entry->is_cancelled || column < 0 || column >= DAYS_PER_WEEK) {
        return;
    }
    grid->is_off[column] |= entry->kind == EPG_DAY_OFF;
    /* A holiday at the weekend is none that anybody must be told of. */
    grid->days |= entry->kind == EPG_DAY_SWAPPED ? 1u << column : 0;
}

static void add_cell(struct grid *grid, const struct edition_channel *channel,
                     const struct epg_entry *entry)
{
    struct cell *cell = &grid->cells[grid->count];
    *cell = (struct cell){.channel = channel, .entry = entry};
    html_clock(grid->page.zone, entry->start, cell->start, &cell->date);
    html_clock(grid->page.zone, entry->stop, cell->stop, NULL);
    const int64_t column = cell->date - grid->page.edition->week;
    if (column >= 0 && column < DAYS_PER_WEEK) {
        grid->days |= 1u << column;
        grid->count++;
    }
}

static int collect(struct grid *grid)
{
    const struct edition *edition = grid->page.edition;
    const struct edition_channel *first = NULL;
    size_t most = 1;
    for (size_t i = 0; i < edition->channel_count; i++) {
        most += edition->channels[i].count;
    }
    grid->cells = calloc(most, sizeof(grid->cells[0]));
    if (grid->cells == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < edition->channel_count; i++) {
        const struct edition_channel *channel = &edition->channels[i];
        for (size_t k = 0; publish_choice_has_channel(grid->choice, channel) && k < channel->count;
             k++) {
            const struct epg_entry *entry = &channel->entries[k];
            if (epg_is_day(entry)) {
                add_day(grid, entry);
            } else if (entry->kind == EPG_LESSON && !entry->is_joined && is_shown(entry) &&
                       publish_choice_has_entry(grid->choice, entry)) {
                grid->has_many_channels |= first != NULL && first != channel;
                first = first != NULL ? first : channel;
                add_cell(grid, channel, entry);
            }
        }
    }
    if (first != NULL) {
        grid->page.note = grid->has_many_channels ? "" : first->title;
        grid->page.term_week = first->term_week;
    }
    qsort(grid->cells, grid->count, sizeof(grid->cells[0]), compare_cells);
    return 0;
}

/* --- One lesson ------------------------------------------------------------------------ */

/* 重播 15:30、周日 08:00: the first ones, so that all-night loops do not fill the page. */
static void write_repeats(const struct grid *grid, const struct cell *cell)
{
    const struct edition_channel *channel = cell->channel;
    int shown = 0;
    for (size_t i = 0; i < channel->count && !cell->entry->is_cancelled; i++) {
        const struct epg_entry *repeat = &channel->entries[i];
        char clock[HTML_CLOCK_SIZE];
        int64_t date = 0;
        if (repeat->kind != EPG_REPEAT || repeat->is_cancelled ||
            repeat->first_run - cell->entry->start > 60 ||
            cell->entry->start - repeat->first_run > 60 ||
            strcmp(repeat->texts[EPG_HOUSE_NUMBER], cell->entry->texts[EPG_HOUSE_NUMBER]) != 0) {
            continue;
        }
        if (shown == REPEATS_SHOWN) {
            fputs("等", grid->out);
            break;
        }
        html_clock(grid->page.zone, repeat->start, clock, &date);
        fputs(shown == 0 ? "<span class=\"again\">重播 " : "、", grid->out);
        fprintf(grid->out, "%s%s", date != cell->date ? when_day_chinese(civil_weekday(date)) : "",
                clock);
        shown++;
    }
    fputs(shown > 0 ? "</span>" : "", grid->out);
}

static void write_teacher(FILE *out, const struct epg_entry *entry)
{
    const char *teacher = entry->texts[EPG_TEACHER];
    const char *school = entry->texts[EPG_SCHOOL];
    if (teacher[0] == '\0' && school[0] == '\0') {
        return;
    }
    fputs("<span class=\"by\">", out);
    html_isolated(out, teacher);
    if (school[0] != '\0') {
        fputs(teacher[0] != '\0' ? "　" : "", out);
        html_isolated(out, school);
    }
    fputs("</span>", out);
}

static void write_lesson(const struct grid *grid, const struct cell *cell)
{
    FILE *out = grid->out;
    const struct epg_entry *entry = cell->entry;
    const bool is_own = publish_is_for_everyone(entry->texts[EPG_GRADE]) &&
                        !publish_is_for_everyone(grid->choice->grade);
    fprintf(out, "<div class=\"cell %s %s\">", html_subject_class(entry->texts[EPG_SUBJECT]),
            epg_mark_name(entry->mark));
    html_mark(out, entry);
    html_span(out, "subject", entry->texts[EPG_SUBJECT]);
    html_span(out, "own", is_own ? "（全体）" : "");
    if (!entry->is_cancelled) {
        html_badges(out, entry);
    }
    if (strcmp(entry->texts[EPG_LESSON_TITLE], entry->texts[EPG_SUBJECT]) != 0) {
        html_span(out, "title", entry->texts[EPG_LESSON_TITLE]);
    }
    if (entry->texts[EPG_BEFORE][0] != '\0') {
        fputs("<span class=\"before\">原为：", out);
        html_isolated(out, entry->texts[EPG_BEFORE]);
        fputs("</span>", out);
    }
    if (!entry->is_cancelled) {
        write_teacher(out, entry);
        html_span(out, "on", grid->has_many_channels ? cell->channel->title : "");
        write_repeats(grid, cell);
    }
    fputs("</div>", out);
}

/* --- The table --------------------------------------------------------------------------- */

static void write_head(const struct grid *grid)
{
    fputs("<table>\n<thead><tr><th class=\"corner\">节次</th>", grid->out);
    for (int i = 0; i < DAYS_PER_WEEK; i++) {
        if ((grid->days >> i & 1u) != 0) {
            fputs("<th class=\"day\">", grid->out);
            html_day(grid->out, &grid->page, grid->choice, grid->page.edition->week + i);
            fputs("</th>", grid->out);
        }
    }
    fputs("</tr></thead>\n<tbody>\n", grid->out);
}

/* Writes the cells of a row on one date; returns how many of them there are. */
static size_t write_cell(const struct grid *grid, size_t first, size_t end, int column)
{
    const int64_t date = grid->page.edition->week + column;
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        if (grid->cells[i].date == date) {
            fputs(count == 0 ? "<td>" : "", grid->out);
            write_lesson(grid, &grid->cells[i]);
            count++;
        }
    }
    if (count == 0) {
        fputs(grid->is_off[column] ? "<td class=\"off\">休" : "<td class=\"none\">—", grid->out);
    }
    fputs("</td>", grid->out);
    return count;
}

static void write_row(const struct grid *grid, size_t first, size_t end)
{
    const struct cell *cell = &grid->cells[first];
    fputs("<tr><th class=\"period\">", grid->out);
    if (cell->entry->texts[EPG_PERIOD][0] != '\0') {
        fputs("<b>", grid->out);
        html_isolated(grid->out, cell->entry->texts[EPG_PERIOD]);
        fputs("</b>", grid->out);
    }
    fprintf(grid->out, "<span>%s–%s</span></th>", cell->start, cell->stop);
    for (int i = 0; i < DAYS_PER_WEEK; i++) {
        if ((grid->days >> i & 1u) != 0) {
            write_cell(grid, first, end, i);
        }
    }
    fputs("</tr>\n", grid->out);
}

static void write_table(const struct grid *grid)
{
    size_t end = 0;
    write_head(grid);
    for (size_t i = 0; i < grid->count; i = end) {
        for (end = i + 1;
             end < grid->count && compare_rows(&grid->cells[i], &grid->cells[end]) == 0; end++) {
        }
        write_row(grid, i, end);
    }
    fputs("</tbody>\n</table>\n", grid->out);
    if (grid->count == 0) {
        fputs("<p>本周没有首播课程。</p>\n", grid->out);
    }
}

int publish_grid(const struct edition *edition, const struct publish_choice *choice,
                 const struct zone *zone, FILE *out)
{
    struct grid grid = {.page = {.edition = edition,
                                 .zone = zone,
                                 .paper = HTML_LANDSCAPE,
                                 .subject = choice->grade,
                                 .kind = "课程表",
                                 .note = ""},
                        .choice = choice,
                        .out = out,
                        .days = 0x1f};
    const int result = collect(&grid);
    if (result == 0) {
        html_begin(out, &grid.page);
        write_table(&grid);
        html_changes(out, &grid.page, choice);
        fputs("<p class=\"legend\">时间为首播时间；“重播”为当周最早的重播时间。</p>\n", out);
        html_finish(out);
    }
    free(grid.cells);
    return result < 0 ? result : ferror(out) ? -EIO : 0;
}
