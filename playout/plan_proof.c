/* SPDX-License-Identifier: MIT */
#include "playout/plan_proof.h"

#include "playout/intl.h"
#include "playout/media.h"
#include "playout/proof.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_proof_init(struct plan_proof *proof, const char *media, const struct profile *profile,
                     const struct asset_index_header *slate)
{
    *proof = (struct plan_proof){.media = media, .profile = profile, .slate = slate};
}

/* FNV-1a; two of some thousand pieces share 64 bits once in 10^12 plans. */
static uint64_t hash_piece(const struct piece *piece)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const uint64_t prime = UINT64_C(0x100000001b3);
    for (const char *c = piece->asset; *c != '\0'; c++) {
        hash = (hash ^ (uint8_t)*c) * prime;
    }
    hash = (hash ^ (uint64_t)piece->in_point) * prime;
    return (hash ^ (uint64_t)piece->length) * prime;
}

static int check_header(const struct plan_proof *proof, const struct asset_index_header *header,
                        char *reason)
{
    if (strncmp(header->profile, proof->profile->name, sizeof(header->profile)) != 0) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE, _("it is of profile %.31s, the channel of %s"),
                 header->profile, proof->profile->name);
        return -EDOM;
    }
    if (memcmp(header->parameter_sets_sha256, proof->slate->parameter_sets_sha256,
               sizeof(header->parameter_sets_sha256)) != 0) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE, "%s",
                 _("it was encoded with other parameter sets than the slate: ingest it again"));
        return -EDOM;
    }
    return 0;
}

static int check_cut(const struct plan_proof *proof, const struct piece *piece, char *reason)
{
    struct asset_index index = {0};
    struct proof_result verdict;
    char *path = asset_path(proof->media, piece->asset, "idx");
    int result = path != NULL ? asset_index_open(&index, path) : -ENOMEM;
    free(path);
    if (result < 0) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE, _("its index cannot be read: %s"),
                 strerror(-result));
        return -EDOM;
    }
    if (piece->in_point + piece->length > index.header->duration_frames) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE,
                 _("it is %lld frames long, too short for %lld frames from frame %lld on"),
                 (long long)index.header->duration_frames, (long long)piece->length,
                 (long long)piece->in_point);
        result = -EDOM;
    } else if (proof_check(proof->profile, &index, piece->in_point, piece->length, &verdict) < 0) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE, _("frames %lld to %lld of it: %s"),
                 (long long)piece->in_point, (long long)(piece->in_point + piece->length),
                 proof_verdict_text(verdict.verdict));
        result = -EDOM;
    }
    asset_index_close(&index);
    return result;
}

int plan_proof_piece(struct plan_proof *proof, const struct piece *piece,
                     char reason[PLAN_PROOF_REASON_SIZE])
{
    struct asset_index_header header;
    if (piece->asset[0] == '\0') {
        return 0; /* the slate may be cut anywhere */
    }
    const uint64_t hash = hash_piece(piece);
    uint64_t *memo = &proof->legal[hash % PLAN_PROOF_MEMO];
    if (*memo == hash) {
        return 0;
    }
    int result = media_read_header(proof->media, piece->asset, &header);
    if (result < 0 && result != -EBADMSG) {
        return -ENOENT;
    }
    if (result == -EBADMSG) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE, "%s", _("its index is damaged"));
        return -EDOM;
    }
    result = check_header(proof, &header, reason);
    if (result == 0 && (piece->in_point != 0 || piece->length != header.duration_frames)) {
        result = check_cut(proof, piece, reason);
    }
    if (result == 0) {
        *memo = hash;
    }
    return result;
}

int plan_proof_stretch(struct plan_proof *proof, const struct timeline *timeline, int64_t from,
                       int64_t until, char reason[PLAN_PROOF_REASON_SIZE])
{
    struct piece piece;
    for (int64_t frame = from; frame < until; frame = piece.start + piece.length) {
        timeline_piece(timeline, frame, &piece);
        if (plan_proof_piece(proof, &piece, reason) == -EDOM) {
            return -EDOM;
        }
    }
    return 0;
}

static int check_event(struct plan_proof *proof, const struct timeline *timeline,
                       const struct plan_event *event, char reason[PLAN_PROOF_REASON_SIZE])
{
    const int64_t end = event->start + event->duration;
    if (!profile_is_on_grid(proof->profile, event->start) ||
        !profile_is_on_grid(proof->profile, end)) {
        snprintf(reason, PLAN_PROOF_REASON_SIZE,
                 _("it lies from frame %lld to %lld; in profile %s events start and end at "
                   "multiples of %d frames"),
                 (long long)event->start, (long long)end, proof->profile->name,
                 proof->profile->join_grid_frames);
        return -EDOM;
    }
    return plan_proof_stretch(proof, timeline, event->start, end, reason);
}

int plan_proof_check(struct plan_proof *proof, const struct timeline *timeline, int64_t from,
                     const char *path, struct problems *problems)
{
    const struct plan *plan = timeline_plan(timeline);
    int result = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        char reason[PLAN_PROOF_REASON_SIZE];
        if (event->start + event->duration <= from ||
            check_event(proof, timeline, event, reason) == 0) {
            continue;
        }
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("event %lld (%s), asset %.12s...: %s"),
                     (long long)event->seq,
                     event->house_number != NULL ? event->house_number
                                                 : event_kind_name(event->kind),
                     event->asset, reason);
        result = -EDOM;
    }
    return result;
}
