/* SPDX-License-Identifier: MIT */
/* store_restore: the reading side of store_dump.h. */
#include "scheduler/store/store_dump.h"

#include "playout/intl.h"
#include "scheduler/store/store_dump_inner.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The longest text, every byte of it escaped, and more. */
enum { LINE_MOST = 7 << 20 };

struct restoring {
    struct store *store;
    FILE *in;
    char *line; /* LINE_MOST bytes */
    int64_t number;
    struct sha256_ctx hash;
    int64_t table_rows[STORE_TABLES];
    int64_t rows;
};

/* Names the line of a complaint. */
static int refuse(struct restoring *restoring, int result, const char *text)
{
    char copy[SQL_ERROR_SIZE];
    snprintf(copy, sizeof(copy), "%s", text);
    return store_complain(restoring->store, result, _("line %lld of the backup: %s"),
                          (long long)restoring->number, copy);
}

/* Reads the next line into *object; the hash takes it in unless it is the last one. */
static int next_line(struct restoring *restoring, json_t **object)
{
    json_error_t error;
    restoring->number++;
    if (fgets(restoring->line, LINE_MOST, restoring->in) == NULL) {
        return refuse(restoring, -EBADMSG, _("it ends too early: the backup is not complete"));
    }
    const size_t length = strlen(restoring->line);
    if (length == 0 || restoring->line[length - 1] != '\n') {
        return refuse(restoring, -EBADMSG, _("it is cut off, or too long"));
    }
    json_t *parsed = json_loadb(restoring->line, length, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(parsed)) {
        json_decref(parsed);
        return refuse(restoring, -EBADMSG, _("it is not what a backup consists of"));
    }
    if (json_object_get(parsed, "rows") == NULL) {
        sha256_update(&restoring->hash, length, (const uint8_t *)restoring->line);
    }
    *object = parsed;
    return 0;
}

static int read_header(struct restoring *restoring)
{
    json_t *header = NULL;
    int result = next_line(restoring, &header);
    if (result < 0) {
        return result;
    }
    const json_int_t format = json_integer_value(json_object_get(header, "ketang_store"));
    const json_int_t schema = json_integer_value(json_object_get(header, "schema"));
    if (format < 1 || schema < 1) {
        result = refuse(restoring, -EBADMSG, _("this is no backup of a store"));
    } else if (format > DUMP_FORMAT || schema > store_schema_newest()) {
        result = refuse(restoring, -EPROTONOSUPPORT,
                        _("the backup is of a newer program: install that one first"));
    }
    json_decref(header);
    return result;
}

/* A table by its name; NULL: there is none. */
static const struct store_table *find_table(const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "table"));
    for (const struct store_table *table = store_tables; name != NULL && table->name != NULL;
         table++) {
        if (strcmp(table->name, name) == 0) {
            return table;
        }
    }
    return NULL;
}

/* The values of the columns that the row has; false when a value is of another kind. */
static bool take_values(const struct store_table *table, const json_t *row,
                        struct sql_value values[SQL_ARGS_MOST], size_t *count, FILE *names)
{
    *count = 0;
    for (const struct store_column *column = table->columns; column->name != NULL; column++) {
        const json_t *value = json_object_get(row, column->name);
        if (value == NULL) {
            continue; /* a column that the dump's schema had not */
        }
        if (json_is_integer(value) && column->type == SQL_INTEGER) {
            values[*count] = sql_integer(json_integer_value(value));
        } else if (json_is_string(value) && column->type == SQL_TEXT) {
            values[*count] = sql_text(json_string_value(value));
        } else if (json_is_null(value)) {
            values[*count] = sql_text(NULL);
        } else {
            return false;
        }
        fprintf(names, "%s%s", *count > 0 ? ", " : "", column->name);
        ++*count;
    }
    return *count > 0 && *count + 1 == json_object_size(row); /* and the table's name */
}

/* "INSERT INTO t (names) VALUES ($1, $2)"; the caller frees it, NULL out of memory. */
static char *insertion(const struct store_table *table, const char *names, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    fprintf(out, "INSERT INTO %s (%s) VALUES (", table->name, names);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s$%zu", i > 0 ? ", " : "", i + 1);
    }
    fputs(")", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int insert_row(struct restoring *restoring, const json_t *row)
{
    const struct store_table *table = find_table(row);
    struct sql_value values[SQL_ARGS_MOST];
    char *names = NULL;
    char *statement = NULL;
    size_t count = 0;
    size_t size = 0;
    if (table == NULL) {
        return refuse(restoring, -EBADMSG, _("there is no such table"));
    }
    FILE *out = open_memstream(&names, &size);
    if (out == NULL) {
        return -ENOMEM;
    }
    const bool is_legal = take_values(table, row, values, &count, out);
    int result = fclose(out) == 0 ? 0 : -ENOMEM;
    if (result == 0 && !is_legal) {
        result = refuse(restoring, -EBADMSG, _("its values are not those of its table"));
    }
    if (result == 0) {
        statement = insertion(table, names, count);
        result =
            statement != NULL ? store_run(restoring->store, statement, values, count) : -ENOMEM;
        if (result == -EINVAL || result == -E2BIG) {
            result = refuse(restoring, -EBADMSG, store_error(restoring->store));
        }
    }
    restoring->table_rows[table - store_tables]++;
    restoring->rows++;
    free(statement);
    free(names);
    return result;
}

static int check_trailer(struct restoring *restoring, const json_t *trailer)
{
    char digest[SHA256_HEX_SIZE];
    const json_t *rows = json_object_get(trailer, "rows");
    const char *expected = json_string_value(json_object_get(trailer, "sha256"));
    for (size_t i = 0; store_tables[i].name != NULL; i++) {
        const json_t *count = json_object_get(rows, store_tables[i].name);
        if (json_integer_value(count) != restoring->table_rows[i]) {
            char text[256];
            snprintf(text, sizeof(text), _("the backup should have %lld rows of %s, not %lld"),
                     (long long)json_integer_value(count), store_tables[i].name,
                     (long long)restoring->table_rows[i]);
            return refuse(restoring, -EBADMSG, text);
        }
    }
    store_dump_digest(&restoring->hash, digest);
    if (expected == NULL || strcmp(expected, digest) != 0) {
        return refuse(restoring, -EBADMSG, _("the backup has been changed: its hash does not fit"));
    }
    if (fgetc(restoring->in) != EOF) {
        return refuse(restoring, -EBADMSG, _("there is something behind the end of the backup"));
    }
    return 0;
}

static int check_emptiness(struct store *store)
{
    const char *table = NULL;
    int64_t count = 0;
    int result = 0;
    for (size_t i = 0; result == 0 && i < STORE_TABLES; i++) {
        result = store_count(store, i, &table, &count);
        if (result == 0 && count > 0) {
            result = store_complain(store, -ENOTEMPTY,
                                    _("the store is not empty (%s has %lld rows), and a backup "
                                      "goes into a new one: stop the scheduler, move ketang.db* "
                                      "away, and restore again"),
                                    table, (long long)count);
        }
    }
    return result;
}

static int read_rows(struct restoring *restoring)
{
    bool is_over = false;
    int result = 0;
    while (result == 0 && !is_over) {
        json_t *object = NULL;
        result = next_line(restoring, &object);
        if (result == 0) {
            is_over = json_object_get(object, "rows") != NULL;
            result = is_over ? check_trailer(restoring, object) : insert_row(restoring, object);
        }
        json_decref(object);
    }
    return result;
}

int store_restore(struct store *store, FILE *in, int64_t *rows)
{
    struct restoring restoring = {.store = store, .in = in, .line = malloc(LINE_MOST)};
    sha256_init(&restoring.hash);
    if (restoring.line == NULL) {
        return -ENOMEM;
    }
    /* Others wait from here on: not for somebody who still types a password. */
    (void)ungetc(getc(in), in);
    int result = store_begin(store);
    if (result == 0) {
        result = check_emptiness(store);
        if (result == 0) {
            result = read_header(&restoring);
        }
        if (result == 0) {
            result = read_rows(&restoring);
        }
        result = store_end(store, result);
    }
    free(restoring.line);
    if (result == 0) {
        *rows = restoring.rows;
    }
    return result;
}
