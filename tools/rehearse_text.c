/* SPDX-License-Identifier: MIT */
#include "tools/rehearse_text.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "tools/rehearse_rule.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_SIZE = 160,
    CELL_MOST = 60,    /* columns of the terminal */
    LENGTH_COLUMN = 2, /* of the as-run */
    COUNT_COLUMN = 0,  /* of the rules */
    FIRST_COLUMN = 1,
    TITLE_COLUMN = 4,
    SHOWN_MOST = 40,
    BAR_WIDTH = 40,
};

/* A table that grows row by row. */
struct rows {
    size_t columns;
    char (*cells)[CELL_SIZE];
    size_t count;
    size_t capacity;
    bool has_failed;
};

static char *cell(struct rows *rows)
{
    static char lost[CELL_SIZE];
    if (rows->count == rows->capacity) {
        const size_t capacity = rows->capacity == 0 ? 256 : rows->capacity * 2;
        char(*grown)[CELL_SIZE] = realloc(rows->cells, capacity * sizeof(grown[0]));
        if (grown == NULL) {
            rows->has_failed = true;
            return lost;
        }
        rows->cells = grown;
        rows->capacity = capacity;
    }
    return rows->cells[rows->count++];
}

static void put(struct rows *rows, const char *text)
{
    snprintf(cell(rows), CELL_SIZE, "%s", text != NULL ? text : "");
}

static void put_time(struct rows *rows, const struct zone *zone, int64_t frame)
{
    char text[ZONE_TEXT_SIZE];
    snprintf(cell(rows), CELL_SIZE, "%.23s", zone_frame_text(zone, frame, text));
}

static void put_seconds(struct rows *rows, int64_t frames, bool has_sign)
{
    snprintf(cell(rows), CELL_SIZE, has_sign ? "%+.2f" : "%.2f",
             (double)frames / FRAMES_PER_SECOND);
}

/* Prints and frees them.  0 or -ENOMEM. */
static int print_rows(FILE *out, struct rows *rows)
{
    const char **cells = calloc(rows->count + 1, sizeof(cells[0]));
    const bool is_good = cells != NULL && !rows->has_failed;
    for (size_t i = 0; is_good && i < rows->count; i++) {
        cells[i] = rows->cells[i];
    }
    if (is_good) {
        text_table_print(out, cells, rows->count / rows->columns, rows->columns, CELL_MOST);
    }
    free(cells);
    free(rows->cells);
    return is_good ? 0 : -ENOMEM;
}

/* --- As-run ------------------------------------------------------------------------------ */

/* To the frame as planned; the plan itself may have a reason for it. */
static bool is_as_planned(const struct as_run_record *record)
{
    return record->instead_of == NULL && record->amendment == 0 && record->part_count == 1 &&
           record->start == record->planned_start &&
           record->end - record->start == record->planned_duration;
}

/* Nothing to say of: a programme without a reason, or what airs between programmes. */
static bool is_plain(const struct as_run_record *record)
{
    const bool is_between = record->kind == EVENT_FILLER || record->kind == EVENT_SLATE ||
                            record->kind == EVENT_CARD || record->kind == EVENT_IDENT;
    return is_as_planned(record) && (record->reason == NULL || is_between);
}

/* The same goes on: what loops, or all that stands in for one lesson. */
static bool goes_on(const struct as_run_record *last, const struct as_run_record *record)
{
    if (last == NULL || last->end != record->start ||
        !text_same(last->instead_of, record->instead_of) || last->amendment != record->amendment) {
        return false;
    }
    return record->instead_of != NULL ||
           (last->kind == record->kind && text_same(last->house_number, record->house_number));
}

/* A later round of what loops, as long as planned: the last one is cut, and says so. */
static bool is_planned_round(const struct as_run_record *last, const struct as_run_record *record)
{
    return goes_on(last, record) && is_as_planned(record);
}

/* True for what stands in for a programme that the table of rules tells of. */
static bool is_told_by_rule(const struct channel_day *day, const struct as_run_record *record)
{
    for (size_t i = 0; record->amendment == 0 && i < day->comparison.programme_count; i++) {
        const struct planned_programme *programme = &day->comparison.programmes[i];
        if (programme->from <= record->start && record->start < programme->to) {
            return text_same(programme->house_number, record->instead_of) &&
                   rehearse_rule(programme, rehearse_moved_to(day, programme)) != NULL;
        }
    }
    return false;
}

static void put_line(struct rows *rows, const struct rehearse_page *page, const char *channel,
                     const struct as_run_record *record)
{
    put_time(rows, page->zone, record->start);
    put(rows, channel);
    put_seconds(rows, record->end - record->start, false);
    put_seconds(rows, record->start - record->planned_start, true);
    put(rows, _(event_kind_name(record->kind)));
    put(rows, record->house_number);
    put(rows, record->title);
    if (record->instead_of != NULL) {
        snprintf(cell(rows), CELL_SIZE, _("instead of %s: %s"), record->instead_of,
                 record->reason != NULL ? record->reason : "");
    } else {
        put(rows, record->reason);
    }
}

/* The lines of a day of a channel; where not all are wanted, a run of the same has one, and what
 * is as planned, or told in the table of rules, none. */
static void put_day(struct rows *rows, const struct rehearse_page *page,
                    const struct channel_day *day)
{
    const struct as_run_record *last = NULL;
    size_t first_cell = 0; /* of the last line, while the same goes on; 0: of none */
    int64_t frames = 0;
    for (size_t i = 0; i < day->line_count; i++) {
        const struct as_run_record *record = &day->lines[i].record;
        /* A line that goes over midnight is among those of both days. */
        const bool is_here = record->start >= day->day.from && record->start < day->day.to;
        const bool is_left_out =
            !page->has_all && (is_plain(record) || is_planned_round(last, record) ||
                               (record->instead_of != NULL && is_told_by_rule(day, record)));
        const bool is_run = !page->has_all && first_cell > 0 && goes_on(last, record);
        last = record;
        if (!is_here || is_left_out) {
            first_cell = 0;
            continue;
        }
        frames = is_run ? frames + record->end - record->start : record->end - record->start;
        if (is_run && !rows->has_failed) {
            snprintf(rows->cells[first_cell + LENGTH_COLUMN], CELL_SIZE, "%.2f",
                     (double)frames / FRAMES_PER_SECOND);
        } else {
            first_cell = rows->count;
            put_line(rows, page, day->service->name, record);
        }
    }
}

int rehearse_text_as_run(const struct rehearse_page *page, const struct rehearse_outcome *outcome)
{
    const char *const heads[] = {_("Time"), _("Channel"),      _("Length, s"), _("Off plan, s"),
                                 _("Kind"), _("House number"), _("Title"),     _("Reason")};
    struct rows rows = {.columns = sizeof(heads) / sizeof(heads[0])};
    for (size_t i = 0; i < rows.columns; i++) {
        put(&rows, heads[i]);
    }
    for (size_t d = 0; d < outcome->count; d++) {
        put_day(&rows, page, &outcome->days[d]);
    }
    if (rows.count == rows.columns) {
        free(rows.cells);
        return 0;
    }
    return print_rows(page->out, &rows);
}

/* --- Rules -------------------------------------------------------------------------------- */

/*
 * Where not all are wanted, what becomes of one house number for one reason is one line, with how
 * often: of the last line nothing is left but its count, if there is such a line already.
 */
static void count_same(struct rows *rows, size_t first_cell)
{
    for (size_t row = rows->columns; !rows->has_failed && row < first_cell; row += rows->columns) {
        bool is_same = true;
        for (size_t i = 0; is_same && i < rows->columns; i++) {
            is_same = i == COUNT_COLUMN || i == FIRST_COLUMN || i == TITLE_COLUMN ||
                      strcmp(rows->cells[row + i], rows->cells[first_cell + i]) == 0;
        }
        if (is_same) {
            snprintf(rows->cells[row], CELL_SIZE, "%d", atoi(rows->cells[row]) + 1);
            rows->count = first_cell;
            return;
        }
    }
}

static void begin_rule(struct rows *rows, const struct rehearse_page *page, int64_t frame)
{
    if (!page->has_all) {
        put(rows, "1");
    }
    put_time(rows, page->zone, frame);
}

static void put_programme(struct rows *rows, const struct rehearse_page *page,
                          const struct channel_day *day, const struct planned_programme *programme)
{
    const struct as_run_record *moved = rehearse_moved_to(day, programme);
    const char *rule = rehearse_rule(programme, moved);
    if (rule == NULL || programme->is_begun_before) {
        return;
    }
    const size_t first_cell = rows->count;
    begin_rule(rows, page, programme->from);
    put(rows, day->service->name);
    put(rows, programme->house_number);
    put(rows, programme->title);
    put(rows, rule);
    if (moved != NULL) {
        put_seconds(rows, moved->start - programme->from, true);
        put_seconds(rows, rehearse_moved_end(day, moved) - programme->to, true);
    } else if (programme->aired_to > 0) {
        put_seconds(rows, programme->aired_from - programme->from, true);
        put_seconds(rows, programme->aired_to - programme->to, true);
    } else {
        put(rows, "-");
        put(rows, "-");
    }
    put(rows, moved != NULL ? moved->reason : rehearse_reason_at(day, programme->from));
    if (!page->has_all) {
        count_same(rows, first_cell);
    }
}

/* A lesson that the timetable moved away, or replaced, before it began. */
static void put_change(struct rows *rows, const struct rehearse_page *page,
                       const struct channel_day *day, const struct compared_span *span)
{
    if (span->was == NULL || span->was_filling) {
        return;
    }
    begin_rule(rows, page, span->from);
    put(rows, day->service->name);
    put(rows, report_plan_house_number(span->was));
    put(rows, span->was->title);
    put(rows, _("changed by a later plan"));
    put(rows, "-");
    put(rows, "-");
    put(rows, span->reason);
}

int rehearse_text_rules(const struct rehearse_page *page, const struct rehearse_outcome *outcome)
{
    const char *const heads[] = {
        _("Times"), _("First listed for"), _("Channel"), _("House number"), _("Title"),
        _("Rule"),  _("Start, s"),         _("End, s"),  _("Reason")};
    const size_t head_count = sizeof(heads) / sizeof(heads[0]);
    struct rows rows = {.columns = page->has_all ? head_count - 1 : head_count};
    for (size_t i = head_count - rows.columns; i < head_count; i++) {
        put(&rows, page->has_all && i == FIRST_COLUMN ? _("Listed for") : heads[i]);
    }
    for (size_t d = 0; d < outcome->count; d++) {
        const struct channel_day *day = &outcome->days[d];
        for (size_t i = 0; i < day->comparison.programme_count; i++) {
            put_programme(&rows, page, day, &day->comparison.programmes[i]);
        }
        for (size_t i = 0; i < day->comparison.span_count; i++) {
            put_change(&rows, page, day, &day->comparison.spans[i]);
        }
    }
    if (rows.count == rows.columns) {
        free(rows.cells);
        return 0;
    }
    fprintf(page->out, "\n%s\n", _("What is otherwise than the list of its day, by rule:"));
    return print_rows(page->out, &rows);
}

/* --- Findings ------------------------------------------------------------------------------- */

static void tell_rest(FILE *out, int64_t count, size_t shown)
{
    if (count > (int64_t)shown) {
        fprintf(out, _("… and %lld more\n"), (long long)(count - (int64_t)shown));
    }
}

int rehearse_text_notes(const struct rehearse_page *page, const struct rehearse_notes *notes,
                        enum rehearse_note_kind kind)
{
    char text[ZONE_TEXT_SIZE];
    size_t shown = 0;
    for (size_t i = 0; i < notes->count; i++) {
        const struct rehearse_remark *remark = &notes->remarks[i];
        if (remark->kind != kind || (kind == NOTE_PROBLEM && shown == SHOWN_MOST)) {
            continue;
        }
        if (shown++ == 0) {
            fprintf(page->out, "\n%s\n", kind == NOTE_FAULT ? _("Faults:") : _("Problems:"));
        }
        fprintf(page->out, "%.23s  %s%s%s\n", zone_frame_text(page->zone, remark->frame, text),
                remark->channel != NULL ? remark->channel : "", remark->channel != NULL ? ": " : "",
                remark->text);
    }
    if (kind == NOTE_PROBLEM) {
        tell_rest(page->out, notes->problems, shown);
    }
    return 0;
}

int rehearse_text_differences(const struct rehearse_page *page,
                              const struct rehearse_differences *differences)
{
    const char *const heads[] = {_("From"), _("Channel"), _("Length, s"), _("Expected"),
                                 _("Aired")};
    struct rows rows = {.columns = sizeof(heads) / sizeof(heads[0])};
    const size_t shown = differences->count < SHOWN_MOST ? differences->count : SHOWN_MOST;
    if (differences->count == 0) {
        return 0;
    }
    for (size_t i = 0; i < rows.columns; i++) {
        put(&rows, heads[i]);
    }
    for (size_t i = 0; i < shown; i++) {
        const struct rehearse_difference *one = &differences->items[i];
        put_time(&rows, page->zone, one->from);
        put(&rows, one->channel);
        put_seconds(&rows, one->to - one->from, false);
        put(&rows, one->expected[0] != '\0' ? one->expected : _("the slate"));
        put(&rows, one->aired[0] != '\0' ? one->aired : _("the slate"));
    }
    fprintf(page->out, "\n%s\n", _("Differences:"));
    const int result = print_rows(page->out, &rows);
    tell_rest(page->out, (int64_t)differences->count, shown);
    return result;
}

/* --- Progress ----------------------------------------------------------------------------------
 */

static void draw(const struct rehearse_bar *bar, int percent, double now_s)
{
    char hashes[BAR_WIDTH + 1];
    const int done = percent * BAR_WIDTH / 100;
    const double spent = now_s - bar->started_s;
    const int left_s = percent > 0 ? (int)(spent / percent * (100 - percent)) : 0;
    memset(hashes, '.', BAR_WIDTH);
    memset(hashes, '#', (size_t)done);
    hashes[BAR_WIDTH] = '\0';
    fputs("\r", bar->out);
    /* TRANSLATORS: a bar, percent, minutes and seconds */
    fprintf(bar->out, _("[%s] %3d %%  %d:%02d left"), hashes, percent, left_s / 60, left_s % 60);
    fputs("\033[K", bar->out);
    fflush(bar->out);
}

void rehearse_bar_show(struct rehearse_bar *bar, double part, double now_s)
{
    const int all = (int)(part * 100);
    const int percent = all < 0 ? 0 : all > 100 ? 100 : all;
    if (bar->is_terminal && percent != bar->shown) {
        bar->shown = percent;
        draw(bar, percent, now_s);
    }
}

void rehearse_bar_clear(struct rehearse_bar *bar)
{
    if (bar->is_terminal) {
        fputs("\r\033[K", bar->out);
        fflush(bar->out);
    }
}
