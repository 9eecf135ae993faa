/* SPDX-License-Identifier: MIT */
/*
 * The store: each thing that is kept in it.  On SQLite, or on the PostgreSQL that KETANG_TEST_STORE
 * names.
 */
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/store/store_user.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void house_numbers_are_issued_once(void **state)
{
    const struct store_room *room = *state;
    char number[STORE_HOUSE_NUMBER_SIZE];
    static const struct {
        const char *known; /* noted first */
        const char *prefix;
        const char *issued; /* NULL: none */
    } cases[] = {
        {NULL, "KT-", "KT-01"},
        {NULL, "KT-", "KT-02"},
        {"KT-9", "KT-", "KT-10"},
        {"KT-99", "KT-", "KT-100"},
        {"KT-X1", "KT-", "KT-101"},
        {NULL, "语文-", "语文-01"},
        {"ZD-999999998", "ZD-", "ZD-999999999"},
        {NULL, "ZD-", NULL},
        {"KT_7", "KT%", "KT%01"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].known != NULL) {
            assert_int_equal(put_lesson(room->store, cases[i].known, "荷花"), 0);
        }
        const int result = store_house_number_issue(room->store, cases[i].prefix, 1, "王", number);
        if (cases[i].issued == NULL) {
            assert_int_equal(result, -ERANGE);
            continue;
        }
        assert_int_equal(result, 0);
        assert_string_equal(number, cases[i].issued);
    }
}

static void lessons_are_written_over_and_say_who_changed_them(void **state)
{
    const struct store_room *room = *state;
    struct store_rows rows;
    assert_int_equal(put_lesson(room->store, "KT-01", "荷花²"), 0);
    assert_int_equal(put_lesson(room->store, "KT-01", "燕子 \xf0\x9f\x93\xba"), 0);
    assert_int_equal(put_lesson(room->store, "", "燕子"), -EINVAL);
    assert_int_equal(store_lesson_list(room->store, &rows), 0);
    assert_int_equal(rows.count, 1);
    const struct store_lesson lesson = store_lesson_at(&rows, 0);
    assert_string_equal(lesson.title, "燕子 \xf0\x9f\x93\xba");
    assert_string_equal(lesson.changed_by, "王");
    assert_string_equal(lesson.channel, "zhangdian");
    assert_int_equal(lesson.changed_ms, 7);
    store_rows_finish(&rows);
}

static void versions_of_a_file_rise_per_house_number(void **state)
{
    const struct store_room *room = *state;
    static const struct {
        const char *house_number;
        int file;
        int64_t version;
    } cases[] = {{"KT-01", 1, 1}, {"KT-01", 2, 2}, {"KT-02", 3, 1},
                 {"KT-01", 1, 1}, {"KT-01", 4, 3}, {"KT-02", 1, 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct store_asset asset = {.house_number = cases[i].house_number,
                                          .sha256 = store_bench_hash(cases[i].file),
                                          .profile = "sd",
                                          .kind = "lesson",
                                          .created_ms = (int64_t)i,
                                          .duration_frames = 30000};
        struct store_rows rows;
        int64_t version = 0;
        assert_int_equal(store_asset_put(room->store, &asset, "王"), 0);
        assert_int_equal(store_asset_list(room->store, cases[i].house_number, &rows), 0);
        for (size_t k = 0; k < rows.count; k++) {
            if (strcmp(store_asset_at(&rows, k).sha256, asset.sha256) == 0) {
                version = store_asset_at(&rows, k).version;
            }
        }
        assert_int_equal(version, cases[i].version);
        store_rows_finish(&rows);
    }
}

static void only_one_worker_takes_a_submission(void **state)
{
    const struct store_room *room = *state;
    struct store_rows rows;
    struct store_submission submission = {.file_name = "荷花 最终版.mp4",
                                          .sha256 = "",
                                          .school = "示例学校",
                                          .teacher = "示例教师01",
                                          .received_ms = 1,
                                          .state = SUBMISSION_RECEIVED,
                                          .state_ms = 1,
                                          .state_by = "desk",
                                          .finding = ""};
    assert_int_equal(store_submission_add(room->store, &submission, &submission.id), 0);
    assert_int_equal(submission.id, 1);
    submission.state = SUBMISSION_CHECKING;
    submission.state_by = "worker-1";
    assert_int_equal(store_submission_move(room->store, &submission, SUBMISSION_RECEIVED), 0);
    submission.state_by = "worker-2";
    assert_int_equal(store_submission_move(room->store, &submission, SUBMISSION_RECEIVED), -ESTALE);
    assert_non_null(strstr(store_error(room->store), "worker-1"));
    submission.state = SUBMISSION_REJECTED;
    submission.state_by = "worker-1";
    submission.finding = "12:05 以后没有声音";
    submission.house_number = "KT-09";
    submission.sha256 = store_bench_hash(5);
    assert_int_equal(store_submission_move(room->store, &submission, SUBMISSION_CHECKING), 0);
    submission.id = 2;
    assert_int_equal(store_submission_move(room->store, &submission, SUBMISSION_CHECKING), -ENOENT);
    assert_int_equal(store_submission_list(room->store, &rows), 0);
    assert_int_equal(rows.count, 1);
    const struct store_submission kept = store_submission_at(&rows, 0);
    assert_int_equal(kept.state, SUBMISSION_REJECTED);
    assert_string_equal(kept.finding, "12:05 以后没有声音");
    assert_string_equal(kept.file_name, "荷花 最终版.mp4");
    assert_string_equal(kept.house_number, "KT-09");
    store_rows_finish(&rows);
}

static void a_frozen_day_keeps_the_texts_until_it_is_opened_again(void **state)
{
    const struct store_room *room = *state;
    const struct store_file files[] = {{"zhangdian.yaml", "format: 1\n"},
                                       {"calendars/zibo.yaml", "terms: []\n"}};
    struct store_day_edit edit = {"zhangdian", MONDAY, 0, "王", 1};
    struct store_rows rows;
    int64_t version = 0;
    assert_int_equal(store_thaw_day(room->store, &edit, "换课", &version), -ENOENT);
    assert_int_equal(version, 0);
    assert_int_equal(store_freeze_day(room->store, &edit, 12, files, 2, &version), 0);
    assert_int_equal(version, 1);
    assert_int_equal(store_freeze_day(room->store, &edit, 12, files, 2, &version), -ESTALE);
    edit.based_on = 1;
    assert_int_equal(store_freeze_day(room->store, &edit, 12, files, 2, &version), -EALREADY);
    assert_int_equal(version, 1);
    assert_int_equal(store_frozen_files(room->store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_string_equal(store_frozen_file_at(&rows, 0).name, "calendars/zibo.yaml");
    assert_string_equal(store_frozen_file_at(&rows, 1).text, "format: 1\n");
    store_rows_finish(&rows);
    assert_int_equal(store_freeze_in_force(room->store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_int_equal(store_freeze_at(&rows, 0).list_version, 12);
    assert_int_equal(store_freeze_at(&rows, 0).date, MONDAY);
    store_rows_finish(&rows);

    assert_int_equal(store_thaw_day(room->store, &edit, "", &version), -EINVAL);
    assert_int_equal(store_thaw_day(room->store, &edit, "换课", &version), 0);
    assert_int_equal(store_frozen_files(room->store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 0);
    store_rows_finish(&rows);
    assert_int_equal(store_freeze_list(room->store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_string_equal(store_freeze_at(&rows, 1).reason, "换课");
    store_rows_finish(&rows);
}

static void tomorrow_is_due_from_the_hour_on(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    const int64_t six_in_the_evening = ((int64_t)MONDAY * 86400 + 10 * 3600) * 1000; /* UTC+8 */
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    int64_t date = 0;
    assert_false(store_freeze_due(zone, 18 * 60, six_in_the_evening - 1, &date));
    assert_true(store_freeze_due(zone, 18 * 60, six_in_the_evening, &date));
    assert_int_equal(date, MONDAY + 1);
    zone_close(zone);
}

static void an_order_is_undone_once_and_stays_in_the_history(void **state)
{
    const struct store_room *room = *state;
    struct store_day_edit edit = {"zhangdian", MONDAY, 0, "王", 1};
    struct store_amendment order = {
        .kind = "slate", .from_frame = 100, .is_open = true, .mode = "", .reason = "信号异常"};
    struct store_rows rows;
    int64_t id = 0;
    int64_t version = 0;
    assert_int_equal(store_amendment_order(room->store, &edit, &order, &id, &version), 0);
    assert_int_equal(id, 1);
    assert_int_equal(store_amendment_order(room->store, &edit, &order, &id, &version), -ESTALE);
    edit.based_on = version;
    order.is_open = false;
    order.until_frame = 100;
    assert_int_equal(store_amendment_order(room->store, &edit, &order, &id, &version), -EINVAL);
    order.until_frame = 200;
    order.house_number = "KT-42";
    assert_int_equal(store_amendment_order(room->store, &edit, &order, &id, &version), 0);
    assert_int_equal(id, 2);
    const struct store_amendment_place place = {31, 120, false, 230, "start"};
    assert_int_equal(store_amendment_planned(room->store, 2, &place), 0);
    assert_int_equal(store_amendment_planned(room->store, 3, &place), -ENOENT);
    edit.based_on = STORE_DAY_WHATEVER;
    edit.author = "李";
    assert_int_equal(
        store_amendment_move(room->store, &edit, 1, AMENDMENT_UNDONE, "恢复", &version), 0);
    assert_int_equal(version, 3);
    assert_int_equal(store_amendment_move(room->store, &edit, 1, AMENDMENT_AIRED, "", &version),
                     -EALREADY);
    assert_int_equal(version, 3);
    edit.date = MONDAY + 1;
    assert_int_equal(store_amendment_move(room->store, &edit, 2, AMENDMENT_AIRED, "", &version),
                     -ENOENT);
    assert_int_equal(store_amendment_list(room->store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 2);
    const struct store_amendment undone = store_amendment_at(&rows, 0);
    assert_int_equal(undone.state, AMENDMENT_UNDONE);
    assert_string_equal(undone.state_by, "李");
    assert_string_equal(undone.author, "王");
    assert_true(undone.is_open);
    assert_null(undone.house_number);
    assert_false(undone.has_revision);
    const struct store_amendment ordered = store_amendment_at(&rows, 1);
    assert_int_equal(ordered.from_frame, 120);
    assert_int_equal(ordered.until_frame, 230);
    assert_int_equal(ordered.revision, 31);
    assert_string_equal(ordered.mode, "start");
    assert_string_equal(ordered.house_number, "KT-42");
    store_rows_finish(&rows);
}

static void a_plan_or_an_as_run_line_that_has_changed_is_noticed(void **state)
{
    const struct store_room *room = *state;
    struct store_rows rows;
    int64_t count = 0;
    struct store_revision revision = {
        "zhangdian", 3, INT64_C(44155800000), 5, store_bench_hash(1), "", "approved"};
    struct store_as_run_line line = {"zhangdian", MONDAY, 1, "{\"seq\":1}", NULL};
    assert_int_equal(store_revision_put(room->store, &revision), 0);
    revision.effective_frame++;
    assert_int_equal(store_revision_put(room->store, &revision), 0);
    revision.sha256 = store_bench_hash(2);
    assert_int_equal(store_revision_put(room->store, &revision), -EEXIST);
    assert_int_equal(store_revision_list(room->store, "zhangdian", 0, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_int_equal(store_revision_at(&rows, 0).effective_frame, INT64_C(44155800001));
    store_rows_finish(&rows);

    assert_int_equal(store_as_run_put(room->store, &line), 0);
    assert_int_equal(store_as_run_put(room->store, &line), 0);
    line.line = "{\"seq\":2}";
    assert_int_equal(store_as_run_put(room->store, &line), -EEXIST);
    line.number = 2;
    line.chain = "abc";
    assert_int_equal(store_as_run_put(room->store, &line), 0);
    assert_int_equal(store_as_run_count(room->store, "zhangdian", MONDAY, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(store_as_run_list(room->store, "zhangdian", MONDAY, 1, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_as_run_at(&rows, 0).line, "{\"seq\":2}");
    assert_string_equal(store_as_run_at(&rows, 0).chain, "abc");
    store_rows_finish(&rows);
}

static void users_are_changed_but_never_taken_away(void **state)
{
    const struct store_room *room = *state;
    struct store_rows rows;
    struct store_user user = {"wang", "operator", "示例·王喆", NULL, true, 1, "admin"};
    assert_int_equal(store_user_put(room->store, &user), 0);
    user.is_active = false;
    user.password_hash = "$argon2id$";
    assert_int_equal(store_user_put(room->store, &user), 0);
    assert_int_equal(store_user_find(room->store, "wang", &rows), 0);
    assert_int_equal(rows.count, 1);
    const struct store_user kept = store_user_at(&rows, 0);
    assert_false(kept.is_active);
    assert_string_equal(kept.display_name, "示例·王喆");
    assert_string_equal(kept.password_hash, "$argon2id$");
    store_rows_finish(&rows);
    assert_int_equal(store_user_find(room->store, "li", &rows), 0);
    assert_int_equal(rows.count, 0);
    store_rows_finish(&rows);
}

#define WITH_ROOM(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, store_room_set_up, store_room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ROOM(house_numbers_are_issued_once),
        WITH_ROOM(lessons_are_written_over_and_say_who_changed_them),
        WITH_ROOM(versions_of_a_file_rise_per_house_number),
        WITH_ROOM(only_one_worker_takes_a_submission),
        WITH_ROOM(a_frozen_day_keeps_the_texts_until_it_is_opened_again),
        cmocka_unit_test(tomorrow_is_due_from_the_hour_on),
        WITH_ROOM(an_order_is_undone_once_and_stays_in_the_history),
        WITH_ROOM(a_plan_or_an_as_run_line_that_has_changed_is_noticed),
        WITH_ROOM(users_are_changed_but_never_taken_away),
    };
    return cmocka_run_group_tests_name("store_records", tests, NULL, NULL);
}
