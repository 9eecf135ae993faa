/* SPDX-License-Identifier: MIT */
#include "playout/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                        {"channel", required_argument, NULL, 'c'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"sound", no_argument, NULL, 'u'},
                                        {0}};

static void a_mistyped_option_is_named_as_it_was_meant(void **state)
{
    (void)state;
    assert_string_equal(options_meant("--jsn", options), "json");
    assert_string_equal(options_meant("--chanel=linzi", options), "channel");
    assert_null(options_meant("--xyzzy", options));
    assert_null(options_meant("--", options));
    assert_null(options_meant("-jsn", options));
}

static void options_that_are_there_are_taken_as_ever(void **state)
{
    (void)state;
    char name[] = "test";
    char json[] = "--js"; /* a beginning will do */
    char channel[] = "--channel=linzi";
    char *argv[] = {name, json, channel, NULL};
    assert_int_equal(options_next(3, argv, "h", options), 'j');
    assert_int_equal(options_next(3, argv, "h", options), 'c');
    assert_string_equal(optarg, "linzi");
    assert_int_equal(options_next(3, argv, "h", options), -1);
}

/* What is said of a line, on standard error, of the first option with which something is wrong. */
static void check_said(const char *word, const char *argument, const char *expected)
{
    char name[] = "extend";
    char words[2][32];
    char said[256] = "";
    snprintf(words[0], sizeof(words[0]), "%s", word);
    snprintf(words[1], sizeof(words[1]), "%s", argument != NULL ? argument : "");
    char *argv[] = {name, words[0], argument != NULL ? words[1] : NULL, NULL};
    FILE *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    optind = 0; /* GNU: start anew */
    int option = 0;
    while (option != '?' && option != -1) {
        option = options_next(argument != NULL ? 3 : 2, argv, "ho:", options);
    }
    fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    const size_t length = fread(said, 1, sizeof(said) - 1, file);
    fclose(file);
    said[length] = '\0';
    assert_int_equal(option, '?');
    assert_string_equal(said, expected);
}

static void what_is_wrong_with_an_option_is_a_sentence(void **state)
{
    (void)state;
    check_said("-3", NULL, "ketang extend: there is no option -3.\n");
    check_said("--xyzzy", NULL, "ketang extend: there is no option --xyzzy.\n");
    check_said("--jsn", NULL, "ketang extend: there is no option --jsn.\nDid you mean --json?\n");
    check_said("--station", NULL, "ketang extend: the option --station needs an argument.\n");
    check_said("-o", NULL, "ketang extend: the option -o needs an argument.\n");
    check_said("--json=1", NULL, "ketang extend: the option --json takes no argument.\n");
    check_said("--s", NULL, "ketang extend: several options begin with --s; write it out.\n");
    check_said("-:", NULL, "ketang extend: there is no option -:.\n");
}

/* In a cluster, behind another option or behind a word that is none. */
static void the_word_that_is_wrong_is_the_one_named(void **state)
{
    (void)state;
    check_said("--json", "-jq", "ketang extend: there is no option -j.\n");
    check_said("--json", "-hjq", "ketang extend: there is no option -j.\n");
    check_said("linzi", "-jq", "ketang extend: there is no option -j.\n");
    check_said("linzi", "--jsn",
               "ketang extend: there is no option --jsn.\nDid you mean --json?\n");
    check_said("--json", "--station", "ketang extend: the option --station needs an argument.\n");
}

static void a_sign_that_is_no_ascii_is_named_whole(void **state)
{
    (void)state;
    check_said("-中", NULL, "ketang extend: there is no option -中.\n");
    check_said("--json", "-h中", "ketang extend: there is no option -h中.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistyped_option_is_named_as_it_was_meant),
        cmocka_unit_test(options_that_are_there_are_taken_as_ever),
        cmocka_unit_test(what_is_wrong_with_an_option_is_a_sentence),
        cmocka_unit_test(the_word_that_is_wrong_is_the_one_named),
        cmocka_unit_test(a_sign_that_is_no_ascii_is_named_whole),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
