/* SPDX-License-Identifier: MIT */
/*
 * A store that is made anew from the files of its station.
 */
#include "scheduler/store/store_rebuild.h"

#include "playout/asset.h"
#include "playout/durable.h"
#include "playout/plan.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_dump.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_revision.h"
#include "tests/support/fake_media.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

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

struct ruin {
    char *path; /* of the station file */
    struct station *station;
    struct zone *zone;
};

static char *folder_of(const struct ruin *ruin, const char *kind)
{
    char *folder = station_state_path(ruin->station, kind, "zhangdian");
    MUST(folder != NULL && durable_make_folder(folder) == 0);
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

static void write_plan(const struct ruin *ruin, int64_t revision, const char *title,
                       const char *text)
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
                                     .text = text};
    const struct plan_amendment amendment = {.id = 1,
                                             .kind = "slate",
                                             .from = START * INT64_C(1000) + 750,
                                             .until = START * INT64_C(1000) + 1500,
                                             .reason = "信号异常",
                                             .author = "王"};
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
    write_plan(ruin, 1, "四年级 语文 春夏秋", "授课教师：示例教师01");
    write_plan(ruin, 3, "四年级 语文 春夏秋冬", "授课教师：示例教师01（示例学校）");
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

static void lessons_are_told_by_what_the_guide_said_of_them(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        const char *text;
        const char *expected[5]; /* grade, subject, title, teacher, school */
    } cases[] = {
        {"四年级 语文 春夏 秋冬", "", {"四年级", "语文", "春夏 秋冬", "", ""}},
        {"四年级 音乐", "授课教师：甲", {"四年级", "音乐", "音乐", "甲", ""}},
        {"语文 荷花", "重播带字幕", {"", "", "语文 荷花", "", ""}},
        {"年级", "授课教师：甲（乙校）", {"", "", "年级", "甲", "乙校"}},
        {"荷花", "授课教师：甲（乙校），重播带手语", {"", "", "荷花", "甲", "乙校"}},
        {"荷花", "授课教师：甲，重播带字幕，重播带手语", {"", "", "荷花", "甲", ""}},
        {"荷花", "授课教师：甲（乙", {"", "", "荷花", "甲（乙", ""}},
        {"荷花", "授课教师：甲（乙校（东校区））", {"", "", "荷花", "甲", "乙校（东校区）"}},
        {"荷花", "授课教师：甲（乙校（东）），重播带字幕", {"", "", "荷花", "甲", "乙校（东）"}},
        {"荷花", "授课教师：甲（乙（小）学（东））", {"", "", "荷花", "甲", "乙（小）学（东）"}},
        {"荷花", "授课教师：甲（大）（乙校）", {"", "", "荷花", "甲（大）", "乙校"}},
        {"荷花", "授课教师：（乙校）", {"", "", "荷花", "（乙校）", ""}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ruin ruin;
        struct store_bench bench;
        struct store_rebuilt rebuilt;
        struct problems problems;
        struct store_rows rows;
        ruin_init(&ruin);
        write_plan(&ruin, 5, cases[i].title, cases[i].text);
        store_bench_init(&bench);
        problems_init(&problems);
        struct store *store = store_bench_open(&bench);
        assert_int_equal(store_rebuild(store, ruin.station, ruin.zone, 0, &problems, &rebuilt), 0);
        assert_int_equal(store_lesson_find(store, "KT-01", &rows), 0);
        const struct store_lesson lesson = store_lesson_at(&rows, 0);
        assert_string_equal(lesson.grade, cases[i].expected[0]);
        assert_string_equal(lesson.subject, cases[i].expected[1]);
        assert_string_equal(lesson.title, cases[i].expected[2]);
        assert_string_equal(lesson.teacher, cases[i].expected[3]);
        assert_string_equal(lesson.school, cases[i].expected[4]);
        store_rows_finish(&rows);
        store_close(store);
        problems_finish(&problems);
        store_bench_finish(&bench);
        ruin_finish(&ruin);
    }
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
        cmocka_unit_test(a_lost_store_is_rebuilt_from_the_files_of_the_station),
        cmocka_unit_test(lessons_are_told_by_what_the_guide_said_of_them),
        cmocka_unit_test(an_as_run_line_that_was_changed_is_told_and_left_out),
    };
    return cmocka_run_group_tests_name("store_rebuild", tests, NULL, NULL);
}
