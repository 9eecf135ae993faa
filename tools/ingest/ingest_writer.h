/* SPDX-License-Identifier: MIT */
/*
 * ingest_writer: pictures and sound of the house format into an MP4 file.
 *
 * Samples are access units in the form in which they go on air, their time
 * stamps those that they will have there; sound starts with the picture.
 */
#ifndef TOOLS_INGEST_WRITER_H
#define TOOLS_INGEST_WRITER_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tools/ingest/ingest_access_unit.h"
#include "tools/ingest/ingest_codec.h"
#include "tools/ingest/ingest_failure.h"

#include <stdbool.h>
#include <stdint.h>

#include <libavcodec/packet.h>
#include <libavutil/frame.h>

struct ingest_writer;

struct ingest_writer_settings {
    struct ingest_encoder_settings encoder;
    enum asset_kind kind; /* all but lessons: no B-pictures in use, so cut anywhere */
    int64_t frames;       /* length of the asset: whole steps of the join grid */
};

/* Writes into an open file, from its beginning; `fd` is borrowed. */
int ingest_writer_open(struct ingest_writer **writer, int fd,
                       const struct ingest_writer_settings *settings,
                       struct ingest_failure *failure);
void ingest_writer_destroy(struct ingest_writer *writer); /* accepts NULL */

/*
 * Takes a picture of the profile's size and the encoder's format, which is
 * shown next; or stereo sound at 48 kHz, likewise, any number of samples.
 * What lies beyond the length of the asset is left out.
 */
int ingest_writer_picture(struct ingest_writer *writer, const AVFrame *picture,
                          enum ingest_afd afd);
int ingest_writer_sound(struct ingest_writer *writer, const AVFrame *sound);

/*
 * Instead: takes an access unit that such an encoder has made, as it is in an
 * asset; all of a stream, or none.  Of a picture pts says when it is shown, in
 * pictures.  `packet` is borrowed.
 */
int ingest_writer_copy(struct ingest_writer *writer, bool is_video, const AVPacket *packet);

/* The same of a picture as ingest_video.h gives it. */
int ingest_writer_patch(struct ingest_writer *writer, const AVPacket *unit);

/* Pictures taken so far. */
int64_t ingest_writer_pictures(const struct ingest_writer *writer);

/*
 * Ends the file: the last picture is repeated and the sound made silent as
 * far as needed.
 */
int ingest_writer_close(struct ingest_writer *writer, struct ingest_failure *failure);

/* The seal that the closed file has (ingest_seal.h): the writer's. */
const char *ingest_writer_seal(const struct ingest_writer *writer);

#endif
