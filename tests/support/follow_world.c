/* SPDX-License-Identifier: MIT */
#include "tests/support/follow_world.h"

#include "playout/as_run_chain.h"
#include "playout/asset.h"
#include "playout/durable.h"
#include "tests/support/fake_media.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define START_MS    ((int64_t)MONDAY * 86400 * 1000)
#define DAY_FRAMES  ((int64_t)86400 * 25)
#define HOUR_FRAMES ((int64_t)3600 * 25)

const char *const follow_names[FOLLOW_CHANNELS] = {"zhangdian", "zhoucun"};

void follow_world_init(struct follow_world *world, struct dice dice)
{
    struct problems problems;
    *world = (struct follow_world){.dice = dice, .now_ms = START_MS};
    problems_init(&problems);
    world->path = fake_station_file();
    MUST(station_load(world->path, &world->station, &problems) == 0);
    MUST(zone_open("Asia/Shanghai", &world->zone) == 0);
    problems_finish(&problems);
    for (int i = 0; i < FOLLOW_CHANNELS; i++) {
        world->channels[i].next_id = 1;
        strcpy(world->channels[i].chain, AS_RUN_CHAIN_START);
    }
}

void follow_world_finish(struct follow_world *world)
{
    for (int i = 0; i < FOLLOW_CHANNELS; i++) {
        free(world->channels[i].rest);
    }
    zone_close(world->zone);
    station_destroy(world->station);
    fake_station_remove(world->path);
    free(world->path);
}

static int64_t now_frame(const struct follow_world *world)
{
    return world->now_ms / 40;
}

/* --- What the station writes ------------------------------------------------------ */

static char *path_in(const struct follow_world *world, const char *kind, int channel,
                     const char *name)
{
    char *path = NULL;
    char *folder = station_state_path(world->station, kind, follow_names[channel]);
    MUST(folder != NULL && durable_make_folder(folder) == 0);
    MUST(asprintf(&path, "%s/%s", folder, name) > 0);
    free(folder);
    return path;
}

void follow_world_append(const struct follow_world *world, const char *kind, int channel,
                         const char *name, const char *text)
{
    char *path = path_in(world, kind, channel, name);
    FILE *file = fopen(path, "a");
    MUST(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    free(path);
}

void follow_world_date(const char *path, int64_t ms)
{
    const struct timespec times[2] = {{ms / 1000, ms % 1000 * 1000000},
                                      {ms / 1000, ms % 1000 * 1000000}};
    MUST(utimensat(AT_FDCWD, path, times, 0) == 0);
}

void follow_world_plan(struct follow_world *world, int index)
{
    struct follow_channel *channel = &world->channels[index];
    char name[32];
    char title[64];
    struct plan *plan = plan_create();
    MUST(plan != NULL);
    plan->channel = strdup(follow_names[index]);
    plan->revision = ++channel->revision;
    plan->effective = now_frame(world) + 125;
    for (int i = 0; i < FOLLOW_LESSONS; i++) {
        static const char *const numbers[FOLLOW_CHANNELS][FOLLOW_LESSONS] = {
            {"KT-01", "KT-02", "KT-03"}, {"KT-03", "KT-04", "KT-01"}};
        snprintf(title, sizeof(title), "四年级 语文 示例%d-%d", index, channel->titles[i]);
        const struct plan_event event = {.seq = i + 1,
                                         .start = plan->effective + i * HOUR_FRAMES,
                                         .duration = HOUR_FRAMES,
                                         .programme = i + 1,
                                         .kind = EVENT_LESSON,
                                         .asset = store_bench_hash(1),
                                         .house_number = numbers[index][i],
                                         .title = title};
        MUST(plan_append(plan, &event) == 0);
    }
    for (size_t i = 0; i < channel->order_count; i++) {
        MUST(plan_append_amendment(plan, &channel->orders[i]) == 0);
    }
    snprintf(name, sizeof(name), "%d.yaml", (int)plan->revision);
    char *path = path_in(world, "plans", index, name);
    MUST(plan_save(path, plan, "Asia/Shanghai") == 0);
    follow_world_date(path, world->now_ms);
    free(path);
    plan_destroy(plan);
}

static void write_damaged_plan(struct follow_world *world, int index)
{
    char name[32];
    snprintf(name, sizeof(name), "%d.yaml", (int)++world->channels[index].revision);
    follow_world_append(world, "plans", index, name, "this: is no plan\n");
}

static void adopt(struct follow_world *world, int index, int64_t revision)
{
    char line[160];
    snprintf(line, sizeof(line),
             "{\"adopt\":%lld,\"frame\":%lld,\"eit_version\":1,\"schedule_version\":1}\n",
             (long long)revision, (long long)now_frame(world));
    follow_world_append(world, "plans", index, "journal", line);
}

/* A line of the as-run; all of it, or the rest comes next time. */
void follow_world_line(struct follow_world *world, int index, bool is_whole)
{
    struct follow_channel *channel = &world->channels[index];
    struct civil civil;
    char name[48];
    char plain[64];
    zone_to_civil(world->zone, world->now_ms / 1000, &civil);
    snprintf(name, sizeof(name), "%04d-%02d-%02d.jsonl", civil.year, civil.month, civil.day);
    if (channel->rest != NULL) {
        follow_world_append(world, "asrun", index, name, channel->rest);
        free(channel->rest);
        channel->rest = NULL;
    }
    snprintf(plain, sizeof(plain), "{\"seq\":%d}", (int)dice_between(&world->dice, 1, 9999));
    char *line = as_run_chain_seal(channel->chain, plain);
    MUST(line != NULL && as_run_chain_of(line, strlen(line), channel->chain));
    if (!is_whole) {
        MUST(asprintf(&channel->rest, "%s\n", line + 10) > 0);
        line[10] = '\0';
    }
    follow_world_append(world, "asrun", index, name, line);
    if (is_whole) {
        follow_world_append(world, "asrun", index, name, "\n");
    }
    free(line);
}

void follow_world_record(struct follow_world *world)
{
    static char profile[] = "sd";
    static char nothing[] = "";
    char number[16];
    snprintf(number, sizeof(number), "KT-%02d", (int)dice_between(&world->dice, 1, 6));
    struct asset_record record = {.house_number = number,
                                  .profile = profile,
                                  .title = nothing,
                                  .source = nothing,
                                  .duration_frames = 3000,
                                  .created_ms = world->now_ms + world->assets};
    strcpy(record.sha256, store_bench_hash(++world->assets));
    char *path = asset_path(world->station->media, record.sha256, "json");
    MUST(asset_record_save(path, &record) == 0);
    free(path);
}

/* --- What operators do -------------------------------------------------------------- */

struct plan_amendment *follow_world_order(struct follow_world *world, int index, int64_t length)
{
    static const char *const kinds[] = {"slate", "emergency", "insert", "replace"};
    static const char *const reasons[] = {"信号异常", "上级通知", NULL};
    static const char *const authors[] = {"王", "李", NULL};
    struct follow_channel *channel = &world->channels[index];
    MUST(channel->order_count < FOLLOW_ORDERS);
    struct plan_amendment *order = &channel->orders[channel->order_count++];
    *order = (struct plan_amendment){.id = channel->next_id++,
                                     .kind = kinds[dice_between(&world->dice, 0, 3)],
                                     .asked = now_frame(world),
                                     .from = now_frame(world) + 125,
                                     .until = length > 0 ? now_frame(world) + 125 + length
                                                         : AMENDMENT_OPEN,
                                     .reason = reasons[dice_between(&world->dice, 0, 2)],
                                     .author = authors[dice_between(&world->dice, 0, 2)],
                                     .house_number = length > 0 ? "KT-09" : NULL};
    return order;
}

static void change_order(struct follow_world *world, struct plan_amendment *order)
{
    const int64_t now = now_frame(world);
    if (order->is_undone) {
        return;
    }
    if (now < order->from && dice_once_in(&world->dice, 2)) {
        order->is_undone = true;
        order->end_author = "李";
    } else if (now < order->from + 250) { /* refused */
        order->until += order->until == AMENDMENT_OPEN ? 0 : 500;
        order->from += 500;
    } else if (order->until == AMENDMENT_OPEN) {
        order->until = now + 125;
        order->over = now + dice_between(&world->dice, 125, 50000);
        order->mode = dice_once_in(&world->dice, 2) ? "start" : NULL;
        order->end_author = "王";
    } else if (order->from > now) {
        order->until = order->from; /* there is no room for it any more */
    }
}

static void forget_orders(struct follow_world *world, struct follow_channel *channel)
{
    size_t kept = 0;
    for (size_t i = 0; i < channel->order_count; i++) {
        const struct plan_amendment *order = &channel->orders[i];
        const int64_t until = order->over > order->until ? order->over : order->until;
        const int64_t over = order->is_undone ? order->from : until;
        if (over > now_frame(world) - DAY_FRAMES) {
            channel->orders[kept++] = *order;
        }
    }
    channel->order_count = kept;
    if (dice_once_in(&world->dice, 15) || kept > FOLLOW_ORDERS - 2) { /* the state was lost */
        channel->order_count = 0;
        channel->next_id = 1;
    }
}

static void step_plan(struct follow_world *world, int index)
{
    struct follow_channel *channel = &world->channels[index];
    forget_orders(world, channel);
    if (dice_once_in(&world->dice, 2)) {
        follow_world_order(
            world, index, dice_once_in(&world->dice, 2) ? dice_between(&world->dice, 24, 9000) : 0);
    }
    if (channel->order_count > 0) {
        change_order(
            world,
            &channel->orders[dice_between(&world->dice, 0, (int64_t)channel->order_count - 1)]);
    }
    channel->titles[dice_between(&world->dice, 0, FOLLOW_LESSONS - 1)] =
        (int)dice_between(&world->dice, 0, 2);
    channel->revision += dice_once_in(&world->dice, 10);
    follow_world_plan(world, index);
}

void follow_world_step(struct follow_world *world)
{
    const int index = (int)dice_between(&world->dice, 0, FOLLOW_CHANNELS - 1);
    struct follow_channel *channel = &world->channels[index];
    switch (dice_between(&world->dice, 0, 9)) {
    case 0:
        world->now_ms += dice_between(&world->dice, 1, 12) * 3600 * 1000;
        break;
    case 1:
        follow_world_record(world);
        break;
    case 2:
        follow_world_line(world, index, true);
        break;
    case 3:
        follow_world_line(world, index, false);
        break;
    case 4:
        follow_world_append(world, "asrun", index, "2020-02-17.jsonl", "");
        follow_world_append(world, "asrun", index, "notes.txt", "示例");
        break;
    case 5:
        if (channel->revision > 2) {
            adopt(world, index, channel->revision - dice_between(&world->dice, 0, 2));
        }
        break;
    case 6:
        write_damaged_plan(world, index);
        break;
    default:
        step_plan(world, index);
        break;
    }
    world->now_ms += dice_between(&world->dice, 0, 20000);
}
