/* SPDX-License-Identifier: MIT */
/*
 * journal: which plan revision holds from which frame on.
 *
 * STATE/plans/CHANNEL/journal, one JSON object a line, appended and synced
 * by the engine alone, each line before its frame is rendered:
 *
 *     {"adopt":12,"frame":44155800050,"eit_version":3,"schedule_version":1}
 *     {"substitute":1041,"frame":F,"from":G,"asset":"<sha256>","reason":"..."}
 *
 * `adopt`: revision 12 holds from the first slot of that frame on, and the
 * EIT present/following of that slot has that version_number; to the one
 * of EIT schedule the number of the day is added.
 * `substitute`: event 1041, from frame `from` to its end, is the asset,
 * looped (no asset: the slate).  Frames never decrease.
 */
#ifndef PLAYOUT_JOURNAL_H
#define PLAYOUT_JOURNAL_H

#include "playout/asset_index.h"

#include <stddef.h>
#include <stdint.h>

enum journal_kind {
    JOURNAL_ADOPT,
    JOURNAL_SUBSTITUTE,
};

struct journal_entry {
    enum journal_kind kind;
    int64_t frame;
    int64_t revision; /* adopt */
    int eit_version;  /* adopt: 0..31 */
    int schedule_version;
    int64_t seq; /* substitute */
    int64_t from;
    char asset[SHA256_HEX_SIZE]; /* "": the slate */
    char *reason;                /* may be NULL */
};

struct journal {
    struct journal_entry *entries;
    size_t count;
};

/*
 * Reads a journal; a missing file is an empty one.  A last line without its
 * newline (power lost while writing) is left out.  Returns 0, -errno, or
 * -EBADMSG when a line before it is damaged, with its number in *line.
 */
int journal_load(const char *path, struct journal *journal, int *line);
void journal_finish(struct journal *journal); /* accepts a zeroed one */

/*
 * Appends an entry and syncs it (cutting off an incomplete last line first),
 * then adds a copy to *journal.  Blocks.  0 or -errno; what could not be
 * synced is cut off again.
 */
int journal_append(const char *path, struct journal *journal, const struct journal_entry *entry);

#endif
