/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_freeze.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdio.h>

#define COLUMNS "id, channel, date, is_frozen, time_ms, author, reason, list_version"

/* The last entry of a day, when it is a freeze. */
#define IN_FORCE                                                                                   \
    "is_frozen = 1 AND id = (SELECT MAX(id) FROM freezes AS other "                                \
    "WHERE other.channel = freezes.channel AND other.date = freezes.date)"

/* Fills *id with the freeze in force, 0: none, and says who made it. */
static int find_freeze(struct store *store, const char *channel, int64_t date, int64_t *id,
                       char author[STORE_NAME_MOST + 1])
{
    char text[STORE_DATE_SIZE];
    struct store_rows rows;
    const int result = store_fetch(
        store, "SELECT " COLUMNS " FROM freezes WHERE channel = $1 AND date = $2 AND " IN_FORCE,
        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), &rows);
    if (result == 0) {
        *id = 0;
        author[0] = '\0';
        if (rows.count > 0) {
            const struct store_freeze freeze = store_freeze_at(&rows, 0);
            *id = freeze.id;
            snprintf(author, STORE_NAME_MOST + 1, "%s", freeze.author);
        }
    }
    store_rows_finish(&rows);
    return result;
}

static int insert(struct store *store, const struct store_freeze *freeze)
{
    char date[STORE_DATE_SIZE];
    return store_run(
        store, "INSERT INTO freezes (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        SQL_ARGS(sql_integer(freeze->id), sql_text(freeze->channel),
                 sql_text(store_date_text(freeze->date, date)), sql_integer(freeze->is_frozen),
                 sql_integer(freeze->time_ms), sql_text(freeze->author), sql_text(freeze->reason),
                 sql_integer(freeze->list_version)));
}

static int next_id(struct store *store, int64_t *id)
{
    return store_number(store, "SELECT COALESCE(MAX(id), 0) + 1 FROM freezes", NULL, 0, id);
}

static int keep_files(struct store *store, int64_t id, const struct store_file *files, size_t count)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        result = store_check_name(store, _("the name of a file"), files[i].name);
        if (result == 0) {
            result = store_run(
                store, "INSERT INTO frozen_files (freeze_id, name, text) VALUES ($1, $2, $3)",
                SQL_ARGS(sql_integer(id), sql_text(files[i].name), sql_text(files[i].text)));
        }
    }
    return result;
}

static int freeze_day(struct store *store, const struct store_day_edit *edit, int64_t list_version,
                      const struct store_file *files, size_t count)
{
    char author[STORE_NAME_MOST + 1];
    char date[STORE_DATE_SIZE];
    struct store_freeze freeze = {.channel = edit->channel,
                                  .date = edit->date,
                                  .is_frozen = true,
                                  .time_ms = edit->now_ms,
                                  .author = edit->author,
                                  .reason = "",
                                  .list_version = list_version};
    int64_t frozen = 0;
    int result = find_freeze(store, edit->channel, edit->date, &frozen, author);
    if (result == 0 && frozen != 0) {
        result = store_complain(store, -EALREADY, _("%s %s is frozen already, by %s"),
                                edit->channel, store_date_text(edit->date, date), author);
    }
    if (result == 0) {
        result = next_id(store, &freeze.id);
    }
    if (result == 0) {
        result = insert(store, &freeze);
    }
    return result == 0 ? keep_files(store, freeze.id, files, count) : result;
}

int store_freeze_day(struct store *store, const struct store_day_edit *edit, int64_t list_version,
                     const struct store_file *files, size_t count, int64_t *version)
{
    int64_t now = 0;
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = store_day_edit(store, edit, "freeze", &now);
    if (result == 0) {
        result = freeze_day(store, edit, list_version, files, count);
    }
    return store_day_end(store, result, now, version);
}

static int thaw_day(struct store *store, const struct store_day_edit *edit, const char *reason)
{
    char author[STORE_NAME_MOST + 1];
    char date[STORE_DATE_SIZE];
    struct store_freeze thaw = {.channel = edit->channel,
                                .date = edit->date,
                                .time_ms = edit->now_ms,
                                .author = edit->author,
                                .reason = reason};
    int64_t frozen = 0;
    int result = find_freeze(store, edit->channel, edit->date, &frozen, author);
    if (result == 0 && frozen == 0) {
        result = store_complain(store, -ENOENT, _("%s %s is not frozen"), edit->channel,
                                store_date_text(edit->date, date));
    }
    if (result == 0) {
        result = next_id(store, &thaw.id);
    }
    return result == 0 ? insert(store, &thaw) : result;
}

int store_thaw_day(struct store *store, const struct store_day_edit *edit, const char *reason,
                   int64_t *version)
{
    int64_t now = 0;
    if (reason[0] == '\0') {
        return store_complain(store, -EINVAL, _("say why the freeze is taken back"));
    }
    int result = store_check_text(store, _("the reason"), reason, STORE_NOTE_MOST);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = store_day_edit(store, edit, "thaw", &now);
    if (result == 0) {
        result = thaw_day(store, edit, reason);
    }
    return store_day_end(store, result, now, version);
}

bool store_freeze_due(const struct zone *zone, int minute, int64_t now_ms, int64_t *date)
{
    struct civil civil;
    zone_to_civil(zone, now_ms / 1000, &civil);
    *date = civil_days(civil.year, civil.month, civil.day) + 1;
    return civil.hour * 60 + civil.minute >= minute;
}

int store_frozen_files(struct store *store, const char *channel, int64_t date,
                       struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(store,
                       "SELECT name, text FROM frozen_files WHERE freeze_id = "
                       "(SELECT id FROM freezes WHERE channel = $1 AND date = $2 AND " IN_FORCE
                       ") ORDER BY name",
                       SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), rows);
}

struct store_file store_frozen_file_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_file){.name = values[0].text, .text = values[1].text};
}

int store_freeze_list(struct store *store, const char *channel, int64_t date,
                      struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(
        store, "SELECT " COLUMNS " FROM freezes WHERE channel = $1 AND date = $2 ORDER BY id",
        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), rows);
}

int store_freeze_in_force(struct store *store, const char *channel, int64_t date,
                          struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(store,
                       "SELECT " COLUMNS
                       " FROM freezes WHERE channel = $1 AND date >= $2 AND " IN_FORCE
                       " ORDER BY date",
                       SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), rows);
}

struct store_freeze store_freeze_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    struct store_freeze freeze = {.id = values[0].integer,
                                  .channel = values[1].text,
                                  .is_frozen = values[3].integer != 0,
                                  .time_ms = values[4].integer,
                                  .author = values[5].text,
                                  .reason = values[6].text,
                                  .list_version = values[7].integer};
    store_date_parse(values[2].text, &freeze.date);
    return freeze;
}
