/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_as_run.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "channel, date, number, line, chain"

static int put(struct store *store, const struct store_as_run_line *line, const char *date)
{
    struct store_rows rows;
    int result =
        store_run(store,
                  "INSERT INTO as_run (" COLUMNS ") VALUES ($1, $2, $3, $4, $5) "
                  "ON CONFLICT (channel, date, number) DO NOTHING",
                  SQL_ARGS(sql_text(line->channel), sql_text(date), sql_integer(line->number),
                           sql_text(line->line), sql_text(line->chain)));
    if (result < 0) {
        return result;
    }
    result = store_fetch(
        store, "SELECT " COLUMNS " FROM as_run WHERE channel = $1 AND date = $2 AND number = $3",
        SQL_ARGS(sql_text(line->channel), sql_text(date), sql_integer(line->number)), &rows);
    if (result == 0 && strcmp(store_as_run_at(&rows, 0).line, line->line) != 0) {
        result = store_complain(store, -EEXIST,
                                _("line %lld of the as-run of %s, %s, is not what it was: the "
                                  "file has been changed"),
                                (long long)line->number, line->channel, date);
    }
    store_rows_finish(&rows);
    return result;
}

int store_as_run_put(struct store *store, const struct store_as_run_line *line)
{
    char date[STORE_DATE_SIZE];
    int result = store_check_name(store, _("the channel"), line->channel);
    if (result == 0) {
        result = store_check_text(store, _("a line of the as-run"), line->line, STORE_LINE_MOST);
    }
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = put(store, line, store_date_text(line->date, date));
    return store_end(store, result);
}

int store_as_run_count(struct store *store, const char *channel, int64_t date, int64_t *count)
{
    char text[STORE_DATE_SIZE];
    return store_number(store,
                        "SELECT COALESCE(MAX(number), 0) FROM as_run "
                        "WHERE channel = $1 AND date = $2",
                        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), count);
}

int store_as_run_newest(struct store *store, const char *channel, int64_t *date)
{
    struct store_rows rows;
    int result =
        store_fetch(store, "SELECT date FROM as_run WHERE channel = $1 ORDER BY date DESC LIMIT 1",
                    SQL_ARGS(sql_text(channel)), &rows);
    if (result == 0) {
        result = rows.count > 0 ? store_date_parse(store_rows_at(&rows, 0)[0].text, date) : -ENOENT;
    }
    store_rows_finish(&rows);
    return result;
}

int store_as_run_list(struct store *store, const char *channel, int64_t date, int64_t after,
                      struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(
        store,
        "SELECT " COLUMNS " FROM as_run WHERE channel = $1 AND date = $2 AND "
        "number > $3 ORDER BY number",
        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text)), sql_integer(after)),
        rows);
}

/* `"house_number":"KT-42"` as lines have it, for LIKE; allocated, NULL: out of memory. */
static char *pattern_of(const char *house_number)
{
    json_t *string = json_string(house_number);
    char *quoted = string != NULL ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
    char *pattern = NULL;
    size_t size = 0;
    FILE *out = quoted != NULL ? open_memstream(&pattern, &size) : NULL;
    if (out != NULL) {
        fputs("%\"kind\":\"lesson\"%\"house!_number\":", out);
        for (const char *at = quoted; *at != '\0'; at++) {
            if (strchr("%_!", *at) != NULL) {
                fputc('!', out);
            }
            fputc(*at, out);
        }
        fputc('%', out);
        if (fclose(out) != 0) {
            free(pattern);
            pattern = NULL;
        }
    }
    free(quoted);
    json_decref(string);
    return pattern;
}

int store_as_run_first(struct store *store, const char *house_number, struct store_rows *rows)
{
    char *pattern = pattern_of(house_number);
    if (pattern == NULL) {
        return -ENOMEM;
    }
    const int result = store_fetch(
        store,
        "SELECT " COLUMNS " FROM as_run WHERE line LIKE $1 ESCAPE '!' ORDER BY date, number "
        "LIMIT 1",
        SQL_ARGS(sql_text(pattern)), rows);
    free(pattern);
    return result;
}

struct store_as_run_line store_as_run_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    struct store_as_run_line line = {.channel = values[0].text,
                                     .number = values[2].integer,
                                     .line = values[3].text,
                                     .chain = values[4].text};
    store_date_parse(values[1].text, &line.date);
    return line;
}
