/* SPDX-License-Identifier: MIT */
/*
 * make-week: nine days of lessons with names, for tests of the programme guide.
 *
 * Usage: make-week STATION PLANS-FOLDER CHANNEL START-FRAME SEED
 *
 * From START-FRAME on a lesson begins every 20 to 45 minutes, each a loop of
 * a filler of the channel's profile, with names made of sample words; some
 * have no break between them, some have one without a name.  Writes 1.yaml
 * for the engine to adopt, and prints one line for each named lesson:
 *
 *     SERVICE_ID START_S DURATION_S NAME
 */
#include "playout/asset.h"
#include "playout/plan.h"
#include "playout/station.h"
#include "tests/support/fake_media.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS = 9, MINUTE_FRAMES = 60 * FRAMES_PER_SECOND };

static const char *const GRADES[] = {"一年级", "二年级", "三年级", "四年级", "五年级",
                                     "六年级", "七年级", "八年级", "九年级"};
static const char *const SUBJECTS[] = {"语文", "数学", "英语", "物理", "化学", "道法", "音乐"};
static const char *const TITLES[] = {"示例课 春夏秋冬",       "示例课 有余数的除法(1)",
                                     "示例课 找春天",         "示例课 平方差公式",
                                     "示例课 欧姆定律 I=U/R", "示例课 腊八粥——民风民俗",
                                     "示例课 “孙权劝学”",     "示例课 复习(第2课时)"};

#define PICK(dice, list)                                                                           \
    (list)[dice_between((dice), 0, (int64_t)(sizeof(list) / sizeof((list)[0])) - 1)]

/* The first filler of the profile in the media folder. */
static bool find_filler(const char *media, const char *profile, char sha256[SHA256_HEX_SIZE])
{
    glob_t found = {0};
    char pattern[4096];
    bool is_found = false;
    snprintf(pattern, sizeof(pattern), "%s/*.json", media);
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc && !is_found; i++) {
        struct asset_record record = {0};
        if (asset_record_load(found.gl_pathv[i], &record) == 0) {
            is_found = record.kind == ASSET_FILLER && strcmp(record.profile, profile) == 0;
            memcpy(sha256, record.sha256, SHA256_HEX_SIZE);
        }
        asset_record_finish(&record);
    }
    globfree(&found);
    return is_found;
}

static int fill(struct plan *plan, const struct service *service, const char *sha256,
                struct dice *dice, int64_t start)
{
    const int64_t grid = service->profile->join_grid_frames;
    const int64_t end = start + (int64_t)DAYS * 24 * 60 * MINUTE_FRAMES;
    int result = 0;
    for (int64_t seq = 1; start < end && result == 0; seq++) {
        char title[160];
        char text[] = "示例教师01 示例学校A";
        const int64_t frames = dice_between(dice, 20, 45) * MINUTE_FRAMES;
        const bool has_name = dice_between(dice, 0, 9) > 0;
        snprintf(title, sizeof(title), "%s %s %s", PICK(dice, GRADES), PICK(dice, SUBJECTS),
                 PICK(dice, TITLES));
        const struct plan_event event = {.seq = seq,
                                         .programme = seq,
                                         .start = start,
                                         .duration = frames - frames % grid,
                                         .kind = EVENT_LESSON,
                                         .asset = sha256,
                                         .title = has_name ? title : NULL,
                                         .text = has_name ? text : NULL};
        result = plan_append(plan, &event);
        start += event.duration;
        if (has_name) {
            printf("%d %" PRId64 " %" PRId64 " %s\n", service->service_id,
                   event.start / FRAMES_PER_SECOND,
                   start / FRAMES_PER_SECOND - event.start / FRAMES_PER_SECOND, title);
        }
    }
    return result;
}

int main(int argc, char **argv)
{
    struct station *station = NULL;
    struct problems problems;
    char sha256[SHA256_HEX_SIZE];
    char path[4096];
    problems_init(&problems);
    if (argc != 6 || station_load(argv[1], &station, &problems) < 0) {
        fprintf(stderr, "usage: make-week STATION PLANS-FOLDER CHANNEL START-FRAME SEED\n");
        problems_print(&problems, stderr);
        return 2;
    }
    const struct service *service = station_service(station, argv[3]);
    struct dice dice = {strtoull(argv[5], NULL, 10)};
    struct plan *plan = plan_create();
    int result = -1;
    if (service != NULL && plan != NULL &&
        find_filler(station->media, service->profile->name, sha256)) {
        plan->channel = strdup(service->name);
        plan->revision = 1;
        plan->effective = strtoll(argv[4], NULL, 10);
        result = fill(plan, service, sha256, &dice, plan->effective);
    }
    if (result == 0) {
        snprintf(path, sizeof(path), "%s/1.yaml", argv[2]);
        result = plan_save(path, plan, station->time_zone);
    }
    plan_destroy(plan);
    station_destroy(station);
    problems_finish(&problems);
    return result == 0 ? 0 : 1;
}
