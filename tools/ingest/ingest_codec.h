/* SPDX-License-Identifier: MIT */
/*
 * ingest_codec: the encoders of the house formats, one table entry each.
 *
 * Their settings are what makes any two assets of a profile joinable: closed
 * GOPs of 960 ms, B-pictures without pyramid, a VBV of the profile, and the
 * same parameter sets to the byte, whatever the preset or the source.  And
 * they make encoding repeatable: one thread, no version strings.
 */
#ifndef TOOLS_INGEST_CODEC_H
#define TOOLS_INGEST_CODEC_H

#include "playout/station.h"

#include <stdbool.h>

#include <libavcodec/avcodec.h>

struct ingest_encoder_settings {
    const struct profile *profile;
    const char *preset; /* ultrafast to placebo, as x264 calls them */
    int video_percent;  /* of the profile's VBV: less when a first encode was not proven */
    int audio_percent;  /* of its bit rate of sound, likewise */
};

/* True for the name of a preset. */
bool ingest_is_preset(const char *name);

/* What pictures and sound must be for the encoder. */
enum AVPixelFormat ingest_pixel_format(const struct video_profile *profile);
enum AVSampleFormat ingest_sample_format(const struct audio_profile *profile);

/* The colours of the format: BT.601 of 625 lines for standard definition, BT.709 above. */
bool ingest_is_standard_definition(const struct video_profile *profile);

/* 0, or an FFmpeg error; *video and *audio are the caller's in any case. */
int ingest_video_open(AVCodecContext **video, const struct ingest_encoder_settings *settings);
int ingest_audio_open(AVCodecContext **audio, const struct ingest_encoder_settings *settings);

#endif
