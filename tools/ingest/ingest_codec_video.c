/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_codec.h"

#include <stdio.h>
#include <string.h>

#include <libavutil/opt.h>

enum {
    /* With more, the encoders look at what other threads have done so far, to keep
     * their VBV: the same file would give another asset each time. */
    ENCODER_THREADS = 1,
    SD_LINES = 576,
    PERCENT_AT_FIRST = 90,   /* how full the decoder's buffer is at the first picture */
    MPEG2_MEAN_PERCENT = 85, /* of the greatest rate: what is spent on the whole */
    MPEG2_LAMBDA_MOST = 200000,
    NO_SCENE_CUT = 1000000000,
};

static const char *const PRESETS[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                      "medium",    "slow",      "slower",   "veryslow", "placebo"};

enum { PRESET_COUNT = sizeof(PRESETS) / sizeof(PRESETS[0]), PRESET_MEDIUM = 5 };

static int preset_rank(const char *name)
{
    for (int i = 0; i < PRESET_COUNT; i++) {
        if (strcmp(PRESETS[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

bool ingest_is_preset(const char *name)
{
    return preset_rank(name) >= 0;
}

bool ingest_is_standard_definition(const struct video_profile *profile)
{
    return profile->height <= SD_LINES;
}

static void set_h264(AVCodecContext *video, const struct ingest_encoder_settings *settings)
{
    video->profile = FF_PROFILE_H264_HIGH;
    video->level = settings->profile->video.level;
    video->refs = 3;
    if (settings->profile->video.is_interlaced) {
        video->flags |= AV_CODEC_FLAG_INTERLACED_DCT; /* MBAFF: one access unit a frame */
    }
    av_opt_set(video->priv_data, "preset", settings->preset, 0);
    av_opt_set(video->priv_data, "crf", "20", 0);
    av_opt_set_int(video->priv_data, "forced-idr", 1, 0);
    /* What varies between presets and shows in the parameter sets is fixed here:
     * the psychovisual settings, for one, move the chroma QP offset of the PPS. */
    av_opt_set(video->priv_data, "x264-params",
               "scenecut=0:open-gop=0:b-pyramid=none:weightp=1:weightb=1:stitchable=1:aud=1:"
               "cabac=1:8x8dct=1:subme=6:trellis=1:psy-rd=1.0,0.0:nal-hrd=none:force-cfr=1",
               0);
}

/*
 * The bit rate is a mean; where even the coarsest quantiser is too fine for
 * the VBV (noise), rate-distortion optimisation with a great lambda takes
 * coefficients away until the picture fits.
 */
static void set_mpeg2(AVCodecContext *video, const struct ingest_encoder_settings *settings)
{
    const bool is_thorough = preset_rank(settings->preset) > PRESET_MEDIUM;
    video->profile = FF_PROFILE_MPEG2_MAIN;
    video->level = settings->profile->video.level;
    video->flags |= AV_CODEC_FLAG_CLOSED_GOP;
    if (settings->profile->video.is_interlaced) {
        video->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    }
    video->bit_rate = video->rc_max_rate * MPEG2_MEAN_PERCENT / 100;
    video->rc_initial_buffer_occupancy = video->rc_buffer_size / 100 * PERCENT_AT_FIRST;
    video->qmin = 2;
    video->qmax = 31;
    video->trellis = 1;
    video->mb_decision = is_thorough ? FF_MB_DECISION_RD : FF_MB_DECISION_SIMPLE;
    av_opt_set_int(video->priv_data, "lmax", MPEG2_LAMBDA_MOST, 0);
    av_opt_set_int(video->priv_data, "sc_threshold", NO_SCENE_CUT, 0);
    av_opt_set(video->priv_data, "mpv_flags", "+strict_gop", 0);
    av_opt_set(video->priv_data, "seq_disp_ext", "always", 0);
    av_opt_set(video->priv_data, "video_format",
               ingest_is_standard_definition(&settings->profile->video) ? "pal" : "component", 0);
}

static void set_hevc(AVCodecContext *video, const struct ingest_encoder_settings *settings)
{
    char params[600];
    video->refs = 2;
    av_opt_set(video->priv_data, "preset", settings->preset, 0);
    av_opt_set(video->priv_data, "profile", "main10", 0);
    av_opt_set(video->priv_data, "crf", "20", 0);
    av_opt_set_int(video->priv_data, "forced-idr", 1, 0);
    /* As for H.264: what presets would change in VPS, SPS and PPS is fixed; no
     * pool and one frame at a time make it repeatable. */
    snprintf(params, sizeof(params),
             "level-idc=%d:high-tier=0:scenecut=0:open-gop=0:b-pyramid=0:repeat-headers=1:aud=1:"
             "hrd=0:info=0:log-level=none:pools=none:wpp=0:pmode=0:pme=0:slices=1:ctu=32:"
             "min-cu-size=16:max-tu-size=32:tu-intra-depth=1:tu-inter-depth=1:rect=0:amp=0:sao=0:"
             "strong-intra-smoothing=0:weightp=0:weightb=0:signhide=0:tskip=0:temporal-mvp=1:"
             "aq-mode=1:cu-lossless=0:deblock=0,0:constrained-intra=0:rd-refine=0:dynamic-refine=0",
             settings->profile->video.level);
    av_opt_set(video->priv_data, "x265-params", params, 0);
}

struct video_encoder {
    const char *name;
    enum AVPixelFormat format;
    /* What only this encoder has; the rest is set already. */
    void (*set)(AVCodecContext *video, const struct ingest_encoder_settings *settings);
};

static const struct video_encoder ENCODERS[] = {
    [VIDEO_H264] = {"libx264", AV_PIX_FMT_YUV420P, set_h264},
    [VIDEO_MPEG2] = {"mpeg2video", AV_PIX_FMT_YUV420P, set_mpeg2},
    [VIDEO_HEVC] = {"libx265", AV_PIX_FMT_YUV420P10, set_hevc},
};

enum AVPixelFormat ingest_pixel_format(const struct video_profile *profile)
{
    return ENCODERS[profile->codec].format;
}

static void set_colours(AVCodecContext *video, bool is_standard_definition)
{
    video->color_range = AVCOL_RANGE_MPEG;
    video->color_primaries = is_standard_definition ? AVCOL_PRI_BT470BG : AVCOL_PRI_BT709;
    video->color_trc = is_standard_definition ? AVCOL_TRC_SMPTE170M : AVCOL_TRC_BT709;
    video->colorspace = is_standard_definition ? AVCOL_SPC_BT470BG : AVCOL_SPC_BT709;
}

int ingest_video_open(AVCodecContext **video, const struct ingest_encoder_settings *settings)
{
    const struct video_profile *profile = &settings->profile->video;
    const struct video_encoder *encoder = &ENCODERS[profile->codec];
    const AVCodec *codec = avcodec_find_encoder_by_name(encoder->name);
    AVCodecContext *fresh = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (fresh == NULL) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    *video = fresh;
    fresh->width = profile->width;
    fresh->height = profile->height;
    fresh->sample_aspect_ratio = (AVRational){profile->aspect_num, profile->aspect_den};
    fresh->pix_fmt = encoder->format;
    fresh->time_base = (AVRational){1, profile->pictures_per_second};
    fresh->framerate = av_inv_q(fresh->time_base);
    fresh->gop_size = GOP_FRAMES * profile_pictures_per_frame(settings->profile);
    fresh->keyint_min = fresh->gop_size;
    fresh->max_b_frames = profile->b_frames;
    fresh->field_order = profile->is_interlaced ? AV_FIELD_TT : AV_FIELD_PROGRESSIVE;
    fresh->rc_max_rate = profile->vbv_rate_bps * settings->video_percent / 100;
    fresh->rc_buffer_size = (int)(profile->vbv_bits * settings->video_percent / 100);
    fresh->thread_count = ENCODER_THREADS;
    set_colours(fresh, ingest_is_standard_definition(profile));
    encoder->set(fresh, settings);
    return avcodec_open2(fresh, codec, NULL);
}
