/* SPDX-License-Identifier: MIT */
/* The command that signs a stage, as the board offers it to be pasted into a shell. */
#include "playout/station.h"
#include "tools/approve_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void the_command_names_stage_repeat_and_station(void **state)
{
    static const struct {
        const char *station; /* NULL: the one that needs no naming */
        const char *house_number;
        int stage;
        const char *run;
        const char *text;
    } rows[] = {
        {NULL, "KT-42", 1, "first", "ketang approve KT-42 --stage 1"},
        {NULL, "KT-42", 2, "2026-11-30", "ketang approve KT-42 --stage 2 --repeat 2026-11-30"},
        {"/tmp/a b.cfg", "KT-42", 3, "first",
         "ketang approve --station '/tmp/a b.cfg' KT-42 --stage 3"},
        {NULL, "语文-1", 1, "first", "ketang approve 语文-1 --stage 1"},
        {NULL, "x; rm 'y'", 1, "first", "ketang approve 'x; rm '\\''y'\\''' --stage 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[APPROVE_TEXT_SIZE];
        const char *station = rows[i].station != NULL ? rows[i].station : station_default_path();
        assert_string_equal(
            approve_text(station, rows[i].house_number, rows[i].stage, rows[i].run, text),
            rows[i].text);
    }
}

static void what_has_no_room_is_cut(void **state)
{
    char number[2 * APPROVE_TEXT_SIZE];
    char text[APPROVE_TEXT_SIZE];
    (void)state;
    memset(number, 'x', sizeof(number) - 1);
    number[sizeof(number) - 1] = '\0';
    assert_true(strlen(approve_text(station_default_path(), number, 1, "first", text)) <
                APPROVE_TEXT_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_names_stage_repeat_and_station),
        cmocka_unit_test(what_has_no_room_is_cut),
    };
    return cmocka_run_group_tests_name("approve_text", tests, NULL, NULL);
}
