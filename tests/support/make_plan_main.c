/* SPDX-License-Identifier: MIT */
/*
 * make-plan: a join-rich plan of the assets of a media folder, adopted from
 * its start on, for end-to-end tests.
 *
 * Usage: make-plan MEDIA PLANS-FOLDER START-FRAME SECONDS SEED [CHANNEL [STATION [LONGEST]]]
 *
 * The plan lasts exactly SECONDS: items of about LONGEST / 2 to LONGEST
 * seconds (12), whole or cut at GOP boundaries where the cut is proven,
 * slates of 1 to 3 s between some.
 */
#include "playout/asset.h"
#include "playout/journal.h"
#include "playout/plan.h"
#include "playout/proof.h"
#include "tests/support/fake_media.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    ASSETS_MOST = 64,
    SLATE_LEAST = 27, /* frames */
    SLATE_MOST = 75,
};

struct shelf {
    const struct profile *profile;
    int64_t longest_s; /* of an item */
    struct asset *assets[ASSETS_MOST];
    int64_t count;
};

static void load_shelf(struct shelf *shelf, const char *media)
{
    glob_t found = {0};
    char pattern[4096];
    snprintf(pattern, sizeof(pattern), "%s/*.json", media);
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc && shelf->count < ASSETS_MOST; i++) {
        struct asset_record record = {0};
        if (asset_record_load(found.gl_pathv[i], &record) == 0 && record.kind != ASSET_SLATE &&
            record.duration_frames >= shelf->longest_s * FRAMES_PER_SECOND / 2 &&
            asset_open(media, record.sha256, false, &shelf->assets[shelf->count]) == 0) {
            shelf->count++;
        }
        asset_record_finish(&record);
    }
    globfree(&found);
}

static void add(struct plan *plan, int64_t *start, int64_t duration, const struct asset *asset,
                int64_t in_point)
{
    char title[64];
    struct plan_event event = {.seq = (int64_t)plan->event_count + 1,
                               .programme = (int64_t)plan->event_count + 1,
                               .start = *start,
                               .duration = duration,
                               .in_point = in_point,
                               .kind = asset != NULL ? EVENT_LESSON : EVENT_SLATE,
                               .title = title};
    char text[] = "一年级 语文 示例教师";
    event.text = text;
    snprintf(title, sizeof(title), "第%" PRId64 "课 示例", event.seq);
    if (asset != NULL) {
        event.asset = asset_sha256(asset);
    }
    if (plan_append(plan, &event) < 0) {
        abort();
    }
    *start += duration;
}

/* Draws an item of at most `most` frames; false when none of 20 draws is legal. */
static bool draw(const struct shelf *shelf, struct dice *dice, int64_t most, int64_t *chosen,
                 int64_t *in_point, int64_t *frames)
{
    for (int attempt = 0; attempt < 20; attempt++) {
        *chosen = dice_between(dice, 0, shelf->count - 1);
        const struct asset_index *index = asset_index_of(shelf->assets[*chosen]);
        const int64_t whole = index->header->duration_frames;
        *in_point = 0;
        *frames = whole;
        if (whole > shelf->longest_s * FRAMES_PER_SECOND || dice_between(dice, 0, 2) == 0) {
            *frames = dice_between(dice, shelf->longest_s / 2, shelf->longest_s) * GOP_FRAMES;
            const int64_t room = (whole - *frames) / GOP_FRAMES;
            *in_point = room > 0 ? dice_between(dice, 0, room) * GOP_FRAMES : 0;
        }
        struct proof_result result;
        if (*frames <= most &&
            proof_check(shelf->profile, index, *in_point, *frames, &result) == 0) {
            return true;
        }
    }
    return false;
}

static void fill(struct plan *plan, const struct shelf *shelf, struct dice *dice, int64_t start,
                 int64_t end)
{
    const int64_t near_end = (shelf->longest_s + 4) * FRAMES_PER_SECOND;
    while (start < end) {
        int64_t chosen = 0;
        int64_t in_point = 0;
        int64_t frames = 0;
        const int64_t left = end - start;
        const bool is_drawn = left >= shelf->longest_s * FRAMES_PER_SECOND * 2 / 3 &&
                              draw(shelf, dice, left - GOP_FRAMES, &chosen, &in_point, &frames);
        if (!is_drawn && left <= near_end) {
            add(plan, &start, left, NULL, 0);
            return;
        }
        if (is_drawn) {
            add(plan, &start, frames, shelf->assets[chosen], in_point);
        }
        if (!is_drawn || (dice_between(dice, 0, 3) == 0 && end - start > near_end)) {
            const int64_t grid = shelf->profile->join_grid_frames;
            add(plan, &start, dice_between(dice, SLATE_LEAST / grid, SLATE_MOST / grid) * grid,
                NULL, 0);
        }
    }
}

static int save(const struct plan *plan, const char *folder)
{
    char path[4096];
    char journal_path[4096];
    struct journal journal = {0};
    const struct journal_entry entry = {
        .kind = JOURNAL_ADOPT, .revision = 1, .frame = plan->effective, .eit_version = 1};
    snprintf(path, sizeof(path), "%s/1.yaml", folder);
    snprintf(journal_path, sizeof(journal_path), "%s/journal", folder);
    int result = plan_save(path, plan, "Asia/Shanghai");
    if (result == 0) {
        result = journal_append(journal_path, &journal, &entry);
    }
    journal_finish(&journal);
    return result;
}

int main(int argc, char **argv)
{
    struct station *station = NULL;
    struct problems problems;
    struct shelf shelf = {0};
    problems_init(&problems);
    const char *path = argc > 7 ? argv[7] : "schedules/station.cfg";
    const char *channel = argc > 6 ? argv[6] : "zhangdian";
    shelf.longest_s = argc > 8 ? strtoll(argv[8], NULL, 10) : 12;
    if (argc < 6 || argc > 9 || shelf.longest_s < 2 ||
        station_load(path, &station, &problems) < 0) {
        fprintf(stderr, "usage: make-plan MEDIA PLANS-FOLDER START-FRAME SECONDS SEED "
                        "[CHANNEL [STATION [LONGEST]]]\n");
        problems_print(&problems, stderr);
        return 2;
    }
    const struct service *service = station_service(station, channel);
    shelf.profile = service != NULL ? service->profile : &station->profiles[0];
    load_shelf(&shelf, argv[1]);
    struct dice dice = {strtoull(argv[5], NULL, 10)};
    const int64_t start = strtoll(argv[3], NULL, 10);
    struct plan *plan = plan_create();
    int result = 1;
    if (plan != NULL && shelf.count > 0) {
        plan->channel = strdup(channel);
        plan->revision = 1;
        plan->effective = start - 10 * FRAMES_PER_SECOND;
        fill(plan, &shelf, &dice, start, start + strtoll(argv[4], NULL, 10) * FRAMES_PER_SECOND);
        result = save(plan, argv[2]) < 0;
        printf("%zu events\n", plan->event_count);
    }
    plan_destroy(plan);
    for (int64_t i = 0; i < shelf.count; i++) {
        asset_unref(shelf.assets[i]);
    }
    station_destroy(station);
    problems_finish(&problems);
    return result;
}
