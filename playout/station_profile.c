/* SPDX-License-Identifier: MIT */
/*
 * station_profile: the house formats, and whether their numbers agree.
 *
 * The checks are those of playout/README.md (head, tail, buffer, length) on
 * the numbers of a profile alone, so that a profile that no encode could meet
 * is refused when the station file is read, not at ingest.
 */
#include "playout/station_inner.h"

#include "playout/intl.h"
#include "playout/levels.h"
#include "playout/proof_inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAYLOAD_BITS = 184 * 8, PES_HEADER_ROOM = 19 };

static const char *const VIDEO_CODECS[] = {"h264", "mpeg2", "hevc", NULL};
static const char *const AUDIO_CODECS[] = {"mp2", "aac", "ac3", NULL};

/* What follows from the kind of sound: frames of 48 kHz sound and 25 Hz pictures meet. */
static const struct sound_form {
    int join_grid_frames;
    int units_per_grid;
    int samples;
    int unit_header;
} SOUND_FORMS[] = {
    [AUDIO_MP2] = {3, 5, 1152, 0},
    [AUDIO_AAC] = {8, 15, 1024, 7}, /* ADTS without CRC */
    [AUDIO_AC3] = {4, 5, 1536, 0},
};

const char *video_codec_name(enum video_codec codec)
{
    return VIDEO_CODECS[codec];
}

const char *audio_codec_name(enum audio_codec codec)
{
    return AUDIO_CODECS[codec];
}

static void read_es(const struct settings *place, struct es_profile *es)
{
    es->lead_frames = (int)settings_integer(place, "lead_frames", 1, 250);
    es->max_lead_ms = (int)settings_integer(place, "max_lead_ms", 1, 10000);
    es->packets_per_second = (int)settings_integer(place, "packets_per_second", 1, 100000);
    es->latency_us = (int)settings_integer(place, "latency_us", 0, 100000);
    es->tb_leak_bps = settings_integer(place, "tb_leak_bps", 100000, 1000000000);
    es->buffer_bytes = settings_integer(place, "buffer_bytes", 1000, 100000000);
}

static void read_aspect(const struct settings *place, struct video_profile *video)
{
    const config_setting_t *aspect = settings_find(place, "aspect", true);
    if (aspect != NULL) {
        video->aspect_num = config_setting_get_int_elem(aspect, 0);
        video->aspect_den = config_setting_get_int_elem(aspect, 1);
        if (config_setting_length(aspect) != 2 || video->aspect_num < 1 || video->aspect_den < 1) {
            settings_complain(place, "aspect", _("two whole numbers, as in [16, 11]"));
        }
    }
}

static void read_scan(const struct settings *place, struct video_profile *video)
{
    video->pictures_per_second = (int)settings_integer(place, "pictures_per_second", 25, 50);
    if (video->pictures_per_second % FRAMES_PER_SECOND != 0) {
        settings_complain(place, "pictures_per_second", _("25 or 50"));
    }
    video->is_interlaced = settings_switch_or(place, "interlaced", false);
    if (video->is_interlaced &&
        (video->codec == VIDEO_HEVC || video->pictures_per_second != FRAMES_PER_SECOND)) {
        settings_complain(place, "interlaced", _("false for HEVC, and at 50 pictures a second"));
    }
}

static const char *const VIDEO_KEYS[] = {
    "codec",
    "width",
    "height",
    "aspect",
    "pictures_per_second",
    "interlaced",
    "level",
    "b_frames",
    "vbv_rate_bps",
    "vbv_bits",
    "tb_leak_bps",
    "buffer_bytes",
    "lead_frames",
    "max_lead_ms",
    "reorder_units",
    "latency_us",
    "packets_per_second",
    NULL,
};

static void read_video(const struct settings *profile, struct video_profile *video)
{
    struct settings place;
    if (!settings_descend(profile, "video", &place)) {
        return;
    }
    settings_check_keys(&place, VIDEO_KEYS);
    video->codec = (enum video_codec)settings_word(&place, "codec", VIDEO_CODECS);
    video->width = (int)settings_integer(&place, "width", 16, 8192);
    video->height = (int)settings_integer(&place, "height", 16, 8192);
    read_aspect(&place, video);
    read_scan(&place, video);
    video->level = (int)settings_integer(&place, "level", 4, 62);
    video->b_frames = (int)settings_integer(&place, "b_frames", 0, 2);
    video->vbv_rate_bps = settings_integer(&place, "vbv_rate_bps", 100000, 100000000);
    video->vbv_bits = settings_integer(&place, "vbv_bits", 50000, 100000000);
    read_es(&place, &video->es);
    video->es.reorder_units = (int)settings_integer(&place, "reorder_units", 1, 1);
}

static void read_audio(const struct settings *profile, struct audio_profile *audio)
{
    static const char *const KEYS[] = {
        "codec",          "bitrate_bps",        "sample_rate",  "channels",    "loudness_lkfs",
        "true_peak_dbtp", "tb_leak_bps",        "buffer_bytes", "lead_frames", "max_lead_ms",
        "latency_us",     "packets_per_second", NULL,
    };
    struct settings place;
    if (!settings_descend(profile, "audio", &place)) {
        return;
    }
    settings_check_keys(&place, KEYS);
    audio->codec = (enum audio_codec)settings_word(&place, "codec", AUDIO_CODECS);
    audio->bitrate_bps = (int)settings_integer(&place, "bitrate_bps", 96000, 640000);
    audio->sample_rate = (int)settings_integer(&place, "sample_rate", 48000, 48000);
    audio->channels = (int)settings_integer(&place, "channels", 2, 2);
    audio->loudness_lkfs = settings_decimal(&place, "loudness_lkfs", -40, -10);
    audio->true_peak_dbtp = settings_decimal(&place, "true_peak_dbtp", -20, 0);
    read_es(&place, &audio->es);
}

static void derive(struct profile *profile)
{
    const struct sound_form *form = &SOUND_FORMS[profile->audio.codec];
    const int per_frame = profile_pictures_per_frame(profile);
    profile->join_grid_frames = form->join_grid_frames;
    profile->video.es.unit_ticks = TICKS_PER_FRAME / per_frame;
    profile->video.es.units_per_grid = form->join_grid_frames * per_frame;
    profile->audio.es.unit_ticks = form->samples * 15 / 8; /* 90000 / 48000 */
    profile->audio.es.units_per_grid = form->units_per_grid;
    profile->audio.es.unit_header = form->unit_header;
}

__attribute__((format(printf, 3, 4))) static void complain(const struct settings *place,
                                                           const struct profile *profile,
                                                           const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                 _("profile '%s': %s"), profile->name, text);
}

/* Picture size, rate and buffers against the level. */
static void check_level(const struct settings *place, const struct profile *profile)
{
    const struct video_profile *video = &profile->video;
    struct level_limits limits;
    if (!level_find(video->codec, video->level, &limits)) {
        complain(place, profile, _("there is no level %d of %s here"), video->level,
                 video_codec_name(video->codec));
        return;
    }
    const int64_t samples = level_samples(video);
    if (samples > limits.samples_per_picture ||
        samples * video->pictures_per_second > limits.samples_per_second) {
        complain(place, profile,
                 _("%d x %d at %d pictures a second is more than level %d of %s allows: raise "
                   "level"),
                 video->width, video->height, video->pictures_per_second, video->level,
                 video_codec_name(video->codec));
    }
    if (video->vbv_rate_bps > limits.rate_bps || video->vbv_bits > limits.buffer_bytes * 8) {
        complain(place, profile,
                 _("vbv_rate_bps and vbv_bits may be at most %lld and %lld at level %d: raise "
                   "level or lower them"),
                 (long long)limits.rate_bps, (long long)limits.buffer_bytes * 8, video->level);
    }
    if (video->es.tb_leak_bps > limits.tb_leak_bps ||
        video->es.buffer_bytes > limits.buffer_bytes) {
        complain(place, profile,
                 _("video: tb_leak_bps and buffer_bytes may be at most %lld and %lld at level %d"),
                 (long long)limits.tb_leak_bps, (long long)limits.buffer_bytes, video->level);
    }
}

/* Bits that `packets` carry, when each picture may waste most of a packet. */
static int64_t carried_bps(const struct video_profile *video)
{
    return (int64_t)(video->es.packets_per_second - video->pictures_per_second) * PAYLOAD_BITS;
}

/* Head, tail and length; buffer. */
static void check_leads(const struct settings *place, const struct profile *profile)
{
    const struct video_profile *video = &profile->video;
    const struct es_profile *es = &video->es;
    const int64_t rate = carried_bps(video); /* < 2^31 x 1472 */
    const int64_t head_ms = (int64_t)es->lead_frames * 1000 / FRAMES_PER_SECOND -
                            (int64_t)es->reorder_units * 1000 / video->pictures_per_second;
    const int64_t tail_ms = es->max_lead_ms - head_ms;
    const int64_t least_ms =
        (head_ms < tail_ms ? head_ms : tail_ms) - (es->latency_us + 999) / 1000;
    if (rate * least_ms < video->vbv_bits * 1000) {
        complain(place, profile,
                 _("vbv_bits (%lld) cannot be sent within its leads at %d packets a second; at "
                   "most %lld bits can: lower vbv_bits, raise packets_per_second or change "
                   "lead_frames and max_lead_ms"),
                 (long long)video->vbv_bits, es->packets_per_second,
                 (long long)(rate * least_ms / 1000));
    }
    if (rate <= video->vbv_rate_bps) {
        complain(place, profile,
                 _("%d packets a second carry %lld bit/s, which is not above vbv_rate_bps (%lld): "
                   "raise packets_per_second or lower vbv_rate_bps"),
                 es->packets_per_second, (long long)rate, (long long)video->vbv_rate_bps);
    }
    /* Whatever lies in EB was sent within the maximum lead. */
    const int64_t held_bytes = (int64_t)es->packets_per_second * (PAYLOAD_BITS / 8) *
                               ((int64_t)es->max_lead_ms * 1000 + es->latency_us) / 1000000;
    if (held_bytes > es->buffer_bytes) {
        complain(place, profile,
                 _("up to %lld bytes wait in the decoder's picture buffer of %lld: lower "
                   "max_lead_ms or packets_per_second"),
                 (long long)held_bytes, (long long)es->buffer_bytes);
    }
}

/* Sound: its rate against its share, and a lead that the small buffer B takes. */
static void check_sound(const struct settings *place, const struct profile *profile)
{
    const struct audio_profile *audio = &profile->audio;
    const struct es_profile *es = &audio->es;
    const int64_t unit_bytes = (int64_t)audio->bitrate_bps * es->unit_ticks / 90000 / 8 +
                               es->unit_header + PES_HEADER_ROOM;
    /* One packet more than it needs: the last access units settle the counter. */
    const int64_t packets = (unit_bytes + 183) / 184 + 1;
    const int64_t needed = (packets * 90000 + es->unit_ticks - 1) / es->unit_ticks;
    if (es->packets_per_second < needed) {
        complain(place, profile,
                 _("sound of %d bit/s needs %lld packets a second: raise packets_per_second or "
                   "lower bitrate_bps"),
                 audio->bitrate_bps, (long long)needed);
    }
    const int64_t held = proof_whole_units(es) * unit_bytes + proof_bytes_on_their_way(es);
    if (held > es->buffer_bytes) {
        complain(place, profile,
                 _("up to %lld bytes of sound wait in a buffer of %lld: lower max_lead_ms and "
                   "lead_frames, or bitrate_bps"),
                 (long long)held, (long long)es->buffer_bytes);
    }
    if (es->max_lead_ms * FRAMES_PER_SECOND < es->lead_frames * 1000) {
        complain(place, profile, _("max_lead_ms of the sound is less than its lead_frames"));
    }
}

void station_read_profile(const struct settings *place, struct profile *profile)
{
    static const char *const KEYS[] = {"name", "video", "audio", "qc", "conform", NULL};
    const int before = (int)place->problems->errors;
    settings_check_keys(place, KEYS);
    profile->name = settings_text(place, "name");
    read_video(place, &profile->video);
    read_audio(place, &profile->audio);
    qc_rules_read(place, &profile->qc);
    conform_rules_read(place, &profile->conform);
    if ((int)place->problems->errors == before) {
        derive(profile);
        check_level(place, profile);
        check_leads(place, profile);
        check_sound(place, profile);
    }
}
