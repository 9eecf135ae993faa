/* SPDX-License-Identifier: MIT */
/*
 * subtitle_file: the subtitles that came with a film, and the letters to write
 * them with, in open files: whoever decodes can open none.
 */
#ifndef TOOLS_INGEST_SUBTITLE_FILE_H
#define TOOLS_INGEST_SUBTITLE_FILE_H

#include "tools/ingest/ingest_failure.h"

/*
 * Reads subtitles and gives them in UTF-8, whatever they were written in
 * (UTF-8, UTF-16, GB18030).  A descriptor of the caller's, or negative with
 * the reason.
 */
int subtitle_file_open(const char *path, struct ingest_failure *failure);

/* The font file of the house's letters, Noto Sans CJK: a descriptor, or negative with the reason.
 */
int subtitle_font_open(struct ingest_failure *failure);

#endif
