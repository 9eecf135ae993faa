/* SPDX-License-Identifier: MIT */
/* subtitle_blend: one bitmap of libass, in its colour, onto a picture. */
#ifndef TOOLS_INGEST_SUBTITLE_BLEND_H
#define TOOLS_INGEST_SUBTITLE_BLEND_H

#include <stdbool.h>

#include <ass/ass.h>
#include <libavutil/frame.h>

/*
 * The picture is YUV 4:2:0 of 8 or 10 bits, limited range, writable; its
 * colours are those of BT.601 or BT.709.  What lies outside is left out.
 */
void subtitle_blend(const ASS_Image *image, bool is_bt601, AVFrame *picture);

#endif
