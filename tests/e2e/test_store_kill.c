/* SPDX-License-Identifier: MIT */
/*
 * kill -9 in the middle of each kind of write: what was acknowledged is there,
 * nothing is there by half.
 *
 * A child tells through a pipe each write that it was told is saved, and is killed at a
 * random moment: the store must hold all that was told, and at most one more.
 *
 * On SQLite, or the PostgreSQL of KETANG_TEST_STORE.  KETANG_KILLS: kills of each kind.
 * KETANG_CRASH: a command that crashes the server and starts it again, instead.
 */
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_dump.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/store/store_user.h"
#include "tests/support/dice.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    FILES = 5, /* of a freeze */
    SET = 4,   /* lessons written together */
    BACKUP_LESSONS = 200,
};

/* One kind of write: number n of it, and how many there are, whole. */
struct kind {
    const char *name;
    int (*write)(struct store *store, int64_t n);
    int64_t (*count)(struct store *store);
};

static int64_t rows_of(struct store *store, const char *wanted)
{
    const char *table = NULL;
    int64_t rows = 0;
    for (size_t i = 0; store_count(store, i, &table, &rows) == 0; i++) {
        if (strcmp(table, wanted) == 0) {
            return rows;
        }
    }
    MUST(false);
    return -1;
}

static const char *name_of(const char *prefix, int64_t n)
{
    static char texts[4][32];
    static int next;
    char *text = texts[next++ % 4];
    snprintf(text, sizeof(texts[0]), "%s-%lld", prefix, (long long)n);
    return text;
}

static int write_lesson(struct store *store, int64_t n)
{
    const struct store_lesson lesson = {name_of("KT", n), "", "", "荷花", "", "", "", n, "王"};
    return store_lesson_put(store, &lesson);
}

static int64_t count_lessons(struct store *store)
{
    MUST(rows_of(store, "lessons") == rows_of(store, "house_numbers"));
    return rows_of(store, "lessons");
}

static int write_number(struct store *store, int64_t n)
{
    char number[STORE_HOUSE_NUMBER_SIZE];
    const int result = store_house_number_issue(store, "KT-", n, "王", number);
    MUST(result < 0 || strtoll(number + 3, NULL, 10) == n + 1);
    return result;
}

static int64_t count_numbers(struct store *store)
{
    return rows_of(store, "house_numbers");
}

static int64_t count_users(struct store *store)
{
    return rows_of(store, "users");
}

static int write_asset(struct store *store, int64_t n)
{
    const struct store_asset asset = {"KT-01", 0, store_bench_hash((int)n), "sd", "lesson", n, 250};
    return store_asset_put(store, &asset, "王");
}

static int64_t count_assets(struct store *store)
{
    struct store_rows rows;
    MUST(store_asset_list(store, NULL, &rows) == 0);
    for (size_t i = 0; i < rows.count; i++) {
        MUST(store_asset_at(&rows, i).version == (int64_t)i + 1);
    }
    store_rows_finish(&rows);
    return rows_of(store, "assets");
}

/* Handed in, taken by a worker, handed in ... */
static int write_submission(struct store *store, int64_t n)
{
    struct store_submission record = {n / 2 + 1, NULL, "a.mp4", "", "", "", n,  SUBMISSION_RECEIVED,
                                      n,         "王", "",      "", "", "", "", "",
                                      ""};
    int64_t id = 0;
    if (n % 2 == 0) {
        return store_submission_add(store, &record, &id);
    }
    record.state = SUBMISSION_CHECKING;
    record.house_number = name_of("KT", n);
    return store_submission_move(store, &record, SUBMISSION_RECEIVED);
}

static int64_t count_submissions(struct store *store)
{
    struct store_rows rows;
    int64_t moved = 0;
    MUST(store_submission_list(store, &rows) == 0);
    for (size_t i = 0; i < rows.count; i++) {
        const struct store_submission record = store_submission_at(&rows, i);
        MUST((record.state == SUBMISSION_CHECKING) == (record.house_number != NULL));
        moved += record.state == SUBMISSION_CHECKING;
    }
    store_rows_finish(&rows);
    MUST(moved == rows_of(store, "house_numbers"));
    return rows_of(store, "submissions") + moved;
}

/* A film is handed in, its job claimed, and ended. */
static int write_job(struct store *store, int64_t n)
{
    const struct store_claim claim = {n / 3 + 1, 1};
    struct store_rows rows;
    int64_t id = 0;
    if (n % 3 == 0) {
        const struct store_submission film = {0, NULL, "a.mp4", "", "", "", n,  SUBMISSION_RECEIVED,
                                              n, "王", "",      "", "", "", "", "",
                                              ""};
        int result = store_begin(store);
        if (result < 0) {
            return result;
        }
        result = store_submission_add(store, &film, &id);
        const struct store_job job = {.submission = id, .profile = "sd", .due_ms = n};
        result = result < 0 ? result : store_job_add(store, &job, &id);
        return store_end(store, result);
    }
    if (n % 3 == 1) {
        const int result = store_job_claim(store, "worker", n, 0, &rows);
        MUST(result < 0 || rows.count == 1);
        store_rows_finish(&rows);
        return result;
    }
    return store_job_end(store, claim, n, JOB_DONE, "");
}

static int64_t count_jobs(struct store *store)
{
    struct store_rows rows;
    int64_t count = 0;
    MUST(store_job_list(store, &rows) == 0);
    for (size_t i = 0; i < rows.count; i++) {
        const struct store_job job = store_job_at(&rows, i);
        count += 1 + job.claim + (job.state == JOB_DONE);
    }
    MUST((int64_t)rows.count == rows_of(store, "submissions"));
    store_rows_finish(&rows);
    return count;
}

static int write_approval(struct store *store, int64_t n)
{
    const struct approval_rule rule = {3, true};
    const struct store_approval approval = {0,
                                            "KT-01",
                                            store_bench_hash((int)(n / 3)),
                                            "first",
                                            (int)(n % 3) + 1,
                                            APPROVAL_GIVEN,
                                            "王",
                                            "",
                                            n};
    return store_approval_add(store, &approval, &rule);
}

static int64_t count_approvals(struct store *store)
{
    return rows_of(store, "approvals");
}

static int write_edit(struct store *store, int64_t n)
{
    const struct store_day_edit edit = {"zhangdian", MONDAY, n, "王", n};
    int64_t version = 0;
    return store_day_edit(store, &edit, "换课", &version);
}

static int64_t count_edits(struct store *store)
{
    int64_t version = 0;
    MUST(store_day_version(store, "zhangdian", MONDAY, &version) == 0);
    MUST(version == rows_of(store, "day_changes"));
    return version;
}

/* Frozen, opened again, frozen ... */
static int write_freeze(struct store *store, int64_t n)
{
    static char text[2000];
    struct store_file files[FILES];
    const struct store_day_edit edit = {"zhangdian", MONDAY, n, "王", n};
    int64_t version = 0;
    memset(text, 'x', sizeof(text) - 1);
    for (int i = 0; i < FILES; i++) {
        static char names[FILES][8];
        snprintf(names[i], sizeof(names[i]), "%d.yaml", i);
        files[i] = (struct store_file){names[i], text};
    }
    return n % 2 == 0 ? store_freeze_day(store, &edit, 1, files, FILES, &version)
                      : store_thaw_day(store, &edit, "换课", &version);
}

static int64_t count_freezes(struct store *store)
{
    const int64_t entries = rows_of(store, "freezes");
    MUST(rows_of(store, "frozen_files") == (entries + 1) / 2 * FILES);
    MUST(rows_of(store, "day_changes") == entries);
    return entries;
}

/* Ordered, undone, ordered ... */
static int write_order(struct store *store, int64_t n)
{
    const struct store_day_edit edit = {"zhangdian", MONDAY, n, "王", n};
    const struct store_amendment order = {
        .kind = "slate", .from_frame = n, .is_open = true, .mode = "", .reason = "信号异常"};
    int64_t id = 0;
    int64_t version = 0;
    return n % 2 == 0
               ? store_amendment_order(store, &edit, &order, &id, &version)
               : store_amendment_move(store, &edit, n / 2 + 1, AMENDMENT_UNDONE, "", &version);
}

static int64_t count_orders(struct store *store)
{
    struct store_rows rows;
    int64_t count = 0;
    MUST(store_amendment_list(store, "zhangdian", MONDAY, &rows) == 0);
    for (size_t i = 0; i < rows.count; i++) {
        count += store_amendment_at(&rows, i).state == AMENDMENT_UNDONE ? 2 : 1;
    }
    store_rows_finish(&rows);
    MUST(rows_of(store, "day_changes") == count);
    return count;
}

static int write_revision(struct store *store, int64_t n)
{
    const struct store_revision revision = {"linzi", n + 1, n, n, store_bench_hash((int)n), "", ""};
    return store_revision_put(store, &revision);
}

static int64_t count_revisions(struct store *store)
{
    return rows_of(store, "plan_revisions");
}

static int write_as_run(struct store *store, int64_t n)
{
    const struct store_as_run_line line = {"linzi", MONDAY, n + 1, "{\"seq\":1}", NULL};
    return store_as_run_put(store, &line);
}

static int64_t count_as_run(struct store *store)
{
    int64_t count = 0;
    MUST(store_as_run_count(store, "linzi", MONDAY, &count) == 0);
    MUST(count == rows_of(store, "as_run"));
    return count;
}

static int write_user(struct store *store, int64_t n)
{
    const struct store_user user = {name_of("user", n), "teacher", "示例", NULL, true, n, "王"};
    return store_user_put(store, &user);
}

/* Several writes that belong together. */
static int write_set(struct store *store, int64_t n)
{
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    for (int i = 0; result == 0 && i < SET; i++) {
        result = write_lesson(store, n * SET + i);
    }
    if (result == 0) {
        result = write_edit(store, n);
    }
    return store_end(store, result);
}

static int64_t count_sets(struct store *store)
{
    const int64_t sets = rows_of(store, "day_changes");
    MUST(rows_of(store, "lessons") == sets * SET);
    return sets;
}

static const struct kind kinds[] = {
    {"lesson", write_lesson, count_lessons},
    {"house number", write_number, count_numbers},
    {"asset version", write_asset, count_assets},
    {"submission", write_submission, count_submissions},
    {"job", write_job, count_jobs},
    {"approval", write_approval, count_approvals},
    {"edit of a day", write_edit, count_edits},
    {"freeze", write_freeze, count_freezes},
    {"amendment", write_order, count_orders},
    {"plan revision", write_revision, count_revisions},
    {"as-run line", write_as_run, count_as_run},
    {"user", write_user, count_users},
    {"several writes in a transaction", write_set, count_sets},
};

static int kills(void)
{
    const char *text = getenv("KETANG_KILLS");
    return text != NULL ? atoi(text) : 5;
}

static void wait_at_most(struct dice *dice, int64_t ns)
{
    const int64_t wait = dice_between(dice, 0, ns);
    nanosleep(&(struct timespec){wait / 1000000000, wait % 1000000000}, NULL);
}

/* In the child: writes until it is killed, or the server goes away. */
static void write_on(const struct store_bench *bench, const struct kind *kind, int64_t n, int out)
{
    struct store *store = store_bench_open(bench);
    int result = 0;
    for (; (result = kind->write(store, n)) == 0; n++) {
        MUST(write(out, &n, sizeof(n)) == sizeof(n));
    }
    if (getenv("KETANG_CRASH") == NULL) {
        fprintf(stderr, "%s %lld: %d, %s\n", kind->name, (long long)n, result, store_error(store));
    }
    _exit(getenv("KETANG_CRASH") != NULL ? 0 : 1);
}

/* Kills the child, or lets the server crash. */
static void strike(pid_t child)
{
    const char *crash = getenv("KETANG_CRASH");
    int status = 0;
    if (crash != NULL) {
        MUST(system(crash) == 0);
    } else {
        kill(child, SIGKILL);
    }
    MUST(waitpid(child, &status, 0) == child);
    MUST(crash != NULL ? status == 0 : WIFSIGNALED(status));
}

/* One child's life: returns the number of writes that were acknowledged in all. */
static int64_t run_child(const struct store_bench *bench, const struct kind *kind, int64_t n,
                         struct dice *dice)
{
    const int64_t patience = dice_between(dice, 0, 15);
    int64_t acknowledged = n;
    int64_t told = 0;
    int pipes[2];
    MUST(pipe2(pipes, O_CLOEXEC) == 0);
    const pid_t child = fork();
    MUST(child >= 0);
    if (child == 0) {
        close(pipes[0]);
        write_on(bench, kind, n, pipes[1]);
    }
    close(pipes[1]);
    for (int64_t i = 0; i < patience && read(pipes[0], &told, sizeof(told)) == sizeof(told); i++) {
        acknowledged = told + 1;
    }
    wait_at_most(dice, 3000000);
    strike(child);
    while (read(pipes[0], &told, sizeof(told)) == sizeof(told)) {
        acknowledged = told + 1;
    }
    close(pipes[0]);
    return acknowledged;
}

static void nothing_acknowledged_is_lost_and_nothing_is_there_by_half(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct store_bench bench;
        int64_t there = 0;
        int64_t under_way = 0;
        store_bench_init(&bench);
        store_close(store_bench_open(&bench));
        for (int round = 0; round < kills(); round++) {
            const int64_t acknowledged = run_child(&bench, &kinds[i], there, &dice);
            struct store *store = store_bench_open(&bench);
            /* What the server may still be doing for the dead is over when we may write. */
            assert_int_equal(store_begin(store), 0);
            there = kinds[i].count(store);
            assert_int_equal(store_end(store, 0), 0);
            store_close(store);
            if (there < acknowledged || there > acknowledged + 1) {
                fail_msg("%s, kill %d: %lld acknowledged, %lld there", kinds[i].name, round,
                         (long long)acknowledged, (long long)there);
            }
            under_way += there - acknowledged;
        }
        printf("# checked: %s: %d kills, %lld writes, %lld saved but not yet told\n", kinds[i].name,
               kills(), (long long)there, (long long)under_way);
        store_bench_finish(&bench);
    }
}

static char *make_backup(size_t *size)
{
    struct store_bench bench;
    char *text = NULL;
    int64_t rows = 0;
    store_bench_init_sqlite(&bench);
    struct store *store = store_bench_open(&bench);
    MUST(store_begin(store) == 0);
    for (int64_t i = 0; i < BACKUP_LESSONS; i++) {
        MUST(write_lesson(store, i) == 0);
    }
    MUST(store_end(store, 0) == 0);
    FILE *out = open_memstream(&text, size);
    MUST(store_dump(store, out, &rows) == 0 && fclose(out) == 0);
    store_close(store);
    store_bench_finish(&bench);
    return text;
}

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* In a child: makes the store, restores the backup into it, and waits if it `may_linger`. */
static pid_t start_restore(const struct store_bench *bench, char *backup, size_t size,
                           bool may_linger)
{
    const pid_t child = fork();
    MUST(child >= 0);
    if (child == 0) {
        int64_t rows = 0;
        FILE *in = fmemopen(backup, size, "r");
        struct store *store = store_bench_open(bench);
        MUST(store_restore(store, in, &rows) == 0);
        if (may_linger) {
            pause();
        }
        _exit(0);
    }
    return child;
}

/* How long it takes when nobody disturbs it. */
static int64_t measure_restore(char *backup, size_t size)
{
    struct store_bench bench;
    int status = 0;
    store_bench_init(&bench);
    const int64_t began = now_ns();
    MUST(waitpid(start_restore(&bench, backup, size, false), &status, 0) > 0 && status == 0);
    const int64_t took = now_ns() - began;
    store_bench_finish(&bench);
    return took;
}

/* A new store is made and a backup restored into it, again and again. */
static void a_restore_is_whole_or_has_not_happened(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    size_t size = 0;
    char *backup = make_backup(&size);
    const int64_t usual = measure_restore(backup, size);
    int whole = 0;
    for (int round = 0; round < kills() * 4; round++) {
        struct store_bench bench;
        store_bench_init(&bench);
        const pid_t child = start_restore(&bench, backup, size, true);
        wait_at_most(&dice, usual * 3 / 2);
        kill(child, SIGKILL);
        MUST(waitpid(child, NULL, 0) == child);
        struct store *store = store_bench_open(&bench);
        assert_int_equal(store_begin(store), 0);
        const int64_t lessons = count_lessons(store);
        assert_int_equal(store_end(store, 0), 0);
        assert_true(lessons == 0 || lessons == BACKUP_LESSONS);
        whole += lessons > 0;
        store_close(store);
        store_bench_finish(&bench);
    }
    printf("# checked: restore: %d kills, %d times whole, else nothing\n", kills() * 4, whole);
    free(backup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_and_nothing_is_there_by_half),
        cmocka_unit_test(a_restore_is_whole_or_has_not_happened),
    };
    return cmocka_run_group_tests_name("store_kill", tests, NULL, NULL);
}
