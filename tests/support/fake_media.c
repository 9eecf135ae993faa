/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_media.h"

#include "tests/support/fake_sound.h"
#include "tests/support/fake_video.h"
#include "tests/support/must.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tests run from the top of the repository. */
#define STATION_FILE "schedules/station.cfg"

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

/* Picture k of a GOP of `count` pictures, in decoding order. */
static struct fake_picture picture_at(int64_t k, int64_t count, bool has_b_frames, int64_t gop)
{
    const uint8_t delay = display_delay(k, count, has_b_frames);
    return (struct fake_picture){
        .type = k == 0       ? FAKE_I
                : delay == 0 ? FAKE_B
                             : FAKE_P,
        .display = (int)k + delay - 1,
        .references = (int)(has_b_frames && k > 0 ? 1 + (k + 1) / 3 : k),
        .gop = (int)gop,
    };
}

/* Sizes of pictures that a profile of 2.5 Mb/s would have; scaled to the profile. */
static int64_t draw_size(const struct video_profile *video, struct dice *dice,
                         const struct fake_spec *spec, int64_t room, bool is_start)
{
    const int64_t scale = video->vbv_rate_bps / video->pictures_per_second;
    int64_t size = 0;
    switch (spec->load) {
    case FAKE_LIGHT:
        size = is_start ? dice_between(dice, 2000, 12000) : dice_between(dice, 20, 800);
        return size * scale / 100000;
    case FAKE_TYPICAL:
        size = is_start ? dice_between(dice, 10000, 60000) : dice_between(dice, 100, 20000);
        return size * scale / 100000;
    case FAKE_GREEDY:
        return dice_once_in(dice, 8) ? dice_between(dice, 100, 2000) : room;
    }
    return size;
}

/* The bytes of the next picture, written to the file. */
static void write_picture(FILE *file, const struct video_profile *video, struct dice *dice,
                          const struct fake_picture *picture, struct au_entry *entry)
{
    uint8_t *bytes = calloc(1, entry->size);
    MUST(bytes != NULL);
    entry->offset = (uint64_t)ftell(file);
    fake_picture_write(video, picture, dice, bytes, entry->size);
    MUST(fwrite(bytes, 1, entry->size, file) == entry->size);
    free(bytes);
}

static void write_video(FILE *file, const struct profile *profile, struct dice *dice,
                        const struct fake_spec *spec, struct au_entry *entries)
{
    const struct video_profile *video = &profile->video;
    const bool has_b_frames = spec->kind == ASSET_LESSON;
    const int64_t gop = (int64_t)GOP_FRAMES * profile_pictures_per_frame(profile);
    const int64_t count = spec->frames * profile_pictures_per_frame(profile);
    const int64_t gain = video->vbv_rate_bps / video->pictures_per_second;
    int64_t fullness = video->vbv_bits * 9 / 10;
    for (int64_t j = 0; j < count; j++) {
        const int64_t k = j % gop;
        const int64_t left = count - (j - k) < gop ? count - (j - k) : gop;
        const struct fake_picture picture = picture_at(k, left, has_b_frames, j / gop);
        const int64_t least = (int64_t)fake_picture_least(video, &picture);
        int64_t size = draw_size(video, dice, spec, fullness / 8, k == 0);
        size = size > fullness / 8 ? fullness / 8 : size;
        size = size < least ? least : size;
        entries[j] = (struct au_entry){.size = (uint32_t)size,
                                       .display_delay = display_delay(k, left, has_b_frames),
                                       .flags = k == 0 ? AU_RANDOM_ACCESS : 0};
        write_picture(file, video, dice, &picture, &entries[j]);
        fullness += gain - size * 8;
        fullness = fullness < video->vbv_bits ? fullness : video->vbv_bits;
    }
}

static void write_audio(FILE *file, const struct audio_profile *audio, struct dice *dice,
                        size_t count, struct au_entry *entries)
{
    uint8_t bytes[FAKE_SOUND_MOST];
    for (size_t i = 0; i < count; i++) {
        const size_t size = fake_sound_size(audio, dice);
        entries[i] = (struct au_entry){.offset = (uint64_t)ftell(file), .size = (uint32_t)size};
        fake_sound_write(audio, dice, bytes, size);
        MUST(fwrite(bytes, size, 1, file) == 1);
    }
}

static void hex_to_bytes(const char *hex, uint8_t *bytes)
{
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        unsigned value = 0;
        MUST(sscanf(hex + 2 * i, "%2x", &value) == 1);
        bytes[i] = (uint8_t)value;
    }
}

static void publish(const char *folder, const char *temporary, const struct profile *profile,
                    const struct fake_spec *spec, struct asset_index_header *header,
                    const struct au_entry *video, const struct au_entry *audio,
                    char sha256[SHA256_HEX_SIZE])
{
    MUST(asset_hash_file(temporary, sha256) == 0);
    hex_to_bytes(sha256, header->asset_sha256);
    char *media = asset_path(folder, sha256, "mp4");
    char *index = asset_path(folder, sha256, "idx");
    char *json = asset_path(folder, sha256, "json");
    MUST(media != NULL && index != NULL && json != NULL);
    MUST(rename(temporary, media) == 0);
    unlink(index);
    MUST(asset_index_write(index, header, video, audio) == 0);
    struct asset_record record = {.house_number = (char *)(uintptr_t)spec->house_number,
                                  .kind = spec->kind,
                                  .profile = profile->name,
                                  .title = (char *)(uintptr_t) "",
                                  .duration_frames = spec->frames,
                                  .loudness_lkfs = -24,
                                  .true_peak_dbtp = -3,
                                  .is_proven = true,
                                  .source = (char *)(uintptr_t) "fake",
                                  .created_ms = 1};
    memcpy(record.sha256, sha256, SHA256_HEX_SIZE);
    MUST(asset_record_save(json, &record) == 0);
    free(media);
    free(index);
    free(json);
}

void fake_asset(const char *folder, const struct profile *profile, struct dice *dice,
                const struct fake_spec *spec, char sha256[SHA256_HEX_SIZE])
{
    struct asset_index_header header = {.duration_frames = (uint32_t)spec->frames};
    char *temporary = NULL;
    asset_index_set_format(&header, profile);
    struct au_entry *video = calloc(header.video_count, sizeof(*video));
    struct au_entry *audio = calloc(header.audio_count, sizeof(*audio));
    MUST(video != NULL && audio != NULL);
    MUST(asprintf(&temporary, "%s/fake.tmp", folder) > 0);
    FILE *file = fopen(temporary, "wb");
    MUST(file != NULL);
    MUST(fwrite("fake", 4, 1, file) == 1);
    write_video(file, profile, dice, spec, video);
    write_audio(file, &profile->audio, dice, header.audio_count, audio);
    header.asset_size = (uint64_t)ftell(file);
    MUST(fclose(file) == 0);
    publish(folder, temporary, profile, spec, &header, video, audio, sha256);
    free(temporary);
    free(audio);
    free(video);
}

/* Copies the station file, with other folders. */
static void copy_station(const char *from, const char *to, const char *folder)
{
    char line[1024];
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    MUST(in != NULL && out != NULL);
    while (fgets(line, sizeof(line), in) != NULL) {
        const char *key = line + strspn(line, " ");
        if (strncmp(key, "media =", 7) == 0) {
            fprintf(out, "    media = \"%s/media\";\n", folder);
        } else if (strncmp(key, "state =", 7) == 0) {
            fprintf(out, "    state = \"%s/state\";\n", folder);
        } else if (strncmp(key, "timetables =", 12) == 0) {
            fprintf(out, "    timetables = \"%s/schedules\";\n", folder);
        } else {
            fputs(line, out);
        }
    }
    fclose(in);
    MUST(fclose(out) == 0);
}

static void make_folder(const char *parent, const char *name)
{
    char *path = NULL;
    MUST(asprintf(&path, "%s/%s", parent, name) > 0);
    MUST(mkdir(path, 0755) == 0);
    free(path);
}

char *fake_station_file(void)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = NULL;
    char *path = NULL;
    MUST(asprintf(&folder, "%s/ketang-test-XXXXXX", temporary != NULL ? temporary : "/tmp") > 0);
    MUST(mkdtemp(folder) != NULL);
    make_folder(folder, "media");
    make_folder(folder, "state");
    make_folder(folder, "schedules");
    MUST(asprintf(&path, "%s/station.cfg", folder) > 0);
    copy_station(STATION_FILE, path, folder);
    free(folder);
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void fake_station_remove(const char *path)
{
    char *folder = strdup(path);
    MUST(folder != NULL);
    *strrchr(folder, '/') = '\0';
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}
