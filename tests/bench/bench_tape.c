/* SPDX-License-Identifier: MIT */
/*
 * How fast the tape is read, from memory into memory: the counterpart of
 * bench_mux.
 *
 * Usage: bench_tape STATION SECONDS
 *
 * Airs the one lesson of the station's media folder over and over on its
 * first transport; prints "gbps N": gigabits of stream a second of one core's
 * time.
 */
#include "playout/media.h"
#include "playout/tape.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 7 * 32 };

#define MORNING (INT64_C(1795392000) * FRAMES_PER_SECOND)

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The lesson in memory; NULL when there is none. */
static struct asset *open_lesson(const char *media)
{
    struct asset *lesson = NULL;
    char pattern[4096];
    glob_t found = {0};
    snprintf(pattern, sizeof(pattern), "%s/*.json", media);
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc && lesson == NULL; i++) {
        struct asset_record record = {0};
        if (asset_record_load(found.gl_pathv[i], &record) == 0 && record.kind == ASSET_LESSON) {
            asset_open(media, record.sha256, true, &lesson);
        }
        asset_record_finish(&record);
    }
    globfree(&found);
    return lesson;
}

static struct tape_inputs *loop_lesson(struct media *media, struct asset *lesson, int64_t seconds)
{
    const int64_t length = asset_index_of(lesson)->header->duration_frames;
    struct plan *plan = plan_create();
    for (int64_t start = 0; start < seconds * FRAMES_PER_SECOND; start += length) {
        const int64_t number = start / length + 1;
        const struct plan_event event = {.seq = number,
                                         .programme = number,
                                         .start = MORNING + start,
                                         .duration = length,
                                         .asset = asset_sha256(lesson)};
        plan_append(plan, &event);
    }
    const struct tape_step step = {.frame = INT64_MIN,
                                   .timeline = timeline_create(plan, &media->lengths)};
    struct tape_inputs *inputs = tape_inputs_create(&step, 1, &lesson, 1);
    timeline_unref(step.timeline);
    return inputs;
}

/* Of core time; 0 when something could not be read. */
static double measure(const struct tape_format *format, struct tape_inputs *inputs,
                      uint64_t packets)
{
    static uint8_t bytes[CHUNK * TS_PACKET_SIZE];
    struct tape_reader *reader = tape_reader_create(format);
    const uint64_t first = tape_slot_of_frame(format, MORNING);
    const double start = cpu_seconds();
    struct tape_fault fault = {.error = reader == NULL ? 1 : 0};
    for (uint64_t done = 0; done < packets && fault.error == 0; done += CHUNK) {
        tape_read(reader, &inputs, first + done, CHUNK, bytes, &fault);
    }
    const double used = cpu_seconds() - start;
    tape_reader_destroy(reader);
    return fault.error == 0 ? used : 0;
}

int main(int argc, char **argv)
{
    struct problems problems;
    problems_init(&problems);
    struct station *station = NULL;
    struct asset *slate = NULL;
    struct tape_format *format = NULL;
    struct media media;
    if (argc != 3 || station_load(argv[1], &station, &problems) < 0) {
        fprintf(stderr, "usage: bench_tape STATION SECONDS\n");
        problems_print(&problems, stderr);
        return 2;
    }
    const int64_t seconds = strtoll(argv[2], NULL, 10);
    struct asset *lesson = open_lesson(station->media);
    if (lesson == NULL || media_open_slate(station->media, "sd", &slate) < 0 ||
        tape_format_create(station, &station->transports[0], &slate, &format, &problems) < 0) {
        fprintf(stderr, "bench_tape: no lesson, no slate or no format\n");
        return 1;
    }
    media_init(&media, station->media, asset_index_of(slate)->header->duration_frames);
    struct tape_inputs *inputs = loop_lesson(&media, lesson, seconds);
    const uint64_t packets = (uint64_t)seconds * (uint64_t)tape_transport(format)->slots_per_second;
    const double used = measure(format, inputs, packets);
    if (used > 0) {
        printf("gbps %.3f\n", (double)packets * TS_PACKET_SIZE * 8 / 1e9 / used);
    }
    tape_inputs_unref(inputs);
    asset_unref(lesson);
    asset_unref(slate);
    tape_format_destroy(format);
    station_destroy(station);
    problems_finish(&problems);
    return used > 0 ? 0 : 1;
}
