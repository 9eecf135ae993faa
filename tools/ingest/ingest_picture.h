/* SPDX-License-Identifier: MIT */
/*
 * ingest_picture: how pictures of any kind become those of a house format.
 *
 * Size, shape, rotation, colours, rate and interlace; the result is a chain
 * of FFmpeg filters.  Of interlace:
 *
 *   into        interlaced source               progressive source
 *   progressive one picture a frame (25) or     as it is
 *               a field (50), bwdif
 *   interlaced  its own fields, when height     two fields of one picture up to
 *               and rate are the format's;      40 pictures a second; above,
 *               else deinterlaced and           fields of their own, with the
 *               interlaced anew                 vertical filter
 *
 * A picture that is higher than wide has itself, blurred and darkened, at its
 * sides, where the station wants that.  Nothing leaves the legal range of the
 * signal, scaling's overshoot included.  Rates are changed by repeating or
 * leaving out whole pictures: those of slides stay as sharp as they came.
 *
 * An interlaced format has the top field first; sources that have not are
 * moved by a line.
 */
#ifndef TOOLS_INGEST_PICTURE_H
#define TOOLS_INGEST_PICTURE_H

#include "playout/station.h"
#include "tools/ingest/ingest_access_unit.h"

#include <stdbool.h>
#include <stddef.h>

#include <libavutil/pixfmt.h>
#include <libavutil/rational.h>

/* Where a picture lies inside the profile's, whole and undistorted, with even numbers. */
struct ingest_geometry {
    int width;
    int height;
};
/* `aspect`: of a pixel of the source (0/1: square); rotation in degrees, a multiple of 90. */
struct ingest_geometry ingest_fit(const struct video_profile *profile, int width, int height,
                                  AVRational aspect, double rotation);

/* What is known of the pictures of a source. */
struct ingest_picture {
    int width;
    int height;
    AVRational aspect; /* of a pixel */
    double rotation;   /* degrees clockwise that it must be turned */
    AVRational rate;   /* pictures a second, two fields counted as one */
    bool is_interlaced;
    bool is_top_first;
    enum AVColorSpace space;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorPrimaries primaries;
};

/*
 * Writes the chain into `chain`; its first picture is shown at the time
 * `starts_s`.  Returns 0, or -ENOSPC.
 */
int ingest_picture_chain(const struct profile *profile, const struct ingest_picture *source,
                         double starts_s, char *chain, size_t size);

/* Higher than wide, as it is looked at. */
bool ingest_picture_is_portrait(const struct ingest_picture *source);

/* Its colours are wider than the formats', so that the chain needs FFmpeg's zscale. */
bool ingest_picture_needs_zscale(const struct ingest_picture *source);

/* What of a 16:9 frame it will fill. */
enum ingest_afd ingest_picture_afd(const struct ingest_picture *source);

#endif
