/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_dump.h"

#include "playout/asset_index.h"
#include "playout/intl.h"
#include "scheduler/store/store_dump_inner.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the rows of one table go. */
struct dump {
    struct sql_sink sink; /* first */
    FILE *out;
    struct sha256_ctx hash;
    const struct store_table *table;
    int64_t table_rows;
};

void store_dump_digest(struct sha256_ctx *hash, char text[SHA256_HEX_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(hash, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
}

/* Writes an object as a line, and gives it up. */
static int write_line(struct dump *dump, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(object);
    if (text == NULL) {
        return -ENOMEM;
    }
    sha256_update(&dump->hash, strlen(text), (const uint8_t *)text);
    sha256_update(&dump->hash, 1, (const uint8_t *)"\n");
    errno = 0;
    const int result =
        fputs(text, dump->out) < 0 || fputc('\n', dump->out) < 0 ? (errno != 0 ? -errno : -EIO) : 0;
    free(text);
    return result;
}

static int write_row(struct sql_sink *sink, const struct sql_value *values, size_t count)
{
    struct dump *dump = (struct dump *)sink;
    json_t *row = json_pack("{s:s}", "table", dump->table->name);
    for (size_t i = 0; i < count; i++) {
        json_t *value = values[i].type == SQL_INTEGER ? json_integer(values[i].integer)
                        : values[i].type == SQL_TEXT  ? json_string(values[i].text)
                                                      : json_null();
        json_object_set_new(row, dump->table->columns[i].name, value);
    }
    dump->table_rows++;
    return write_line(dump, row);
}

/* "SELECT a, b FROM t ORDER BY a"; the caller frees it, NULL out of memory. */
static char *query_of(const struct store_table *table)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    fputs("SELECT ", out);
    for (size_t i = 0; table->columns[i].name != NULL; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
    }
    fprintf(out, " FROM %s ORDER BY ", table->name);
    for (size_t i = 0; i < table->key_columns; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int write_tables(struct store *store, struct dump *dump, json_t *counts, int64_t *rows)
{
    int result = 0;
    *rows = 0;
    for (dump->table = store_tables; result == 0 && dump->table->name != NULL; dump->table++) {
        char *query = query_of(dump->table);
        dump->table_rows = 0;
        result = query != NULL ? store_read(store, query, NULL, 0, &dump->sink) : -ENOMEM;
        free(query);
        *rows += dump->table_rows;
        json_object_set_new(counts, dump->table->name, json_integer(dump->table_rows));
    }
    return result;
}

static int write_all(struct store *store, struct dump *dump, int64_t *rows)
{
    char digest[SHA256_HEX_SIZE];
    json_t *counts = json_object();
    int result = write_line(dump, json_pack("{s:i, s:I}", "ketang_store", DUMP_FORMAT, "schema",
                                            (json_int_t)store_schema_newest()));
    if (result == 0) {
        result = write_tables(store, dump, counts, rows);
    }
    if (result < 0) {
        json_decref(counts);
        return result;
    }
    store_dump_digest(&dump->hash, digest);
    result = write_line(dump, json_pack("{s:o, s:s}", "rows", counts, "sha256", digest));
    return result == 0 && fflush(dump->out) != 0 ? -errno : result;
}

int store_dump(struct store *store, FILE *out, int64_t *rows)
{
    struct dump dump = {.sink.row = write_row, .out = out};
    int64_t count = 0;
    sha256_init(&dump.hash);
    int result = store_begin_reading(store);
    if (result < 0) {
        return result;
    }
    result = write_all(store, &dump, &count);
    result = store_end(store, result);
    if (result == 0) {
        *rows = count;
    }
    return result;
}
