/* SPDX-License-Identifier: MIT */
/*
 * Backup and restore.  With KETANG_TEST_STORE from SQLite to PostgreSQL and back.
 */
#include "scheduler/store/store_dump.h"

#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store/store_schema.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/store/store_user.h"
#include "tests/support/dice.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Something of everything, with texts that are hard to carry. */
static void fill(struct store *store)
{
    static const char text[] = "a: \"b\"\\\n\t\x01 ² 喆 \xf0\x9f\x93\xba 'x' $1 %s";
    const struct approval_rule rule = {2, true};
    const struct store_file files[] = {{"b.yaml", text}, {"A.yaml", ""}, {"中.yaml", "x"}};
    struct store_day_edit edit = {"zhangdian", MONDAY, STORE_DAY_WHATEVER, "王", 3};
    int64_t id = 0;
    int64_t version = 0;
    for (int i = 0; i < 40; i++) {
        char number[16];
        snprintf(number, sizeof(number), "%s-%d",
                 i % 3 == 0   ? "kt"
                 : i % 3 == 1 ? "KT"
                              : "语文",
                 i);
        const struct store_lesson lesson = {number, "", "语文", text, "", "", "linzi", -i, "王"};
        const struct store_asset asset = {number, 0, store_bench_hash(i), "sd", "lesson", i, 250};
        const struct store_approval approval = {
            0, number, store_bench_hash(i), "first", 1, APPROVAL_GIVEN, "王", text, INT64_MAX};
        const struct store_as_run_line line = {"linzi", MONDAY + i % 4, i / 4 + 1, "{}", NULL};
        const struct store_revision revision = {"linzi", i + 1, i, i, store_bench_hash(i), "", ""};
        MUST(store_lesson_put(store, &lesson) == 0);
        MUST(store_asset_put(store, &asset, "王") == 0);
        MUST(store_approval_add(store, &approval, &rule) == 0);
        MUST(store_as_run_put(store, &line) == 0);
        MUST(store_revision_put(store, &revision) == 0);
    }
    const struct store_amendment order = {
        .kind = "slate", .from_frame = 1, .is_open = true, .mode = "", .reason = text};
    const struct store_submission submission = {
        0, NULL, text, "", "", "", 1, SUBMISSION_RECEIVED, 1, "王", "", "", "", "", "", "", ""};
    const struct store_user user = {"wang", "operator", text, NULL, true, 1, "王"};
    MUST(store_freeze_day(store, &edit, 3, files, 3, &version) == 0);
    MUST(store_amendment_order(store, &edit, &order, &id, &version) == 0);
    MUST(store_submission_add(store, &submission, &id) == 0);
    const struct store_job job = {
        .submission = id, .profile = "sd", .due_ms = JOB_NOT_PLANNED, .state_ms = 1};
    MUST(store_job_add(store, &job, &id) == 0);
    MUST(store_user_put(store, &user) == 0);
}

/* The dump of a store; to be freed. */
static char *dump_of(struct store *store, size_t *size)
{
    char *text = NULL;
    int64_t rows = 0;
    FILE *out = open_memstream(&text, size);
    assert_int_equal(store_dump(store, out, &rows), 0);
    fclose(out);
    return text;
}

static int restore_from(struct store *store, const char *text, size_t size)
{
    int64_t rows = 0;
    FILE *in = size > 0 ? fmemopen((char *)(uintptr_t)text, size, "r") : fopen("/dev/null", "r");
    const int result = store_restore(store, in, &rows);
    fclose(in);
    return result;
}

static bool is_empty(struct store *store)
{
    const char *table = NULL;
    int64_t rows = 0;
    int64_t total = 0;
    for (size_t i = 0; store_count(store, i, &table, &rows) == 0; i++) {
        total += rows;
    }
    return total == 0;
}

static void a_dump_restored_into_another_engine_dumps_to_the_same_bytes(void **state)
{
    (void)state;
    struct store_bench benches[3];
    struct store *stores[3];
    char *dumps[3];
    size_t sizes[3];
    store_bench_init_sqlite(&benches[0]);
    store_bench_init(&benches[1]);
    store_bench_init_sqlite(&benches[2]);
    for (int i = 0; i < 3; i++) {
        stores[i] = store_bench_open(&benches[i]);
        if (i == 0) {
            fill(stores[i]);
        } else {
            assert_int_equal(restore_from(stores[i], dumps[i - 1], sizes[i - 1]), 0);
        }
        dumps[i] = dump_of(stores[i], &sizes[i]);
        assert_int_equal(sizes[i], sizes[0]);
        assert_memory_equal(dumps[i], dumps[0], sizes[0]);
    }
    for (int i = 0; i < 3; i++) {
        free(dumps[i]);
        store_close(stores[i]);
        store_bench_finish(&benches[i]);
    }
}

/* A column that the table of columns lacked would be missing in every backup. */
static void every_column_of_every_table_is_in_the_dump(void **state)
{
    (void)state;
    struct store_bench bench;
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    int seen = 0;
    store_bench_init_sqlite(&bench);
    store_close(store_bench_open(&bench));
    assert_int_equal(sqlite3_open(bench.where, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT t.name, c.name, c.cid FROM sqlite_master AS t "
                                        "JOIN pragma_table_info(t.name) AS c "
                                        "WHERE t.type = 'table' AND t.name <> 'migrations'",
                                        -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        const char *column = (const char *)sqlite3_column_text(tables, 1);
        size_t i = 0;
        while (i < STORE_TABLES && strcmp(store_tables[i].name, table) != 0) {
            i++;
        }
        assert_true(i < STORE_TABLES);
        const char *known = store_tables[i].columns[sqlite3_column_int(tables, 2)].name;
        assert_non_null(known);
        assert_string_equal(known, column);
        seen++;
    }
    for (size_t i = 0; i < STORE_TABLES; i++) {
        for (size_t k = 0; store_tables[i].columns[k].name != NULL; k++) {
            seen--;
        }
    }
    assert_int_equal(seen, 0);
    sqlite3_finalize(tables);
    sqlite3_close(db);
    store_bench_finish(&bench);
}

static void a_store_with_something_in_it_is_not_written_over(void **state)
{
    (void)state;
    struct store_bench bench;
    size_t size = 0;
    store_bench_init(&bench);
    struct store *store = store_bench_open(&bench);
    fill(store);
    char *dump = dump_of(store, &size);
    assert_int_equal(restore_from(store, dump, size), -ENOTEMPTY);
    assert_non_null(strstr(store_error(store), "not empty"));
    free(dump);
    store_close(store);
    store_bench_finish(&bench);
}

/* Cut off at each line, and at many places within; one byte changed; lines left out. */
static void a_damaged_dump_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    struct store_bench bench;
    size_t size = 0;
    store_bench_init(&bench);
    struct store *store = store_bench_open(&bench);
    fill(store);
    char *dump = dump_of(store, &size);
    store_close(store);
    store_bench_finish(&bench);
    store_bench_init(&bench);
    store = store_bench_open(&bench);
    for (int i = 0; i < 150; i++) {
        char *copy = malloc(size + 1);
        size_t length = size;
        memcpy(copy, dump, size);
        const size_t at = (size_t)dice_between(&dice, 0, (int64_t)size - 1);
        if (i % 3 == 0) {
            length = at;
        } else if (i % 3 == 1) {
            copy[at] ^= (char)(1 << dice_between(&dice, 0, 6));
        } else {
            char *line = memchr(copy + at / 2, '\n', size - at / 2);
            char *next = memchr(line + 1, '\n', size - (size_t)(line + 1 - copy));
            if (next == NULL) {
                free(copy);
                continue;
            }
            memmove(line, next, size - (size_t)(next - copy));
            length = size - (size_t)(next - line);
        }
        const int result = restore_from(store, copy, length);
        if (result >= 0 || !is_empty(store)) {
            fail_msg("damage %d at %zu of %zu: %d", i, at, size, result);
        }
        free(copy);
    }
    assert_int_equal(restore_from(store, dump, size), 0);
    free(dump);
    store_close(store);
    store_bench_finish(&bench);
}

static void what_is_no_dump_is_told_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
        const char *says;
    } cases[] = {
        {"", -EBADMSG, "line 1 of the backup: it ends too early"},
        {"{}\n", -EBADMSG, "no backup of a store"},
        {"[1]\n", -EBADMSG, "line 1"},
        {"PK\x03\x04\n", -EBADMSG, "line 1"},
        {"{\"ketang_store\":1,\"schema\":99}\n", -EPROTONOSUPPORT, "newer program"},
        {"{\"ketang_store\":1,\"schema\":1}\n", -EBADMSG, "line 2 of the backup: it ends too"},
        {"{\"ketang_store\":1,\"schema\":1}\n{\"table\":\"x\"}\n", -EBADMSG, "no such table"},
        {"{\"ketang_store\":1,\"schema\":1}\n{\"table\":\"users\",\"name\":1}\n", -EBADMSG,
         "not those of its table"},
        {"{\"ketang_store\":1,\"schema\":1}\n{\"table\":\"users\",\"x\":\"y\"}\n", -EBADMSG,
         "not those of its table"},
        {"{\"ketang_store\":1,\"schema\":1}\n{\"table\":\"users\",\"name\":\"y\"}\n", -EBADMSG,
         "line 2"},
    };
    struct store_bench bench;
    store_bench_init(&bench);
    struct store *store = store_bench_open(&bench);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int result = restore_from(store, cases[i].text, strlen(cases[i].text));
        if (result != cases[i].result || strstr(store_error(store), cases[i].says) == NULL) {
            fail_msg("case %zu: %d, %s", i, result, store_error(store));
        }
        assert_true(is_empty(store));
    }
    store_close(store);
    store_bench_finish(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dump_restored_into_another_engine_dumps_to_the_same_bytes),
        cmocka_unit_test(every_column_of_every_table_is_in_the_dump),
        cmocka_unit_test(a_store_with_something_in_it_is_not_written_over),
        cmocka_unit_test(a_damaged_dump_is_refused_and_leaves_nothing),
        cmocka_unit_test(what_is_no_dump_is_told_by_line),
    };
    return cmocka_run_group_tests_name("store_dump", tests, NULL, NULL);
}
