/* SPDX-License-Identifier: MIT */
/* The place of a problem: what is not known of it is not printed. */
#include "playout/problems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_place_is_told_as_far_as_it_is_known(void **state)
{
    (void)state;
    struct problems list;
    char *printed = NULL;
    size_t size = 0;
    problems_init(&list);
    problems_add(&list, PROBLEM_ERROR, "b.yaml", 60, 0, "overlaps");
    problems_add(&list, PROBLEM_ERROR, "b.yaml", 3, 7, "is misspelt");
    problems_add(&list, PROBLEM_WARNING, "a.yaml", 0, 0, "is empty");
    FILE *out = open_memstream(&printed, &size);
    problems_print(&list, out);
    fclose(out);
    assert_string_equal(printed, "a.yaml: warning: is empty\n"
                                 "b.yaml:3:7: error: is misspelt\n"
                                 "b.yaml:60: error: overlaps\n");
    free(printed);
    problems_finish(&list);
}

static void a_spot_has_no_column_without_a_line(void **state)
{
    (void)state;
    static const struct {
        int line;
        int column;
        const char *spot;
    } cases[] = {{60, 0, ":60"}, {60, 1, ":60:1"}, {0, 0, ""}, {0, 5, ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct problem problem = {.line = cases[i].line, .column = cases[i].column};
        char spot[PROBLEM_SPOT_SIZE];
        assert_string_equal(problem_spot(&problem, spot), cases[i].spot);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_told_as_far_as_it_is_known),
        cmocka_unit_test(a_spot_has_no_column_without_a_line),
    };
    return cmocka_run_group_tests_name("problems", tests, NULL, NULL);
}
