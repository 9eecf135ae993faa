/* SPDX-License-Identifier: MIT */
#include "tools/take_answer.h"

#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/order.h"
#include "scheduler/text_width.h"
#include "tools/commands.h"
#include "tools/order_words.h"
#include "tools/text_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AHEAD_SIZE = 48, CELL_SIZE = 1024, CELL_MOST = 40, COLUMNS = 9, SECOND_AT = 19 };
enum { CLOCK_AT = sizeof("2026-11-27") };

static const char *text_of(const json_t *item, const char *key)
{
    const char *text = json_string_value(json_object_get(item, key));
    return text != NULL ? text : "";
}

/* --- One order ------------------------------------------------------------------------ */

/* "4.6 s", "16 h 10 min": from now to a frame. */
static const char *ahead_text(int64_t frame, char text[AHEAD_SIZE])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const double seconds =
        (double)frame / FRAMES_PER_SECOND - (double)now.tv_sec - (double)now.tv_nsec / 1e9;
    if (seconds < 600) {
        snprintf(text, AHEAD_SIZE, _("%.1f s"), seconds);
    } else {
        snprintf(text, AHEAD_SIZE, _("%d h %d min"), (int)(seconds / 3600),
                 (int)(seconds / 60) % 60);
    }
    return text;
}

/* Lines, of which the last may have been cut short. */
static void print_note(const char *note)
{
    const size_t length = strlen(note);
    fputs(note, stdout);
    if (length > 0 && note[length - 1] != '\n') {
        putchar('\n');
    }
}

static void print_order(const char *command, const char *channel, const json_t *answer)
{
    const bool is_return = strcmp(command, "return") == 0 || strcmp(command, "release") == 0;
    char ahead[AHEAD_SIZE];
    char what[CELL_SIZE];
    const char *time = text_of(answer, "time");
    const long long order = json_integer_value(json_object_get(answer, "order"));
    const long long revision = json_integer_value(json_object_get(answer, "revision"));
    ahead_text(json_integer_value(json_object_get(answer, "frame")), ahead);
    if (is_return) {
        printf(_("%s returns at %s, in %s (order %lld, revision %lld).\n"), channel, time, ahead,
               order, revision);
    } else if (strcmp(command, "undo") == 0) {
        printf(_("%s: what was to be at %s, in %s, is undone (order %lld, revision %lld).\n"),
               channel, time, ahead, order, revision);
    } else {
        order_words_kind(command, "", what, sizeof(what));
        printf(_("%s: '%s' takes effect at %s, in %s (order %lld, revision %lld).\n"), channel,
               what, time, ahead, order, revision);
    }
    print_note(text_of(answer, "note"));
    if (text_of(answer, "dropped")[0] != '\0') {
        printf(_("No room is left for: %s.\n"), text_of(answer, "dropped"));
    }
}

/* --- A list --------------------------------------------------------------------------- */

static void write_head(char row[COLUMNS][CELL_SIZE])
{
    const char *const names[COLUMNS] = {_("CHANNEL"), _("ORDER"), _("WHAT"), _("STATE"), _("FROM"),
                                        _("UNTIL"),   _("AIRS"),  _("WHO"),  _("WHY")};
    for (size_t i = 0; i < COLUMNS; i++) {
        snprintf(row[i], CELL_SIZE, "%s", names[i]);
    }
}

/* Which order it is under: for good, or until that ends. */
static void write_cover(char cell[CELL_SIZE], const json_t *item, const char *state)
{
    const long long cover = json_integer_value(json_object_get(item, "covered_by"));
    const char *author = text_of(item, "covered_author");
    if (strcmp(text_of(item, "state"), "covered") == 0) {
        snprintf(cell, CELL_SIZE,
                 author[0] != '\0' ? _("covered by %lld (%s)") : _("covered by %lld"), cover,
                 author);
    } else {
        snprintf(cell, CELL_SIZE,
                 author[0] != '\0' ? _("%s, under %lld (%s) now") : _("%s, under %lld now"), state,
                 cover, author);
    }
}

/* "ordered", and what it was given for when it airs at another time; or which order it is under. */
static void write_state(char cell[CELL_SIZE], const json_t *item)
{
    const char *state = order_words_state(text_of(item, "state"));
    const json_int_t from = json_integer_value(json_object_get(item, "from"));
    const json_t *ordered = json_object_get(item, "ordered");
    const char *until = text_of(item, "ordered_until_time");
    if (json_integer_value(json_object_get(item, "covered_by")) != 0) {
        write_cover(cell, item, state);
    } else if (ordered != NULL) {
        snprintf(cell, CELL_SIZE,
                 json_integer_value(ordered) < from ? _("%s, moved back from %.8s")
                                                    : _("%s, moved up from %.8s"),
                 state, text_of(item, "ordered_time") + CLOCK_AT);
    } else if (until[0] != '\0') {
        snprintf(cell, CELL_SIZE, _("%s, was to end %.8s"), state, until + CLOCK_AT);
    } else {
        snprintf(cell, CELL_SIZE, "%s", state);
    }
}

/* Why it was given; and who ended it, took it back or its return, and why. */
static void write_why(char cell[CELL_SIZE], const json_t *item)
{
    const char *author = text_of(item, "end_author");
    const char *reason = text_of(item, "end_reason");
    const bool is_undone = strcmp(text_of(item, "state"), "undone") == 0;
    const bool is_ended = text_of(item, "until_time")[0] != '\0';
    const json_int_t other = json_integer_value(json_object_get(item, "end_order"));
    const size_t length = (size_t)snprintf(cell, CELL_SIZE, "%s", text_of(item, "reason"));
    if (is_undone && other != 0 && length < CELL_SIZE) {
        snprintf(cell + length, CELL_SIZE - length, _("; undone by order %lld (%s%s%s)"),
                 (long long)other, author, reason[0] != '\0' ? _(": ") : "", reason);
    } else if (author[0] != '\0' && length < CELL_SIZE) {
        snprintf(cell + length, CELL_SIZE - length,
                 is_undone  ? _("; undone by %s%s%s")
                 : is_ended ? _("; ended by %s%s%s")
                            : _("; its return undone by %s%s%s"),
                 author, reason[0] != '\0' ? _(": ") : "", reason);
    }
    (void)text_whole(cell);
}

static void write_row(char row[COLUMNS][CELL_SIZE], const json_t *item)
{
    const char *until = text_of(item, "until_time");
    const char *live = text_of(item, "live");
    const char *airs = live[0] != '\0' ? live : text_of(item, "house_number");
    /* An emergency that names nothing shows the slate, as the order of that name says by itself. */
    const bool is_slate = airs[0] == '\0' && strcmp(text_of(item, "kind"), "emergency") == 0;
    snprintf(row[0], CELL_SIZE, "%s", text_of(item, "channel"));
    snprintf(row[1], CELL_SIZE, "%lld", (long long)json_integer_value(json_object_get(item, "id")));
    order_words_kind(text_of(item, "kind"), text_of(item, "mode"), row[2], CELL_SIZE);
    write_state(row[3], item);
    snprintf(row[4], CELL_SIZE, "%.*s", SECOND_AT, text_of(item, "time"));
    snprintf(row[5], CELL_SIZE, "%.*s", SECOND_AT, until[0] != '\0' ? until : _("open"));
    snprintf(row[6], CELL_SIZE, "%s", is_slate ? order_kind_text("slate") : airs);
    snprintf(row[7], CELL_SIZE, "%s", text_of(item, "author"));
    write_why(row[8], item);
}

static int print_list(const json_t *list)
{
    const size_t rows = json_array_size(list) + 1;
    char(*sheet)[COLUMNS][CELL_SIZE] = calloc(rows, sizeof(*sheet));
    const char **cells = calloc(rows * COLUMNS, sizeof(cells[0]));
    size_t index = 0;
    const json_t *item = NULL;
    if (rows == 1) {
        puts(_("There are no orders."));
    } else if (sheet != NULL && cells != NULL) {
        write_head(sheet[0]);
        json_array_foreach(list, index, item)
        {
            write_row(sheet[index + 1], item);
        }
        for (size_t i = 0; i < rows * COLUMNS; i++) {
            cells[i] = sheet[i / COLUMNS][i % COLUMNS];
        }
        const struct text_table table = {.cells = cells,
                                         .rows = rows,
                                         .columns = COLUMNS,
                                         .most = CELL_MOST,
                                         .is_last_whole = true};
        text_table_write(stdout, &table);
    }
    const bool is_done = sheet != NULL && cells != NULL;
    free(cells);
    free(sheet);
    return is_done ? COMMAND_DONE : COMMAND_FAILED;
}

int take_answer_print(const char *command, const char *channel, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error"));
    const json_t *list = json_object_get(answer, "orders");
    const bool is_ok = json_is_true(json_object_get(answer, "ok"));
    if (is_ok && json_is_array(list)) {
        return print_list(list);
    }
    if (is_ok && json_is_string(json_object_get(answer, "time"))) {
        print_order(command, channel, answer);
        return COMMAND_DONE;
    }
    fprintf(stderr, _("ketang%s%s: %s\n"), channel != NULL ? _(": ") : "",
            channel != NULL ? channel : "",
            error != NULL ? error : _("the scheduler's answer cannot be understood."));
    return COMMAND_FAILED;
}
