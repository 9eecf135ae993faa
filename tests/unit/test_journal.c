/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "playout/journal.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct fixture {
    char folder[64];
    char path[96];
    struct journal journal;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    const char *tmp = getenv("TMPDIR");
    snprintf(fixture->folder, sizeof(fixture->folder), "%.40s/journal-XXXXXX",
             tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
    *state = fixture;
    if (mkdtemp(fixture->folder) == NULL) {
        return -1;
    }
    snprintf(fixture->path, sizeof(fixture->path), "%s/journal", fixture->folder);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    journal_finish(&fixture->journal);
    unlink(fixture->path);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static const struct journal_entry adopt_12 = {
    .kind = JOURNAL_ADOPT, .frame = 1000, .revision = 12, .eit_version = 3};

static off_t size_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void entries_come_back(void **state)
{
    struct fixture *fixture = *state;
    struct journal loaded = {0};
    char reason[] = "its media is missing";
    const struct journal_entry substitute = {
        .kind = JOURNAL_SUBSTITUTE, .frame = 1010, .seq = 7, .from = 1200, .reason = reason};
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &adopt_12), 0);
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &substitute), 0);
    assert_int_equal(journal_load(fixture->path, &loaded, NULL), 0);
    assert_int_equal(loaded.count, 2);
    assert_int_equal(loaded.entries[0].revision, 12);
    assert_int_equal(loaded.entries[0].eit_version, 3);
    assert_int_equal(loaded.entries[1].seq, 7);
    assert_int_equal(loaded.entries[1].from, 1200);
    assert_string_equal(loaded.entries[1].reason, reason);
    journal_finish(&loaded);
}

static void what_cannot_be_written_is_taken_back(void **state)
{
    struct fixture *fixture = *state;
    struct journal loaded = {0};
    struct rlimit usual;
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &adopt_12), 0);
    const off_t size = size_of(fixture->path);

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const struct rlimit full = {.rlim_cur = (rlim_t)size + 10, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    const int result = journal_append(fixture->path, &fixture->journal, &adopt_12);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);

    assert_true(result < 0);
    assert_int_equal(fixture->journal.count, 1);
    assert_int_equal(size_of(fixture->path), size);
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &adopt_12), 0);
    assert_int_equal(journal_load(fixture->path, &loaded, NULL), 0);
    assert_int_equal(loaded.count, 2);
    journal_finish(&loaded);
}

static void incomplete_last_line_is_left_out_and_cut(void **state)
{
    struct fixture *fixture = *state;
    write_text(
        fixture->path,
        "{\"adopt\":12,\"frame\":1000,\"eit_version\":3,\"schedule_version\":1}\n{\"adopt\":13,");
    assert_int_equal(journal_load(fixture->path, &fixture->journal, NULL), 0);
    assert_int_equal(fixture->journal.count, 1);

    struct journal loaded = {0};
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &adopt_12), 0);
    assert_int_equal(journal_load(fixture->path, &loaded, NULL), 0);
    assert_int_equal(loaded.count, 2);
    journal_finish(&loaded);
}

static void damaged_line_is_told_by_number(void **state)
{
    static const char *const damaged[] = {
        "{\"adopt\":13,\"frame\":999,\"eit_version\":3,\"schedule_version\":1}\n", /* back in time
                                                                                    */
        "{\"adopt\":13,\"frame\":1001,\"eit_version\":32,\"schedule_version\":1}\n",
        "{\"adopt\":0,\"frame\":1001,\"eit_version\":3,\"schedule_version\":1}\n",
        "{\"adopt\":13,\"frame\":\"1001\",\"eit_version\":3,\"schedule_version\":1}\n",
        "{\"substitute\":1,\"frame\":1001,\"from\":1002,\"asset\":\"../../etc/passwd\"}\n",
        "{\"substitute\":1,\"frame\":1001,\"asset\":\"\"}\n",
        "{\"frame\":1001}\n",
        "\n",
        "[]\n",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
        char text[256];
        int line = 0;
        snprintf(text, sizeof(text),
                 "{\"adopt\":12,\"frame\":1000,\"eit_version\":3,\"schedule_version\":1}\n%s",
                 damaged[i]);
        write_text(fixture->path, text);
        if (journal_load(fixture->path, &fixture->journal, &line) != -EBADMSG || line != 2) {
            fail_msg("taken for sound, or told as line %d: %s", line, damaged[i]);
        }
    }
}

static void reason_that_is_no_text_keeps_no_entry_out(void **state)
{
    struct fixture *fixture = *state;
    struct journal loaded = {0};
    char reason[] = "cut in the middle of a letter: \xe8\xaf";
    const struct journal_entry substitute = {
        .kind = JOURNAL_SUBSTITUTE, .frame = 1, .seq = 7, .from = 2, .reason = reason};
    assert_int_equal(journal_append(fixture->path, &fixture->journal, &substitute), 0);
    assert_int_equal(journal_load(fixture->path, &loaded, NULL), 0);
    assert_int_equal(loaded.entries[0].seq, 7);
    journal_finish(&loaded);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(entries_come_back),
        WITH_FILE(what_cannot_be_written_is_taken_back),
        WITH_FILE(incomplete_last_line_is_left_out_and_cut),
        WITH_FILE(damaged_line_is_told_by_number),
        WITH_FILE(reason_that_is_no_text_keeps_no_entry_out),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
