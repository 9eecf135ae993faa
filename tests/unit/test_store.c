/* SPDX-License-Identifier: MIT */
/*
 * The store: opening, transactions, days that two people edit.  On SQLite, or on the PostgreSQL
 * that KETANG_TEST_STORE names.
 */
#include "scheduler/store/store.h"
#include "scheduler/store/store_job.h"

#include "scheduler/store/store_day.h"
#include "scheduler/store/store_inner.h"
#include "scheduler/store/store_lesson.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Opens as told; the result, with what is said of it in `said`. */
static int open_and_listen(const struct store_bench *bench, enum store_opening opening,
                           char said[256])
{
    struct store *store = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = store_open(bench->where, opening, &store, &problems);
    snprintf(said, 256, "%s", problems.count > 0 ? problems.items[0].text : "");
    problems_finish(&problems);
    store_close(store);
    return result;
}

static void a_place_is_told_from_a_connection(void **state)
{
    (void)state;
    static const struct {
        const char *where;
        bool is_postgres;
    } cases[] = {
        {"var/state/ketang.db", false},
        {"/srv/a=b/ketang.db", false},
        {"ketang.db", false},
        {"postgresql://db/ketang", true},
        {"postgres://db/ketang", true},
        {"host=/run/pg dbname=x", true},
        {"dbname = ketang", true},
        {"./dbname=ketang", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(store_is_postgres(cases[i].where), cases[i].is_postgres);
    }
}

static void dates_that_exist_are_read_and_no_others(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2020-02-30", "2020-2-17",  "2020-02-17 ", "20200217",
                                        "",           "2020-13-01", "2020-00-01",  "+020-02-17"};
    int64_t date = 0;
    char text[STORE_DATE_SIZE];
    assert_int_equal(store_date_parse("2020-02-17", &date), 0);
    assert_int_equal(date, MONDAY);
    assert_string_equal(store_date_text(MONDAY, text), "2020-02-17");
    assert_int_equal(store_date_parse("2020-02-29", &date), 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(store_date_parse(wrong[i], &date), -EINVAL);
    }
}

static void looking_makes_nothing_and_using_does(void **state)
{
    (void)state;
    struct store_bench bench;
    char said[256];
    store_bench_init(&bench);
    const int result = open_and_listen(&bench, STORE_LOOK, said);
    assert_int_equal(result, bench.schema != NULL ? -EPROTONOSUPPORT : -ENOENT);
    assert_non_null(strstr(said, "ketang store migrate"));
    store_close(store_bench_open(&bench));
    assert_int_equal(open_and_listen(&bench, STORE_LOOK, said), 0);
    store_bench_finish(&bench);
}

static void a_store_of_a_newer_program_is_refused(void **state)
{
    const struct store_room *room = *state;
    char said[256];
    store_bench_run(&room->bench, "INSERT INTO migrations (step) VALUES (99)");
    assert_int_equal(open_and_listen(&room->bench, STORE_USE, said), -EPROTONOSUPPORT);
    assert_non_null(strstr(said, "version 99, of a newer program"));
}

static int put_lesson(struct store *store, const char *house_number, const char *title)
{
    const struct store_lesson lesson = {.house_number = house_number,
                                        .grade = "四年级",
                                        .subject = "语文",
                                        .title = title,
                                        .teacher = "示例教师01",
                                        .school = "",
                                        .channel = "zhangdian",
                                        .changed_ms = 7,
                                        .changed_by = "王"};
    return store_lesson_put(store, &lesson);
}

static size_t count_lessons(struct store *store)
{
    struct store_rows rows;
    assert_int_equal(store_lesson_list(store, &rows), 0);
    const size_t count = rows.count;
    store_rows_finish(&rows);
    return count;
}

/* As the first release left it, with what was in it. */
static void an_older_store_is_brought_up_to_date(void **state)
{
    const struct store_room *room = *state;
    char said[256];
    struct store_rows rows;
    assert_int_equal(put_lesson(room->store, "KT-01", "荷花"), 0);
    store_bench_run(&room->bench, "DROP TABLE jobs; ALTER TABLE submissions DROP COLUMN title; "
                                  "ALTER TABLE submissions DROP COLUMN kind; "
                                  "ALTER TABLE submissions DROP COLUMN consent; "
                                  "ALTER TABLE submissions DROP COLUMN batch; "
                                  "ALTER TABLE submissions DROP COLUMN subtitles; "
                                  "ALTER TABLE submissions DROP COLUMN subtitles_sha256; "
                                  "DELETE FROM migrations WHERE step > 1");
    assert_int_equal(open_and_listen(&room->bench, STORE_LOOK, said), -EPROTONOSUPPORT);
    assert_non_null(strstr(said, "ketang store migrate"));
    struct store *store = store_bench_open(&room->bench);
    assert_int_equal(store_job_list(store, &rows), 0);
    assert_int_equal(rows.count, 0);
    store_rows_finish(&rows);
    assert_int_equal(count_lessons(store), 1);
    store_close(store);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    (void)state;
    struct store_bench bench;
    char said[256];
    store_bench_init_sqlite(&bench);
    store_close(store_bench_open(&bench));
    FILE *file = fopen(bench.where, "w");
    for (int i = 0; i < 10000; i++) {
        fputs("this is a timetable\n", file);
    }
    fclose(file);
    assert_int_equal(open_and_listen(&bench, STORE_USE, said), -EBADMSG);
    store_bench_finish(&bench);
}

/* Sixteen programs that open a new store at once make it once. */
static void many_may_open_a_new_store_at_once(void **state)
{
    (void)state;
    enum { PROGRAMS = 16 };
    struct store_bench bench;
    int64_t version = 0;
    store_bench_init(&bench);
    for (int i = 0; i < PROGRAMS; i++) {
        if (fork() == 0) {
            char said[256];
            const int result = open_and_listen(&bench, STORE_USE, said);
            fputs(said, stderr);
            _exit(result == 0 ? 0 : 1);
        }
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int status = 0;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct store *store = store_bench_open(&bench);
    assert_int_equal(store_schema_version(store, &version), 0);
    assert_int_equal(version, store_schema_newest());
    store_close(store);
    store_bench_finish(&bench);
}

static void a_transaction_takes_effect_as_a_whole_or_not_at_all(void **state)
{
    const struct store_room *room = *state;
    struct store *other = store_bench_open(&room->bench);
    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(put_lesson(room->store, "KT-01", "荷花"), 0);
    assert_int_equal(put_lesson(room->store, "KT-02", "燕子"), 0);
    assert_int_equal(count_lessons(other), 0);
    assert_int_equal(store_end(room->store, 0), 0);
    assert_int_equal(count_lessons(other), 2);

    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(put_lesson(room->store, "KT-03", "绝句"), 0);
    assert_int_equal(store_end(room->store, -EIO), -EIO);
    assert_int_equal(count_lessons(other), 2);

    /* What failed inside cannot be committed by forgetting about it. */
    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(put_lesson(room->store, "KT-03", "绝句"), 0);
    assert_int_equal(put_lesson(room->store, "KT-04", "\xff"), -EILSEQ);
    assert_int_equal(store_end(room->store, 0), -ECANCELED);
    assert_int_equal(count_lessons(other), 2);
    store_close(other);
}

static void readers_see_one_moment(void **state)
{
    const struct store_room *room = *state;
    struct store *other = store_bench_open(&room->bench);
    assert_int_equal(put_lesson(room->store, "KT-01", "荷花"), 0);
    assert_int_equal(store_begin_reading(other), 0);
    assert_int_equal(count_lessons(other), 1);
    assert_int_equal(put_lesson(room->store, "KT-02", "燕子"), 0); /* is not held up */
    assert_int_equal(count_lessons(other), 1);
    assert_int_equal(store_end(other, 0), 0);
    assert_int_equal(count_lessons(other), 2);
    store_close(other);
}

/* Ends all connections of the store at the server. */
static void cut_connections(const struct store_bench *bench)
{
    char statement[200];
    snprintf(statement, sizeof(statement),
             "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
             "application_name = '%s' AND pid <> pg_backend_pid()",
             bench->schema);
    store_bench_run(bench, statement);
}

/* A machine that is cut off while it writes keeps nobody else from writing for long. */
static void a_writer_that_says_nothing_is_ended(void **state)
{
    const struct store_room *room = *state;
    struct store_rows rows;
    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(
        store_fetch(room->store, "SHOW idle_in_transaction_session_timeout", NULL, 0, &rows), 0);
    assert_string_equal(store_rows_at(&rows, 0)[0].text, "20s");
    store_rows_finish(&rows);
    assert_int_equal(store_end(room->store, 0), 0);
}

static void a_lost_connection_is_made_anew_between_transactions_only(void **state)
{
    const struct store_room *room = *state;
    assert_int_equal(put_lesson(room->store, "KT-01", "荷花"), 0);
    cut_connections(&room->bench);
    assert_int_equal(put_lesson(room->store, "KT-02", "燕子"), 0);
    cut_connections(&room->bench);
    assert_int_equal(count_lessons(room->store), 2);

    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(put_lesson(room->store, "KT-03", "绝句"), 0);
    cut_connections(&room->bench);
    assert_int_equal(put_lesson(room->store, "KT-04", "绝句"), -ECONNRESET);
    assert_int_equal(store_end(room->store, -ECONNRESET), -ECONNRESET);
    assert_int_equal(count_lessons(room->store), 2);

    /* Cut off just before the commit: nobody is told that it was saved. */
    assert_int_equal(store_begin(room->store), 0);
    assert_int_equal(put_lesson(room->store, "KT-05", "绝句"), 0);
    cut_connections(&room->bench);
    assert_int_equal(store_end(room->store, 0), -EINPROGRESS);
    assert_non_null(strstr(store_error(room->store), "before you repeat"));
    assert_int_equal(count_lessons(room->store), 2);
}

static void of_two_who_edit_a_day_the_second_is_told_of_the_first(void **state)
{
    const struct store_room *room = *state;
    struct store *other = store_bench_open(&room->bench);
    struct store_day_edit wang = {"zhangdian", MONDAY, 0, "王", 1};
    struct store_day_edit li = {"zhangdian", MONDAY, 0, "李", 2};
    int64_t version = 77;
    assert_int_equal(store_day_version(room->store, "zhangdian", MONDAY, &version), 0);
    assert_int_equal(version, 0);
    assert_int_equal(store_day_edit(room->store, &wang, "第三节换课", &version), 0);
    assert_int_equal(version, 1);
    assert_int_equal(store_day_edit(other, &li, "第四节换课", &version), -ESTALE);
    assert_int_equal(version, 1);
    assert_non_null(strstr(store_error(other), "王"));
    assert_non_null(strstr(store_error(other), "第三节换课"));
    li.based_on = 1;
    assert_int_equal(store_day_edit(other, &li, "第四节换课", &version), 0);
    assert_int_equal(version, 2);
    li.channel = "linzi"; /* days of other channels do not matter */
    li.based_on = 0;
    assert_int_equal(store_day_edit(other, &li, "换课", &version), 0);
    li.based_on = 9;
    assert_int_equal(store_day_edit(other, &li, "换课", &version), -ESTALE);
    assert_non_null(strstr(store_error(other), "never been a version 9"));
    wang.based_on = STORE_DAY_WHATEVER;
    assert_int_equal(store_day_edit(room->store, &wang, "紧急", &version), 0);
    assert_int_equal(version, 3);
    store_close(other);
}

/* Two processes edit the same version of the same day: exactly one of them gets it. */
static void two_processes_never_both_win(void **state)
{
    const struct store_room *room = *state;
    enum { DAYS = 30, EDITORS = 2 };
    int pipes[2];
    int wins[DAYS] = {0};
    int stale[DAYS] = {0};
    assert_int_equal(pipe(pipes), 0);
    for (int editor = 0; editor < EDITORS; editor++) {
        if (fork() == 0) {
            struct store *store = store_bench_open(&room->bench);
            for (int day = 0; day < DAYS; day++) {
                const struct store_day_edit edit = {"zhangdian", MONDAY + day, 0,
                                                    editor == 0 ? "王" : "李", day};
                int64_t version = 0;
                const int result = store_day_edit(store, &edit, "换课", &version);
                const int record[2] = {day, result};
                if (write(pipes[1], record, sizeof(record)) != sizeof(record)) {
                    _exit(1);
                }
            }
            store_close(store);
            _exit(0);
        }
    }
    close(pipes[1]);
    for (int record[2]; read(pipes[0], record, sizeof(record)) == sizeof(record);) {
        assert_true(record[1] == 0 || record[1] == -ESTALE);
        wins[record[0]] += record[1] == 0;
        stale[record[0]] += record[1] == -ESTALE;
    }
    close(pipes[0]);
    while (wait(NULL) > 0) {
    }
    for (int day = 0; day < DAYS; day++) {
        assert_int_equal(wins[day], 1);
        assert_int_equal(stale[day], EDITORS - 1);
    }
}

/* Who is told that a disk is full must know which. */
static void a_full_disk_is_named_by_its_folder(void **state)
{
    (void)state;
    struct store_bench bench;
    store_bench_init_sqlite(&bench);
    struct store *store = store_bench_open(&bench);
    int result = 0;
    char wanted[256];
    snprintf(wanted, sizeof(wanted), "the disk of %s/state is full", bench.folder);
    /* No file may grow below what it has. */
    assert_int_equal(store->sql->ops->run(store->sql, "PRAGMA max_page_count = 1", NULL, 0, NULL),
                     0);
    for (int day = 0; result == 0 && day < 10000; day++) {
        const struct store_day_edit edit = {"zhangdian", MONDAY + day, 0, "王", day};
        int64_t version = 0;
        result = store_day_edit(store, &edit, "换课", &version);
    }
    assert_int_equal(result, -ENOSPC);
    if (strstr(store_error(store), wanted) == NULL ||
        strstr(store_error(store), "make room there") == NULL) {
        fail_msg("said: %s", store_error(store));
    }
    store_close(store);
    store_bench_finish(&bench);
}

static ssize_t no_room(int fd, const void *bytes, size_t count, off_t offset)
{
    (void)fd;
    (void)bytes;
    (void)count;
    (void)offset;
    errno = ENOSPC;
    return -1;
}

/* Nor is it a faulty disk to them, though SQLite says so of what it cannot even begin. */
static void a_disk_without_room_for_the_first_byte_is_full(void **state)
{
    (void)state;
    static const char *const calls[] = {"pwrite", "pwrite64"};
    struct store_bench bench;
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    char wanted[256];
    char said[256];
    store_bench_init_sqlite(&bench);
    snprintf(wanted, sizeof(wanted), "the disk of %s/state is full", bench.folder);
    store_close(store_bench_open(&bench));
    for (int i = 0; i < 2; i++) {
        (void)vfs->xSetSystemCall(vfs, calls[i], (sqlite3_syscall_ptr)no_room);
    }
    const int result = open_and_listen(&bench, STORE_USE, said);
    (void)vfs->xSetSystemCall(vfs, NULL, NULL); /* all as they were */
    assert_int_equal(result, -ENOSPC);
    if (strstr(said, wanted) == NULL) {
        fail_msg("said: %s", said);
    }
    store_bench_finish(&bench);
}

#define WITH_ROOM(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, store_room_set_up, store_room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_told_from_a_connection),
        cmocka_unit_test(dates_that_exist_are_read_and_no_others),
        cmocka_unit_test(looking_makes_nothing_and_using_does),
        WITH_ROOM(a_store_of_a_newer_program_is_refused),
        WITH_ROOM(an_older_store_is_brought_up_to_date),
        cmocka_unit_test(a_file_that_is_no_database_is_refused),
        cmocka_unit_test(many_may_open_a_new_store_at_once),
        WITH_ROOM(a_transaction_takes_effect_as_a_whole_or_not_at_all),
        WITH_ROOM(readers_see_one_moment),
        WITH_ROOM(of_two_who_edit_a_day_the_second_is_told_of_the_first),
        WITH_ROOM(two_processes_never_both_win),
        cmocka_unit_test(a_full_disk_is_named_by_its_folder),
        cmocka_unit_test(a_disk_without_room_for_the_first_byte_is_full),
    };
    const struct CMUnitTest of_connections[] = {
        WITH_ROOM(a_lost_connection_is_made_anew_between_transactions_only),
        WITH_ROOM(a_writer_that_says_nothing_is_ended),
    };
    int failed = cmocka_run_group_tests_name("store", tests, NULL, NULL);
    if (getenv("KETANG_TEST_STORE") != NULL) {
        failed += cmocka_run_group_tests_name("store_connection", of_connections, NULL, NULL);
    }
    return failed;
}
