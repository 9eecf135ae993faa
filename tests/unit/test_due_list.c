/* SPDX-License-Identifier: MIT */
/* Of all slots of the coming days: when each film is first on the air in each house format. */
#include "scheduler/due_list.h"

#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct station *load(void)
{
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    MUST(station_load("schedules/station.cfg", &station, &problems) == 0);
    problems_finish(&problems);
    return station;
}

static void add(struct ready_board *board, const char *channel, const char *number, int64_t start)
{
    board->rows = realloc(board->rows, (board->count + 1) * sizeof(board->rows[0]));
    MUST(board->rows != NULL);
    board->rows[board->count++] = (struct ready_row){.channel = channel,
                                                     .start = start,
                                                     .house_number = strdup(number),
                                                     .grade = strdup(""),
                                                     .title = strdup(""),
                                                     .substitute = strdup(""),
                                                     .airs = strdup("")};
    board->capacity = board->count;
}

static void the_soonest_slot_counts(void **state)
{
    (void)state;
    struct station *station = load();
    const struct service *first = station_service_at(station, 0);
    const struct service *second = station_service_at(station, 1);
    struct ready_board board = {0};
    struct due_list *list = NULL;
    MUST(first->profile == second->profile);
    add(&board, first->name, "KT-02", 500);
    add(&board, first->name, "KT-01", 1000);
    add(&board, second->name, "KT-01", 250);
    add(&board, first->name, "KT-01", 700);
    add(&board, first->name, "FILL-01", READY_NO_TIME);
    assert_int_equal(due_list_create(station, &board, &list), 0);
    assert_int_equal(list->count, 2);
    assert_string_equal(list->dues[0].house_number, "KT-01");
    assert_string_equal(list->dues[0].profile, first->profile->name);
    assert_int_equal(list->dues[0].due_ms, 10000);
    assert_string_equal(list->dues[1].house_number, "KT-02");
    assert_int_equal(list->dues[1].due_ms, 20000);
    due_list_destroy(list);
    station_destroy(station);
}

static void of_nothing_there_is_nothing(void **state)
{
    (void)state;
    struct station *station = load();
    struct ready_board board = {0};
    struct due_list *list = NULL;
    assert_int_equal(due_list_create(station, &board, &list), 0);
    assert_int_equal(list->count, 0);
    due_list_destroy(list);
    due_list_destroy(NULL);
    station_destroy(station);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_soonest_slot_counts),
        cmocka_unit_test(of_nothing_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
