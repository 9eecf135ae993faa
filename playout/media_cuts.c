/* SPDX-License-Identifier: MIT */
#include "playout/media_cuts.h"

#include "playout/asset.h"
#include "playout/cut.h"
#include "playout/proof.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDEXES_KEPT = 16,
    ANSWERS_KEPT = 1024,
};

enum question { FIRST_END, LAST_END, FIRST_ENTRY, PROVE };

struct kept_index {
    struct asset_index index;
    char sha256[SHA256_HEX_SIZE]; /* "": none */
    uint64_t last_used;
};

struct answer {
    char sha256[SHA256_HEX_SIZE]; /* "": none */
    enum question question;
    int64_t a;
    int64_t b;
    int64_t found; /* -1: no such place */
};

struct media_cuts {
    char *folder;
    uint64_t uses;
    struct kept_index indexes[INDEXES_KEPT];
    struct answer answers[ANSWERS_KEPT]; /* by the hash of the question */
};

struct media_cuts *media_cuts_create(const char *folder)
{
    struct media_cuts *cuts = calloc(1, sizeof(*cuts));
    if (cuts != NULL) {
        cuts->folder = strdup(folder);
    }
    if (cuts != NULL && cuts->folder == NULL) {
        free(cuts);
        return NULL;
    }
    return cuts;
}

void media_cuts_destroy(struct media_cuts *cuts)
{
    if (cuts == NULL) {
        return;
    }
    for (size_t i = 0; i < INDEXES_KEPT; i++) {
        asset_index_close(&cuts->indexes[i].index);
    }
    free(cuts->folder);
    free(cuts);
}

/* The place of an index that is there, or the one to be given up. */
static struct kept_index *place_of(struct media_cuts *cuts, const char *sha256)
{
    struct kept_index *oldest = &cuts->indexes[0];
    for (size_t i = 0; i < INDEXES_KEPT; i++) {
        struct kept_index *kept = &cuts->indexes[i];
        if (strcmp(kept->sha256, sha256) == 0) {
            return kept;
        }
        oldest = kept->last_used < oldest->last_used ? kept : oldest;
    }
    return oldest;
}

/* NULL when it cannot be opened; that is not remembered: it may still come. */
static const struct asset_index *open_index(struct media_cuts *cuts, const char *sha256)
{
    struct kept_index *kept = place_of(cuts, sha256);
    kept->last_used = ++cuts->uses;
    if (strcmp(kept->sha256, sha256) == 0) {
        return &kept->index;
    }
    asset_index_close(&kept->index);
    kept->sha256[0] = '\0';
    char *path = asset_path(cuts->folder, sha256, "idx");
    const int result = path != NULL ? asset_index_open(&kept->index, path) : -ENOMEM;
    free(path);
    if (result < 0) {
        return NULL;
    }
    memcpy(kept->sha256, sha256, strlen(sha256) + 1);
    return &kept->index;
}

static bool is_of_profile(const struct asset_index *index, const struct profile *profile)
{
    const struct asset_index_header *header = index->header;
    return strncmp(header->profile, profile->name, sizeof(header->profile)) == 0 &&
           header->pictures_per_frame == profile_pictures_per_frame(profile) &&
           header->join_grid_frames == profile->join_grid_frames &&
           header->audio_per_grid == profile->audio.es.units_per_grid;
}

static int64_t search(const struct profile *profile, const struct asset_index *index,
                      const struct answer *asked)
{
    struct proof_result proof;
    switch (asked->question) {
    case FIRST_END:
        return cut_first_end(profile, index, asked->a, asked->b);
    case LAST_END:
        return cut_last_end(profile, index, asked->a, asked->b);
    case FIRST_ENTRY:
        return cut_first_entry(profile, index, asked->a, asked->b);
    case PROVE:
        return proof_check(profile, index, asked->a, asked->b, &proof) == 0 ? asked->b : -1;
    }
    return -1;
}

/* FNV-1a over the numbers; the name is a hash already. */
static size_t hash_of(const struct answer *asked)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = asked->sha256; *c != '\0'; c++) {
        hash = (hash ^ (uint8_t)*c) * prime;
    }
    hash = (hash ^ (uint64_t)asked->question) * prime;
    hash = (hash ^ (uint64_t)asked->a) * prime;
    hash = (hash ^ (uint64_t)asked->b) * prime;
    return (size_t)((hash ^ hash >> 32) % ANSWERS_KEPT);
}

static bool is_same_question(const struct answer *a, const struct answer *b)
{
    return a->question == b->question && a->a == b->a && a->b == b->b &&
           strcmp(a->sha256, b->sha256) == 0;
}

static int ask(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
               enum question question, int64_t a, int64_t b, int64_t *found)
{
    struct answer asked = {.question = question, .a = a, .b = b};
    if (!asset_is_sha256(sha256)) {
        return -ENOENT;
    }
    memcpy(asked.sha256, sha256, SHA256_HEX_SIZE);
    struct answer *known = &cuts->answers[hash_of(&asked)];
    if (!is_same_question(known, &asked)) {
        const struct asset_index *index = open_index(cuts, sha256);
        if (index == NULL || !is_of_profile(index, profile)) {
            return -ENOENT;
        }
        asked.found = search(profile, index, &asked);
        *known = asked;
    }
    if (known->found < 0) {
        return -EDOM;
    }
    *found = known->found;
    return 0;
}

int media_cuts_first_end(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                         int64_t in_point, int64_t least, int64_t *frames)
{
    return ask(cuts, profile, sha256, FIRST_END, in_point, least, frames);
}

int media_cuts_last_end(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                        int64_t in_point, int64_t most, int64_t *frames)
{
    return ask(cuts, profile, sha256, LAST_END, in_point, most, frames);
}

int media_cuts_first_entry(struct media_cuts *cuts, const struct profile *profile,
                           const char *sha256, int64_t least, int64_t end, int64_t *in_point)
{
    return ask(cuts, profile, sha256, FIRST_ENTRY, least, end, in_point);
}

int media_cuts_prove(struct media_cuts *cuts, const struct profile *profile, const char *sha256,
                     int64_t in_point, int64_t frames)
{
    int64_t found = 0;
    return ask(cuts, profile, sha256, PROVE, in_point, frames, &found);
}
