/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_day.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>

static int64_t parse_date(const char *text)
{
    int64_t date = 0;
    store_date_parse(text, &date); /* written by store_date_text() */
    return date;
}

int store_day_version(struct store *store, const char *channel, int64_t date, int64_t *version)
{
    char text[STORE_DATE_SIZE];
    return store_number(store,
                        "SELECT COALESCE(MAX(version), 0) FROM day_changes "
                        "WHERE channel = $1 AND date = $2",
                        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))),
                        version);
}

/* Says who was faster: the first change after the version that was seen. */
static int tell_conflict(struct store *store, const struct store_day_edit *edit, int64_t version)
{
    char date[STORE_DATE_SIZE];
    struct store_rows rows;
    int result = store_day_changes(store, edit->channel, edit->date, edit->based_on, &rows);
    if (result == 0 && rows.count > 0) {
        const struct store_day_change change = store_day_change_at(&rows, 0);
        result = store_complain(store, -ESTALE,
                                _("%s %s: %s has changed this day in the meantime (%s); it is "
                                  "version %lld now, yours was made from %lld: look at it again"),
                                edit->channel, store_date_text(edit->date, date), change.changed_by,
                                change.change, (long long)version, (long long)edit->based_on);
    } else if (result == 0) {
        result = store_complain(store, -ESTALE,
                                _("%s %s: this day is version %lld, there has never been a "
                                  "version %lld"),
                                edit->channel, store_date_text(edit->date, date),
                                (long long)version, (long long)edit->based_on);
    }
    store_rows_finish(&rows);
    return result;
}

static int check(struct store *store, const struct store_day_edit *edit, const char *change)
{
    int result = store_check_name(store, _("the channel"), edit->channel);
    if (result == 0) {
        result = store_check_name(store, _("the author's name"), edit->author);
    }
    if (result == 0) {
        result = store_check_text(store, _("the reason"), change, STORE_NOTE_MOST);
    }
    return result;
}

static int enter(struct store *store, const struct store_day_edit *edit, const char *change,
                 int64_t *version)
{
    char date[STORE_DATE_SIZE];
    int result = store_day_version(store, edit->channel, edit->date, version);
    if (result < 0) {
        return result;
    }
    if (edit->based_on != STORE_DAY_WHATEVER && edit->based_on != *version) {
        return tell_conflict(store, edit, *version);
    }
    result =
        store_run(store,
                  "INSERT INTO day_changes (channel, date, version, changed_ms, changed_by, "
                  "change) VALUES ($1, $2, $3, $4, $5, $6)",
                  SQL_ARGS(sql_text(edit->channel), sql_text(store_date_text(edit->date, date)),
                           sql_integer(*version + 1), sql_integer(edit->now_ms),
                           sql_text(edit->author), sql_text(change)));
    *version += result == 0;
    return result;
}

int store_day_end(struct store *store, int result, int64_t now, int64_t *version)
{
    result = store_end(store, result);
    if (result == 0 || result == -ESTALE) {
        *version = now;
    }
    return result;
}

int store_day_edit(struct store *store, const struct store_day_edit *edit, const char *change,
                   int64_t *version)
{
    int64_t now = 0;
    int result = check(store, edit, change);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = enter(store, edit, change, &now);
    return store_day_end(store, result, now, version);
}

int store_day_changes(struct store *store, const char *channel, int64_t date, int64_t after,
                      struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(
        store,
        "SELECT channel, date, version, changed_ms, changed_by, change "
        "FROM day_changes WHERE channel = $1 AND date = $2 AND version > $3 "
        "ORDER BY version",
        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text)), sql_integer(after)),
        rows);
}

struct store_day_change store_day_change_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_day_change){.channel = values[0].text,
                                     .date = parse_date(values[1].text),
                                     .version = values[2].integer,
                                     .changed_ms = values[3].integer,
                                     .changed_by = values[4].text,
                                     .change = values[5].text};
}
