/* SPDX-License-Identifier: MIT */
/*
 * A store that follows a station on air: random stories of plans, orders,
 * as-run and media, followed at random moments, some of which are cut short.
 * In the end it holds what one rebuild of the whole gives.
 */
#include "scheduler/store/store_follow.h"

#include "playout/asset.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_lesson.h"
#include "scheduler/store/store_revision.h"
#include "tests/support/follow_room.h"
#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cmocka.h>

#define LONG_GONE INT64_C(2208988800000) /* 2040: all files are old by then */

enum { STORIES = 6, STEPS = 160 };

static void following_a_station_leaves_what_a_rebuild_gives(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    for (int story = 0; story < STORIES; story++) {
        struct follow_room room;
        struct store_rebuilt added;
        bool has_more = false;
        follow_room_init(&room, (struct dice){dice_roll(&dice)});
        const int64_t pace = dice_between(&room.world.dice, 1, 12);
        for (int step = 0; step < STEPS; step++) {
            follow_world_step(&room.world);
            if (dice_once_in(&room.world.dice, 12)) {
                follow_room_step_in_vain(&room);
            }
            if (dice_once_in(&room.world.dice, pace)) {
                follow_room_step(&room, &added, &has_more);
            }
            if (dice_once_in(&room.world.dice, 20)) {
                follow_room_forget(&room);
            }
        }
        follow_room_to_the_end(&room);
        follow_room_expect_as_rebuilt(&room);
        room.world.now_ms += INT64_C(48) * 3600 * 1000;
        follow_room_to_the_end(&room);
        follow_room_expect_as_rebuilt(&room);
        follow_room_finish(&room);
    }
}

static struct store_amendment only_order(struct follow_room *room, struct store_rows *rows)
{
    assert_int_equal(store_amendment_list(room->store, follow_names[0], MONDAY, rows), 0);
    assert_int_equal(rows->count, 1);
    return store_amendment_at(rows, 0);
}

static void an_order_is_followed_from_its_beginning_to_its_end(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rows rows;
    int64_t version = 0;
    follow_room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    struct plan_amendment *order = follow_world_order(&room.world, 0, 0);
    order->kind = "slate";
    order->reason = "信号异常";
    order->author = "王";
    const int64_t asked = order->asked;
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    struct store_amendment known = only_order(&room, &rows);
    assert_true(known.is_open);
    assert_int_equal(known.ordered_ms, asked * 40);
    assert_string_equal(known.author, "王");
    assert_int_equal(known.state, AMENDMENT_ORDERED);
    store_rows_finish(&rows);
    assert_int_equal(store_revision_list(room.store, follow_names[0], 0, &rows), 0);
    assert_string_equal(store_revision_at(&rows, 0).author, ""); /* nobody ordered it */
    assert_string_equal(store_revision_at(&rows, 1).author, "王");
    assert_string_equal(store_revision_at(&rows, 1).reason, "信号异常");
    store_rows_finish(&rows);

    order->from += 25; /* the engine was too slow; and then a return */
    order->until = asked + 5000;
    order->over = asked + 6000;
    order->mode = "start";
    order->end_author = "李";
    order->end_reason = "恢复";
    room.world.now_ms += 10000;
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    known = only_order(&room, &rows);
    assert_int_equal(known.from_frame, asked + 150);
    assert_int_equal(known.until_frame, asked + 5000);
    assert_int_equal(known.revision, 3);
    assert_string_equal(known.mode, "start");
    store_rows_finish(&rows);
    assert_int_equal(store_revision_list(room.store, follow_names[0], 2, &rows), 0);
    assert_string_equal(store_revision_at(&rows, 0).author, ""); /* who returned stands nowhere */
    store_rows_finish(&rows);

    room.world.now_ms = (asked + 6000) * 40 + 59999; /* it may still be refused */
    follow_room_to_the_end(&room);
    known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_ORDERED);
    store_rows_finish(&rows);
    room.world.now_ms++;
    follow_room_to_the_end(&room);
    known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_AIRED);
    assert_int_equal(known.state_ms, (asked + 6000) * 40);
    assert_string_equal(known.state_by, "李");
    assert_string_equal(known.state_reason, "恢复");
    store_rows_finish(&rows);
    assert_int_equal(store_day_version(room.store, follow_names[0], MONDAY, &version), 0);
    assert_int_equal(version, 1); /* that it has aired is no edit */
    follow_room_expect_as_rebuilt(&room);
    follow_room_finish(&room);
}

static void who_ends_an_order_by_too_long_a_name_ends_it(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rows rows;
    char longest[STORE_NAME_MOST + 2];
    memset(longest, 'x', sizeof(longest));
    longest[STORE_NAME_MOST + 1] = '\0';
    follow_room_init(&room, (struct dice){1});
    follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    room.world.channels[0].orders[0].is_undone = true;
    room.world.channels[0].orders[0].end_author = longest;
    room.world.channels[0].orders[0].end_reason = "恢复";
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    const struct store_amendment known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_UNDONE);
    assert_string_equal(known.state_by, "rebuild");
    assert_string_equal(known.state_reason, "恢复");
    store_rows_finish(&rows);
    follow_room_expect_as_rebuilt(&room);
    follow_room_finish(&room);
}

/* Who takes a return back has ended nothing. */
static void an_order_that_is_open_again_was_ended_by_nobody(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rows rows;
    follow_room_init(&room, (struct dice){1});
    struct plan_amendment *order = follow_world_order(&room.world, 0, 0);
    order->end_author = "李";
    follow_world_plan(&room.world, 0);
    room.world.now_ms += 10000;
    room.world.channels[0].order_count = 0;
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    const struct store_amendment known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_AIRED);
    assert_string_equal(known.state_by, "rebuild");
    store_rows_finish(&rows);
    follow_room_finish(&room);
}

static void the_same_replacement_ordered_again_is_another_order(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rows rows;
    follow_room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    struct plan_amendment first = *follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    room.world.channels[0].orders[0].is_undone = true;
    room.world.channels[0].orders[0].end_author = "李";
    room.world.channels[0].orders[0].end_reason = "恢复";
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    first.id = room.world.channels[0].next_id++;
    room.world.channels[0].orders[room.world.channels[0].order_count++] = first;
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    room.world.now_ms += 3600 * 1000;
    follow_room_forget(&room);
    follow_room_to_the_end(&room);
    assert_int_equal(store_amendment_list(room.store, follow_names[0], MONDAY, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_int_equal(store_amendment_at(&rows, 0).state, AMENDMENT_UNDONE);
    assert_string_equal(store_amendment_at(&rows, 0).state_by, "李");
    assert_string_equal(store_amendment_at(&rows, 0).state_reason, "恢复");
    assert_int_equal(store_amendment_at(&rows, 1).state, AMENDMENT_AIRED);
    store_rows_finish(&rows);
    follow_room_expect_nothing_to_rebuild(&room);
    follow_room_finish(&room);
}

static void much_at_once_is_taken_bit_by_bit(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rebuilt added;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    for (int i = 0; i < 40; i++) {
        follow_world_plan(&room.world, 0);
    }
    follow_room_step(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.revisions, 16);
    follow_room_step(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.revisions, 16);
    follow_room_step(&room, &added, &has_more);
    assert_false(has_more);
    assert_int_equal(added.revisions, 8);
    follow_room_expect_as_rebuilt(&room);
    follow_room_finish(&room);
}

/* How often a file of the folder that is watched was opened since the last time. */
static int count_openings(int watch)
{
    char bytes[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    int count = 0;
    for (ssize_t got; (got = read(watch, bytes, sizeof(bytes))) > 0;) {
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);
            assert_int_equal(event->mask & IN_Q_OVERFLOW, 0);
            count += (event->mask & IN_ISDIR) == 0;
            at += (ssize_t)(sizeof(*event) + event->len);
        }
    }
    return count;
}

static void records_are_read_once_however_many(void **state)
{
    (void)state;
    enum { RECORDS = 1100, AT_A_TIME = 500 };
    struct follow_room room;
    struct store_rebuilt added;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    for (int i = 0; i < RECORDS; i++) {
        follow_world_record(&room.world);
    }
    const int watch = inotify_init1(IN_NONBLOCK);
    MUST(watch >= 0 && inotify_add_watch(watch, room.world.station->media, IN_OPEN) >= 0);
    follow_room_step(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.assets, AT_A_TIME);
    assert_int_equal(count_openings(watch), RECORDS);
    follow_world_record(&room.world); /* meanwhile */
    (void)count_openings(watch);
    follow_room_step(&room, &added, &has_more);
    assert_true(has_more);
    follow_room_step(&room, &added, &has_more);
    assert_true(has_more); /* those that came meanwhile, if any */
    assert_int_equal(added.assets, RECORDS - 2 * AT_A_TIME);
    assert_int_equal(count_openings(watch), 0);
    follow_room_step(&room, &added, &has_more);
    assert_false(has_more);
    assert_int_equal(added.assets, 1);
    assert_int_equal(count_openings(watch), 1);
    close(watch);
    follow_room_expect_as_rebuilt(&room);
    follow_room_finish(&room);
}

static void a_record_that_is_refused_takes_no_other_with_it(void **state)
{
    (void)state;
    enum { LONG_TEXT = 2 << 20 }; /* longer than any store keeps */
    struct follow_room room;
    struct store_rebuilt added;
    struct asset_record record;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    follow_world_record(&room.world);
    char *good = asset_path(room.world.station->media, store_bench_hash(1), "json");
    assert_int_equal(asset_record_load(good, &record), 0);
    record.created_ms++;
    free(record.profile);
    record.profile = calloc(1, LONG_TEXT + 1);
    MUST(record.profile != NULL);
    memset(record.profile, 'x', LONG_TEXT);
    strcpy(record.sha256, store_bench_hash(2));
    char *bad = asset_path(room.world.station->media, record.sha256, "json");
    MUST(asset_record_save(bad, &record) == 0);
    assert_int_equal(follow_room_step(&room, &added, &has_more), 1); /* told */
    assert_int_equal(added.assets, 1);
    MUST(unlink(bad) == 0);
    follow_room_step(&room, &added, &has_more);
    assert_int_equal(added.assets, 0);
    follow_room_expect_as_rebuilt(&room);
    asset_record_finish(&record);
    free(good);
    free(bad);
    follow_room_finish(&room);
}

static void a_line_that_is_being_written_is_taken_when_it_is_whole(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rebuilt added;
    struct store_rows rows;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    follow_world_line(&room.world, 0, true);
    follow_world_append(&room.world, "asrun", 0, "2020-02-17.jsonl", "broken\n");
    follow_world_line(&room.world, 0, false);
    assert_int_equal(follow_room_step(&room, &added, &has_more), 1);
    assert_int_equal(added.as_run_lines, 1);
    follow_world_line(&room.world, 0, true);
    assert_int_equal(follow_room_step(&room, &added, &has_more),
                     1); /* the broken one is told again */
    assert_int_equal(added.as_run_lines, 2);
    assert_int_equal(store_as_run_list(room.store, follow_names[0], MONDAY, 0, &rows), 0);
    assert_int_equal(rows.count, 3);
    assert_int_equal(store_as_run_at(&rows, 2).number, 4);
    assert_string_equal(store_as_run_at(&rows, 2).chain, room.world.channels[0].chain);
    store_rows_finish(&rows);
    follow_room_finish(&room);
}

static void without_news_nobody_waits_and_nothing_is_written(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rebuilt added;
    bool has_more = false;
    follow_room_init(&room, dice_seeded());
    for (int i = 0; i < 20; i++) {
        follow_world_step(&room.world);
    }
    follow_world_plan(&room.world, 0);
    follow_world_line(&room.world, 0, true);
    follow_world_record(&room.world);
    follow_room_to_the_end(&room);
    char *before = follow_room_dump(&room);
    struct store *other = store_bench_open(&room.bench);
    assert_int_equal(store_begin(other), 0); /* any writer would wait now, and fail */
    follow_room_step(&room, &added, &has_more);
    follow_room_forget(&room);
    follow_room_step(&room, &added, &has_more);
    assert_int_equal(store_end(other, 0), 0);
    store_close(other);
    char *after = follow_room_dump(&room);
    assert_string_equal(before, after);
    free(before);
    free(after);
    follow_room_finish(&room);
}

static void settled_files_are_not_read_until_they_change(void **state)
{
    (void)state;
    struct follow_room room;
    struct store *store = NULL;
    struct store_rebuilt added;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    follow_world_append(&room.world, "asrun", 0, "2020-02-17.jsonl", "broken\n");
    follow_world_plan(&room.world, 0);
    char *folder = station_state_path(room.world.station, "plans", follow_names[0]);
    follow_world_date(folder, room.world.now_ms);
    room.world.now_ms = LONG_GONE;
    follow_room_to_the_end(&room); /* the second time it knows which file grows */
    follow_room_to_the_end(&room);
    store = room.store;
    room.store = NULL;
    assert_int_equal(follow_room_step(&room, &added, &has_more), 1); /* without asking any store */
    assert_int_equal(added.revisions + added.as_run_lines, 0);
    room.store = store;
    follow_world_plan(&room.world, 0);
    follow_world_line(&room.world, 0, true);
    follow_room_step(&room, &added, &has_more);
    assert_int_equal(added.revisions, 1);
    free(folder);
    follow_room_finish(&room);
}

static void what_the_store_refuses_is_left_out_and_the_rest_goes_on(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rebuilt added;
    struct store_rows rows;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_room_to_the_end(&room);
    struct plan_amendment *order = &room.world.channels[0].orders[0];
    order->until = order->from - 1; /* nothing of it has room any more: no row of the store */
    room.world.channels[0].titles[0]++;
    follow_world_plan(&room.world, 0);
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow_room_step(&room, &added, &has_more), 2); /* in either plan */
    assert_int_equal(added.revisions, 2);
    assert_false(has_more);
    assert_int_equal(store_lesson_find(room.store, "KT-01", &rows), 0);
    assert_string_equal(store_lesson_at(&rows, 0).title, "示例0-1");
    store_rows_finish(&rows);
    follow_room_finish(&room);
}

static void plans_older_than_those_of_the_store_are_told_until_they_pass_them(void **state)
{
    (void)state;
    struct follow_room room;
    struct store_rebuilt added;
    bool has_more = false;
    follow_room_init(&room, (struct dice){1});
    for (int i = 0; i < 3; i++) {
        follow_world_plan(&room.world, 0);
    }
    follow_room_to_the_end(&room);
    char *folder = station_state_path(room.world.station, "plans", follow_names[0]);
    char *aside = NULL;
    MUST(asprintf(&aside, "%s.lost", folder) > 0 && rename(folder, aside) == 0);
    room.world.channels[0].revision = 0;
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow_room_step(&room, &added, &has_more), 1);
    assert_int_equal(added.revisions, 0);
    room.world.channels[0].revision = 3;
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow_room_step(&room, &added, &has_more), 0);
    assert_int_equal(added.revisions, 1);
    free(folder);
    free(aside);
    follow_room_finish(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_followed_from_its_beginning_to_its_end),
        cmocka_unit_test(who_ends_an_order_by_too_long_a_name_ends_it),
        cmocka_unit_test(an_order_that_is_open_again_was_ended_by_nobody),
        cmocka_unit_test(the_same_replacement_ordered_again_is_another_order),
        cmocka_unit_test(much_at_once_is_taken_bit_by_bit),
        cmocka_unit_test(records_are_read_once_however_many),
        cmocka_unit_test(a_record_that_is_refused_takes_no_other_with_it),
        cmocka_unit_test(a_line_that_is_being_written_is_taken_when_it_is_whole),
        cmocka_unit_test(without_news_nobody_waits_and_nothing_is_written),
        cmocka_unit_test(settled_files_are_not_read_until_they_change),
        cmocka_unit_test(what_the_store_refuses_is_left_out_and_the_rest_goes_on),
        cmocka_unit_test(plans_older_than_those_of_the_store_are_told_until_they_pass_them),
        cmocka_unit_test(following_a_station_leaves_what_a_rebuild_gives),
    };
    return cmocka_run_group_tests_name("store_follow", tests, NULL, NULL);
}
