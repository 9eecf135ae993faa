/* SPDX-License-Identifier: MIT */
/*
 * What cannot be proven is mended where it fails, and nowhere else; and an
 * asset that is handed in again is known by its seal.
 */
#include "playout/proof.h"
#include "tools/ingest/ingest_copy.h"
#include "tools/ingest/ingest_film.h"
#include "tools/ingest/ingest_patch.h"
#include "tools/ingest/ingest_publish.h"
#include "tools/ingest/ingest_seal.h"
#include "tools/ingest/ingest_writer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <libavutil/log.h>

enum { GOPS = 6, FRAMES = GOPS * GOP_FRAMES, NOISY_FROM = 2, NOISY_TO = 4, SOUND = 1152 };

/* The first format of the sample station, and one that may burst as no lattice can send it. */
static struct station *station;
static struct profile lax;

static int load_station(void **state)
{
    (void)state;
    struct problems problems;
    av_log_set_level(AV_LOG_QUIET);
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_finish(&problems);
    if (result == 0) {
        lax = station->profiles[0];
        lax.video.vbv_rate_bps = lax.video.vbv_rate_bps * 5 / 4;
        lax.video.vbv_bits *= 4;
    }
    return result;
}

static int drop_station(void **state)
{
    (void)state;
    station_destroy(station);
    return 0;
}

static int open_file(void)
{
    const int fd = memfd_create("asset", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* A grey picture with a moving bar; of some GOPs noise, which no encoder can foretell. */
static void draw(AVFrame *picture, int number, uint32_t *noise)
{
    const int gop = number / GOP_FRAMES;
    const bool is_noisy = noise != NULL && gop >= NOISY_FROM && gop < NOISY_TO;
    assert_true(av_frame_make_writable(picture) >= 0);
    for (int plane = 0; plane < 3; plane++) {
        const int height = plane == 0 ? picture->height : picture->height / 2;
        const int width = plane == 0 ? picture->width : picture->width / 2;
        for (int y = 0; y < height; y++) {
            uint8_t *line = picture->data[plane] + (ptrdiff_t)y * picture->linesize[plane];
            memset(line, 128, (size_t)width);
            memset(line + number % 100, plane == 0 ? 200 : 120, 20);
            for (int x = 0; is_noisy && x < width; x++) {
                *noise = *noise * 1664525 + 1013904223;
                line[x] = (uint8_t)(16 + (*noise >> 24) % 220);
            }
        }
    }
}

static AVFrame *new_picture(const struct profile *profile)
{
    AVFrame *picture = av_frame_alloc();
    assert_non_null(picture);
    picture->width = profile->video.width;
    picture->height = profile->video.height;
    picture->format = AV_PIX_FMT_YUV420P;
    assert_true(av_frame_get_buffer(picture, 0) >= 0);
    return picture;
}

/* A tone at about the house loudness, for as long as the pictures. */
static void write_sound(struct ingest_writer *writer)
{
    AVFrame *sound = av_frame_alloc();
    assert_non_null(sound);
    sound->nb_samples = SOUND;
    sound->format = AV_SAMPLE_FMT_S16;
    sound->sample_rate = 48000;
    av_channel_layout_default(&sound->ch_layout, 2);
    assert_true(av_frame_get_buffer(sound, 0) >= 0);
    int16_t *samples = (int16_t *)(void *)sound->data[0];
    for (int i = 0; i < 2 * SOUND; i++) {
        samples[i] = (int16_t)lround(2067 * sin(2 * M_PI * (i / 2) / 48));
    }
    for (int64_t i = 0; i < (int64_t)FRAMES * 48000 / FRAMES_PER_SECOND; i += SOUND) {
        assert_true(ingest_writer_sound(writer, sound) >= 0);
    }
    av_frame_free(&sound);
}

static struct ingest_writer_settings settings_of(const struct profile *profile)
{
    return (struct ingest_writer_settings){.encoder = {.profile = profile,
                                                       .preset = "ultrafast",
                                                       .video_percent = 100,
                                                       .audio_percent = 100},
                                           .kind = ASSET_LESSON,
                                           .frames = FRAMES};
}

static void write_asset(int fd, const struct profile *profile, bool is_noisy)
{
    const struct ingest_writer_settings settings = settings_of(profile);
    struct ingest_failure failure = {.text = ""};
    struct ingest_writer *writer = NULL;
    AVFrame *picture = new_picture(profile);
    uint32_t noise = 1;
    assert_int_equal(ingest_writer_open(&writer, fd, &settings, &failure), 0);
    for (int i = 0; i < FRAMES; i++) {
        draw(picture, i, is_noisy ? &noise : NULL);
        assert_true(ingest_writer_picture(writer, picture, AFD_FULL) >= 0);
    }
    write_sound(writer);
    assert_int_equal(ingest_writer_close(writer, &failure), 0);
    ingest_writer_destroy(writer);
    av_frame_free(&picture);
}

static void index_of(int fd, struct ingest_index *index)
{
    struct ingest_failure failure = {.text = ""};
    assert_int_equal(ingest_index_build(index, fd, &station->profiles[0], &failure), 0);
}

/* 0, or -EDOM; and which GOPs are to blame. */
static int prove(const struct ingest_index *index, bool is_weak[GOPS])
{
    const struct asset_index view = ingest_index_view(index);
    struct proof_result proof;
    memset(is_weak, 0, GOPS * sizeof(is_weak[0]));
    const size_t count = ingest_find_weak(&view, &station->profiles[0], is_weak);
    const int verdict = ingest_prove(&view, &station->profiles[0], &proof);
    assert_true((verdict < 0) == (count > 0));
    return verdict;
}

/* The weak GOPs again, held tighter. */
static void mend(int from, int to, int percent, bool is_weak[GOPS])
{
    struct ingest_writer_settings settings = settings_of(&station->profiles[0]);
    struct ingest_failure failure = {.text = ""};
    struct ingest_writer *writer = NULL;
    struct ingest_patch patch;
    AVFrame *picture = new_picture(&station->profiles[0]);
    uint32_t noise = 1;
    settings.encoder.video_percent = percent;
    assert_true(ingest_patch_init(&patch, &settings.encoder, ASSET_LESSON, is_weak, FRAMES) >= 0);
    for (int i = 0; i < FRAMES && !ingest_patch_is_full(&patch); i++) {
        draw(picture, i, &noise);
        assert_true(ingest_patch_put(&patch, picture, AFD_FULL) >= 0);
    }
    assert_true(ingest_patch_end(&patch) >= 0);
    assert_int_equal(ingest_writer_open(&writer, to, &settings, &failure), 0);
    assert_true(ingest_copy_patched(from, &patch, writer) >= 0);
    assert_int_equal(ingest_writer_close(writer, &failure), 0);
    ingest_writer_destroy(writer);
    ingest_patch_finish(&patch);
    av_frame_free(&picture);
}

static bool is_same_unit(int one, const struct au_entry *a, int other, const struct au_entry *b)
{
    if (a->size != b->size) {
        return false;
    }
    uint8_t *bytes = malloc(2 * (size_t)a->size);
    assert_non_null(bytes);
    assert_int_equal(pread(one, bytes, a->size, (off_t)a->offset), a->size);
    assert_int_equal(pread(other, bytes + a->size, a->size, (off_t)b->offset), a->size);
    const bool is_same = memcmp(bytes, bytes + a->size, a->size) == 0;
    free(bytes);
    return is_same;
}

/* Tighter each time, as long as it takes; which GOPs were encoded again. */
static int mend_until_proven(int made, int mended, bool was_weak[GOPS])
{
    bool is_weak[GOPS];
    struct ingest_index index;
    index_of(made, &index);
    int verdict = prove(&index, is_weak);
    for (int percent = 90; verdict < 0 && percent >= 60; percent -= 10) {
        for (int i = 0; i < GOPS; i++) {
            was_weak[i] = was_weak[i] || is_weak[i];
        }
        mend(made, mended, percent, was_weak);
        ingest_index_finish(&index);
        index_of(mended, &index);
        verdict = prove(&index, is_weak);
    }
    ingest_index_finish(&index);
    return verdict;
}

static void weak_gops_are_mended_and_no_others(void **state)
{
    (void)state;
    const int made = open_file();
    const int mended = open_file();
    struct ingest_index before;
    struct ingest_index after;
    bool was_weak[GOPS] = {false};
    write_asset(made, &lax, true);
    assert_int_equal(mend_until_proven(made, mended, was_weak), 0);
    assert_false(was_weak[0]);
    assert_true(was_weak[NOISY_FROM]);
    index_of(made, &before);
    index_of(mended, &after);
    for (int i = 0; i < FRAMES; i++) {
        const bool is_same = is_same_unit(made, &before.video[i], mended, &after.video[i]);
        if (!is_same && !was_weak[i / GOP_FRAMES]) {
            fail_msg("picture %d of GOP %d was touched", i, i / GOP_FRAMES);
        }
    }
    for (uint32_t i = 0; i < before.header.audio_count; i++) {
        assert_true(is_same_unit(made, &before.audio[i], mended, &after.audio[i]));
    }
    ingest_index_finish(&before);
    ingest_index_finish(&after);
    close(made);
    close(mended);
}

static bool goes_on(void *context, double part, int64_t time_us)
{
    (void)context;
    (void)part;
    (void)time_us;
    return true;
}

struct room {
    struct ingest_film film;
    struct ingest_film_sound sound;
    struct qc_sheet *sheet;
    struct ingest_failure failure;
};

static void open_room(struct room *room, int source)
{
    *room = (struct room){.film = {.profile = &station->profiles[0],
                                   .kind = ASSET_LESSON,
                                   .preset = "ultrafast",
                                   .threads = 1,
                                   .name = "film.mp4",
                                   .source = source,
                                   .asset = open_file(),
                                   .index = open_file(),
                                   .spare = open_file(),
                                   .subtitles = -1,
                                   .font = -1,
                                   .room_bytes = INT64_MAX,
                                   .progress = goes_on},
                          .sheet = calloc(1, sizeof(struct qc_sheet))};
    assert_non_null(room->sheet);
}

static void close_room(struct room *room)
{
    close(room->film.asset);
    close(room->film.index);
    close(room->film.spare);
    free(room->sheet);
}

static int make(struct room *room)
{
    memset(room->sheet, 0, sizeof(*room->sheet));
    return ingest_film_make(&room->film, &room->sound, room->sheet, &room->failure);
}

static bool is_same_file(int one, int other)
{
    const off_t size = lseek(one, 0, SEEK_END);
    bool is_same = size == lseek(other, 0, SEEK_END);
    for (off_t at = 0; is_same && at < size; at += 4096) {
        char bytes[2][4096] = {{0}, {0}};
        const ssize_t got = pread(one, bytes[0], 4096, at);
        is_same = got > 0 && pread(other, bytes[1], 4096, at) == got &&
                  memcmp(bytes[0], bytes[1], 4096) == 0;
    }
    return is_same;
}

/* An asset of ours that cannot be proven: it is no export, is made again, and mended. */
static void a_film_that_bursts_becomes_an_asset_all_the_same(void **state)
{
    (void)state;
    const int source = open_file();
    struct room room;
    struct profile tight = station->profiles[0];
    struct ingest_index index;
    bool is_weak[GOPS];
    write_asset(source, &lax, true);
    open_room(&room, source);
    tight.video.vbv_rate_bps = lax.video.vbv_rate_bps; /* so that the first encode fails */
    tight.video.vbv_bits = lax.video.vbv_bits;
    room.film.profile = &tight;
    assert_int_equal(make(&room), 0);
    assert_int_equal(room.sheet->is_copy, 0);
    index_of(room.film.asset, &index);
    assert_int_equal(prove(&index, is_weak), 0);
    ingest_index_finish(&index);
    close_room(&room);
    close(source);
}

static void an_asset_is_taken_as_it_is_while_its_seal_holds(void **state)
{
    (void)state;
    const int source = open_file();
    struct room room;
    uint8_t byte = 0;
    struct ingest_index index;
    write_asset(source, &station->profiles[0], false);
    index_of(source, &index);
    open_room(&room, source);
    assert_int_equal(make(&room), 0);
    assert_int_equal(room.sheet->is_copy, 1);
    assert_true(is_same_file(source, room.film.asset));

    /* Of a format or a kind that it was not made for it is a film like any other. */
    const uint8_t other_sets[SHA256_SIZE] = {1};
    room.film.parameter_sets = other_sets;
    assert_int_equal(make(&room), 0);
    assert_int_equal(room.sheet->is_copy, 0);
    room.film.parameter_sets = NULL;
    room.film.kind = ASSET_FILLER;
    assert_int_equal(make(&room), 0);
    assert_int_equal(room.sheet->is_copy, 0);
    room.film.kind = ASSET_LESSON;

    /* One bit of a picture in the middle. */
    const off_t at = (off_t)index.video[FRAMES / 2].offset + index.video[FRAMES / 2].size / 2;
    assert_int_equal(pread(source, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(source, &byte, 1, at), 1);
    assert_int_equal(make(&room), 0);
    assert_int_equal(room.sheet->is_copy, 0);
    ingest_index_finish(&index);
    close_room(&room);
    close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_gops_are_mended_and_no_others),
        cmocka_unit_test(a_film_that_bursts_becomes_an_asset_all_the_same),
        cmocka_unit_test(an_asset_is_taken_as_it_is_while_its_seal_holds),
    };
    return cmocka_run_group_tests_name("ingest repair", tests, load_station, drop_station);
}
