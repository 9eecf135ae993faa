/* SPDX-License-Identifier: MIT */
/*
 * subtitle_track: subtitles, as libass draws them into the pictures of the
 * house format.
 *
 * SRT in the house's style: white with a dark edge, in the lower part of the
 * safe area.  ASS as its author laid it out, with the house's letters.
 * Reads what strangers have made: for the process that does (ingest_sandbox.h).
 */
#ifndef TOOLS_INGEST_SUBTITLE_TRACK_H
#define TOOLS_INGEST_SUBTITLE_TRACK_H

#include "playout/station.h"
#include "tools/ingest/ingest_failure.h"

#include <stdint.h>

#include <libavutil/frame.h>

struct subtitle_track;

/*
 * Reads subtitles in UTF-8 and a font from open files (subtitle_file.h), which
 * are borrowed for the call.  0, or negative with the reason.
 */
int subtitle_track_open(struct subtitle_track **track, const struct video_profile *profile,
                        int subtitles, int font, struct ingest_failure *failure);
void subtitle_track_close(struct subtitle_track *track); /* accepts NULL */

/* Draws what is to be read at that time into a picture of the house format.  0 or an FFmpeg error.
 */
int subtitle_track_draw(struct subtitle_track *track, int64_t time_ms, AVFrame *picture);

#endif
