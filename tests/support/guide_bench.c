/* SPDX-License-Identifier: MIT */
#include "tests/support/guide_bench.h"

#include "tests/support/fake_media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct profile PROFILES[] = {
    {.name = NULL,
     .video = {.codec = VIDEO_H264,
               .width = 720,
               .height = 576,
               .aspect_num = 16,
               .aspect_den = 11,
               .pictures_per_second = 25,
               .level = 30},
     .audio = {.codec = AUDIO_MP2}},
    {.name = NULL,
     .video = {.codec = VIDEO_MPEG2,
               .width = 720,
               .height = 576,
               .aspect_num = 16,
               .aspect_den = 11,
               .pictures_per_second = 25,
               .level = 8},
     .audio = {.codec = AUDIO_MP2}},
    {.name = NULL,
     .video = {.codec = VIDEO_H264,
               .width = 1920,
               .height = 1080,
               .aspect_num = 1,
               .aspect_den = 1,
               .pictures_per_second = 25,
               .level = 40},
     .audio = {.codec = AUDIO_AC3}},
    {.name = NULL,
     .video = {.codec = VIDEO_HEVC,
               .width = 3840,
               .height = 2160,
               .aspect_num = 1,
               .aspect_den = 1,
               .pictures_per_second = 50,
               .level = 51},
     .audio = {.codec = AUDIO_AAC}},
    {.name = NULL,
     .video = {.codec = VIDEO_H264,
               .width = 720,
               .height = 576,
               .aspect_num = 12,
               .aspect_den = 11,
               .pictures_per_second = 25,
               .level = 30},
     .audio = {.codec = AUDIO_MP2}},
};

static void fill_service(struct guide_bench *bench, size_t t, size_t s)
{
    struct service *service = &bench->services[t][s];
    char *title = bench->names[t][s];
    static char provider[] = "淄博电视课堂";
    snprintf(title, sizeof(bench->names[t][s]), "示例频道%zu-%zu", t + 1, s + 1);
    *service = (struct service){
        .name = title,
        .title = title,
        .provider = provider,
        .profile = &bench->profiles[s % 5],
        .transport = &bench->transports[t],
        .service_id = (int)(100 * (t + 1) + s + 1),
        .logical_channel = s % 3 == 2 ? 0 : (int)(600 + 32 * t + s),
        .parental_age = s % 2 == 1 ? 6 : 0,
        .pmt_pid = (int)(0x100 + 16 * s),
        .video_pid = (int)(0x101 + 16 * s),
        .audio_pid = (int)(0x102 + 16 * s),
    };
}

void guide_bench_init(struct guide_bench *bench, size_t transports, size_t services)
{
    static char network[] = "淄博有线";
    static char path[] = "station.cfg";
    memset(bench, 0, sizeof(*bench));
    memcpy(bench->profiles, PROFILES, sizeof(PROFILES));
    bench->station = (struct station){
        .path = path,
        .network = {.name = network,
                    .network_id = 0xa123,
                    .original_network_id = 0xff01,
                    .text = TEXT_GB2312,
                    .language = "chi",
                    .country = "CHN",
                    .eit_days = 8,
                    .eit_events_per_day = 80},
        .transports = bench->transports,
        .transport_count = transports,
    };
    for (size_t t = 0; t < transports; t++) {
        for (size_t s = 0; s < services; s++) {
            fill_service(bench, t, s);
        }
        bench->transports[t] = (struct transport){
            .name = bench->names[t][0],
            .transport_stream_id = (int)t + 1,
            .cable = {.frequency_hz = t % 2 == 0 ? 474000000 + (int64_t)t * 8000000 : 0,
                      .modulation = 64,
                      .symbol_rate = 6875000},
            .services = bench->services[t],
            .service_count = services,
        };
    }
}

void guide_bench_text(struct dice *dice, size_t most, char *out)
{
    static const char *const WORDS[] = {"语文", "数学", "一年级", "第3课", "(示例)", " ",  "Unit",
                                        "的",   "、",   "春夏",   "复习",  "x",      "《", "》"};
    size_t size = 0;
    const size_t wanted = (size_t)dice_between(dice, 0, (int64_t)most);
    for (;;) {
        const char *word = WORDS[dice_roll(dice) % (sizeof(WORDS) / sizeof(WORDS[0]))];
        if (size + strlen(word) > wanted) {
            break;
        }
        memcpy(out + size, word, strlen(word));
        size += strlen(word);
    }
    out[size] = '\0';
}

static int64_t day_long(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? GOP_FRAMES * 10 : 86400 * FRAMES_PER_SECOND;
}

struct timeline *guide_bench_timeline(struct dice *dice, const struct guide_spec *spec)
{
    static const char *const GENRE_WORDS[] = {NULL, "science", "languages", "children"};
    static const struct media_lengths LENGTHS = {.length = day_long};
    struct plan *plan = plan_create();
    assert_non_null(plan);
    int64_t start = spec->start_s * FRAMES_PER_SECOND;
    int64_t programme = 0;
    bool has_title = false;
    char title[160];
    char text[4096];
    for (int64_t seq = 1000; start < spec->end_s * FRAMES_PER_SECOND; seq++) {
        if (programme == 0 || dice_roll(dice) % 8 != 0) {
            programme = seq;
            has_title = dice_roll(dice) % 10 != 0;
            memcpy(title, "课: ", 5);
            guide_bench_text(dice, 100, title + 5);
            guide_bench_text(dice, spec->text_bytes, text);
        }
        const struct plan_event event = {
            .seq = seq,
            .start = start,
            .duration = dice_between(dice, spec->shortest_s * FRAMES_PER_SECOND,
                                     spec->longest_s * FRAMES_PER_SECOND),
            .programme = programme,
            .kind = EVENT_LESSON,
            .asset = "0000",
            .title = has_title ? title : NULL,
            .text = text,
            .genre = GENRE_WORDS[dice_roll(dice) % 4],
            .has_subtitles = dice_roll(dice) % 4 == 0,
            .is_signed = dice_roll(dice) % 8 == 0,
        };
        assert_int_equal(plan_append(plan, &event), 0);
        start += event.duration;
    }
    struct timeline *timeline = timeline_create(plan, &LENGTHS);
    assert_non_null(timeline);
    return timeline;
}
