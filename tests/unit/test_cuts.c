/* SPDX-License-Identifier: MIT */
/*
 * The cuts found are held against proof_check(), which knows nothing of how
 * they are found: they are proven, and no candidate nearer is.
 */
#include "playout/cut.h"

#include "playout/proof.h"
#include "playout/proof_inner.h"
#include "playout/station.h"
#include "tests/support/fake_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct station *station;

static int64_t grid_up(const struct profile *profile, int64_t frames)
{
    const int64_t grid = profile->join_grid_frames;
    return (frames + grid - 1) / grid * grid;
}

static bool is_proven(const struct profile *profile, const struct asset_index *index,
                      int64_t in_point, int64_t frames)
{
    struct proof_result result;
    return proof_check(profile, index, in_point, frames, &result) == 0;
}

static int64_t slow_first_end(const struct profile *profile, const struct asset_index *index,
                              int64_t in_point, int64_t least)
{
    int64_t frames = grid_up(profile, least);
    while (in_point + frames <= index->header->duration_frames) {
        if (is_proven(profile, index, in_point, frames)) {
            return frames;
        }
        frames += profile->join_grid_frames;
    }
    return -1;
}

static int64_t slow_last_end(const struct profile *profile, const struct asset_index *index,
                             int64_t in_point, int64_t most)
{
    int64_t frames = most / profile->join_grid_frames * profile->join_grid_frames;
    while (frames > 0 && !is_proven(profile, index, in_point, frames)) {
        frames -= profile->join_grid_frames;
    }
    return frames > 0 ? frames : -1;
}

static int64_t slow_first_entry(const struct profile *profile, const struct asset_index *index,
                                int64_t least, int64_t end)
{
    int64_t in_point = (least + GOP_FRAMES - 1) / GOP_FRAMES * GOP_FRAMES;
    while (in_point < end && !is_proven(profile, index, in_point, end - in_point)) {
        in_point += GOP_FRAMES;
    }
    return in_point < end ? in_point : -1;
}

struct tally {
    long asked;
    long moved; /* the place asked for was not legal */
    long none;  /* no place was */
};

static void count(struct tally *tally, int64_t asked, int64_t found)
{
    tally->asked++;
    tally->moved += found >= 0 && found != asked;
    tally->none += found < 0;
}

static void ask(const struct profile *profile, const struct asset_index *index, struct dice *dice,
                struct tally *tally)
{
    const int64_t duration = index->header->duration_frames;
    const int64_t in_point = dice_between(dice, 0, duration / GOP_FRAMES - 1) * GOP_FRAMES;
    const int64_t length = dice_between(dice, 0, duration - in_point + 20);
    const int64_t first = cut_first_end(profile, index, in_point, length);
    assert_int_equal(first, slow_first_end(profile, index, in_point, length));
    count(tally, grid_up(profile, length), first);

    const int64_t last = cut_last_end(profile, index, in_point, length);
    assert_int_equal(last, slow_last_end(profile, index, in_point, length));
    count(tally, length - length % profile->join_grid_frames, last);

    const int64_t end = dice_roll(dice) % 3 == 0 ? duration : in_point + length;
    const int64_t asked = dice_between(dice, 0, end);
    const int64_t entry = cut_first_entry(profile, index, asked, end);
    if (profile_is_on_grid(profile, end) && end <= duration) {
        assert_int_equal(entry, slow_first_entry(profile, index, asked, end));
        count(tally, (asked + GOP_FRAMES - 1) / GOP_FRAMES * GOP_FRAMES, entry);
    } else {
        assert_int_equal(entry, -1);
    }
}

static void tighten_video(struct es_profile *es, struct dice *dice)
{
    es->packets_per_second = (int)(es->packets_per_second * dice_between(dice, 60, 105) / 100);
    es->lead_frames = (int)dice_between(dice, 4, 20);
    es->max_lead_ms = (int)dice_between(dice, es->lead_frames * 40, 1000);
}

static void tighten_audio(struct audio_profile *audio, struct dice *dice)
{
    struct es_profile *es = &audio->es;
    const int64_t unit_bytes =
        (int64_t)audio->bitrate_bps / 8 * es->unit_ticks / 90000 + es->unit_header + PES_HEADER_PTS;
    const int64_t packets = (unit_bytes + TS_PAYLOAD_SIZE - 1) / TS_PAYLOAD_SIZE;
    es->packets_per_second =
        (int)((packets * 90000 + dice_between(dice, 0, 90000)) / es->unit_ticks);
    es->lead_frames = (int)dice_between(dice, 1, 4);
    es->max_lead_ms = es->lead_frames * 40 + (int)dice_between(dice, 0, 20);
    es->buffer_bytes = unit_bytes * proof_whole_units(es) + proof_bytes_on_their_way(es) +
                       dice_between(dice, -100, 600);
}

/* Of the station, but with so little to spare that a packet more or less decides. */
static struct profile random_profile(struct dice *dice)
{
    struct profile profile = station->profiles[dice_roll(dice) % station->profile_count];
    profile.audio.es.buffer_bytes += 1000; /* sound of varying rate must not decide everything */
    if (dice_roll(dice) % 4 > 0) {
        tighten_video(&profile.video.es, dice);
    }
    if (dice_roll(dice) % 3 == 0) {
        tighten_audio(&profile.audio, dice);
    }
    return profile;
}

static void the_nearest_proven_cut_is_found_in_any_asset_of_any_format(void **state)
{
    (void)state;
    const char *given = getenv("SEED");
    struct dice dice = {given != NULL ? strtoull(given, NULL, 10) : (uint64_t)getpid()};
    struct tally tally = {0};
    print_message("seed %llu\n", (unsigned long long)dice.state);
    for (int run = 0; run < 2000; run++) {
        const struct profile profile = random_profile(&dice);
        struct asset_index index;
        const struct fake_index_spec spec = {
            .load = (enum fake_load)(dice_roll(&dice) % 3),
            .frames = grid_up(&profile, dice_between(&dice, GOP_FRAMES, 900)),
            .has_b_frames = dice_roll(&dice) % 2 == 0,
            .is_wild = dice_roll(&dice) % 8 == 0,
        };
        fake_index_make(&profile, &dice, &spec, &index);
        for (int i = 0; i < 10; i++) {
            ask(&profile, &index, &dice, &tally);
        }
        fake_index_finish(&index);
    }
    print_message("%ld cuts asked for, %ld moved, %ld impossible\n", tally.asked, tally.moved,
                  tally.none);
    assert_true(tally.moved > tally.asked / 20 && tally.none > tally.asked / 20);
}

/* The time is printed, not judged: the machine is shared. */
static double ms_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 +
           (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

static void two_hours_are_searched_in_one_pass(void **state)
{
    (void)state;
    const struct profile *profile = station_profile(station, "sd");
    const int64_t frames = 2 * 3600 * FRAMES_PER_SECOND;
    const struct fake_index_spec spec = {
        .load = FAKE_GREEDY, .frames = frames, .has_b_frames = true};
    struct dice dice = {1};
    struct asset_index index;
    struct timespec start;
    fake_index_make(profile, &dice, &spec, &index);

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    const int64_t end = cut_first_end(profile, &index, 0, frames - 100);
    print_message("first end after two hours: %.2f ms\n", ms_since(&start));
    assert_true(is_proven(profile, &index, 0, end));

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    const int64_t last = cut_last_end(profile, &index, 0, frames - 100);
    print_message("last end before two hours: %.2f ms\n", ms_since(&start));
    assert_true(is_proven(profile, &index, 0, last));

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    const int64_t entry = cut_first_entry(profile, &index, 100, frames);
    print_message("first entry with two hours to come: %.2f ms\n", ms_since(&start));
    assert_true(is_proven(profile, &index, entry, frames - entry));

    /* A picture at the very end that no window can take: every candidate fails, once. */
    struct au_entry *video = (struct au_entry *)(uintptr_t)index.video;
    video[frames - 1].size = 4 << 20;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_int_equal(cut_first_entry(profile, &index, 0, frames), -1);
    assert_int_equal(cut_first_end(profile, &index, 0, frames), -1);
    print_message("none of either: %.2f ms\n", ms_since(&start));
    fake_index_finish(&index);
}

static int load_station(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return result;
}

static int unload_station(void **state)
{
    (void)state;
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_proven_cut_is_found_in_any_asset_of_any_format),
        cmocka_unit_test(two_hours_are_searched_in_one_pass),
    };
    return cmocka_run_group_tests_name("cuts", tests, load_station, unload_station);
}
