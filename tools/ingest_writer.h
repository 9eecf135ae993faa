/* SPDX-License-Identifier: MIT */
/*
 * ingest_writer: pictures and sound of the house format into an MP4 file.
 *
 * The encoder settings are what makes any two assets of a profile joinable:
 * closed GOPs of 24 frames, a VBV of the profile, the same parameter sets to
 * the byte, an access-unit delimiter in front of each access unit, no SEI.
 */
#ifndef TOOLS_INGEST_WRITER_H
#define TOOLS_INGEST_WRITER_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tools/ingest_failure.h"

#include <stdbool.h>
#include <stdint.h>

#include <libavutil/frame.h>

struct ingest_writer;

struct ingest_writer_settings {
    const struct profile *profile;
    enum asset_kind kind; /* all but lessons: no B-frames in use, so cut anywhere */
    const char *preset;   /* of x264 */
    int vbv_percent;      /* of the profile's VBV: less when a first encode was not proven */
    int64_t frames;       /* length of the asset: a multiple of 3 */
};

int ingest_writer_open(struct ingest_writer **writer, const char *path,
                       const struct ingest_writer_settings *settings,
                       struct ingest_failure *failure);
void ingest_writer_destroy(struct ingest_writer *writer); /* accepts NULL */

/*
 * Takes a picture of the profile's size, yuv420p, which is shown as the next
 * frame; or stereo sound at 48 kHz, signed 16 bit, any number of samples.
 * What lies beyond the length of the asset is left out.
 */
int ingest_writer_picture(struct ingest_writer *writer, const AVFrame *picture);
int ingest_writer_sound(struct ingest_writer *writer, const AVFrame *sound);

/* Pictures taken so far. */
int64_t ingest_writer_frames(const struct ingest_writer *writer);

/*
 * Ends the file: the last picture is repeated and the sound made silent as
 * far as needed.
 */
int ingest_writer_close(struct ingest_writer *writer, struct ingest_failure *failure);

#endif
