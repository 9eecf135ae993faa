/* SPDX-License-Identifier: MIT */
#include "tools/ready_table.h"

#include "playout/intl.h"
#include "scheduler/ready_text.h"
#include "tools/approve_text.h"
#include "tools/order_words.h"
#include "tools/ready_stages.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = 8,
    CELL_WIDTH = 28,
    CLOCK_SIZE = 16,
    DAY_SIZE = 320,
};

/* The texts that a row needs room for. */
struct board_line {
    char clock[CLOCK_SIZE];
    char day[DAY_SIZE];
    char remark[READY_TEXT_SIZE + 128 + APPROVE_TEXT_SIZE];
};

bool ready_is_closed(const struct ready_view *view, const struct service *service, int64_t date)
{
    const size_t number = station_service_number(view->station, service);
    return frozen_days_find(signoff_frozen(planner_signoff(view->planner), number), date) != NULL;
}

static bool is_shown(const struct ready_view *view, const struct service *service)
{
    return view->channel == NULL || strcmp(view->channel, service->name) == 0;
}

enum planner_lack ready_lack(const struct ready_view *view, const struct service *service,
                             char text[PLANNER_LACK_SIZE])
{
    return is_shown(view, service) ? planner_lack(view->planner, service->name, text)
                                   : PLANNER_LACKS_NOTHING;
}

size_t ready_print_unknown(FILE *out, const struct ready_view *view)
{
    const struct service *service = NULL;
    size_t count = 0;
    for (size_t i = 0; (service = station_service_at(view->station, i)) != NULL; i++) {
        char text[PLANNER_LACK_SIZE];
        if (ready_lack(view, service, text) != PLANNER_LACKS_NOTHING) {
            fprintf(out, _("! %s: nothing is known of its slots: %s\n"), service->name, text);
            count++;
        }
    }
    return count;
}

struct ready_counts ready_count(const struct ready_view *view)
{
    struct ready_counts counts = {0};
    for (size_t i = 0; i < view->board->count; i++) {
        const struct ready_row *row = &view->board->rows[i];
        const bool is_wanting = ready_is_wanting(row);
        if (row->start == READY_NO_TIME) {
            counts.between += is_wanting;
            continue;
        }
        counts.slots++;
        counts.states[row->state]++;
        counts.wanting += is_wanting;
        counts.soon += is_wanting && view->now_ms >= ready_start_ms(row) - READY_WARN_MS;
    }
    return counts;
}

/* --- Cells ---------------------------------------------------------------------------- */

static const char *run_text(const struct ready_row *row)
{
    switch (row->run) {
    case READY_FIRST_RUN:
        return _("first run");
    case READY_REPEAT:
        return _("repeat");
    case READY_SHARED:
        return _("shared");
    case READY_RELAY:
        return _("relay");
    case READY_FILLER:
        return _("filler");
    case READY_CARD:
        return _("card");
    }
    return "";
}

static const char *colour_of(const struct ready_row *row, enum ready_urgency urgency)
{
    if (!ready_is_wanting(row)) {
        return row->state == MEDIA_LIVE ? "36" : "32";
    }
    return urgency != READY_CALM                                        ? "1;31"
           : row->state == MEDIA_UNAPPROVED || row->state == MEDIA_LIVE ? "33"
                                                                        : "31";
}

/* What there is to say of the substitute, while nothing is decided. */
static void write_substitute(char *text, size_t size, const struct ready_row *row)
{
    char instead[READY_TEXT_SIZE];
    if (row->substitute_state == MEDIA_NOT_NEEDED || row->substitute_state == MEDIA_READY) {
        snprintf(text, size, "%s", ready_instead_text(row, instead));
    } else {
        snprintf(text, size, _("%s; its substitute %s: %s"), ready_instead_text(row, instead),
                 row->substitute, ready_state_text(row->substitute_state));
    }
}

/* A slot for which what airs instead has been decided, and that has not begun. */
static void write_decided(struct board_line *line, const struct ready_row *row,
                          const struct ready_view *view, const char *what)
{
    struct civil by;
    zone_to_civil(view->zone, ready_cutoff_at_ms(row, view->cutoff_ms) / 1000, &by);
    if (row->state == MEDIA_MISSING) {
        snprintf(line->remark, sizeof(line->remark),
                 _("not there by %02d:%02d, decided: %s; once it is ready, `ketang replace` still "
                   "airs it"),
                 by.hour, by.minute, what);
        return;
    }
    snprintf(line->remark, sizeof(line->remark),
             row->state == MEDIA_UNAPPROVED ? _("decided: %s, unless it is approved first")
             : row->file[0] != '\0'
                 ? _("decided: %s; `ketang replace` still airs it")
                 : _("decided: %s; once it is ready, `ketang replace` still airs it"),
             what);
}

static void write_wanting(struct board_line *line, const struct ready_row *row,
                          const struct ready_view *view)
{
    const int64_t left_ms = ready_start_ms(row) - view->now_ms;
    char what[sizeof(line->remark) - 64];
    write_substitute(what, sizeof(what), row);
    switch (ready_urgency(row, view->now_ms, view->cutoff_ms)) {
    case READY_DUE:
        snprintf(line->remark, sizeof(line->remark), _("in %d min; %s"),
                 (int)((left_ms + 59999) / 60000), what);
        break;
    case READY_DECIDED:
        if (left_ms > 0) {
            write_decided(line, row, view, what);
        } else {
            snprintf(line->remark, sizeof(line->remark), _("on the air: %s"), what);
        }
        break;
    case READY_CALM:
        snprintf(line->remark, sizeof(line->remark), "%s%s",
                 row->is_recording && row->run == READY_REPEAT
                     ? _("the recording of a live lesson; ")
                     : "",
                 what);
        break;
    }
}

/* What signs the next stage. */
static void add_stage(struct board_line *line, const struct ready_row *row,
                      const struct ready_view *view)
{
    const struct ready_stage none = {0};
    const struct ready_stage stage =
        view->stages != NULL ? view->stages[row - view->board->rows] : none;
    const size_t length = strlen(line->remark);
    char date[STORE_DATE_SIZE];
    char text[APPROVE_TEXT_SIZE];
    if (stage.is_taken_back) {
        snprintf(line->remark + length, sizeof(line->remark) - length, "%s",
                 _("; it was rejected or withdrawn, and the store has lost that: first `ketang "
                   "store rebuild`, then sign it anew"));
    } else if (stage.is_lost) {
        snprintf(line->remark + length, sizeof(line->remark) - length, "%s",
                 _("; who has signed it cannot be read without the store"));
    } else if (stage.rejected > 0) {
        snprintf(line->remark + length, sizeof(line->remark) - length,
                 _("; rejected in stage %d: it goes back to who made it"), stage.rejected);
    } else if (stage.next > 0) {
        snprintf(line->remark + length, sizeof(line->remark) - length, _("; to sign it: %s"),
                 approve_text(view->station->path, row->house_number, stage.next,
                              ready_stages_run(row, date), text));
    }
}

static void write_remark(struct board_line *line, const struct ready_row *row,
                         const struct ready_view *view)
{
    line->remark[0] = '\0';
    if (row->over != 0 && row->over != row->order) { /* what airs is the order's */
        char kind[64];
        order_words_kind(row->over_kind, "", kind, sizeof(kind));
        snprintf(line->remark, sizeof(line->remark), _("order %lld lies over it now: %s"),
                 (long long)row->over, kind);
    } else if (ready_is_wanting(row)) {
        write_wanting(line, row, view);
    } else if (row->state == MEDIA_REPLACED) {
        snprintf(line->remark, sizeof(line->remark), _("order %lld: %s airs"),
                 (long long)row->order, row->airs);
    } else if (row->state == MEDIA_READY && row->is_of_list && row->airs[0] == '\0') {
        snprintf(line->remark, sizeof(line->remark), "%s",
                 _("those before it in the list take all the time"));
    } else if (row->state == MEDIA_LIVE && row->substitute_state == MEDIA_READY) {
        snprintf(line->remark, sizeof(line->remark), _("the substitute %s is ready"),
                 row->substitute);
    } else if (row->state == MEDIA_LIVE) {
        snprintf(line->remark, sizeof(line->remark), "%s", _("no substitute is declared"));
    } else if (row->newest == MEDIA_LATE) {
        snprintf(line->remark, sizeof(line->remark), "%s",
                 _("an older file airs: the newer one came too late"));
    } else if (row->newest == MEDIA_DAMAGED) {
        snprintf(line->remark, sizeof(line->remark), "%s",
                 _("an older file airs: the newer one is damaged"));
    } else if (row->newest == MEDIA_UNAPPROVED) {
        snprintf(line->remark, sizeof(line->remark), "%s",
                 _("an older file airs: the newer one is not approved"));
    }
    add_stage(line, row, view);
}

static int64_t date_of_row(const struct ready_view *view, const struct ready_row *row)
{
    return zone_date(view->zone, (row->start + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND);
}

/* --- Rounds of what loops ---------------------------------------------------------------- */

/* What airs over and over all night has one line a day: its first round. */
struct rounds {
    bool is_later; /* it is told of with an earlier row */
    size_t more;   /* rounds after this one that day */
    size_t last;   /* the row of the last of them */
};

static bool is_round_of(const struct ready_row *first, const struct ready_row *row)
{
    return first->run == row->run && first->date == row->date &&
           first->substitute_state == row->substitute_state && first->newest == row->newest &&
           first->state == row->state && strcmp(first->channel, row->channel) == 0 &&
           strcmp(first->house_number, row->house_number) == 0 &&
           strcmp(first->airs, row->airs) == 0;
}

/* Looks back within the day as it is shown: rows are sorted. */
static void find_rounds(const struct ready_view *view, struct rounds *rounds)
{
    const struct ready_board *board = view->board;
    size_t day = 0; /* its first row */
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        const bool may_loop = row->run == READY_REPEAT || row->run == READY_SHARED;
        if (row->start == READY_NO_TIME) {
            return;
        }
        if (date_of_row(view, row) != date_of_row(view, &board->rows[day])) {
            day = i;
        }
        for (size_t k = day; may_loop && k < i && !rounds[i].is_later; k++) {
            if (!rounds[k].is_later && is_round_of(&board->rows[k], row)) {
                rounds[i].is_later = true;
                rounds[k].more++;
                rounds[k].last = i;
            }
        }
    }
}

/* --- Days and times -------------------------------------------------------------------------- */

/* Whose list is closed: what is changed in its files does not reach that day. */
static void add_closed(char text[DAY_SIZE], const struct ready_view *view, int64_t date)
{
    const struct service *service = NULL;
    const char *gap = _("; list closed: ");
    for (size_t i = 0; (service = station_service_at(view->station, i)) != NULL; i++) {
        const size_t length = strlen(text);
        if (is_shown(view, service) && ready_is_closed(view, service, date)) {
            snprintf(text + length, DAY_SIZE - length, "%s%s", gap, service->name);
            gap = _(", ");
        }
    }
}

/* "2026-11-30 Monday, today; list closed: zhangdian" */
static void write_day(char text[DAY_SIZE], const struct ready_view *view, int64_t date)
{
    const int64_t today = zone_date(view->zone, view->now_ms / 1000);
    const char *near = date == today ? _(", today") : date == today + 1 ? _(", tomorrow") : "";
    char iso[WHEN_TEXT_SIZE];
    snprintf(text, DAY_SIZE, "%s %s%s", when_date_text(date, iso),
             when_day_name(civil_weekday(date)), near);
    add_closed(text, view, date);
}

/* Time of the day, and above it the day where it is another than that of the row before. */
static void write_time(struct board_line *line, const struct ready_view *view,
                       const struct ready_row *row, int64_t *date)
{
    char time[READY_TIME_SIZE];
    line->clock[0] = '\0';
    line->day[0] = '\0';
    if (row->start == READY_NO_TIME) {
        if (*date != INT64_MAX) {
            snprintf(line->day, DAY_SIZE, "%s", _("at any time"));
        }
        *date = INT64_MAX;
        return;
    }
    const int64_t fresh = date_of_row(view, row);
    if (fresh != *date) {
        write_day(line->day, view, fresh);
    }
    *date = fresh;
    /* "2026-11-30T08:00:00+0800": seconds only where there are any. */
    ready_time_text(row, view->zone, time);
    const int length = strncmp(time + 16, ":00", 3) == 0 ? 5 : 8;
    snprintf(line->clock, CLOCK_SIZE, "  %.*s", length, time + 11);
}

static void add_rounds(struct board_line *line, const struct ready_view *view,
                       const struct rounds *rounds)
{
    char time[READY_TIME_SIZE];
    const size_t length = strlen(line->remark);
    if (rounds->more > 0) {
        ready_time_text(&view->board->rows[rounds->last], view->zone, time);
        snprintf(line->remark + length, sizeof(line->remark) - length,
                 _("%s%zu more that day, the last at %.5s"), length > 0 ? _("; ") : "",
                 rounds->more, time + 11);
    }
}

/* --- The whole ----------------------------------------------------------------------------- */

struct sheet {
    struct board_line *lines;
    struct rounds *rounds; /* of the rows of the board */
    const char **cells;
    const char **colours;
    const char **headings;
    size_t rows; /* the head included */
};

static void finish_sheet(struct sheet *sheet)
{
    free(sheet->lines);
    free(sheet->rounds);
    free(sheet->cells);
    free(sheet->colours);
    free(sheet->headings);
}

static int open_sheet(struct sheet *sheet, size_t rows)
{
    const char *const head[COLUMNS] = {_("  TIME"), _("CHANNEL"), _("HOUSE NUMBER"), _("STATE"),
                                       _("RUN"),    _("GRADE"),   _("TITLE"),        _("REMARK")};
    sheet->rows = 1;
    sheet->lines = calloc(rows + 1, sizeof(sheet->lines[0]));
    sheet->rounds = calloc(rows + 1, sizeof(sheet->rounds[0]));
    sheet->cells = calloc((rows + 1) * COLUMNS, sizeof(sheet->cells[0]));
    sheet->colours = calloc((rows + 1) * COLUMNS, sizeof(sheet->colours[0]));
    sheet->headings = calloc(rows + 1, sizeof(sheet->headings[0]));
    if (sheet->lines == NULL || sheet->rounds == NULL || sheet->cells == NULL ||
        sheet->colours == NULL || sheet->headings == NULL) {
        return -ENOMEM;
    }
    memcpy(sheet->cells, head, sizeof(head));
    return 0;
}

static void add_line(struct sheet *sheet, const struct ready_view *view,
                     const struct ready_row *row, int64_t *date)
{
    const size_t at = sheet->rows++;
    struct board_line *line = &sheet->lines[at];
    write_time(line, view, row, date);
    write_remark(line, row, view);
    add_rounds(line, view, &sheet->rounds[row - view->board->rows]);
    const char *const cells[COLUMNS] = {
        line->clock,   row->channel, row->house_number, ready_state_text(row->state),
        run_text(row), row->grade,   row->title,        line->remark};
    memcpy(sheet->cells + at * COLUMNS, cells, sizeof(cells));
    sheet->headings[at] = line->day[0] != '\0' ? line->day : NULL;
    if (view->has_colours) {
        const enum ready_urgency urgency = ready_urgency(row, view->now_ms, view->cutoff_ms);
        sheet->colours[at * COLUMNS + 3] = colour_of(row, urgency);
    }
}

/* "3 of 120 slots are not ready: 1 missing, 2 not approved." */
static void print_counts(FILE *out, const struct ready_counts *counts)
{
    static const enum media_state states[] = {MEDIA_MISSING, MEDIA_DAMAGED, MEDIA_UNAPPROVED,
                                              MEDIA_LATE, MEDIA_UNFIT};
    const char *gap = _(": ");
    if (counts->slots == 0) {
        fputs(_("No slot of these days needs a file."), out);
    } else if (counts->wanting == 0) {
        fprintf(out, ngettext("The %zu slot is ready.", "All %zu slots are ready.", counts->slots),
                counts->slots);
    } else {
        fprintf(out, _("%zu of %zu slots are not ready"), counts->wanting, counts->slots);
        for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
            if (counts->states[states[i]] > 0) {
                fprintf(out, "%s%zu %s", gap, counts->states[states[i]],
                        ready_state_text(states[i]));
                gap = _(", ");
            }
        }
        fputs(_("."), out);
    }
    if (counts->soon > 0) {
        fprintf(out, _(" Of them %zu within the hour."), counts->soon);
    }
    if (counts->between > 0) {
        fprintf(out, _(" Fillers and cards not ready: %zu."), counts->between);
    }
    fputc('\n', out);
}

/* What is not known is not counted as ready. */
static void print_end(FILE *out, const struct ready_view *view)
{
    const struct ready_counts counts = ready_count(view);
    const size_t unknown = ready_print_unknown(out, view);
    if (unknown == 0 || view->board->count > 0) {
        fputs(unknown > 0 && counts.wanting == 0 ? _("The other channels: ") : "", out);
        print_counts(out, &counts);
    }
}

/* On a day that is not shown. */
static bool is_beyond(const struct ready_view *view, const struct ready_row *row)
{
    const int64_t today = zone_date(view->zone, view->now_ms / 1000);
    return view->shown_days > 0 && row->start != READY_NO_TIME &&
           date_of_row(view, row) >= today + view->shown_days;
}

/* Returns how many lines are left out, for their day is not shown. */
static size_t add_lines(struct sheet *sheet, const struct ready_view *view)
{
    int64_t date = INT64_MIN;
    size_t beyond = 0;
    for (size_t i = 0; i < view->board->count; i++) {
        const struct ready_row *row = &view->board->rows[i];
        if (sheet->rounds[i].is_later || (view->is_missing_only && !ready_is_wanting(row))) {
            continue;
        }
        if (is_beyond(view, row)) {
            beyond++;
        } else {
            add_line(sheet, view, row, &date);
        }
    }
    return beyond;
}

int ready_table_print(FILE *out, const struct ready_view *view)
{
    struct sheet sheet = {0};
    size_t beyond = 0;
    int result = open_sheet(&sheet, view->board->count);
    if (result == 0) {
        find_rounds(view, sheet.rounds);
        beyond = add_lines(&sheet, view);
    }
    if (result == 0 && sheet.rows > 1) {
        const struct text_table table = {.cells = sheet.cells,
                                         .rows = sheet.rows,
                                         .columns = COLUMNS,
                                         .most = CELL_WIDTH,
                                         .is_last_whole = true,
                                         .headings = sheet.headings,
                                         .colours = sheet.colours};
        text_table_write(out, &table);
        fputc('\n', out);
    }
    if (beyond > 0) {
        fprintf(
            out,
            _("Only today and tomorrow are shown; lines of later days: %zu.  To see them: ketang "
              "ready --missing --days 7\n"),
            beyond);
    }
    if (result == 0) {
        print_end(out, view);
    }
    finish_sheet(&sheet);
    return result;
}
