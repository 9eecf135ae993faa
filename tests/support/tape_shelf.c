/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_shelf.h"

#include "playout/media.h"
#include "playout/proof.h"
#include "tests/support/must.h"

#include <string.h>

/* Fillers and lessons in turn, of every load. */
static void make_asset(const char *folder, const struct profile *profile, struct dice *dice, int n,
                       struct shelf_asset *made)
{
    const int64_t grid = profile->join_grid_frames;
    const enum fake_load load = (enum fake_load)(n % 3);
    const int64_t least = load == FAKE_GREEDY ? 120 : 48;
    struct proof_result result;
    do {
        char sha256[SHA256_HEX_SIZE];
        const struct fake_spec spec = {
            .kind = n % 4 == 0 ? ASSET_FILLER : ASSET_LESSON,
            .load = load,
            .frames = dice_between(dice, least / grid, 200 / grid) * grid,
            .house_number = "TEST",
        };
        fake_asset(folder, profile, dice, &spec, sha256);
        asset_unref(made->asset);
        MUST(asset_open(folder, sha256, false, &made->asset) == 0);
        made->kind = spec.kind;
        made->frames = spec.frames;
    } while (proof_check(profile, asset_index_of(made->asset), 0, made->frames, &result) < 0);
}

static void fill_profile(struct shelf_profile *of, const char *folder, struct dice *dice)
{
    char sha256[SHA256_HEX_SIZE];
    char house_number[64];
    snprintf(house_number, sizeof(house_number), "SLATE-%s", of->profile->name);
    const struct fake_spec slate = {ASSET_SLATE, FAKE_LIGHT, SHELF_SLATE_FRAMES, house_number};
    fake_asset(folder, of->profile, dice, &slate, sha256);
    MUST(media_open_slate(folder, of->profile->name, &of->slate) == 0);
    for (int i = 0; i < SHELF_ASSETS; i++) {
        make_asset(folder, of->profile, dice, i, &of->assets[i]);
    }
}

void tape_shelf_init(struct tape_shelf *shelf, uint64_t seed)
{
    struct problems problems;
    struct dice dice = {seed};
    *shelf = (struct tape_shelf){.station_path = fake_station_file()};
    problems_init(&problems);
    const int result = station_load(shelf->station_path, &shelf->station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    MUST(result == 0);
    MUST(shelf->station->profile_count <= SHELF_PROFILES);
    shelf->profile_count = shelf->station->profile_count;
    for (size_t i = 0; i < shelf->profile_count; i++) {
        shelf->profiles[i].profile = &shelf->station->profiles[i];
        fill_profile(&shelf->profiles[i], shelf->station->media, &dice);
    }
}

void tape_shelf_finish(struct tape_shelf *shelf)
{
    for (size_t i = 0; i < shelf->profile_count; i++) {
        asset_unref(shelf->profiles[i].slate);
        for (int k = 0; k < SHELF_ASSETS; k++) {
            asset_unref(shelf->profiles[i].assets[k].asset);
        }
    }
    station_destroy(shelf->station);
    fake_station_remove(shelf->station_path);
    free(shelf->station_path);
}

const struct shelf_profile *tape_shelf_profile(const struct tape_shelf *shelf, const char *name)
{
    for (size_t i = 0; i < shelf->profile_count; i++) {
        if (strcmp(shelf->profiles[i].profile->name, name) == 0) {
            return &shelf->profiles[i];
        }
    }
    return NULL;
}

const struct asset *shelf_find(const struct shelf_profile *of, const char *sha256)
{
    if (sha256[0] == '\0') {
        return of->slate;
    }
    for (int i = 0; i < SHELF_ASSETS; i++) {
        if (strcmp(asset_sha256(of->assets[i].asset), sha256) == 0) {
            return of->assets[i].asset;
        }
    }
    return NULL;
}

bool shelf_is_legal(const struct shelf_profile *of, const struct asset *asset, int64_t in_point,
                    int64_t frames)
{
    const struct asset_index *index = asset_index_of(asset);
    const int64_t asset_frames = index->header->duration_frames;
    for (int64_t at = 0; at < frames;) {
        struct piece piece = {.length = frames, .in_point = in_point};
        struct proof_result result;
        piece_cut(&piece, asset_frames, at);
        if (proof_check(of->profile, index, piece.in_point, piece.length, &result) < 0) {
            return false;
        }
        at = piece.start + piece.length;
    }
    return true;
}

bool shelf_is_legal_stretch(const struct shelf_profile *of, const struct timeline *timeline,
                            int64_t from, int64_t until)
{
    while (from < until) {
        struct piece piece;
        struct proof_result result;
        timeline_piece(timeline, from, &piece);
        const struct asset *asset = shelf_find(of, piece.asset);
        if (asset == NULL || proof_check(of->profile, asset_index_of(asset), piece.in_point,
                                         piece.length, &result) < 0) {
            return false;
        }
        from = piece.start + piece.length;
    }
    return true;
}
