/* SPDX-License-Identifier: MIT */
/* The files of the as-run record: one a day, chained over restarts and crashes, and expiring. */
#include "playout/as_run_file.h"

#include "playout/as_run_chain.h"
#include "scheduler/report/report_verify.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY (INT64_C(86400) * FRAMES_PER_SECOND)
/* 2026-11-24 08:00 in China. */
#define MORNING (INT64_C(1795478400) * FRAMES_PER_SECOND)

#define ASSET_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void remove_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(directory);
    rmdir(folder);
}

static void write_at(struct as_run_file *file, int64_t start)
{
    struct aired_part part = {.asset = ASSET_A, .from = start};
    const struct as_run_record record = {.seq = 1,
                                         .asset = ASSET_A,
                                         .planned_start = start,
                                         .planned_duration = 100,
                                         .start = start,
                                         .end = start + 100,
                                         .parts = &part,
                                         .part_count = 1};
    assert_int_equal(file->sink.write(&file->sink, &record), 0);
}

static void files_are_daily_found_again_and_expire(void **state)
{
    const struct zone *zone = *state;
    char folder[] = "/tmp/ketang-as-run-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct as_run_file file;
    int64_t end = 0;
    as_run_file_init(&file, folder, zone);
    assert_int_equal(as_run_file_last(&file, &end), 0);
    assert_int_equal(end, -1);
    for (int64_t day = 0; day < 5; day++) {
        const int64_t start = MORNING + day * DAY;
        write_at(&file, start);
        assert_int_equal(as_run_file_last(&file, &end), 0);
        assert_int_equal(end, start + 100);
    }
    char torn[512];
    snprintf(torn, sizeof(torn), "%s/2026-11-28.jsonl", folder);
    FILE *last = fopen(torn, "a"); /* power lost while writing */
    fputs("{\"seq\":6,\"end\":99999999", last);
    fclose(last);
    assert_int_equal(as_run_file_last(&file, &end), 0);
    assert_int_equal(end, MORNING + 4 * DAY + 100);
    const int64_t last_day = MORNING + 4 * DAY;
    assert_int_equal(as_run_file_expire(&file, last_day, 2), 2);
    assert_int_equal(as_run_file_expire(&file, last_day, 2), 0);
    remove_folder(folder);
}

static struct verify_result verify(const char *folder)
{
    const struct verify_range all = {0};
    struct verify_result result;
    assert_int_equal(report_verify_folder(folder, &all, &result), 0);
    return result;
}

static void append_bytes(const char *folder, const char *name, const char *bytes, bool is_cut)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs(bytes, file);
    const long size = ftell(file);
    fclose(file);
    if (is_cut) {
        assert_int_equal(truncate(path, size - 40), 0);
    }
}

static void lines_are_chained_over_days_restarts_and_crashes(void **state)
{
    const struct zone *zone = *state;
    char folder[] = "/tmp/ketang-as-run-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (int64_t i = 0; i < 12; i++) { /* a new process each time */
        struct as_run_file file;
        as_run_file_init(&file, folder, zone);
        write_at(&file, MORNING + i / 3 * DAY + i * 100);
    }
    struct verify_result result = verify(folder);
    assert_int_equal(result.verdict, VERIFY_GOOD);
    assert_int_equal(result.checked, 12);
    assert_false(result.is_first_unproven);

    struct as_run_file file;
    as_run_file_init(&file, folder, zone);
    append_bytes(folder, "2026-11-27.jsonl", "{\"seq\":7,\"kind", false);
    write_at(&file, MORNING + 3 * DAY + 2000);
    append_bytes(folder, "2026-11-27.jsonl", "", true); /* that line, as if it were half written */
    write_at(&file, MORNING + 4 * DAY);
    result = verify(folder);
    assert_int_equal(result.verdict, VERIFY_GOOD);
    assert_int_equal(result.checked, 13);
    assert_int_equal(result.torn, 2);

    const struct frame_span late = {MORNING + 3 * DAY + 1900, MORNING + 3 * DAY + 2000};
    assert_int_equal(as_run_file_interruption(&file, &late), 0);
    assert_int_equal(verify(folder).verdict, VERIFY_GOOD);
    assert_string_equal(verify(folder).last.file, "2026-11-28.jsonl");
    remove_folder(folder);
}

static void a_record_of_a_version_before_is_gone_on_with(void **state)
{
    const struct zone *zone = *state;
    char folder[] = "/tmp/ketang-as-run-XXXXXX";
    struct as_run_file file;
    assert_non_null(mkdtemp(folder));
    append_bytes(folder, "2026-11-23.jsonl", "{\"seq\":1,\"end\":44886000000}\n", false);
    as_run_file_init(&file, folder, zone);
    write_at(&file, MORNING);
    write_at(&file, MORNING + 100);
    const struct verify_result result = verify(folder);
    assert_int_equal(result.verdict, VERIFY_GOOD);
    assert_int_equal(result.old, 1);
    assert_int_equal(result.checked, 2);
    remove_folder(folder);
}

/* Calculated with sha256sum. */
static void the_chain_is_what_everybody_can_calculate(void **state)
{
    (void)state;
    char *sealed = as_run_chain_seal(AS_RUN_CHAIN_START, "{\"seq\":1,\"title\":\"语文\"}");
    assert_string_equal(sealed, "{\"seq\":1,\"title\":\"语文\",\"chain\":\""
                                "9a0c506ef69f60b15589a322f67030a127e94abca497bbbbd587bb9a40675ec1"
                                "\"}");
    free(sealed);
}

static int open_zone(void **state)
{
    struct zone *zone = NULL;
    const int result = zone_open("Asia/Shanghai", &zone);
    *state = zone;
    return result;
}

static int close_zone(void **state)
{
    zone_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_daily_found_again_and_expire),
        cmocka_unit_test(lines_are_chained_over_days_restarts_and_crashes),
        cmocka_unit_test(a_record_of_a_version_before_is_gone_on_with),
        cmocka_unit_test(the_chain_is_what_everybody_can_calculate),
    };
    return cmocka_run_group_tests_name("as_run_file", tests, open_zone, close_zone);
}
