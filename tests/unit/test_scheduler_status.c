/* SPDX-License-Identifier: MIT */
/* What `ketang status` says for the scheduler. */
#include "tools/scheduler_status.h"

#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is said when the store is like that; the caller frees it. */
static char *said_of_store(const char *trouble, const char *unnoted, const char *lost)
{
    json_t *answer =
        json_pack("{s:b, s:s, s:s, s:s, s:{s:i, s:[]}}", "ok", 1, "store_trouble", trouble,
                  "store_unnoted", unnoted, "store_lost", lost, "not_ready", "count", 0, "lessons");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(answer != NULL && out != NULL);
    scheduler_status_print(out, answer);
    fclose(out);
    json_decref(answer);
    return text;
}

static void check_said(const char *trouble, const char *unnoted, const char *lost, const char *said)
{
    char *text = said_of_store(trouble, unnoted, lost);
    if (strncmp(text, said, strlen(said)) != 0) {
        fail_msg("said: %s", text);
    }
    free(text);
}

static void a_store_that_answers_is_not_said_to_be_out_of_reach(void **state)
{
    (void)state;
    check_said("", "", "", "The scheduler: all is well");
    check_said("x.db: gone", "", "", "! the store cannot be reached (x.db: gone)");
    check_said("", "disk full", "", "! plans and records cannot be noted in the store (disk full)");
    check_said("", "", "the store has lost it", "! the store has lost it\n");
}

/* Its lessons are not told of one by one, and not of what is known of them. */
static void a_media_folder_that_is_away_is_said_first_and_of_its_lessons_nothing(void **state)
{
    (void)state;
    json_t *answer = json_pack("{s:b, s:s, s:[s], s:n}", "ok", 1, "media_trouble", "media is away",
                               "problems", "a.yaml:1:1: wrong", "not_ready");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(answer != NULL && out != NULL);
    scheduler_status_print(out, answer);
    fclose(out);
    json_decref(answer);
    assert_string_equal(text, "! media is away\n! a.yaml:1:1: wrong\n! what was good before goes "
                              "on; mend the file and save it\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_that_answers_is_not_said_to_be_out_of_reach),
        cmocka_unit_test(a_media_folder_that_is_away_is_said_first_and_of_its_lessons_nothing),
    };
    return cmocka_run_group_tests_name("scheduler_status", tests, NULL, NULL);
}
