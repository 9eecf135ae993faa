/* SPDX-License-Identifier: MIT */
/* The control socket and clients that behave, dawdle, or mean harm. */
#include "playout/control_socket.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { BIG = 300000 };

struct echo {
    struct control_handler handler; /* first */
    int requests;
};

struct scene {
    char folder[64];
    char path[96];
    struct echo echo;
    struct control_socket *control;
    int64_t now_ms;
};

static json_t *answer(struct control_handler *handler, const json_t *request)
{
    struct echo *echo = (struct echo *)handler;
    echo->requests++;
    if (json_is_true(json_object_get(request, "big"))) {
        char *text = malloc(BIG + 1);
        memset(text, 'x', BIG);
        text[BIG] = '\0';
        json_t *big = json_pack("{s:b, s:s}", "ok", 1, "text", text);
        free(text);
        return big;
    }
    return json_pack("{s:b, s:O}", "ok", 1, "echo", request);
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    const char *temporary = getenv("TMPDIR");
    snprintf(scene->folder, sizeof(scene->folder), "%.40s/kt-XXXXXX",
             temporary != NULL && strlen(temporary) <= 40 ? temporary : "/tmp");
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->path, sizeof(scene->path), "%s/sock", scene->folder);
    scene->echo.handler.handle = answer;
    *state = scene;
    return control_socket_open(scene->path, &scene->echo.handler, &scene->control);
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    control_socket_close(scene->control);
    assert_int_equal(access(scene->path, F_OK), -1);
    rmdir(scene->folder);
    free(scene);
    return 0;
}

static int connect_client(const struct scene *scene)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, scene->path, strlen(scene->path) + 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void serve(struct scene *scene)
{
    for (int i = 0; i < 20; i++) {
        control_socket_serve(scene->control, scene->now_ms);
    }
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* What has arrived; -1 nothing yet, 0 the connection is closed. */
static ssize_t hear(int fd, char *text, size_t size)
{
    const ssize_t got = recv(fd, text, size - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return got;
}

static void a_line_gets_a_line(void **state)
{
    struct scene *scene = *state;
    char text[512];
    const int fd = connect_client(scene);
    say(fd, "{\"command\":");
    serve(scene);
    assert_int_equal(hear(fd, text, sizeof(text)), -1);
    say(fd, "\"a\"}\n{\"command\":\"b\"}\n");
    serve(scene);
    assert_true(hear(fd, text, sizeof(text)) > 0);
    assert_string_equal(text, "{\"ok\":true,\"echo\":{\"command\":\"a\"}}\n"
                              "{\"ok\":true,\"echo\":{\"command\":\"b\"}}\n");
    close(fd);
}

/* The server hung: what was asked is not done behind the back of who gave up. */
static void who_has_hung_up_is_not_obeyed(void **state)
{
    struct scene *scene = *state;
    char text[512];
    const int gone = connect_client(scene);
    say(gone, "{\"command\":\"a\"}\n");
    close(gone);
    const int half = connect_client(scene);
    say(half, "{\"command\":\"b\"}\n");
    assert_int_equal(shutdown(half, SHUT_WR), 0); /* it says no more, and listens */
    serve(scene);
    assert_int_equal(scene->echo.requests, 1);
    assert_true(hear(half, text, sizeof(text)) > 0);
    close(half);
}

static void the_socket_is_for_its_group_only(void **state)
{
    const struct scene *scene = *state;
    struct stat status;
    assert_int_equal(stat(scene->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0660);
}

static void nonsense_gets_an_error(void **state)
{
    struct scene *scene = *state;
    static const char *const lines[] = {
        "\n", "hello\n", "[1,2]\n", "{\"a\":1,\"a\":2}\n", "\"x\"\n", "{\"a\":\"\xff\"}\n"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[512];
        const int fd = connect_client(scene);
        say(fd, lines[i]);
        serve(scene);
        assert_true(hear(fd, text, sizeof(text)) > 0);
        assert_memory_equal(text, "{\"ok\":false", 11);
        close(fd);
    }
    assert_int_equal(scene->echo.requests, 0);
}

static void an_endless_line_is_cut_off(void **state)
{
    struct scene *scene = *state;
    char text[2048];
    memset(text, 'a', sizeof(text));
    const int fd = connect_client(scene);
    for (int i = 0; i < 3; i++) {
        (void)send(fd, text, sizeof(text), MSG_NOSIGNAL);
        serve(scene);
    }
    const ssize_t got = hear(fd, text, sizeof(text));
    assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
    close(fd);
}

static void a_reader_that_does_not_read_blocks_nobody(void **state)
{
    struct scene *scene = *state;
    char text[4096];
    const int lazy = connect_client(scene);
    say(lazy, "{\"big\":true}\n");
    serve(scene);
    const int quick = connect_client(scene);
    say(quick, "{}\n");
    serve(scene);
    assert_true(hear(quick, text, sizeof(text)) > 0);
    size_t total = 0;
    for (int i = 0; i < 1000; i++) {
        const ssize_t got = hear(lazy, text, sizeof(text));
        total += got > 0 ? (size_t)got : 0;
        serve(scene);
    }
    assert_true(total > BIG); /* all of it came in the end */
    close(lazy);
    close(quick);
}

static void the_silent_are_sent_away(void **state)
{
    struct scene *scene = *state;
    char text[64];
    const int fd = connect_client(scene);
    serve(scene);
    scene->now_ms = CONTROL_IDLE_MS;
    serve(scene);
    assert_int_equal(hear(fd, text, sizeof(text)), -1);
    scene->now_ms = CONTROL_IDLE_MS + 1;
    serve(scene);
    assert_int_equal(hear(fd, text, sizeof(text)), 0);
    close(fd);
}

static void a_crowd_does_not_keep_the_next_one_out(void **state)
{
    struct scene *scene = *state;
    enum { CROWD = 3 * CONTROL_CLIENTS };
    int crowd[CROWD];
    char text[512];
    for (int i = 0; i < CROWD; i++) {
        scene->now_ms++;
        crowd[i] = connect_client(scene);
        serve(scene);
    }
    const int fd = connect_client(scene);
    say(fd, "{}\n");
    serve(scene);
    assert_true(hear(fd, text, sizeof(text)) > 0);
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    serve(scene);
    close(fd);
}

static void nobody_at_home_is_an_error(void **state)
{
    (void)state;
    json_t *reply = NULL;
    json_t *request = json_object();
    assert_int_equal(control_socket_ask("/nonexistent/sock", request, 100, &reply), -ENOENT);
    json_decref(request);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_line_gets_a_line),
        IN_SCENE(who_has_hung_up_is_not_obeyed),
        IN_SCENE(the_socket_is_for_its_group_only),
        IN_SCENE(nonsense_gets_an_error),
        IN_SCENE(an_endless_line_is_cut_off),
        IN_SCENE(a_reader_that_does_not_read_blocks_nobody),
        IN_SCENE(the_silent_are_sent_away),
        IN_SCENE(a_crowd_does_not_keep_the_next_one_out),
        cmocka_unit_test(nobody_at_home_is_an_error),
    };
    return cmocka_run_group_tests_name("control_socket", tests, NULL, NULL);
}
