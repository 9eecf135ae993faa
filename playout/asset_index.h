/* SPDX-License-Identifier: MIT */
/*
 * asset_index: the access units of an asset as a flat table.
 *
 * MEDIA/<sha256>.idx is derived from the sample tables of <sha256>.mp4 by
 * ingest and mapped into memory by the engine, which therefore needs no
 * demultiplexer: going on air is reading `size` bytes at `offset`.
 *
 *     header (192 bytes) | video entries, decoding order | audio entries
 *
 * All numbers little-endian.  Sizes are those of the file: an MP4 video
 * sample holds 4-byte NAL lengths where the wire has 4-byte start codes, and
 * AAC lacks the header that the wire has (struct es_profile, unit_header).
 */
#ifndef PLAYOUT_ASSET_INDEX_H
#define PLAYOUT_ASSET_INDEX_H

#include "playout/station.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASSET_INDEX_MAGIC "KTINDEX2"

enum {
    SHA256_SIZE = 32,
    SHA256_HEX_SIZE = 65, /* with the final NUL */
};

enum au_flags {
    /* Video: decoding may begin here, with all parameter sets in front of the picture
     * (an IDR picture; of MPEG-2 the I picture of a closed GOP, after its sequence header). */
    AU_RANDOM_ACCESS = 1,
};

struct au_entry {
    uint64_t offset;       /* in the .mp4 */
    uint32_t size;         /* bytes; video sizes count AUD and parameter sets */
    uint8_t display_delay; /* video: PTS - DTS in pictures */
    uint8_t flags;         /* enum au_flags */
    uint16_t reserved;     /* 0 */
};
_Static_assert(sizeof(struct au_entry) == 16, "the file format");

struct asset_index_header {
    char magic[8];
    uint8_t asset_sha256[SHA256_SIZE];          /* of the whole .mp4 */
    uint8_t parameter_sets_sha256[SHA256_SIZE]; /* of all of them, in order, no start codes */
    uint64_t asset_size;                        /* bytes of the .mp4 */
    char profile[32];                           /* name, NUL-padded */
    uint32_t duration_frames;                   /* of 1/25 s; whole steps of the join grid */
    uint32_t video_count;                       /* duration_frames x pictures_per_frame */
    uint32_t audio_count; /* duration_frames / join_grid_frames x audio_per_grid */
    uint32_t max_video_size;
    uint32_t max_audio_size;
    uint32_t is_cut_anywhere; /* 1: decoding order is display order throughout */
    uint8_t pictures_per_frame;
    uint8_t join_grid_frames;
    uint8_t audio_per_grid;
    uint8_t reserved[53]; /* 0 */
};
_Static_assert(sizeof(struct asset_index_header) == 192, "the file format");

struct asset_index {
    const struct asset_index_header *header;
    const struct au_entry *video;
    const struct au_entry *audio;
    size_t mapped_size;
};

/*
 * Maps an index and checks its shape (magic, counts against file size,
 * flags, delays, a random access point at every GOP, sizes within the maxima,
 * offsets within asset_size).  Returns 0, -errno or -EBADMSG.
 */
int asset_index_open(struct asset_index *index, const char *path);
void asset_index_close(struct asset_index *index); /* accepts a zeroed one */

/* The same checks on an index in memory: `bytes` are borrowed. */
int asset_index_parse(struct asset_index *index, const void *bytes, size_t size);

/*
 * Writes header, video and audio entries to a new file and syncs it.
 * max_*_size, counts, is_cut_anywhere and magic are filled in here; the
 * caller sets the hashes, asset_size, profile, duration_frames and, with
 * asset_index_set_format(), what the profile says of it.
 */
int asset_index_write(const char *path, struct asset_index_header *header,
                      const struct au_entry *video, const struct au_entry *audio);
/* The same into an open file, which is not synced. */
int asset_index_put(int fd, struct asset_index_header *header, const struct au_entry *video,
                    const struct au_entry *audio);
void asset_index_set_format(struct asset_index_header *header, const struct profile *profile);

/*
 * True when the picture may be cut after `frames` frames counted from
 * `in_point`: the pictures of these frames are the first in decoding order
 * and in display order.
 */
bool asset_index_may_end(const struct asset_index *index, int64_t in_point, int64_t frames);

#endif
