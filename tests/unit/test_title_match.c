/* SPDX-License-Identifier: MIT */
#include "scheduler/title_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_written_in_another_way_is_the_same_title(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        const char *part;
        bool has;
    } cases[] = {
        {"语文 荷花", "荷花", true},
        {"荷花", "语文 荷花", false},
        {"语文《荷 花》（第一课时）", "荷花第一课时", true},
        {"“荷花”——朗读", "荷花朗读", true},
        {"白居易·诗两首", "白居易诗", true},
        {"ＵＮＩＴ　１", "unit 1", true},
        {"荷花(10)", "荷花1", false},
        {"21 世纪", "1世纪", false},
        {"荷花 1，荷花 10", "荷花10", true},
        {"荷花", "《》", true},
        {"", "荷花", false},
        {"\xef", "\xe3\x80", false}, /* cut off in the middle of a character */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (title_match_has(cases[i].title, cases[i].part) != cases[i].has) {
            fail_msg("'%s' in '%s'", cases[i].part, cases[i].title);
        }
    }
}

static void what_is_too_long_is_compared_as_far_as_it_goes(void **state)
{
    (void)state;
    char title[2 * TITLE_MATCH_SIZE];
    memset(title, 'a', sizeof(title) - 1);
    title[sizeof(title) - 1] = '\0';
    assert_true(title_match_has(title, "aaa"));
    assert_true(title_match_has(title, title));
    assert_false(title_match_has("aaa", title));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_in_another_way_is_the_same_title),
        cmocka_unit_test(what_is_too_long_is_compared_as_far_as_it_goes),
    };
    return cmocka_run_group_tests_name("title_match", tests, NULL, NULL);
}
