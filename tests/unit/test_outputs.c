/* SPDX-License-Identifier: MIT */
#include "playout/outputs.h"

#include "playout/pacing.h"
#include "playout/rtp.h"
#include "playout/tape.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE = 2325, LANES = 70, LEGS_MOST = 3, TTL = 9, DSCP = 34 };

enum {
    END_MS = 60000,      /* for disks that answer */
    QUEUE_MS = 4000,     /* of a recorder */
    HANGING_MOST_S = 60, /* after that something waits for a disk that does not answer */
};

/* 2026-11-24 11:00 in China. */
#define ELEVEN INT64_C(1795489200)
#define FIRST  ((uint64_t)ELEVEN * RATE / PACKETS_PER_DATAGRAM)

/* A station of many transports, each with one UDP output to a receiver of its own. */
struct scene {
    struct station station;
    struct transport transports[LANES];
    struct output outputs[LANES][LEGS_MOST];
    size_t lanes[LANES];
    int receivers[LANES][LEGS_MOST];
    uint8_t datagram[DATAGRAM_SIZE];
    struct problems problems;
    struct outputs *sut;
    struct pacer_sink *sink;
};

/* A receiver on a port of the kernel's choice; that port. */
static int open_receiver(const char *address, int *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    const int on = 1;
    const int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    if (is_v4) {
        socklen_t size = sizeof(v4);
        assert_int_equal(bind(fd, (struct sockaddr *)&v4, size), 0);
        assert_int_equal(getsockname(fd, (struct sockaddr *)&v4, &size), 0);
        setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
        setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on));
        *port = ntohs(v4.sin_port);
        return fd;
    }
    socklen_t size = sizeof(v6);
    assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
    if (bind(fd, (struct sockaddr *)&v6, size) < 0) {
        close(fd);
        return -1; /* a machine without IPv6 */
    }
    assert_int_equal(getsockname(fd, (struct sockaddr *)&v6, &size), 0);
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on));
    *port = ntohs(v6.sin6_port);
    return fd;
}

static struct output *add_leg(struct scene *scene, size_t lane, enum output_protocol protocol,
                              char *address)
{
    struct transport *transport = &scene->transports[lane];
    struct output *output = &scene->outputs[lane][transport->output_count];
    *output = (struct output){
        .protocol = protocol, .address = address, .ttl = TTL, .dscp = DSCP, .ssrc = 0xcafe0000};
    scene->receivers[lane][transport->output_count] = open_receiver(address, &output->port);
    transport->output_count++;
    return output;
}

static int set_up(void **state)
{
    static char name[] = "zhangdian";
    static char zone[] = "Asia/Shanghai";
    static char loopback[] = "127.0.0.1";
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    scene->station = (struct station){
        .path = name, .time_zone = zone, .transports = scene->transports, .transport_count = LANES};
    problems_init(&scene->problems);
    for (size_t i = 0; i < LANES; i++) {
        scene->lanes[i] = LANES - 1 - i; /* lanes need not be in the station's order */
        scene->transports[i] = (struct transport){
            .name = name, .slots_per_second = RATE, .outputs = scene->outputs[i]};
        add_leg(scene, i, OUTPUT_UDP, loopback);
    }
    scene->sut = outputs_create(LANES);
    *state = scene;
    return scene->sut != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(outputs_destroy(scene->sut, END_MS), 0);
    problems_finish(&scene->problems);
    for (size_t i = 0; i < LANES; i++) {
        for (size_t k = 0; k < scene->transports[i].output_count; k++) {
            if (scene->receivers[i][k] > 0) {
                close(scene->receivers[i][k]);
            }
        }
    }
    free(scene);
    return 0;
}

static void open_all(struct scene *scene)
{
    assert_int_equal(outputs_open(scene->sut, &scene->station, scene->lanes, &scene->problems), 0);
    scene->sink = outputs_sink(scene->sut);
}

/* What the pacer does with one datagram of a lane; its first bytes are lane and number. */
static void give(struct scene *scene, size_t lane, uint64_t number)
{
    static uint8_t datagrams[LANES][DATAGRAM_SIZE];
    memset(datagrams[lane], 0x47, DATAGRAM_SIZE);
    datagrams[lane][1] = (uint8_t)lane;
    datagrams[lane][2] = (uint8_t)number;
    scene->sink->add(scene->sink, lane, number, datagrams[lane]);
}

static void flush(struct scene *scene)
{
    scene->sink->flush(scene->sink);
}

/* The next datagram at a receiver: its size, or -1. */
static ssize_t receive(int fd, uint8_t *bytes)
{
    return recv(fd, bytes, 2 * DATAGRAM_SIZE, MSG_DONTWAIT);
}

static void each_lane_reaches_its_own_receiver(void **state)
{
    struct scene *scene = *state;
    uint8_t bytes[2 * DATAGRAM_SIZE];
    open_all(scene);
    for (uint64_t m = 0; m < 3; m++) { /* more than one batch */
        for (size_t lane = 0; lane < LANES; lane++) {
            give(scene, lane, FIRST + m);
        }
        flush(scene);
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        const int fd = scene->receivers[scene->lanes[lane]][0];
        for (uint64_t m = 0; m < 3; m++) {
            assert_int_equal(receive(fd, bytes), DATAGRAM_SIZE);
            assert_int_equal(bytes[1], lane);
            assert_int_equal(bytes[2], (uint8_t)(FIRST + m));
        }
        assert_int_equal(receive(fd, bytes), -1);
        int error = 0;
        assert_int_equal(outputs_errors(scene->sut, lane, &error), 0);
        assert_int_equal(error, 0);
    }
    assert_int_equal(scene->problems.count, 0);
}

static void rtp_is_a_header_before_the_same_datagram(void **state)
{
    struct scene *scene = *state;
    static char loopback[] = "127.0.0.1";
    uint8_t plain[2 * DATAGRAM_SIZE];
    uint8_t bytes[2 * DATAGRAM_SIZE];
    uint8_t header[RTP_HEADER_LENGTH];
    const size_t lane = LANES - 1; /* transport 0 */
    add_leg(scene, 0, OUTPUT_RTP, loopback);
    add_leg(scene, 0, OUTPUT_RTP, loopback)->ssrc = 5;
    open_all(scene);
    for (uint64_t m = 0; m < 70; m++) { /* a batch is 64 */
        give(scene, lane, FIRST + m);
    }
    flush(scene);
    for (uint64_t m = 0; m < 70; m++) {
        assert_int_equal(receive(scene->receivers[0][0], plain), DATAGRAM_SIZE);
        for (size_t leg = 1; leg <= 2; leg++) {
            assert_int_equal(receive(scene->receivers[0][leg], bytes),
                             RTP_HEADER_LENGTH + DATAGRAM_SIZE);
            rtp_write_header(header, scene->outputs[0][leg].ssrc, RATE, FIRST + m);
            assert_memory_equal(bytes, header, RTP_HEADER_LENGTH);
        }
    }
}

/* TTL or hop limit, and TOS or traffic class, of the next datagram. */
static void receive_with_marks(int fd, int *ttl, int *tos)
{
    uint8_t bytes[2 * DATAGRAM_SIZE];
    _Alignas(struct cmsghdr) uint8_t control[128];
    struct iovec vector = {.iov_base = bytes, .iov_len = sizeof(bytes)};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    assert_int_equal(recvmsg(fd, &message, MSG_DONTWAIT), DATAGRAM_SIZE);
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at != NULL; at = CMSG_NXTHDR(&message, at)) {
        if (at->cmsg_type == IP_TTL || at->cmsg_type == IPV6_HOPLIMIT) {
            memcpy(ttl, CMSG_DATA(at), sizeof(*ttl));
        } else if (at->cmsg_type == IP_TOS) {
            *tos = *(uint8_t *)CMSG_DATA(at);
        } else if (at->cmsg_type == IPV6_TCLASS) {
            memcpy(tos, CMSG_DATA(at), sizeof(*tos));
        }
    }
}

static void each_leg_has_its_own_ttl_and_dscp(void **state)
{
    struct scene *scene = *state;
    static char v6[] = "::1";
    static char v4[] = "127.0.0.1";
    add_leg(scene, 0, OUTPUT_UDP, v4)->ttl = 77;
    scene->outputs[0][1].dscp = 46;
    add_leg(scene, 0, OUTPUT_UDP, v6)->ttl = 78;
    scene->transports[0].output_count -= scene->receivers[0][2] < 0;
    open_all(scene);
    give(scene, LANES - 1, FIRST);
    flush(scene);
    static const int EXPECTED[][2] = {{TTL, DSCP}, {77, 46}, {78, DSCP}};
    for (size_t leg = 0; leg < scene->transports[0].output_count; leg++) {
        int ttl = 0;
        int tos = 0;
        receive_with_marks(scene->receivers[0][leg], &ttl, &tos);
        assert_int_equal(ttl, EXPECTED[leg][0]);
        assert_int_equal(tos, EXPECTED[leg][1] << 2);
    }
}

static void outputs_are_exchanged_between_two_datagrams(void **state)
{
    struct scene *scene = *state;
    static char loopback[] = "127.0.0.1";
    uint8_t bytes[2 * DATAGRAM_SIZE];
    open_all(scene);
    struct scene *other = calloc(1, sizeof(*other));
    memcpy(other, scene, sizeof(*other));
    other->station.transports = other->transports;
    for (size_t i = 0; i < LANES; i++) {
        other->transports[i].outputs = other->outputs[i];
    }
    other->transports[0].output_count = 0;
    add_leg(other, 0, OUTPUT_RTP, loopback);

    give(scene, LANES - 1, FIRST);
    assert_int_equal(outputs_open(scene->sut, &other->station, other->lanes, &scene->problems), 0);
    flush(scene); /* what was waiting goes the old way */
    give(scene, LANES - 1, FIRST + 1);
    flush(scene);
    assert_int_equal(receive(scene->receivers[0][0], bytes), DATAGRAM_SIZE);
    assert_int_equal(receive(scene->receivers[0][0], bytes), -1);
    assert_int_equal(receive(other->receivers[0][0], bytes), RTP_HEADER_LENGTH + DATAGRAM_SIZE);
    assert_int_equal(receive(other->receivers[0][0], bytes), -1);
    outputs_tend(scene->sut);
    assert_int_equal(outputs_destroy(scene->sut, END_MS), 0);
    scene->sut = NULL;
    close(other->receivers[0][0]);
    free(other);
}

static void a_leg_that_cannot_be_opened_is_told_and_tried_again(void **state)
{
    struct scene *scene = *state;
    static char absent[] = "192.0.2.77"; /* TEST-NET-1: no machine has it */
    static char loopback[] = "127.0.0.1";
    uint8_t bytes[2 * DATAGRAM_SIZE];
    scene->outputs[0][0].interface = absent;
    open_all(scene);
    assert_int_equal(scene->problems.count, 1);
    assert_non_null(strstr(scene->problems.items[0].text, "cannot be opened"));
    assert_false(outputs_state(scene->sut, LANES - 1, 0).is_open);
    assert_int_equal(outputs_state(scene->sut, LANES - 1, 0).error, EADDRNOTAVAIL);
    assert_true(outputs_state(scene->sut, 0, 0).is_open);
    for (int i = 0; i < 20; i++) {
        outputs_tend(scene->sut);
    }
    give(scene, LANES - 1, FIRST);
    flush(scene);
    assert_int_equal(receive(scene->receivers[0][0], bytes), -1);

    scene->outputs[0][0].interface = loopback; /* as if the address had come */
    for (int i = 0; i < 20; i++) {
        outputs_tend(scene->sut);
    }
    flush(scene);
    assert_true(outputs_state(scene->sut, LANES - 1, 0).is_open);
    give(scene, LANES - 1, FIRST + 1);
    flush(scene);
    assert_int_equal(receive(scene->receivers[0][0], bytes), DATAGRAM_SIZE);
}

/* To all stations: the kernel refuses that to sockets that do not ask for it. */
static void what_the_kernel_does_not_take_is_counted_and_holds_up_nothing(void **state)
{
    struct scene *scene = *state;
    static char nowhere[] = "255.255.255.255";
    uint8_t bytes[2 * DATAGRAM_SIZE];
    int error = 0;
    scene->outputs[0][0].address = nowhere;
    open_all(scene);
    for (size_t lane = 0; lane < LANES; lane++) {
        give(scene, lane, FIRST);
    }
    flush(scene);
    assert_int_equal(outputs_errors(scene->sut, LANES - 1, &error), 1);
    assert_int_not_equal(error, 0);
    for (size_t lane = 0; lane < LANES - 1; lane++) {
        assert_int_equal(outputs_errors(scene->sut, lane, &error), 0);
        assert_int_equal(receive(scene->receivers[scene->lanes[lane]][0], bytes), DATAGRAM_SIZE);
    }
    outputs_tend(scene->sut);
    assert_int_not_equal(outputs_state(scene->sut, LANES - 1, 0).error, 0);
    assert_int_equal(outputs_state(scene->sut, 0, 0).error, 0);
    outputs_tend(scene->sut);
    assert_int_equal(outputs_state(scene->sut, LANES - 1, 0).error, 0); /* not lately */
}

static int64_t recorded_size(const char *folder)
{
    int64_t total = 0;
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        const int fd = openat(dirfd(list), entry->d_name, O_RDONLY);
        total += entry->d_name[0] != '.' ? lseek(fd, 0, SEEK_END) : 0;
        close(fd);
    }
    closedir(list);
    return total;
}

static void add_recording(struct scene *scene, char *folder)
{
    struct transport *transport = &scene->transports[0];
    scene->outputs[0][transport->output_count++] = (struct output){
        .protocol = OUTPUT_FILE, .path = folder, .minutes = 60, .max_megabytes = 100};
}

static void remove_folder(const char *folder)
{
    char command[80];
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void a_recording_goes_on_while_other_outputs_change(void **state)
{
    struct scene *scene = *state;
    char folder[] = "/tmp/ketang-outputs-XXXXXX";
    assert_non_null(mkdtemp(folder));
    add_recording(scene, folder);
    open_all(scene);
    for (uint64_t m = 0; m < 300; m++) {
        if (m % 100 == 50) {
            assert_int_equal(
                outputs_open(scene->sut, &scene->station, scene->lanes, &scene->problems), 0);
        }
        give(scene, LANES - 1, FIRST + m);
        flush(scene);
        outputs_tend(scene->sut);
    }
    assert_int_equal(outputs_state(scene->sut, LANES - 1, 1).recorder.lost, 0);
    assert_int_equal(outputs_destroy(scene->sut, END_MS), 0); /* writes what is queued */
    scene->sut = NULL;
    assert_int_equal(recorded_size(folder), 300 * DATAGRAM_SIZE);
    remove_folder(folder);
}

/*
 * A pipe that nobody reads, in the place of a recording's first file: whoever
 * opens it hangs, as on the disk of a server that has gone.
 */
static void make_disk_hang(const char *folder, char path[80])
{
    snprintf(path, 80, "%s/zhangdian-20261124T110000+0800.ts", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(HANGING_MOST_S);
}

/* Airs and tends; each datagram must arrive all the same. */
static void air(struct scene *scene, uint64_t first, uint64_t count)
{
    uint8_t bytes[2 * DATAGRAM_SIZE];
    for (uint64_t m = first; m < first + count; m++) {
        give(scene, LANES - 1, m);
        flush(scene);
        assert_int_equal(receive(scene->receivers[0][0], bytes), DATAGRAM_SIZE);
        assert_int_equal(bytes[2], (uint8_t)m);
        outputs_tend(scene->sut);
    }
}

static void a_disk_that_hangs_holds_up_neither_the_air_nor_a_change_of_outputs(void **state)
{
    struct scene *scene = *state;
    char folder[] = "/tmp/ketang-outputs-XXXXXX";
    char path[80];
    const uint64_t first = pacing_first_from(RATE, ELEVEN * NS_PER_S);
    const uint64_t second = pacing_first_from(RATE, (ELEVEN + 1) * NS_PER_S) - first;
    const uint64_t queue = pacing_datagrams_in(RATE, QUEUE_MS);
    assert_non_null(mkdtemp(folder));
    make_disk_hang(folder, path);
    add_recording(scene, folder);
    open_all(scene);
    air(scene, first, queue + second);
    const struct output_state hung = outputs_state(scene->sut, LANES - 1, 1);
    assert_int_equal(hung.recorder.written, 0);
    assert_int_equal(hung.recorder.lost, second);
    assert_int_equal(hung.error, ENOBUFS);

    /* The operator takes the recording out, and puts it back. */
    scene->transports[0].output_count = 1;
    assert_int_equal(outputs_open(scene->sut, &scene->station, scene->lanes, &scene->problems), 0);
    air(scene, first + queue + second, second);
    scene->transports[0].output_count = 2;
    assert_int_equal(outputs_open(scene->sut, &scene->station, scene->lanes, &scene->problems), 0);
    air(scene, first + queue + 2 * second, second);
    const struct output_state fresh = outputs_state(scene->sut, LANES - 1, 1);
    assert_int_equal(fresh.recorder.lost, 0);

    const int disk = open(path, O_RDONLY | O_NONBLOCK); /* it answers at last */
    assert_true(disk >= 0);
    assert_int_equal(outputs_destroy(scene->sut, END_MS), 0);
    scene->sut = NULL;
    alarm(0);
    close(disk);
    assert_int_equal(unlink(path), 0);
    /* All that was queued, but for the second whose file is the pipe; and what the new recorder
     * was given: the outputs are exchanged after the first of it. */
    const uint64_t recorded = (queue - second) + (second - 1);
    assert_int_equal(recorded_size(folder), (int64_t)recorded * DATAGRAM_SIZE);
    remove_folder(folder);
}

/* What a process does whose last second it is; its exit status. */
static int end_with_a_recording(struct scene *scene, char *folder)
{
    add_recording(scene, folder);
    open_all(scene);
    air(scene, pacing_first_from(RATE, ELEVEN * NS_PER_S), 100);
    return outputs_destroy(scene->sut, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void a_disk_that_hangs_does_not_hold_up_the_end(void **state)
{
    struct scene *scene = *state;
    char folder[] = "/tmp/ketang-outputs-XXXXXX";
    char path[80];
    int status = -1;
    assert_non_null(mkdtemp(folder));
    make_disk_hang(folder, path);
    const pid_t child = fork(); /* for the thread is left, and would outlive the test */
    assert_true(child >= 0);
    if (child == 0) {
        alarm(HANGING_MOST_S);
        _exit(end_with_a_recording(scene, folder));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    alarm(0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
    remove_folder(folder);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(each_lane_reaches_its_own_receiver),
        IN_SCENE(rtp_is_a_header_before_the_same_datagram),
        IN_SCENE(each_leg_has_its_own_ttl_and_dscp),
        IN_SCENE(outputs_are_exchanged_between_two_datagrams),
        IN_SCENE(a_leg_that_cannot_be_opened_is_told_and_tried_again),
        IN_SCENE(what_the_kernel_does_not_take_is_counted_and_holds_up_nothing),
        IN_SCENE(a_recording_goes_on_while_other_outputs_change),
        IN_SCENE(a_disk_that_hangs_holds_up_neither_the_air_nor_a_change_of_outputs),
        IN_SCENE(a_disk_that_hangs_does_not_hold_up_the_end),
    };
    return cmocka_run_group_tests_name("outputs", tests, NULL, NULL);
}
