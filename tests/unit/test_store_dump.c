/* SPDX-License-Identifier: MIT */
/*
 * Backup, restore and rebuild.  With KETANG_TEST_STORE from SQLite to PostgreSQL
 * and back.
 */
#include "scheduler/store/store_dump.h"

#include "playout/asset.h"
#include "playout/journal.h"
#include "playout/plan.h"
#include "scheduler/planner.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_rebuild.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store/store_schema.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/store/store_user.h"
#include "tests/support/dice.h"
#include "tests/support/fake_media.h"
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

enum { MONDAY = 18309 }; /* 2020-02-17 */

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
    const struct store_submission submission = {0, NULL, text, "", "", "", 1, SUBMISSION_RECEIVED,
                                                1, "王", ""};
    const struct store_user user = {"wang", "operator", text, NULL, true, 1, "王"};
    MUST(store_freeze_day(store, &edit, 3, files, 3, &version) == 0);
    MUST(store_amendment_order(store, &edit, &order, &id, &version) == 0);
    MUST(store_submission_add(store, &submission, &id) == 0);
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

/* --- Rebuilding --------------------------------------------------------- */

struct ruin {
    char *path; /* of the station file */
    struct station *station;
    struct zone *zone;
};

static char *folder_of(const struct ruin *ruin, const char *kind)
{
    char *folder = station_state_path(ruin->station, kind, "zhangdian");
    MUST(folder != NULL && planner_make_folder(folder) == 0);
    return folder;
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char *path = NULL;
    MUST(asprintf(&path, "%s/%s", folder, name) > 0);
    FILE *file = fopen(path, "w");
    MUST(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    free(path);
}

static void write_plan(const struct ruin *ruin, int64_t revision, const char *title)
{
    enum { START = 39547035, FRAMES = 3000 };
    char *folder = folder_of(ruin, "plans");
    char *path = NULL;
    struct plan *plan = plan_create();
    MUST(asprintf(&path, "%s/%d.yaml", folder, (int)revision) > 0);
    plan->channel = strdup("zhangdian");
    plan->revision = revision;
    plan->effective = START * INT64_C(1000);
    const struct plan_event event = {.seq = 1,
                                     .start = START * INT64_C(1000),
                                     .duration = FRAMES,
                                     .programme = 1,
                                     .kind = EVENT_LESSON,
                                     .asset = store_bench_hash(1),
                                     .house_number = "KT-01",
                                     .title = title,
                                     .text = "授课教师：示例教师01"};
    const struct plan_amendment amendment = {
        1, "slate", START * INT64_C(1000) + 750, START * INT64_C(1000) + 1500, "信号异常", "王"};
    MUST(plan_append(plan, &event) == 0);
    MUST(plan_append_amendment(plan, &amendment) == 0);
    MUST(plan_save(path, plan, "Asia/Shanghai") == 0);
    plan_destroy(plan);
    free(path);
    free(folder);
}

static void write_records(const struct ruin *ruin)
{
    static const int64_t created[] = {300, 100, 200};
    static char number[] = "KT-01";
    static char profile[] = "sd";
    static char nothing[] = "";
    for (int i = 0; i < 3; i++) {
        struct asset_record record = {.house_number = number,
                                      .profile = profile,
                                      .title = nothing,
                                      .source = nothing,
                                      .duration_frames = 3000,
                                      .is_proven = true,
                                      .created_ms = created[i]};
        strcpy(record.sha256, store_bench_hash(i + 1));
        char *path = asset_path(ruin->station->media, record.sha256, "json");
        MUST(asset_record_save(path, &record) == 0);
        free(path);
    }
}

static void ruin_init(struct ruin *ruin)
{
    struct problems problems;
    problems_init(&problems);
    ruin->path = fake_station_file();
    MUST(station_load(ruin->path, &ruin->station, &problems) == 0);
    MUST(zone_open("Asia/Shanghai", &ruin->zone) == 0);
    char *plans = folder_of(ruin, "plans");
    char *as_run = folder_of(ruin, "asrun");
    write_records(ruin);
    write_plan(ruin, 1, "四年级 语文 春夏秋");
    write_plan(ruin, 3, "四年级 语文 春夏秋冬");
    write_file(plans, "4.yaml", "this: is no plan\n");
    write_file(plans, "journal",
               "{\"adopt\":3,\"frame\":39547035777,\"eit_version\":1,\"schedule_version\":1}\n");
    write_file(as_run, "2020-02-17.jsonl", "{\"seq\":1}\nbroken\n{\"seq\":2}\n{\"cut");
    free(plans);
    free(as_run);
    problems_finish(&problems);
}

static void ruin_finish(struct ruin *ruin)
{
    zone_close(ruin->zone);
    station_destroy(ruin->station);
    fake_station_remove(ruin->path);
    free(ruin->path);
}

static void check_rebuilt(struct store *store)
{
    struct store_rows rows;
    assert_int_equal(store_asset_list(store, "KT-01", &rows), 0);
    assert_int_equal(rows.count, 3);
    assert_string_equal(store_asset_at(&rows, 0).sha256, store_bench_hash(2)); /* the oldest */
    store_rows_finish(&rows);
    assert_int_equal(store_lesson_list(store, &rows), 0);
    assert_int_equal(rows.count, 1);
    const struct store_lesson lesson = store_lesson_at(&rows, 0);
    assert_string_equal(lesson.grade, "四年级");
    assert_string_equal(lesson.subject, "语文");
    assert_string_equal(lesson.title, "春夏秋冬"); /* of the latest plan */
    assert_string_equal(lesson.teacher, "示例教师01");
    assert_string_equal(lesson.channel, "zhangdian");
    store_rows_finish(&rows);
    assert_int_equal(store_revision_list(store, "zhangdian", 0, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_int_equal(store_revision_at(&rows, 0).effective_frame, INT64_C(39547035000));
    assert_int_equal(store_revision_at(&rows, 1).effective_frame, INT64_C(39547035777));
    store_rows_finish(&rows);
    assert_int_equal(store_as_run_list(store, "zhangdian", MONDAY, 0, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_int_equal(store_as_run_at(&rows, 1).number, 3);
    store_rows_finish(&rows);
    assert_int_equal(store_amendment_list(store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_amendment_at(&rows, 0).author, "王");
    assert_int_equal(store_amendment_at(&rows, 0).state, AMENDMENT_AIRED);
    store_rows_finish(&rows);
}

static void a_lost_store_is_rebuilt_from_the_files_of_the_station(void **state)
{
    (void)state;
    const int64_t now_ms = INT64_C(1582000000000);
    struct ruin ruin;
    struct store_bench bench;
    struct store_rebuilt rebuilt;
    struct problems problems;
    size_t size = 0;
    size_t again = 0;
    ruin_init(&ruin);
    store_bench_init(&bench);
    problems_init(&problems);
    struct store *store = store_bench_open(&bench);
    assert_int_equal(store_rebuild(store, ruin.station, ruin.zone, now_ms, &problems, &rebuilt), 0);
    assert_int_equal(problems.count, 2); /* the plan that is none, the broken line */
    assert_int_equal(rebuilt.assets, 3);
    assert_int_equal(rebuilt.lessons, 1);
    assert_int_equal(rebuilt.revisions, 2);
    assert_int_equal(rebuilt.amendments, 1);
    assert_int_equal(rebuilt.as_run_lines, 2);
    check_rebuilt(store);
    char *dump = dump_of(store, &size);
    assert_int_equal(store_rebuild(store, ruin.station, ruin.zone, now_ms, &problems, &rebuilt), 0);
    assert_int_equal(rebuilt.assets + rebuilt.lessons + rebuilt.revisions + rebuilt.amendments +
                         rebuilt.as_run_lines,
                     0);
    char *second = dump_of(store, &again);
    assert_int_equal(size, again);
    assert_memory_equal(dump, second, size);
    free(dump);
    free(second);
    store_close(store);
    problems_finish(&problems);
    store_bench_finish(&bench);
    ruin_finish(&ruin);
}

static void an_as_run_line_that_was_changed_is_told_and_left_out(void **state)
{
    (void)state;
    struct ruin ruin;
    struct store_bench bench;
    struct store_rebuilt rebuilt;
    struct problems problems;
    ruin_init(&ruin);
    store_bench_init(&bench);
    problems_init(&problems);
    struct store *store = store_bench_open(&bench);
    const struct store_as_run_line line = {"zhangdian", MONDAY, 1, "{\"seq\":9}", NULL};
    assert_int_equal(store_as_run_put(store, &line), 0);
    assert_int_equal(store_rebuild(store, ruin.station, ruin.zone, 0, &problems, &rebuilt), 0);
    assert_int_equal(problems.count, 3);
    assert_int_equal(rebuilt.as_run_lines, 1);
    store_close(store);
    problems_finish(&problems);
    store_bench_finish(&bench);
    ruin_finish(&ruin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dump_restored_into_another_engine_dumps_to_the_same_bytes),
        cmocka_unit_test(every_column_of_every_table_is_in_the_dump),
        cmocka_unit_test(a_store_with_something_in_it_is_not_written_over),
        cmocka_unit_test(a_damaged_dump_is_refused_and_leaves_nothing),
        cmocka_unit_test(what_is_no_dump_is_told_by_line),
        cmocka_unit_test(a_lost_store_is_rebuilt_from_the_files_of_the_station),
        cmocka_unit_test(an_as_run_line_that_was_changed_is_told_and_left_out),
    };
    return cmocka_run_group_tests_name("store_dump", tests, NULL, NULL);
}
