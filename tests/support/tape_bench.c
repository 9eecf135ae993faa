/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_bench.h"

#include "playout/proof.h"
#include "tests/support/must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_assets(struct tape_bench *bench)
{
    const struct profile *profile = &bench->station->profiles[0];
    const char *folder = bench->station->media;
    const struct fake_spec slate = {ASSET_SLATE, FAKE_LIGHT, 240, "SLATE-sd"};
    char sha256[SHA256_HEX_SIZE];
    fake_asset(folder, profile, &bench->dice, &slate, sha256);
    for (int i = 0; i < BENCH_ASSETS; i++) {
        const struct fake_spec spec = {
            .kind = i % 4 == 0 ? ASSET_FILLER : ASSET_LESSON,
            .load = (enum fake_load)(i % 3),
            .frames = dice_between(&bench->dice, 42, 100) * profile->join_grid_frames,
            .house_number = "TEST",
        };
        fake_asset(folder, profile, &bench->dice, &spec, bench->sha256[i]);
        bench->frames[i] = spec.frames;
        bench->is_cut_anywhere[i] = spec.kind == ASSET_FILLER;
        MUST(asset_open(folder, bench->sha256[i], false, &bench->assets[i]) == 0);
        struct proof_result result;
        const struct asset_index *index = asset_index_of(bench->assets[i]);
        MUST(proof_check(profile, index, 0, spec.frames, &result) == 0);
    }
}

void tape_bench_init(struct tape_bench *bench, uint64_t seed)
{
    const char *chosen = getenv("KETANG_SEED");
    *bench = (struct tape_bench){.dice.state = chosen != NULL ? strtoull(chosen, NULL, 10) : seed};
    printf("# KETANG_SEED=%" PRIu64 "\n", bench->dice.state);
    problems_init(&bench->problems);
    bench->station_path = fake_station_file();
    int result = station_load(bench->station_path, &bench->station, &bench->problems);
    problems_print(&bench->problems, stderr);
    MUST(result == 0);
    make_assets(bench);
    MUST(media_open_slate(bench->station->media, "sd", &bench->slate) == 0);
    media_init(&bench->media, bench->station->media, 240);
    result = tape_format_create(bench->station, &bench->station->transports[0], &bench->slate,
                                &bench->format, &bench->problems);
    problems_print(&bench->problems, stderr);
    MUST(result == 0);
}

void tape_bench_finish(struct tape_bench *bench)
{
    tape_format_destroy(bench->format);
    asset_unref(bench->slate);
    for (int i = 0; i < BENCH_ASSETS; i++) {
        asset_unref(bench->assets[i]);
    }
    station_destroy(bench->station);
    problems_finish(&bench->problems);
    fake_station_remove(bench->station_path);
    free(bench->station_path);
}

/* Pieces cut out of an asset are proven when a plan is loaded; here as well. */
static bool is_proven(struct tape_bench *bench, const struct plan_event *event, int64_t n)
{
    struct piece piece = {.start = event->start, .length = event->duration};
    for (int64_t frame = event->start; frame < event->start + event->duration;) {
        piece = (struct piece){.start = event->start, .length = event->duration};
        piece_cut(&piece, bench->frames[n], frame);
        struct proof_result result;
        if (proof_check(&bench->station->profiles[0], asset_index_of(bench->assets[n]),
                        piece.in_point, piece.length, &result) < 0) {
            return false;
        }
        frame = piece.start + piece.length;
    }
    return true;
}

struct plan *tape_bench_plan(struct tape_bench *bench, int64_t start)
{
    struct plan *plan = plan_create();
    MUST(plan != NULL);
    plan->channel = strdup("zhangdian");
    plan->revision = 1;
    for (int64_t i = 0; i < BENCH_EVENTS; i++) {
        const int64_t n = dice_between(&bench->dice, 0, BENCH_ASSETS - 1);
        struct plan_event event = {.seq = i + 1, .start = start, .programme = i + 1};
        char title[] = "语文 示例";
        event.title = title;
        event.duration = bench->frames[n];
        if (dice_between(&bench->dice, 0, 9) == 0) {
            event.kind = EVENT_SLATE;
            event.duration =
                dice_between(&bench->dice, 8, 300) * bench->station->profiles[0].join_grid_frames;
        } else if (bench->is_cut_anywhere[n]) {
            event.kind = EVENT_FILLER;
            event.duration =
                dice_between(&bench->dice, 8, 200) * bench->station->profiles[0].join_grid_frames;
            event.asset = bench->sha256[n];
            if (!is_proven(bench, &event, n)) {
                event.duration = bench->frames[n];
            }
        } else {
            event.asset = bench->sha256[n];
        }
        MUST(plan_append(plan, &event) == 0);
        start += event.duration;
    }
    return plan;
}

struct tape_inputs *tape_bench_inputs(struct tape_bench *bench, const struct tape_step *steps,
                                      size_t count)
{
    struct tape_inputs *inputs = tape_inputs_create(steps, count, bench->assets, BENCH_ASSETS);
    MUST(inputs != NULL);
    for (size_t i = 0; i < count; i++) {
        timeline_unref(steps[i].timeline);
    }
    return inputs;
}

uint8_t *tape_bench_read(struct tape_bench *bench, struct tape_inputs *inputs, uint64_t first,
                         size_t count)
{
    struct tape_reader *reader = tape_reader_create(bench->format);
    uint8_t *packets = malloc(count * TS_PACKET_SIZE);
    MUST(reader != NULL);
    MUST(packets != NULL);
    for (size_t done = 0; done < count;) {
        const size_t most = (size_t)dice_between(&bench->dice, 1, 3000);
        const size_t chunk = most < count - done ? most : count - done;
        struct tape_fault fault;
        tape_read(reader, &inputs, first + done, chunk, packets + done * TS_PACKET_SIZE, &fault);
        MUST(fault.error == 0);
        done += chunk;
    }
    tape_reader_destroy(reader);
    return packets;
}
