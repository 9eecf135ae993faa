/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_media.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tests run from the top of the repository. */
#define STATION_FILE "schedules/station.cfg"

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

uint64_t dice_roll(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)(dice_roll(dice) % (uint64_t)(most - least + 1));
}

/* As x264 writes them for the profile: High, level 3, 720 x 576, no NAL HRD. */
static const uint8_t SPS[] = {0x67, 0x64, 0x00, 0x1e, 0xac, 0xd1, 0x00, 0xb4, 0x12,
                              0x6c, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00,
                              0x00, 0x0c, 0x83, 0xc5, 0x8b, 0x44, 0x80};
static const uint8_t PPS[] = {0x68, 0xeb, 0xec, 0xb2, 0x2c};

enum {
    NAL_LENGTH = 4,
    AUD_SIZE = 2,
    SLICE_MIN = 16,
    AUDIO_FRAME = 576,
};

static size_t head_size(bool is_idr)
{
    return NAL_LENGTH + AUD_SIZE +
           (is_idr ? NAL_LENGTH + sizeof(SPS) + NAL_LENGTH + sizeof(PPS) : 0) + NAL_LENGTH;
}

/*
 * Decoding order I P B B P B B ... within each closed GOP, the last group as
 * long as the GOP allows; I P P P without B-frames.
 */
static uint8_t display_delay(int64_t j, int64_t frames, bool has_b_frames)
{
    const int64_t k = j % GOP_FRAMES;
    if (!has_b_frames || k == 0) {
        return 1;
    }
    const int64_t rest = frames - (j - k);
    const int64_t gop = rest < GOP_FRAMES ? rest : GOP_FRAMES;
    const int64_t group = k - (k - 1) % 3; /* where its P is */
    const int64_t size = gop - group < 3 ? gop - group : 3;
    return k == group ? (uint8_t)size : 0;
}

static size_t draw_size(struct dice *dice, enum fake_load load, int64_t fullness_bits, bool is_idr)
{
    const int64_t room = fullness_bits / 8;
    const int64_t least = (int64_t)head_size(is_idr) + SLICE_MIN;
    int64_t size = 0;
    switch (load) {
    case FAKE_LIGHT:
        size = is_idr ? dice_between(dice, 2000, 12000) : dice_between(dice, 20, 800);
        break;
    case FAKE_TYPICAL:
        size = is_idr ? dice_between(dice, 10000, 60000) : dice_between(dice, 100, 20000);
        break;
    case FAKE_GREEDY:
        size = dice_roll(dice) % 8 == 0 ? dice_between(dice, 100, 2000) : room;
        break;
    }
    size = size > room ? room : size;
    return (size_t)(size < least ? least : size);
}

static uint8_t *put_nal(uint8_t *at, const uint8_t *nal, size_t size)
{
    const uint8_t length[NAL_LENGTH] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16),
                                        (uint8_t)(size >> 8), (uint8_t)size};
    memcpy(at, length, NAL_LENGTH);
    memcpy(at + NAL_LENGTH, nal, size);
    return at + NAL_LENGTH + size;
}

static void fill_picture(struct dice *dice, uint8_t *bytes, size_t size, bool is_idr, bool is_b)
{
    const uint8_t aud[AUD_SIZE] = {0x09, is_idr ? 0x10 : is_b ? 0x50 : 0x30};
    uint8_t *at = put_nal(bytes, aud, sizeof(aud));
    if (is_idr) {
        at = put_nal(at, SPS, sizeof(SPS));
        at = put_nal(at, PPS, sizeof(PPS));
    }
    const size_t slice = size - (size_t)(at - bytes) - NAL_LENGTH;
    uint8_t *noise = malloc(slice);
    MUST(noise != NULL);
    for (size_t i = 0; i < slice; i++) {
        noise[i] = (uint8_t)(dice_roll(dice) | 0x80); /* never a start code */
    }
    noise[0] = is_idr ? 0x65 : is_b ? 0x01 : 0x41;
    put_nal(at, noise, slice);
    free(noise);
}

static void write_video(FILE *file, const struct profile *profile, struct dice *dice,
                        const struct fake_spec *spec, struct au_entry *video)
{
    const bool has_b_frames = spec->kind == ASSET_LESSON;
    const int64_t gain = profile->video.vbv_rate_bps / FRAMES_PER_SECOND;
    int64_t fullness = profile->video.vbv_bits * 9 / 10;
    for (int64_t j = 0; j < spec->frames; j++) {
        const bool is_idr = j % GOP_FRAMES == 0;
        const size_t size = draw_size(dice, spec->load, fullness, is_idr);
        video[j] = (struct au_entry){.offset = (uint64_t)ftell(file),
                                     .size = (uint32_t)size,
                                     .display_delay = display_delay(j, spec->frames, has_b_frames),
                                     .flags = is_idr ? AU_IDR : 0};
        uint8_t *bytes = malloc(size);
        MUST(bytes != NULL);
        fill_picture(dice, bytes, size, is_idr, video[j].display_delay == 0);
        MUST(fwrite(bytes, 1, size, file) == size);
        free(bytes);
        fullness -= (int64_t)size * 8;
        fullness =
            fullness + gain < profile->video.vbv_bits ? fullness + gain : profile->video.vbv_bits;
    }
}

static size_t write_audio(FILE *file, struct dice *dice, int64_t frames, struct au_entry *audio)
{
    const size_t count = (size_t)(frames / JOIN_GRID_FRAMES * AUDIO_FRAMES_PER_GRID);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[AUDIO_FRAME] = {0xff, 0xfd, 0xa4, 0x00}; /* Layer II, 192 kb/s, 48 kHz */
        for (size_t k = 4; k < sizeof(bytes); k++) {
            bytes[k] = (uint8_t)(dice_roll(dice) & 0x7f);
        }
        audio[i] = (struct au_entry){.offset = (uint64_t)ftell(file), .size = sizeof(bytes)};
        MUST(fwrite(bytes, sizeof(bytes), 1, file) == 1);
    }
    return count;
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
                    const struct au_entry *video, const struct au_entry *audio, size_t audio_count,
                    char sha256[SHA256_HEX_SIZE])
{
    MUST(asset_hash_file(temporary, sha256) == 0);
    hex_to_bytes(sha256, header->asset_sha256);
    snprintf(header->profile, sizeof(header->profile), "%s", profile->name);
    header->duration_frames = (uint32_t)spec->frames;

    char *media = asset_path(folder, sha256, "mp4");
    char *index = asset_path(folder, sha256, "idx");
    char *json = asset_path(folder, sha256, "json");
    MUST(media != NULL && index != NULL && json != NULL);
    MUST(rename(temporary, media) == 0);
    unlink(index);
    MUST(asset_index_write(index, header, video, audio, audio_count) == 0);
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
    struct asset_index_header header = {0};
    struct au_entry *video = calloc((size_t)spec->frames, sizeof(*video));
    struct au_entry *audio = calloc((size_t)spec->frames * 2, sizeof(*audio));
    char *temporary = NULL;
    MUST(video != NULL && audio != NULL);
    MUST(asprintf(&temporary, "%s/fake.tmp", folder) > 0);
    FILE *file = fopen(temporary, "wb");
    MUST(file != NULL);
    MUST(fwrite("fake", 4, 1, file) == 1);
    write_video(file, profile, dice, spec, video);
    const size_t audio_count = write_audio(file, dice, spec->frames, audio);
    header.asset_size = (uint64_t)ftell(file);
    MUST(fclose(file) == 0);
    publish(folder, temporary, profile, spec, &header, video, audio, audio_count, sha256);
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
    const char *temporary = getenv("TMP");
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
