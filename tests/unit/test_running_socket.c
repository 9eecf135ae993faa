/* SPDX-License-Identifier: MIT */
/* A slip in the station file keeps nobody from the programs that run. */
#include "tools/running_socket.h"

#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Asks by a station file that has this text: the socket, to be freed, and the problems. */
static char *socket_by(const char *text, struct problems *problems)
{
    char path[] = "/tmp/ketang-socket-XXXXXX";
    const int fd = mkstemp(path);
    MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
    problems_init(problems);
    char *socket = running_socket(path, "scheduler", problems);
    unlink(path);
    return socket;
}

static void a_file_with_mistakes_still_names_the_folder(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "format = 1;\nstation: {\n    state = \"var/here\"; # 日志\n    port = 6573x;\n};\n",
        "format = 1\nstate:\"var/here\"\nformat = 99;\n", /* read, but no station */
        "# state = \"var/other\";\nmy_state = \"var/other\";\n\tstate = \"var/here\"\n(",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct problems problems;
        char *socket = socket_by(texts[i], &problems);
        assert_non_null(socket);
        assert_string_equal(socket, "var/here/run/scheduler.sock");
        assert_int_equal(problems.errors, 0);
        assert_true(problems.count > 1); /* the mistakes, and what it means */
        for (size_t k = 0; k < problems.count; k++) {
            assert_int_equal(problems.items[k].severity, PROBLEM_WARNING);
        }
        free(socket);
        problems_finish(&problems);
    }
}

static void a_good_file_has_nothing_to_tell(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    char *socket = running_socket("schedules/station.cfg", "playout", &problems);
    assert_non_null(socket);
    assert_string_equal(socket, "var/state/run/playout.sock");
    assert_int_equal(problems.count, 0);
    free(socket);
    problems_finish(&problems);
}

static void without_such_a_line_the_mistakes_are_errors(void **state)
{
    (void)state;
    struct problems problems;
    assert_null(socket_by("station: {\n    state = \"var/here;\n", &problems));
    assert_int_equal(problems.errors, 1);
    problems_finish(&problems);
    assert_null(running_socket("/nowhere/station.cfg", "playout", &problems));
    assert_int_equal(problems.errors, 1);
    problems_finish(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_with_mistakes_still_names_the_folder),
        cmocka_unit_test(a_good_file_has_nothing_to_tell),
        cmocka_unit_test(without_such_a_line_the_mistakes_are_errors),
    };
    return cmocka_run_group_tests_name("running_socket", tests, NULL, NULL);
}
