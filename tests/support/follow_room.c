/* SPDX-License-Identifier: MIT */
#include "tests/support/follow_room.h"

#include "scheduler/store/store_dump.h"
#include "tests/support/must.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void follow_room_init(struct follow_room *room, struct dice dice)
{
    follow_world_init(&room->world, dice);
    store_bench_init(&room->bench);
    room->store = store_bench_open(&room->bench);
    room->follow = store_follow_create(room->world.station, room->world.zone);
    MUST(room->follow != NULL);
}

void follow_room_finish(struct follow_room *room)
{
    store_follow_destroy(room->follow);
    store_close(room->store);
    store_bench_finish(&room->bench);
    follow_world_finish(&room->world);
}

size_t follow_room_step(struct follow_room *room, struct store_rebuilt *added, bool *has_more)
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

void follow_room_forget(struct follow_room *room)
{
    store_follow_destroy(room->follow);
    room->follow = store_follow_create(room->world.station, room->world.zone);
    MUST(room->follow != NULL);
}

void follow_room_step_in_vain(struct follow_room *room)
{
    struct store_rebuilt added;
    bool has_more = false;
    assert_int_equal(store_begin(room->store), 0);
    follow_room_step(room, &added, &has_more);
    assert_int_equal(store_end(room->store, -EINTR), -EINTR);
    follow_room_forget(room);
}

void follow_room_to_the_end(struct follow_room *room)
{
    struct store_rebuilt added;
    bool has_more = true;
    for (int i = 0; has_more; i++) {
        assert_true(i < 100);
        follow_room_step(room, &added, &has_more);
    }
}

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

void follow_room_expect_as_rebuilt(struct follow_room *room)
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

void follow_room_expect_nothing_to_rebuild(struct follow_room *room)
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

char *follow_room_dump(const struct follow_room *room)
{
    return dump_of(room->store);
}
