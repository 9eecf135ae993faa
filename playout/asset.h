/* SPDX-License-Identifier: MIT */
/*
 * asset: a lesson (or filler, slate, card) conformed to one profile.
 *
 *     MEDIA/<sha256>.mp4    what any player opens, named by its content
 *     MEDIA/<sha256>.idx    its access units, see asset_index.h
 *     MEDIA/<sha256>.json   the metadata record: the truth about the asset
 *
 * The record is written last, by rename: an asset exists when its record
 * does, and any database of assets can be rebuilt from the records.  Assets
 * never change; a new version is a new asset with the same house number.
 */
#ifndef PLAYOUT_ASSET_H
#define PLAYOUT_ASSET_H

#include "playout/asset_index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum asset_kind {
    ASSET_LESSON, /* cut only at GOP boundaries */
    ASSET_FILLER, /* no B-frames: cut at any frame of the join grid, may loop */
    ASSET_SLATE,  /* the same, and the last resort of its profile */
    ASSET_CARD,   /* the same */
};

struct asset_record {
    char sha256[SHA256_HEX_SIZE];
    char *house_number; /* 节目代码; of a slate: "SLATE-<profile>" */
    enum asset_kind kind;
    char *profile;
    char *title;             /* may be "" */
    int64_t duration_frames; /* whole steps of the join grid */
    double loudness_lkfs;    /* measured on the result; -70 for silence */
    double true_peak_dbtp;
    bool is_proven;     /* air-ready: proof.h held on the actual sizes */
    char *source;       /* base name of the file handed in, for people */
    int64_t created_ms; /* since the epoch; among equal house numbers the latest wins */
};

/* 0, -errno, or -EBADMSG when the JSON is not a record (unknown members are kept out, not refused).
 */
int asset_record_load(const char *path, struct asset_record *record);
/* Writes PATH by way of a temporary name, fsync and rename. */
int asset_record_save(const char *path, const struct asset_record *record);
void asset_record_finish(struct asset_record *record); /* accepts a zeroed one */

const char *asset_kind_name(enum asset_kind kind); /* "lesson" ... as in the record */
int asset_kind_parse(const char *name, enum asset_kind *kind);

/* Writes "MEDIA/SHA256.SUFFIX" into an allocated string; NULL out of memory. */
char *asset_path(const char *media, const char *sha256, const char *suffix);

/* SHA-256 of a whole file, as lower-case hex.  Blocks.  0 or -errno. */
int asset_hash_file(const char *path, char sha256[SHA256_HEX_SIZE]);

/* The same; `goes_on` is asked now and then: -ECANCELED when it does not. */
int asset_hash_file_while(const char *path, bool (*goes_on)(void *context), void *context,
                          char sha256[SHA256_HEX_SIZE]);

/* A digest as such names have it. */
void asset_hex(const uint8_t digest[SHA256_SIZE], char hex[SHA256_HEX_SIZE]);

/* True for 64 lower-case hexadecimal digits. */
bool asset_is_sha256(const char *text);

/* An asset opened for air: index mapped, media file open.  Counted references. */
struct asset;

/*
 * Opens an asset and checks that index and media belong together (hash,
 * size).  With `in_memory` the whole media file is read, so that nothing on
 * disk is needed any more (the slate).  Returns 0, -ENOENT, another -errno,
 * or -EBADMSG when the files do not fit each other.
 */
int asset_open(const char *media, const char *sha256, bool in_memory, struct asset **asset);

/* One reference more, or one less; the last closes.  Any thread. */
struct asset *asset_ref(struct asset *asset);
void asset_unref(struct asset *asset); /* accepts NULL */

const char *asset_sha256(const struct asset *asset);
const struct asset_index *asset_index_of(const struct asset *asset);

/* Reads the open media file whole and compares its hash with the name: 0, -EBADMSG, -errno. Blocks.
 */
int asset_verify(const struct asset *asset);

/* Reads a part of the media file.  0, or -EIO when it cannot be read whole. */
int asset_read(const struct asset *asset, uint64_t offset, uint8_t *bytes, size_t size);

/* The media file of an asset that was opened in memory, or NULL. */
const uint8_t *asset_in_memory(const struct asset *asset);

#endif
