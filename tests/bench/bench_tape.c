/* SPDX-License-Identifier: MIT */
/*
 * How fast the tape is read into memory: gigabits of transport stream a
 * second of one core's time, beside a bare copy of as many packets.
 */
#include "playout/media.h"
#include "playout/tape.h"
#include "tests/support/fake_media.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECONDS = 120, ROUNDS = 5, EVENTS = 12 };

#define MORNING (INT64_C(1795392000) * FRAMES_PER_SECOND)

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct tape_inputs *make_inputs(const struct station *station, struct media *media,
                                       struct asset **asset)
{
    struct dice dice = {1};
    const struct fake_spec lesson = {ASSET_LESSON, FAKE_GREEDY, 300, "BENCH"};
    char sha256[SHA256_HEX_SIZE];
    fake_asset(station->media, &station->profiles[0], &dice, &lesson, sha256);
    if (asset_open(station->media, sha256, false, asset) < 0) {
        return NULL;
    }
    struct plan *plan = plan_create();
    for (int64_t i = 0; i < EVENTS; i++) {
        struct plan_event event = {
            .seq = i + 1, .programme = i + 1, .start = MORNING + i * 300, .duration = 300};
        event.asset = sha256;
        plan_append(plan, &event);
    }
    const struct tape_step step = {.frame = INT64_MIN,
                                   .timeline = timeline_create(plan, &media->lengths)};
    struct tape_inputs *inputs = tape_inputs_create(&step, 1, asset, 1);
    timeline_unref(step.timeline);
    return inputs;
}

int main(void)
{
    struct problems problems;
    problems_init(&problems);
    struct station *station = NULL;
    struct asset *slate = NULL;
    struct asset *lesson = NULL;
    struct tape_format *format = NULL;
    struct media media;
    struct dice dice = {2};
    const struct fake_spec slate_spec = {ASSET_SLATE, FAKE_LIGHT, 240, "SLATE-sd"};
    char sha256[SHA256_HEX_SIZE];

    char *path = fake_station_file();
    if (station_load(path, &station, &problems) < 0) {
        return EXIT_FAILURE;
    }
    fake_asset(station->media, &station->profiles[0], &dice, &slate_spec, sha256);
    media_init(&media, station->media, 240);
    if (media_open_slate(station->media, "sd", &slate) < 0 ||
        tape_format_create(station, &station->transports[0], &slate, &format, &problems) < 0) {
        return EXIT_FAILURE;
    }
    struct tape_inputs *inputs = make_inputs(station, &media, &lesson);
    const size_t count = (size_t)SECONDS * 2325;
    uint8_t *packets = malloc(count * TS_PACKET_SIZE);
    uint8_t *copy = malloc(count * TS_PACKET_SIZE);
    if (inputs == NULL || packets == NULL || copy == NULL) {
        return EXIT_FAILURE;
    }
    const double gigabits = (double)count * TS_PACKET_SIZE * 8 / 1e9;
    memset(packets, 0, count * TS_PACKET_SIZE);
    memset(copy, 0, count * TS_PACKET_SIZE);
    for (int round = 0; round < ROUNDS; round++) {
        struct tape_reader *reader = tape_reader_create(format);
        struct tape_fault fault;
        const double start = cpu_seconds();
        tape_read(reader, &inputs, tape_slot_of_frame(format, MORNING), count, packets, &fault);
        const double read = cpu_seconds() - start;
        const double begin = cpu_seconds();
        memcpy(copy, packets, count * TS_PACKET_SIZE);
        const double bare = cpu_seconds() - begin;
        printf("tape %.1f Gb/s of core time, bare copy %.1f Gb/s, ratio %.2f\n", gigabits / read,
               gigabits / bare, read / bare);
        tape_reader_destroy(reader);
    }
    tape_inputs_unref(inputs);
    asset_unref(lesson);
    tape_format_destroy(format);
    asset_unref(slate);
    station_destroy(station);
    problems_finish(&problems);
    fake_station_remove(path);
    free(path);
    free(packets);
    free(copy);
    return EXIT_SUCCESS;
}
