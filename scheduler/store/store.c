/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_inner.h"
#include "scheduler/store/store_schema.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/zone.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool store_is_postgres(const char *where)
{
    const size_t word = strspn(where, "abcdefghijklmnopqrstuvwxyz_");
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0 ||
           (word > 0 && where[word + strspn(where + word, " ")] == '=');
}

const char *store_place(const char *where)
{
    return store_is_postgres(where) ? "PostgreSQL" : where;
}

static int open_sqlite(const char *path, bool may_write, struct sql **sql,
                       char error[SQL_ERROR_SIZE])
{
    const char *slash = strrchr(path, '/');
    if (may_write && slash != NULL && slash != path) {
        char *folder = strndup(path, (size_t)(slash - path));
        const int result = folder != NULL ? durable_make_folder(folder) : -ENOMEM;
        if (result < 0) {
            snprintf(error, SQL_ERROR_SIZE, _("the folder cannot be made: %s"), strerror(-result));
        }
        free(folder);
        if (result < 0) {
            return result;
        }
    }
    return sql_open_sqlite(path, may_write, sql, error);
}

int store_open(const char *where, enum store_opening opening, struct store **store,
               struct problems *problems)
{
    char error[SQL_ERROR_SIZE] = "";
    const bool is_postgres = store_is_postgres(where);
    struct store *fresh = calloc(1, sizeof(*fresh));
    int result = -ENOMEM;
    if (fresh != NULL) {
        result = is_postgres ? sql_open_postgres(where, &fresh->sql, error)
                             : open_sqlite(where, opening == STORE_USE, &fresh->sql, error);
    }
    if (result == 0) {
        result = store_schema_prepare(fresh, opening == STORE_USE);
        snprintf(error, sizeof(error), "%s", store_error(fresh));
    }
    if (result < 0) {
        const char *what = error[0] != '\0' ? error : strerror(-result);
        problems_add(problems, PROBLEM_ERROR, store_place(where), 0, 0,
                     result == -EBADMSG && !is_postgres
                         ? _("%s; move it away, then bring a backup back with `ketang store "
                             "restore`, or what the files tell with `ketang store rebuild`")
                         : "%s",
                     what);
        store_close(fresh);
        return result;
    }
    *store = fresh;
    return 0;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->sql != NULL) {
        store->sql->ops->close(store->sql);
    }
    free(store);
}

bool store_has_moved(const struct store *store)
{
    return store->sql->ops->has_moved(store->sql);
}

const char *store_error(const struct store *store)
{
    return store->error;
}

const char *store_description(const struct store *store)
{
    return store->sql->description;
}

int store_complain(struct store *store, int result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(store->error, sizeof(store->error), format, args);
    va_end(args);
    return result;
}

/* The engine, with nothing left of older errors. */
static struct sql *engine(struct store *store)
{
    store->sql->error[0] = '\0';
    return store->sql;
}

/* Takes over what the engine says. */
static int judge(struct store *store, int result)
{
    return result < 0 ? store_complain(store, result, "%s",
                                       store->sql->error[0] != '\0' ? store->sql->error
                                                                    : strerror(-result))
                      : result;
}

static int enter(struct store *store, enum sql_mode mode)
{
    if (store->depth > 0) {
        assert(mode == SQL_READ || !store->is_reading);
        if (store->is_spoiled) {
            return store_complain(store, -ECANCELED,
                                  _("nothing more can be done in a transaction that has failed"));
        }
        store->depth++;
        return 0;
    }
    const int result = judge(store, store->sql->ops->begin(engine(store), mode));
    if (result == 0) {
        store->depth = 1;
        store->is_reading = mode == SQL_READ;
        store->is_spoiled = false;
    }
    return result;
}

int store_begin(struct store *store)
{
    return enter(store, SQL_WRITE);
}

int store_clock_ms(struct store *store, int64_t *now_ms)
{
    return store_number(store, store->sql->ops->clock_ms, NULL, 0, now_ms);
}

int store_begin_reading(struct store *store)
{
    return enter(store, SQL_READ);
}

int store_end(struct store *store, int result)
{
    assert(store->depth > 0);
    store->is_spoiled = store->is_spoiled || result < 0;
    store->depth--;
    if (store->depth > 0) {
        return result;
    }
    if (store->is_spoiled) {
        store->sql->ops->rollback(store->sql);
        return result < 0 ? result : -ECANCELED;
    }
    return judge(store, store->sql->ops->commit(engine(store)));
}

int store_mark(struct store *store)
{
    return store_run(store, "SAVEPOINT mark", NULL, 0);
}

int store_unmark(struct store *store, bool is_kept)
{
    int result = is_kept ? 0 : store_run(store, "ROLLBACK TO SAVEPOINT mark", NULL, 0);
    if (result == 0) {
        result = store_run(store, "RELEASE SAVEPOINT mark", NULL, 0);
    }
    if (result == 0 && !is_kept) {
        store->is_spoiled = false; /* what failed is gone */
    }
    return result;
}

/* One character of UTF-8 (RFC 3629) at `bytes`: its length, or 0. */
static size_t character_length(const unsigned char *bytes)
{
    static const struct {
        unsigned char least, most, next_least, next_most;
        size_t length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (bytes[0] < forms[i].least || bytes[0] > forms[i].most) {
            continue;
        }
        for (size_t k = 1; k < forms[i].length; k++) {
            const unsigned char least = k == 1 ? forms[i].next_least : 0x80;
            const unsigned char most = k == 1 ? forms[i].next_most : 0xbf;
            if (bytes[k] < least || bytes[k] > most) {
                return 0;
            }
        }
        return forms[i].length;
    }
    return 0;
}

/* What one engine takes the other takes, too. */
static int check_args(struct store *store, const struct sql_value *args, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (args[i].type != SQL_TEXT) {
            continue;
        }
        size_t length = 0;
        while (args[i].text[length] != '\0') {
            const size_t step = character_length((const unsigned char *)args[i].text + length);
            if (step == 0) {
                return store_complain(store, -EILSEQ,
                                      _("a text is not UTF-8, from its byte %zu on: it cannot be "
                                        "stored"),
                                      length + 1);
            }
            length += step;
        }
        if (length > STORE_TEXT_MOST) {
            return store_complain(store, -E2BIG,
                                  _("a text of %zu bytes is too long: at most %d can be stored"),
                                  length, STORE_TEXT_MOST);
        }
    }
    return 0;
}

int store_run(struct store *store, const char *statement, const struct sql_value *args,
              size_t count)
{
    assert(store->depth > 0 && !store->is_reading);
    const int result = check_args(store, args, count);
    if (result < 0) {
        return result;
    }
    return judge(store, store->sql->ops->run(engine(store), statement, args, count, NULL));
}

int store_read(struct store *store, const char *statement, const struct sql_value *args,
               size_t count, struct sql_sink *sink)
{
    int result = check_args(store, args, count);
    if (result < 0) {
        return result;
    }
    result = enter(store, SQL_READ);
    if (result < 0) {
        return result;
    }
    result = judge(store, store->sql->ops->run(engine(store), statement, args, count, sink));
    return store_end(store, result);
}

int store_fetch(struct store *store, const char *statement, const struct sql_value *args,
                size_t count, struct store_rows *rows)
{
    store_rows_init(rows);
    return store_read(store, statement, args, count, &rows->sink);
}

int store_number(struct store *store, const char *statement, const struct sql_value *args,
                 size_t count, int64_t *number)
{
    struct store_rows rows;
    int result = store_fetch(store, statement, args, count, &rows);
    if (result == 0 && rows.count == 0) {
        result = -ENOENT;
    }
    if (result == 0) {
        *number = store_rows_at(&rows, 0)[0].integer;
    }
    store_rows_finish(&rows);
    return result;
}

int store_check_text(struct store *store, const char *what, const char *text, size_t most)
{
    if (strlen(text) > most) {
        return store_complain(store, -E2BIG, _("%s is longer than %zu bytes"), what, most);
    }
    return 0;
}

int store_check_name(struct store *store, const char *what, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return store_complain(store, -EINVAL, _("%s is missing"), what);
    }
    return store_check_text(store, what, text, STORE_NAME_MOST);
}

const char *store_date_text(int64_t date, char text[STORE_DATE_SIZE])
{
    struct civil civil;
    civil_date(date, &civil);
    snprintf(text, STORE_DATE_SIZE, "%04u-%02u-%02u", (unsigned)civil.year % 10000,
             (unsigned)civil.month % 100, (unsigned)civil.day % 100);
    return text;
}

int store_date_parse(const char *text, int64_t *date)
{
    char again[STORE_DATE_SIZE];
    int year = 0;
    int month = 0;
    int day = 0;
    if (strlen(text) != STORE_DATE_SIZE - 1 ||
        sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3 || year < 1 || month < 1 ||
        month > 12) {
        return -EINVAL;
    }
    const int64_t days = civil_days(year, month, day);
    if (strcmp(store_date_text(days, again), text) != 0) {
        return -EINVAL;
    }
    *date = days;
    return 0;
}
