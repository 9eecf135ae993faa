/* SPDX-License-Identifier: MIT */
/* What a process that decodes strangers' files can do, and what its parent learns of its end. */
#include "tools/ingest/ingest_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* What the child says of what it tried: errno, 0 when it could. */
struct said {
    int results[24];
    int count;
};

static bool take(void *context, const void *message)
{
    if (message != NULL) {
        memcpy(context, message, sizeof(struct said));
    }
    return true;
}

static int files[2];

static const struct ingest_sandbox WALLS = {
    .files = files,
    .file_count = 2,
    .memory_bytes = INT64_C(1) << 30,
    .file_bytes = 4096,
    .cpu_s = 100,
    .silent_s = 100,
    .hear = take,
    .message_size = sizeof(struct said),
};

static enum ingest_sandbox_end run(struct ingest_sandbox sandbox,
                                   void (*work)(void *context, int parent), struct said *said)
{
    enum ingest_sandbox_end end = SANDBOX_DONE;
    *said = (struct said){0};
    sandbox.work = work;
    sandbox.hear_context = said;
    assert_int_equal(ingest_sandbox_run(&sandbox, &end), 0);
    return end;
}

static void note(struct said *said, bool could)
{
    said->results[said->count++] = could ? 0 : errno;
}

static void *do_nothing(void *argument)
{
    return argument;
}

static void compute(void *context, int parent)
{
    (void)context;
    struct said said = {0};
    char byte;
    pthread_t thread;
    note(&said, read(files[0], &byte, 1) == 1 && byte == 'x');
    note(&said, write(files[1], "y", 1) == 1);
    note(&said, lseek(files[1], 0, SEEK_SET) == 0);
    note(&said,
         pthread_create(&thread, NULL, do_nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    void *memory = malloc(100 << 20);
    note(&said, memory != NULL);
    free(memory);
    (void)ingest_sandbox_say(parent, &said, sizeof(said));
}

static void what_computing_needs_is_there(void **state)
{
    (void)state;
    struct said said;
    assert_int_equal(run(WALLS, compute, &said), SANDBOX_DONE);
    assert_int_equal(said.count, 5);
    for (int i = 0; i < said.count; i++) {
        assert_int_equal(said.results[i], 0);
    }
    char byte = 0;
    assert_int_equal(pread(files[1], &byte, 1, 0), 1);
    assert_int_equal(byte, 'y');
}

static void reach_out(void *context, int parent)
{
    (void)context;
    struct said said = {0};
    char *const arguments[] = {(char *)(uintptr_t) "true", NULL};
    note(&said, open("/etc/passwd", O_RDONLY) >= 0);
    note(&said, open("/tmp/outside", O_WRONLY | O_CREAT, 0600) >= 0);
    note(&said, unlink("/tmp/outside") == 0);
    note(&said, rename("/tmp/a", "/tmp/b") == 0);
    note(&said, socket(AF_INET, SOCK_STREAM, 0) >= 0);
    note(&said, socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    note(&said, fork() >= 0);
    note(&said, execv("/bin/true", arguments) == 0);
    note(&said, kill(getppid(), 0) == 0);
    note(&said, ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
    note(&said, setuid(0) == 0);
    note(&said, chdir("/") == 0);
    (void)ingest_sandbox_say(parent, &said, sizeof(said));
}

static void nothing_else_can_be_reached(void **state)
{
    (void)state;
    struct said said;
    assert_int_equal(run(WALLS, reach_out, &said), SANDBOX_DONE);
    assert_int_equal(said.count, 12);
    for (int i = 0; i < said.count; i++) {
        assert_int_not_equal(said.results[i], 0);
    }
}

/* Each file descriptor but its own is closed. */
static void look_at_files(void *context, int parent)
{
    const int *other = context;
    struct said said = {0};
    char byte;
    note(&said, pread(*other, &byte, 1, 0) == 1);
    (void)ingest_sandbox_say(parent, &said, sizeof(said));
}

static void what_the_parent_has_open_is_closed(void **state)
{
    (void)state;
    struct said said;
    int other = open("/etc/passwd", O_RDONLY);
    struct ingest_sandbox sandbox = WALLS;
    sandbox.work_context = &other;
    assert_true(other >= 0);
    assert_int_equal(run(sandbox, look_at_files, &said), SANDBOX_DONE);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.results[0], EBADF);
    close(other);
}

static void crash(void *context, int parent)
{
    (void)context;
    (void)parent;
    signal(SIGSEGV, SIG_DFL); /* the sanitizers' */
    raise(SIGSEGV);
}

static void give_up(void *context, int parent)
{
    (void)context;
    (void)parent;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void write_too_much(void *context, int parent)
{
    static const char bytes[8192];
    (void)context;
    (void)parent;
    (void)!write(files[1], bytes, sizeof(bytes));
    (void)!write(files[1], bytes, sizeof(bytes));
}

static void sleep_on(void *context, int parent)
{
    (void)context;
    (void)parent;
    for (;;) {
        sleep(1);
    }
}

static void turn_round(void *context, int parent)
{
    (void)context;
    (void)parent;
    for (volatile int i = 0;; i = i + 1) {
    }
}

static bool refuse(void *context, const void *message)
{
    (void)context;
    (void)message;
    return false;
}

static void every_end_is_told(void **state)
{
    (void)state;
    struct said said;
    struct ingest_sandbox sandbox = WALLS;
    assert_int_equal(run(sandbox, crash, &said), SANDBOX_CRASHED);
    assert_int_equal(run(sandbox, give_up, &said), SANDBOX_CRASHED);
    assert_int_equal(run(sandbox, write_too_much, &said), SANDBOX_CRASHED);
    sandbox.cpu_s = 1;
    assert_int_equal(run(sandbox, turn_round, &said), SANDBOX_OUT_OF_TIME);
    sandbox.silent_s = 0;
    assert_int_equal(run(sandbox, sleep_on, &said), SANDBOX_SILENT);
    sandbox.hear = refuse;
    assert_int_equal(run(sandbox, sleep_on, &said), SANDBOX_STOPPED);
}

#ifndef __SANITIZE_ADDRESS__ /* which takes all addresses there are */
static void take_all_memory(void *context, int parent)
{
    (void)context;
    struct said said = {0};
    void *memory =
        mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    note(&said, memory != MAP_FAILED);
    (void)ingest_sandbox_say(parent, &said, sizeof(said));
}

static void memory_is_bound(void **state)
{
    (void)state;
    struct said said;
    assert_int_equal(run(WALLS, take_all_memory, &said), SANDBOX_DONE);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.results[0], ENOMEM);
}
#endif

static int open_file(const char *text)
{
    char path[] = "/tmp/test_ingest_sandbox.XXXXXX";
    const int fd = mkstemp(path);
    unlink(path);
    return fd >= 0 && pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text) ? fd : -1;
}

static int set_up(void **state)
{
    (void)state;
    files[0] = open_file("x");
    files[1] = open_file("");
    return files[0] >= 0 && files[1] >= 0 ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    close(files[0]);
    close(files[1]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_computing_needs_is_there),
        cmocka_unit_test(nothing_else_can_be_reached),
        cmocka_unit_test(what_the_parent_has_open_is_closed),
        cmocka_unit_test(every_end_is_told),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(memory_is_bound),
#endif
    };
    return cmocka_run_group_tests_name("ingest sandbox", tests, set_up, clean_up);
}
