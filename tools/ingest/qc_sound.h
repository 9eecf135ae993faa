/* SPDX-License-Identifier: MIT */
/*
 * qc_sound: what is wrong with the sound of a film, tenth of a second by tenth
 * of a second.
 *
 * Each block holds a condition (silent, on one side only, out of phase,
 * clipped), contradicts it, or says nothing of it: quiet contradicts neither of
 * the last three.  Blocks that hold it, with short pauses between them, are one
 * finding.
 */
#ifndef TOOLS_QC_SOUND_H
#define TOOLS_QC_SOUND_H

#include "tools/ingest/qc_sheet.h"

struct qc_sound;

/*
 * `full_scale`: what a sample of the recording comes to at most.  The sheet is
 * borrowed to the end; the caller destroys this.  NULL: out of memory.
 */
struct qc_sound *qc_sound_create(const struct qc_rules *rules, double full_scale,
                                 struct qc_sheet *sheet);
void qc_sound_destroy(struct qc_sound *sound); /* accepts NULL */

/* The next block of sound, and its loudness (BS.1770: of the last 3 s, of the last 0.4 s). */
struct qc_block {
    const double *samples; /* left and right in turn */
    int count;             /* of pairs */
    int64_t length_us;
    double short_lkfs;
    double momentary_lkfs;
};
void qc_sound_take(struct qc_sound *sound, const struct qc_block *block);

/* How many blocks that can be heard there were, and how many of them were such. */
struct qc_sides {
    int audible;
    int left_only;
    int right_only;
    int opposed; /* left against right */
};
struct qc_sides qc_sound_sides(const struct qc_sound *sound);

/* At the end, silence up to the end of the film included: findings, loudness and its curve. */
void qc_sound_end(struct qc_sound *sound, double lkfs, double peak_dbtp);

#endif
