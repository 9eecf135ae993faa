/* SPDX-License-Identifier: MIT */
/*
 * A store that follows a station on air: random stories of plans, orders,
 * as-run and media, followed at random moments, some of which are cut short.
 * In the end it holds what one rebuild of the whole gives.
 */
#include "scheduler/store/store_follow.h"
#include "scheduler/store/store_lesson.h"

#include "playout/asset.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/store/store_dump.h"
#include "scheduler/store/store_revision.h"
#include "tests/support/follow_world.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <jansson.h>
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

/* A station, its store, and what follows it. */
struct room {
    struct follow_world world;
    struct store_bench bench;
    struct store *store;
    struct store_follow *follow;
};

static void room_init(struct room *room, struct dice dice)
{
    follow_world_init(&room->world, dice);
    store_bench_init(&room->bench);
    room->store = store_bench_open(&room->bench);
    room->follow = store_follow_create(room->world.station, room->world.zone);
    MUST(room->follow != NULL);
}

static void room_finish(struct room *room)
{
    store_follow_destroy(room->follow);
    store_close(room->store);
    store_bench_finish(&room->bench);
    follow_world_finish(&room->world);
}

/* --- Following ---------------------------------------------------------------------- */

static size_t follow(struct room *room, struct store_rebuilt *added, bool *has_more)
{
    struct problems problems;
    problems_init(&problems);
    const int result = store_follow_step(room->follow, room->store, room->world.now_ms, &problems,
                                         added, has_more);
    if (result != 0) {
        fail_msg("%s: %s", strerror(-result), store_error(room->store));
    }
    const size_t count = problems.count;
    problems_finish(&problems);
    return count;
}

static void forget_what_was_seen(struct room *room)
{
    store_follow_destroy(room->follow);
    room->follow = store_follow_create(room->world.station, room->world.zone);
    MUST(room->follow != NULL);
}

/* Everything is written, and nothing of it is kept: as if it was killed then. */
static void follow_in_vain(struct room *room)
{
    struct store_rebuilt added;
    bool has_more = false;
    assert_int_equal(store_begin(room->store), 0);
    follow(room, &added, &has_more);
    assert_int_equal(store_end(room->store, -EINTR), -EINTR);
    forget_what_was_seen(room);
}

static void follow_to_the_end(struct room *room)
{
    struct store_rebuilt added;
    bool has_more = true;
    for (int i = 0; has_more; i++) {
        assert_true(i < 100);
        follow(room, &added, &has_more);
    }
}

/* --- Comparing ---------------------------------------------------------------------- */

static char *dump_of(struct store *store)
{
    char *text = NULL;
    size_t size = 0;
    int64_t rows = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(out != NULL);
    assert_int_equal(store_dump(store, out, &rows), 0);
    fclose(out);
    return text;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* "undone 7" without the number: ids are given in the order in which orders are told of. */
static void hide_id(json_t *row)
{
    const char *change = json_string_value(json_object_get(row, "change"));
    if (json_object_get(row, "kind") != NULL && json_object_get(row, "ordered_ms") != NULL) {
        json_object_del(row, "id");
    }
    if (change != NULL && strncmp(change, "undone ", 7) == 0) {
        json_object_set_new(row, "change", json_string("undone"));
    }
}

/* The rows of a dump, sorted, without the ids of orders. */
static char **rows_of(struct store *store, size_t *count)
{
    char *dump = dump_of(store);
    char **rows = calloc(strlen(dump) / 2 + 1, sizeof(rows[0]));
    char *rest = dump;
    MUST(rows != NULL);
    *count = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        json_t *row = json_loads(line, 0, NULL);
        if (json_object_get(row, "table") != NULL) {
            hide_id(row);
            rows[(*count)++] = json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
        }
        json_decref(row);
    }
    qsort(rows, *count, sizeof(rows[0]), compare_texts);
    free(dump);
    return rows;
}

static void expect_same(struct store *followed, struct store *rebuilt)
{
    size_t counts[2];
    char **rows[2] = {rows_of(followed, &counts[0]), rows_of(rebuilt, &counts[1])};
    size_t i = 0;
    while (i < counts[0] && i < counts[1] && strcmp(rows[0][i], rows[1][i]) == 0) {
        i++;
    }
    if (i < counts[0] || i < counts[1]) {
        fail_msg("followed: %s\nrebuilt: %s", i < counts[0] ? rows[0][i] : "nothing more",
                 i < counts[1] ? rows[1][i] : "nothing more");
    }
    for (int k = 0; k < 2; k++) {
        for (i = 0; i < counts[k]; i++) {
            free(rows[k][i]);
        }
        free(rows[k]);
    }
}

static void expect_as_rebuilt(struct room *room)
{
    struct store_bench bench;
    struct problems problems;
    struct store_rebuilt rebuilt;
    problems_init(&problems);
    store_bench_init(&bench);
    struct store *store = store_bench_open(&bench);
    assert_int_equal(store_rebuild(store, room->world.station, room->world.zone, room->world.now_ms,
                                   &problems, &rebuilt),
                     0);
    expect_same(room->store, store);
    store_close(store);
    store_bench_finish(&bench);
    problems_finish(&problems);
}

/* A store that has everything is given nothing by a rebuild. */
static void expect_nothing_to_rebuild(struct room *room)
{
    struct problems problems;
    struct store_rebuilt rebuilt;
    problems_init(&problems);
    assert_int_equal(store_rebuild(room->store, room->world.station, room->world.zone,
                                   room->world.now_ms, &problems, &rebuilt),
                     0);
    assert_int_equal(rebuilt.amendments, 0);
    problems_finish(&problems);
}

/* --- The tests ---------------------------------------------------------------------- */

static void following_a_station_leaves_what_a_rebuild_gives(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    for (int story = 0; story < STORIES; story++) {
        struct room room;
        struct store_rebuilt added;
        bool has_more = false;
        room_init(&room, (struct dice){dice_roll(&dice)});
        const int64_t pace = dice_between(&room.world.dice, 1, 12);
        for (int step = 0; step < STEPS; step++) {
            follow_world_step(&room.world);
            if (dice_once_in(&room.world.dice, 12)) {
                follow_in_vain(&room);
            }
            if (dice_once_in(&room.world.dice, pace)) {
                follow(&room, &added, &has_more);
            }
            if (dice_once_in(&room.world.dice, 20)) {
                forget_what_was_seen(&room);
            }
        }
        follow_to_the_end(&room);
        expect_as_rebuilt(&room);
        room.world.now_ms += INT64_C(48) * 3600 * 1000;
        follow_to_the_end(&room);
        expect_as_rebuilt(&room);
        room_finish(&room);
    }
}

static struct store_amendment only_order(struct room *room, struct store_rows *rows)
{
    assert_int_equal(store_amendment_list(room->store, follow_names[0], MONDAY, rows), 0);
    assert_int_equal(rows->count, 1);
    return store_amendment_at(rows, 0);
}

static void an_order_is_followed_from_its_beginning_to_its_end(void **state)
{
    (void)state;
    struct room room;
    struct store_rows rows;
    int64_t version = 0;
    room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    struct plan_amendment *order = follow_world_order(&room.world, 0, 0);
    order->kind = "slate";
    order->reason = "信号异常";
    order->author = "王";
    const int64_t asked = order->asked;
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
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
    follow_to_the_end(&room);
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
    follow_to_the_end(&room);
    known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_ORDERED);
    store_rows_finish(&rows);
    room.world.now_ms++;
    follow_to_the_end(&room);
    known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_AIRED);
    assert_int_equal(known.state_ms, (asked + 6000) * 40);
    assert_string_equal(known.state_by, "李");
    assert_string_equal(known.state_reason, "恢复");
    store_rows_finish(&rows);
    assert_int_equal(store_day_version(room.store, follow_names[0], MONDAY, &version), 0);
    assert_int_equal(version, 1); /* that it has aired is no edit */
    expect_as_rebuilt(&room);
    room_finish(&room);
}

static void who_ends_an_order_by_too_long_a_name_ends_it(void **state)
{
    (void)state;
    struct room room;
    struct store_rows rows;
    char longest[STORE_NAME_MOST + 2];
    memset(longest, 'x', sizeof(longest));
    longest[STORE_NAME_MOST + 1] = '\0';
    room_init(&room, (struct dice){1});
    follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    room.world.channels[0].orders[0].is_undone = true;
    room.world.channels[0].orders[0].end_author = longest;
    room.world.channels[0].orders[0].end_reason = "恢复";
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    const struct store_amendment known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_UNDONE);
    assert_string_equal(known.state_by, "rebuild");
    assert_string_equal(known.state_reason, "恢复");
    store_rows_finish(&rows);
    expect_as_rebuilt(&room);
    room_finish(&room);
}

/* Who takes a return back has ended nothing. */
static void an_order_that_is_open_again_was_ended_by_nobody(void **state)
{
    (void)state;
    struct room room;
    struct store_rows rows;
    room_init(&room, (struct dice){1});
    struct plan_amendment *order = follow_world_order(&room.world, 0, 0);
    order->end_author = "李";
    follow_world_plan(&room.world, 0);
    room.world.now_ms += 10000;
    room.world.channels[0].order_count = 0;
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    const struct store_amendment known = only_order(&room, &rows);
    assert_int_equal(known.state, AMENDMENT_AIRED);
    assert_string_equal(known.state_by, "rebuild");
    store_rows_finish(&rows);
    room_finish(&room);
}

static void the_same_replacement_ordered_again_is_another_order(void **state)
{
    (void)state;
    struct room room;
    struct store_rows rows;
    room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    struct plan_amendment first = *follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    room.world.channels[0].orders[0].is_undone = true;
    room.world.channels[0].orders[0].end_author = "李";
    room.world.channels[0].orders[0].end_reason = "恢复";
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    first.id = room.world.channels[0].next_id++;
    room.world.channels[0].orders[room.world.channels[0].order_count++] = first;
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    room.world.now_ms += 3600 * 1000;
    forget_what_was_seen(&room);
    follow_to_the_end(&room);
    assert_int_equal(store_amendment_list(room.store, follow_names[0], MONDAY, &rows), 0);
    assert_int_equal(rows.count, 2);
    assert_int_equal(store_amendment_at(&rows, 0).state, AMENDMENT_UNDONE);
    assert_string_equal(store_amendment_at(&rows, 0).state_by, "李");
    assert_string_equal(store_amendment_at(&rows, 0).state_reason, "恢复");
    assert_int_equal(store_amendment_at(&rows, 1).state, AMENDMENT_AIRED);
    store_rows_finish(&rows);
    expect_nothing_to_rebuild(&room);
    room_finish(&room);
}

static void much_at_once_is_taken_bit_by_bit(void **state)
{
    (void)state;
    struct room room;
    struct store_rebuilt added;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    for (int i = 0; i < 40; i++) {
        follow_world_plan(&room.world, 0);
    }
    follow(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.revisions, 16);
    follow(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.revisions, 16);
    follow(&room, &added, &has_more);
    assert_false(has_more);
    assert_int_equal(added.revisions, 8);
    expect_as_rebuilt(&room);
    room_finish(&room);
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
    struct room room;
    struct store_rebuilt added;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    for (int i = 0; i < RECORDS; i++) {
        follow_world_record(&room.world);
    }
    const int watch = inotify_init1(IN_NONBLOCK);
    MUST(watch >= 0 && inotify_add_watch(watch, room.world.station->media, IN_OPEN) >= 0);
    follow(&room, &added, &has_more);
    assert_true(has_more);
    assert_int_equal(added.assets, AT_A_TIME);
    assert_int_equal(count_openings(watch), RECORDS);
    follow_world_record(&room.world); /* meanwhile */
    (void)count_openings(watch);
    follow(&room, &added, &has_more);
    assert_true(has_more);
    follow(&room, &added, &has_more);
    assert_true(has_more); /* those that came meanwhile, if any */
    assert_int_equal(added.assets, RECORDS - 2 * AT_A_TIME);
    assert_int_equal(count_openings(watch), 0);
    follow(&room, &added, &has_more);
    assert_false(has_more);
    assert_int_equal(added.assets, 1);
    assert_int_equal(count_openings(watch), 1);
    close(watch);
    expect_as_rebuilt(&room);
    room_finish(&room);
}

static void a_record_that_is_refused_takes_no_other_with_it(void **state)
{
    (void)state;
    enum { LONG_TEXT = 2 << 20 }; /* longer than any store keeps */
    struct room room;
    struct store_rebuilt added;
    struct asset_record record;
    bool has_more = false;
    room_init(&room, (struct dice){1});
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
    assert_int_equal(follow(&room, &added, &has_more), 1); /* told */
    assert_int_equal(added.assets, 1);
    MUST(unlink(bad) == 0);
    follow(&room, &added, &has_more);
    assert_int_equal(added.assets, 0);
    expect_as_rebuilt(&room);
    asset_record_finish(&record);
    free(good);
    free(bad);
    room_finish(&room);
}

static void a_line_that_is_being_written_is_taken_when_it_is_whole(void **state)
{
    (void)state;
    struct room room;
    struct store_rebuilt added;
    struct store_rows rows;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    follow_world_line(&room.world, 0, true);
    follow_world_append(&room.world, "asrun", 0, "2020-02-17.jsonl", "broken\n");
    follow_world_line(&room.world, 0, false);
    assert_int_equal(follow(&room, &added, &has_more), 1);
    assert_int_equal(added.as_run_lines, 1);
    follow_world_line(&room.world, 0, true);
    assert_int_equal(follow(&room, &added, &has_more), 1); /* the broken one is told again */
    assert_int_equal(added.as_run_lines, 2);
    assert_int_equal(store_as_run_list(room.store, follow_names[0], MONDAY, 0, &rows), 0);
    assert_int_equal(rows.count, 3);
    assert_int_equal(store_as_run_at(&rows, 2).number, 4);
    assert_string_equal(store_as_run_at(&rows, 2).chain, room.world.channels[0].chain);
    store_rows_finish(&rows);
    room_finish(&room);
}

static void without_news_nobody_waits_and_nothing_is_written(void **state)
{
    (void)state;
    struct room room;
    struct store_rebuilt added;
    bool has_more = false;
    room_init(&room, dice_seeded());
    for (int i = 0; i < 20; i++) {
        follow_world_step(&room.world);
    }
    follow_world_plan(&room.world, 0);
    follow_world_line(&room.world, 0, true);
    follow_world_record(&room.world);
    follow_to_the_end(&room);
    char *before = dump_of(room.store);
    struct store *other = store_bench_open(&room.bench);
    assert_int_equal(store_begin(other), 0); /* any writer would wait now, and fail */
    follow(&room, &added, &has_more);
    forget_what_was_seen(&room);
    follow(&room, &added, &has_more);
    assert_int_equal(store_end(other, 0), 0);
    store_close(other);
    char *after = dump_of(room.store);
    assert_string_equal(before, after);
    free(before);
    free(after);
    room_finish(&room);
}

static void settled_files_are_not_read_until_they_change(void **state)
{
    (void)state;
    struct room room;
    struct store *store = NULL;
    struct store_rebuilt added;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    follow_world_append(&room.world, "asrun", 0, "2020-02-17.jsonl", "broken\n");
    follow_world_plan(&room.world, 0);
    char *folder = station_state_path(room.world.station, "plans", follow_names[0]);
    follow_world_date(folder, room.world.now_ms);
    room.world.now_ms = LONG_GONE;
    follow_to_the_end(&room); /* the second time it knows which file grows */
    follow_to_the_end(&room);
    store = room.store;
    room.store = NULL;
    assert_int_equal(follow(&room, &added, &has_more), 1); /* without asking any store */
    assert_int_equal(added.revisions + added.as_run_lines, 0);
    room.store = store;
    follow_world_plan(&room.world, 0);
    follow_world_line(&room.world, 0, true);
    follow(&room, &added, &has_more);
    assert_int_equal(added.revisions, 1);
    free(folder);
    room_finish(&room);
}

static void what_the_store_refuses_is_left_out_and_the_rest_goes_on(void **state)
{
    (void)state;
    struct room room;
    struct store_rebuilt added;
    struct store_rows rows;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    follow_world_plan(&room.world, 0);
    follow_world_order(&room.world, 0, 9000);
    follow_world_plan(&room.world, 0);
    follow_to_the_end(&room);
    struct plan_amendment *order = &room.world.channels[0].orders[0];
    order->until = order->from - 1; /* nothing of it has room any more: no row of the store */
    room.world.channels[0].titles[0]++;
    follow_world_plan(&room.world, 0);
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow(&room, &added, &has_more), 2); /* in either plan */
    assert_int_equal(added.revisions, 2);
    assert_false(has_more);
    assert_int_equal(store_lesson_find(room.store, "KT-01", &rows), 0);
    assert_string_equal(store_lesson_at(&rows, 0).title, "示例0-1");
    store_rows_finish(&rows);
    room_finish(&room);
}

static void plans_older_than_those_of_the_store_are_told_until_they_pass_them(void **state)
{
    (void)state;
    struct room room;
    struct store_rebuilt added;
    bool has_more = false;
    room_init(&room, (struct dice){1});
    for (int i = 0; i < 3; i++) {
        follow_world_plan(&room.world, 0);
    }
    follow_to_the_end(&room);
    char *folder = station_state_path(room.world.station, "plans", follow_names[0]);
    char *aside = NULL;
    MUST(asprintf(&aside, "%s.lost", folder) > 0 && rename(folder, aside) == 0);
    room.world.channels[0].revision = 0;
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow(&room, &added, &has_more), 1);
    assert_int_equal(added.revisions, 0);
    room.world.channels[0].revision = 3;
    follow_world_plan(&room.world, 0);
    assert_int_equal(follow(&room, &added, &has_more), 0);
    assert_int_equal(added.revisions, 1);
    free(folder);
    free(aside);
    room_finish(&room);
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
