/* SPDX-License-Identifier: MIT */
/*
 * The legality of a revision is checked by the time line (playout), which
 * knows nothing of how revisions are made: up to the first frame that may
 * change, old and new must be the same pieces with the same ends.
 */
#include "scheduler/revise.h"

#include "playout/asset.h"
#include "playout/plan_proof.h"
#include "playout/proof.h"
#include "scheduler/compile.h"
#include "tests/support/random_week.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR (3600LL * FRAMES_PER_SECOND)
#define DAY  (24 * HOUR)
/* Monday 2026-11-23 08:00 +0800, in frames. */
#define MORNING ((1795363200LL + 8 * 3600) * FRAMES_PER_SECOND)

enum { SEEN_MOST = 1 << 20 };

static struct zone *zone;
static struct station *station;
static const struct profile *profile; /* sd, when nothing else is said */
static char folder[] = "/tmp/test_revise.XXXXXX";

static struct plan *compile_from(const struct timetable *timetable, const struct library *library,
                                 struct media_cuts *media, int64_t from)
{
    struct plan *plan = NULL;
    const struct compile_input input = {.timetable = timetable,
                                        .library = library,
                                        .profile = profile,
                                        .zone = zone,
                                        .from = from,
                                        .to = from + 2 * DAY,
                                        .media = media};
    assert_int_equal(compile(&input, &plan), 0);
    return plan;
}

static struct plan *copy_plan(const struct plan *plan)
{
    struct plan *copy = plan_create();
    assert_non_null(copy);
    copy->channel = strdup(plan->channel);
    for (size_t i = 0; i < plan->event_count; i++) {
        assert_int_equal(plan_append(copy, &plan->events[i]), 0);
    }
    return copy;
}

static struct timeline *timeline_of(const struct plan *plan, const struct media_lengths *lengths)
{
    struct timeline *timeline = plan != NULL ? timeline_create(copy_plan(plan), lengths)
                                             : timeline_create_empty(lengths->length(lengths, ""));
    assert_non_null(timeline);
    return timeline;
}

/* Media keep their lengths even when the library has lost them: the engine holds them open. */
static int64_t length_by_name(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return random_asset_length(profile, sha256);
}

static const struct media_lengths lengths = {length_by_name};

static void check_same_until(const struct plan *old_plan, const struct plan *new_plan,
                             int64_t effective, int64_t earliest)
{
    struct timeline *old_line = timeline_of(old_plan, &lengths);
    struct timeline *new_line = timeline_of(new_plan, &lengths);
    for (int64_t frame = effective; frame < earliest; frame++) {
        struct piece a;
        struct piece b;
        timeline_piece(old_line, frame, &a);
        timeline_piece(new_line, frame, &b);
        const bool same_end = a.start + a.length == b.start + b.length ||
                              (a.start + a.length >= earliest && b.start + b.length >= earliest);
        if (a.start != b.start || a.in_point != b.in_point || strcmp(a.asset, b.asset) != 0 ||
            !same_end) {
            fail_msg("frame %lld, %lld before the first that may change: piece from %lld to %lld "
                     "was from %lld to %lld",
                     (long long)frame, (long long)(earliest - frame), (long long)b.start,
                     (long long)(b.start + b.length), (long long)a.start,
                     (long long)(a.start + a.length));
        }
    }
    timeline_unref(old_line);
    timeline_unref(new_line);
}

static void check_events(const struct plan *plan)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const int64_t length = length_by_name(NULL, event->asset);
        assert_true(profile_is_on_grid(profile, event->start));
        assert_true(profile_is_on_grid(profile, event->duration));
        assert_int_equal(event->in_point % GOP_FRAMES, 0);
        assert_true(event->duration >= EVENT_MIN_FRAMES);
        assert_true(event->seq > 0 && event->seq < plan->next_seq && event->programme > 0);
        if (i > 0) {
            assert_int_equal(event->start,
                             plan->events[i - 1].start + plan->events[i - 1].duration);
        }
        if (event->kind != EVENT_SLATE && event->kind != EVENT_FILLER) {
            assert_true(event->in_point + event->duration <= length);
        }
    }
}

/* The engine would take it: every piece is proven, from the indexes that are in the folder. */
static void check_proven(struct plan_proof *proof, const struct plan *plan, int64_t effective)
{
    struct problems problems;
    struct timeline *timeline = timeline_of(plan, &lengths);
    problems_init(&problems);
    if (plan_proof_check(proof, timeline, effective, "plan", &problems) < 0) {
        problems_print(&problems, stderr);
        fail_msg("the engine refuses revision %lld", (long long)plan->revision);
    }
    problems_finish(&problems);
    timeline_unref(timeline);
}

/* What outlives the plans of a story. */
struct known_event {
    int64_t seq; /* 0: not seen yet */
    int64_t start;
    int64_t in_point;
    char asset[SHA256_HEX_SIZE];
};

/* A number stands for one event: the same start, asset and in-point for ever. */
static void check_numbers(const struct plan *plan, struct known_event *seen)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        assert_true(event->seq < SEEN_MOST);
        struct known_event *known = &seen[event->seq];
        if (known->seq != 0) {
            assert_int_equal(known->start, event->start);
            assert_int_equal(known->in_point, event->in_point);
            assert_string_equal(known->asset, event->asset);
        }
        known->seq = event->seq;
        known->start = event->start;
        known->in_point = event->in_point;
        snprintf(known->asset, sizeof(known->asset), "%s", event->asset);
    }
}

/* A running lesson is cut by nobody but an operator. */
static void check_running(const struct plan *old_plan, const struct plan *new_plan,
                          int64_t earliest, const struct plan_amendment *orders, size_t count)
{
    const ptrdiff_t index = old_plan != NULL ? plan_find(old_plan, earliest - 1) : -1;
    if (index < 0) {
        return;
    }
    const struct plan_event *running = &old_plan->events[index];
    if (running->kind == EVENT_FILLER || running->kind == EVENT_SLATE) {
        return;
    }
    const ptrdiff_t found = plan_find(new_plan, earliest - 1);
    assert_true(found >= 0);
    const int64_t end = new_plan->events[found].start + new_plan->events[found].duration;
    for (size_t i = 0; i < count; i++) {
        if (orders[i].from == end) {
            return;
        }
    }
    assert_int_equal(new_plan->events[found].seq, running->seq);
    assert_int_equal(new_plan->events[found].duration, running->duration);
}

/* Once what was running has ended, the channel airs what was compiled. */
static void check_follows(const struct plan *plan, const struct plan *fresh, int64_t earliest)
{
    const ptrdiff_t index = plan_find(plan, earliest - 1);
    int64_t from = earliest;
    if (index >= 0) {
        from = plan->events[index].start + plan->events[index].duration;
    }
    from += 2 * cutter_least_piece(profile) + 2 * GOP_FRAMES;
    const int64_t end = from + 20 * HOUR;
    for (int64_t frame = from; frame < end; frame += 997) {
        const ptrdiff_t a = plan_find(plan, frame);
        const ptrdiff_t b = plan_find(fresh, frame);
        assert_true(a >= 0 && b >= 0);
        if (strcmp(plan->events[a].asset, fresh->events[b].asset) != 0) {
            fail_msg("%lld frames after the change %.4s airs instead of %.4s",
                     (long long)(frame - earliest), plan->events[a].asset, fresh->events[b].asset);
        }
    }
}

struct story {
    unsigned random;
    struct timetable *timetable;
    struct library *library;
    struct cutter cutter;
    struct plan_proof proof;
    struct plan *base;
    struct known_event *seen;
    struct plan_amendment orders[4];
    size_t order_count;
    int64_t now;
    int64_t revision;
};

static struct revise_input input_of(const struct story *story, const struct plan *fresh,
                                    int64_t effective)
{
    return (struct revise_input){
        .base = story->base,
        .fresh = fresh,
        .amendments = story->orders,
        .amendment_count = story->order_count,
        .effective = effective,
        .earliest = revise_earliest(effective, profile),
        .revision = story->revision + 1,
        .next_seq = story->base != NULL ? story->base->next_seq : 1,
        .cutter = &story->cutter,
    };
}

static void change_something(struct story *story)
{
    switch (random_below(&story->random, 3)) {
    case 0:
        timetable_destroy(story->timetable);
        story->timetable = random_week(&story->random);
        break;
    case 1:
        library_destroy(story->library);
        story->library = random_library(&story->random, profile);
        break;
    default:
        break;
    }
}

/* A running lesson is cut nowhere earlier, though the operator wants it: nothing there is proven.
 */
static void check_first_cut(struct story *story, const struct plan *plan, int64_t earliest,
                            int64_t cut)
{
    struct proof_result result;
    const ptrdiff_t index = plan_find(plan, earliest - 1);
    if (index < 0 || story->cutter.media == NULL || event_is_cut_anywhere(&plan->events[index])) {
        return;
    }
    const struct plan_event *running = &plan->events[index];
    struct asset_index media;
    char *path = asset_path(folder, running->asset, "idx");
    assert_int_equal(asset_index_open(&media, path), 0);
    for (int64_t frame = earliest; frame < cut; frame += profile->join_grid_frames) {
        assert_int_not_equal(
            proof_check(profile, &media, running->in_point, frame - running->start, &result), 0);
    }
    asset_index_close(&media);
    free(path);
}

/* Orders the slate, or takes it back. */
static void give_order(struct story *story, const struct plan *fresh, int64_t effective)
{
    struct plan_amendment *order = &story->orders[0];
    if (story->order_count == 1 && order->until == AMENDMENT_OPEN) {
        story->order_count = 0;
        const struct revise_input input = input_of(story, fresh, effective);
        if (order->from < input.earliest) {
            assert_int_equal(revise_return_frame(&input, order, &order->until), 0);
            assert_true(order->until >= input.earliest);
            assert_true(order->until <=
                        input.earliest + 2 * cutter_least_piece(profile) + 2 * GOP_FRAMES);
            story->order_count = 1;
        }
        return;
    }
    const struct revise_input input = input_of(story, fresh, effective);
    struct plan *without = NULL;
    enum revise_verdict verdict;
    if (story->order_count > 0 && order->until > effective) {
        return; /* the one before is not over */
    }
    story->order_count = 0;
    assert_int_equal(revise(&input, &without, &verdict), 0);
    *order =
        (struct plan_amendment){.id = story->revision + 1,
                                .kind = "slate",
                                .from = revise_slate_frame(without, input.earliest, &story->cutter),
                                .until = AMENDMENT_OPEN,
                                .reason = "test"};
    assert_true(order->from >= input.earliest);
    assert_true(order->from <= input.earliest + cutter_least_piece(profile) + GOP_FRAMES);
    check_first_cut(story, without, input.earliest, order->from);
    plan_destroy(without);
    story->order_count = 1;
}

static void check_slate(const struct story *story, const struct plan *plan, int64_t effective)
{
    const struct plan_amendment *order = &story->orders[0];
    if (story->order_count == 0 || order->until <= effective) {
        return;
    }
    const int64_t from = order->from > effective ? order->from : effective;
    const ptrdiff_t first = plan_find(plan, from);
    assert_true(first >= 0);
    assert_int_equal(plan->events[first].kind, EVENT_SLATE);
    if (order->from > effective) {
        assert_int_equal(plan->events[first].start, order->from);
    }
    const ptrdiff_t last = plan_find(plan, order->until - 1);
    /* Two slates in a row where the plan had run out. */
    assert_true(order->until == AMENDMENT_OPEN || plan->events[last].kind == EVENT_SLATE);
}

static bool has_orders(const struct story *story, int64_t effective)
{
    return story->order_count > 0 && story->orders[0].until > effective;
}

static void take_step(struct story *story)
{
    const int64_t effective = story->now + 63;
    struct plan *fresh = NULL;
    struct plan *next = NULL;
    enum revise_verdict verdict;
    change_something(story);
    fresh = compile_from(story->timetable, story->library, story->cutter.media, effective);
    if (random_below(&story->random, 4) == 0) {
        give_order(story, fresh, effective);
    }
    const struct revise_input input = input_of(story, fresh, effective);
    assert_int_equal(revise(&input, &next, &verdict), 0);
    check_events(next);
    check_proven(&story->proof, next, effective);
    check_numbers(next, story->seen);
    check_same_until(story->base, next, effective, input.earliest);
    check_running(story->base, next, input.earliest, story->orders, story->order_count);
    check_slate(story, next, effective);
    if (!has_orders(story, effective)) {
        check_follows(next, fresh, input.earliest);
    }
    if (verdict != REVISE_SAME) {
        plan_destroy(story->base);
        story->base = next;
        story->revision++;
        next = NULL;
    }
    plan_destroy(next);

    /* Nothing has changed a moment later. */
    const int64_t moment = effective + random_below(&story->random, 200);
    struct plan *again_fresh =
        compile_from(story->timetable, story->library, story->cutter.media, moment);
    const struct revise_input again = input_of(story, again_fresh, moment);
    assert_int_equal(revise(&again, &next, &verdict), 0);
    if (verdict == REVISE_DIFFERENT && !has_orders(story, effective)) {
        fail_msg("revision %lld is revised again %lld frames later, though nothing changed",
                 (long long)story->revision, (long long)(moment - effective));
    }
    plan_destroy(next);
    plan_destroy(again_fresh);
    plan_destroy(fresh);
}

/* Twenty-five steps of a channel's life. */
static void tell_story(unsigned seed, struct media_cuts *media)
{
    const struct asset_index_header slate = {0};
    struct story story = {.random = seed, .now = MORNING, .cutter = {profile, &lengths, media}};
    plan_proof_init(&story.proof, folder, profile, &slate);
    story.seen = calloc(SEEN_MOST, sizeof(story.seen[0]));
    assert_non_null(story.seen);
    story.timetable = random_week(&story.random);
    story.library = random_library(&story.random, profile);
    story.now += random_below(&story.random, 1000000);
    print_message("seed %u, %s%s\n", seed, profile->name, media == NULL ? ", no indexes" : "");
    for (int step = 0; step < 25; step++) {
        take_step(&story);
        /* From a moment to half a day; now and then beyond the end of the plan. */
        const int reach[] = {100, 1500, 40000, 1000000, 6000000};
        story.now += random_below(&story.random, reach[random_below(&story.random, 5)]);
    }
    plan_destroy(story.base);
    timetable_destroy(story.timetable);
    library_destroy(story.library);
    free(story.seen);
}

/*
 * In every format, with the scheduler seeing the indexes and without: what
 * the rule of thumb lets through is proven, too.
 */
static void any_story_is_told_in_legal_revisions(void **state)
{
    (void)state;
    enum { STORIES = 6 }; /* of each format */
    unsigned seed = (unsigned)getpid();
    const char *given = getenv("SEED");
    if (given != NULL) {
        seed = (unsigned)strtoul(given, NULL, 10);
    }
    for (size_t i = 0; i < station->profile_count; i++) {
        profile = &station->profiles[i];
        random_media(folder, profile);
        struct media_cuts *media = media_cuts_create(folder);
        assert_non_null(media);
        for (int run = 0; run < STORIES; run++, seed++) {
            tell_story(seed, run % 3 == 2 ? NULL : media);
        }
        media_cuts_destroy(media);
    }
    profile = station_profile(station, "sd");
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    int result = station_load("schedules/station.cfg", &station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    profile = result == 0 ? station_profile(station, "sd") : NULL;
    if (result == 0 && mkdtemp(folder) == NULL) {
        result = -1;
    }
    return result == 0 ? zone_open("Asia/Shanghai", &zone) : result;
}

static int clean_up(void **state)
{
    (void)state;
    zone_close(zone);
    station_destroy(station);
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        unlinkat(dirfd(directory), entry->d_name, 0);
    }
    closedir(directory);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_story_is_told_in_legal_revisions),
    };
    return cmocka_run_group_tests_name("revise stories", tests, set_up, clean_up);
}
