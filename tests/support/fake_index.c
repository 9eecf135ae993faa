/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PICTURE_MIN = 100 };

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Bytes, for a profile whose VBV holds `vbv` bytes, `fullness` of them now. */
static int64_t draw_size(struct dice *dice, const struct fake_index_spec *spec, int64_t vbv,
                         int64_t fullness, bool is_first)
{
    int64_t size = 0;
    switch (spec->load) {
    case FAKE_LIGHT:
        size =
            is_first ? dice_between(dice, vbv / 80, vbv / 12) : dice_between(dice, 20, vbv / 200);
        break;
    case FAKE_TYPICAL:
        size = is_first ? dice_between(dice, vbv / 16, vbv / 3) : dice_between(dice, 100, vbv / 8);
        break;
    case FAKE_GREEDY:
        size = dice_roll(dice) % 8 == 0 ? dice_between(dice, 100, 2000) : fullness;
        break;
    }
    if (spec->is_wild && dice_roll(dice) % 400 == 0) {
        return dice_between(dice, vbv / 2, vbv);
    }
    size = size > fullness ? fullness : size;
    return size < PICTURE_MIN ? PICTURE_MIN : size;
}

/*
 * Decoding order I P B B P B B ... within each closed GOP, the last group as
 * long as the GOP allows; I P P P without B-frames.
 */
static uint8_t display_delay(int64_t k, int64_t gop, bool has_b_frames)
{
    if (!has_b_frames || k == 0) {
        return 1;
    }
    const int64_t group = k - (k - 1) % 3; /* where its P is */
    const int64_t size = gop - group < 3 ? gop - group : 3;
    return k == group ? (uint8_t)size : 0;
}

static void draw_video(const struct profile *profile, struct dice *dice,
                       const struct fake_index_spec *spec, struct au_entry *video, int64_t count)
{
    const int64_t gop = (int64_t)GOP_FRAMES * profile_pictures_per_frame(profile);
    const int64_t vbv = profile->video.vbv_bits / 8;
    const int64_t gain = profile->video.vbv_rate_bps / 8 / profile->video.pictures_per_second;
    int64_t fullness = vbv * 9 / 10;
    for (int64_t j = 0; j < count; j++) {
        const int64_t k = j % gop;
        const int64_t rest = count - (j - k);
        const int64_t size = draw_size(dice, spec, vbv, fullness, k == 0);
        video[j] = (struct au_entry){
            .size = (uint32_t)size,
            .display_delay = display_delay(k, rest < gop ? rest : gop, spec->has_b_frames),
            .flags = k == 0 ? AU_RANDOM_ACCESS : 0};
        fullness = fullness > size ? fullness - size : 0;
        fullness = fullness + gain < vbv ? fullness + gain : vbv;
    }
}

static void draw_audio(const struct profile *profile, struct dice *dice,
                       const struct fake_index_spec *spec, struct au_entry *audio, int64_t count)
{
    const int64_t ticks = profile->audio.es.unit_ticks;
    const int64_t size = profile->audio.bitrate_bps / 8 * ticks / 90000;
    const int64_t jitter = profile->audio.codec != AUDIO_AAC ? 0 : spec->is_wild ? 300 : 30;
    for (int64_t j = 0; j < count; j++) {
        audio[j] =
            (struct au_entry){.size = (uint32_t)(size + dice_between(dice, -jitter, jitter))};
    }
}

static struct asset_index_header *draw(const struct profile *profile, struct dice *dice,
                                       const struct fake_index_spec *spec, size_t *size)
{
    struct asset_index_header format = {.asset_size = 1, .duration_frames = (uint32_t)spec->frames};
    asset_index_set_format(&format, profile);
    *size = sizeof(format) +
            ((size_t)format.video_count + format.audio_count) * sizeof(struct au_entry);
    struct asset_index_header *header = calloc(1, *size);
    MUST(header != NULL);
    struct au_entry *video = (struct au_entry *)(header + 1);
    struct au_entry *audio = video + format.video_count;
    draw_video(profile, dice, spec, video, format.video_count);
    draw_audio(profile, dice, spec, audio, format.audio_count);
    uint64_t offset = 0;
    for (size_t i = 0; i < (size_t)format.video_count + format.audio_count; i++) {
        video[i].offset = offset;
        offset += video[i].size;
    }
    format.asset_size = offset;
    *header = format;
    return header;
}

void fake_index_make(const struct profile *profile, struct dice *dice,
                     const struct fake_index_spec *spec, struct asset_index *index)
{
    size_t size = 0;
    struct asset_index_header *header = draw(profile, dice, spec, &size);
    const struct au_entry *entries = (const struct au_entry *)(header + 1);
    memcpy(header->magic, ASSET_INDEX_MAGIC, sizeof(header->magic));
    header->max_video_size = 4 << 20;
    header->max_audio_size = 4 << 20;
    header->is_cut_anywhere = !spec->has_b_frames;
    MUST(asset_index_parse(index, header, size) == 0);
    MUST(index->video == entries);
}

void fake_index_finish(struct asset_index *index)
{
    free((void *)(uintptr_t)index->header);
    *index = (struct asset_index){0};
}

void fake_index_write(const char *folder, const char *sha256, const struct profile *profile,
                      const struct fake_index_spec *spec)
{
    struct dice dice = {0};
    size_t size = 0;
    for (const char *c = sha256; *c != '\0'; c++) {
        dice.state = dice.state * 31 + (uint8_t)*c;
    }
    struct asset_index_header *header = draw(profile, &dice, spec, &size);
    const struct au_entry *video = (const struct au_entry *)(header + 1);
    char *path = asset_path(folder, sha256, "idx");
    MUST(path != NULL);
    unlink(path);
    MUST(asset_index_write(path, header, video, video + header->video_count) == 0);
    free(path);
    free(header);
}
