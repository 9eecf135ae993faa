/* SPDX-License-Identifier: MIT */
/* ingest_options: what `ketang ingest` was asked for. */
#ifndef TOOLS_INGEST_OPTIONS_H
#define TOOLS_INGEST_OPTIONS_H

#include "playout/asset.h"

#include <stdbool.h>

struct ingest_options {
    const char *station;
    const char *profile;
    const char *media;
    const char *house_number;
    const char *title;
    const char *preset;
    const char *subtitles;
    enum asset_kind kind;
    bool makes_slate;
    bool is_new;
    bool is_worker;
    bool is_once;
    bool tells_programs; /* of its progress */
    int lost_s;
    int threads;
};

/*
 * Reads the command line, whose arguments are borrowed, up to optind.  0; 1 when help or the
 * version was asked for, and printed; -EINVAL when it is wrong, which was told.
 */
int ingest_options_parse(int argc, char **argv, struct ingest_options *options);

#endif
