/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_amendment.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "id, channel, date, kind, from_frame, until_frame, house_number, mode, reason, author, "       \
    "ordered_ms, revision, state, state_ms, state_by, state_reason"

static const char *const names[] = {"ordered", "undone", "aired"};

const char *amendment_state_name(enum amendment_state state)
{
    return names[state];
}

static struct sql_value integer_or_null(bool is_there, int64_t integer)
{
    return is_there ? sql_integer(integer) : sql_text(NULL);
}

static int check(struct store *store, const struct store_amendment *amendment)
{
    int result = store_check_name(store, _("the kind of the order"), amendment->kind);
    if (result == 0) {
        result = store_check_text(store, _("the reason"), amendment->reason, STORE_NOTE_MOST);
    }
    if (result == 0 && amendment->reason[0] == '\0') {
        result = store_complain(store, -EINVAL, _("an order needs a reason"));
    }
    if (result == 0 && !amendment->is_open && amendment->until_frame <= amendment->from_frame) {
        result = store_complain(store, -EINVAL, _("an order must end after it begins"));
    }
    return result;
}

static int insert(struct store *store, const struct store_day_edit *edit,
                  const struct store_amendment *amendment, int64_t id)
{
    char date[STORE_DATE_SIZE];
    return store_run(
        store,
        "INSERT INTO amendments (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
        "$11, $12, $13, $14, $15, $16)",
        SQL_ARGS(sql_integer(id), sql_text(edit->channel),
                 sql_text(store_date_text(edit->date, date)), sql_text(amendment->kind),
                 sql_integer(amendment->from_frame),
                 integer_or_null(!amendment->is_open, amendment->until_frame),
                 sql_text(amendment->house_number), sql_text(amendment->mode),
                 sql_text(amendment->reason), sql_text(edit->author), sql_integer(edit->now_ms),
                 integer_or_null(amendment->has_revision, amendment->revision),
                 sql_text(names[AMENDMENT_ORDERED]), sql_integer(edit->now_ms),
                 sql_text(edit->author), sql_text("")));
}

int store_amendment_order(struct store *store, const struct store_day_edit *edit,
                          const struct store_amendment *amendment, int64_t *id, int64_t *version)
{
    int64_t fresh = 0;
    int64_t now = 0;
    int result = check(store, amendment);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = store_day_edit(store, edit, amendment->kind, &now);
    if (result == 0) {
        result =
            store_number(store, "SELECT COALESCE(MAX(id), 0) + 1 FROM amendments", NULL, 0, &fresh);
    }
    if (result == 0) {
        result = insert(store, edit, amendment, fresh);
    }
    result = store_day_end(store, result, now, version);
    if (result == 0) {
        *id = fresh;
    }
    return result;
}

/* The amendment is one of that day, and still just ordered. */
static int check_state(struct store *store, const struct store_day_edit *edit, int64_t id)
{
    struct store_rows rows;
    char date[STORE_DATE_SIZE];
    store_date_text(edit->date, date);
    int result = store_fetch(
        store, "SELECT " COLUMNS " FROM amendments WHERE id = $1 AND channel = $2 AND date = $3",
        SQL_ARGS(sql_integer(id), sql_text(edit->channel), sql_text(date)), &rows);
    if (result == 0 && rows.count == 0) {
        result = store_complain(store, -ENOENT, _("%s %s has no order %lld"), edit->channel, date,
                                (long long)id);
    }
    if (result == 0) {
        const struct store_amendment amendment = store_amendment_at(&rows, 0);
        if (amendment.state != AMENDMENT_ORDERED) {
            result = store_complain(store, -EALREADY, _("order %lld is '%s' already, by %s"),
                                    (long long)id, names[amendment.state], amendment.state_by);
        }
    }
    store_rows_finish(&rows);
    return result;
}

int store_amendment_move(struct store *store, const struct store_day_edit *edit, int64_t id,
                         enum amendment_state state, const char *reason, int64_t *version)
{
    char change[64];
    int64_t now = 0;
    int result = store_check_text(store, _("the reason"), reason, STORE_NOTE_MOST);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    snprintf(change, sizeof(change), "%s %lld", names[state], (long long)id);
    result = state == AMENDMENT_AIRED ? store_day_version(store, edit->channel, edit->date, &now)
                                      : store_day_edit(store, edit, change, &now);
    if (result == 0) {
        result = check_state(store, edit, id);
    }
    if (result == 0) {
        result = store_run(store,
                           "UPDATE amendments SET state = $1, state_ms = $2, state_by = $3, "
                           "state_reason = $4 WHERE id = $5",
                           SQL_ARGS(sql_text(names[state]), sql_integer(edit->now_ms),
                                    sql_text(edit->author), sql_text(reason), sql_integer(id)));
    }
    return store_day_end(store, result, now, version);
}

int store_amendment_planned(struct store *store, int64_t id,
                            const struct store_amendment_place *place)
{
    int64_t found = 0;
    if (!place->is_open && place->until_frame < place->from_frame) {
        return store_complain(store, -EINVAL, _("an order must end after it begins"));
    }
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = store_number(store, "SELECT id FROM amendments WHERE id = $1",
                          SQL_ARGS(sql_integer(id)), &found);
    if (result == -ENOENT) {
        store_complain(store, result, _("there is no order %lld"), (long long)id);
    }
    if (result == 0) {
        result = store_run(store,
                           "UPDATE amendments SET revision = $1, from_frame = $2, "
                           "until_frame = $3, mode = $4 WHERE id = $5",
                           SQL_ARGS(sql_integer(place->revision), sql_integer(place->from_frame),
                                    integer_or_null(!place->is_open, place->until_frame),
                                    sql_text(place->mode), sql_integer(id)));
    }
    return store_end(store, result);
}

int store_amendment_find(struct store *store, const char *channel, const char *kind,
                         int64_t ordered_ms, struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM amendments WHERE channel = $1 AND kind = $2 AND "
                       "ordered_ms = $3 ORDER BY id",
                       SQL_ARGS(sql_text(channel), sql_text(kind), sql_integer(ordered_ms)), rows);
}

int store_amendment_list(struct store *store, const char *channel, int64_t date,
                         struct store_rows *rows)
{
    char text[STORE_DATE_SIZE];
    return store_fetch(
        store, "SELECT " COLUMNS " FROM amendments WHERE channel = $1 AND date = $2 ORDER BY id",
        SQL_ARGS(sql_text(channel), sql_text(store_date_text(date, text))), rows);
}

/* The schema has no others. */
static enum amendment_state state_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < sizeof(names) / sizeof(names[0]) && strcmp(names[i], name) != 0) {
        i++;
    }
    return (enum amendment_state)i;
}

struct store_amendment store_amendment_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    struct store_amendment amendment = {.id = values[0].integer,
                                        .channel = values[1].text,
                                        .kind = values[3].text,
                                        .from_frame = values[4].integer,
                                        .is_open = values[5].type == SQL_NULL,
                                        .until_frame = values[5].integer,
                                        .house_number = values[6].text,
                                        .mode = values[7].text,
                                        .reason = values[8].text,
                                        .author = values[9].text,
                                        .ordered_ms = values[10].integer,
                                        .has_revision = values[11].type != SQL_NULL,
                                        .revision = values[11].integer,
                                        .state = state_of(values[12].text),
                                        .state_ms = values[13].integer,
                                        .state_by = values[14].text,
                                        .state_reason = values[15].text};
    store_date_parse(values[2].text, &amendment.date);
    return amendment;
}
