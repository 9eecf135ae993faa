/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_codec.h"

#include <math.h>

#include <libavutil/opt.h>

static void set_nothing(AVCodecContext *audio, const struct audio_profile *profile)
{
    (void)audio;
    (void)profile;
}

static void set_aac(AVCodecContext *audio, const struct audio_profile *profile)
{
    (void)profile;
    audio->profile = FF_PROFILE_AAC_LOW;
}

/* Receivers level AC-3 by what the stream says of itself: the house's loudness. */
static void set_ac3(AVCodecContext *audio, const struct audio_profile *profile)
{
    const double lkfs = fmin(fmax(profile->loudness_lkfs, -31), -1);
    av_opt_set_int(audio->priv_data, "dialnorm", lround(lkfs), 0);
}

struct audio_encoder {
    const char *name;
    enum AVSampleFormat format;
    void (*set)(AVCodecContext *audio, const struct audio_profile *profile);
    bool has_any_rate; /* and may be lowered step by step */
};

static const struct audio_encoder ENCODERS[] = {
    [AUDIO_MP2] = {"libtwolame", AV_SAMPLE_FMT_S16, set_nothing, false},
    [AUDIO_AAC] = {"aac", AV_SAMPLE_FMT_FLTP, set_aac, true},
    [AUDIO_AC3] = {"ac3", AV_SAMPLE_FMT_FLTP, set_ac3, false},
};

enum AVSampleFormat ingest_sample_format(const struct audio_profile *profile)
{
    return ENCODERS[profile->codec].format;
}

int ingest_audio_open(AVCodecContext **audio, const struct ingest_encoder_settings *settings)
{
    const struct audio_profile *profile = &settings->profile->audio;
    const struct audio_encoder *encoder = &ENCODERS[profile->codec];
    const AVCodec *codec = avcodec_find_encoder_by_name(encoder->name);
    AVCodecContext *fresh = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (fresh == NULL) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    *audio = fresh;
    fresh->sample_rate = profile->sample_rate;
    fresh->sample_fmt = encoder->format;
    fresh->bit_rate = (int64_t)profile->bitrate_bps *
                      (encoder->has_any_rate ? settings->audio_percent : 100) / 100;
    fresh->time_base = (AVRational){1, profile->sample_rate};
    fresh->flags |= AV_CODEC_FLAG_BITEXACT; /* no version in the first frame */
    av_channel_layout_default(&fresh->ch_layout, profile->channels);
    encoder->set(fresh, profile);
    return avcodec_open2(fresh, codec, NULL);
}
