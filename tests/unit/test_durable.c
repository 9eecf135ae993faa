/* SPDX-License-Identifier: MIT */
/* What lasts is asked about while it is brought to the disk. */
#include "playout/durable.h"

#include "tests/support/must.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_BYTES = 40 << 20 };

struct asked {
    int times;
    int most; /* so often it may go on */
};

static bool ask(void *context)
{
    struct asked *asked = context;
    return ++asked->times <= asked->most;
}

static int sync_of(int fd, struct asked *asked)
{
    return durable_sync_while(fd, ask, asked);
}

static void what_is_large_is_synced_in_slices(void **state)
{
    (void)state;
    struct asked asked = {.most = 1000};
    struct asked stopped = {.most = 2};
    FILE *file = tmpfile();
    MUST(file != NULL && ftruncate(fileno(file), FILE_BYTES) == 0);
    assert_int_equal(sync_of(fileno(file), &asked), 0);
    assert_in_range(asked.times, 5, 100);
    assert_int_equal(sync_of(fileno(file), &stopped), -ECANCELED);
    assert_int_equal(stopped.times, 3);
    MUST(fclose(file) == 0);
}

static void what_cannot_be_synced_is_told(void **state)
{
    (void)state;
    struct asked asked = {.most = 1000};
    int ends[2];
    MUST(pipe(ends) == 0);
    assert_true(sync_of(ends[1], &asked) < 0);
    assert_int_equal(sync_of(-1, &asked), -EBADF);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_large_is_synced_in_slices),
        cmocka_unit_test(what_cannot_be_synced_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
