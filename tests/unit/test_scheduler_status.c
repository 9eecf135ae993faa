/* SPDX-License-Identifier: MIT */
/* What `ketang status` says for the scheduler. */
#include "tools/scheduler_status.h"
#include "tools/status_alarms.h"

#include "tests/support/must.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>

/* All of it, in the order of `ketang status`. */
static void print(FILE *out, const json_t *answer)
{
    size_t wrong = scheduler_status_print_air(out, answer);
    wrong += scheduler_status_print_coming(out, answer);
    scheduler_status_print_rest(out, answer, wrong);
}

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
    print(out, answer);
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
    print(out, answer);
    fclose(out);
    json_decref(answer);
    assert_string_equal(text, "! media is away\n! a.yaml:1:1: wrong\n! what was good before goes "
                              "on; mend the file and save it\n");
    free(text);
}

/* With a slip in it a restart would be the end of the scheduler. */
static void a_station_file_with_mistakes_is_to_be_mended_before_a_restart(void **state)
{
    (void)state;
    static const struct {
        bool is_faulty;
        const char *said;
        const char *not_said;
    } cases[] = {{false,
                  "began (2020-02-17 08:00:00), and it goes by the old one until it is restarted: "
                  "`systemctl restart ketang-scheduler`\n",
                  "mend"},
                 {true, "mend it before you restart", "goes by the old one"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *answer =
            json_pack("{s:b, s:b, s:b, s:s, s:s}", "ok", 1, "station_changed", 1, "station_faulty",
                      cases[i].is_faulty, "begun", "2020-02-17 08:00:00", "restart",
                      "systemctl restart ketang-scheduler");
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        MUST(answer != NULL && out != NULL);
        scheduler_status_print_rest(out, answer, 0);
        fclose(out);
        json_decref(answer);
        assert_non_null(strstr(text, cases[i].said));
        assert_null(strstr(text, cases[i].not_said));
        assert_null(strstr(text, "all is well"));
        free(text);
    }
}

static void check_restart(const char *socket, const char *expected)
{
    char *command = scheduler_status_restart(socket);
    assert_non_null(command);
    assert_string_equal(command, expected);
    free(command);
}

/* The process of a pid file that was left behind may be anybody's by now. */
static void a_process_is_signalled_only_while_make_run_is_at_work(void **state)
{
    (void)state;
    static const char *const by_systemd = "systemctl restart ketang-scheduler";
    char folder[] = "/tmp/ketang status-XXXXXX";
    char paths[3][64];
    char by_signal[128];
    MUST(mkdtemp(folder) != NULL);
    snprintf(paths[0], sizeof(paths[0]), "%s/make-run.pid", folder);
    snprintf(paths[1], sizeof(paths[1]), "%s/make-run.lock", folder);
    snprintf(paths[2], sizeof(paths[2]), "%s/scheduler.sock", folder);
    snprintf(by_signal, sizeof(by_signal), "kill -USR1 $(cat '%s')", paths[0]);
    check_restart(paths[2], by_systemd);
    const int pid_file = open(paths[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    MUST(pid_file >= 0 && close(pid_file) == 0);
    check_restart(paths[2], by_systemd);
    const int lock = open(paths[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    MUST(lock >= 0);
    check_restart(paths[2], by_systemd);
    MUST(flock(lock, LOCK_EX) == 0);
    check_restart(paths[2], by_signal);
    MUST(close(lock) == 0);
    check_restart(paths[2], by_systemd);
    check_restart("scheduler.sock", by_systemd);
    MUST(unlink(paths[0]) == 0 && unlink(paths[1]) == 0 && rmdir(folder) == 0);
}

static void check_lines(const char *text, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(text, lines[i], strlen(lines[i])) != 0) {
            fail_msg("line %zu: %s", i, text);
        }
        text = strchr(text, '\n') + 1;
    }
    assert_string_equal(text, "");
}

/* The air now, the coming hour, the rest, which does not stand below thirty lessons. */
static void the_air_comes_first_and_not_all_lessons_are_told(void **state)
{
    (void)state;
    json_t *lessons = json_array();
    for (int i = 0; i < 7; i++) {
        json_array_append_new(lessons, json_pack("{s:s, s:s, s:s, s:s}", "channel", "linzi", "time",
                                                 "2020-02-17T08:00:00+0800", "house_number", "A",
                                                 "title", "示例"));
    }
    json_t *answer = json_pack(
        "{s:b, s:s, s:[{s:s, s:i, s:s}, {s:s, s:i, s:s}], s:[s], s:{s:i, s:o}}", "ok", 1,
        "store_trouble", "x.db: gone", "channels", "name", "linzi", "revision", 3, "plan_trouble",
        "disk full", "name", "zhoucun", "revision", 0, "plan_trouble", "no timetable", "problems",
        "a.yaml:1: wrong", "not_ready", "count", 30, "lessons", lessons);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(answer != NULL && out != NULL);
    print(out, answer);
    fclose(out);
    json_decref(answer);
    static const char *const lines[] = {
        ("! zhoucun: there is no plan, and the slate is on the air: "
         "no timetable"),
        "! linzi: disk full; what was planned before airs",
        "! linzi 08:00 A",
        "! linzi 08:00 A",
        "! linzi 08:00 A",
        "! linzi 08:00 A",
        "! linzi 08:00 A",
        "! … and 25 more within the hour",
        "! the store cannot be reached",
        "! a.yaml:1: wrong",
        "! what was good before"};
    check_lines(text, lines, sizeof(lines) / sizeof(lines[0]));
    free(text);
}

/* Two channels have many stand-ins, are muted, were away, and cannot write; the disk is full. */
static void what_is_on_the_air_is_told_before_what_is_to_come(void **state)
{
    (void)state;
    json_t *channels = json_array();
    for (int i = 0; i < 2; i++) {
        json_t *alarms = json_array();
        for (int k = 0; k < 4; k++) {
            char key[32];
            snprintf(key, sizeof(key), "substituted:%d", k);
            json_array_append_new(alarms,
                                  json_pack("{s:s, s:s}", "alarm", key, "text", "a filler"));
        }
        json_array_append_new(alarms, json_pack("{s:s, s:s}", "alarm", "as_run", "text", "record"));
        json_array_append_new(alarms,
                              json_pack("{s:s, s:s}", "alarm", "stand_in", "text", "2 are"));
        json_array_append_new(alarms, json_pack("{s:s, s:s}", "alarm", "muted", "text", "muted"));
        json_array_append_new(alarms,
                              json_pack("{s:s, s:s}", "alarm", "interrupted", "text", "was away"));
        json_array_append_new(channels, json_pack("{s:s, s:o}", "name",
                                                  i == 0 ? "linzi" : "gaoqing", "alarms", alarms));
    }
    json_t *answer =
        json_pack("{s:[{s:s, s:s}, {s:s, s:s}], s:o}", "alarms", "alarm", "station_file", "text",
                  "not taken", "alarm", "clock_stepped", "text", "no clock", "channels", channels);
    json_t *scheduler =
        json_pack("{s:b, s:s, s:{s:i, s:[{s:s, s:s, s:s, s:s}]}}", "ok", 1, "store_unnoted",
                  "disk full", "not_ready", "count", 1, "lessons", "channel", "linzi", "time",
                  "2020-02-17T08:00:00+0800", "house_number", "A", "title", "示例");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(answer != NULL && scheduler != NULL && out != NULL);
    status_alarms_print(out, answer, scheduler);
    fclose(out);
    json_decref(answer);
    json_decref(scheduler);
    static const char *const lines[] = {
        "! no clock",
        "! linzi: muted",
        "! gaoqing: muted",
        "! linzi: a filler",
        "! linzi: a filler",
        "! linzi: a filler",
        "! linzi: a filler",
        "! gaoqing: a filler",
        "! … and 3 more of that kind",
        "! linzi: was away",
        "! gaoqing: was away",
        "! linzi 08:00 A",
        "! linzi: 2 are",
        "! gaoqing: 2 are",
        "! linzi: record",
        "! gaoqing: record",
        "! not taken",
        "! plans and records cannot be noted in the store (disk full)"};
    check_lines(text, lines, sizeof(lines) / sizeof(lines[0]));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_that_answers_is_not_said_to_be_out_of_reach),
        cmocka_unit_test(a_media_folder_that_is_away_is_said_first_and_of_its_lessons_nothing),
        cmocka_unit_test(a_station_file_with_mistakes_is_to_be_mended_before_a_restart),
        cmocka_unit_test(a_process_is_signalled_only_while_make_run_is_at_work),
        cmocka_unit_test(the_air_comes_first_and_not_all_lessons_are_told),
        cmocka_unit_test(what_is_on_the_air_is_told_before_what_is_to_come),
    };
    return cmocka_run_group_tests_name("scheduler_status", tests, NULL, NULL);
}
