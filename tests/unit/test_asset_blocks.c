/* SPDX-License-Identifier: MIT */
#include "playout/asset_blocks.h"
#include "playout/station.h"
#include "tests/support/fake_media.h"
#include "tests/support/must.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FRAMES = 600, READS = 2000 };

struct scene {
    char *station_path;
    struct station *station;
    struct asset *assets[2];
    struct asset_blocks blocks;
    uint8_t *direct;
    uint8_t *by_block;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    struct problems problems;
    MUST(scene != NULL);
    problems_init(&problems);
    scene->station_path = fake_station_file();
    MUST(station_load(scene->station_path, &scene->station, &problems) == 0);
    for (int i = 0; i < 2; i++) {
        struct dice dice = {(uint64_t)i + 1};
        const struct fake_spec spec = {ASSET_LESSON, FAKE_GREEDY, FRAMES, i == 0 ? "A" : "B"};
        char sha256[SHA256_HEX_SIZE];
        const char *media = scene->station->media;
        fake_asset(media, station_profile(scene->station, "sd"), &dice, &spec, sha256);
        MUST(asset_open(media, sha256, false, &scene->assets[i]) == 0);
        MUST(asset_index_of(scene->assets[i])->header->asset_size >
             (uint64_t)2 * ASSET_BLOCKS * ASSET_BLOCK_SIZE);
    }
    scene->direct = malloc(4 << 20);
    scene->by_block = malloc(4 << 20);
    MUST(scene->direct != NULL && scene->by_block != NULL);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    asset_blocks_finish(&scene->blocks);
    asset_unref(scene->assets[0]);
    asset_unref(scene->assets[1]);
    fake_station_remove(scene->station_path);
    station_destroy(scene->station);
    free(scene->station_path);
    free(scene->direct);
    free(scene->by_block);
    free(scene);
    return 0;
}

static void agrees(struct scene *scene, const struct asset *asset, const struct au_entry *entry)
{
    assert_int_equal(asset_blocks_read(&scene->blocks, asset, entry, scene->by_block), 0);
    assert_int_equal(asset_read(asset, entry->offset, scene->direct, entry->size), 0);
    assert_memory_equal(scene->by_block, scene->direct, entry->size);
}

/* In order as on air, and in any order, of two assets by turns. */
static void access_units_are_those_of_the_file(void **state)
{
    struct scene *scene = *state;
    const struct asset_index *index = asset_index_of(scene->assets[0]);
    for (uint32_t i = 0; i < index->header->video_count; i++) {
        agrees(scene, scene->assets[0], &index->video[i]);
        agrees(scene, scene->assets[0], &index->audio[i]);
    }
    struct dice dice = {3};
    for (int i = 0; i < READS; i++) {
        const struct asset *asset = scene->assets[dice_between(&dice, 0, 1)];
        agrees(scene, asset, &asset_index_of(asset)->video[dice_between(&dice, 0, FRAMES - 1)]);
    }
}

/* Another asset may lie where one that was let go was. */
static void what_is_forgotten_is_read_again(void **state)
{
    struct scene *scene = *state;
    const struct au_entry *entry = &asset_index_of(scene->assets[0])->video[0];
    agrees(scene, scene->assets[0], entry);
    for (int i = 0; i < ASSET_BLOCKS; i++) {
        if (scene->blocks.blocks[i].asset != NULL) {
            memset(scene->blocks.blocks[i].bytes, 0, ASSET_BLOCK_SIZE);
        }
    }
    asset_blocks_forget(&scene->blocks);
    agrees(scene, scene->assets[0], entry);
}

/* A file that has lost its end: what is there is read, also from the block that is not whole. */
static void damage_in_a_block_spares_the_rest_of_it(void **state)
{
    struct scene *scene = *state;
    const struct au_entry *entries = asset_index_of(scene->assets[0])->video;
    char *path = asset_path(scene->station->media, asset_sha256(scene->assets[0]), "mp4");
    assert_int_equal(truncate(path, (off_t)(entries[20].offset + entries[20].size)), 0);
    agrees(scene, scene->assets[0], &entries[20]);
    assert_int_equal(
        asset_blocks_read(&scene->blocks, scene->assets[0], &entries[21], scene->by_block), -EIO);
    free(path);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(access_units_are_those_of_the_file),
        IN_SCENE(what_is_forgotten_is_read_again),
        IN_SCENE(damage_in_a_block_spares_the_rest_of_it),
    };
    return cmocka_run_group_tests_name("asset_blocks", tests, NULL, NULL);
}
